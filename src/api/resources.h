/*
 * resources.h: the route tables of the resource files. Exports: one NAME_routes a resource file,
 * healthz().
 */
#ifndef FENQI_API_RESOURCES_H
#define FENQI_API_RESOURCES_H

#include "api/api.h"
#include "api/events.h"

extern const struct api_route account_routes[];
extern const struct api_route autopay_routes[];
extern const struct api_route chat_routes[];
extern const struct api_route checkout_routes[];
extern const struct api_route credit_balance_routes[];
extern const struct api_route demo_routes[];
extern const struct api_route funding_source_routes[];
extern const struct api_route help_routes[];
extern const struct api_route notice_routes[];
extern const struct api_route notify_routes[];
extern const struct api_route order_routes[];
extern const struct api_route payment_preview_routes[];
extern const struct api_route payment_routes[];
extern const struct api_route receipt_routes[];
extern const struct api_route session_routes[];
extern const struct api_route shop_order_routes[];
extern const struct api_route staff_account_routes[];
extern const struct api_route staff_chat_routes[];
extern const struct api_route staff_customer_routes[];
extern const struct api_route staff_day_end_routes[];
extern const struct api_route staff_extension_routes[];
extern const struct api_route status_routes[];

/* GET /healthz: 200 when the store can be read. The context is the api. */
void healthz(struct http_request *request, void *context);

#endif
