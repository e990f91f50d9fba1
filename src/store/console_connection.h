/*
 * console_connection.h: a plain connection for questions to the database about itself; internal to
 * src/store. Exports: struct console_connection, console_open(), console_close(), console_rows(),
 * console_number(), console_run().
 *
 * Beside the drivers: it needs no migrated schema, prepares nothing, and reads unless it was opened
 * to write. One thread, seldom used.
 */
#ifndef FENQI_STORE_CONSOLE_CONNECTION_H
#define FENQI_STORE_CONSOLE_CONNECTION_H

#include "base/arena.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>

struct console_connection;

/*
 * Opens a database by its URL. An SQLite file that is not there gives STATUS_OK and an empty
 * database in memory: nothing is made. `writes`: may change things (PostgreSQL only).
 */
enum status console_open(const char *database, bool writes, struct console_connection **connection,
    struct fault *fault) FENQI_MUST_USE;
void console_close(struct console_connection *connection);

bool console_is_postgres(const struct console_connection *connection);

/* Calls `row` with the columns of every row as texts (NULL: SQL NULL), copied into `arena`. */
enum status console_rows(struct console_connection *connection, struct arena *arena,
    const char *text, void (*row)(void *context, char **columns), void *context,
    struct fault *fault) FENQI_MUST_USE;

/* The number in the first column of the last row; `otherwise` without a row or when it is NULL. */
enum status console_number(struct console_connection *connection, struct arena *arena,
    const char *text, int64_t otherwise, int64_t *number, struct fault *fault) FENQI_MUST_USE;

/* Runs statements that give nothing. */
enum status console_run(
    struct console_connection *connection, const char *text, struct fault *fault) FENQI_MUST_USE;

#endif
