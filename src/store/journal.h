/*
 * journal.h: the double-entry journal, chained by hash. Exports: struct journal_key, struct
 * journal_row, struct journal_list, journal_append(), journal_of_chain(), journal_walk(),
 * journal_row_is_sound(), journal_of_source(), journal_trial_balance().
 *
 * Each contract has a chain of its own (entry->chain_id is the contract's id), each customer one
 * for what belongs to no contract (chain_id 0: the credit balance), and the platform one
 * (customer_id and chain_id 0). Entries are never edited:
 *     hash = SHA-256(previous hash, customer_id as 8 bytes big-endian, entry_bytes())
 * with 32 zero bytes before the first.
 */
#ifndef FENQI_STORE_JOURNAL_H
#define FENQI_STORE_JOURNAL_H

#include "codec/sha256.h"
#include "ledger/entry.h"
#include "ledger/trial_balance.h"
#include "store/store.h"

/* Place of an entry; sorts by customer, chain, number. {0, 0, 0} is before every entry. */
struct journal_key {
    int64_t customer_id;
    int64_t chain_id;
    int64_t number;
};

/* A stored entry: its lines as in table posting, and the bytes that were hashed. */
struct journal_row {
    struct journal_key key;
    struct entry entry;
    int64_t source_id;
    struct instant created_at;
    struct bytes canonical;
    struct bytes previous_hash;
    struct bytes hash;
};

struct journal_list {
    struct journal_row *items; /* in key order, in the unit's arena */
    size_t count;
};

/*
 * Appends a balanced entry to its chain: gives it its sequence, hashes, stores entry and lines.
 * `source_id` is the id of what caused it (payment, refund, request, order).
 */
enum status journal_append(struct tx *tx, int64_t customer_id, struct entry *entry,
    int64_t source_id, struct instant now) FENQI_MUST_USE;

/* At most `limit` entries of one chain after number `after`. */
enum status journal_of_chain(struct tx *tx, int64_t customer_id, int64_t chain_id, int64_t after,
    int32_t limit, struct journal_list *list) FENQI_MUST_USE;

/* At most `limit` entries of all chains after `after`: for verifying everything, page by page. */
enum status journal_walk(struct tx *tx, struct journal_key after, int32_t limit,
    struct journal_list *list) FENQI_MUST_USE;

/*
 * Whether the row's lines balance, are the ones that were hashed, and its hash follows from
 * `previous` (the hash of the row before it in the chain; zeros for the first).
 */
bool journal_row_is_sound(const struct journal_row *row, struct bytes previous);

/* Sums of what the entries of one customer that `source_id` caused moved, by account. */
enum status journal_of_source(struct tx *tx, int64_t customer_id, int64_t source_id,
    struct trial_balance *balance) FENQI_MUST_USE;

/* Sums of all postings by account. Reads the whole table: for verification and reports. */
enum status journal_trial_balance(struct tx *tx, struct trial_balance *balance) FENQI_MUST_USE;

#endif
