/*
 * exchange.h: one HTTP exchange with a provider, as plain data. Exports: struct exchange, struct
 * reply, enum reply_kind, enum step.
 *
 * The protocols (wechat_*.c, card_*.c) are pure step machines: given a request they say what to
 * send, given the reply they say what it means or what to send next. Only client.c knows a network,
 * so that every message flow is tested byte for byte without one.
 */
#ifndef FENQI_CHANNEL_EXCHANGE_H
#define FENQI_CHANNEL_EXCHANGE_H

#include "base/arena.h"
#include "channel/channel.h"

enum { EXCHANGE_HEADERS_MAX = 8, REPLY_HEADERS_MAX = 32, REPLY_BODY_MAX = 256 * 1024 };

struct exchange {
    const char *method; /* "GET" or "POST" */
    const char *url;
    struct channel_header headers[EXCHANGE_HEADERS_MAX];
    size_t header_count;
    struct bytes body;
};

enum reply_kind {
    REPLY_ANSWERED, /* a complete HTTP answer */
    REPLY_NOT_SENT, /* no connection: not a byte of the request has left */
    REPLY_LOST,     /* timeout, broken connection, oversized answer: the request may have arrived */
};

struct reply {
    enum reply_kind kind;
    int http_status;
    struct channel_header headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct bytes body;
};

enum step {
    STEP_SEND, /* the exchange was filled: send it and come back with the reply */
    STEP_DONE, /* the answer was filled */
};

/* The value of a header, compared without case, or NULL. */
const char *header_value(const struct channel_header *headers, size_t count, const char *name);

void exchange_header(struct exchange *exchange, const char *name, const char *value);

/*
 * An answer with every text "" and the given state, for the machines to fill in. UNKNOWN with a
 * word for staff is what every doubtful reply becomes.
 */
struct channel_answer channel_answer_of(enum channel_state state);
struct channel_answer channel_answer_unknown(const char *code, const char *text);

/* Sets a failure with its class and the customer's words of that class. */
struct channel_answer channel_answer_failed(
    enum channel_failure failure, const char *code, const char *text);

#endif
