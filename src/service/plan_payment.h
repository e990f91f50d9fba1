/*
 * plan_payment.h: what a payment would pay. Exports: struct purpose, enum plan_outcome, struct
 * payment_plan, plan_payment(), allocate_part().
 *
 * Asked by the preview, by the payment itself and by automatic repayment, so that what is shown is
 * what is done. Changes nothing. Several contracts are paid in the order of their oldest open due
 * day (民法典 560: what is due first goes first).
 */
#ifndef FENQI_SERVICE_PLAN_PAYMENT_H
#define FENQI_SERVICE_PLAN_PAYMENT_H

#include "engine/quote.h"
#include "service/apply_contract_event.h"
#include "store/order.h"
#include "store/payment.h"

enum { PURPOSE_ORDERS_MAX = 50 };

/* The least that a customer may choose to pay, unless less is left: 1 yuan. */
#define PAYMENT_LEAST ((struct money){100})

struct purpose {
    enum payment_purpose kind;
    const int64_t *order_ids;
    size_t order_count;
    struct money amount; /* PURPOSE_AMOUNT */
};

/* In the order in which they are checked. */
enum plan_outcome {
    PLAN_OK,
    PLAN_ORDER_NOT_FOUND,
    PLAN_NOTHING_OWED,
    PLAN_NOTHING_TO_SETTLE,
    PLAN_AMOUNT_INVALID, /* amount with another purpose, none with PURPOSE_AMOUNT, wrong orders */
    PLAN_AMOUNT_TOO_SMALL,
    PLAN_AMOUNT_TOO_LARGE, /* more than is left in these orders */
};

struct planned_part {
    struct live_contract *contract;
    struct order *order;
    struct due_quote *quote; /* before */
    struct money amount;     /* 0: this contract gets nothing */
    enum payment_target target;
    struct due_quote *quote_after; /* after the planned payment */
};

struct payment_plan {
    enum plan_outcome outcome;
    size_t part_count; /* those with something to pay come first */
    struct planned_part *parts;
    struct money amount;
    struct money least, most;       /* for PURPOSE_AMOUNT over these orders */
    struct money owed_now, overdue; /* of these orders, before */
    struct money owed_now_after, overdue_after;
    size_t allocation_count;
    struct payment_allocation *allocations; /* what is paid first, in order */
    struct settle_quote *settlement;        /* PURPOSE_SETTLE of one order; else NULL */
};

/* With an outcome other than OK, orders and figures that could be worked out are filled in. */
enum status plan_payment(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct purpose *purpose, struct payment_plan *plan) FENQI_MUST_USE;

/*
 * The plan of collecting `amount` (> 0, at most what is owed now) of one contract: what automatic
 * repayment takes.
 */
enum status plan_collection(struct tx *tx, struct moment moment, struct live_contract *contract,
    struct money amount, struct payment_plan *plan) FENQI_MUST_USE;

/*
 * Turns the lines of an update into allocations, one an instalment, behind `count` of them (none:
 * *lines may be NULL); *lines becomes an array in `arena` that has them all.
 */
void allocate_part(struct arena *arena, const struct stored_contract *contract,
    const struct contract_state *after, const struct contract_update *update,
    struct payment_allocation **lines, size_t *count);

/* Order ids of purpose_orders ("1,2,3"), and back; in `arena`. */
const char *purpose_orders_write(struct arena *arena, const int64_t *order_ids, size_t count);
size_t purpose_orders_read(struct arena *arena, const char *text, int64_t **order_ids);

#endif
