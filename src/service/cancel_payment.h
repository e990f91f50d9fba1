/*
 * cancel_payment.h: a customer takes back what has not been paid yet. Exports: enum
 * cancel_payment_outcome, cancel_payment(), payment_can_be_cancelled().
 *
 * What the channel has never seen is cancelled at once. An order that stands there is closed first
 * and its fate asked: only when the channel says that it is closed is the payment cancelled,
 * because the customer may be paying at this very moment. A debit on its way cannot be called back.
 */
#ifndef FENQI_SERVICE_CANCEL_PAYMENT_H
#define FENQI_SERVICE_CANCEL_PAYMENT_H

#include "store/payment.h"

/* In the order in which they are checked. */
enum cancel_payment_outcome {
    CANCEL_PAYMENT_OK, /* cancelled, or being closed at the channel */
    CANCEL_PAYMENT_NOT_FOUND,
    CANCEL_PAYMENT_NOT_CANCELLABLE,
};

enum status cancel_payment(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t payment_id, enum cancel_payment_outcome *outcome) FENQI_MUST_USE;

bool payment_can_be_cancelled(const struct payment *payment);

#endif
