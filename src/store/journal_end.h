/*
 * journal_end.h: where a chain of journal entries ends. Exports: struct journal_end,
 * journal_end_is(), journal_end_bind(), journal_end_read().
 *
 * It stands in the row of what the chain belongs to: contract, credit_balance. See journal.h.
 */
#ifndef FENQI_STORE_JOURNAL_END_H
#define FENQI_STORE_JOURNAL_END_H

#include "codec/sha256.h"

#include <stdbool.h>
#include <stdint.h>

/* The last entry of a chain; zeros when there is none. */
struct journal_end {
    int64_t number;
    uint8_t hash[SHA256_SIZE];
};

bool journal_end_is(const struct journal_end *a, const struct journal_end *b);

/* As two parameters from `number`, two columns from `column`. */
struct statement;
void journal_end_bind(struct statement *statement, int number, const struct journal_end *end);
void journal_end_read(struct statement *statement, int column, struct journal_end *end);

#endif
