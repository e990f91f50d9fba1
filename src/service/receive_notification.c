/* receive_notification.c: a channel tells what became of a number. See receive_notification.h. */
#include "service/receive_notification.h"

#include "base/check.h"
#include "base/json_write.h"
#include "base/public_number.h"
#include "service/bell.h"
#include "service/settle_payment.h"
#include "store/channel_message.h"

int64_t notification_customer(const struct channel_notice *notice) {
    struct public_number number;
    return public_number_read(notice->number, PUBLIC_PAYMENT, &number) ? number.customer_id : 0;
}

bool receive_is_acknowledged(enum receive_outcome outcome) {
    switch (outcome) {
    case RECEIVE_APPLIED:
    case RECEIVE_IGNORED:
    case RECEIVE_REPEATED:
        return true;
    case RECEIVE_REFUSED:
    case RECEIVE_UNKNOWN_NUMBER:
    case RECEIVE_WRONG_AMOUNT:
        return false;
    }
    check(false);
    return false;
}

static bool is_refused(enum channel_notice_verdict verdict) {
    switch (verdict) {
    case CHANNEL_NOTICE_PAYMENT:
    case CHANNEL_NOTICE_REFUND:
    case CHANNEL_NOTICE_IGNORED:
        return false;
    case CHANNEL_NOTICE_MALFORMED:
    case CHANNEL_NOTICE_FORGED:
    case CHANNEL_NOTICE_STALE:
    case CHANNEL_NOTICE_MISDIRECTED:
        return true;
    }
    check(false);
    return true;
}

/* What is kept of a notification: what it said, nothing of a person. */
static struct bytes body_of(struct tx *tx, const struct channel_notice *notice) {
    struct json json = json_start(tx_arena(tx));
    json_open(&json, NULL, '{');
    json_string(&json, "number", notice->number);
    json_integer(&json, "state", notice->answer.state);
    json_string(&json, "code", notice->answer.provider_code);
    json_money(&json, "amount_fen", notice->answer.amount);
    json_string(&json, "transaction_id", notice->answer.transaction_id);
    json_instant(&json, "moved_at", notice->answer.moved_at);
    json_close(&json);
    return bytes_of_text(json_text(&json));
}

static enum status keep_message(struct tx *tx, struct moment moment,
    const struct receive_notification *command, const struct payment *payment, bool *fresh) {
    struct channel_message message = {
        .customer_id = payment->customer_id,
        .message_id = tx_new_id(tx, moment.now),
        .channel = channel_kind_name(command->kind),
        .kind = command->notice->verdict == CHANNEL_NOTICE_REFUND ? "refund" : "payment",
        .dedupe_key = command->notice->notice_id,
        .subject_id = payment->payment_id,
        .received_at = moment.now,
        .body = body_of(tx, command->notice),
    };
    return channel_message_insert(tx, &message, fresh);
}

static enum status apply(struct tx *tx, struct moment moment,
    const struct receive_notification *command, struct payment *payment,
    enum receive_outcome *outcome) {
    bool fresh;
    enum status status = keep_message(tx, moment, command, payment, &fresh);
    if (status != STATUS_OK || !fresh) {
        *outcome = RECEIVE_REPEATED;
        return status;
    }
    *outcome = RECEIVE_APPLIED;
    if (payment->entry == PAYMENT_ENTRY_REFUND) {
        /* The refund's own outbox item asks and books; the notification only makes it look now. */
        bell_on_commit(tx, BELL_CHANNEL);
        return STATUS_OK;
    }
    enum settle_outcome settled;
    status = settle_payment(tx, moment, payment, &command->notice->answer, &settled);
    if (settled == SETTLE_WRONG_AMOUNT)
        *outcome = RECEIVE_WRONG_AMOUNT;
    return status;
}

enum status receive_notification(struct tx *tx, struct moment moment,
    const struct receive_notification *command, enum receive_outcome *outcome) {
    const struct channel_notice *notice = command->notice;
    struct public_number number;
    struct payment *payment = NULL;
    *outcome = RECEIVE_REFUSED;
    if (is_refused(notice->verdict))
        return STATUS_OK;
    *outcome = RECEIVE_IGNORED;
    if (notice->verdict == CHANNEL_NOTICE_IGNORED)
        return STATUS_OK;
    *outcome = RECEIVE_UNKNOWN_NUMBER;
    if (!public_number_read(notice->number, PUBLIC_PAYMENT, &number))
        return STATUS_OK;
    enum status status = payment_load(tx, number.customer_id, number.id, &payment);
    bool refund_notice = notice->verdict == CHANNEL_NOTICE_REFUND;
    if (status != STATUS_OK || !payment || payment->channel != (int32_t)command->kind ||
        payment->mode != (int32_t)command->mode ||
        (payment->entry == PAYMENT_ENTRY_REFUND) != refund_notice)
        return status;
    return apply(tx, moment, command, payment, outcome);
}
