/*
 * event_log.h: what a user's open screens are told, numbered and resumable. Exports: struct
 * log_event, struct log_row, event_log_take(), event_log_put(), event_log_append(),
 * event_log_read(), event_log_last(), event_log_first(), event_log_foresee(), event_log_page(),
 * event_log_forget(), EVENT_LOG_STAFF, EVENT_LOG_SILENT.
 *
 * A user is a customer (customer_id) or the log that all staff share. `payload` holds the JSON
 * members of the event beside "number" and "kind", without braces:
 * `"read":{"by":"staff","number":7}`; the reader puts `{"number":N,"kind":K,` before and `}` after
 * it (spec/openapi.yaml, Event).
 */
#ifndef FENQI_STORE_EVENT_LOG_H
#define FENQI_STORE_EVENT_LOG_H

#include "store/store.h"

/* user_id of the log that all staff read; customers' ids are far larger. */
enum { EVENT_LOG_STAFF = 1 };

struct log_event {
    int64_t number;
    const char *kind;
    const char *payload;
};

/* Kind of an event that only holds its number: readers of the log never see it. */
#define EVENT_LOG_SILENT ""

/*
 * Takes the next number: for a message whose event must hold its own number. The same unit stores
 * the event by event_log_put(), a silent one when the user must not see it. A customer's number is
 * one more than that of the last event, since a customer's units run one after another; the log of
 * all staff is appended to from everywhere and has a counter.
 */
enum status event_log_take(struct tx *tx, int64_t user_id, int64_t *number) FENQI_MUST_USE;

/* Stores the event of a number that was taken. */
enum status event_log_put(struct tx *tx, struct instant now, int64_t user_id, int64_t number,
    const char *kind, const char *payload) FENQI_MUST_USE;

/* Both together. */
enum status event_log_append(struct tx *tx, struct instant now, int64_t user_id, const char *kind,
    const char *payload) FENQI_MUST_USE;

/* Up to `limit` events after `after`, oldest first, in the transaction's arena. */
enum status event_log_read(struct tx *tx, int64_t user_id, int64_t after, size_t limit,
    struct log_event **events, size_t *count) FENQI_MUST_USE;

/* The number of the last event, 0 when there was none. */
enum status event_log_last(struct tx *tx, int64_t user_id, int64_t *number) FENQI_MUST_USE;

/* Tells that the unit is going to append to a customer's log (statement_foresee()). */
void event_log_foresee(struct tx *tx, int64_t customer_id);

/* The first number that the log still holds: those before it are forgotten; 0 when it is empty. */
enum status event_log_first(struct tx *tx, int64_t user_id, int64_t *number) FENQI_MUST_USE;

struct log_row {
    int64_t user_id;
    int64_t number;
    struct instant created_at;
};

/* At most `limit` events of all logs after (user_id, number), by that order. */
enum status event_log_page(struct tx *tx, int64_t user_id, int64_t number, int32_t limit,
    struct log_row **rows, size_t *count) FENQI_MUST_USE;

/* Deletes a log's events before `number`, which must stay: numbers go on from the last one. */
enum status event_log_forget(struct tx *tx, int64_t user_id, int64_t number) FENQI_MUST_USE;

#endif
