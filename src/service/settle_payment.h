/*
 * settle_payment.h: what a channel says of a payment becomes true here and nowhere else. Exports:
 * enum settle_outcome, settle_payment(), settle_from_credit().
 *
 * Every answer comes this way: the worker's (to an order, a debit, a query) and notifications. What
 * it does, by the answer's state: ACCEPTED, PROCESSING   created → submitted; the action (QR,
 * redirect) is kept SUCCEEDED              the money is booked: contract events, journal,
 * allocation, notice FAILED                 failed (or cancelled, when the customer asked); the
 * instalments are free again; an automatic debit falls back to the next source UNKNOWN unknown:
 * will be asked about ABSENT                 the channel never saw it: to be sent again under the
 * same number A final payment stays what it is; money that comes after the end goes to the credit
 * balance, once.
 */
#ifndef FENQI_SERVICE_SETTLE_PAYMENT_H
#define FENQI_SERVICE_SETTLE_PAYMENT_H

#include "channel/channel.h"
#include "service/begin_payment.h"

enum settle_outcome {
    SETTLE_APPLIED,
    SETTLE_NO_CHANGE,    /* known already */
    SETTLE_WRONG_AMOUNT, /* money moved, but not the payment's amount: nothing is booked */
    SETTLE_LATE_MONEY,   /* for a payment that had ended: booked to the credit balance */
};

/* `payment` was loaded in this transaction and is changed with it. */
enum status settle_payment(struct tx *tx, struct moment moment, struct payment *payment,
    const struct channel_answer *answer, enum settle_outcome *outcome) FENQI_MUST_USE;

/*
 * Books a payment from the credit balance that begin_payment() has made and nobody has written yet,
 * then writes it. The plan's contracts are those of this transaction and are changed with it.
 */
enum status settle_from_credit(struct tx *tx, struct moment moment, struct payment *payment,
    const struct payment_plan *plan) FENQI_MUST_USE;

#endif
