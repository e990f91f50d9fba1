/* credit_balance.c: a customer's own money. Exports what credit_balance.h declares. */
#include "store/credit_balance.h"

#include "base/check.h"
#include "store/statement.h"

enum status credit_balance_load(struct tx *tx, int64_t customer_id, struct money *balance) {
    struct statement *statement = statement_start(tx, QUERY_CREDIT_BALANCE_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    *balance = statement_step(statement) ? statement_money(statement, 0) : MONEY_ZERO;
    return statement_end(statement);
}

enum status credit_balance_save(struct tx *tx, int64_t customer_id, struct money balance) {
    check(!money_is_negative(balance));
    struct statement *statement = statement_start(tx, QUERY_CREDIT_BALANCE_SAVE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_money(statement, 2, balance);
    return statement_run(statement);
}

enum status credit_balance_sum(struct tx *tx, struct money *sum) {
    struct statement *statement = statement_start(tx, QUERY_CREDIT_BALANCE_SUM);
    *sum = statement_step(statement) ? statement_money(statement, 0) : MONEY_ZERO;
    return statement_end(statement);
}
