/*
 * fields_json.h: terms and events in JSON, by the tables of engine/fields.h. Exports:
 * read_terms(), read_event(), write_terms(), event_form(), struct event_form.
 *
 * Money is a text of yuan, a rate a text in percent, a day a text, a member of an enum its name. A
 * table with one choice only stands for its value (credit_order is a list of texts), and a list of
 * amounts by component is an object {"principal", "interest", "fee", "penalty"}.
 */
#ifndef FENQI_CALC_FIELDS_JSON_H
#define FENQI_CALC_FIELDS_JSON_H

#include "base/json_write.h"
#include "calc/read.h"
#include "engine/contract.h"
#include "engine/fields.h"

/*
 * Reads over what `terms` holds: fields that are not named keep their value. `whole`: method,
 * principal, instalment_count and start_day must be named (a custom plan's count is that of its
 * rows). Does not ask terms_validate().
 */
bool read_terms(struct reader *reader, const struct place *place, const struct json_value *value,
    bool whole, struct terms *terms);

/* Every field, defaults too. */
void write_terms(struct json *json, const char *name, const struct terms *terms);

/* Which fields an event of a kind has besides kind, sequence and day; NULL-terminated. */
struct event_form {
    const char *required[4];
    const char *optional[4];
};
const struct event_form *event_form(enum contract_event_kind kind);

/* Reads an event; a sequence that is not given is 0. */
bool read_event(struct reader *reader, const struct place *place, const struct json_value *value,
    struct contract_event *event);

/* Whether a list holds one amount a component. */
bool is_by_component(const struct field *list);

/* Rates as "7.2%". */
enum { RATE_TEXT_SIZE = 28 };
char *rate_to_percent(struct rate rate, char text[RATE_TEXT_SIZE]);

#endif
