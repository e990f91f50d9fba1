/* order_money.c: payments and automatic repayment beside orders. See order_money.h. */
#include "api/order_money.h"

#include "api/autopay_write.h"
#include "api/payment_write.h"
#include "base/public_number.h"

static bool has_part_for(const struct payment *payment, int64_t order_id) {
    for (size_t i = 0; i < payment->part_count; i++)
        if (payment->parts[i].order_id == order_id)
            return true;
    return false;
}

/* The payments on their way, the oldest first, and the latest of the order, each with its orders.
 */
static void view_payments(struct order_money *money, int64_t order_id) {
    const struct customer_file *file = &money->file;
    money->live = ARENA_ARRAY(money->arena, file->payment_count + 1, struct payment_view);
    money->latest = ARENA_ARRAY(money->arena, ORDER_PAYMENTS_SHOWN, struct payment_view);
    for (size_t i = file->payment_count; i-- > 0;)
        if (!payment_is_final(file->payments[i].state))
            view_payment_of_file(money->arena, file, money->views, money->view_count,
                &file->payments[i], &money->live[money->live_count++]);
    for (size_t i = 0; i < file->payment_count && money->latest_count < ORDER_PAYMENTS_SHOWN; i++)
        if (order_id != 0 && has_part_for(&file->payments[i], order_id))
            view_payment_of_file(money->arena, file, money->views, money->view_count,
                &file->payments[i], &money->latest[money->latest_count++]);
}

/* What succeeded payments paid of the order's contract, the oldest first. */
static void view_instalments(struct order_money *money, int64_t order_id) {
    const struct customer_file *file = &money->file;
    size_t most = 0;
    for (size_t i = 0; i < file->payment_count; i++)
        most += file->payments[i].allocation_count;
    money->instalments = ARENA_ARRAY(money->arena, most + 1, struct instalment_payment);
    for (size_t i = file->payment_count; i-- > 0;)
        for (size_t j = 0; j < file->payments[i].allocation_count; j++) {
            const struct payment_allocation *line = &file->payments[i].allocations[j];
            if (file->payments[i].state != PAYMENT_SUCCEEDED || line->order_id != order_id)
                continue;
            money->instalments[money->instalment_count++] = (struct instalment_payment){
                .instalment = line->instalment,
                .payment_id = file->payments[i].payment_id,
                .day = file->payments[i].business_date,
                .amount = money_add(money_add(line->principal, line->interest),
                    money_add(line->fee, line->penalty)),
            };
        }
}

/* What stands beside the orders that were loaded. */
static enum status load_beside(
    struct tx *tx, struct moment moment, int64_t order_id, struct order_money *money) {
    enum status status = customer_file_load(tx, money->customer_id, order_id, &money->file);
    if (status != STATUS_OK)
        return status;
    view_payments(money, order_id);
    if (order_id != 0)
        view_instalments(money, order_id);
    view_autopay(
        money->arena, moment, &money->file, money->views, money->view_count, &money->autopay);
    return STATUS_OK;
}

enum status load_order_page(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct order_wish *wish, struct order_money *money) {
    *money = (struct order_money){.customer_id = customer_id, .arena = tx_arena(tx)};
    enum status status = load_order_list(
        tx, moment, customer_id, wish, &money->views, &money->view_count, &money->over);
    return status == STATUS_OK ? load_beside(tx, moment, 0, money) : status;
}

enum status load_order_money(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, struct order_money *money) {
    *money = (struct order_money){.customer_id = customer_id, .arena = tx_arena(tx)};
    enum status status =
        order_id == 0 ? load_order_views(tx, moment, customer_id, &money->views, &money->view_count)
                      : load_order_file(tx, moment, customer_id, order_id, &money->views,
                            &money->view_count, &money->view);
    if (status != STATUS_OK || (order_id != 0 && money->view == NULL))
        return status;
    return load_beside(tx, moment, order_id, money);
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
