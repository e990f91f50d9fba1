/*
 * query_table.h: the texts of the prepared queries; internal to src/store and to its tests.
 * Exports: struct query_text, enum query_kind, query_text().
 */
#ifndef FENQI_STORE_QUERY_TABLE_H
#define FENQI_STORE_QUERY_TABLE_H

#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum query_kind {
    QUERY_READS,
    QUERY_APPENDS, /* plain rows: as many of them as wanted in one statement */
    QUERY_CHANGES, /* updates, deletes, upserts: a row at most once in one statement */
    QUERY_ANSWERS, /* a write that gives rows */
};

struct query_text {
    const char *name;     /* of the file, without .sql */
    const char *sqlite;   /* parameters are ?1, ?2, ... */
    const char *postgres; /* parameters are $1, $2, ... */
    /*
     * The same for many rows of parameters at once, {rows} standing for what makes rows of an array
     * a parameter; a query that reads gives the place of the row (from 1) before its columns. NULL:
     * one by one.
     */
    const char *postgres_many;
    int parameter_count;
    enum query_kind kind;
    uint64_t tables;   /* a bit for each table that it names */
    bool scan_allowed; /* the file says why it may read or sort without an index */
};

enum { QUERY_PARAMETER_MAX = 48 };

/* The row of a query. Never NULL. */
const struct query_text *query_text(enum query query);

#endif
