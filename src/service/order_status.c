/*
 * order_status.c: how an order stands today. See order_status.h.
 */
#include "service/order_status.h"

#include "base/check.h"

#include <string.h>

static const char *const names[ORDER_STATUS_COUNT] = {
    [ORDER_STATUS_OVERDUE] = "overdue",
    [ORDER_STATUS_DUE] = "due",
    [ORDER_STATUS_RUNNING] = "running",
    [ORDER_STATUS_PENDING] = "pending",
    [ORDER_STATUS_SETTLED] = "settled",
    [ORDER_STATUS_REFUNDED] = "refunded",
    [ORDER_STATUS_CANCELLED] = "cancelled",
};

enum order_status order_status_of(const struct order *order, struct instant now,
    const struct contract_state *contract, const struct due_quote *quote) {
    switch (order->state) {
    case ORDER_PENDING:
        return instant_compare(now, order->expires_at) > 0 ? ORDER_STATUS_CANCELLED
                                                           : ORDER_STATUS_PENDING;
    case ORDER_CANCELLED:
        return ORDER_STATUS_CANCELLED;
    case ORDER_ACCEPTED:
        break;
    }
    check(contract != NULL && quote != NULL);
    if (contract->status == CONTRACT_SETTLED) {
        return ORDER_STATUS_SETTLED;
    }
    if (contract->status == CONTRACT_REFUNDED) {
        return ORDER_STATUS_REFUNDED;
    }
    if (money_is_positive(quote->overdue)) {
        return ORDER_STATUS_OVERDUE;
    }
    return money_is_positive(quote->due) ? ORDER_STATUS_DUE : ORDER_STATUS_RUNNING;
}

const char *order_status_name(enum order_status status) {
    return names[status];
}

bool order_status_read(const char *name, enum order_status *out) {
    for (int i = 0; i < ORDER_STATUS_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (enum order_status)i;
            return true;
        }
    }
    return false;
}
