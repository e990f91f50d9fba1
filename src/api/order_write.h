/*
 * order_write.h: orders as JSON. Exports: order_summary_write(), order_write(),
 * settlement_write(), extension_request_write(), extension_offer_write(), order_number_write().
 */
#ifndef FENQI_API_ORDER_WRITE_H
#define FENQI_API_ORDER_WRITE_H

#include "api/order_money.h"
#include "base/json_write.h"
#include "service/extension.h"
#include "service/order_view.h"

/* What else stands on an order's screens. */
struct order_extras {
    const struct order_money *money; /* payments and autopay of the customer */
    const struct extension_request *requests;
    size_t request_count;
    const char *service_phone; /* see struct api_config; on the order's own screen only */
};

/* Writes an order's public number. */
void order_number_write(struct json *json, const char *name, int64_t customer_id, int64_t order_id);

/* An OrderSummary, a row of the list. */
void order_summary_write(struct json *json, const char *name, struct arena *arena,
    const struct order_view *view, const struct order_extras *extras);

/* An Order: the whole detail screen. */
void order_write(struct json *json, struct arena *arena, struct moment moment,
    const struct order_view *view, const struct order_extras *extras);

/* A SettlementQuote; null when nothing can be settled. */
void settlement_write(struct json *json, const char *name, struct arena *arena,
    struct moment moment, const struct order_view *view);

/* An ExtensionRequest; null for NULL. */
void extension_request_write(
    struct json *json, const char *name, const struct extension_request *request);

/* An ExtensionOffer. `view` has a contract or not. */
void extension_offer_write(struct json *json, struct arena *arena, struct moment moment,
    const struct order_view *view, const struct extension_offer *offer);

/* What the order's contract allows; `extras` has the customer's requests. */
void view_extension_offer(struct moment moment, const struct order_view *view,
    const struct order_extras *extras, struct extension_offer *offer);

#endif
