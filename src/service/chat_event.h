/*
 * chat_event.h: the events of a conversation, written into the customer's log and the staff's.
 * Exports: tell_chat_line(), tell_chat_state(), tell_chat_read(); and what chat.c shares with
 * load_chat.c: chat_line_open(), load_chat_key().
 */
#ifndef FENQI_SERVICE_CHAT_EVENT_H
#define FENQI_SERVICE_CHAT_EVENT_H

#include "service/chat.h"

/* Event "m"; a private note goes to the staff's log only. */
enum status tell_chat_line(
    struct tx *tx, struct moment moment, const struct chat_line *line) FENQI_MUST_USE;

/* Event `kind`, "state" or "assign", with the conversation as it is now. */
enum status tell_chat_state(struct tx *tx, struct moment moment,
    const struct conversation *conversation, const char *staff_name,
    const char *kind) FENQI_MUST_USE;

/* Event "read". */
enum status tell_chat_read(struct tx *tx, struct moment moment, int64_t customer_id,
    enum chat_sender by, int64_t number) FENQI_MUST_USE;

/* A stored message in clear. CORRUPT when its text does not open. */
enum status chat_line_open(struct tx *tx, const struct customer_key *key,
    const struct chat_message *message, struct chat_line *line) FENQI_MUST_USE;
enum status load_chat_key(struct tx *tx, const struct vault *vault, int64_t customer_id,
    struct customer_key *key) FENQI_MUST_USE;

#endif
