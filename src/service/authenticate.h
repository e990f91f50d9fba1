/*
 * authenticate.h: who is calling. Exports: authenticate_customer(), authenticate_staff(), session
 * lifetimes.
 *
 * Reads only. A session that was used is prolonged by touch_session() at most once a day, so that
 * reading pages costs no write.
 */
#ifndef FENQI_SERVICE_AUTHENTICATE_H
#define FENQI_SERVICE_AUTHENTICATE_H

#include "codec/session_token.h"
#include "store/session.h"
#include "store/staff.h"

enum {
    CUSTOMER_SESSION_S = 30 * 86400, /* since it was last used */
    STAFF_SESSION_S = 12 * 3600,     /* since log-in: a shift */
    SESSION_TOUCH_AFTER_S = 86400,
};

struct caller {
    int64_t id; /* customer_id or staff_id; 0: nobody */
    int64_t session_id;
    struct day business_date; /* read with the session; DAY_NONE: never set, or nobody */
    bool touch;               /* customers: the session should be prolonged */
    enum staff_role role;     /* staff only */
    const char *name;         /* staff only */
};

/* caller->id is 0 when the cookie (may be NULL) is no live session. */
enum status authenticate_customer(
    struct tx *tx, struct instant now, const char *cookie, struct caller *caller) FENQI_MUST_USE;
enum status authenticate_staff(
    struct tx *tx, struct instant now, const char *cookie, struct caller *caller) FENQI_MUST_USE;

/* Prolongs a customer's session. */
enum status touch_session(
    struct tx *tx, struct instant now, int64_t customer_id, int64_t session_id) FENQI_MUST_USE;

#endif
