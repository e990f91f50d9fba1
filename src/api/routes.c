/*
 * routes.c: every resource of the API, registered. Exports: api_route_tables, api_register().
 *
 * A new resource file adds its table to resources.h and one line here.
 */
#include "api/call_own.h"
#include "api/pages.h"
#include "api/resources.h"
#include "base/check.h"

#include <stdlib.h>

#define PREFIX "/api/v1"

const struct api_route *const api_route_tables[] = {
    /* one table a line, in alphabetical order */
    account_routes,
    autopay_routes,
    chat_routes,
    checkout_routes,
    credit_balance_routes,
    demo_routes,
    event_routes,
    funding_source_routes,
    help_routes,
    notice_routes,
    notify_routes,
    order_routes,
    payment_preview_routes,
    payment_routes,
    receipt_routes,
    session_routes,
    shop_order_routes,
    staff_account_routes,
    staff_chat_routes,
    staff_customer_routes,
    staff_day_end_routes,
    staff_extension_routes,
    status_routes,
    NULL,
};

static size_t default_body_limit(enum http_method method) {
    switch (method) {
    case HTTP_POST:
    case HTTP_PUT:
    case HTTP_PATCH:
        return 65536;
    case HTTP_GET:
    case HTTP_HEAD:
    case HTTP_DELETE:
    case HTTP_OPTIONS:
        return 0;
    }
    return 0;
}

static void register_route(struct api *api, const struct api_route *route) {
    if (route->caller == API_DEMO && api->config.mode != API_MODE_DEMO)
        return;
    struct bound_route *bound = ARENA_NEW(api->arena, struct bound_route);
    *bound = (struct bound_route){api, route};
    struct http_route registered = {
        .method = route->method,
        .pattern = arena_printf(api->arena, PREFIX "%s", route->pattern),
        .handler = call_begin,
        .context = bound,
        .body_limit_bytes = route->body_limit_bytes != 0 ? route->body_limit_bytes
                                                         : default_body_limit(route->method),
    };
    http_server_add(api->server, &registered, 1);
}

static bool is_in(enum api_part part, const struct api_route *table) {
    switch (part) {
    case API_PART_ALL:
        return true;
    case API_PART_PEOPLE:
        return table != notify_routes;
    case API_PART_PROVIDERS:
        return table == notify_routes;
    case API_PART_NONE:
        return false;
    }
    check(false);
    return false;
}

void api_register(struct api *api) {
    for (const struct api_route *const *table = api_route_tables; *table != NULL; table++) {
        if (!is_in(api->config.part, *table))
            continue;
        for (const struct api_route *route = *table; route->pattern != NULL; route++)
            register_route(api, route);
    }
    struct http_route health = {HTTP_GET, "/healthz", healthz, api, 0};
    http_server_add(api->server, &health, 1);
    if (api->config.part == API_PART_ALL || api->config.part == API_PART_PEOPLE)
        http_server_fallback(api->server, pages_serve, api);
}
