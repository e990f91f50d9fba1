/* query_table.c: the table generated from sql/queries. Exports what query_table.h declares. */
#include "store/query_table.h"

#include "base/check.h"

#include "query_table.inc"

const struct query_text *query_text(enum query query) {
    check((unsigned)query < QUERY_COUNT);
    return &query_table[query];
}
