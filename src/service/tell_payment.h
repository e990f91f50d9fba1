/*
 * tell_payment.h: what a customer is told of a payment. Exports: payment_changed(),
 * tell_payment(), payment_title(), payment_source().
 */
#ifndef FENQI_SERVICE_TELL_PAYMENT_H
#define FENQI_SERVICE_TELL_PAYMENT_H

#include "service/send_notice.h"
#include "service/source_words.h"
#include "store/payment.h"

/* Tells open screens that a payment's state is another one (event "p"). */
enum status payment_changed(
    struct tx *tx, struct moment moment, const struct payment *payment) FENQI_MUST_USE;

/*
 * Sends a notice about a payment: {order}, {amount}, {date}, {source}, {reason} are filled from it.
 * `next` may be NULL.
 */
enum status tell_payment(struct tx *tx, struct moment moment, const struct payment *payment,
    enum message message, struct money amount, const struct words *next) FENQI_MUST_USE;

/* The orders that a payment is about: "title" or "title 等 3 笔". */
enum status payment_title(struct tx *tx, const struct payment *payment, struct words *title,
    int64_t *first_order_id) FENQI_MUST_USE;

/* The card of a payment; *source is NULL where there is none. */
enum status payment_source(
    struct tx *tx, const struct payment *payment, struct funding_source **source) FENQI_MUST_USE;

#endif
