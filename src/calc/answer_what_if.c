/* answer_what_if.c: what events would do. Exports answer_what_if(). */
#include "calc/case.h"
#include "calc/write.h"

#include <string.h>

/* A contract in a few figures. */
static void write_summary(struct json *json, const char *name, const struct contract_state *state) {
    struct money owed[COMPONENT_COUNT] = {{0}};
    struct day next = DAY_NONE;
    struct day last = DAY_NONE;
    struct money next_due = MONEY_ZERO;
    int32_t open = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *part = &state->instalments[i];
        if (!day_is_none(part->settled_day))
            continue;
        open++;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            owed[c] = money_add(owed[c], instalment_owed(part, (enum component)c));
        if (day_is_none(last) || day_compare(part->due_day, last) > 0)
            last = part->due_day;
        if (part->state == INSTALMENT_OVERDUE)
            continue;
        if (day_is_none(next) || day_compare(part->due_day, next) < 0) {
            next = part->due_day;
            next_due = instalment_left(part);
        }
    }
    json_open(json, name, '{');
    json_string(json, "status", contract_status_names[state->status]);
    json_integer(json, "days_overdue", state->days_overdue);
    json_integer(json, "open_count", open);
    write_components(json, "owed", owed);
    write_yuan(json, "left", contract_left(state));
    json_day(json, "next_due_day", next);
    write_yuan(json, "next_due", next_due);
    json_day(json, "last_due_day", last);
    json_close(json);
}

static bool same_debt(const struct instalment *a, const struct instalment *b) {
    if (day_compare(a->due_day, b->due_day) != 0 || a->state != b->state)
        return false;
    for (int c = 0; c < COMPONENT_COUNT; c++)
        if (a->charged[c].fen != b->charged[c].fen || a->paid[c].fen != b->paid[c].fen ||
            a->waived[c].fen != b->waived[c].fen)
            return false;
    return true;
}

static void write_side(struct json *json, const char *name, const struct instalment *part) {
    if (part == NULL) {
        json_null(json, name);
        return;
    }
    struct money owed[COMPONENT_COUNT];
    for (int c = 0; c < COMPONENT_COUNT; c++)
        owed[c] = instalment_owed(part, (enum component)c);
    json_open(json, name, '{');
    json_string(json, "state", instalment_state_names[part->state]);
    json_day(json, "due_day", part->due_day);
    write_components(json, "owed", owed);
    write_yuan(json, "left", instalment_left(part));
    json_close(json);
}

/* The instalments that differ, as they are on either side; null where there is none. */
static void write_changed(
    struct json *json, const struct contract_state *before, const struct contract_state *after) {
    int32_t count = before->instalment_count > after->instalment_count ? before->instalment_count
                                                                       : after->instalment_count;
    json_open(json, "instalments", '[');
    for (int32_t i = 0; i < count; i++) {
        const struct instalment *a = i < before->instalment_count ? &before->instalments[i] : NULL;
        const struct instalment *b = i < after->instalment_count ? &after->instalments[i] : NULL;
        if (a != NULL && b != NULL && same_debt(a, b))
            continue;
        json_open(json, NULL, '{');
        json_integer(json, "number", i + 1);
        write_side(json, "before", a);
        write_side(json, "after", b);
        json_close(json);
    }
    json_close(json);
}

bool answer_what_if(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    const struct json_value *events;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}, {"events", PARAM_LIST, &events, true}};
    struct place list = {place, "events", 0};
    if (!read_params(&calc->reader, place, question, params, 2))
        return false;
    size_t history = calc->history_count;
    size_t told = calc->told_count;
    size_t refused = calc->refused_count;
    contract_copy(&calc->after, &calc->state);
    bool read = tell_events(calc, &list, events, &calc->after, "events", json);
    size_t now_refused = calc->refused_count - refused;
    calc->history_count = history;
    calc->told_count = told;
    calc->refused_count = refused;
    if (!read)
        return false;
    contract_copy(&calc->before, &calc->state);
    contract_advance(&calc->terms, &calc->before, calc->after.day);
    json_integer(json, "refused_events", (int64_t)now_refused);
    json_day(json, "day", calc->after.day);
    write_summary(json, "before", &calc->before);
    write_summary(json, "after", &calc->after);
    write_yuan(json, "left_difference",
        money_subtract(contract_left(&calc->after), contract_left(&calc->before)));
    write_changed(json, &calc->before, &calc->after);
    return true;
}
