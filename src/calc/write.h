/*
 * write.h: the pieces of an answer. Exports: write_yuan(), write_rate(), write_components(),
 * write_refusal(), write_movements(), the names of the engine's states.
 */
#ifndef FENQI_CALC_WRITE_H
#define FENQI_CALC_WRITE_H

#include "base/json_write.h"
#include "engine/contract.h"

void write_yuan(struct json *json, const char *name, struct money amount);
void write_rate(struct json *json, const char *name, struct rate rate);

/* {"principal", "interest", "fee", "penalty"} */
void write_components(struct json *json, const char *name, const struct money parts[]);

/* {"path"?, "code", "zh", "en"} */
void write_refusal(
    struct json *json, const char *path, const char *code, const char *zh, const char *en);

/* [{"movement", "debit", "credit", "amount"}]: an amount below zero stands as its opposite with
 * the accounts changed over. */
void write_movements(
    struct json *json, const char *name, const struct movement_line *lines, int32_t count);

extern const char *const contract_status_names[CONTRACT_STATUS_COUNT];
extern const char *const instalment_state_names[INSTALMENT_STATE_COUNT];
extern const char *const instalment_kind_names[INSTALMENT_KIND_COUNT];
extern const char *const crossing_kind_names[CROSSING_KIND_COUNT];
extern const char *const component_words[COMPONENT_COUNT];

#endif
