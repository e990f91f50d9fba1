/* authenticate.c: who is calling. Exports what authenticate.h declares. */
#include "service/authenticate.h"

static bool is_live(
    const struct session *session, const struct session_token *token, struct instant now) {
    return instant_compare(now, session->expires_at) < 0 &&
           session_token_matches(token, session->secret_hash.at, session->secret_hash.length);
}

enum status authenticate_customer(
    struct tx *tx, struct instant now, const char *cookie, struct caller *caller) {
    *caller = (struct caller){.business_date = DAY_NONE};
    struct session_token token;
    if (cookie == NULL || !session_token_read(cookie, &token))
        return STATUS_OK;
    struct session session;
    bool found;
    enum status status = session_load(tx, token.owner_id, token.session_id, &session, &found);
    if (status != STATUS_OK || !found || !is_live(&session, &token, now))
        return status;
    caller->id = session.owner_id;
    caller->session_id = session.session_id;
    caller->business_date = session.business_date;
    caller->touch =
        instant_compare(instant_add_seconds(session.last_seen_at, SESSION_TOUCH_AFTER_S), now) <= 0;
    return STATUS_OK;
}

enum status authenticate_staff(
    struct tx *tx, struct instant now, const char *cookie, struct caller *caller) {
    *caller = (struct caller){.business_date = DAY_NONE};
    struct session_token token;
    if (cookie == NULL || !session_token_read(cookie, &token))
        return STATUS_OK;
    struct session session;
    struct staff staff;
    bool found;
    enum status status =
        staff_session_load(tx, token.owner_id, token.session_id, &session, &staff, &found);
    if (status != STATUS_OK || !found || staff.disabled || !is_live(&session, &token, now))
        return status;
    caller->id = staff.staff_id;
    caller->session_id = session.session_id;
    caller->business_date = session.business_date;
    caller->role = staff.role;
    caller->name = staff.name;
    return STATUS_OK;
}

enum status touch_session(
    struct tx *tx, struct instant now, int64_t customer_id, int64_t session_id) {
    struct session session;
    bool found;
    enum status status = session_load(tx, customer_id, session_id, &session, &found);
    if (status != STATUS_OK || !found)
        return status;
    session.last_seen_at = now;
    session.expires_at = instant_add_seconds(now, CUSTOMER_SESSION_S);
    return session_touch(tx, &session);
}
