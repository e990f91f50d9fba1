/*
 * goods_refund.h: money that a shop gave back for goods. Exports: struct goods_refund and queries.
 */
#ifndef FENQI_STORE_GOODS_REFUND_H
#define FENQI_STORE_GOODS_REFUND_H

#include "base/money.h"
#include "store/store.h"

struct goods_refund {
    int64_t customer_id;
    int64_t refund_id;
    int64_t order_id;
    int64_t contract_id;
    const char *shop_refund_no; /* the shop's own, unique within the order */
    struct money amount;
    struct money to_debt;     /* taken off what the customer owes */
    struct money to_customer; /* left as credit balance */
    const char *reason;
    struct day refunded_on;
    struct instant created_at;
};

enum status goods_refund_insert(struct tx *tx, const struct goods_refund *refund) FENQI_MUST_USE;

/* *refund is NULL when the order has no refund of that number. */
enum status goods_refund_by_number(struct tx *tx, int64_t customer_id, int64_t order_id,
    const char *shop_refund_no, struct goods_refund **refund) FENQI_MUST_USE;

/* All refunds of a customer, the newest first. */
enum status goods_refund_of_customer(struct tx *tx, int64_t customer_id,
    struct goods_refund **refunds, size_t *count) FENQI_MUST_USE;

#endif
