/*
 * staff.h: the operator's people. Exports: enum staff_role, struct staff, staff_find_login(),
 * staff_load(), staff_insert(), staff_save_login(), staff_role_name(), staff_role_from_name().
 */
#ifndef FENQI_STORE_STAFF_H
#define FENQI_STORE_STAFF_H

#include "store/store.h"

enum staff_role {
    STAFF_AGENT,     /* answers customers */
    STAFF_COLLECTOR, /* works overdue contracts */
    STAFF_REVIEWER,  /* decides what others asked for */
    STAFF_ADMIN,     /* runs the day-end, manages staff */
};

struct staff {
    int64_t staff_id;
    const char *login;
    const char *name;
    enum staff_role role;
    const char *password_hash;
    struct bytes totp_sealed; /* {NULL, 0}: no second factor set up */
    int64_t totp_last_step;   /* the last time step that was used: a code works once */
    int32_t failed_logins;
    struct instant locked_until;
    bool disabled;
};

const char *staff_role_name(enum staff_role role);
bool staff_role_from_name(const char *name, enum staff_role *role);

enum status staff_find_login(
    struct tx *tx, const char *login, struct staff *staff, bool *found) FENQI_MUST_USE;
enum status staff_load(
    struct tx *tx, int64_t staff_id, struct staff *staff, bool *found) FENQI_MUST_USE;
enum status staff_insert(struct tx *tx, const struct staff *staff) FENQI_MUST_USE;

/* Saves failed_logins, locked_until and totp_last_step. */
enum status staff_save_login(struct tx *tx, const struct staff *staff) FENQI_MUST_USE;

#endif
