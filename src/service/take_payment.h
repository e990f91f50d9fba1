/*
 * take_payment.h: a customer pays. Exports: enum take_payment_outcome, struct take_payment, struct
 * take_payment_answer, take_payment(), take_payment_foresee().
 *
 * Idempotency is the caller's (Idempotency-Key, kept by the API frame in the same transaction). No
 * channel is called here: the payment is written down and the channel worker is woken. A payment
 * from the credit balance is settled at once.
 */
#ifndef FENQI_SERVICE_TAKE_PAYMENT_H
#define FENQI_SERVICE_TAKE_PAYMENT_H

#include "service/begin_payment.h"
#include "service/payment_view.h"

/* In the order in which they are checked. */
enum take_payment_outcome {
    TAKE_PAYMENT_OK,
    TAKE_PAYMENT_ORDER_NOT_FOUND,
    TAKE_PAYMENT_NOTHING_OWED,
    TAKE_PAYMENT_NOTHING_TO_SETTLE,
    TAKE_PAYMENT_AMOUNT_INVALID,
    TAKE_PAYMENT_AMOUNT_TOO_SMALL,
    TAKE_PAYMENT_AMOUNT_TOO_LARGE,
    TAKE_PAYMENT_AMOUNT_CHANGED, /* what was shown is not what is owed now */
    TAKE_PAYMENT_IN_PROGRESS,    /* an instalment of it is being collected */
    TAKE_PAYMENT_FUNDING_SOURCE_NOT_FOUND,
    TAKE_PAYMENT_FUNDING_SOURCE_UNUSABLE,
    TAKE_PAYMENT_LIMIT_EXCEEDED,
    TAKE_PAYMENT_BALANCE_INSUFFICIENT,
    TAKE_PAYMENT_CHANNEL_UNAVAILABLE,
};

struct take_payment {
    int64_t customer_id;
    struct payment_rails rails;
    struct purpose purpose;
    enum payment_method method;
    int64_t funding_source_id; /* PAY_BY_BANK_CARD */
    struct money expected;     /* the amount on the button */
    const char *customer_ip;
    const char *return_url; /* H5: where the cashier sends the customer; '/' at its end: + number */
};

struct take_payment_answer {
    enum take_payment_outcome outcome;
    struct payment *payment;   /* NULL unless OK */
    struct payment_view *view; /* of it */
    struct money amount;       /* what would be collected now, for AMOUNT_CHANGED */
};

enum status take_payment(struct tx *tx, struct moment moment, const struct take_payment *command,
    struct take_payment_answer *answer) FENQI_MUST_USE;

/*
 * Tells the store what take_payment() is mostly going to load, before it is known who calls: it is
 * then loaded in one round trip. A hint; tests/conformance/test_together.c holds what it saves.
 */
void take_payment_foresee(struct tx *tx, const struct take_payment *command);

#endif
