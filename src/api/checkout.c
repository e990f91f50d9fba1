/*
 * checkout.c: the hosted checkout page. Exports checkout_routes.
 */
#include "api/decode.h"
#include "api/order_write.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "engine/fields.h"
#include "service/accept_checkout.h"
#include "service/cost_table.h"
#include "store/customer.h"

#include <string.h>

struct checkout_state {
    struct moment moment;
    const char *token;
    struct order_view *view; /* NULL: no such token */
    struct product *product;
    struct terms first_terms; /* for the agreement's words */
    struct cost_table *tables;
    size_t table_count;
    const char *phone_masked;
    struct accept_checkout command;
    struct accept_checkout_answer answer;
};

static struct checkout_state *new_state(struct call *call) {
    struct checkout_state *state = ARENA_NEW(call->arena, struct checkout_state);
    call->state = state;
    state->token = call_parameter(call, "token");
    return state;
}

/* A cost table for each number of instalments that can be had today. */
static enum status build_tables(struct tx *tx, struct checkout_state *state) {
    const struct order *order = &state->view->row->order;
    enum status status =
        product_load(tx, order->product_code, order->product_version, &state->product);
    if (status != STATUS_OK) {
        return status;
    }
    check(state->product != NULL);
    size_t offered = state->product->term_count;
    state->tables = ARENA_ARRAY(tx_arena(tx), offered + 1, struct cost_table);
    for (size_t i = 0; i < offered && status == STATUS_OK; i++) {
        struct terms terms;
        bool valid;
        status = offer_terms(
            tx, state->product, order->amount, i, state->moment.business_date, &terms, &valid);
        if (status == STATUS_OK && valid) {
            if (state->table_count == 0) {
                state->first_terms = terms;
            }
            state->tables[state->table_count++] =
                cost_table_build(tx_arena(tx), state->product, &terms);
        }
    }
    return status;
}

static enum status show_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct checkout_state *state = call->state;
    state->moment = moment;
    int64_t customer_id;
    int64_t order_id;
    enum status status = checkout_find(tx, state->token, &customer_id, &order_id);
    if (status != STATUS_OK || customer_id == 0) {
        return status;
    }
    status = load_order_view(tx, moment, customer_id, order_id, &state->view);
    if (status != STATUS_OK || state->view == NULL) {
        return status;
    }
    struct customer customer;
    bool found;
    status = customer_load(tx, customer_id, &customer, &found);
    state->phone_masked = found ? customer.phone_masked : "";
    return status == STATUS_OK ? build_tables(tx, state) : status;
}

static const char *checkout_state_name(const struct order_view *view) {
    if (view->row->order.state == ORDER_ACCEPTED) {
        return "accepted";
    }
    return view->status == ORDER_STATUS_CANCELLED ? "expired" : "open";
}

static void product_write(struct json *json, const struct order_row *row) {
    json_open(json, "product", '{');
    json_string(json, "code", row->order.product_code);
    json_string(json, "name_zh", row->product_name_zh);
    json_string(json, "name_en", row->product_name_en);
    json_string(json, "method", method_name((enum method)row->product_method));
    json_close(json);
}

static void show_answer(struct call *call) {
    const struct checkout_state *state = call->state;
    if (state->view == NULL) {
        call_problem(call, PROBLEM_CHECKOUT_NOT_FOUND, NULL);
        return;
    }
    const struct order *order = &state->view->row->order;
    const char *name = checkout_state_name(state->view);
    bool open = strcmp(name, "open") == 0;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "token", state->token);
    order_number_write(&json, "order_id", order->customer_id, order->order_id);
    json_string(&json, "state", name);
    json_instant(&json, "expires_at", order->expires_at);
    json_day(&json, "business_date", state->moment.business_date);
    json_string(&json, "shop_name", state->view->row->shop_name);
    json_string(&json, "shop_order_no", order->shop_order_no);
    json_raw(&json, "goods", order->goods);
    json_money(&json, "amount_fen", order->amount);
    product_write(&json, state->view->row);
    json_string(&json, "phone_masked", state->phone_masked);
    json_boolean(&json, "logged_in", call->customer_id != 0);
    json_boolean(&json, "may_accept", open && call->customer_id == order->customer_id);
    json_integer(&json, "reading_s", READING_LEAST_MS / 1000);
    json_open(&json, "terms", '[');
    for (size_t i = 0; i < state->table_count; i++) {
        cost_table_write(&json, NULL, call->arena, state->tables[i].json, state->tables[i].hash,
            (struct instant){0});
    }
    json_close(&json);
    json_string(&json, "lender_zh", state->product->lender_zh);
    json_string(&json, "lender_en", state->product->lender_en);
    agreement_write(&json, call->arena, state->product, &state->first_terms);
    json_string(&json, "return_url", order->return_url);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_checkout(struct call *call) {
    new_state(call);
    call_read(call, show_unit, show_answer);
}

static enum status accept_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct checkout_state *state = call->state;
    enum status status = accept_checkout(tx, moment, &state->command, &state->answer);
    if (status == STATUS_OK && state->answer.outcome != ACCEPT_CHECKOUT_OK) {
        tx_refuse(tx);
    }
    return status;
}

static void accepted_write(struct call *call, const struct order *order) {
    char number[PUBLIC_NUMBER_SIZE];
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    order_number_write(&json, "order_id", order->customer_id, order->order_id);
    json_string(&json, "contract_id",
        public_number_write(PUBLIC_CONTRACT, order->customer_id, order->contract_id, number));
    json_string(&json, "return_url", order->return_url);
    json_close(&json);
    call_json(call, 201, &json);
}

static void accept_answer(struct call *call) {
    const struct checkout_state *state = call->state;
    switch (state->answer.outcome) {
    case ACCEPT_CHECKOUT_OK:
        accepted_write(call, state->answer.order);
        return;
    case ACCEPT_CHECKOUT_NOT_FOUND:
        call_problem(call, PROBLEM_CHECKOUT_NOT_FOUND, NULL);
        return;
    case ACCEPT_CHECKOUT_NOT_YOURS:
        call_problem(call, PROBLEM_CHECKOUT_NOT_YOURS, NULL);
        return;
    case ACCEPT_CHECKOUT_ACCEPTED:
        call_problem(call, PROBLEM_CHECKOUT_ACCEPTED, NULL);
        return;
    case ACCEPT_CHECKOUT_EXPIRED:
        call_problem(call, PROBLEM_CHECKOUT_EXPIRED, NULL);
        return;
    case ACCEPT_CHECKOUT_TERM_NOT_OFFERED:
        call_problem(call, PROBLEM_TERM_NOT_OFFERED, "instalment_count");
        return;
    case ACCEPT_CHECKOUT_COST_TABLE_CHANGED:
        call_problem(call, PROBLEM_COST_TABLE_CHANGED, NULL);
        return;
    case ACCEPT_CHECKOUT_READING_TOO_SHORT:
        call_problem(call, PROBLEM_READING_TOO_SHORT, "read_ms");
        return;
    }
    check(false);
}

static void post_accept(struct call *call) {
    struct checkout_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body)) {
        return;
    }
    state->command = (struct accept_checkout){
        .token = state->token,
        .customer_id = call->customer_id,
        .instalment_count = (int32_t)decode_integer(&body, "instalment_count", 1, 60),
        .cost_table_hash = decode_text(&body, "cost_table_hash", 64, 64),
        .read_ms = decode_integer(&body, "read_ms", 0, 86400000),
    };
    if (decode_end(&body)) {
        call_write(call, call->customer_id, accept_unit, accept_answer);
    }
}

const struct api_route checkout_routes[] = {
    {HTTP_GET, "/checkout/{token}", get_checkout, API_PUBLIC},
    {HTTP_POST, "/checkout/{token}/accept", post_accept, API_CUSTOMER, .idempotent = true},
    API_ROUTES_END,
};
