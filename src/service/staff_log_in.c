/* staff_log_in.c: the operator's people log in. Exports what staff_log_in.h declares. */
#include "service/staff_log_in.h"

#include "codec/totp.h"
#include "service/authenticate.h"
#include "store/audit.h"
#include "store/session.h"

#include <string.h>

static const char totp_label[] = "staff.totp";

enum status load_staff_check(struct tx *tx, const char *login, struct staff_check *staff_check) {
    struct staff staff;
    bool found;
    enum status status = staff_find_login(tx, login, &staff, &found);
    staff_check->password_hash =
        status == STATUS_OK && found && !staff.disabled ? staff.password_hash : NULL;
    return status;
}

/* The step whose code this is and which was not used before, or -1. */
static int64_t matching_step(
    struct bytes seed, const char *code, struct instant now, int64_t last_step) {
    int64_t current = now.us / US_PER_SECOND / TOTP_STEP_S;
    for (int64_t step = current - 1; step <= current + 1; step++) {
        char expected[TOTP_TEXT_SIZE];
        if (step > last_step && strcmp(totp_code(seed, step, expected), code) == 0)
            return step;
    }
    return -1;
}

/* Whether the second factor is satisfied; remembers the step that was used. */
static enum status second_factor(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *code, struct staff *staff, bool *satisfied) {
    *satisfied = staff->totp_sealed.at == NULL;
    if (*satisfied || code == NULL)
        return STATUS_OK;
    struct bytes seed;
    if (!vault_open(vault, VAULT_OPERATOR, totp_label, staff->staff_id, staff->totp_sealed,
            tx_arena(tx), &seed))
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "a TOTP seed does not open");
    int64_t step = matching_step(seed, code, moment.now, staff->totp_last_step);
    if (step >= 0) {
        staff->totp_last_step = step;
        *satisfied = true;
    }
    return STATUS_OK;
}

static enum status count_wrong(struct tx *tx, struct moment moment, struct staff *staff) {
    staff->failed_logins++;
    if (staff->failed_logins >= STAFF_WRONG_LIMIT) {
        staff->failed_logins = 0;
        staff->locked_until = instant_add_seconds(moment.now, STAFF_LOCK_S);
    }
    return staff_save_login(tx, staff);
}

static enum status open_staff_session(
    struct tx *tx, struct moment moment, struct staff_log_in_answer *answer) {
    struct session_token *token = &answer->token;
    token->owner_id = answer->staff.staff_id;
    token->session_id = tx_new_id(tx, moment.now);
    tx_random(tx, token->secret, sizeof token->secret);
    uint8_t hash[SESSION_HASH_SIZE];
    session_token_hash(token, hash);
    return staff_session_insert(
        tx, &(struct session){
                .owner_id = token->owner_id,
                .session_id = token->session_id,
                .secret_hash = {hash, sizeof hash},
                .created_at = moment.now,
                .expires_at = instant_add_seconds(moment.now, STAFF_SESSION_S),
            });
}

enum status staff_log_in(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct staff_log_in *command, struct staff_log_in_answer *answer) {
    *answer = (struct staff_log_in_answer){.outcome = STAFF_LOG_IN_WRONG};
    bool found;
    enum status status = staff_find_login(tx, command->login, &answer->staff, &found);
    if (status != STATUS_OK || !found || answer->staff.disabled)
        return status;
    struct staff *staff = &answer->staff;
    if (instant_compare(moment.now, staff->locked_until) < 0) {
        answer->outcome = STAFF_LOG_IN_LOCKED;
        return STATUS_OK;
    }
    if (!command->password_right)
        return count_wrong(tx, moment, staff);
    bool satisfied;
    status = second_factor(tx, moment, vault, command->totp, staff, &satisfied);
    if (status != STATUS_OK)
        return status;
    if (!satisfied) {
        answer->outcome = STAFF_LOG_IN_TOTP_REQUIRED;
        return command->totp == NULL ? STATUS_OK : count_wrong(tx, moment, staff);
    }
    answer->outcome = STAFF_LOG_IN_OK;
    staff->failed_logins = 0;
    status = staff_save_login(tx, staff);
    if (status == STATUS_OK)
        status = open_staff_session(tx, moment, answer);
    if (status == STATUS_OK)
        status = audit_insert(tx, &(struct audit_record){.actor_kind = ACTOR_STAFF,
                                      .actor_id = staff->staff_id,
                                      .action = "staff_logged_in",
                                      .subject = staff->login,
                                      .created_at = moment.now});
    return status;
}

enum status create_staff(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *login, const char *name, enum staff_role role, const char *password_hash,
    struct bytes totp_seed, int64_t *staff_id) {
    struct staff staff = {
        .staff_id = tx_new_id(tx, moment.now),
        .login = login,
        .name = name,
        .role = role,
        .password_hash = password_hash,
    };
    if (totp_seed.at != NULL) {
        uint8_t nonce[VAULT_NONCE_SIZE];
        tx_random(tx, nonce, sizeof nonce);
        staff.totp_sealed = vault_seal(
            vault, VAULT_OPERATOR, totp_label, staff.staff_id, nonce, totp_seed, tx_arena(tx));
    }
    *staff_id = staff.staff_id;
    return staff_insert(tx, &staff);
}
