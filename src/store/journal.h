/*
 * journal.h: the double-entry journal, chained by hash. Exports: struct journal_key, struct
 * journal_row, journal_key_is(), struct journal_list, journal_append(), journal_walk(),
 * journal_row_follows(), journal_end_follow(), struct journal_leaf, journal_of_day(),
 * journal_first_day(), journal_of_range(), journal_trial_balance().
 *
 * Each contract has a chain of its own (entry->chain_id is the contract's id), each customer one
 * for what belongs to no contract (chain_id 0: the credit balance), and the platform one
 * (customer_id and chain_id 0). Entries are never edited:
 *     hash = SHA-256(hash of the entry before, customer_id as 8 bytes big-endian, entry_bytes())
 * with 32 zero bytes before the first. The end of a chain stands in the row of what it belongs to
 * (contract, credit_balance), which the unit that appends loads and saves anyway.
 */
#ifndef FENQI_STORE_JOURNAL_H
#define FENQI_STORE_JOURNAL_H

#include "ledger/entry.h"
#include "ledger/trial_balance.h"
#include "store/customer_range.h"
#include "store/journal_end.h"
#include "store/store.h"

/* Place of an entry; sorts by customer, chain, number. {0, 0, 0} is before every entry. */
struct journal_key {
    int64_t customer_id;
    int64_t chain_id;
    int64_t number;
};

bool journal_key_is(const struct journal_key *a, const struct journal_key *b);

/* A stored entry. */
struct journal_row {
    struct journal_key key;
    struct entry entry;
    int64_t source_id;
    struct instant created_at;
    struct bytes hash;
    bool readable; /* column lines is what journal_append() writes; else `entry` is not whole */
};

struct journal_list {
    struct journal_row *items; /* in key order, in the unit's arena */
    size_t count;
};

/*
 * Appends a balanced entry to the chain that ends with `end`: gives it its sequence, hashes, stores
 * it with its lines, and moves *end on, which the caller saves in the same unit. `source_id` is the
 * id of what caused it (payment, refund, request, order).
 */
enum status journal_append(struct tx *tx, int64_t customer_id, struct entry *entry,
    int64_t source_id, struct instant now, struct journal_end *end) FENQI_MUST_USE;

/* At most `limit` entries of all chains after `after`: for verifying everything, page by page. */
enum status journal_walk(struct tx *tx, struct journal_key after, int32_t limit,
    struct journal_list *list) FENQI_MUST_USE;

/*
 * Whether the row balances and follows from `end`, the entry before it in its chain (zeros for the
 * first). Moves *end on to the row, sound or not.
 */
bool journal_row_follows(const struct journal_row *row, struct journal_end *end);

/* The end of the chain once `entry` follows it. */
void journal_end_follow(struct journal_end *end, int64_t customer_id, const struct entry *entry);

/* Place of an entry among those of its day, in the order of recording; zeros before the first. */
struct journal_leaf {
    struct instant created_at;
    struct journal_key key;
    uint8_t hash[SHA256_SIZE];
};

/* At most `limit` entries of a day after `after`. CORRUPT when a hash is not one. */
enum status journal_of_day(struct tx *tx, struct day day, const struct journal_leaf *after,
    int32_t limit, struct journal_leaf **leaves, size_t *count) FENQI_MUST_USE;

/* DAY_NONE when there is no entry. */
enum status journal_first_day(struct tx *tx, struct day *day) FENQI_MUST_USE;

/* Shows every entry of a range of customers, in key order; the row lives during the call. */
typedef void (*journal_visit)(void *context, const struct journal_row *row);
enum status journal_of_range(
    struct tx *tx, struct customer_range range, journal_visit visit, void *context) FENQI_MUST_USE;

/* Sums of all lines by account. Reads the whole table: for tests and small books. */
enum status journal_trial_balance(struct tx *tx, struct trial_balance *balance) FENQI_MUST_USE;

#endif
