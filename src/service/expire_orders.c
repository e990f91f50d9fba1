/*
 * expire_orders.c: orders that nobody accepted in time. See expire_orders.h.
 */
#include "service/expire_orders.h"

#include "service/tell_shop.h"

enum status expire_orders(struct tx *tx, struct moment moment, int32_t limit, size_t *expired) {
    struct order *orders;
    enum status status = order_expired(tx, moment.now, limit, &orders, expired);
    for (size_t i = 0; i < *expired && status == STATUS_OK; i++) {
        /* Its customer may be accepting it at this moment, under a lock that is not ours. */
        bool cancelled;
        status = order_cancel(tx, &orders[i], &cancelled);
        if (status == STATUS_OK && cancelled) {
            orders[i].state = ORDER_CANCELLED;
            status = tell_shop(tx, moment, SHOP_ORDER_EXPIRED, &orders[i], NULL, NULL);
        }
    }
    return status;
}
