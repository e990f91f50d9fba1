/*
 * accept_checkout.h: the customer accepts a cost table and the contract begins. Exports:
 * enum accept_checkout_outcome, struct accept_checkout, struct accept_checkout_answer,
 * accept_checkout().
 */
#ifndef FENQI_SERVICE_ACCEPT_CHECKOUT_H
#define FENQI_SERVICE_ACCEPT_CHECKOUT_H

#include "store/order.h"

/* How long a cost table must have been on the screen before it can be confirmed. */
enum { READING_LEAST_MS = 5000 };

/* In the order in which they are checked. */
enum accept_checkout_outcome {
    ACCEPT_CHECKOUT_OK,
    ACCEPT_CHECKOUT_NOT_FOUND,
    ACCEPT_CHECKOUT_NOT_YOURS, /* the order is for another phone number */
    ACCEPT_CHECKOUT_ACCEPTED,  /* accepted before */
    ACCEPT_CHECKOUT_EXPIRED,
    ACCEPT_CHECKOUT_TERM_NOT_OFFERED,
    ACCEPT_CHECKOUT_COST_TABLE_CHANGED, /* what was shown is not what would be agreed now */
    ACCEPT_CHECKOUT_READING_TOO_SHORT,
};

struct accept_checkout {
    const char *token;
    int64_t customer_id; /* who is logged in */
    int32_t instalment_count;
    const char *cost_table_hash; /* of the table that was on the screen */
    int64_t read_ms;             /* for how long */
};

struct accept_checkout_answer {
    enum accept_checkout_outcome outcome;
    struct order *order; /* with its contract_id; NULL unless OK */
};

enum status accept_checkout(struct tx *tx, struct moment moment,
    const struct accept_checkout *command, struct accept_checkout_answer *answer) FENQI_MUST_USE;

#endif
