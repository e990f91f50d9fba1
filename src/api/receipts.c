/*
 * receipts.c: receipts as PDF, and the public check of one. Exports receipt_routes and what
 * receipts.h declares.
 */
#include "api/receipts.h"

#include "api/resources.h"
#include "base/check.h"
#include "base/mask.h"
#include "base/public_number.h"
#include "document/receipt.h"
#include "service/payment_view.h"
#include "service/receipt_check.h"
#include "store/customer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One press for the process, with a lock around it: a page takes some milliseconds. */
struct receipt_desk {
    pthread_mutex_t lock;
    struct receipt_press *press; /* NULL until the first receipt */
};

struct receipt_desk *receipt_desk_create(void) {
    struct receipt_desk *desk = calloc(1, sizeof *desk);
    check(desk != NULL);
    pthread_mutex_init(&desk->lock, NULL);
    return desk;
}

void receipt_desk_destroy(struct receipt_desk *desk) {
    if (desk == NULL)
        return;
    if (desk->press != NULL)
        receipt_press_close(desk->press);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}

static enum status print(struct receipt_desk *desk, struct arena *arena,
    const struct receipt_document *document, struct bytes *pdf, struct fault *fault) {
    pthread_mutex_lock(&desk->lock);
    enum status status = STATUS_OK;
    if (desk->press == NULL)
        status = receipt_press_open(&desk->press, NULL, fault);
    if (status == STATUS_OK)
        status = receipt_print(desk->press, arena, document, pdf, fault);
    pthread_mutex_unlock(&desk->lock);
    return status;
}

struct receipt_state {
    int64_t customer_id;
    int64_t payment_id;
    struct payment_view *view;
    struct customer customer;
    bool genuine;
    const char *code; /* as given to the public check */
    struct bytes pdf;
    enum status status;
    struct fault fault;
};

static enum status load_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct receipt_state *state = call->state;
    enum status status =
        load_payment_view(tx, moment, state->customer_id, state->payment_id, &state->view);
    bool found;
    if (status == STATUS_OK && state->view != NULL)
        status = customer_load(tx, state->customer_id, &state->customer, &found);
    return status;
}

/* ---- the document ---- */

enum { LINES_PER_ALLOCATION = 4 };

static void add_line(struct arena *arena, struct receipt_document *document,
    struct receipt_line *lines, const struct payment_allocation *allocation,
    const struct payment_view *view, struct words component, struct money amount) {
    if (money_is_zero(amount))
        return;
    char number[PUBLIC_NUMBER_SIZE];
    const char *title = "";
    for (size_t i = 0; i < view->order_count; i++)
        if (view->orders[i]->order_id == allocation->order_id)
            title = view->orders[i]->title;
    lines[document->line_count++] = (struct receipt_line){
        .order_title = title,
        .order_no = arena_text(arena, public_number_write(PUBLIC_ORDER, view->payment->customer_id,
                                          allocation->order_id, number)),
        .what_zh = arena_printf(arena, "第%d期 %s", (int)allocation->instalment, component.zh),
        .what_en =
            arena_printf(arena, "Instalment %d, %s", (int)allocation->instalment, component.en),
        .amount = amount,
    };
}

/* What was allocated, and what went to the balance: together the payment's amount. */
static void add_lines(
    struct arena *arena, struct receipt_document *document, const struct payment_view *view) {
    size_t most = view->payment->allocation_count * LINES_PER_ALLOCATION + 1;
    struct receipt_line *lines = ARENA_ARRAY(arena, most, struct receipt_line);
    struct money rest = view->payment->amount;
    for (size_t i = 0; i < view->payment->allocation_count; i++) {
        const struct payment_allocation *line = &view->payment->allocations[i];
        add_line(arena, document, lines, line, view, (struct words){"本金", "principal"},
            line->principal);
        add_line(
            arena, document, lines, line, view, (struct words){"利息", "interest"}, line->interest);
        add_line(arena, document, lines, line, view, (struct words){"手续费", "fee"}, line->fee);
        add_line(
            arena, document, lines, line, view, (struct words){"罚息", "penalty"}, line->penalty);
    }
    for (size_t i = 0; i < document->line_count; i++)
        rest = money_subtract(rest, lines[i].amount);
    if (!money_is_zero(rest))
        lines[document->line_count++] = (struct receipt_line){
            .order_title = view->payment->entry == PAYMENT_ENTRY_REFUND ? "退款" : "余额",
            .order_no = "",
            .what_zh = view->payment->entry == PAYMENT_ENTRY_REFUND ? "退回" : "转入余额",
            .what_en =
                view->payment->entry == PAYMENT_ENTRY_REFUND ? "refunded" : "added to the balance",
            .amount = rest,
        };
    document->lines = lines;
}

static void print_work(struct call *call) {
    struct receipt_state *state = call->state;
    const struct payment *payment = state->view->payment;
    struct arena *arena = call->arena;
    char text[PUBLIC_NUMBER_SIZE];
    const char *number = arena_text(arena,
        public_number_write(PUBLIC_PAYMENT, payment->customer_id, payment->payment_id, text));
    char code[RECEIPT_CHECK_SIZE];
    receipt_check_code(call->api->vault, payment, arena, code);
    struct words method = method_words(arena, payment->method, state->view->source);
    struct receipt_document document = {
        .kind = payment->entry == PAYMENT_ENTRY_REFUND ? RECEIPT_REFUND : RECEIPT_PAYMENT,
        .receipt_no = number,
        .check_code = code,
        .verify_url =
            arena_printf(arena, "%s/verify/%s?h=%s", call->api->config.public_url, number, code),
        .issuer_zh = "分期还款平台",
        .issuer_en = "Fenqi instalment platform",
        .payer_masked = state->customer.name_masked == NULL ? state->customer.phone_masked
                                                            : state->customer.name_masked,
        .phone_masked = state->customer.phone_masked,
        .payment_no = number,
        .channel_no = payment->transaction_id == NULL ? "" : payment->transaction_id,
        .method_zh = method.zh,
        .method_en = method.en,
        .amount = payment->amount,
        .paid_at = payment->finished_at,
        .issued_at = payment->finished_at, /* the same receipt gives the same bytes for ever */
    };
    add_lines(arena, &document, state->view);
    state->status = print(call->api->receipts, arena, &document, &state->pdf, &state->fault);
}

static void printed(struct call *call) {
    const struct receipt_state *state = call->state;
    if (state->status != STATUS_OK) {
        call_fault(call, &state->fault);
        return;
    }
    call_header(call, "Content-Disposition", "inline; filename=\"receipt.pdf\"");
    call_bytes(call, 200, "application/pdf", state->pdf);
}

static void loaded(struct call *call) {
    const struct receipt_state *state = call->state;
    if (state->view == NULL)
        call_problem(call, PROBLEM_PAYMENT_NOT_FOUND, NULL);
    else if (state->view->payment->state != PAYMENT_SUCCEEDED)
        call_problem(call, PROBLEM_RECEIPT_NOT_READY, NULL);
    else
        call_work(call, print_work, printed);
}

static void get_receipt(struct call *call) {
    struct receipt_state *state = ARENA_NEW(call->arena, struct receipt_state);
    call->state = state;
    struct public_number number;
    if (!public_number_read(call_parameter(call, "payment_id"), PUBLIC_PAYMENT, &number) ||
        number.customer_id != call->customer_id) {
        call_problem(call, PROBLEM_PAYMENT_NOT_FOUND, NULL);
        return;
    }
    state->customer_id = number.customer_id;
    state->payment_id = number.id;
    call_read(call, load_unit, loaded);
}

/* ---- the public check ---- */

static enum status verify_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    struct receipt_state *state = call->state;
    enum status status = state->customer_id == 0 ? STATUS_OK : load_unit(tx, moment, call, fault);
    state->genuine =
        status == STATUS_OK && state->view != NULL &&
        receipt_check_matches(call->api->vault, state->view->payment, call->arena, state->code);
    return status;
}

/* A wrong number and a wrong code answer alike: nothing is told of payments that exist. */
static void verified(struct call *call) {
    const struct receipt_state *state = call->state;
    const struct payment *payment = state->genuine ? state->view->payment : NULL;
    const struct order *order =
        payment != NULL && state->view->order_count > 0 ? state->view->orders[0] : NULL;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "receipt_no", call_parameter(call, "receipt_no"));
    json_boolean(&json, "genuine", state->genuine);
    json_string(&json, "kind",
        payment == NULL                          ? NULL
        : payment->entry == PAYMENT_ENTRY_REFUND ? "refund"
                                                 : "payment");
    if (payment == NULL)
        json_null(&json, "amount_fen");
    else
        json_money(&json, "amount_fen", payment->amount);
    struct instant paid_at = payment == NULL ? (struct instant){0} : payment->finished_at;
    json_instant(&json, "paid_at", paid_at);
    json_string(&json, "payer_masked",
        payment == NULL                       ? NULL
        : state->customer.name_masked == NULL ? state->customer.phone_masked
                                              : state->customer.name_masked);
    json_string(&json, "order_title", order == NULL ? NULL : order->title);
    json_string(&json, "shop_order_no", order == NULL ? NULL : order->shop_order_no);
    json_string(&json, "state", payment == NULL ? NULL : payment_state_name(payment->state));
    json_instant(&json, "issued_at", paid_at);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_verify(struct call *call) {
    static const char *const known[] = {"h", NULL};
    struct receipt_state *state = ARENA_NEW(call->arena, struct receipt_state);
    call->state = state;
    if (!call_query_known(call, known))
        return;
    state->code = call_query(call, "h");
    if (state->code == NULL || strlen(state->code) < 8 || strlen(state->code) > 128) {
        call_problem(
            call, state->code == NULL ? PROBLEM_FIELD_MISSING : PROBLEM_FIELD_INVALID, "h");
        return;
    }
    struct public_number number;
    if (public_number_read(call_parameter(call, "receipt_no"), PUBLIC_PAYMENT, &number)) {
        state->customer_id = number.customer_id;
        state->payment_id = number.id;
    }
    call_read(call, verify_unit, verified);
}

const struct api_route receipt_routes[] = {
    {HTTP_GET, "/payments/{payment_id}/receipt.pdf", get_receipt, API_CUSTOMER},
    {HTTP_GET, "/verify/{receipt_no}", get_verify, API_PUBLIC, .rate = API_RATE_SLOW},
    API_ROUTES_END,
};
