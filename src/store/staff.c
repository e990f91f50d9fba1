/* staff.c: the operator's people. Exports what staff.h declares. */
#include "store/staff.h"

#include "base/check.h"
#include "store/statement.h"

#include <string.h>

const char *staff_role_name(enum staff_role role) {
    switch (role) {
    case STAFF_AGENT:
        return "agent";
    case STAFF_COLLECTOR:
        return "collector";
    case STAFF_REVIEWER:
        return "reviewer";
    case STAFF_ADMIN:
        return "admin";
    }
    check(false);
    return "";
}

bool staff_role_from_name(const char *name, enum staff_role *role) {
    for (int candidate = STAFF_AGENT; candidate <= STAFF_ADMIN; candidate++)
        if (strcmp(name, staff_role_name((enum staff_role)candidate)) == 0) {
            *role = (enum staff_role)candidate;
            return true;
        }
    return false;
}

static enum status read_staff(
    struct tx *tx, struct statement *statement, struct staff *staff, bool *found) {
    *found = statement_step(statement);
    bool role_known = true;
    if (*found) {
        *staff = (struct staff){
            .staff_id = statement_integer(statement, 0),
            .login = statement_text(statement, 1),
            .name = statement_text(statement, 2),
            .password_hash = statement_text(statement, 4),
            .totp_sealed = statement_bytes(statement, 5),
            .totp_last_step = statement_integer(statement, 6),
            .failed_logins = statement_integer32(statement, 7),
            .locked_until = {statement_integer(statement, 8)},
            .disabled = statement_boolean(statement, 9),
        };
        const char *role = statement_text(statement, 3);
        role_known = role != NULL && staff_role_from_name(role, &staff->role);
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !role_known)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "staff: a role that does not exist");
    return status;
}

enum status staff_find_login(struct tx *tx, const char *login, struct staff *staff, bool *found) {
    struct statement *statement = statement_start(tx, QUERY_STAFF_FIND_LOGIN);
    statement_bind_text(statement, 1, login);
    return read_staff(tx, statement, staff, found);
}

enum status staff_load(struct tx *tx, int64_t staff_id, struct staff *staff, bool *found) {
    struct statement *statement = statement_start(tx, QUERY_STAFF_LOAD);
    statement_bind_integer(statement, 1, staff_id);
    return read_staff(tx, statement, staff, found);
}

enum status staff_insert(struct tx *tx, const struct staff *staff) {
    struct statement *statement = statement_start(tx, QUERY_STAFF_INSERT);
    statement_bind_integer(statement, 1, staff->staff_id);
    statement_bind_text(statement, 2, staff->login);
    statement_bind_text(statement, 3, staff->name);
    statement_bind_text(statement, 4, staff_role_name(staff->role));
    statement_bind_text(statement, 5, staff->password_hash);
    statement_bind_bytes(statement, 6, staff->totp_sealed);
    return statement_run(statement);
}

enum status staff_save_login(struct tx *tx, const struct staff *staff) {
    struct statement *statement = statement_start(tx, QUERY_STAFF_SAVE_LOGIN);
    statement_bind_integer(statement, 1, staff->staff_id);
    statement_bind_integer(statement, 2, staff->failed_logins);
    statement_bind_integer(statement, 3, staff->locked_until.us);
    statement_bind_integer(statement, 4, staff->totp_last_step);
    return statement_run(statement);
}
