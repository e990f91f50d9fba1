/* cancel_payment.c: a customer takes a payment back. See cancel_payment.h. */
#include "service/cancel_payment.h"

#include "channel/channel.h"
#include "service/begin_payment.h"
#include "service/bell.h"
#include "service/tell_payment.h"
#include "store/outbox.h"

bool payment_can_be_cancelled(const struct payment *payment) {
    if (payment->entry != PAYMENT_ENTRY_PAYMENT || payment_is_final(payment->state) ||
        payment->cancel_requested)
        return false;
    bool never_sent = payment->state == PAYMENT_CREATED && payment->submitted_at.us == 0;
    return never_sent || channel_capability((enum channel_kind)payment->channel).close;
}

static enum status cancel_at_once(struct tx *tx, struct moment moment, struct payment *payment) {
    payment->state = PAYMENT_CANCELLED;
    payment->finished_at = moment.now;
    payment->customer_ip = NULL;
    payment_step_add(tx_arena(tx), payment, moment.now, "cancelled");
    enum status status = payment_save(tx, payment);
    if (status == STATUS_OK)
        status = live_collection_release(tx, payment->customer_id, payment->payment_id);
    return status == STATUS_OK ? payment_changed(tx, moment, payment) : status;
}

/* A second item for the worker, due now: the one that waits for the customer finds a final state.
 */
static enum status ask_to_close(struct tx *tx, struct moment moment, struct payment *payment) {
    payment->cancel_requested = true;
    struct outbox_item item = {
        .customer_id = payment->customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_CHANNEL,
        .kind = OUTBOX_KIND_PAYMENT,
        .payload =
            bytes_of_text(arena_printf(tx_arena(tx), "%lld", (long long)payment->payment_id)),
        .next_try_at = moment.now,
    };
    payment_step_add(tx_arena(tx), payment, moment.now, "cancel_requested");
    enum status status = payment_save(tx, payment);
    if (status == STATUS_OK)
        status = outbox_insert(tx, &item, moment.now);
    bell_on_commit(tx, BELL_CHANNEL);
    return status;
}

enum status cancel_payment(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t payment_id, enum cancel_payment_outcome *outcome) {
    struct payment *payment;
    enum status status = payment_load(tx, customer_id, payment_id, &payment);
    if (status != STATUS_OK)
        return status;
    *outcome = CANCEL_PAYMENT_OK;
    if (!payment)
        *outcome = CANCEL_PAYMENT_NOT_FOUND;
    else if (!payment_can_be_cancelled(payment))
        *outcome = CANCEL_PAYMENT_NOT_CANCELLABLE;
    if (*outcome != CANCEL_PAYMENT_OK)
        return STATUS_OK;
    bool never_sent = payment->state == PAYMENT_CREATED && payment->submitted_at.us == 0;
    return never_sent ? cancel_at_once(tx, moment, payment) : ask_to_close(tx, moment, payment);
}
