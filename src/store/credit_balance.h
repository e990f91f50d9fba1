/*
 * credit_balance.h: a customer's own money with Fenqi. Exports: struct credit_account,
 * credit_account_load(), credit_account_save(), credit_account_post(), credit_balance_load(),
 * credit_balance_foresee(), struct credit_row, credit_account_of_range().
 *
 * The number repeats the customer's account customer_credit of the journal; whoever changes it
 * posts the entry in the same unit, and `fenqi verify` compares the two.
 */
#ifndef FENQI_STORE_CREDIT_BALANCE_H
#define FENQI_STORE_CREDIT_BALANCE_H

#include "base/money.h"
#include "store/customer_range.h"
#include "store/journal_end.h"
#include "store/store.h"

struct entry;

struct credit_account {
    struct money balance;
    struct journal_end end; /* of the customer's own chain of journal entries */
};

/* Zeros when the customer never had any. */
enum status credit_account_load(
    struct tx *tx, int64_t customer_id, struct credit_account *account) FENQI_MUST_USE;

/* The balance must not be negative. */
enum status credit_account_save(
    struct tx *tx, int64_t customer_id, const struct credit_account *account) FENQI_MUST_USE;

/*
 * Appends an entry to the customer's own chain (chain_id 0) and moves the balance by what the entry
 * says of account customer_credit; that must leave it at zero or more.
 */
enum status credit_account_post(struct tx *tx, int64_t customer_id, struct entry *entry,
    int64_t source_id, struct instant now) FENQI_MUST_USE;

/* The balance alone, for those who only look. */
enum status credit_balance_load(
    struct tx *tx, int64_t customer_id, struct money *balance) FENQI_MUST_USE;

/* Tells that the unit is going to load it (statement_foresee()). */
void credit_balance_foresee(struct tx *tx, int64_t customer_id);

struct credit_row {
    int64_t customer_id;
    struct credit_account account;
};

/* Those of a range of customers who ever had any, in order. */
enum status credit_account_of_range(struct tx *tx, struct customer_range range,
    struct credit_row **rows, size_t *count) FENQI_MUST_USE;

#endif
