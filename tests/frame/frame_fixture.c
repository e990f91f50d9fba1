/* frame_fixture.c: see frame_fixture.h. */
#include "frame_fixture.h"

#include "api/call_own.h"
#include "api/events.h"
#include "api/rate_limit.h"
#include "codec/session_token.h"
#include "store/session.h"
#include "store/setting.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct instant wall_clock(void *context) {
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000};
}

static void tell(void *context, int64_t user_id) {
    event_hub_tell(context, user_id);
}

static enum status set_date(struct tx *tx, void *context) {
    (void)context;
    return setting_save_business_date(tx, day_from_civil(2026, 11, 22));
}

/* The route's own limits and handler as routes.c registers them. */
static void add_routes(struct frame *frame, const struct api_route *routes) {
    for (; routes->pattern != NULL; routes++) {
        struct bound_route *bound = ARENA_NEW(frame->api.arena, struct bound_route);
        *bound = (struct bound_route){&frame->api, routes};
        struct http_route registered = {routes->method,
            arena_printf(frame->api.arena, "/api/v1%s", routes->pattern), call_begin, bound,
            routes->method == HTTP_GET ? 0 : 65536};
        http_server_add(frame->http.server, &registered, 1);
    }
}

void frame_start(struct frame *frame, const struct api_route *routes, int rate_scale) {
    struct fault fault = {0};
    *frame = (struct frame){0};
    struct api *api = &frame->api;
    api->events = event_hub_create();
    struct store_options options = {.event_told = tell, .event_told_context = api->events};
    frame->database = database_create(&options);
    api->store = frame->database->store;
    if (store_run(api->store, STORE_NO_KEY, NULL, set_date, NULL, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    api->limiter = rate_limiter_create(7);
    api->clock = wall_clock;
    api->arena = arena_create(4096);
    api->config = (struct api_config){
        .mode = API_MODE_DEMO, .version = "0", .public_url = "http://x", .rate_scale = rate_scale};
    frame->http.options = http_options_default();
    frame->http.options.loop_count = 2;
    frame->http.options.idle_timeout_ms = 2000; /* ticks every 500 ms */
    frame->http.options.error = api_error;
    if (http_server_create(&frame->http.options, &frame->http.server, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    api->server = frame->http.server;
    add_routes(frame, routes);
    if (http_server_listen(frame->http.server, "127.0.0.1:0", &fault) != STATUS_OK ||
        http_server_start(frame->http.server, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

void frame_stop(struct frame *frame) {
    event_hub_close(frame->api.events);
    http_server_stop(frame->http.server);
    database_close(frame->database);
    http_server_destroy(frame->http.server);
    event_hub_destroy(frame->api.events);
    rate_limiter_destroy(frame->api.limiter);
    arena_destroy(frame->api.arena);
    database_destroy(frame->database);
}

static enum status insert_session(struct tx *tx, void *context) {
    const struct session_token *token = context;
    uint8_t hash[SESSION_HASH_SIZE];
    session_token_hash(token, hash);
    struct instant now = tx_now(tx);
    struct session session = {.owner_id = token->owner_id,
        .session_id = token->session_id,
        .secret_hash = {hash, sizeof hash},
        .created_at = now,
        .last_seen_at = now,
        .expires_at = instant_add_seconds(now, 3600),
        .device = "test",
        .address_masked = "127.0.*"};
    return session_insert(tx, &session);
}

void frame_log_in(struct frame *frame, int64_t customer_id) {
    struct session_token token = {.owner_id = customer_id, .session_id = customer_id + 1};
    memset(token.secret, (int)(customer_id & 0x7f), sizeof token.secret);
    struct fault fault = {0};
    if (store_run(frame->api.store, customer_id, NULL, insert_session, &token, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    char text[SESSION_TOKEN_TEXT_SIZE];
    char csrf[CSRF_TOKEN_TEXT_SIZE];
    snprintf(frame->cookie, sizeof frame->cookie, "Cookie: fenqi_session=%s\r\n",
        session_token_write(&token, text));
    snprintf(
        frame->csrf, sizeof frame->csrf, "X-CSRF-Token: %s\r\n", session_token_csrf(&token, csrf));
    frame->customer_id = customer_id;
}

int frame_ask(struct frame *frame, const char *method, const char *path, const char *headers,
    const char *body) {
    FENQI_ARENA arena = arena_create(4096);
    const char *length = body == NULL ? ""
                                      : arena_printf(arena,
                                            "Content-Type: application/json\r\n"
                                            "Content-Length: %zu\r\n",
                                            strlen(body));
    char *text = arena_printf(arena, "%s /api/v1%s HTTP/1.1\r\nHost: a\r\n%s%s\r\n%s", method, path,
        headers, length, body == NULL ? "" : body);
    return client_ask(&frame->http, text, frame->answer, sizeof frame->answer);
}

bool frame_has(const struct frame *frame, const char *text) {
    return strstr(frame->answer, text) != NULL;
}
