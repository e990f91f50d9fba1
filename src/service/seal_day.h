/*
 * seal_day.h: the books of a closed day under one signed hash. Exports: struct day_tree,
 * grow_day_tree(), struct seal_plan, plan_seals(), seal_day(), seal_holds(), seal_digest().
 *
 * The leaves of a day are the hashes of the entries that were recorded on it (a back-dated event is
 * recorded on the business date of its recording), in the order of recording; the root is that of
 * RFC 6962. What is signed:
 *     "fenqi-day-01", day (4 bytes), count (8), previous (32), root (32), integers big-endian
 * where previous is the SHA-256 of what was signed for the day before, zeros for the first day. So
 * each root covers all books before it. A day is closed once the business date has moved on and
 * every transaction of that time has ended.
 */
#ifndef FENQI_SERVICE_SEAL_DAY_H
#define FENQI_SERVICE_SEAL_DAY_H

#include "codec/merkle.h"
#include "store/journal.h"
#include "store/merkle_root.h"

/* The tree of a day, page by page. Starts as all zero but the day. */
struct day_tree {
    struct day day;
    struct merkle merkle;
    struct journal_leaf last;
    bool done;
    const struct journal_key *wanted; /* an entry whose place is to be proven; NULL: none */
    struct merkle_proof proof;        /* of it */
};

/* Adds the next page of the day's entries. */
enum status grow_day_tree(struct tx *tx, struct day_tree *tree) FENQI_MUST_USE;

/* Which days may be sealed: from `from` until before `before`; and when. */
struct seal_plan {
    struct day from, before;
    uint8_t previous[SHA256_SIZE];
    int64_t number; /* wait until commit_horizon() has reached it */
};

/* In a unit, not in a snapshot: it needs a number of its own. */
enum status plan_seals(struct tx *tx, struct seal_plan *plan) FENQI_MUST_USE;

/* Signs and stores the root of a whole tree. *digest of it is the `previous` of the next day. */
enum status seal_day(struct tx *tx, const struct vault *vault, const struct day_tree *tree,
    const uint8_t previous[SHA256_SIZE], uint8_t digest[SHA256_SIZE]) FENQI_MUST_USE;

/* Whether the row's signature is this installation's and covers the row. */
bool seal_holds(const struct vault *vault, const struct merkle_root *row);
void seal_digest(const struct merkle_root *row, uint8_t digest[SHA256_SIZE]);

#endif
