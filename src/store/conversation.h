/*
 * conversation.h: a customer's chat with staff. Exports: struct conversation, struct chat_message
 * and their functions.
 *
 * A customer has one conversation, which is opened again by the next message. Texts are sealed by
 * the caller under the customer's key, label "chat.text", id the message's number.
 */
#ifndef FENQI_STORE_CONVERSATION_H
#define FENQI_STORE_CONVERSATION_H

#include "store/store.h"

enum conversation_state {
    CONVERSATION_NONE, /* nothing was ever said */
    CONVERSATION_WAITING,
    CONVERSATION_ASSIGNED,
    CONVERSATION_CLOSED,
};
const char *conversation_state_name(enum conversation_state state);

struct conversation {
    int64_t customer_id;
    enum conversation_state state;
    struct instant waiting_since; /* 0 unless waiting */
    int64_t staff_id;             /* 0: nobody's */
    int64_t order_id;             /* the order that the latest message was about, or 0 */
    int64_t last_number;          /* the latest message's number */
    int64_t read_by_customer;     /* up to this number */
    int64_t read_by_staff;
    struct instant updated_at;
};

/* A customer without one gets CONVERSATION_NONE with zeros. */
enum status conversation_load(
    struct tx *tx, int64_t customer_id, struct conversation *conversation) FENQI_MUST_USE;
enum status conversation_save(
    struct tx *tx, const struct conversation *conversation) FENQI_MUST_USE;

/* Up to `limit`, latest changed first, before the place (updated_at, customer_id). */
enum status conversation_list(struct tx *tx, struct instant before, int64_t before_customer_id,
    size_t limit, struct conversation **conversations, size_t *count) FENQI_MUST_USE;

/* Up to `limit` waiting ones, the longest waiting first. */
enum status conversation_list_waiting(
    struct tx *tx, size_t limit, struct conversation **conversations, size_t *count) FENQI_MUST_USE;

/* How many wait, and how many of them since before `since`. */
enum status conversation_count_waiting(
    struct tx *tx, struct instant since, int64_t *waiting, int64_t *before) FENQI_MUST_USE;

enum chat_sender { CHAT_CUSTOMER, CHAT_STAFF, CHAT_SYSTEM };
const char *chat_sender_name(enum chat_sender sender);

struct chat_message {
    int64_t customer_id;
    int64_t number;        /* in the customer's event log */
    const char *client_id; /* the sender's own id of it; NULL for the system's */
    enum chat_sender sender;
    int64_t staff_id;
    bool note; /* private to staff */
    struct bytes text_sealed;
    int64_t order_id;
    struct instant sent_at;
};

/* CONFLICT when the sender has used that client_id already. */
enum status chat_message_insert(struct tx *tx, const struct chat_message *message) FENQI_MUST_USE;
enum status chat_message_find_client(struct tx *tx, int64_t customer_id, enum chat_sender sender,
    const char *client_id, struct chat_message *message, bool *found) FENQI_MUST_USE;

/* Up to `limit` messages after / before a number; always oldest first in the answer. */
enum status chat_message_list_after(struct tx *tx, int64_t customer_id, int64_t after, size_t limit,
    struct chat_message **messages, size_t *count) FENQI_MUST_USE;
enum status chat_message_list_before(struct tx *tx, int64_t customer_id, int64_t before,
    size_t limit, struct chat_message **messages, size_t *count) FENQI_MUST_USE;

/* Messages after `after` that `sender` did not write, private notes left out. */
enum status chat_message_count_after(struct tx *tx, int64_t customer_id, int64_t after,
    enum chat_sender sender, int64_t *count) FENQI_MUST_USE;

#endif
