/*
 * trial_balance.h: sums over entries. Exports: struct trial_balance, trial_balance_add(),
 * trial_balance_is_even(), trial_balance_net().
 *
 * Starts as all zero ({0}).
 */
#ifndef FENQI_LEDGER_TRIAL_BALANCE_H
#define FENQI_LEDGER_TRIAL_BALANCE_H

#include "ledger/entry.h"

struct trial_balance {
    struct money debit[ACCOUNT_COUNT];
    struct money credit[ACCOUNT_COUNT];
};

/* Adds an entry's lines. The entry must be balanced. */
void trial_balance_add(struct trial_balance *balance, const struct entry *entry);

/* Adds one account's sums, as read from elsewhere (a store's aggregate). */
void trial_balance_add_sums(
    struct trial_balance *balance, enum account account, struct money debit, struct money credit);

/* Whether all debits equal all credits. */
bool trial_balance_is_even(const struct trial_balance *balance);

/* Debits minus credits of one account. */
struct money trial_balance_net(const struct trial_balance *balance, enum account account);

#endif
