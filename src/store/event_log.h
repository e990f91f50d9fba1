/*
 * event_log.h: what a user's open screens are told, numbered and resumable. Exports: struct
 * log_event, event_log_take(), event_log_put(), event_log_append(), event_log_read(),
 * event_log_last(), EVENT_LOG_STAFF.
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

/* Takes the next number without an event: for a message whose event must hold its own number. */
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

/* The last number taken, 0 when none was. */
enum status event_log_last(struct tx *tx, int64_t user_id, int64_t *number) FENQI_MUST_USE;

#endif
