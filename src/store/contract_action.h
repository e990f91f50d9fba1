/*
 * contract_action.h: which contracts have something to do on a day. Exports: struct contract_key,
 * contract_action_count(), contract_action_boundaries(), contract_action_next_day(),
 * contract_action_page().
 *
 * Everything here is found by the index over (next_action_day, customer_id, contract_id) alone, so
 * it costs what the day has to do and not what the portfolio holds.
 */
#ifndef FENQI_STORE_CONTRACT_ACTION_H
#define FENQI_STORE_CONTRACT_ACTION_H

#include "store/store.h"

struct contract_key {
    int64_t customer_id;
    int64_t contract_id;
};

/* Contracts with something to do on or before `day`. */
enum status contract_action_count(struct tx *tx, struct day day, int64_t *count) FENQI_MUST_USE;

/* The customers, ascending, that split them into parts of `size` contracts or a little more. */
enum status contract_action_boundaries(struct tx *tx, struct day day, int64_t size, size_t limit,
    int64_t **customers, size_t *count) FENQI_MUST_USE;

/* The first day after `after`, up to `until`, on which a contract has something to do; DAY_NONE. */
enum status contract_action_next_day(
    struct tx *tx, struct day after, struct day until, struct day *day) FENQI_MUST_USE;

/* Those of exactly `day` after the key `after`, of customers below `end_customer`, in order. */
enum status contract_action_page(struct tx *tx, struct day day, struct contract_key after,
    int64_t end_customer, size_t limit, struct contract_key **keys, size_t *count) FENQI_MUST_USE;

#endif
