/* log_in.c: registering, logging in, passwords. Exports what log_in.h declares. */
#include "service/log_in.h"

#include "base/check.h"
#include "service/authenticate.h"
#include "service/find_or_create_customer.h"
#include "service/send_notice.h"
#include "store/session.h"

enum status open_session(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct login_place *place, struct session_token *token) {
    token->owner_id = customer_id;
    token->session_id = tx_new_id(tx, moment.now);
    tx_random(tx, token->secret, sizeof token->secret);
    uint8_t hash[SESSION_HASH_SIZE];
    session_token_hash(token, hash);
    enum status status = session_delete_expired(tx, customer_id, moment.now);
    if (status != STATUS_OK)
        return status;
    return session_insert(tx, &(struct session){
                                  .owner_id = customer_id,
                                  .session_id = token->session_id,
                                  .secret_hash = {hash, sizeof hash},
                                  .created_at = moment.now,
                                  .last_seen_at = moment.now,
                                  .expires_at = instant_add_seconds(moment.now, CUSTOMER_SESSION_S),
                                  .device = place->device,
                                  .address_masked = place->address_masked,
                              });
}

static enum log_in_outcome outcome_of_code(enum check_code_outcome outcome) {
    switch (outcome) {
    case CHECK_CODE_OK:
        return LOG_IN_OK;
    case CHECK_CODE_EXPIRED:
        return LOG_IN_CODE_EXPIRED;
    case CHECK_CODE_LOCKED:
        return LOG_IN_CODE_LOCKED;
    case CHECK_CODE_WRONG:
        return LOG_IN_CODE_WRONG;
    }
    check(false);
    return LOG_IN_CODE_WRONG;
}

enum status register_customer(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct register_customer *command, struct log_in_answer *answer) {
    *answer = (struct log_in_answer){.outcome = LOG_IN_TERMS_NOT_ACCEPTED};
    if (!command->accepted_terms)
        return STATUS_OK;
    enum check_code_outcome code_outcome;
    enum status status =
        check_code(tx, moment, vault, command->phone, CODE_REGISTER, command->code, &code_outcome);
    if (status != STATUS_OK)
        return status;
    answer->outcome = outcome_of_code(code_outcome);
    if (answer->outcome != LOG_IN_OK)
        return STATUS_OK;
    struct customer customer;
    status = find_or_create_customer(tx, moment, vault, command->phone, NULL, &customer);
    if (status != STATUS_OK)
        return status;
    if (customer.terms_version != NULL) {
        answer->outcome = LOG_IN_ACCOUNT_EXISTS;
        return STATUS_OK;
    }
    customer.terms_version = TERMS_VERSION;
    customer.terms_accepted_at = moment.now;
    customer.password_hash = command->password_hash;
    if (command->name != NULL)
        status = customer_set_name(tx, vault, command->name, &customer);
    if (status == STATUS_OK)
        status = customer_save(tx, &customer);
    answer->customer_id = customer.customer_id;
    if (status == STATUS_OK)
        status = open_session(tx, moment, customer.customer_id, &command->place, &answer->token);
    return status;
}

static bool is_locked(const struct customer *customer, struct instant now) {
    return instant_compare(now, customer->locked_until) < 0;
}

/* Loads the registered customer of a phone; *found is false when there is none. */
static enum status load_registered(struct tx *tx, const struct vault *vault, const char *phone,
    struct customer *customer, bool *found) {
    int64_t customer_id;
    *found = false;
    enum status status = find_customer(tx, vault, phone, &customer_id);
    if (status != STATUS_OK || customer_id == 0)
        return status;
    status = customer_load(tx, customer_id, customer, found);
    if (status == STATUS_OK && *found)
        *found = customer->terms_version != NULL;
    return status;
}

enum status load_password_check(struct tx *tx, struct instant now, const struct vault *vault,
    const char *phone, struct password_check *password_check) {
    *password_check = (struct password_check){0};
    struct customer customer;
    bool found;
    enum status status = load_registered(tx, vault, phone, &customer, &found);
    if (status == STATUS_OK && found)
        *password_check = (struct password_check){
            .customer_id = customer.customer_id,
            .password_hash = customer.password_hash,
            .locked = is_locked(&customer, now),
        };
    return status;
}

/* Decides a log-in by password and counts wrong ones. */
static enum status by_password(struct tx *tx, struct moment moment, bool right,
    struct customer *customer, bool found, enum log_in_outcome *outcome) {
    *outcome = LOG_IN_PASSWORD_WRONG;
    if (!found)
        return STATUS_OK;
    if (is_locked(customer, moment.now)) {
        *outcome = LOG_IN_LOCKED;
        return STATUS_OK;
    }
    if (right && customer->password_hash != NULL) {
        *outcome = LOG_IN_OK;
        if (customer->failed_logins == 0)
            return STATUS_OK;
        customer->failed_logins = 0;
        return customer_save(tx, customer);
    }
    customer->failed_logins++;
    if (customer->failed_logins >= LOGIN_WRONG_LIMIT) {
        customer->failed_logins = 0;
        customer->locked_until = instant_add_seconds(moment.now, LOGIN_LOCK_S);
    }
    return customer_save(tx, customer);
}

static enum status by_code(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct log_in *command, bool found, enum log_in_outcome *outcome) {
    enum check_code_outcome code_outcome;
    enum status status =
        check_code(tx, moment, vault, command->phone, CODE_LOGIN, command->code, &code_outcome);
    if (status != STATUS_OK)
        return status;
    *outcome = outcome_of_code(code_outcome);
    /* Said only to somebody who holds the phone: nobody else learns who is registered. */
    if (*outcome == LOG_IN_OK && !found)
        *outcome = LOG_IN_ACCOUNT_NOT_FOUND;
    return STATUS_OK;
}

enum status log_in(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct log_in *command, struct log_in_answer *answer) {
    *answer = (struct log_in_answer){0};
    struct customer customer = {0};
    bool found;
    enum status status = load_registered(tx, vault, command->phone, &customer, &found);
    if (status != STATUS_OK)
        return status;
    if (command->code != NULL)
        status = by_code(tx, moment, vault, command, found, &answer->outcome);
    else
        status =
            by_password(tx, moment, command->password_right, &customer, found, &answer->outcome);
    if (status != STATUS_OK || answer->outcome != LOG_IN_OK)
        return status;
    answer->customer_id = customer.customer_id;
    struct message_parameters parameters = {.source = command->place.device};
    status = send_notice(tx, moment, customer.customer_id, MESSAGE_LOGIN_NEW_SESSION, &parameters);
    if (status == STATUS_OK)
        status = open_session(tx, moment, customer.customer_id, &command->place, &answer->token);
    return status;
}

static enum set_password_outcome set_outcome_of_code(enum check_code_outcome outcome) {
    switch (outcome) {
    case CHECK_CODE_OK:
        return SET_PASSWORD_OK;
    case CHECK_CODE_EXPIRED:
        return SET_PASSWORD_CODE_EXPIRED;
    case CHECK_CODE_LOCKED:
        return SET_PASSWORD_CODE_LOCKED;
    case CHECK_CODE_WRONG:
        return SET_PASSWORD_CODE_WRONG;
    }
    check(false);
    return SET_PASSWORD_CODE_WRONG;
}

enum status set_password(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct set_password *command, enum set_password_outcome *outcome) {
    struct customer customer;
    bool found;
    enum status status = customer_load(tx, command->customer_id, &customer, &found);
    if (status != STATUS_OK)
        return status;
    check(found);
    *outcome = command->current_right ? SET_PASSWORD_OK : SET_PASSWORD_WRONG;
    if (command->code != NULL) {
        char *phone;
        status = customer_open_phone(tx, vault, &customer, &phone);
        enum check_code_outcome code_outcome = CHECK_CODE_WRONG;
        if (status == STATUS_OK)
            status = check_code(
                tx, moment, vault, phone, CODE_SET_PASSWORD, command->code, &code_outcome);
        if (status != STATUS_OK)
            return status;
        *outcome = set_outcome_of_code(code_outcome);
    }
    if (*outcome != SET_PASSWORD_OK)
        return STATUS_OK;
    customer.password_hash = command->password_hash;
    customer.failed_logins = 0;
    customer.locked_until = (struct instant){0};
    status = customer_save(tx, &customer);
    if (status == STATUS_OK)
        status = session_delete_others(tx, command->customer_id, command->session_id);
    if (status == STATUS_OK)
        status = send_notice(tx, moment, command->customer_id, MESSAGE_PASSWORD_CHANGED,
            &(struct message_parameters){0});
    return status;
}
