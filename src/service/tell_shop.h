/*
 * tell_shop.h: what a shop reads about its order. Exports: enum shop_event, shop_order_write(),
 * tell_shop().
 *
 * A webhook is an outbox item of the lane OUTBOX_WEBHOOK: kind is the event's type, payload the
 * shop's id in decimal, a line feed, and the exact body (ShopEvent of spec/openapi.yaml). The
 * sender signs the body by Standard Webhooks with the outbox id as webhook-id, so that a repeat is
 * recognised.
 */
#ifndef FENQI_SERVICE_TELL_SHOP_H
#define FENQI_SERVICE_TELL_SHOP_H

#include "base/json_write.h"
#include "service/order_status.h"

enum shop_event {
    SHOP_ORDER_ACCEPTED,
    SHOP_ORDER_EXPIRED,
    SHOP_ORDER_SETTLED,
    SHOP_ORDER_REFUNDED,
};

/*
 * Writes a ShopOrder. `settled_on` DAY_NONE: not settled. `public_url` is the start of the checkout
 * address; NULL leaves checkout_url null, as does any status but pending.
 */
void shop_order_write(struct json *json, const char *name, struct arena *arena,
    const struct order *order, enum order_status status, struct day settled_on,
    const char *public_url);

/* Writes the webhook down; nothing when the shop wants none. `contract` NULL: without one. */
enum status tell_shop(struct tx *tx, struct moment moment, enum shop_event event,
    const struct order *order, const struct terms *terms,
    const struct contract_state *contract) FENQI_MUST_USE;

#endif
