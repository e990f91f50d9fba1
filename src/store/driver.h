/*
 * driver.h: what a database must do for the store; internal to src/store. Exports: struct driver,
 * struct driver_options, enum driver_role, struct value, struct request, struct exchange,
 * driver_for(), driver_sqlite, driver_postgres.
 *
 * A connection is used by one thread at a time. Every operation that can fail gives an enum status
 * with its text in `fault`; how an error of the database becomes a status is the same for both:
 *   CONFLICT     a unique or foreign key stands against it; serialization failure; deadlock
 *   CORRUPT      a column, type or check that the schema does not allow: our mistake
 *   DAMAGED      the file is no database, a page or an index of it is broken
 *   FULL         no space                      IO           reading or writing failed
 *   DENIED       no permission; read-only      INVALID      a value that the database cannot hold
 *   TIMEOUT      a statement ran too long, or nobody knows what became of a commit
 *   UNAVAILABLE  connection lost, server starting or stopping, locked by another process too long
 */
#ifndef FENQI_STORE_DRIVER_H
#define FENQI_STORE_DRIVER_H

#include "base/arena.h"
#include "base/fault.h"
#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;
struct cursor;

enum driver_role {
    DRIVER_WRITER, /* begin() starts a writing transaction */
    DRIVER_READER, /* begin() starts a read-only snapshot */
};

enum value_kind { VALUE_NULL, VALUE_INTEGER, VALUE_TEXT, VALUE_BYTES, VALUE_OTHER };

/* A parameter's value; text and bytes are somebody else's. */
struct value {
    enum value_kind kind;
    int64_t integer;
    struct bytes bytes; /* of VALUE_TEXT and VALUE_BYTES */
};

/*
 * One query with the parameters of one row or more. The rows of a query that reads or answers have
 * a cursor each, filled in by the exchange and closed by the caller; other queries have none.
 */
struct request {
    enum query query;
    const struct value **rows; /* row_count arrays of the query's parameters */
    struct cursor **cursors;   /* row_count places, or NULL */
    size_t row_count;
};

/* What goes to the server in one round trip, in this order. */
struct exchange {
    bool begin; /* begin, and lock `keys` (sorted, without repeats) */
    const int64_t *keys;
    size_t key_count;
    struct request *requests;
    size_t request_count;
    bool commit;
};

struct driver_options {
    const char *address; /* what follows "sqlite:", or the whole postgres URL */
    int32_t busy_timeout_ms;
    int32_t query_timeout_ms;
    int32_t log_frames; /* SQLite: see checkpointer_create() */
    bool pooled;        /* PostgreSQL behind a pooler: nothing outlives a transaction */
    bool unmapped;      /* SQLite: readers read by calls, so that the file is not in their memory */
};

struct driver {
    const char *name;
    bool remote; /* several connections may write at once, and one may be lost */

    /* *connection is NULL unless STATUS_OK. The options outlive the connection. */
    enum status (*open)(const struct driver_options *options, enum driver_role role,
        struct connection **connection, struct fault *fault);
    /* Ends an open transaction by rolling it back. NULL is allowed. */
    void (*close)(struct connection *connection);
    /* Makes a lost connection anew; does nothing to a good one. Prepared queries come back. */
    enum status (*reconnect)(struct connection *connection, struct fault *fault);

    enum status (*begin)(struct connection *connection, struct fault *fault);
    /*
     * Holds until the end of the transaction, against every other process, the right to work on
     * these keys. `keys` is sorted and without repeats, so that two batches cannot wait for each
     * other in a ring.
     */
    enum status (*lock)(
        struct connection *connection, const int64_t *keys, size_t count, struct fault *fault);
    /*
     * Durable when STATUS_OK. UNAVAILABLE: certainly not committed. TIMEOUT: nobody knows. After
     * any failure there is no transaction any more.
     */
    enum status (*commit)(struct connection *connection, struct fault *fault);
    void (*rollback)(struct connection *connection);
    /* Whether the transaction is still there: some failures end it as a whole. */
    bool (*in_transaction)(struct connection *connection);

    /* One savepoint at a time. NULL where there is an exchange. */
    enum status (*savepoint)(struct connection *connection, struct fault *fault);
    enum status (*savepoint_keep)(struct connection *connection, struct fault *fault);
    enum status (*savepoint_undo)(struct connection *connection, struct fault *fault);

    /* Runs a text of several statements without parameters: migrations. */
    enum status (*script)(struct connection *connection, const char *text, struct fault *fault);

    /*
     * The prepared query of this connection with its parameters, which stay the caller's and are
     * valid until close; the first step runs it. SQLite checks: not open already.
     */
    enum status (*cursor_open)(struct connection *connection, enum query query,
        const struct value *values, struct cursor **cursor, struct fault *fault);
    enum status (*step)(struct cursor *cursor, bool *row, struct fault *fault);
    int (*column_count)(struct cursor *cursor);
    enum value_kind (*column_kind)(struct cursor *cursor, int column);
    int64_t (*column_integer)(struct cursor *cursor, int column);
    /* Text or bytes of the row, valid until the next step or close. */
    struct bytes (*column_bytes)(struct cursor *cursor, int column);
    /* Rows changed by the statement, once step gave no more rows. */
    int64_t (*changed)(struct cursor *cursor);
    void (*cursor_close)(struct cursor *cursor);
    /* Another one over the same rows, from the first on. NULL where there is no exchange. */
    struct cursor *(*cursor_again)(struct cursor *cursor);

    /*
     * Sends all of an exchange and takes all of its answers. After a failure the transaction can
     * only be rolled back, and no request has a cursor; with `commit` as for commit(). NULL when
     * statements cost no round trip (SQLite).
     */
    enum status (*exchange)(
        struct connection *connection, const struct exchange *exchange, struct fault *fault);
};

extern const struct driver driver_sqlite;
extern const struct driver driver_postgres;

/*
 * The driver of a database URL, and in *address what its open() wants. NULL and a text in `fault`
 * when the URL names neither.
 */
const struct driver *driver_for(const char *database, const char **address, struct fault *fault);

#endif
