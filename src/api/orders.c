/*
 * orders.c: a customer's orders: list, detail, settlement quote, extensions. Exports order_routes.
 */
#include "api/decode.h"
#include "api/order_write.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "codec/sha256.h"
#include "codec/text_bytes.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of most detail screens: twelve instalments and their cost table take ten thousand. */
enum { DETAIL_ROOM = 16384 };

struct orders_state {
    struct moment moment;
    /* what was asked for */
    int64_t order_id;
    struct order_wish wish;
    struct request_extension command;
    /* what was found */
    struct order_money money;
    struct request_extension_answer answer;
};

static struct orders_state *new_state(struct call *call) {
    struct orders_state *state = ARENA_NEW(call->arena, struct orders_state);
    call->state = state;
    return state;
}

/* The order of the path, when it is the caller's; order_not_found otherwise. */
static bool take_order(struct call *call, struct orders_state *state) {
    struct public_number number;
    bool ours = public_number_read(call_parameter(call, "order_id"), PUBLIC_ORDER, &number) &&
                number.customer_id == call->customer_id;
    if (!ours) {
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
        return false;
    }
    state->order_id = number.id;
    return true;
}

/* ---- list ---- */

static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct orders_state *state = call->state;
    state->moment = moment;
    return load_order_page(tx, moment, call->customer_id, &state->wish, &state->money);
}

static void next_due_write(struct json *json, const struct orders_summary *summary) {
    if (day_is_none(summary->next_due)) {
        json_null(json, "next_due");
        return;
    }
    json_open(json, "next_due", '{');
    json_day(json, "day", summary->next_due);
    json_money(json, "amount_fen", summary->next_due_amount);
    json_integer(json, "order_count", summary->next_due_count);
    json_close(json);
}

static void summary_write(struct json *json, const struct orders_state *state) {
    struct orders_summary summary;
    summarise_order_list(state->money.views, state->money.view_count, &state->money.over, &summary);
    json_open(json, "summary", '{');
    json_money(json, "owed_now_fen", summary.owed_now);
    json_money(json, "overdue_fen", summary.overdue);
    json_integer(json, "order_count", summary.order_count);
    json_day(json, "earliest_due", summary.earliest_due);
    json_integer(json, "days_overdue", summary.days_overdue);
    next_due_write(json, &summary);
    json_money(json, "credit_balance_fen", state->money.file.credit_balance);
    open_payment_write(json, "open_payment", &state->money, 0);
    json_open(json, "counts", '{');
    json_integer(json, "all", summary.all);
    for (int i = 0; i < ORDER_STATUS_COUNT; i++) {
        if (i != ORDER_STATUS_CANCELLED) {
            json_integer(json, order_status_name((enum order_status)i), summary.counts[i]);
        }
    }
    json_close(json);
    json_close(json);
}

/* Overdue orders, the longest first, then what falls due next, the earliest first. */
static int by_urgency(const void *a, const void *b) {
    const struct order_view *left = *(struct order_view *const *)a;
    const struct order_view *right = *(struct order_view *const *)b;
    int order = day_compare(left->quote->earliest_due_day, right->quote->earliest_due_day);
    if (order == 0) {
        order = left->row->order.order_id < right->row->order.order_id ? -1 : 1;
    }
    return order;
}

static void due_soon_write(struct json *json, struct arena *arena, const struct orders_state *state,
    const struct order_extras *extras) {
    struct order_view **soon = ARENA_ARRAY(arena, state->money.view_count + 1, struct order_view *);
    size_t count = 0;
    for (size_t i = 0; i < state->money.view_count && state->wish.before_id == INT64_MAX; i++) {
        enum order_status status = state->money.views[i].status;
        if (status == ORDER_STATUS_OVERDUE || status == ORDER_STATUS_DUE) {
            soon[count++] = &state->money.views[i];
        }
    }
    qsort(soon, count, sizeof *soon, by_urgency);
    json_open(json, "due_soon", '[');
    for (size_t i = 0; i < count; i++) {
        order_summary_write(json, NULL, arena, soon[i], extras);
    }
    json_close(json);
}

static void list_answer(struct call *call) {
    const struct orders_state *state = call->state;
    struct order_extras extras = {
        &state->money, state->money.file.requests, state->money.file.request_count};
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_day(&json, "business_date", state->moment.business_date);
    json_instant(&json, "now", state->moment.now);
    summary_write(&json, state);
    autopay_state_write(&json, "autopay", &state->money);
    due_soon_write(&json, call->arena, state, &extras);
    json_open(&json, "items", '[');
    int64_t written = 0;
    int64_t last_id = 0;
    bool more = false;
    for (size_t i = 0; i < state->money.view_count && !more; i++) {
        const struct order_view *view = &state->money.views[i];
        bool wanted = view->row->order.order_id < state->wish.before_id &&
                      (!state->wish.by_status || view->status == state->wish.status);
        if (wanted && written == state->wish.limit) {
            more = true;
        } else if (wanted) {
            order_summary_write(&json, NULL, call->arena, view, &extras);
            last_id = view->row->order.order_id;
            written++;
        }
    }
    json_close(&json);
    if (more) {
        json_id(&json, "next_cursor", last_id);
    } else {
        json_null(&json, "next_cursor");
    }
    json_integer(&json, "unread_messages", state->money.file.unread_messages);
    json_integer(&json, "unread_notices", state->money.file.unread_notices);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_orders(struct call *call) {
    static const char *const known[] = {"state", "cursor", "limit", NULL};
    struct orders_state *state = new_state(call);
    struct order_wish *wish = &state->wish;
    int64_t limit;
    if (!call_query_known(call, known) || !call_query_integer(call, "limit", 1, 100, 20, &limit) ||
        !call_query_integer(call, "cursor", 1, INT64_MAX, INT64_MAX, &wish->before_id)) {
        return;
    }
    wish->limit = (int32_t)limit;
    const char *wanted = call_query(call, "state");
    wish->by_status = wanted != NULL;
    if (wanted != NULL && !order_status_read(wanted, &wish->status)) {
        call_problem(call, PROBLEM_FIELD_INVALID, "state");
        return;
    }
    call_read(call, list_unit, list_answer);
}

/* ---- detail, settlement quote, extension offer ---- */

static enum status detail_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct orders_state *state = call->state;
    state->moment = moment;
    return load_order_money(tx, moment, call->customer_id, state->order_id, &state->money);
}

/* Answers order_not_found when there was none. */
static bool was_found(struct call *call) {
    const struct orders_state *state = call->state;
    if (state->money.view == NULL) {
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
    }
    return state->money.view != NULL;
}

/* A hash of the screen without the clock's reading: the same as long as nothing has changed. */
static const char *version_of(struct arena *arena, const char *text) {
    static const char member[] = "\"now\":\"";
    const char *now = strstr(text, member);
    check(now != NULL);
    const char *rest = strchr(now + sizeof member - 1, '"');
    check(rest != NULL);
    uint8_t digest[SHA256_SIZE];
    struct bytes before = {(const uint8_t *)text, (size_t)(now - text)};
    sha256_two(before, bytes_of_text(rest), digest);
    return arena_printf(arena, "\"%s\"", hex_write(arena, (struct bytes){digest, SHA256_SIZE / 2}));
}

static void detail_answer(struct call *call) {
    const struct orders_state *state = call->state;
    if (!was_found(call)) {
        return;
    }
    struct order_extras extras = {&state->money, state->money.file.requests,
        state->money.file.request_count, call->api->config.service_phone};
    struct json json = json_start_with_room(call->arena, DETAIL_ROOM);
    order_write(&json, call->arena, state->moment, state->money.view, &extras);
    call_etag(call, version_of(call->arena, json_text(&json)));
    call_json(call, 200, &json);
}

static void get_order(struct call *call) {
    struct orders_state *state = new_state(call);
    if (take_order(call, state)) {
        call_read(call, detail_unit, detail_answer);
    }
}

static void quote_answer(struct call *call) {
    const struct orders_state *state = call->state;
    if (!was_found(call)) {
        return;
    }
    bool open =
        state->money.view->state != NULL && money_is_positive(state->money.view->quote->left);
    if (!open) {
        call_problem(call, PROBLEM_NOTHING_TO_SETTLE, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    settlement_write(&json, NULL, call->arena, state->moment, state->money.view);
    call_json(call, 200, &json);
}

static void get_settlement_quote(struct call *call) {
    struct orders_state *state = new_state(call);
    if (take_order(call, state)) {
        call_read(call, detail_unit, quote_answer);
    }
}

static void offer_answer(struct call *call) {
    const struct orders_state *state = call->state;
    if (!was_found(call)) {
        return;
    }
    struct extension_offer offer;
    struct order_extras extras = {
        &state->money, state->money.file.requests, state->money.file.request_count};
    view_extension_offer(state->moment, state->money.view, &extras, &offer);
    struct json json = json_start(call->arena);
    extension_offer_write(&json, call->arena, state->moment, state->money.view, &offer);
    call_json(call, 200, &json);
}

static void get_extension(struct call *call) {
    struct orders_state *state = new_state(call);
    if (take_order(call, state)) {
        call_read(call, detail_unit, offer_answer);
    }
}

/* ---- extension request ---- */

static enum status request_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct orders_state *state = call->state;
    enum status status = request_extension(tx, moment, &state->command, &state->answer);
    if (status == STATUS_OK && state->answer.outcome != REQUEST_EXTENSION_OK) {
        tx_refuse(tx);
    }
    return status;
}

static void request_answer(struct call *call) {
    const struct orders_state *state = call->state;
    switch (state->answer.outcome) {
    case REQUEST_EXTENSION_OK: {
        struct json json = json_start(call->arena);
        extension_request_write(&json, NULL, state->answer.request);
        call_json(call, 201, &json);
        return;
    }
    case REQUEST_EXTENSION_ORDER_NOT_FOUND:
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
        return;
    case REQUEST_EXTENSION_WAITING:
        call_problem(call, PROBLEM_EXTENSION_WAITING, NULL);
        return;
    case REQUEST_EXTENSION_NOT_ELIGIBLE:
        call_problem(call, PROBLEM_EXTENSION_NOT_ELIGIBLE, NULL);
        return;
    case REQUEST_EXTENSION_COST_CHANGED:
        call_problem(call, PROBLEM_EXTENSION_COST_CHANGED, NULL);
        return;
    }
    check(false);
}

static void post_extension_request(struct call *call) {
    struct orders_state *state = new_state(call);
    struct decoder body;
    if (!take_order(call, state) || !call_body(call, &body)) {
        return;
    }
    state->command = (struct request_extension){
        .customer_id = call->customer_id,
        .order_id = state->order_id,
        .instalment_number = (int32_t)decode_integer(&body, "instalment_number", 1, 600),
        .days = (int32_t)decode_integer(&body, "days", 1, 365),
        .expected_cost = decode_money(&body, "expected_cost_fen", 0, MONEY_MAX_FEN),
        .reason = decode_text(&body, "reason", 1, 2000),
    };
    if (decode_end(&body)) {
        call_write(call, call->customer_id, request_unit, request_answer);
    }
}

const struct api_route order_routes[] = {
    {HTTP_GET, "/orders", get_orders, API_CUSTOMER},
    {HTTP_GET, "/orders/{order_id}", get_order, API_CUSTOMER},
    {HTTP_GET, "/orders/{order_id}/settlement-quote", get_settlement_quote, API_CUSTOMER},
    {HTTP_GET, "/orders/{order_id}/extension", get_extension, API_CUSTOMER},
    {HTTP_POST, "/orders/{order_id}/extension-requests", post_extension_request, API_CUSTOMER,
        .idempotent = true},
    API_ROUTES_END,
};
