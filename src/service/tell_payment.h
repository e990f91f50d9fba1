/*
 * tell_payment.h: what a customer is told of a payment. Exports: payment_changed(), struct
 * payment_about, load_payment_about(), planned_payment_about(), tell_payment(),
 * tell_payment_about(), payment_source().
 */
#ifndef FENQI_SERVICE_TELL_PAYMENT_H
#define FENQI_SERVICE_TELL_PAYMENT_H

#include "service/plan_payment.h"
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

/* What its notices name beside the payment itself. */
struct payment_about {
    struct words title;            /* of its orders: "title" or "title 等 3 笔订单" */
    int64_t order_id;              /* the first; 0: about none */
    struct funding_source *source; /* NULL: no card */
};

enum status load_payment_about(
    struct tx *tx, const struct payment *payment, struct payment_about **about) FENQI_MUST_USE;

/* The same from a plan that pays something, for a payment without a card: loads nothing. */
struct payment_about *planned_payment_about(struct tx *tx, const struct payment_plan *plan);

/* tell_payment() where what the payment is about is at hand. */
enum status tell_payment_about(struct tx *tx, struct moment moment, const struct payment *payment,
    const struct payment_about *about, enum message message, struct money amount,
    const struct words *next) FENQI_MUST_USE;

/* The card of a payment; *source is NULL where there is none. */
enum status payment_source(
    struct tx *tx, const struct payment *payment, struct funding_source **source) FENQI_MUST_USE;

#endif
