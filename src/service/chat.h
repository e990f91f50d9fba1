/*
 * chat.h: a customer and the operator's staff talk. Exports: struct chat_line, send_chat_message(),
 * mark_chat_read(), assign_conversation(), close_conversation(), load_chat_lines(), chat_hours(),
 * write_chat_line().
 *
 * The event log is the protocol: a message's number is its number in the customer's log, and
 * states, assignments and read marks are events of the same log, so a screen that comes back asks
 * for everything after the last number that it has. Sending the same client_id again stores nothing
 * twice. Private notes are in the staff's log only.
 */
#ifndef FENQI_SERVICE_CHAT_H
#define FENQI_SERVICE_CHAT_H

#include "base/json_write.h"
#include "codec/vault.h"
#include "store/conversation.h"

enum { CHAT_PAGE_LINES = 50, CHAT_OPEN_HOUR = 9, CHAT_CLOSE_HOUR = 21, CHAT_EACH_S = 180 };

/* A message in clear, as screens show it. */
struct chat_line {
    int64_t customer_id;
    int64_t number;
    const char *client_id;
    enum chat_sender sender;
    int64_t staff_id;
    const char *staff_name; /* NULL unless from staff */
    const char *text;
    bool note;
    int64_t order_id;
    struct instant sent_at;
};

enum send_chat_outcome {
    SEND_CHAT_OK,
    SEND_CHAT_CONFLICT, /* the client_id stands for another text already */
};
struct send_chat_message {
    int64_t customer_id;
    enum chat_sender sender;
    int64_t staff_id; /* of the sender, 0 for customers */
    const char *staff_name;
    const char *client_id;
    const char *text;
    bool note; /* staff only */
    int64_t order_id;
};
struct send_chat_answer {
    enum send_chat_outcome outcome;
    struct chat_line line;
};
enum status send_chat_message(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct send_chat_message *command, struct send_chat_answer *answer) FENQI_MUST_USE;

/* Moves a side's read mark forward, never back, and never past the last message. */
enum status mark_chat_read(struct tx *tx, struct moment moment, int64_t customer_id,
    enum chat_sender by, int64_t number) FENQI_MUST_USE;

/* staff_id 0 gives the conversation back to the queue. *found is false without a conversation. */
enum status assign_conversation(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t staff_id, const char *staff_name, bool *found) FENQI_MUST_USE;
enum status close_conversation(
    struct tx *tx, struct moment moment, int64_t customer_id, bool *found) FENQI_MUST_USE;

/* Which messages: after a number, before a number, or (both 0, `latest`) the latest. */
struct chat_window {
    bool latest;
    int64_t after;
    int64_t before; /* 0: not asked for */
};

/*
 * Messages in clear, oldest first, at most CHAT_PAGE_LINES. Notes are left out unless `with_notes`.
 * *earlier tells whether there are older ones than the first.
 */
enum status load_chat_lines(struct tx *tx, const struct vault *vault, int64_t customer_id,
    struct chat_window window, bool with_notes, struct chat_line **lines, size_t *count,
    bool *earlier) FENQI_MUST_USE;

/* The queue as a waiting customer sees it. */
struct chat_queue {
    int64_t position; /* 1: next; 0: not waiting */
    int64_t waiting;  /* all who wait */
    int64_t estimate_s;
};
enum status load_chat_queue(struct tx *tx, const struct conversation *conversation,
    struct chat_queue *queue) FENQI_MUST_USE;

/* When a person answers. opens_at is 0 when open, closes_at is 0 when closed. */
struct chat_hours {
    bool open_now;
    struct instant opens_at;
    struct instant closes_at;
};
struct chat_hours chat_hours(struct instant now);

/* Writes a ChatMessage, or for staff a StaffMessage, of spec/openapi.yaml. */
void write_chat_line(
    struct json *json, const char *name, const struct chat_line *line, bool for_staff);

#endif
