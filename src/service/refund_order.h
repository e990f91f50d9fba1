/*
 * refund_order.h: a shop gives money back for goods. Exports: enum refund_order_outcome, struct
 * refund_order, struct refund_order_answer, refund_order().
 *
 * The refund first takes unpaid principal off the debt; what was already paid goes to the
 * customer's credit balance, from which it can be paid out or used. The same refund sent again
 * answers the one that stands.
 */
#ifndef FENQI_SERVICE_REFUND_ORDER_H
#define FENQI_SERVICE_REFUND_ORDER_H

#include "store/goods_refund.h"

/* In the order in which they are checked. */
enum refund_order_outcome {
    REFUND_ORDER_OK,
    REFUND_ORDER_NOT_FOUND,    /* the shop has no such order */
    REFUND_ORDER_NUMBER_TAKEN, /* the refund's number was used for another amount */
    REFUND_ORDER_NOT_POSSIBLE, /* the customer has not accepted: nothing was financed */
    REFUND_ORDER_TOO_LARGE,    /* refunds together above the order's amount */
};

struct refund_order {
    int64_t shop_id;
    const char *shop_order_no;
    const char *shop_refund_no;
    struct money amount; /* > 0 */
    const char *reason;  /* "" when none was given */
};

struct refund_order_answer {
    enum refund_order_outcome outcome;
    bool repeated;
    struct goods_refund *refund; /* NULL unless OK */
};

enum status refund_order(struct tx *tx, struct moment moment, const struct refund_order *command,
    struct refund_order_answer *answer) FENQI_MUST_USE;

#endif
