/*
 * customer_position.h: what a customer owes over all contracts. Exports: struct customer_position,
 * load_customer_position().
 */
#ifndef FENQI_SERVICE_CUSTOMER_POSITION_H
#define FENQI_SERVICE_CUSTOMER_POSITION_H

#include "base/money.h"
#include "store/store.h"

struct customer_position {
    struct money owed_now; /* overdue and due */
    struct money overdue;
    int32_t days_overdue;        /* the longest */
    int32_t open_contracts;      /* with something left to pay */
    struct day earliest_due_day; /* of what is open; DAY_NONE: nothing is */
    int64_t urgent_order_id;     /* the order of that day; 0: none */
};

/* On the business date. A customer without contracts has all zeros and DAY_NONE. */
enum status load_customer_position(struct tx *tx, struct moment moment, int64_t customer_id,
    struct customer_position *position) FENQI_MUST_USE;

#endif
