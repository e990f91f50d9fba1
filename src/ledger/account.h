/*
 * account.h: the chart of accounts 会计科目. Exports: enum account (ACCOUNT_…), struct account_row,
 * account_row(), account_by_code().
 *
 * Generated from spec/chart.tsv; the order of its rows is the numbering.
 */
#ifndef FENQI_LEDGER_ACCOUNT_H
#define FENQI_LEDGER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "account_enum.inc"

enum account_class {
    ACCOUNT_ASSET,
    ACCOUNT_LIABILITY,
    ACCOUNT_EQUITY,
    ACCOUNT_INCOME,
    ACCOUNT_EXPENSE
};

struct account_row {
    const char *code; /* "1201", four digits */
    const char *name; /* "principal_receivable" */
    enum account_class class;
    const char *name_zh;
    const char *name_en;
};

/* The row of an account; the pointer lives as long as the process. */
const struct account_row *account_row(enum account account);

/* Finds a code such as "1201"; false, *out untouched, when there is none. */
bool account_by_code(const char *code, enum account *out);

/* Whether the account's balance normally stands on the debit side. */
bool account_is_debit(enum account account);

#endif
