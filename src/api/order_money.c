/* order_money.c: payments and automatic repayment beside orders. See order_money.h. */
#include "api/order_money.h"

#include "api/autopay_write.h"
#include "api/payment_write.h"
#include "base/public_number.h"

/* The payments on their way, each with its orders. */
static enum status load_live(struct tx *tx, int64_t customer_id, struct order_money *money) {
    struct payment *payments;
    enum status status = payment_live(tx, customer_id, &payments, &money->live_count);
    if (status != STATUS_OK)
        return status;
    money->live = ARENA_ARRAY(tx_arena(tx), money->live_count + 1, struct payment_view);
    for (size_t i = 0; i < money->live_count && status == STATUS_OK; i++)
        status = load_payment_row(tx, &payments[i], &money->live[i]);
    return status;
}

enum status load_order_money(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, int64_t contract_id, struct order_money *money) {
    *money = (struct order_money){.customer_id = customer_id, .arena = tx_arena(tx)};
    enum status status = load_live(tx, customer_id, money);
    if (status == STATUS_OK)
        status = load_autopay_view(tx, moment, customer_id, &money->autopay);
    if (status == STATUS_OK && order_id != 0)
        status = load_payment_rows(tx, customer_id, order_id, 0, INT64_MAX, ORDER_PAYMENTS_SHOWN,
            &money->latest, &money->latest_count);
    if (status == STATUS_OK && contract_id != 0)
        status = instalment_payment_list(
            tx, customer_id, contract_id, &money->instalments, &money->instalment_count);
    return status;
}

static bool is_about(const struct payment_view *view, int64_t order_id) {
    if (order_id == 0)
        return true;
    for (size_t i = 0; i < view->order_count; i++)
        if (view->orders[i]->order_id == order_id)
            return true;
    return false;
}

void open_payment_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id) {
    for (size_t i = 0; i < money->live_count; i++)
        if (is_about(&money->live[i], order_id)) {
            payment_ref_write(json, name, money->live[i].payment);
            return;
        }
    json_null(json, name);
}

void open_payments_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id) {
    json_open(json, name, '[');
    for (size_t i = 0; i < money->live_count; i++)
        if (is_about(&money->live[i], order_id))
            payment_ref_write(json, NULL, money->live[i].payment);
    json_close(json);
}

void order_payments_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id) {
    json_open(json, name, '[');
    for (size_t i = 0; i < money->latest_count; i++)
        if (is_about(&money->latest[i], order_id))
            payment_summary_write(json, NULL, money->arena, &money->latest[i]);
    json_close(json);
}

void autopay_state_write(struct json *json, const char *name, const struct order_money *money) {
    autopay_brief_write(json, name, money->arena, &money->autopay);
}

void instalment_payments_write(
    struct json *json, const char *name, const struct order_money *money, int32_t number) {
    json_open(json, name, '[');
    for (size_t i = 0; i < money->instalment_count; i++) {
        const struct instalment_payment *payment = &money->instalments[i];
        if (payment->instalment != number)
            continue;
        char text[PUBLIC_NUMBER_SIZE];
        json_open(json, NULL, '{');
        json_string(json, "payment_id",
            public_number_write(PUBLIC_PAYMENT, money->customer_id, payment->payment_id, text));
        json_money(json, "amount_fen", payment->amount);
        json_day(json, "paid_on", payment->day);
        json_boolean(json, "has_receipt", true);
        json_close(json);
    }
    json_close(json);
}
