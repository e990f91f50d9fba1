/*
 * staff_log_in.h: the operator's people log in. Exports: load_staff_check(), staff_log_in(),
 * create_staff().
 *
 * As with customers, argon2id runs on a worker between two steps. A second factor (RFC 6238, six
 * digits, 30 seconds, one step of drift either way) is asked for when the account has one; a code
 * works once.
 */
#ifndef FENQI_SERVICE_STAFF_LOG_IN_H
#define FENQI_SERVICE_STAFF_LOG_IN_H

#include "codec/session_token.h"
#include "codec/vault.h"
#include "store/staff.h"

enum { STAFF_WRONG_LIMIT = 5, STAFF_LOCK_S = 900 };

struct staff_check {
    const char *password_hash; /* NULL: nobody to verify against */
};
enum status load_staff_check(
    struct tx *tx, const char *login, struct staff_check *check) FENQI_MUST_USE;

enum staff_log_in_outcome {
    STAFF_LOG_IN_OK,
    STAFF_LOG_IN_LOCKED,
    STAFF_LOG_IN_WRONG,         /* login or password, also for disabled accounts */
    STAFF_LOG_IN_TOTP_REQUIRED, /* right so far; none or a wrong code was given */
};

struct staff_log_in {
    const char *login;
    bool password_right;
    const char *totp; /* six digits or NULL */
};

struct staff_log_in_answer {
    enum staff_log_in_outcome outcome;
    struct staff staff;
    struct session_token token;
};

/* Wrong guesses are counted: keep the unit's writes whatever the outcome. */
enum status staff_log_in(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct staff_log_in *command, struct staff_log_in_answer *answer) FENQI_MUST_USE;

/* Makes an account. `totp_seed` is 20 bytes or {NULL, 0}. CONFLICT when the login is taken. */
enum status create_staff(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *login, const char *name, enum staff_role role, const char *password_hash,
    struct bytes totp_seed, int64_t *staff_id) FENQI_MUST_USE;

#endif
