/*
 * card.h: the message flows of the card acquirer's agreement pay as a pure step machine. Exports:
 * struct card_flow, card_begin(), card_continue(), card_read_notice().
 *
 * Protocol: china.md D4 of the domain notes, after the acquirer's documents (2026): pre-bind (01),
 * confirm bind (02), query binding (03), unbind (04), query (07), direct pay (08), refund and its
 * query (331/09, 331/10). Only debit cards are bound: a credit is not repaid from a credit card.
 */
#ifndef FENQI_CHANNEL_CARD_H
#define FENQI_CHANNEL_CARD_H

#include "channel/card_wire.h"

/* One request on its way; everything lives in `arena`. */
struct card_flow {
    struct arena *arena;
    const struct card_config *config;
    const struct channel_request *request;
};

/*
 * What to send. `message_id` is 32 letters and digits unlike in any other message, `aes_key` 16
 * random ones. A fault is a request that this channel cannot make; nothing was sent.
 */
enum status card_begin(struct card_flow *flow, const struct channel_request *request,
    struct instant now, const char *message_id, const char *aes_key, struct exchange *exchange,
    struct fault *fault) FENQI_MUST_USE;

/* What the reply means. One exchange makes a flow. An answer that does not verify is UNKNOWN. */
void card_continue(
    struct card_flow *flow, const struct reply *reply, struct channel_answer *answer);

/* Verifies and reads a notification (form POST, or GET with a query). */
void card_read_notice(const struct card_config *config, struct arena *arena,
    const struct channel_raw_notice *raw, struct channel_notice *notice);

/* "2026-01-05 10:20:30" in Shanghai, as every time of this protocol is written. */
const char *card_time_text(struct arena *arena, struct instant instant);
bool card_time_read(const char *text, struct instant *out);

/* The refund interface has an envelope of its own (card_refund.c). */
enum status card_refund_begin(struct card_flow *flow, struct instant now, const char *message_id,
    struct exchange *exchange, struct fault *fault) FENQI_MUST_USE;
void card_refund_continue(
    struct card_flow *flow, const struct reply *reply, struct channel_answer *answer);

/* A refund's notification: one field data_content, sealed as the refund interface's answers are. */
void card_refund_read_notice(const struct card_config *config, struct arena *arena,
    const struct card_fields *fields, struct channel_notice *notice);

#endif
