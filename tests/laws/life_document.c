/* life_document.c: a life as a document. Exports what life_document.h declares. */
#include "life_document.h"

#include "calc/fields_json.h"
#include "calc/write.h"

#include <string.h>

static bool is_named(const char *name, const char *const names[4]) {
    for (int i = 0; i < 4 && names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool belongs(const struct field *field, enum contract_event_kind kind) {
    const struct event_form *form = event_form(kind);
    return strcmp(field->name, "kind") == 0 || strcmp(field->name, "sequence") == 0 ||
           strcmp(field->name, "day") == 0 || is_named(field->name, form->required) ||
           is_named(field->name, form->optional);
}

static bool day_can_be_said(int64_t number) {
    return number >= day_from_civil(1900, 1, 1).number &&
           number <= day_from_civil(9999, 12, 31).number;
}

static bool parts_can_be_said(const struct contract_event *event) {
    bool some = false;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        some = some || event->parts[c].fen != 0;
        if (event->parts[c].fen < 0 || event->parts[c].fen > PRINCIPAL_MAX_FEN)
            return false;
    }
    return !some || event->kind == EVENT_CHARGED_BACK;
}

bool event_can_be_said(const struct contract_event *event) {
    for (int32_t i = 0; i < event_fields.count; i++) {
        const struct field *field = &event_fields.fields[i];
        if (field->kind == FIELD_LIST)
            continue; /* the parts */
        int64_t value = field_integer(field, event);
        if (!belongs(field, event->kind)) {
            if (value != 0)
                return false;
        } else if (!field_takes(field, value) ||
                   (field->kind == FIELD_DAY && !day_can_be_said(value)) ||
                   (field->kind == FIELD_SEQUENCE && value == 0)) {
            return false;
        }
    }
    return parts_can_be_said(event);
}

static void write_parts(struct json *json, const struct contract_event *event) {
    char text[MONEY_TEXT_SIZE];
    json_open(json, "parts", '{');
    for (int c = 0; c < COMPONENT_COUNT; c++)
        json_string(json, component_words[c], money_to_yuan(event->parts[c], text));
    json_close(json);
}

static void write_field(
    struct json *json, const struct field *field, const struct contract_event *event) {
    char text[RATE_TEXT_SIZE];
    if (field->kind == FIELD_LIST) {
        write_parts(json, event);
        return;
    }
    int64_t value = field_integer(field, event);
    if (field->kind == FIELD_MONEY)
        json_string(json, field->name, money_to_yuan((struct money){value}, text));
    else if (field->kind == FIELD_RATE)
        json_string(json, field->name, rate_to_percent((struct rate){value}, text));
    else if (field->kind == FIELD_DAY)
        json_day(json, field->name, (struct day){(int32_t)value});
    else if (field->kind == FIELD_ENUM)
        json_string(json, field->name, field->names[value]);
    else
        json_integer(json, field->name, value);
}

static void write_event(struct json *json, const struct contract_event *event) {
    json_open(json, NULL, '{');
    for (int32_t i = 0; i < event_fields.count; i++)
        if (belongs(&event_fields.fields[i], event->kind))
            write_field(json, &event_fields.fields[i], event);
    json_close(json);
}

struct bytes write_life_document(struct arena *arena, const struct terms *terms,
    const struct contract_event *events, size_t count) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_integer(&json, "calc", 1);
    write_terms(&json, "terms", terms);
    json_open(&json, "events", '[');
    for (size_t i = 0; i < count; i++)
        write_event(&json, &events[i]);
    json_close(&json);
    json_raw(&json, "questions",
        "[{\"ask\":\"state\"},{\"ask\":\"schedule\"},{\"ask\":\"cost\"},{\"ask\":\"due\"},"
        "{\"ask\":\"settle\"},{\"ask\":\"explain\",\"about\":\"settle\"},"
        "{\"ask\":\"explain\",\"about\":\"instalment\",\"instalment\":1},"
        "{\"ask\":\"what_if\",\"events\":[{\"kind\":\"accelerated\",\"day\":\"2031-05-31\"}]},"
        "{\"ask\":\"delinquency\",\"from_month\":\"2024-01\"},{\"ask\":\"next_action\"},"
        "{\"ask\":\"postings\"},{\"ask\":\"terms\"}]");
    json_close(&json);
    json_text(&json);
    return builder_bytes(&json.builder);
}
