/* account.c: the chart of accounts. Exports what account.h declares. */
#include "ledger/account.h"

#include "base/check.h"

static const struct account_row rows[ACCOUNT_COUNT] = {
#include "account_table.inc"
};

const struct account_row *account_row(enum account account) {
    check((unsigned)account < ACCOUNT_COUNT);
    return &rows[account];
}

bool account_by_code(const char *code, enum account *out) {
    for (unsigned i = 0; i < ACCOUNT_COUNT; i++) {
        size_t at = 0;
        while (rows[i].code[at] != '\0' && rows[i].code[at] == code[at])
            at++;
        if (rows[i].code[at] == '\0' && code[at] == '\0') {
            *out = (enum account)i;
            return true;
        }
    }
    return false;
}

bool account_is_debit(enum account account) {
    switch (account_row(account)->class) {
    case ACCOUNT_ASSET:
    case ACCOUNT_EXPENSE:
        return true;
    case ACCOUNT_LIABILITY:
    case ACCOUNT_EQUITY:
    case ACCOUNT_INCOME:
        return false;
    }
    check(false);
    return false;
}
