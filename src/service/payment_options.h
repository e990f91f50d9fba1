/*
 * payment_options.h: what a payment could be made with. Exports: struct payment_option,
 * list_payment_options().
 *
 * Methods that cannot be used stay visible with their reason, so that nobody wonders where a card
 * has gone. The first usable one is the suggestion.
 */
#ifndef FENQI_SERVICE_PAYMENT_OPTIONS_H
#define FENQI_SERVICE_PAYMENT_OPTIONS_H

#include "service/begin_payment.h"
#include "service/source_words.h"

enum { PAYMENT_OPTIONS_MAX = 24 };

struct payment_option {
    enum payment_method method;
    int64_t funding_source_id; /* PAY_BY_BANK_CARD */
    struct words label;
    bool usable;
    struct words reason; /* why not; NULL texts when usable */
    struct words hint;   /* limit or balance; NULL texts when there is none */
};

/* For an amount; usable ones first, cards before WeChat before the balance. */
enum status list_payment_options(struct tx *tx, int64_t customer_id, struct payment_rails rails,
    struct money amount, struct payment_option options[PAYMENT_OPTIONS_MAX],
    size_t *count) FENQI_MUST_USE;

#endif
