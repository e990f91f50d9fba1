/*
 * postgres_own.h: what the files of the PostgreSQL driver share. Exports: struct connection,
 * postgres_report(), postgres_run_text(), postgres_resolve(), the functions of postgres_query.c and
 * postgres_exchange().
 */
#ifndef FENQI_STORE_POSTGRES_OWN_H
#define FENQI_STORE_POSTGRES_OWN_H

#include "store/driver.h"
#include "store/query_table.h"

#include <libpq-fe.h>

enum { XID_TEXT_SIZE = 24, LIFE_TEXT_SIZE = 80 };

/* What the server knows of one query of this connection. */
struct prepared {
    bool one;
    bool many;
    char *many_text; /* of a pooled connection, where no statement has a name */
    char *rows;      /* "unnest($1::bigint[]) AS p1, ...", NULL until the types were asked for */
};

struct connection {
    PGconn *server;
    enum driver_role role;
    const struct driver_options *options;
    char xid[XID_TEXT_SIZE];   /* of the open transaction, once the keys are locked */
    char life[LIFE_TEXT_SIZE]; /* of the server, between two of its crashes; a writer's only */
    struct prepared prepared[QUERY_COUNT];
    bool lock_prepared;
    struct cursor *idle_cursors;
    char *buffer; /* where parameters are written before they are sent */
    size_t buffer_room;
};

/* Turns a failed result (NULL: none came) into a status; `what` was being done. */
enum status postgres_report(
    struct connection *connection, const PGresult *result, const char *what, struct fault *fault);

/* Runs statements without parameters. */
enum status postgres_run_text(struct connection *connection, const char *text, struct fault *fault);

/* "{1,2,3}" in `room` bytes, which must be enough: POSTGRES_KEY_SIZE each and 3. */
enum { POSTGRES_KEY_SIZE = 24 };
void postgres_write_keys(char *text, size_t room, const int64_t *keys, size_t count);

/*
 * The statement that locks keys and tells the number of the transaction; $1 is the keys. Exchanges
 * of a connection that is not pooled have it prepared by the name.
 */
extern const char *const postgres_lock_text;
#define POSTGRES_LOCK_NAME "lock_keys"

/* Judges a COMMIT's result; asks the server what became of it when the connection was lost. */
enum status postgres_judge_commit(
    struct connection *connection, const PGresult *result, struct fault *fault);

/*
 * What set_up_session() sets for good, as one statement for the open transaction alone: behind a
 * pooler the next transaction has another session.
 */
enum { POSTGRES_SETTINGS_SIZE = 400 };
const char *postgres_local_settings(
    const struct connection *connection, char text[POSTGRES_SETTINGS_SIZE]);

/* Parameters of one row, as libpq takes them. */
struct parameters {
    const char *values[QUERY_PARAMETER_MAX];
    int lengths[QUERY_PARAMETER_MAX];
    int formats[QUERY_PARAMETER_MAX];
};

/* Writes one row's values; numbers go into the connection's buffer, the rest is pointed to. */
void postgres_put_row(struct connection *connection, const struct value *values, int count,
    struct parameters *parameters);

/* Writes many rows' values as one array a parameter, into the connection's buffer. */
void postgres_put_rows(struct connection *connection, const struct request *request, int count,
    struct parameters *parameters);

/* Makes sure that the query is prepared, for one row or for many. Not inside an exchange. */
enum status postgres_prepare(
    struct connection *connection, enum query query, bool many, struct fault *fault);

/* The name of the prepared statement for many rows, in `name`. */
enum { POSTGRES_NAME_SIZE = 64 };
const char *postgres_many_name(enum query query, char name[POSTGRES_NAME_SIZE]);

/* What a pooled connection sends in place of a name; postgres_prepare() was called before. */
const char *postgres_unnamed(const struct connection *connection, enum query query, bool many);

/*
 * Cursors over the rows of a result that other cursors may share; `first_column` columns are not
 * the query's own. The last cursor to close clears the result.
 */
struct shared_result {
    PGresult *at;
    size_t uses;
};
struct cursor *postgres_cursor_over(struct connection *connection, struct shared_result *result,
    int row, int end, int first_column);

enum status postgres_cursor_open(struct connection *connection, enum query query,
    const struct value *values, struct cursor **cursor, struct fault *fault);
enum status postgres_step(struct cursor *cursor, bool *row, struct fault *fault);
int postgres_column_count(struct cursor *cursor);
enum value_kind postgres_column_kind(struct cursor *cursor, int column);
int64_t postgres_column_integer(struct cursor *cursor, int column);
struct bytes postgres_column_bytes(struct cursor *cursor, int column);
int64_t postgres_changed(struct cursor *cursor);
void postgres_cursor_close(struct cursor *cursor);
struct cursor *postgres_cursor_again(struct cursor *cursor);

/* Frees what postgres_query.c keeps with the connection. */
void postgres_forget_queries(struct connection *connection);

enum status postgres_exchange(
    struct connection *connection, const struct exchange *exchange, struct fault *fault);

#endif
