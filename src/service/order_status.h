/*
 * order_status.h: how an order stands today. Exports: enum order_status, order_status_of(),
 * order_status_name(), order_status_read().
 */
#ifndef FENQI_SERVICE_ORDER_STATUS_H
#define FENQI_SERVICE_ORDER_STATUS_H

#include "engine/quote.h"
#include "store/order.h"

/* The chips of the list, in the order of urgency. */
enum order_status {
    ORDER_STATUS_OVERDUE,
    ORDER_STATUS_DUE, /* something falls due today or within the due window */
    ORDER_STATUS_RUNNING,
    ORDER_STATUS_PENDING, /* waits for the customer's acceptance */
    ORDER_STATUS_SETTLED,
    ORDER_STATUS_REFUNDED,
    ORDER_STATUS_CANCELLED, /* not accepted in time */
};
enum { ORDER_STATUS_COUNT = ORDER_STATUS_CANCELLED + 1 };

/*
 * The status at `now`. `contract` and `quote` are NULL for an order without a contract; otherwise
 * the contract's state and what is owed on the business date.
 */
enum order_status order_status_of(const struct order *order, struct instant now,
    const struct contract_state *contract, const struct due_quote *quote);

/* "overdue" … as in spec/openapi.yaml, OrderState. */
const char *order_status_name(enum order_status status);

/* The reverse; false when it is no status. */
bool order_status_read(const char *name, enum order_status *out);

#endif
