/* customer_range.c: customers from one key to another. See customer_range.h. */
#include "store/customer_range.h"

#include "store/statement.h"

void customer_range_bind(struct statement *statement, struct customer_range range) {
    statement_bind_integer(statement, 1, range.after);
    statement_bind_integer(statement, 2, range.last);
}

enum status customer_range_next(
    struct tx *tx, int64_t after, int64_t size, struct customer_range *range) {
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_RANGE_END);
    statement_bind_integer(statement, 1, after);
    statement_bind_integer(statement, 2, size - 1);
    bool more = statement_step(statement);
    *range = (struct customer_range){after, more ? statement_integer(statement, 0) : INT64_MAX};
    return statement_end(statement);
}

enum status customer_count(struct tx *tx, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_COUNT);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}
