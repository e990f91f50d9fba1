/* credit_balance.c: a customer's own money. Exports what credit_balance.h declares. */
#include "store/credit_balance.h"

#include "base/check.h"
#include "ledger/entry.h"
#include "store/journal.h"
#include "store/statement.h"

static struct statement *start_load(struct tx *tx, int64_t customer_id) {
    struct statement *statement = statement_start(tx, QUERY_CREDIT_BALANCE_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    return statement;
}

void credit_balance_foresee(struct tx *tx, int64_t customer_id) {
    statement_foresee(start_load(tx, customer_id));
}

enum status credit_account_load(
    struct tx *tx, int64_t customer_id, struct credit_account *account) {
    struct statement *statement = start_load(tx, customer_id);
    *account = (struct credit_account){.balance = MONEY_ZERO};
    if (statement_step(statement)) {
        account->balance = statement_money(statement, 0);
        journal_end_read(statement, 1, &account->end);
    }
    return statement_end(statement);
}

enum status credit_balance_load(struct tx *tx, int64_t customer_id, struct money *balance) {
    struct credit_account account;
    enum status status = credit_account_load(tx, customer_id, &account);
    *balance = account.balance;
    return status;
}

enum status credit_account_save(
    struct tx *tx, int64_t customer_id, const struct credit_account *account) {
    check(!money_is_negative(account->balance));
    struct statement *statement = statement_start(tx, QUERY_CREDIT_BALANCE_SAVE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_money(statement, 2, account->balance);
    journal_end_bind(statement, 3, &account->end);
    return statement_run(statement);
}

enum status credit_account_post(struct tx *tx, int64_t customer_id, struct entry *entry,
    int64_t source_id, struct instant now) {
    check(entry->chain_id == 0);
    struct credit_account account;
    enum status status = credit_account_load(tx, customer_id, &account);
    if (status == STATUS_OK)
        status = journal_append(tx, customer_id, entry, source_id, now, &account.end);
    if (status != STATUS_OK)
        return status;
    account.balance = money_subtract(account.balance, entry_net(entry, ACCOUNT_CUSTOMER_CREDIT));
    return credit_account_save(tx, customer_id, &account);
}

enum status credit_account_of_range(
    struct tx *tx, struct customer_range range, struct credit_row **rows, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CREDIT_BALANCE_OF_RANGE);
    customer_range_bind(statement, range);
    size_t room = 0;
    *rows = NULL;
    *count = 0;
    while (statement_step(statement)) {
        *rows = arena_grow(tx_arena(tx), *rows, *count, &room, sizeof **rows);
        struct credit_row *row = &(*rows)[(*count)++];
        row->customer_id = statement_integer(statement, 0);
        row->account.balance = statement_money(statement, 1);
        journal_end_read(statement, 2, &row->account.end);
    }
    return statement_end(statement);
}
