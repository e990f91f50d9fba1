/*
 * channel_message.h: notifications of payment channels, as they came, once each. Exports: struct
 * channel_message, channel_message_insert(), channel_message_of_subject().
 *
 * Handling a notification is one unit: insert it here first; when it is a repeat, nothing more is
 * to be done and the channel is told "received" again.
 */
#ifndef FENQI_STORE_CHANNEL_MESSAGE_H
#define FENQI_STORE_CHANNEL_MESSAGE_H

#include "store/store.h"

struct channel_message {
    int64_t customer_id; /* from the number in the message; 0 when it names nobody */
    int64_t message_id;
    const char *channel;    /* "card", "wechat" */
    const char *kind;       /* "payment", "refund", "agreement" */
    const char *dedupe_key; /* the channel's own number of the notification */
    int64_t subject_id;     /* the payment, mandate ... it is about; 0 when unknown */
    struct instant received_at;
    struct bytes body; /* what was verified and decrypted; seal what is personal */
};

struct channel_message_list {
    struct channel_message *items; /* oldest first, in the unit's arena */
    size_t count;
};

/* *fresh is false, and nothing is written, when the same dedupe_key came before. */
enum status channel_message_insert(
    struct tx *tx, const struct channel_message *message, bool *fresh) FENQI_MUST_USE;

/* Everything that came about one of a customer's things, at most `limit`. */
enum status channel_message_of_subject(struct tx *tx, int64_t customer_id, int64_t subject_id,
    int32_t limit, struct channel_message_list *list) FENQI_MUST_USE;

#endif
