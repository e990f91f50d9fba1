/*
 * load_account.h: what a customer sees of the own account. Exports: struct account, load_account(),
 * change_name().
 */
#ifndef FENQI_SERVICE_LOAD_ACCOUNT_H
#define FENQI_SERVICE_LOAD_ACCOUNT_H

#include "base/money.h"
#include "codec/vault.h"
#include "store/store.h"

struct account {
    int64_t customer_id;
    const char *name; /* NULL: none given */
    const char *phone_masked;
    bool has_password;
    struct instant registered_at;
    struct money credit_balance;
    int64_t unread_messages;
    int64_t unread_notices;
};

/* NOT_FOUND when there is no such customer. */
enum status load_account(struct tx *tx, const struct vault *vault, int64_t customer_id,
    struct account *account) FENQI_MUST_USE;

enum status change_name(struct tx *tx, struct moment moment, const struct vault *vault,
    int64_t customer_id, const char *name) FENQI_MUST_USE;

#endif
