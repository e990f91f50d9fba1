/*
 * send_notice.h: tells a customer something, in both languages, once. Exports: enum message, struct
 * message_parameters, send_notice(), message_render().
 *
 * The texts stand in spec/messages.tsv. A notice is stored as it was sent and appended to the
 * customer's event log in the unit that caused it, so no fact goes untold and none is told twice.
 */
#ifndef FENQI_SERVICE_SEND_NOTICE_H
#define FENQI_SERVICE_SEND_NOTICE_H

#include "base/money.h"
#include "store/store.h"

enum message {
#include "messages.h"
    MESSAGE_COUNT
};

/*
 * What fills the {placeholders} of a text; NULL where the message has none. A placeholder of a text
 * that finds NULL is a bug. The *_en of a pair may be NULL: then the first one serves both.
 */
struct message_parameters {
    const char *order;  /* {order}: the goods or the shop's order number */
    const char *amount; /* {amount}: yuan, "888.49" */
    const char *date;   /* {date}: "2026-11-22" */
    const char *count;  /* {count} */
    const char *source; /* {source}: funding source or device */
    const char *source_en;
    const char *reason; /* {reason} */
    const char *reason_en;
    const char *next; /* {next}: what happens next */
    const char *next_en;
    int64_t order_id;   /* 0: about no order */
    int64_t payment_id; /* 0: about no payment */
};

/* Stores the notice and its event in the customer's log. */
enum status send_notice(struct tx *tx, struct moment moment, int64_t customer_id,
    enum message message, const struct message_parameters *parameters) FENQI_MUST_USE;

/* Fills the placeholders of `text`; checks that each is known and given. In `arena`. */
char *message_render(struct arena *arena, const char *text,
    const struct message_parameters *parameters, bool english);

#endif
