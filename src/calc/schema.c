/*
 * schema.c: JSON Schema 2020-12 of both documents. Exports calc_schema() (see calc.h).
 *
 * Terms and events come from the tables of engine/fields.h. Everything else is said in a notation
 * of one line a shape (below), so that a shape is as easy to read here as in docs/calc.md. Objects
 * take no members but those named.
 *
 *     {name:T name?:T}  an object, `?` a member that may be absent      [T]  a list of T
 *     m yuan   a yuan, or below zero   r percent   d day   t text   i integer   b true or false
 *     x number as text   n month   *T T or null   =word that word   #name a shape named elsewhere
 */
#include "base/check.h"
#include "base/json_write.h"
#include "calc/case.h"
#include "calc/fields_json.h"
#include "calc/rate_words.h"
#include "calc/write.h"

#include <string.h>

struct shape {
    const char *name;
    const char *says;
};

static const struct shape input_shapes[] = {
    {"question", "one of the shapes of ask_*"},
    {"ask_terms", "{ask:=terms}"},
    {"ask_schedule", "{ask:=schedule}"},
    {"ask_cost", "{ask:=cost}"},
    {"ask_state", "{ask:=state}"},
    {"ask_due", "{ask:=due on?:d from?:d to?:d}"},
    {"ask_settle", "{ask:=settle on?:d}"},
    {"ask_explain", "{ask:=explain about:#about instalment?:i days?:i on?:d}"},
    {"ask_what_if", "{ask:=what_if events:[#event]}"},
    {"ask_delinquency", "{ask:=delinquency on?:d from_month?:n to_month?:n}"},
    {"ask_next_action", "{ask:=next_action after?:d}"},
    {"ask_postings", "{ask:=postings}"},
    {"ask_rates", "{ask:=rates amounts?:[a] periods_a_year?:i flows?:[{day:d amount:a}] "
                  "unit?:#unit multiple?:i}"},
    {"ask_annuity", "{ask:=annuity find:#find rate?:x periods?:i payment?:a present?:a future?:a "
                    "in_advance?:b}"},
};

static const struct shape output_shapes[] = {
    {"answer", "one of the shapes of answer_*"},
    {"answer_terms", "{ask:=terms terms:#terms}"},
    {"answer_schedule",
        "{ask:=schedule count:i regular_count:i rows:[{number:i kind:#instalment_kind "
        "period_start:d scheduled_day:d due_day:d opening:m principal:m interest:m fee:m "
        "subsidy:m total:m}] principal:m interest:m fee:m subsidy:m total:m}"},
    {"answer_cost", "{ask:=cost principal:m instalment_count:i first_due_day:d last_due_day:d "
                    "first_amount:m each_amount:m last_amount:m total_cost:m total_repayment:m "
                    "cap:r rates:[#rate] items:[{cost:t contingent:b rate:r fixed:m amount:m}]}"},
    {"answer_state",
        "{ask:=state status:#contract_status day:d last_sequence:i closed_day:*d "
        "charged_off_day:*d accelerated_day:*d days_overdue:i extension_count:i annual_rate:r "
        "all_in_cap:r left:m principal_left:m received:{channel:m credit_balance:m goodwill:m "
        "shop:m interest_refund:m charge_refund:m down_payment:m} drawn:m overpaid:m "
        "refund_to_customer:m rebated:m refunded_by_shop:m given_up:#components "
        "recovered:#components sale_price:m instalments:[{number:i kind:#instalment_kind "
        "state:#instalment_state period_start:d scheduled_day:d due_day:d settled_day:*d "
        "charged:#components paid:#components waived:#components owed:#components subsidy:m "
        "left:m}]}"},
    {"answer_due",
        "{ask:=due on:d owed_now:m overdue:m due:m left:m penalty:m principal_left:m paid:m "
        "further_day:a earliest_due_day:*d next_due_day:*d next_due:m days_overdue:i "
        "settled_count:i instalments:[{number:i state:#instalment_state due_day:d days_overdue:i "
        "owed:#components left:m}]}"},
    {"answer_due_window", "{ask:=due from:d to:d owed:#components total:m "
                          "instalments:[{number:i due_day:d left:m}]}"},
    {"answer_settle",
        "{ask:=settle valid_through:d possible:b total:m principal:m interest:m fee:m penalty:m "
        "early_fee:m saved:a instalments:[{number:i owed:#components saved:a}]}"},
    {"answer_explain", "{ask:=explain about:#about on:d instalment?:i days?:i total:a "
                       "lines:[{kind:t instalment:i base:a rate:r days:i amount:a}]}"},
    {"answer_what_if",
        "{ask:=what_if events:[#event_change] refused_events:i day:d before:#summary "
        "after:#summary left_difference:a instalments:[{number:i before:*#side after:*#side}]}"},
    {"answer_delinquency", "{ask:=delinquency on:d days:i bucket:t class:t bureau_report_day:*d "
                           "months:[{month:n code:t}]}"},
    {"answer_next_action", "{ask:=next_action after:d day:*d}"},
    {"answer_postings",
        "{ask:=postings entries:[{sequence:i kind:#event_kind day:d postings:#postings}] "
        "accounts:[{code:t zh:t en:t debit:m credit:m net:a}] debit:m credit:m trial_balance:m}"},
    {"answer_rates", "{ask:=rates rates:[#rate]}"},
    {"answer_annuity", "{ask:=annuity find:#find amount:*a decimal:*t}"},
    {"components", "{principal:m interest:m fee:m penalty:m}"},
    {"changes", "[{instalment:i component:#component amount:a}]"},
    {"postings", "[{movement:t debit:t credit:t amount:m}]"},
    {"refusal", "{code:t zh:t en:t}"},
    {"event_change", "{event:i kind:#event_kind day:d refused?:#refusal sequence?:i paid?:#changes "
                     "waived?:#changes postings?:#postings surplus?:a "
                     "crossings?:[{kind:#crossing_kind bucket?:t instalment?:i}]}"},
    {"rate", "{rate:#rate_label zh:t en:t percent:*t decimal:*t}"},
    {"side", "{state:#instalment_state due_day:d owed:#components left:m}"},
    {"summary", "{status:#contract_status days_overdue:i open_count:i owed:#components left:m "
                "next_due_day:*d next_due:m last_due_day:*d}"},
};

static const struct {
    const char *name;
    const char *const *words;
    int count;
} word_lists[] = {
    {"instalment_kind", instalment_kind_names, INSTALMENT_KIND_COUNT},
    {"instalment_state", instalment_state_names, INSTALMENT_STATE_COUNT},
    {"contract_status", contract_status_names, CONTRACT_STATUS_COUNT},
    {"crossing_kind", crossing_kind_names, CROSSING_KIND_COUNT},
    {"component", component_words, COMPONENT_COUNT},
    {"rate_label", rate_label_names, RATE_LABEL_COUNT},
    {"about", (const char *const[]){"instalment", "settle", "extension"}, 3},
    {"unit", (const char *const[]){"day", "week", "half_month", "month", "year"}, 5},
    {"find", (const char *const[]){"payment", "present", "future", "periods", "rate"}, 5},
};

/* ---- one line a shape ---- */

static void open_typed(struct json *json, const char *name, const char *type) {
    json_open(json, name, '{');
    json_string(json, "type", type);
}

static void text_like(struct json *json, const char *name, const char *pattern) {
    open_typed(json, name, "string");
    if (pattern != NULL)
        json_string(json, "pattern", pattern);
    json_close(json);
}

static void reference(struct json *json, const char *name, const char *to, size_t length) {
    char path[80] = "#/$defs/";
    check(length + strlen(path) < sizeof path);
    memcpy(path + 8, to, length);
    path[8 + length] = '\0';
    json_open(json, name, '{');
    json_string(json, "$ref", path);
    json_close(json);
}

static void simple_shape(struct json *json, const char *name, char letter) {
    switch (letter) {
    case 'm':
        text_like(json, name, "^[0-9]+(\\.[0-9]{1,2})?$");
        return;
    case 'a':
        text_like(json, name, "^-?[0-9]+(\\.[0-9]{1,2})?$");
        return;
    case 'r':
        text_like(json, name, "^[0-9]+(\\.[0-9]{1,7})?%$");
        return;
    case 'x':
        text_like(json, name, "^-?[0-9]+(\\.[0-9]+)?%$");
        return;
    case 'd':
        text_like(json, name, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
        return;
    case 'n':
        text_like(json, name, "^[0-9]{4}-[0-9]{2}$");
        return;
    case 't':
        text_like(json, name, NULL);
        return;
    case 'i':
        open_typed(json, name, "integer");
        json_close(json);
        return;
    case 'b':
        open_typed(json, name, "boolean");
        json_close(json);
        return;
    default: /* foreign values: letters of the notation */
        check(!"no such letter");
    }
}

static size_t word_length(const char *at) {
    return strcspn(at, " :?}]");
}

static const char *shape(struct json *json, const char *name, const char *at);

/* The members of an object, from behind its bracket to behind its end. */
static const char *object_shape(struct json *json, const char *name, const char *at) {
    char required[24][32];
    size_t count = 0;
    open_typed(json, name, "object");
    json_boolean(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    while (*at != '}') {
        char member[32];
        size_t length = word_length(at);
        check(length < sizeof member);
        memcpy(member, at, length);
        member[length] = '\0';
        at += length;
        if (*at == '?') {
            at++;
        } else {
            check(count < sizeof required / sizeof required[0]);
            memcpy(required[count++], member, length + 1);
        }
        check(*at == ':');
        at = shape(json, member, at + 1);
        at += strspn(at, " ");
    }
    json_close(json);
    json_open(json, "required", '[');
    for (size_t i = 0; i < count; i++)
        json_string(json, NULL, required[i]);
    json_close(json);
    json_close(json);
    return at + 1;
}

/* Writes the shape that begins at `at`; the place behind it. */
static const char *shape(struct json *json, const char *name, const char *at) {
    size_t length = word_length(at + 1);
    switch (*at) {
    case '{':
        return object_shape(json, name, at + 1);
    case '[':
        open_typed(json, name, "array");
        at = shape(json, "items", at + 1);
        check(*at == ']');
        json_close(json);
        return at + 1;
    case '*':
        json_open(json, name, '{');
        json_open(json, "anyOf", '[');
        at = shape(json, NULL, at + 1);
        open_typed(json, NULL, "null");
        json_close(json);
        json_close(json);
        json_close(json);
        return at;
    case '=':
        json_open(json, name, '{');
        json_string_n(json, "const", at + 1, length);
        json_close(json);
        return at + 1 + length;
    case '#':
        reference(json, name, at + 1, length);
        return at + 1 + length;
    default: /* foreign values: letters of the notation */
        simple_shape(json, name, *at);
        return at + 1;
    }
}

static void write_shapes(struct json *json, const struct shape *shapes, size_t count) {
    json_open(json, shapes[0].name, '{');
    json_open(json, "anyOf", '[');
    size_t prefix = strlen(shapes[1].name) - strlen(strchr(shapes[1].name, '_'));
    for (size_t i = 1; i < count; i++)
        if (strncmp(shapes[i].name, shapes[1].name, prefix + 1) == 0)
            reference(json, NULL, shapes[i].name, strlen(shapes[i].name));
    json_close(json);
    json_close(json);
    for (size_t i = 1; i < count; i++)
        shape(json, shapes[i].name, shapes[i].says);
}

/* ---- from the tables of fields ---- */

static void write_words(
    struct json *json, const char *name, const char *const *words, int64_t count) {
    json_open(json, name, '{');
    json_open(json, "enum", '[');
    for (int64_t i = 0; i < count; i++)
        json_string(json, NULL, words[i]);
    json_close(json);
    json_close(json);
}

static void write_table(struct json *json, const char *name, const struct field_table *table);

static void write_list_field(struct json *json, const struct field *field) {
    bool plain = field->part->count == 1 && field->part->fields[0].kind == FIELD_ENUM;
    open_typed(json, field->name, "array");
    json_integer(json, "maxItems", field->most);
    if (field->fixed)
        json_integer(json, "minItems", field->most);
    if (plain)
        write_words(json, "items", field->part->fields[0].names, field->part->fields[0].most + 1);
    else
        write_table(json, "items", field->part);
    json_close(json);
}

static void write_field(struct json *json, const struct field *field) {
    switch (field->kind) {
    case FIELD_BOOL:
        simple_shape(json, field->name, 'b');
        return;
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
        open_typed(json, field->name, "integer");
        json_integer(json, "minimum", field->least);
        json_integer(json, "maximum", field->most);
        json_close(json);
        return;
    case FIELD_MONEY:
        simple_shape(json, field->name, 'm');
        return;
    case FIELD_RATE:
        simple_shape(json, field->name, 'r');
        return;
    case FIELD_DAY:
        shape(json, field->name, field->optional ? "*d" : "d");
        return;
    case FIELD_ENUM:
        write_words(json, field->name, field->names, field->most + 1);
        return;
    case FIELD_LIST:
        if (is_by_component(field))
            shape(json, field->name, "{principal?:m interest?:m fee?:m penalty?:m}");
        else
            write_list_field(json, field);
        return;
    case FIELD_GROUP:
        write_table(json, field->name, field->part);
        return;
    }
    check(false);
}

static void write_table(struct json *json, const char *name, const struct field_table *table) {
    open_typed(json, name, "object");
    json_boolean(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    for (int32_t i = 0; i < table->count; i++)
        write_field(json, &table->fields[i]);
    json_close(json);
    json_close(json);
}

static const struct field *event_field(const char *name) {
    for (int32_t i = 0; i < event_fields.count; i++)
        if (strcmp(event_fields.fields[i].name, name) == 0)
            return &event_fields.fields[i];
    check(!"an event has that field");
    return NULL;
}

/* One shape a kind: which fields it has, and which of them it must have. */
static void write_event_kind(struct json *json, enum contract_event_kind kind) {
    const struct event_form *form = event_form(kind);
    const char *name = contract_event_kind_name(kind);
    open_typed(json, NULL, "object");
    json_boolean(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    write_words(json, "kind", &name, 1);
    write_field(json, event_field("sequence"));
    write_field(json, event_field("day"));
    for (int i = 0; i < 4 && form->required[i] != NULL; i++)
        write_field(json, event_field(form->required[i]));
    for (int i = 0; i < 4 && form->optional[i] != NULL; i++)
        write_field(json, event_field(form->optional[i]));
    json_close(json);
    json_open(json, "required", '[');
    json_string(json, NULL, "kind");
    json_string(json, NULL, "day");
    for (int i = 0; i < 4 && form->required[i] != NULL; i++)
        json_string(json, NULL, form->required[i]);
    json_close(json);
    json_close(json);
}

/* ---- the documents ---- */

static void write_definitions(struct json *json) {
    json_open(json, "$defs", '{');
    shape(json, "input",
        "{calc:#version id?:#id terms?:#terms events?:[#event] as_of?:d questions:[#question]}");
    shape(json, "answered",
        "{calc:#version line:i id?:#id events?:[#event_change] refused_events?:i as_of?:d "
        "answers:[#answer]}");
    shape(json, "refused", "{calc:#version line:i id?:#id refused:{path:t code:t zh:t en:t}}");
    json_open(json, "output", '{');
    json_open(json, "anyOf", '[');
    reference(json, NULL, "answered", 8);
    reference(json, NULL, "refused", 7);
    json_close(json);
    json_close(json);
    json_open(json, "version", '{');
    json_integer(json, "const", CALC_VERSION);
    json_close(json);
    json_open(json, "id", '{');
    json_open(json, "type", '[');
    json_string(json, NULL, "integer");
    json_string(json, NULL, "string");
    json_close(json);
    json_close(json);
    write_table(json, "terms", &terms_fields);
    json_open(json, "event", '{');
    json_open(json, "oneOf", '[');
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        write_event_kind(json, (enum contract_event_kind)kind);
    json_close(json);
    json_close(json);
    const struct field *kind = event_field("kind");
    write_words(json, "event_kind", kind->names, kind->most + 1);
    for (size_t i = 0; i < sizeof word_lists / sizeof word_lists[0]; i++)
        write_words(json, word_lists[i].name, word_lists[i].words, word_lists[i].count);
    write_shapes(json, input_shapes, sizeof input_shapes / sizeof input_shapes[0]);
    write_shapes(json, output_shapes, sizeof output_shapes / sizeof output_shapes[0]);
    json_close(json);
}

const char *calc_schema(struct arena *arena) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_string(&json, "title", "fenqi calc: $defs/input a line in, $defs/output a line out");
    json_open(&json, "anyOf", '[');
    reference(&json, NULL, "input", 5);
    reference(&json, NULL, "output", 6);
    json_close(&json);
    write_definitions(&json);
    json_close(&json);
    return json_text(&json);
}
