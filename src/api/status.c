/*
 * status.c: what a client needs before it knows who is asking, and whether the process is well.
 * Exports: status_routes, healthz().
 */
#include "api/resources.h"

#include "store/setting.h"

struct status_state {
    struct moment moment;
};

static enum status read_status(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)tx;
    (void)fault;
    struct status_state *state = call->state;
    state->moment = moment;
    return STATUS_OK;
}

static const char *mode_name(enum api_mode mode) {
    switch (mode) {
    case API_MODE_DEMO:
        return "demo";
    case API_MODE_TEST:
        return "test";
    case API_MODE_LIVE:
        return "live";
    }
    return "live";
}

static void answer_status(struct call *call) {
    const struct status_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_day(&json, "business_date", state->moment.business_date);
    json_instant(&json, "now", state->moment.now);
    json_string(&json, "version", call->api->config.version);
    json_string(&json, "mode", mode_name(call->api->config.mode));
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_status(struct call *call) {
    call->state = ARENA_NEW(call->arena, struct status_state);
    call_read(call, read_status, answer_status);
}

const struct api_route status_routes[] = {
    {HTTP_GET, "/status", get_status, .caller = API_PUBLIC},
    API_ROUTES_END,
};

static enum status read_date(struct tx *tx, void *context) {
    return setting_business_date(tx, context);
}

void healthz(struct http_request *request, void *context) {
    struct api *api = context;
    struct fault fault = {0};
    struct day day;
    enum status status =
        store_read(api->store, http_request_arena(request), read_date, &day, &fault);
    bool readable = status == STATUS_OK || status == STATUS_DAMAGED;
    const char *text = readable ? "ok\n" : "store unreadable\n";
    if (status == STATUS_DAMAGED)
        storage_health_note(&api->storage, status);
    if (readable)
        status = storage_health_ask(&api->storage, api->store);
    if (status == STATUS_DAMAGED)
        text = "store damaged: run fenqi verify, restore a backup\n";
    else if (readable && status != STATUS_OK)
        text = arena_printf(
            http_request_arena(request), "store takes no writes: %s\n", status_name(status));
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply(
        request, status == STATUS_OK ? 200 : 503, "text/plain; charset=utf-8", bytes_of_text(text));
}
