/*
 * log_in.h: registering, logging in and out, passwords and names. Exports: the use cases of a
 * customer's account and their outcomes.
 *
 * argon2id takes tens of milliseconds, so it runs on a worker and not in a unit: password log-in
 * reads what is needed (load_password_check), verifies outside, and then records the result (log_in
 * with LOG_IN_BY_PASSWORD). Five wrong passwords lock the password log-in for a quarter of an hour;
 * codes go on working, so that nobody can lock somebody else out.
 */
#ifndef FENQI_SERVICE_LOG_IN_H
#define FENQI_SERVICE_LOG_IN_H

#include "codec/session_token.h"
#include "service/one_time_codes.h"
#include "store/customer.h"

enum { LOGIN_WRONG_LIMIT = 5, LOGIN_LOCK_S = 900 };

/* Version of the agreement that a customer accepts at registration. */
#define TERMS_VERSION "2026-08-01"

/* From where somebody logs in; both texts are already fit for display. */
struct login_place {
    const char *device;
    const char *address_masked;
};

enum log_in_outcome {
    LOG_IN_OK,
    LOG_IN_TERMS_NOT_ACCEPTED, /* register only */
    LOG_IN_CODE_EXPIRED,
    LOG_IN_CODE_LOCKED,
    LOG_IN_CODE_WRONG,
    LOG_IN_ACCOUNT_EXISTS,    /* register only: the number is registered already */
    LOG_IN_ACCOUNT_NOT_FOUND, /* log in only: right code, but not registered */
    LOG_IN_LOCKED,            /* too many wrong passwords */
    LOG_IN_PASSWORD_WRONG,    /* also when the number is unknown or has no password */
};

struct log_in_answer {
    enum log_in_outcome outcome;
    int64_t customer_id;
    struct session_token token; /* the new session */
};

struct register_customer {
    const char *phone; /* valid */
    const char *code;
    const char *password_hash; /* NULL: none chosen */
    const char *name;          /* NULL: none given */
    bool accepted_terms;
    struct login_place place;
};
enum status register_customer(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct register_customer *command, struct log_in_answer *answer) FENQI_MUST_USE;

/* What a worker needs to verify a password; hash is NULL when there is nothing to verify against.
 */
struct password_check {
    int64_t customer_id;
    const char *password_hash;
    bool locked;
};
enum status load_password_check(struct tx *tx, struct instant now, const struct vault *vault,
    const char *phone, struct password_check *check) FENQI_MUST_USE;

struct log_in {
    const char *phone; /* valid */
    const char *code;  /* NULL: by password */
    bool password_right;
    struct login_place place;
};
/* Wrong guesses are counted: keep the unit's writes whatever the outcome. */
enum status log_in(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct log_in *command, struct log_in_answer *answer) FENQI_MUST_USE;

/* Makes a session for a customer and ends those that ran out. */
enum status open_session(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct login_place *place, struct session_token *token) FENQI_MUST_USE;

enum set_password_outcome {
    SET_PASSWORD_OK,
    SET_PASSWORD_CODE_EXPIRED,
    SET_PASSWORD_CODE_LOCKED,
    SET_PASSWORD_CODE_WRONG,
    SET_PASSWORD_WRONG, /* the current password is not that */
};
struct set_password {
    int64_t customer_id;
    int64_t session_id; /* stays; every other session ends */
    const char *code;   /* NULL: by current password */
    bool current_right;
    const char *password_hash;
};
/* Keep the unit's writes whatever the outcome. */
enum status set_password(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct set_password *command, enum set_password_outcome *outcome) FENQI_MUST_USE;

#endif
