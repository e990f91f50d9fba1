/* tell_payment.c: what a customer is told of a payment. See tell_payment.h. */
#include "service/tell_payment.h"

#include "base/json_write.h"
#include "base/public_number.h"
#include "channel/channel.h"
#include "service/payment_words.h"
#include "store/event_log.h"
#include "store/order.h"

#include <string.h>

enum status payment_changed(struct tx *tx, struct moment moment, const struct payment *payment) {
    char number[PUBLIC_NUMBER_SIZE];
    struct json json = json_start(tx_arena(tx));
    json_open(&json, NULL, '{');
    json_open(&json, "payment", '{');
    json_string(&json, "payment_id",
        public_number_write(PUBLIC_PAYMENT, payment->customer_id, payment->payment_id, number));
    json_string(&json, "state", payment_state_name(payment->state));
    json_money(&json, "amount_fen", payment->amount);
    json_instant(&json, "created_at", payment->created_at);
    json_close(&json);
    json_close(&json);
    /* The log keeps the members without the braces around them. */
    char *text = json_text(&json);
    size_t length = strlen(text);
    return event_log_append(tx, moment.now, payment->customer_id, "p",
        arena_text_n(tx_arena(tx), text + 1, length - 2));
}

enum status payment_title(
    struct tx *tx, const struct payment *payment, struct words *title, int64_t *first_order_id) {
    struct payment_part *parts;
    size_t count;
    *title = (struct words){"账户余额", "Credit balance"};
    *first_order_id = 0;
    enum status status =
        payment_part_list(tx, payment->customer_id, payment->payment_id, &parts, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    struct order *order;
    status = order_load(tx, payment->customer_id, parts[0].order_id, &order);
    if (status != STATUS_OK || !order)
        return status;
    *first_order_id = order->order_id;
    *title = (struct words){order->title, order->title};
    if (count > 1)
        *title = (struct words){
            arena_printf(tx_arena(tx), "%s 等 %zu 笔订单", order->title, count),
            arena_printf(tx_arena(tx), "%s and %zu more", order->title, count - 1),
        };
    return STATUS_OK;
}

enum status payment_source(
    struct tx *tx, const struct payment *payment, struct funding_source **source) {
    *source = NULL;
    if (payment->method != PAY_BY_BANK_CARD)
        return STATUS_OK;
    return funding_source_load(tx, payment->customer_id, payment->funding_source_id, source);
}

enum status tell_payment(struct tx *tx, struct moment moment, const struct payment *payment,
    enum message message, struct money amount, const struct words *next) {
    struct words title;
    int64_t order_id;
    struct funding_source *source;
    enum status status = payment_title(tx, payment, &title, &order_id);
    if (status == STATUS_OK)
        status = payment_source(tx, payment, &source);
    if (status != STATUS_OK)
        return status;
    struct words method = method_words(tx_arena(tx), payment->method, source);
    enum channel_failure failure = (enum channel_failure)payment->failure;
    char yuan[MONEY_TEXT_SIZE], day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = title.zh,
        .amount = money_to_yuan(amount, yuan),
        .date = day_to_text(payment->business_date, day),
        .source = method.zh,
        .source_en = method.en,
        .reason = channel_failure_short_zh(failure),
        .reason_en = channel_failure_short_en(failure),
        .next = next ? next->zh : "",
        .next_en = next ? next->en : "",
        .order_id = order_id,
        .payment_id = payment->payment_id,
    };
    return send_notice(tx, moment, payment->customer_id, message, &parameters);
}
