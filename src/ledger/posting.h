/*
 * posting.h: between which accounts a movement goes. Exports: enum posting_rule (POSTING_…),
 * struct posting_row, posting_row().
 *
 * Generated from spec/postings.tsv. The first rules are the engine's movements in the engine's
 * order, so that a movement's number is its rule's number; the rest are the platform's own.
 */
#ifndef FENQI_LEDGER_POSTING_H
#define FENQI_LEDGER_POSTING_H

#include "ledger/account.h"

#include "posting_enum.inc"

struct posting_row {
    const char *name; /* "principal_lent" */
    enum account debit;
    enum account credit;
};

/* The row of a rule; the pointer lives as long as the process. */
const struct posting_row *posting_row(enum posting_rule rule);

#endif
