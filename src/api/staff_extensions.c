/*
 * staff_extensions.c: extension requests in the console. Exports staff_extension_routes.
 *
 * Every member of staff sees them; reviewers and admins decide.
 */
#include "api/decode.h"
#include "api/order_write.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "store/customer.h"

#include <stdlib.h>
#include <string.h>

/* One request with what the one who decides must see. */
struct shown_request {
    struct extension_request *request;
    const char *name_masked;
    struct order_view *view;
    int32_t earlier; /* extensions granted before */
};

struct extensions_state {
    enum extension_request_state wanted;
    struct instant after_created;
    int64_t after_id;
    int64_t limit;
    struct shown_request *shown;
    size_t count;
    bool more;
    int64_t waiting;
    struct decide_extension command;
    struct decide_extension_answer answer;
};

static const char *const state_names[] = {[EXTENSION_WAITING] = "waiting",
    [EXTENSION_APPROVED] = "approved",
    [EXTENSION_REJECTED] = "rejected",
    [EXTENSION_WITHDRAWN] = "withdrawn"};

static enum status show_request(struct tx *tx, struct moment moment,
    struct extension_request *request, struct shown_request *shown) {
    struct customer customer;
    bool found;
    *shown = (struct shown_request){.request = request};
    enum status status = customer_load(tx, request->customer_id, &customer, &found);
    if (status != STATUS_OK) {
        return status;
    }
    shown->name_masked = found && customer.name_masked != NULL ? customer.name_masked : "";
    status = load_order_view(tx, moment, request->customer_id, request->order_id, &shown->view);
    if (status == STATUS_OK && (shown->view == NULL || shown->view->state == NULL)) {
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "an extension request without contract");
    }
    if (status == STATUS_OK) {
        int32_t granted = shown->view->state->extension_count;
        bool counted = request->state == EXTENSION_APPROVED && granted > 0;
        shown->earlier = counted ? granted - 1 : granted;
    }
    return status;
}

/* The due day that the request is or was about: one that was granted has moved since. */
static struct day old_due_day(const struct shown_request *shown) {
    const struct due_quote *quote = shown->view->quote;
    struct day now = quote->instalments[shown->request->instalment_number - 1].due_day;
    bool granted = shown->request->state == EXTENSION_APPROVED;
    return granted ? day_add(now, -shown->request->days) : now;
}

static void shown_write(struct json *json, const struct shown_request *shown) {
    const struct due_quote *quote = shown->view->quote;
    int32_t number = shown->request->instalment_number;
    check(number >= 1 && number <= quote->count);
    const struct instalment_quote *instalment = &quote->instalments[number - 1];
    json_open(json, NULL, '{');
    extension_request_write(json, "request", shown->request);
    json_id(json, "customer_id", shown->request->customer_id);
    json_string(json, "name_masked", shown->name_masked);
    json_string(json, "order_title", shown->view->row->order.title);
    json_money(json, "amount_fen", instalment->left);
    json_day(json, "due_day", old_due_day(shown));
    json_day(json, "new_due_day", day_add(old_due_day(shown), shown->request->days));
    json_integer(json, "days_overdue", quote->days_overdue);
    json_money(json, "overdue_fen", quote->overdue);
    json_integer(json, "earlier_extensions", shown->earlier);
    json_close(json);
}

static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct extensions_state *state = call->state;
    struct extension_request *requests;
    enum status status = extension_request_by_state(tx, state->wanted, state->after_created,
        state->after_id, (int32_t)state->limit + 1, &requests, &state->count);
    state->more = state->count > (size_t)state->limit;
    if (state->more) {
        state->count--;
    }
    state->shown = ARENA_ARRAY(tx_arena(tx), state->count + 1, struct shown_request);
    for (size_t i = 0; i < state->count && status == STATUS_OK; i++) {
        status = show_request(tx, moment, &requests[i], &state->shown[i]);
    }
    if (status == STATUS_OK) {
        status = extension_request_count(tx, EXTENSION_WAITING, &state->waiting);
    }
    return status;
}

static void list_answer(struct call *call) {
    const struct extensions_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < state->count; i++) {
        shown_write(&json, &state->shown[i]);
    }
    json_close(&json);
    if (state->more) {
        const struct extension_request *last = state->shown[state->count - 1].request;
        json_string(&json, "next_cursor",
            arena_printf(call->arena, "%lld.%lld", (long long)last->created_at.us,
                (long long)last->request_id));
    } else {
        json_null(&json, "next_cursor");
    }
    json_integer(&json, "waiting", state->waiting);
    json_close(&json);
    call_json(call, 200, &json);
}

static bool take_cursor(struct call *call, struct extensions_state *state) {
    const char *cursor = call_query(call, "cursor");
    if (cursor == NULL) {
        return true;
    }
    char *end;
    long long created = strtoll(cursor, &end, 10);
    bool good = created > 0 && *end == '.';
    long long id = good ? strtoll(end + 1, &end, 10) : 0;
    if (!good || id <= 0 || *end != '\0') {
        call_problem(call, PROBLEM_FIELD_INVALID, "cursor");
        return false;
    }
    state->after_created = (struct instant){created};
    state->after_id = id;
    return true;
}

static void get_requests(struct call *call) {
    static const char *const known[] = {"state", "cursor", "limit", NULL};
    struct extensions_state *state = ARENA_NEW(call->arena, struct extensions_state);
    call->state = state;
    if (!call_query_known(call, known) ||
        !call_query_integer(call, "limit", 1, 100, 20, &state->limit) ||
        !take_cursor(call, state)) {
        return;
    }
    const char *wanted = call_query(call, "state");
    state->wanted = EXTENSION_WAITING;
    if (wanted != NULL) {
        int found = 0;
        for (int i = EXTENSION_WAITING; i <= EXTENSION_WITHDRAWN; i++) {
            found = strcmp(wanted, state_names[i]) == 0 ? i : found;
        }
        if (found == 0) {
            call_problem(call, PROBLEM_FIELD_INVALID, "state");
            return;
        }
        state->wanted = (enum extension_request_state)found;
    }
    call_read(call, list_unit, list_answer);
}

static enum status decide_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct extensions_state *state = call->state;
    enum status status = decide_extension(tx, moment, &state->command, &state->answer);
    if (status != STATUS_OK) {
        return status;
    }
    if (state->answer.outcome != DECIDE_EXTENSION_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    state->shown = ARENA_NEW(tx_arena(tx), struct shown_request);
    return show_request(tx, moment, state->answer.request, state->shown);
}

static void decide_answer(struct call *call) {
    const struct extensions_state *state = call->state;
    switch (state->answer.outcome) {
    case DECIDE_EXTENSION_OK: {
        struct json json = json_start(call->arena);
        shown_write(&json, state->shown);
        call_json(call, 200, &json);
        return;
    }
    case DECIDE_EXTENSION_NOT_FOUND:
        call_problem(call, PROBLEM_EXTENSION_REQUEST_NOT_FOUND, NULL);
        return;
    case DECIDE_EXTENSION_DECIDED:
        call_problem(call, PROBLEM_EXTENSION_DECIDED, NULL);
        return;
    case DECIDE_EXTENSION_NOTE_REQUIRED:
        call_problem(call, PROBLEM_NOTE_REQUIRED, "note");
        return;
    case DECIDE_EXTENSION_NOT_ELIGIBLE:
        call_problem(call, PROBLEM_EXTENSION_NOT_ELIGIBLE, NULL);
        return;
    }
    check(false);
}

static void post_decision(struct call *call) {
    static const char *const decisions[] = {"approve", "reject", NULL};
    struct extensions_state *state = ARENA_NEW(call->arena, struct extensions_state);
    call->state = state;
    struct public_number number;
    if (!public_number_read(
            call_parameter(call, "extension_request_id"), PUBLIC_EXTENSION_REQUEST, &number)) {
        call_problem(call, PROBLEM_EXTENSION_REQUEST_NOT_FOUND, NULL);
        return;
    }
    struct decoder body;
    if (!call_body(call, &body)) {
        return;
    }
    state->command = (struct decide_extension){
        .customer_id = number.customer_id,
        .request_id = number.id,
        .staff_id = call->staff_id,
        .approve = decode_choice(&body, "decision", decisions) == 0,
        .note = decode_text(&body, "note", 0, 2000),
    };
    if (decode_end(&body)) {
        call_audits_itself(call);
        call_write(call, number.customer_id, decide_unit, decide_answer);
    }
}

const struct api_route staff_extension_routes[] = {
    {HTTP_GET, "/staff/extension-requests", get_requests, API_STAFF},
    {HTTP_POST, "/staff/extension-requests/{extension_request_id}/decision", post_decision,
        API_STAFF, .idempotent = true,
        .roles = STAFF_ROLE(STAFF_REVIEWER) | STAFF_ROLE(STAFF_ADMIN)},
    API_ROUTES_END,
};
