/* tell_payment.c: what a customer is told of a payment. See tell_payment.h. */
#include "service/tell_payment.h"

#include "base/check.h"
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

/* "title", or "title 等 3 笔订单". */
static struct words title_of(struct arena *arena, const char *first, size_t count) {
    if (count == 1)
        return (struct words){first, first};
    return (struct words){
        arena_printf(arena, "%s 等 %zu 笔订单", first, count),
        arena_printf(arena, "%s and %zu more", first, count - 1),
    };
}

enum status payment_source(
    struct tx *tx, const struct payment *payment, struct funding_source **source) {
    *source = NULL;
    if (payment->method != PAY_BY_BANK_CARD)
        return STATUS_OK;
    return funding_source_load(tx, payment->customer_id, payment->funding_source_id, source);
}

enum status load_payment_about(
    struct tx *tx, const struct payment *payment, struct payment_about **about) {
    struct payment_about *made = *about = ARENA_NEW(tx_arena(tx), struct payment_about);
    made->title = (struct words){"账户余额", "Credit balance"};
    struct order *order = NULL;
    enum status status = STATUS_OK;
    if (payment->part_count > 0)
        status = order_load(tx, payment->customer_id, payment->parts[0].order_id, &order);
    if (status == STATUS_OK && order != NULL) {
        made->order_id = order->order_id;
        made->title = title_of(tx_arena(tx), order->title, payment->part_count);
    }
    return status == STATUS_OK ? payment_source(tx, payment, &made->source) : status;
}

struct payment_about *planned_payment_about(struct tx *tx, const struct payment_plan *plan) {
    struct payment_about *about = ARENA_NEW(tx_arena(tx), struct payment_about);
    size_t paying = 0;
    while (paying < plan->part_count && money_is_positive(plan->parts[paying].amount))
        paying++;
    check(paying > 0);
    about->order_id = plan->parts[0].order->order_id;
    about->title = title_of(tx_arena(tx), plan->parts[0].order->title, paying);
    return about;
}

enum status tell_payment_about(struct tx *tx, struct moment moment, const struct payment *payment,
    const struct payment_about *about, enum message message, struct money amount,
    const struct words *next) {
    struct words method = method_words(tx_arena(tx), payment->method, about->source);
    enum channel_failure failure = (enum channel_failure)payment->failure;
    char yuan[MONEY_TEXT_SIZE], day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = about->title.zh,
        .amount = money_to_yuan(amount, yuan),
        .date = day_to_text(payment->business_date, day),
        .source = method.zh,
        .source_en = method.en,
        .reason = channel_failure_short_zh(failure),
        .reason_en = channel_failure_short_en(failure),
        .next = next ? next->zh : "",
        .next_en = next ? next->en : "",
        .order_id = about->order_id,
        .payment_id = payment->payment_id,
    };
    return send_notice(tx, moment, payment->customer_id, message, &parameters);
}

enum status tell_payment(struct tx *tx, struct moment moment, const struct payment *payment,
    enum message message, struct money amount, const struct words *next) {
    struct payment_about *about;
    enum status status = load_payment_about(tx, payment, &about);
    return status == STATUS_OK
               ? tell_payment_about(tx, moment, payment, about, message, amount, next)
               : status;
}
