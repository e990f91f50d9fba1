/*
 * credit_balance.h: a customer's own money with Fenqi. Exports: credit_balance_load(),
 * credit_balance_save().
 *
 * The number repeats the customer's account customer_credit of the journal; whoever changes it
 * posts the entry in the same unit, and `fenqi verify` compares the two.
 */
#ifndef FENQI_STORE_CREDIT_BALANCE_H
#define FENQI_STORE_CREDIT_BALANCE_H

#include "base/money.h"
#include "store/store.h"

/* Zero when the customer never had any. */
enum status credit_balance_load(
    struct tx *tx, int64_t customer_id, struct money *balance) FENQI_MUST_USE;

/* `balance` must not be negative. */
enum status credit_balance_save(
    struct tx *tx, int64_t customer_id, struct money balance) FENQI_MUST_USE;

/* What all customers together have; reads the whole table: for verification. */
enum status credit_balance_sum(struct tx *tx, struct money *sum) FENQI_MUST_USE;

#endif
