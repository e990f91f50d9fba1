/* console_connection.c: see console_connection.h. */
#include "store/console_connection.h"

#include "base/check.h"
#include "store/driver.h"

#include <errno.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct console_connection {
    PGconn *server; /* NULL: SQLite */
    sqlite3 *file;
};

static void ignore_notice(void *context, const PGresult *notice) {
    (void)context; /* libraries never log */
    (void)notice;
}

static enum status report_server(struct console_connection *connection, struct fault *fault) {
    const char *message = PQerrorMessage(connection->server);
    enum status status =
        PQstatus(connection->server) == CONNECTION_OK ? STATUS_INVALID : STATUS_UNAVAILABLE;
    if (strstr(message, "authentication failed") != NULL)
        status = STATUS_DENIED;
    return fault_set(fault, status, "PostgreSQL: %.*s", (int)strcspn(message, "\n"), message);
}

static enum status open_server(
    struct console_connection *connection, const char *address, bool writes, struct fault *fault) {
    static const char *const keywords[] = {
        "application_name", "connect_timeout", "client_encoding", "dbname", NULL};
    const char *const values[] = {"fenqi", "5", "UTF8", address, NULL};
    connection->server = PQconnectdbParams(keywords, values, 1);
    check(connection->server != NULL);
    PQsetNoticeReceiver(connection->server, ignore_notice, NULL);
    if (PQstatus(connection->server) != CONNECTION_OK)
        return report_server(connection, fault);
    /* a snapshot that ends with the connection: behind a pooler no setting may stay */
    return writes
               ? STATUS_OK
               : console_run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", fault);
}

static enum status open_file(
    struct console_connection *connection, const char *address, struct fault *fault) {
    bool missing = access(address, F_OK) != 0 && errno == ENOENT;
    int code = sqlite3_open_v2(missing ? ":memory:" : address, &connection->file,
        missing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(connection->file, "PRAGMA query_only=ON", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return fault_set(fault, code == SQLITE_NOTADB ? STATUS_CORRUPT : STATUS_IO, "open %s: %s",
            address, sqlite3_errstr(code));
    sqlite3_busy_timeout(connection->file, 10000);
    return STATUS_OK;
}

enum status console_open(
    const char *database, bool writes, struct console_connection **out, struct fault *fault) {
    const char *address;
    *out = NULL;
    const struct driver *driver = driver_for(database, &address, fault);
    if (driver == NULL)
        return STATUS_INVALID;
    struct console_connection *connection = calloc(1, sizeof *connection);
    check(connection != NULL);
    enum status status = driver->remote ? open_server(connection, address, writes, fault)
                                        : open_file(connection, address, fault);
    if (status == STATUS_OK)
        *out = connection;
    else
        console_close(connection);
    return status;
}

void console_close(struct console_connection *connection) {
    if (connection == NULL)
        return;
    PQfinish(connection->server);
    sqlite3_close(connection->file);
    free(connection);
}

bool console_is_postgres(const struct console_connection *connection) {
    return connection->server != NULL;
}

static char *copied(struct arena *arena, const char *text) {
    return text == NULL ? NULL : arena_text_n(arena, text, strlen(text));
}

static enum status file_rows(struct console_connection *connection, struct arena *arena,
    const char *text, void (*row)(void *context, char **columns), void *context,
    struct fault *fault) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->file, text, -1, &statement, NULL);
    int count = code == SQLITE_OK ? sqlite3_column_count(statement) : 0;
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        char **columns = ARENA_ARRAY(arena, (size_t)count, char *);
        for (int i = 0; i < count; i++)
            columns[i] = copied(arena, (const char *)sqlite3_column_text(statement, i));
        row(context, columns);
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE)
        fault_set(fault,
            code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? STATUS_CORRUPT : STATUS_IO,
            "SQLite: %s", sqlite3_errmsg(connection->file));
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? STATUS_OK : fault->status;
}

enum status console_rows(struct console_connection *connection, struct arena *arena,
    const char *text, void (*row)(void *context, char **columns), void *context,
    struct fault *fault) {
    if (connection->server == NULL)
        return file_rows(connection, arena, text, row, context, fault);
    PGresult *result = PQexec(connection->server, text);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        PQclear(result);
        return report_server(connection, fault);
    }
    int count = PQnfields(result);
    for (int i = 0; i < PQntuples(result); i++) {
        char **columns = ARENA_ARRAY(arena, (size_t)count, char *);
        for (int j = 0; j < count; j++)
            columns[j] =
                PQgetisnull(result, i, j) != 0 ? NULL : copied(arena, PQgetvalue(result, i, j));
        row(context, columns);
    }
    PQclear(result);
    return STATUS_OK;
}

static void take_number(void *context, char **columns) {
    int64_t *number = context;
    if (columns[0] != NULL)
        *number = strtoll(columns[0], NULL, 10);
}

enum status console_number(struct console_connection *connection, struct arena *arena,
    const char *text, int64_t otherwise, int64_t *number, struct fault *fault) {
    *number = otherwise;
    return console_rows(connection, arena, text, take_number, number, fault);
}

enum status console_run(
    struct console_connection *connection, const char *text, struct fault *fault) {
    check(connection->server != NULL);
    PGresult *result = PQexec(connection->server, text);
    ExecStatusType got = PQresultStatus(result);
    PQclear(result);
    if (got == PGRES_COMMAND_OK || got == PGRES_TUPLES_OK)
        return STATUS_OK;
    return report_server(connection, fault);
}
