/* session.c: sessions of customers and staff. Exports what session.h declares. */
#include "store/session.h"

#include "store/setting.h"
#include "store/statement.h"

#include <string.h>

static struct statement *start_by_key(
    struct tx *tx, enum query query, int64_t owner_id, int64_t session_id) {
    struct statement *statement = statement_start(tx, query);
    statement_bind_integer(statement, 1, owner_id);
    statement_bind_integer(statement, 2, session_id);
    return statement;
}

/* DAY_NONE for a date that was never set or is none: setting_business_date() then says which. */
static struct day business_date_of(struct statement *statement, int column) {
    struct day day;
    const char *text = statement_text(statement, column);
    return text != NULL && day_from_text(text, strlen(text), &day) ? day : DAY_NONE;
}

enum status session_load(
    struct tx *tx, int64_t customer_id, int64_t session_id, struct session *session, bool *found) {
    struct statement *statement = start_by_key(tx, QUERY_SESSION_LOAD, customer_id, session_id);
    *found = statement_step(statement);
    if (*found)
        *session = (struct session){
            .owner_id = customer_id,
            .session_id = session_id,
            .secret_hash = statement_bytes(statement, 0),
            .created_at = statement_instant(statement, 1),
            .last_seen_at = statement_instant(statement, 2),
            .expires_at = statement_instant(statement, 3),
            .device = statement_text(statement, 4),
            .address_masked = statement_text(statement, 5),
            .business_date = business_date_of(statement, 6),
        };
    return statement_end(statement);
}

enum status session_insert(struct tx *tx, const struct session *session) {
    struct statement *statement =
        start_by_key(tx, QUERY_SESSION_INSERT, session->owner_id, session->session_id);
    statement_bind_bytes(statement, 3, session->secret_hash);
    statement_bind_instant(statement, 4, session->created_at);
    statement_bind_instant(statement, 5, session->last_seen_at);
    statement_bind_instant(statement, 6, session->expires_at);
    statement_bind_text(statement, 7, session->device);
    statement_bind_text(statement, 8, session->address_masked);
    return statement_run(statement);
}

enum status session_touch(struct tx *tx, const struct session *session) {
    struct statement *statement =
        start_by_key(tx, QUERY_SESSION_TOUCH, session->owner_id, session->session_id);
    statement_bind_instant(statement, 3, session->last_seen_at);
    statement_bind_instant(statement, 4, session->expires_at);
    return statement_run(statement);
}

enum status session_list(struct tx *tx, int64_t customer_id, struct instant now,
    struct session **sessions, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_SESSION_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_instant(statement, 2, now);
    *sessions = ARENA_ARRAY(tx_arena(tx), SESSION_LIST_MAX, struct session);
    *count = 0;
    while (*count < SESSION_LIST_MAX && statement_step(statement))
        (*sessions)[(*count)++] = (struct session){
            .owner_id = customer_id,
            .session_id = statement_integer(statement, 0),
            .created_at = statement_instant(statement, 1),
            .last_seen_at = statement_instant(statement, 2),
            .expires_at = statement_instant(statement, 3),
            .device = statement_text(statement, 4),
            .address_masked = statement_text(statement, 5),
        };
    return statement_end(statement);
}

enum status session_delete(struct tx *tx, int64_t customer_id, int64_t session_id, bool *deleted) {
    int64_t changed = 0;
    enum status status = statement_run_changed(
        start_by_key(tx, QUERY_SESSION_DELETE, customer_id, session_id), &changed);
    *deleted = changed > 0;
    return status;
}

enum status session_delete_others(struct tx *tx, int64_t customer_id, int64_t keep_session_id) {
    return statement_run(
        start_by_key(tx, QUERY_SESSION_DELETE_OTHERS, customer_id, keep_session_id));
}

enum status session_delete_expired(struct tx *tx, int64_t customer_id, struct instant now) {
    struct statement *statement = statement_start(tx, QUERY_SESSION_DELETE_EXPIRED);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_instant(statement, 2, now);
    return statement_run(statement);
}

enum status staff_session_load(struct tx *tx, int64_t staff_id, int64_t session_id,
    struct session *session, struct staff *staff, bool *found) {
    struct statement *statement = start_by_key(tx, QUERY_STAFF_SESSION_LOAD, staff_id, session_id);
    bool role_known = true;
    *found = statement_step(statement);
    if (*found) {
        *session = (struct session){
            .owner_id = staff_id,
            .session_id = session_id,
            .secret_hash = statement_bytes(statement, 0),
            .created_at = statement_instant(statement, 1),
            .expires_at = statement_instant(statement, 2),
            .business_date = business_date_of(statement, 3),
        };
        *staff = (struct staff){
            .staff_id = staff_id,
            .name = statement_text(statement, 5),
            .disabled = statement_boolean(statement, 6),
        };
        const char *role = statement_text(statement, 4);
        role_known = role != NULL && staff_role_from_name(role, &staff->role);
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !role_known)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "staff: a role that does not exist");
    return status;
}

enum status staff_session_insert(struct tx *tx, const struct session *session) {
    struct statement *statement =
        start_by_key(tx, QUERY_STAFF_SESSION_INSERT, session->owner_id, session->session_id);
    statement_bind_bytes(statement, 3, session->secret_hash);
    statement_bind_instant(statement, 4, session->created_at);
    statement_bind_instant(statement, 5, session->expires_at);
    return statement_run(statement);
}

enum status staff_session_delete(struct tx *tx, int64_t staff_id, int64_t session_id) {
    return statement_run(start_by_key(tx, QUERY_STAFF_SESSION_DELETE, staff_id, session_id));
}
