/*
 * channel.c: the configured providers as one thing: dispatch to the protocols, keys, names.
 */
#include "channel/channel.h"

#include "base/check.h"
#include "channel/card.h"
#include "channel/client.h"
#include "channel/config.h"
#include "channel/wechat.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONFIG_FILE_MAX = 64 * 1024, FLOW_EXCHANGES_MAX = 3 };

struct channels {
    struct arena *arena;
    struct channel_config config;
    struct wechat_keys *wechat_keys;
    struct client_options client;
};

static enum status read_file(
    struct arena *arena, const char *path, struct bytes *text, struct fault *fault) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return fault_set(fault, STATUS_NOT_FOUND, "%s: %s", path, strerror(errno));
    uint8_t *at = arena_allocate(arena, CONFIG_FILE_MAX);
    size_t length = fread(at, 1, CONFIG_FILE_MAX, file);
    bool broken = ferror(file) != 0 || length == CONFIG_FILE_MAX;
    fclose(file);
    if (broken)
        return fault_set(fault, STATUS_INVALID, "%s: unreadable or too long", path);
    *text = (struct bytes){at, length};
    return STATUS_OK;
}

enum status channels_open(
    const struct channels_options *options, struct channels **out, struct fault *fault) {
    if (sodium_init() < 0)
        return fault_set(fault, STATUS_UNAVAILABLE, "libsodium does not start");
    client_start();
    struct channels *channels = calloc(1, sizeof *channels);
    check(channels);
    channels->arena = arena_create(CONFIG_FILE_MAX);
    channels->config.mode = options->mode;
    channels->client = (struct client_options){
        .connect_timeout_ms = options->connect_timeout_ms ? options->connect_timeout_ms : 3000,
        .answer_timeout_ms = options->answer_timeout_ms ? options->answer_timeout_ms : 10000,
    };
    enum status status = STATUS_OK;
    if (options->path) {
        struct bytes text;
        status = read_file(channels->arena, options->path, &text, fault);
        if (status == STATUS_OK) {
            status = channel_config_read(channels->arena, text, options->notify_base_url,
                options->mode, &channels->config, fault);
            if (status != STATUS_OK)
                fault_wrap(fault, "%s", options->path);
        }
    }
    if (status != STATUS_OK) {
        channels_close(channels);
        return status;
    }
    if (channels->config.has_wechat)
        channels->wechat_keys = wechat_keys_create(&channels->config.wechat);
    *out = channels;
    return STATUS_OK;
}

void channels_close(struct channels *channels) {
    if (!channels)
        return;
    wechat_keys_destroy(channels->wechat_keys);
    channel_config_release(&channels->config);
    arena_destroy(channels->arena);
    free(channels);
}

enum channel_mode channels_mode(const struct channels *channels) {
    return channels->config.mode;
}

bool channels_has(const struct channels *channels, enum channel_kind kind) {
    switch (kind) {
    case CHANNEL_CREDIT_BALANCE:
        return true;
    case CHANNEL_CARD:
        return channels->config.has_card;
    case CHANNEL_WECHAT:
        return channels->config.has_wechat;
    }
    check(false);
    return false;
}

struct channel_capability channel_capability(enum channel_kind kind) {
    switch (kind) {
    case CHANNEL_CREDIT_BALANCE:
        return (struct channel_capability){0};
    case CHANNEL_CARD:
        return (struct channel_capability){
            .agreement = true, .refund = true, .notifies = true, .single_limit = {5000000}};
    case CHANNEL_WECHAT:
        return (struct channel_capability){.native = true,
            .h5 = true,
            .close = true,
            .refund = true,
            .notifies = true,
            .order_lifetime_s = 900};
    }
    check(false);
    return (struct channel_capability){0};
}

/* `length` random letters and digits. */
static const char *random_text(struct arena *arena, size_t length) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char *text = arena_allocate(arena, length + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = letters[randombytes_uniform(sizeof letters - 1)];
    return text;
}

static enum status perform_wechat(struct channels *channels, struct arena *arena,
    const struct channel_request *request, struct instant now, struct channel_answer *answer,
    struct fault *fault) {
    struct wechat_flow flow = {
        .arena = arena, .config = &channels->config.wechat, .keys = channels->wechat_keys};
    struct exchange *exchange = ARENA_NEW(arena, struct exchange);
    enum status status = wechat_begin(&flow, request, now, random_text(arena, 32), exchange, fault);
    if (status != STATUS_OK)
        return status;
    struct reply *reply = ARENA_NEW(arena, struct reply);
    for (int i = 0; i < FLOW_EXCHANGES_MAX; i++) {
        client_perform(arena, &channels->client, exchange, reply);
        if (wechat_continue(&flow, reply, now, random_text(arena, 32), exchange, answer) ==
            STEP_DONE)
            return STATUS_OK;
    }
    *answer = channel_answer_unknown("", "too many exchanges");
    return STATUS_OK;
}

static enum status perform_card(struct channels *channels, struct arena *arena,
    const struct channel_request *request, struct instant now, struct channel_answer *answer,
    struct fault *fault) {
    struct card_flow flow = {.arena = arena, .config = &channels->config.card};
    struct exchange *exchange = ARENA_NEW(arena, struct exchange);
    enum status status = card_begin(&flow, request, now, random_text(arena, 32),
        random_text(arena, CARD_AES_KEY_SIZE), exchange, fault);
    if (status != STATUS_OK)
        return status;
    struct reply *reply = ARENA_NEW(arena, struct reply);
    client_perform(arena, &channels->client, exchange, reply);
    card_continue(&flow, reply, answer);
    return STATUS_OK;
}

enum status channel_perform(struct channels *channels, struct arena *arena,
    const struct channel_request *request, struct instant now, struct channel_answer *answer,
    struct fault *fault) {
    if (request->mode != channels->config.mode)
        return fault_set(
            fault, STATUS_DENIED, "a request of the other mode: test and live never mix");
    if (!channels_has(channels, request->kind))
        return fault_set(fault, STATUS_UNAVAILABLE, "no %s channel is configured",
            channel_kind_name(request->kind));
    switch (request->kind) {
    case CHANNEL_WECHAT:
        return perform_wechat(channels, arena, request, now, answer, fault);
    case CHANNEL_CARD:
        return perform_card(channels, arena, request, now, answer, fault);
    case CHANNEL_CREDIT_BALANCE:
        break;
    }
    return fault_set(fault, STATUS_INVALID, "the credit balance is moved in the books");
}

void channels_refresh(struct channels *channels, struct arena *arena, struct instant now) {
    if (!channels->config.has_wechat)
        return;
    struct wechat_flow flow = {
        .arena = arena, .config = &channels->config.wechat, .keys = channels->wechat_keys};
    struct exchange *exchange = ARENA_NEW(arena, struct exchange);
    if (wechat_certificates(&flow, now, random_text(arena, 32), exchange, NULL) != STATUS_OK)
        return;
    struct reply *reply = ARENA_NEW(arena, struct reply);
    client_perform(arena, &channels->client, exchange, reply);
    (void)wechat_take_certificates(&flow, reply, now);
}

void channel_read_notice(struct channels *channels, struct arena *arena,
    const struct channel_raw_notice *raw, struct instant now, struct channel_notice *notice) {
    *notice = (struct channel_notice){
        .verdict = CHANNEL_NOTICE_MISDIRECTED,
        .notice_id = "",
        .number = "",
        .answer = channel_answer_of(CHANNEL_UNKNOWN),
        .why = "no such channel is configured",
    };
    if (raw->kind == CHANNEL_WECHAT && channels->config.has_wechat)
        wechat_read_notice(
            &channels->config.wechat, channels->wechat_keys, arena, raw, now, notice);
    if (raw->kind == CHANNEL_CARD && channels->config.has_card)
        card_read_notice(&channels->config.card, arena, raw, notice);
}

struct channel_acknowledgement channel_acknowledge(enum channel_kind kind, bool accepted) {
    switch (kind) {
    case CHANNEL_WECHAT:
        if (accepted)
            return (struct channel_acknowledgement){204, "application/json", ""};
        return (struct channel_acknowledgement){
            400, "application/json", "{\"code\":\"FAIL\",\"message\":\"refused\"}"};
    case CHANNEL_CARD:
        if (accepted)
            return (struct channel_acknowledgement){200, "text/plain", "OK"};
        return (struct channel_acknowledgement){400, "text/plain", "refused"};
    case CHANNEL_CREDIT_BALANCE:
        break;
    }
    check(false);
    return (struct channel_acknowledgement){500, "text/plain", ""};
}

const char *channel_kind_name(enum channel_kind kind) {
    switch (kind) {
    case CHANNEL_CREDIT_BALANCE:
        return "credit_balance";
    case CHANNEL_CARD:
        return "card";
    case CHANNEL_WECHAT:
        return "wechat";
    }
    check(false);
    return "";
}

const char *channel_operation_name(enum channel_operation operation) {
    static const char *const names[] = {
        [CHANNEL_ORDER_NATIVE] = "order_native",
        [CHANNEL_ORDER_H5] = "order_h5",
        [CHANNEL_QUERY] = "query",
        [CHANNEL_CLOSE] = "close",
        [CHANNEL_REFUND] = "refund",
        [CHANNEL_REFUND_QUERY] = "refund_query",
        [CHANNEL_BIND_START] = "bind_start",
        [CHANNEL_BIND_CONFIRM] = "bind_confirm",
        [CHANNEL_BIND_QUERY] = "bind_query",
        [CHANNEL_UNBIND] = "unbind",
        [CHANNEL_DEBIT] = "debit",
    };
    check((size_t)operation < sizeof names / sizeof names[0] && names[operation]);
    return names[operation];
}
