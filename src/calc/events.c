/* events.c: what events change. Exports tell_events(), tell_activation() (see case.h). */
#include "base/check.h"
#include "calc/case.h"
#include "calc/fields_json.h"
#include "calc/refusal_words.h"
#include "calc/write.h"
#include "engine/delinquency.h"

#include <string.h>

static void write_lines(
    struct json *json, const char *name, const struct allocation_line *lines, int32_t count) {
    json_open(json, name, '[');
    for (int32_t i = 0; i < count; i++) {
        json_open(json, NULL, '{');
        json_integer(json, "instalment", lines[i].instalment);
        json_string(json, "component", component_words[lines[i].component]);
        write_yuan(json, "amount", lines[i].amount);
        json_close(json);
    }
    json_close(json);
}

static void write_crossings(struct json *json, const struct contract_update *update) {
    json_open(json, "crossings", '[');
    for (int32_t i = 0; i < update->crossing_count; i++) {
        const struct crossing *crossing = &update->crossings[i];
        json_open(json, NULL, '{');
        json_string(json, "kind", crossing_kind_names[crossing->kind]);
        if (crossing->kind == CROSSING_BUCKET_CHANGED)
            json_string(json, "bucket", bucket_name((enum bucket)crossing->instalment));
        else if (crossing->instalment > 0)
            json_integer(json, "instalment", crossing->instalment);
        json_close(json);
    }
    json_close(json);
}

static void write_told(struct json *json, int64_t number, const struct told_event *told,
    const struct contract_update *update) {
    json_open(json, NULL, '{');
    json_integer(json, "event", number);
    json_string(json, "kind", contract_event_kind_name(told->event.kind));
    json_day(json, "day", told->event.day);
    if (told->refusal != CONTRACT_OK) {
        struct refusal_words words = contract_refusal_words(told->refusal);
        write_refusal(json, NULL, contract_refusal_name(told->refusal), words.zh, words.en);
    } else {
        json_integer(json, "sequence", told->event.sequence);
        write_lines(json, "paid", update->paid, update->paid_count);
        write_lines(json, "waived", update->waived, update->waived_count);
        write_movements(json, "postings", update->movements, update->movement_count);
        write_yuan(json, "surplus", update->surplus);
        write_crossings(json, update);
    }
    json_close(json);
}

/* Lets one event happen; what becomes of it is remembered in told[] and written. */
static void tell(struct calc_case *calc, struct contract_state *state, struct json *json,
    int64_t number, struct contract_event event) {
    check(calc->told_count < CALC_EVENTS_MAX && calc->history_count < CALC_EVENTS_MAX);
    struct told_event *told = &calc->told[calc->told_count++];
    if (event.sequence == 0)
        event.sequence = state->last_sequence + 1;
    *told = (struct told_event){.event = event};
    told->refusal = contract_step_with_history(
        &calc->terms, calc->history, calc->history_count, state, &event, &calc->update);
    if (told->refusal == CONTRACT_OK) {
        calc->history[calc->history_count++] = event;
        size_t size = (size_t)calc->update.movement_count * sizeof(struct movement_line);
        struct movement_line *movements = arena_allocate(calc->reader.arena, size);
        memcpy(movements, calc->update.movements, size);
        told->movements = movements;
        told->movement_count = calc->update.movement_count;
    } else {
        calc->refused_count++;
    }
    write_told(json, number, told, &calc->update);
}

bool tell_events(struct calc_case *calc, const struct place *place, const struct json_value *list,
    struct contract_state *state, const char *name, struct json *json) {
    struct place here = {place, NULL, 0};
    if (list->count > CALC_EVENTS_MAX - calc->told_count)
        return refuse(&calc->reader, place, "too_many",
            arena_printf(calc->reader.arena, "一份合同最多 %d 个事件", CALC_EVENTS_MAX),
            arena_printf(calc->reader.arena, "at most %d events of one contract", CALC_EVENTS_MAX));
    json_open(json, name, '[');
    for (const struct json_value *item = list->first; item != NULL; item = item->next) {
        struct contract_event event;
        if (!read_event(&calc->reader, &here, item, &event))
            return false;
        here.index++;
        tell(calc, state, json, here.index, event);
    }
    json_close(json);
    return true;
}

void tell_activation(struct calc_case *calc, struct json *json, const char *name) {
    json_open(json, name, '[');
    tell(calc, &calc->state, json, 1,
        (struct contract_event){.kind = EVENT_ACTIVATED, .day = calc->terms.start_day});
    json_close(json);
}
