/*
 * entry.h: journal entries. Exports: enum side, struct entry_line, struct entry, entry_begin(),
 * entry_post(), entry_balanced(), entry_bytes().
 *
 * An entry belongs to one chain (a contract, or 0 for the platform's own) and is never edited. Its
 * canonical bytes are what the chain hashes; hashing is done by others.
 */
#ifndef FENQI_LEDGER_ENTRY_H
#define FENQI_LEDGER_ENTRY_H

#include "base/day.h"
#include "base/money.h"
#include "ledger/posting.h"

#include <stdint.h>

enum side { SIDE_DEBIT, SIDE_CREDIT };

struct entry_line {
    enum account account;
    enum side side;
    struct money amount; /* > 0 */
};

/* Every rule once, two lines each, is the most that one entry holds. */
enum { ENTRY_LINES_MAX = 2 * POSTING_RULE_COUNT, ENTRY_BYTES_MAX = 48 + 16 * ENTRY_LINES_MAX };

struct entry {
    int64_t chain_id; /* contract id; 0 the platform's own */
    int64_t sequence; /* 1, 2, 3 … in the chain */
    struct day day;   /* business date */
    int32_t line_count;
    struct entry_line lines[ENTRY_LINES_MAX];
};

/* An entry without lines. */
void entry_begin(struct entry *entry, int64_t chain_id, int64_t sequence, struct day day);

/*
 * Adds the two lines of `rule`: debit and credit of `amount`, the other way round when it is
 * negative; nothing when it is 0. For an engine's movement pass (enum posting_rule)movement.
 * Each rule at most once an entry.
 */
void entry_post(struct entry *entry, enum posting_rule rule, struct money amount);

/* Whether there is a line, every amount is positive, and debits equal credits. */
bool entry_balanced(const struct entry *entry);

/* Debits minus credits of one account in the entry. */
struct money entry_net(const struct entry *entry, enum account account);

/*
 * The canonical bytes: version 1, chain, sequence, day, line count, then per line the account's
 * code, side and amount, integers big-endian. Returns the length; `room` >= ENTRY_BYTES_MAX.
 */
size_t entry_bytes(const struct entry *entry, uint8_t *out, size_t room);

#endif
