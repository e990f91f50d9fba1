/*
 * notify.c: payment channels tell by themselves what became of a number. Exports notify_routes.
 *
 * Verified on the raw bytes before any transaction; what follows from it is one unit; only then the
 * provider is told "received". A refused one is logged with its reason and changes nothing.
 */
#include "api/resources.h"
#include "channel/channel.h"
#include "service/receive_notification.h"

#include <string.h>

struct notify_state {
    enum channel_kind kind;
    struct channel_notice notice;
    enum receive_outcome outcome;
};

static enum status notify_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct notify_state *state = call->state;
    struct receive_notification command = {
        .kind = state->kind, .mode = channels_mode(call->api->channels), .notice = &state->notice};
    enum status status = receive_notification(tx, moment, &command, &state->outcome);
    if (status == STATUS_OK && !receive_is_acknowledged(state->outcome))
        tx_refuse(tx);
    return status;
}

static const char *outcome_text(const struct notify_state *state) {
    switch (state->outcome) {
    case RECEIVE_APPLIED:
        return "applied";
    case RECEIVE_IGNORED:
        return "ignored";
    case RECEIVE_REFUSED:
        return state->notice.why;
    case RECEIVE_UNKNOWN_NUMBER:
        return "unknown number";
    case RECEIVE_REPEATED:
        return "repeated";
    case RECEIVE_WRONG_AMOUNT:
        return "wrong amount";
    }
    return "";
}

static void notify_answer(struct call *call) {
    const struct notify_state *state = call->state;
    struct channel_acknowledgement answer =
        channel_acknowledge(state->kind, receive_is_acknowledged(state->outcome));
    call_log(call, "notice", outcome_text(state));
    if (answer.http_status == 204) {
        call_no_content(call);
        return;
    }
    call_bytes(call, answer.http_status, answer.content_type, bytes_of_text(answer.body));
}

static void receive(struct call *call, enum channel_kind kind) {
    static const char *const signed_by[] = {
        "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"};
    enum { HEADERS = sizeof signed_by / sizeof signed_by[0] };
    struct notify_state *state = ARENA_NEW(call->arena, struct notify_state);
    call->state = state;
    state->kind = kind;
    struct channel_header headers[HEADERS];
    struct channel_raw_notice raw = {
        .kind = kind, .headers = headers, .body = http_request_body(call->http), .query = ""};
    for (size_t i = 0; i < HEADERS; i++) {
        const char *value = http_request_header(call->http, signed_by[i]);
        if (value)
            headers[raw.header_count++] = (struct channel_header){signed_by[i], value};
    }
    channel_read_notice(call->api->channels, call->arena, &raw, call->now, &state->notice);
    call_write(call, notification_customer(&state->notice), notify_unit, notify_answer);
}

static void post_wechat(struct call *call) {
    receive(call, CHANNEL_WECHAT);
}

static void post_card(struct call *call) {
    receive(call, CHANNEL_CARD);
}

const struct api_route notify_routes[] = {
    {HTTP_POST, "/notify/wechat", post_wechat, API_CHANNEL},
    {HTTP_POST, "/notify/card", post_card, API_CHANNEL},
    API_ROUTES_END,
};
