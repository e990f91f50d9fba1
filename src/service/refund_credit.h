/*
 * refund_credit.h: a customer's credit balance goes back to where money came from. Exports: enum
 * refund_credit_outcome, struct refund_credit, struct refund_credit_answer, refund_credit(), and
 * the worker's side.
 *
 * A refund is a payment row of entry "refund" that names the payment it goes back along. The money
 * leaves the balance when it is asked for and returns to it if the channel refuses.
 */
#ifndef FENQI_SERVICE_REFUND_CREDIT_H
#define FENQI_SERVICE_REFUND_CREDIT_H

#include "channel/channel.h"
#include "service/begin_payment.h"
#include "store/outbox.h"

#define OUTBOX_KIND_REFUND "refund"

/* In the order in which they are checked. */
enum refund_credit_outcome {
    REFUND_CREDIT_OK,
    REFUND_CREDIT_AMOUNT_INVALID, /* not above zero */
    REFUND_CREDIT_BALANCE_INSUFFICIENT,
    REFUND_CREDIT_NOT_POSSIBLE, /* no payment by card or WeChat is large enough to go back along */
    REFUND_CREDIT_CHANNEL_UNAVAILABLE,
};

struct refund_credit {
    int64_t customer_id;
    struct payment_rails rails;
    struct money amount;
};

struct refund_credit_answer {
    enum refund_credit_outcome outcome;
    struct payment *refund; /* NULL unless OK */
};

enum status refund_credit(struct tx *tx, struct moment moment, const struct refund_credit *command,
    struct refund_credit_answer *answer) FENQI_MUST_USE;

/* The worker's side; see channel_task.h. */
struct channel_task;
enum status prepare_refund(struct tx *tx, struct moment moment, const struct outbox_item *item,
    struct channel_task *task) FENQI_MUST_USE;
enum status finish_refund(struct tx *tx, struct moment moment, const struct outbox_item *item,
    const struct channel_answer *answer) FENQI_MUST_USE;

#endif
