/*
 * shop_orders.c: a shop's orders and refunds by API key. Exports shop_order_routes.
 */
#include "api/decode.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "service/create_order.h"
#include "service/order_view.h"
#include "service/refund_order.h"
#include "service/tell_shop.h"

#include <string.h>

enum { ORDER_LINES_MAX = 50 };

struct shop_state {
    struct create_order create;
    struct create_order_answer created;
    const char *shop_order_no;
    struct shop_order_place *place; /* whose order a refund is for */
    struct order_view *view;
    struct refund_order refund;
    struct refund_order_answer refunded;
};

static struct shop_state *new_state(struct call *call) {
    struct shop_state *state = ARENA_NEW(call->arena, struct shop_state);
    call->state = state;
    return state;
}

/* A number of the shop's own: 1 to 64 letters, digits, '_' and '-'. */
static bool number_is_valid(const char *text) {
    size_t length = strlen(text);
    return length >= 1 && length <= 64 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
               length;
}

static const char *decode_number_text(struct decoder *body, const char *name) {
    const char *text = decode_text(body, name, 1, 64);
    if (!body->failed && !number_is_valid(text)) {
        decode_problem(body, name, PROBLEM_FIELD_INVALID);
    }
    return text;
}

static void order_answer(struct call *call, int status, const struct order_view *view) {
    struct json json = json_start(call->arena);
    shop_order_write(&json, NULL, call->arena, &view->row->order, view->status,
        view->state == NULL ? DAY_NONE : view->state->closed_day, call->api->config.public_url);
    call_json(call, status, &json);
}

/* ---- POST /orders ---- */

static enum status create_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct shop_state *state = call->state;
    state->create.shop_id = call->shop_id;
    enum status status = create_order(tx, moment, &state->create, &state->created);
    if (status != STATUS_OK) {
        return status;
    }
    if (state->created.outcome != CREATE_ORDER_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    const struct order *order = state->created.order;
    return load_order_view(tx, moment, order->customer_id, order->order_id, &state->view);
}

static void create_answer(struct call *call) {
    const struct shop_state *state = call->state;
    switch (state->created.outcome) {
    case CREATE_ORDER_OK:
        order_answer(call, 201, state->view);
        return;
    case CREATE_ORDER_NUMBER_TAKEN:
        call_problem(call, PROBLEM_SHOP_ORDER_NO_TAKEN, "shop_order_no");
        return;
    case CREATE_ORDER_GOODS_SUM_MISMATCH:
        call_problem(call, PROBLEM_GOODS_SUM_MISMATCH, "goods");
        return;
    case CREATE_ORDER_PRODUCT_NOT_FOUND:
        call_problem(call, PROBLEM_PRODUCT_NOT_FOUND, "product_code");
        return;
    case CREATE_ORDER_AMOUNT_OUT_OF_RANGE:
        call_problem(call, PROBLEM_AMOUNT_OUT_OF_RANGE, "amount_fen");
        return;
    case CREATE_ORDER_PHONE_INVALID:
        call_problem(call, PROBLEM_PHONE_INVALID, "phone");
        return;
    case CREATE_ORDER_RETURN_URL_INVALID:
        call_problem(call, PROBLEM_RETURN_URL_INVALID, "return_url");
        return;
    }
    check(false);
}

static void decode_goods(struct decoder *body, struct call *call, struct create_order *create) {
    struct decoder items;
    create->line_count = decode_array(body, "goods", 1, ORDER_LINES_MAX, &items);
    struct order_line *lines = ARENA_ARRAY(call->arena, create->line_count + 1, struct order_line);
    create->lines = lines;
    for (size_t i = 0; i < create->line_count; i++) {
        struct decoder item = decode_next_object(&items);
        lines[i].name = decode_text(&item, "name", 1, 384);
        lines[i].quantity = (int32_t)decode_integer(&item, "quantity", 1, 9999);
        lines[i].amount = decode_money(&item, "amount_fen", 0, PRINCIPAL_MAX_FEN);
        if (!decode_end(&item)) {
            return;
        }
    }
}

static void post_order(struct call *call) {
    struct shop_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body)) {
        return;
    }
    struct create_order *create = &state->create;
    create->vault = call->api->vault;
    create->shop_order_no = decode_number_text(&body, "shop_order_no");
    create->phone = decode_text(&body, "phone", 1, 32);
    decode_goods(&body, call, create);
    create->amount = decode_money(&body, "amount_fen", 1, MONEY_MAX_FEN);
    create->product_code = decode_text(&body, "product_code", 1, 32);
    create->return_url = decode_text_or_null(&body, "return_url", 1, 2000);
    create->allow_plain_http = call->api->config.mode != API_MODE_LIVE;
    if (decode_end(&body)) {
        call_write(call, STORE_NO_KEY, create_unit, create_answer);
    }
}

/* ---- GET /shop/orders/{shop_order_no} ---- */

static enum status find_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct shop_state *state = call->state;
    struct shop_order_place *place;
    enum status status = shop_order_find(tx, call->shop_id, state->shop_order_no, &place);
    if (status != STATUS_OK || place == NULL) {
        return status;
    }
    return load_order_view(tx, moment, place->customer_id, place->order_id, &state->view);
}

static void find_answer(struct call *call) {
    const struct shop_state *state = call->state;
    if (state->view == NULL) {
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
        return;
    }
    order_answer(call, 200, state->view);
}

/* The shop's number in the path; order_not_found for what cannot be one. */
static bool take_number(struct call *call, struct shop_state *state) {
    state->shop_order_no = call_parameter(call, "shop_order_no");
    if (!number_is_valid(state->shop_order_no)) {
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
        return false;
    }
    return true;
}

static void get_order(struct call *call) {
    if (take_number(call, new_state(call))) {
        call_read(call, find_unit, find_answer);
    }
}

/* ---- POST /shop/orders/{shop_order_no}/refunds ---- */

static enum status refund_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct shop_state *state = call->state;
    state->refund.shop_id = call->shop_id;
    enum status status = refund_order(tx, moment, &state->refund, &state->refunded);
    if (status == STATUS_OK && state->refunded.outcome != REFUND_ORDER_OK) {
        tx_refuse(tx);
    }
    return status;
}

static void refund_write(struct call *call, const struct goods_refund *refund) {
    char number[PUBLIC_NUMBER_SIZE];
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "refund_id",
        public_number_write(PUBLIC_REFUND, refund->customer_id, refund->refund_id, number));
    json_string(&json, "shop_refund_no", refund->shop_refund_no);
    json_string(&json, "order_id",
        public_number_write(PUBLIC_ORDER, refund->customer_id, refund->order_id, number));
    json_money(&json, "amount_fen", refund->amount);
    json_money(&json, "to_debt_fen", refund->to_debt);
    json_money(&json, "to_customer_fen", refund->to_customer);
    json_string(&json, "state", "succeeded");
    json_instant(&json, "created_at", refund->created_at);
    json_close(&json);
    call_json(call, 201, &json);
}

static void refund_answer(struct call *call) {
    const struct shop_state *state = call->state;
    switch (state->refunded.outcome) {
    case REFUND_ORDER_OK:
        refund_write(call, state->refunded.refund);
        return;
    case REFUND_ORDER_NOT_FOUND:
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
        return;
    case REFUND_ORDER_NUMBER_TAKEN:
        call_problem(call, PROBLEM_SHOP_REFUND_NO_TAKEN, "shop_refund_no");
        return;
    case REFUND_ORDER_NOT_POSSIBLE:
        call_problem(call, PROBLEM_REFUND_NOT_POSSIBLE, NULL);
        return;
    case REFUND_ORDER_TOO_LARGE:
        call_problem(call, PROBLEM_REFUND_TOO_LARGE, "amount_fen");
        return;
    }
    check(false);
}

static enum status place_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct shop_state *state = call->state;
    return shop_order_find(tx, call->shop_id, state->refund.shop_order_no, &state->place);
}

/* The refund moves the customer's debt and balance: it needs that customer's lock. */
static void refund_placed(struct call *call) {
    const struct shop_state *state = call->state;
    if (state->place == NULL) {
        call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
        return;
    }
    call_write(call, state->place->customer_id, refund_unit, refund_answer);
}

static void post_refund(struct call *call) {
    struct shop_state *state = new_state(call);
    struct decoder body;
    if (!take_number(call, state) || !call_body(call, &body)) {
        return;
    }
    state->refund.shop_order_no = state->shop_order_no;
    state->refund.shop_refund_no = decode_number_text(&body, "shop_refund_no");
    state->refund.amount = decode_money(&body, "amount_fen", 1, MONEY_MAX_FEN);
    const char *reason = decode_text_or_null(&body, "reason", 0, 800);
    state->refund.reason = reason == NULL ? "" : reason;
    if (decode_end(&body)) {
        call_read(call, place_unit, refund_placed);
    }
}

const struct api_route shop_order_routes[] = {
    {HTTP_POST, "/orders", post_order, API_SHOP, .idempotent = true},
    {HTTP_GET, "/shop/orders/{shop_order_no}", get_order, API_SHOP},
    {HTTP_POST, "/shop/orders/{shop_order_no}/refunds", post_refund, API_SHOP, .idempotent = true},
    API_ROUTES_END,
};
