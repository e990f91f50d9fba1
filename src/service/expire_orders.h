/*
 * expire_orders.h: orders that nobody accepted in time. Exports: expire_orders().
 */
#ifndef FENQI_SERVICE_EXPIRE_ORDERS_H
#define FENQI_SERVICE_EXPIRE_ORDERS_H

#include "store/store.h"

/*
 * Cancels pending orders whose time was up before the moment, the oldest first, at most `limit`,
 * and tells their shops. *expired is how many: fewer than `limit` means that none is left. Harmless
 * to repeat.
 */
enum status expire_orders(
    struct tx *tx, struct moment moment, int32_t limit, size_t *expired) FENQI_MUST_USE;

#endif
