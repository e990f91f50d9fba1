/* contract_action.c: which contracts have something to do. Exports what contract_action.h declares.
 */
#include "store/contract_action.h"

#include "store/statement.h"

enum status contract_action_count(struct tx *tx, struct day day, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_COUNT_WITH_ACTION);
    statement_bind_day(statement, 1, day);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status contract_action_boundaries(
    struct tx *tx, struct day day, int64_t size, size_t limit, int64_t **customers, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_ACTION_BOUNDARIES);
    statement_bind_day(statement, 1, day);
    statement_bind_integer(statement, 2, size);
    *customers = ARENA_ARRAY(tx_arena(tx), limit + 1, int64_t);
    *count = 0;
    while (*count < limit && statement_step(statement))
        (*customers)[(*count)++] = statement_integer(statement, 0);
    return statement_end(statement);
}

enum status contract_action_next_day(
    struct tx *tx, struct day after, struct day until, struct day *day) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_NEXT_ACTION_DAY);
    statement_bind_integer(statement, 1, after.number);
    statement_bind_day(statement, 2, until);
    *day = statement_step(statement) ? statement_day(statement, 0) : DAY_NONE;
    return statement_end(statement);
}

enum status contract_action_page(struct tx *tx, struct day day, struct contract_key after,
    int64_t end_customer, size_t limit, struct contract_key **keys, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_WITH_ACTION_IN_RANGE);
    statement_bind_day(statement, 1, day);
    statement_bind_integer(statement, 2, after.customer_id);
    statement_bind_integer(statement, 3, after.contract_id);
    statement_bind_integer(statement, 4, end_customer);
    statement_bind_integer(statement, 5, (int64_t)limit);
    *keys = ARENA_ARRAY(tx_arena(tx), limit + 1, struct contract_key);
    *count = 0;
    while (*count < limit && statement_step(statement))
        (*keys)[(*count)++] =
            (struct contract_key){statement_integer(statement, 0), statement_integer(statement, 1)};
    return statement_end(statement);
}
