/*
 * staff_day_end.c: the day-end in the console: how it stands, and the wish to run it. Exports
 * staff_day_end_routes.
 */
#include "api/decode.h"
#include "api/resources.h"
#include "base/check.h"
#include "service/request_day_end.h"
#include "store/day_end.h"

enum { RUNS_SHOWN = 30 };

struct day_end_call {
    struct moment moment;
    struct day wanted;
    enum request_day_end_outcome outcome;
    struct day target; /* DAY_NONE: nothing is asked for */
    struct day_end_record *records;
    size_t count;
};

static enum status load_day_end(struct tx *tx, struct moment moment, struct day_end_call *state) {
    state->moment = moment;
    enum status status = requested_day_end(tx, &state->target);
    if (status == STATUS_OK)
        status = day_end_list(tx, RUNS_SHOWN, &state->records, &state->count);
    return status;
}

/* A day that began and is not being worked on any more was stopped; the next run finishes it. */
static const char *state_name(const struct day_end_call *state, enum day_end_state of) {
    switch (of) {
    case DAY_END_DONE:
        return "done";
    case DAY_END_RUNNING:
    case DAY_END_REQUESTED:
        return day_is_none(state->target) ? "stopped" : "running";
    }
    check(false);
    return "";
}

static void write_run(
    struct json *json, const struct day_end_call *state, const struct day_end_record *record) {
    json_open(json, NULL, '{');
    json_day(json, "day", record->day);
    json_string(json, "state", state_name(state, record->state));
    json_instant(json, "started_at", record->started_at);
    json_instant(json, "finished_at", record->finished_at);
    json_integer(json, "contract_count", record->contract_count);
    json_integer(json, "debit_count", record->collection_count);
    json_string(json, "message", record->message);
    if (record->report)
        json_raw(json, "report", record->report);
    else
        json_null(json, "report");
    json_close(json);
}

static void answer_day_end(struct call *call, int status) {
    const struct day_end_call *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_day(&json, "business_date", state->moment.business_date);
    json_boolean(&json, "running", !day_is_none(state->target));
    json_day(&json, "target_date", state->target);
    json_open(&json, "runs", '[');
    for (size_t i = 0; i < state->count; i++)
        write_run(&json, state, &state->records[i]);
    json_close(&json);
    json_close(&json);
    call_json(call, status, &json);
}

static enum status show_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    return load_day_end(tx, moment, call->state);
}

static void show_answer(struct call *call) {
    answer_day_end(call, 200);
}

static void get_day_end(struct call *call) {
    call->state = ARENA_NEW(call->arena, struct day_end_call);
    call_read(call, show_unit, show_answer);
}

static enum status request_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct day_end_call *state = call->state;
    enum status status = request_day_end(tx, moment, state->wanted, &state->outcome);
    if (status != STATUS_OK)
        return status;
    if (state->outcome != REQUEST_DAY_END_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    return load_day_end(tx, moment, state);
}

static void request_answer(struct call *call) {
    const struct day_end_call *state = call->state;
    switch (state->outcome) {
    case REQUEST_DAY_END_RUNNING:
        call_problem(call, PROBLEM_DAY_END_RUNNING, NULL);
        return;
    case REQUEST_DAY_END_OUT_OF_RANGE:
        call_problem(call, PROBLEM_DATE_OUT_OF_RANGE, "date");
        return;
    case REQUEST_DAY_END_OK:
        answer_day_end(call, 202);
        return;
    }
    check(false);
}

static void post_day_end(struct call *call) {
    struct day_end_call *state = ARENA_NEW(call->arena, struct day_end_call);
    call->state = state;
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->wanted = decode_day(&body, "date");
    if (!decode_end(&body))
        return;
    char text[DAY_TEXT_SIZE];
    call_audit(
        call, "day_end_requested", 0, arena_text(call->arena, day_to_text(state->wanted, text)));
    call_write(call, STORE_NO_KEY, request_unit, request_answer);
}

const struct api_route staff_day_end_routes[] = {
    {HTTP_GET, "/staff/day-end", get_day_end, API_STAFF,
        .roles = STAFF_ROLE(STAFF_REVIEWER) | STAFF_ROLE(STAFF_ADMIN)},
    {HTTP_POST, "/staff/day-end", post_day_end, API_STAFF, .idempotent = true,
        .roles = STAFF_ROLE(STAFF_ADMIN)},
    API_ROUTES_END,
};
