/*
 * session.h: where customers and staff are logged in. Exports: struct session and its functions,
 * staff_session_load/insert/delete().
 *
 * A session is found by its owner's id and its own, both in the cookie; of the secret that goes
 * with them only a hash is stored.
 */
#ifndef FENQI_STORE_SESSION_H
#define FENQI_STORE_SESSION_H

#include "store/staff.h"

struct session {
    int64_t owner_id; /* customer_id or staff_id */
    int64_t session_id;
    struct bytes secret_hash; /* empty in lists */
    struct instant created_at;
    struct instant last_seen_at;
    struct instant expires_at;
    struct day business_date;   /* read with the session; DAY_NONE in lists or when never set */
    const char *device;         /* e.g. "Chrome · Android"; customers only */
    const char *address_masked; /* customers only */
};

enum status session_load(struct tx *tx, int64_t customer_id, int64_t session_id,
    struct session *session, bool *found) FENQI_MUST_USE;
enum status session_insert(struct tx *tx, const struct session *session) FENQI_MUST_USE;

/* Sets last_seen_at and expires_at. */
enum status session_touch(struct tx *tx, const struct session *session) FENQI_MUST_USE;

/* A customer's sessions alive at `now`, newest first, in the transaction's arena. */
enum { SESSION_LIST_MAX = 50 };
enum status session_list(struct tx *tx, int64_t customer_id, struct instant now,
    struct session **sessions, size_t *count) FENQI_MUST_USE;

/* *deleted tells whether there was one. */
enum status session_delete(
    struct tx *tx, int64_t customer_id, int64_t session_id, bool *deleted) FENQI_MUST_USE;

/* Ends every session of the customer except `keep_session_id` (0 keeps none). */
enum status session_delete_others(
    struct tx *tx, int64_t customer_id, int64_t keep_session_id) FENQI_MUST_USE;
enum status session_delete_expired(
    struct tx *tx, int64_t customer_id, struct instant now) FENQI_MUST_USE;

/* The session with what its member of staff may do: staff_id, name, role and disabled are set. */
enum status staff_session_load(struct tx *tx, int64_t staff_id, int64_t session_id,
    struct session *session, struct staff *staff, bool *found) FENQI_MUST_USE;
enum status staff_session_insert(struct tx *tx, const struct session *session) FENQI_MUST_USE;
enum status staff_session_delete(
    struct tx *tx, int64_t staff_id, int64_t session_id) FENQI_MUST_USE;

#endif
