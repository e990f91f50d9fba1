/* demo_codes.c: the demo's sender of one-time codes. Exports what code_sender.h declares of it. */
#include "api/code_sender.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DEMO_CODES_KEPT = 100, PHONE_SIZE = 16, PURPOSE_SIZE = 16, CODE_SIZE = 8 };

struct demo_code {
    char phone[PHONE_SIZE];
    char purpose[PURPOSE_SIZE];
    char code[CODE_SIZE];
    struct instant sent_at;
    struct instant expires_at;
};

/* A ring of the latest codes. */
struct demo_codes {
    pthread_mutex_t lock;
    size_t sent; /* ever; the latest is at (sent - 1) % DEMO_CODES_KEPT */
    struct demo_code ring[DEMO_CODES_KEPT];
};

struct demo_codes *demo_codes_create(void) {
    struct demo_codes *codes = calloc(1, sizeof *codes);
    check(codes != NULL);
    pthread_mutex_init(&codes->lock, NULL);
    return codes;
}

void demo_codes_destroy(struct demo_codes *codes) {
    if (codes == NULL)
        return;
    pthread_mutex_destroy(&codes->lock);
    free(codes);
}

static void copy_text(char *to, size_t size, const char *from) {
    size_t length = strlen(from);
    check(length < size);
    memcpy(to, from, length + 1);
}

static void keep(void *context, const char *phone, const char *purpose, const char *code,
    struct instant sent_at, struct instant expires_at) {
    struct demo_codes *codes = context;
    pthread_mutex_lock(&codes->lock);
    struct demo_code *place = &codes->ring[codes->sent++ % DEMO_CODES_KEPT];
    copy_text(place->phone, sizeof place->phone, phone);
    copy_text(place->purpose, sizeof place->purpose, purpose);
    copy_text(place->code, sizeof place->code, code);
    place->sent_at = sent_at;
    place->expires_at = expires_at;
    pthread_mutex_unlock(&codes->lock);
}

struct code_sender demo_codes_sender(struct demo_codes *codes) {
    return (struct code_sender){keep, codes};
}

static void list_codes(struct call *call) {
    static const char *const parameters[] = {"phone", NULL};
    if (!call_query_known(call, parameters))
        return;
    const char *phone = call_query(call, "phone");
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    struct demo_codes *codes = call->api->demo_codes;
    pthread_mutex_lock(&codes->lock);
    size_t kept = codes->sent < DEMO_CODES_KEPT ? codes->sent : DEMO_CODES_KEPT;
    for (size_t back = 1; back <= kept; back++) {
        const struct demo_code *code = &codes->ring[(codes->sent - back) % DEMO_CODES_KEPT];
        if (phone != NULL && strcmp(phone, code->phone) != 0)
            continue;
        json_open(&json, NULL, '{');
        json_string(&json, "phone", code->phone);
        json_string(&json, "code", code->code);
        json_string(&json, "purpose", code->purpose);
        json_instant(&json, "sent_at", code->sent_at);
        json_instant(&json, "expires_at", code->expires_at);
        json_close(&json);
    }
    pthread_mutex_unlock(&codes->lock);
    json_close(&json);
    json_close(&json);
    call_json(call, 200, &json);
}

const struct api_route demo_routes[] = {
    {HTTP_GET, "/demo/codes", list_codes, API_DEMO},
    API_ROUTES_END,
};
