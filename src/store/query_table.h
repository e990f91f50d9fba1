/*
 * query_table.h: the texts of the prepared queries; internal to src/store and to its tests.
 * Exports: struct query_text, query_text().
 */
#ifndef FENQI_STORE_QUERY_TABLE_H
#define FENQI_STORE_QUERY_TABLE_H

#include "store/query.h"

#include <stdbool.h>

struct query_text {
    const char *name;     /* of the file, without .sql */
    const char *sqlite;   /* parameters are ?1, ?2, ... */
    const char *postgres; /* parameters are $1, $2, ... */
    int parameter_count;
    bool scan_allowed; /* the file says why it may read or sort without an index */
};

enum { QUERY_PARAMETER_MAX = 48 };

/* The row of a query. Never NULL. */
const struct query_text *query_text(enum query query);

#endif
