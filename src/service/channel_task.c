/* channel_task.c: outbox items of payments, and the way to those of cards. See channel_task.h. */
#include "service/channel_task.h"

#include "base/check.h"
#include "base/public_number.h"
#include "service/bind_card.h"
#include "service/collect_due.h"
#include "service/find_or_create_customer.h"
#include "service/refund_credit.h"
#include "service/settle_payment.h"
#include "store/audit.h"

#include <stdlib.h>
#include <string.h>

int32_t channel_retry_delay_s(int32_t attempts) {
    static const int32_t delays[] = {1, 2, 4, 8, 16, 32, 60, 120, 300, 600};
    enum { COUNT = sizeof delays / sizeof delays[0] };
    int32_t at = attempts < 1 ? 0 : attempts - 1;
    return delays[at < COUNT ? at : COUNT - 1];
}

static bool is(const struct outbox_item *item, const char *kind) {
    return strcmp(item->kind, kind) == 0;
}

static const char *payload_text(struct tx *tx, const struct outbox_item *item) {
    return arena_text_n(tx_arena(tx), (const char *)item->payload.at, item->payload.length);
}

static enum status done(struct tx *tx, const struct outbox_item *item) {
    bool ours;
    return outbox_finish(tx, item, &ours);
}

/* The first sending, in words of the channel. */
static enum channel_operation operation_of(const struct payment *payment) {
    switch (payment->method) {
    case PAY_BY_BANK_CARD:
        return CHANNEL_DEBIT;
    case PAY_BY_WECHAT_NATIVE:
        return CHANNEL_ORDER_NATIVE;
    case PAY_BY_WECHAT_H5:
        return CHANNEL_ORDER_H5;
    case PAY_BY_CREDIT_BALANCE:
    case PAY_BY_NOTHING:
        break;
    }
    check(false);
    return CHANNEL_QUERY;
}

static const char *number_of(struct tx *tx, int64_t customer_id, int64_t payment_id) {
    char text[PUBLIC_NUMBER_SIZE];
    return arena_text(
        tx_arena(tx), public_number_write(PUBLIC_PAYMENT, customer_id, payment_id, text));
}

/* Where the cashier sends the customer back to: the payment's own page. */
static const char *return_url_of(struct tx *tx, const struct payment *payment, const char *number) {
    const char *url = payment->return_url;
    size_t length = url ? strlen(url) : 0;
    return length > 0 && url[length - 1] == '/' ? arena_printf(tx_arena(tx), "%s%s", url, number)
                                                : url;
}

static bool ready_to_close(struct moment moment, const struct payment *payment) {
    return channel_capability((enum channel_kind)payment->channel).close &&
           (payment->cancel_requested ||
               instant_compare(moment.now, payment->action_expires_at) > 0);
}

/* Created (or never seen by the channel): "sent" becomes true before anything leaves. */
static enum status mark_sent(struct tx *tx, struct moment moment, struct payment *payment) {
    const char *code = payment->resend ? "resent" : "sent";
    payment->resend = false;
    payment->submitted_at = moment.now; /* of the last sending: part of the key at the acquirer */
    payment->state = PAYMENT_SUBMITTED;
    payment_step_add(tx_arena(tx), payment, moment.now, code);
    return payment_save(tx, payment);
}

static enum status add_protocol(struct tx *tx, const struct vault *vault,
    const struct payment *payment, struct channel_request *request) {
    struct funding_source *source;
    enum status status =
        funding_source_load(tx, payment->customer_id, payment->funding_source_id, &source);
    if (status != STATUS_OK)
        return status;
    check(source);
    return open_protocol(tx, vault, source, &request->protocol_no);
}

static enum status prepare_payment(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct channel_task *task) {
    struct payment *payment;
    int64_t payment_id = strtoll(payload_text(tx, item), NULL, 10);
    enum status status = payment_load(tx, item->customer_id, payment_id, &payment);
    if (status != STATUS_OK)
        return status;
    if (!payment || payment_is_final(payment->state))
        return done(tx, item);
    bool closing = ready_to_close(moment, payment);
    bool send = !closing && (payment->state == PAYMENT_CREATED || payment->resend);
    struct arena *arena = tx_arena(tx);
    task->needed = true;
    task->close_first = closing;
    task->request = (struct channel_request){
        .kind = (enum channel_kind)payment->channel,
        .mode = (enum channel_mode)payment->mode,
        .operation = send ? operation_of(payment) : CHANNEL_QUERY,
        .number = number_of(tx, payment->customer_id, payment->payment_id),
        .number_at = send ? moment.now : payment->submitted_at,
        .expires_at = payment->action_expires_at,
        .amount = payment->amount,
        .description = "分期还款",
        .customer_ip = payment->customer_ip,
        .customer_ref = arena_printf(arena, "%lld", (long long)payment->customer_id),
    };
    task->request.return_url = return_url_of(tx, payment, task->request.number);
    if (send && payment->method == PAY_BY_BANK_CARD)
        status = add_protocol(tx, vault, payment, &task->request);
    return status == STATUS_OK && send ? mark_sent(tx, moment, payment) : status;
}

/* A wrong amount is for people to look at: written down once, whichever answer brought it. */
static enum status wrong_amount(struct tx *tx, struct moment moment, struct payment *payment) {
    if (payment_has_step(payment, "wrong_amount"))
        return STATUS_OK;
    payment_step_add(tx_arena(tx), payment, moment.now, "wrong_amount");
    enum status status = payment_save(tx, payment);
    if (status == STATUS_OK)
        status = audit_insert(
            tx, &(struct audit_record){.customer_id = payment->customer_id,
                    .actor_kind = ACTOR_SYSTEM,
                    .action = "payment_wrong_amount",
                    .subject = number_of(tx, payment->customer_id, payment->payment_id),
                    .created_at = moment.now});
    return status;
}

static enum status finish_payment(struct tx *tx, struct moment moment,
    const struct outbox_item *item, const struct channel_answer *answer) {
    struct payment *payment;
    int64_t payment_id = strtoll(payload_text(tx, item), NULL, 10);
    enum settle_outcome outcome;
    enum status status = payment_load(tx, item->customer_id, payment_id, &payment);
    if (status != STATUS_OK)
        return status;
    check(payment);
    status = settle_payment(tx, moment, payment, answer, &outcome);
    if (status == STATUS_OK && outcome == SETTLE_WRONG_AMOUNT)
        status = wrong_amount(tx, moment, payment);
    if (status != STATUS_OK || payment_is_final(payment->state))
        return status == STATUS_OK ? done(tx, item) : status;
    bool ours;
    int32_t delay_s = payment->resend ? 1 : channel_retry_delay_s(item->attempts);
    /* A customer who stands at the cashier is waited for at a steady pace. */
    if (answer->state == CHANNEL_ACCEPTED && delay_s > 10)
        delay_s = 10;
    return outbox_retry(tx, item, instant_add_seconds(moment.now, delay_s),
        *answer->provider_text ? answer->provider_text : NULL, &ours);
}

enum status prepare_channel_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct channel_task *task) {
    *task = (struct channel_task){0};
    if (is(item, OUTBOX_KIND_PAYMENT))
        return prepare_payment(tx, moment, vault, item, task);
    if (is(item, OUTBOX_KIND_AUTOPAY_RUN)) {
        enum status status =
            collect_later_run(tx, moment, item->customer_id, payload_text(tx, item));
        return status == STATUS_OK ? done(tx, item) : status;
    }
    if (is(item, OUTBOX_KIND_REFUND))
        return prepare_refund(tx, moment, item, task);
    return prepare_card_task(tx, moment, vault, item, task);
}

enum status finish_channel_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, const struct channel_task *task,
    const struct channel_answer *answer) {
    if (is(item, OUTBOX_KIND_PAYMENT))
        return finish_payment(tx, moment, item, answer);
    if (is(item, OUTBOX_KIND_REFUND))
        return finish_refund(tx, moment, item, answer);
    return finish_card_task(tx, moment, vault, item, task, answer);
}
