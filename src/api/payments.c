/*
 * payments.c: paying, the records, one payment, its cancellation and its QR code. Exports
 * payment_routes, decode_purpose(), answer_created_payment().
 */
#include "api/payments.h"

#include "api/payment_write.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "codec/qr.h"
#include "service/cancel_payment.h"
#include "service/take_payment.h"

#include <string.h>

struct payments_state {
    struct take_payment command;
    struct take_payment_answer taken;
    enum cancel_payment_outcome cancelled;
    int64_t payment_id;
    struct payment_view *view;
    /* the records */
    int64_t order_id;
    int32_t entry;
    int64_t before;
    int64_t limit;
    struct payment_view *rows;
    size_t count;
};

static struct payments_state *new_state(struct call *call) {
    struct payments_state *state = ARENA_NEW(call->arena, struct payments_state);
    call->state = state;
    return state;
}

/* ---- decoding ---- */

bool decode_purpose(struct decoder *body, struct purpose *purpose) {
    struct decoder object = decode_object(body, "purpose");
    int kind = decode_choice(&object, "kind", payment_purpose_names);
    struct decoder items;
    size_t count = decode_array(&object, "order_ids", 0, PURPOSE_ORDERS_MAX, &items);
    int64_t *order_ids = ARENA_ARRAY(body->call->arena, count + 1, int64_t);
    for (size_t i = 0; i < count; i++) {
        const char *text = decode_next_text(&items, PUBLIC_NUMBER_LENGTH, PUBLIC_NUMBER_LENGTH);
        struct public_number number;
        if (object.failed || items.failed)
            break;
        bool own = public_number_read(text, PUBLIC_ORDER, &number) &&
                   number.customer_id == body->call->customer_id;
        if (!own) {
            decode_problem(&object, "order_ids", PROBLEM_ORDER_NOT_FOUND);
            break;
        }
        order_ids[i] = number.id;
    }
    struct money amount = MONEY_ZERO;
    if (decode_has(&object, "amount_fen"))
        amount = decode_money(&object, "amount_fen", 1, MONEY_MAX_FEN);
    if (!decode_end(&object))
        return false;
    *purpose = (struct purpose){
        .kind = (enum payment_purpose)(kind + 1),
        .order_ids = order_ids,
        .order_count = count,
        .amount = amount,
    };
    return true;
}

static bool decode_method(struct decoder *body, struct take_payment *command) {
    struct decoder object = decode_object(body, "method");
    int kind = decode_choice(&object, "kind", payment_method_names);
    command->method = (enum payment_method)(kind + 1);
    bool card = command->method == PAY_BY_BANK_CARD;
    struct public_number number = {0};
    if (card && decode_number(&object, "funding_source_id", PUBLIC_FUNDING_SOURCE, &number)) {
        if (number.customer_id != body->call->customer_id)
            decode_problem(&object, "funding_source_id", PROBLEM_FUNDING_SOURCE_NOT_FOUND);
        command->funding_source_id = number.id;
    }
    return decode_end(&object);
}

/* ---- paying ---- */

static enum problem_code problem_of(enum take_payment_outcome outcome) {
    switch (outcome) {
    case TAKE_PAYMENT_OK:
        return PROBLEM_NONE;
    case TAKE_PAYMENT_ORDER_NOT_FOUND:
        return PROBLEM_ORDER_NOT_FOUND;
    case TAKE_PAYMENT_NOTHING_OWED:
        return PROBLEM_NOTHING_OWED;
    case TAKE_PAYMENT_NOTHING_TO_SETTLE:
        return PROBLEM_NOTHING_TO_SETTLE;
    case TAKE_PAYMENT_AMOUNT_INVALID:
        return PROBLEM_AMOUNT_INVALID;
    case TAKE_PAYMENT_AMOUNT_TOO_SMALL:
        return PROBLEM_AMOUNT_TOO_SMALL;
    case TAKE_PAYMENT_AMOUNT_TOO_LARGE:
        return PROBLEM_AMOUNT_TOO_LARGE;
    case TAKE_PAYMENT_AMOUNT_CHANGED:
        return PROBLEM_AMOUNT_CHANGED;
    case TAKE_PAYMENT_IN_PROGRESS:
        return PROBLEM_PAYMENT_IN_PROGRESS;
    case TAKE_PAYMENT_FUNDING_SOURCE_NOT_FOUND:
        return PROBLEM_FUNDING_SOURCE_NOT_FOUND;
    case TAKE_PAYMENT_FUNDING_SOURCE_UNUSABLE:
        return PROBLEM_FUNDING_SOURCE_UNUSABLE;
    case TAKE_PAYMENT_LIMIT_EXCEEDED:
        return PROBLEM_LIMIT_EXCEEDED;
    case TAKE_PAYMENT_BALANCE_INSUFFICIENT:
        return PROBLEM_BALANCE_INSUFFICIENT;
    case TAKE_PAYMENT_CHANNEL_UNAVAILABLE:
        return PROBLEM_CHANNEL_UNAVAILABLE;
    }
    check(false);
    return PROBLEM_NONE;
}

static enum status take_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct payments_state *state = call->state;
    state->view = NULL;
    enum status status = take_payment(tx, moment, &state->command, &state->taken);
    if (status != STATUS_OK)
        return status;
    if (state->taken.outcome != TAKE_PAYMENT_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    state->view = state->taken.view;
    return STATUS_OK;
}

static void foresee_take(struct tx *tx, struct call *call) {
    const struct payments_state *state = call->state;
    take_payment_foresee(tx, &state->command);
}

void answer_created_payment(
    struct call *call, enum problem_code problem, const struct payment_view *view) {
    if (problem != PROBLEM_NONE) {
        call_problem(call, problem, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    payment_write(&json, NULL, call->arena, call->now, view);
    call_json(call, 201, &json);
}

static void take_answer(struct call *call) {
    const struct payments_state *state = call->state;
    answer_created_payment(call, problem_of(state->taken.outcome), state->view);
}

static void post_payment(struct call *call) {
    struct payments_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    struct take_payment *command = &state->command;
    *command = (struct take_payment){
        .customer_id = call->customer_id,
        .rails = call->api->rails,
        .customer_ip = http_request_peer(call->http),
        .return_url = arena_printf(call->arena, "%s/payments/", call->api->config.public_url),
    };
    if (!decode_purpose(&body, &command->purpose) || !decode_method(&body, command))
        return;
    command->expected = decode_money(&body, "expected_amount_fen", 1, MONEY_MAX_FEN);
    if (!decode_end(&body))
        return;
    call_foresee(call, foresee_take);
    call_write(call, call->customer_id, take_unit, take_answer);
}

/* ---- one payment ---- */

/* The {payment_id} of the path, when it is this customer's. */
static bool take_number(struct call *call, struct payments_state *state) {
    struct public_number number;
    if (public_number_read(call_parameter(call, "payment_id"), PUBLIC_PAYMENT, &number) &&
        number.customer_id == call->customer_id) {
        state->payment_id = number.id;
        return true;
    }
    call_problem(call, PROBLEM_PAYMENT_NOT_FOUND, NULL);
    return false;
}

static enum status show_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct payments_state *state = call->state;
    return load_payment_view(tx, moment, call->customer_id, state->payment_id, &state->view);
}

static void show_answer(struct call *call) {
    const struct payments_state *state = call->state;
    if (state->view == NULL) {
        call_problem(call, PROBLEM_PAYMENT_NOT_FOUND, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    payment_write(&json, NULL, call->arena, call->now, state->view);
    call_json(call, 200, &json);
}

static void get_payment(struct call *call) {
    if (take_number(call, new_state(call)))
        call_read(call, show_unit, show_answer);
}

static enum status cancel_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    struct payments_state *state = call->state;
    enum status status =
        cancel_payment(tx, moment, call->customer_id, state->payment_id, &state->cancelled);
    if (status != STATUS_OK)
        return status;
    if (state->cancelled != CANCEL_PAYMENT_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    return show_unit(tx, moment, call, fault);
}

static void cancel_answer(struct call *call) {
    const struct payments_state *state = call->state;
    switch (state->cancelled) {
    case CANCEL_PAYMENT_NOT_FOUND:
        call_problem(call, PROBLEM_PAYMENT_NOT_FOUND, NULL);
        return;
    case CANCEL_PAYMENT_NOT_CANCELLABLE:
        call_problem(call, PROBLEM_PAYMENT_NOT_CANCELLABLE, NULL);
        return;
    case CANCEL_PAYMENT_OK:
        break;
    }
    show_answer(call);
}

static void post_cancel(struct call *call) {
    if (take_number(call, new_state(call)))
        call_write(call, call->customer_id, cancel_unit, cancel_answer);
}

static void qr_answer(struct call *call) {
    const struct payments_state *state = call->state;
    const struct payment *payment = state->view == NULL ? NULL : state->view->payment;
    if (payment == NULL) {
        call_problem(call, PROBLEM_PAYMENT_NOT_FOUND, NULL);
        return;
    }
    struct qr_code code;
    bool stands = payment->method == PAY_BY_WECHAT_NATIVE && payment->state == PAYMENT_SUBMITTED &&
                  payment->action_url != NULL &&
                  instant_compare(call->now, payment->action_expires_at) < 0 &&
                  qr_encode(call->arena, payment->action_url, &code);
    if (!stands) {
        call_problem(call, PROBLEM_QR_EXPIRED, NULL);
        return;
    }
    const char *svg = qr_svg(call->arena, &code, "微信支付二维码 WeChat Pay QR code");
    call_bytes(call, 200, "image/svg+xml", bytes_of_text(svg));
}

static void get_qr(struct call *call) {
    if (take_number(call, new_state(call)))
        call_read(call, show_unit, qr_answer);
}

/* ---- the records ---- */

static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct payments_state *state = call->state;
    return load_payment_rows(tx, call->customer_id, state->order_id, state->entry, state->before,
        (int32_t)state->limit + 1, &state->rows, &state->count);
}

static void list_answer(struct call *call) {
    const struct payments_state *state = call->state;
    bool more = state->count > (size_t)state->limit;
    size_t shown = more ? state->count - 1 : state->count;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < shown; i++)
        payment_summary_write(&json, NULL, call->arena, &state->rows[i]);
    json_close(&json);
    if (more)
        json_id(&json, "next_cursor", state->rows[shown - 1].payment->payment_id);
    else
        json_null(&json, "next_cursor");
    json_close(&json);
    call_json(call, 200, &json);
}

/* The filters of the records; false when a problem was given. */
static bool take_filters(struct call *call, struct payments_state *state) {
    static const char *const known[] = {"order", "entry", "cursor", "limit", NULL};
    if (!call_query_known(call, known) ||
        !call_query_integer(call, "limit", 1, 100, 20, &state->limit) ||
        !call_query_integer(call, "cursor", 1, INT64_MAX, INT64_MAX, &state->before))
        return false;
    const char *order = call_query(call, "order");
    struct public_number number;
    if (order != NULL) {
        if (!public_number_read(order, PUBLIC_ORDER, &number) ||
            number.customer_id != call->customer_id) {
            call_problem(call, PROBLEM_ORDER_NOT_FOUND, "order");
            return false;
        }
        state->order_id = number.id;
    }
    const char *entry = call_query(call, "entry");
    for (int i = 0; entry != NULL && payment_entry_names[i] != NULL; i++)
        if (strcmp(entry, payment_entry_names[i]) == 0)
            state->entry = i + 1;
    if (entry != NULL && state->entry == 0) {
        call_problem(call, PROBLEM_FIELD_INVALID, "entry");
        return false;
    }
    return true;
}

static void get_payments(struct call *call) {
    if (take_filters(call, new_state(call)))
        call_read(call, list_unit, list_answer);
}

const struct api_route payment_routes[] = {
    {HTTP_POST, "/payments", post_payment, API_CUSTOMER, .idempotent = true},
    {HTTP_GET, "/payments", get_payments, API_CUSTOMER},
    {HTTP_GET, "/payments/{payment_id}", get_payment, API_CUSTOMER},
    {HTTP_POST, "/payments/{payment_id}/cancel", post_cancel, API_CUSTOMER},
    {HTTP_GET, "/payments/{payment_id}/qr.svg", get_qr, API_CUSTOMER},
    API_ROUTES_END,
};
