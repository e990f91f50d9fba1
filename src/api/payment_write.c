/* payment_write.c: payments as JSON. Exports what payment_write.h declares. */
#include "api/payment_write.h"

#include "base/public_number.h"
#include "channel/channel.h"
#include "service/cancel_payment.h"
#include "service/plan_payment.h"

static void write_words(
    struct json *json, struct arena *arena, const char *name, struct words words, bool known) {
    json_string(json, arena_printf(arena, "%s_zh", name), known ? words.zh : NULL);
    json_string(json, arena_printf(arena, "%s_en", name), known ? words.en : NULL);
}

static void write_number(struct json *json, const char *name, enum public_number_kind kind,
    int64_t customer_id, int64_t id) {
    char number[PUBLIC_NUMBER_SIZE];
    json_string(json, name, public_number_write(kind, customer_id, id, number));
}

void order_ref_write(struct json *json, const char *name, const struct order *order) {
    json_open(json, name, '{');
    write_number(json, "order_id", PUBLIC_ORDER, order->customer_id, order->order_id);
    json_string(json, "title", order->title);
    json_close(json);
}

void purpose_write(struct json *json, const char *name, int64_t customer_id,
    enum payment_purpose kind, const int64_t *order_ids, size_t count, struct money amount) {
    json_open(json, name, '{');
    json_string(json, "kind", payment_purpose_name(kind));
    json_open(json, "order_ids", '[');
    for (size_t i = 0; i < count; i++)
        write_number(json, NULL, PUBLIC_ORDER, customer_id, order_ids[i]);
    json_close(json);
    if (kind == PURPOSE_AMOUNT)
        json_money(json, "amount_fen", amount);
    json_close(json);
}

static const char *title_of(
    const struct payment_allocation *allocation, struct order **orders, size_t order_count) {
    for (size_t i = 0; i < order_count; i++)
        if (orders[i]->order_id == allocation->order_id)
            return orders[i]->title;
    return "";
}

void allocation_write(struct json *json, const char *name, int64_t customer_id,
    const struct payment_allocation *allocations, size_t count, struct order **orders,
    size_t order_count) {
    json_open(json, name, '[');
    for (size_t i = 0; i < count; i++) {
        const struct payment_allocation *line = &allocations[i];
        json_open(json, NULL, '{');
        write_number(json, "order_id", PUBLIC_ORDER, customer_id, line->order_id);
        json_string(json, "order_title", title_of(line, orders, order_count));
        json_integer(json, "instalment_number", line->instalment);
        json_day(json, "due_day", line->due_day);
        json_money(json, "principal_fen", line->principal);
        json_money(json, "interest_fen", line->interest);
        json_money(json, "fee_fen", line->fee);
        json_money(json, "penalty_fen", line->penalty);
        json_money(json, "total_fen",
            money_add(
                money_add(line->principal, line->interest), money_add(line->fee, line->penalty)));
        json_money(json, "left_after_fen", line->left_after);
        json_close(json);
    }
    json_close(json);
}

void payment_ref_write(struct json *json, const char *name, const struct payment *payment) {
    if (payment == NULL) {
        json_null(json, name);
        return;
    }
    json_open(json, name, '{');
    write_number(json, "payment_id", PUBLIC_PAYMENT, payment->customer_id, payment->payment_id);
    json_string(json, "state", payment_state_name(payment->state));
    json_money(json, "amount_fen", payment->amount);
    json_instant(json, "created_at", payment->created_at);
    json_close(json);
}

/* What summary and whole have in common. */
static void write_head(struct json *json, struct arena *arena, const struct payment_view *view) {
    const struct payment *payment = view->payment;
    write_number(json, "payment_id", PUBLIC_PAYMENT, payment->customer_id, payment->payment_id);
    json_string(json, "entry", payment_entry_name(payment->entry));
    json_string(json, "state", payment_state_name(payment->state));
    json_money(json, "amount_fen", payment->amount);
    write_words(json, arena, "method", method_words(arena, payment->method, view->source), true);
    json_string(json, "initiator", payment_initiator_name(payment->initiator));
    json_open(json, "orders", '[');
    for (size_t i = 0; i < view->order_count; i++)
        order_ref_write(json, NULL, view->orders[i]);
    json_close(json);
    json_instant(json, "created_at", payment->created_at);
    json_instant(json, "finished_at", payment->finished_at);
}

void payment_summary_write(
    struct json *json, const char *name, struct arena *arena, const struct payment_view *view) {
    const struct payment *payment = view->payment;
    json_open(json, name, '{');
    write_head(json, arena, view);
    write_words(
        json, arena, "reason", payment_reason_words(payment), payment->state == PAYMENT_FAILED);
    json_boolean(json, "has_receipt", payment->state == PAYMENT_SUCCEEDED);
    json_close(json);
}

static void write_method(struct json *json, const struct payment *payment) {
    if (payment->method == PAY_BY_NOTHING) {
        json_null(json, "method");
        return;
    }
    json_open(json, "method", '{');
    json_string(json, "kind", payment_method_name(payment->method));
    if (payment->method == PAY_BY_BANK_CARD)
        write_number(json, "funding_source_id", PUBLIC_FUNDING_SOURCE, payment->customer_id,
            payment->funding_source_id);
    json_close(json);
}

/* The QR code or redirect stands while the payment waits for the customer and has not expired. */
static void write_action(
    struct json *json, struct arena *arena, struct instant now, const struct payment *payment) {
    bool stands = payment->state == PAYMENT_SUBMITTED && payment->action_url != NULL &&
                  instant_compare(now, payment->action_expires_at) < 0;
    json_open(json, "action", '{');
    if (!stands) {
        json_string(json, "kind", "none");
        json_null(json, "url");
        json_null(json, "expires_at");
    } else if (payment->method == PAY_BY_WECHAT_NATIVE) {
        char number[PUBLIC_NUMBER_SIZE];
        public_number_write(PUBLIC_PAYMENT, payment->customer_id, payment->payment_id, number);
        json_string(json, "kind", "scan_qr");
        json_string(json, "url", arena_printf(arena, "/api/v1/payments/%s/qr.svg", number));
        json_instant(json, "expires_at", payment->action_expires_at);
    } else {
        json_string(json, "kind", "redirect");
        json_string(json, "url", payment->action_url);
        json_instant(json, "expires_at", payment->action_expires_at);
    }
    json_close(json);
}

static void write_reason(struct json *json, struct arena *arena, const struct payment *payment) {
    if (payment->state != PAYMENT_FAILED) {
        json_null(json, "reason");
        return;
    }
    json_open(json, "reason", '{');
    json_string(json, "code", channel_failure_name((enum channel_failure)payment->failure));
    write_words(json, arena, "text", payment_reason_words(payment), true);
    write_words(json, arena, "next", payment_next_words(payment), true);
    json_close(json);
}

static void write_promise(struct json *json, struct arena *arena, enum payment_state state) {
    struct words words = {"通常 10 秒内有结果，最长 30 分钟；不会重复扣款",
        "Usually within 10 seconds, at most 30 minutes; you are never charged twice"};
    if (state == PAYMENT_UNKNOWN)
        words = (struct words){"正在向支付渠道确认结果，请不要再次付款；不会重复扣款",
            "We are asking the provider what became of it. Please do not pay again; you are never "
            "charged twice"};
    write_words(json, arena, "promise", words, !payment_is_final(state));
}

static void write_history(struct json *json, struct arena *arena, const struct payment_view *view) {
    json_open(json, "history", '[');
    for (size_t i = 0; i < view->payment->step_count; i++) {
        json_open(json, NULL, '{');
        json_instant(json, "at", view->payment->steps[i].at);
        json_string(json, "state", payment_state_name(view->payment->steps[i].state));
        write_words(
            json, arena, "text", payment_step_words(view->payment, &view->payment->steps[i]), true);
        json_close(json);
    }
    json_close(json);
}

void payment_write(struct json *json, const char *name, struct arena *arena, struct instant now,
    const struct payment_view *view) {
    const struct payment *payment = view->payment;
    json_open(json, name, '{');
    write_head(json, arena, view);
    if (payment->purpose == PURPOSE_NONE) {
        json_null(json, "purpose");
    } else {
        int64_t *order_ids;
        size_t count = purpose_orders_read(arena, payment->purpose_orders, &order_ids);
        purpose_write(json, "purpose", payment->customer_id, payment->purpose, order_ids, count,
            payment->purpose_amount);
    }
    write_method(json, payment);
    json_day(json, "business_date", payment->business_date);
    write_action(json, arena, now, payment);
    write_reason(json, arena, payment);
    write_promise(json, arena, payment->state);
    allocation_write(json, "allocation", payment->customer_id, payment->allocations,
        payment->allocation_count, view->orders, view->order_count);
    json_money(json, "excess_fen", payment->excess);
    if (view->owed_known)
        json_money(json, "owed_now_after_fen", view->owed_now);
    else
        json_null(json, "owed_now_after_fen");
    json_boolean(json, "can_cancel", payment_can_be_cancelled(payment));
    if (payment->state == PAYMENT_SUCCEEDED)
        write_number(json, "receipt_no", PUBLIC_PAYMENT, payment->customer_id, payment->payment_id);
    else
        json_null(json, "receipt_no");
    json_string(json, "channel_no", payment->transaction_id);
    write_history(json, arena, view);
    json_close(json);
}
