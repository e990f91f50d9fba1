/*
 * driver_sqlite.c: the embedded database. Exports driver_sqlite.
 *
 * Write-ahead log with synchronous=FULL: a commit is on disk before it is acknowledged, and readers
 * keep their snapshot while the one writer works. BEGIN IMMEDIATE takes the write lock at once, so
 * that another process (a command beside the server) waits at the start and never in the middle.
 */
#include "store/driver.h"

#include "base/check.h"
#include "store/checkpointer.h"
#include "store/log_gather.h"
#include "store/query_table.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct cursor {
    struct connection *connection;
    sqlite3_stmt *statement;
    int64_t changed;
    bool open;
};

/* What frames transactions and units, prepared once a connection. */
enum control {
    BEGIN_READING,
    BEGIN_WRITING,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    UNDO,
    CONTROL_COUNT
};

static const char *const control_texts[CONTROL_COUNT] = {
    [BEGIN_READING] = "BEGIN",
    [BEGIN_WRITING] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SAVEPOINT] = "SAVEPOINT unit",
    [RELEASE] = "RELEASE unit",
    [UNDO] = "ROLLBACK TO unit",
};

struct connection {
    sqlite3 *database;
    enum driver_role role;
    int32_t patience_ms;               /* for another process's write */
    struct checkpointer *checkpointer; /* of the writer */
    int32_t log_frames;                /* in the write-ahead log after the latest commit */
    sqlite3_stmt *controls[CONTROL_COUNT];
    struct cursor cursors[QUERY_COUNT];
};

/* The table of driver.h; extended codes first where they say more. */
static enum status status_of(int code) {
    switch (code) { /* foreign value: SQLite's extended result codes */
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_DATATYPE:
        return STATUS_CORRUPT;
    case SQLITE_BUSY_SNAPSHOT:
        return STATUS_CONFLICT;
    case SQLITE_IOERR_NOMEM:
        return STATUS_UNAVAILABLE;
    }
    switch (code & 0xff) { /* foreign value: SQLite's primary result codes */
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return STATUS_OK;
    case SQLITE_CONSTRAINT:
        return STATUS_CONFLICT;
    case SQLITE_FULL:
        return STATUS_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
        return STATUS_UNAVAILABLE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return STATUS_DENIED;
    case SQLITE_INTERRUPT:
        return STATUS_TIMEOUT;
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
        return STATUS_INVALID;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return STATUS_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STATUS_DAMAGED;
    default: /* foreign value: SCHEMA, ERROR (a statement the schema refuses) */
        return STATUS_CORRUPT;
    }
}

static enum status report(
    struct connection *connection, int code, const char *what, struct fault *fault) {
    enum status status = status_of(code);
    check(status != STATUS_OK);
    return fault_set(
        fault, status, "%s: %s (%d)", what, sqlite3_errmsg(connection->database), code);
}

static enum status run_text(struct connection *connection, const char *text, struct fault *fault) {
    int code = sqlite3_exec(connection->database, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : report(connection, code, text, fault);
}

static enum status control(struct connection *connection, enum control which, struct fault *fault) {
    sqlite3_stmt **statement = &connection->controls[which];
    int code = SQLITE_OK;
    if (*statement == NULL)
        code = sqlite3_prepare_v3(connection->database, control_texts[which], -1,
            SQLITE_PREPARE_PERSISTENT, statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(*statement);
    enum status status =
        code == SQLITE_DONE ? STATUS_OK : report(connection, code, control_texts[which], fault);
    sqlite3_reset(*statement);
    return status;
}

static enum status report_open(sqlite3 *database, int code, const char *path, struct fault *fault) {
    enum status status = status_of(code);
    int number = database == NULL ? ENOMEM : sqlite3_system_errno(database);
    if (code == SQLITE_CANTOPEN && number == ENOENT)
        status = STATUS_NOT_FOUND;
    else if (code == SQLITE_CANTOPEN && (number == EACCES || number == EROFS))
        status = STATUS_DENIED;
    return fault_set(fault, status, "open %s: %s", path, sqlite3_errstr(code));
}

static void sqlite_close(struct connection *connection) {
    if (connection == NULL)
        return;
    for (int i = 0; i < QUERY_COUNT; i++)
        sqlite3_finalize(connection->cursors[i].statement);
    for (int i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(connection->controls[i]);
    checkpointer_destroy(connection->checkpointer);
    check(sqlite3_close(connection->database) == SQLITE_OK);
    free(connection);
}

/* WAL is a property of the file; anything else (a file system without shared memory) is refused. */
static enum status demand_wal(struct connection *connection, struct fault *fault) {
    sqlite3_stmt *statement = NULL;
    int code =
        sqlite3_prepare_v2(connection->database, "PRAGMA journal_mode=WAL", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum status status = STATUS_OK;
    if (code != SQLITE_ROW)
        status = report(connection, code == SQLITE_DONE ? SQLITE_IOERR : code, "WAL", fault);
    else if (strcmp((const char *)sqlite3_column_text(statement, 0), "wal") != 0)
        status = fault_set(fault, STATUS_INVALID, "the database cannot keep a write-ahead log");
    sqlite3_finalize(statement);
    return status;
}

/*
 * Readers see the file through a mapping: a page that the system holds costs them no call, and a
 * commit beside them, which makes them forget all pages, costs nothing to make good. The library
 * maps 2 GiB at most and reads what lies behind. The writer reads by calls, so that a disk that
 * fails is a status where money is decided; under a reader it ends the process
 * (docs/decisions/0115).
 */
static const char reader_settings[] = "PRAGMA query_only=ON; PRAGMA mmap_size=17179869184";
static const char unmapped_settings[] = "PRAGMA query_only=ON";

/*
 * The one writer holds up to 64 MiB of pages. Its log is copied into the file beside it
 * (checkpointer.h), and what the log took of the disk at a peak is given back.
 */
static const char writer_settings[] = "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=0; "
                                      "PRAGMA journal_size_limit=268435456";

/*
 * Counting every allocation under one lock is what the library does unless told before its first
 * use; nobody asks for the counts, and readers and the writer would meet at that lock.
 */
static void configure_once(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    check(code == SQLITE_OK || code == SQLITE_MISUSE); /* misuse: somebody has used it before */
}

static int note_log_frames(void *context, sqlite3 *database, const char *name, int frames) {
    struct connection *connection = context;
    (void)database;
    (void)name;
    connection->log_frames = frames;
    return SQLITE_OK;
}

/*
 * Another process writes. The library's own handler asks ever more seldom, up to every 100 ms, and
 * so never meets the moment of rest that a day-end beside us leaves between its batches.
 */
static int wait_for_writer(void *context, int asked) {
    enum { OFTEN = 500, SELDOM_MS = 5 };
    const struct connection *connection = context;
    int often = asked < OFTEN ? asked : OFTEN;
    if (often + (asked - often) * SELDOM_MS >= connection->patience_ms)
        return 0;
    nanosleep(&(struct timespec){.tv_nsec = (asked < OFTEN ? 1 : SELDOM_MS) * 1000000L}, NULL);
    return 1;
}

static enum status sqlite_open(const struct driver_options *options, enum driver_role role,
    struct connection **out, struct fault *fault) {
    *out = NULL;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    check(pthread_once(&once, configure_once) == 0);
    struct connection *connection = calloc(1, sizeof *connection);
    check(connection != NULL);
    connection->role = role;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                SQLITE_OPEN_URI | (role == DRIVER_WRITER ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(options->address, &connection->database, flags, NULL);
    if (code != SQLITE_OK) {
        enum status status = report_open(connection->database, code, options->address, fault);
        sqlite_close(connection);
        return status;
    }
    connection->patience_ms = options->busy_timeout_ms;
    sqlite3_busy_handler(connection->database, wait_for_writer, connection);
    enum status status = demand_wal(connection, fault);
    if (status == STATUS_OK)
        status = run_text(connection,
            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
            "PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON",
            fault);
    if (status == STATUS_OK)
        status = run_text(connection,
            role == DRIVER_WRITER ? writer_settings
            : options->unmapped   ? unmapped_settings
                                  : reader_settings,
            fault);
    if (status != STATUS_OK) {
        fault_wrap(fault, "open %s", options->address);
        sqlite_close(connection);
        return status;
    }
    if (role == DRIVER_WRITER) {
        connection->checkpointer = checkpointer_create(options->address, options->log_frames);
        sqlite3_wal_hook(connection->database, note_log_frames, connection);
        log_gather_install(connection->database);
    }
    *out = connection;
    return STATUS_OK;
}

static enum status sqlite_reconnect(struct connection *connection, struct fault *fault) {
    (void)connection; /* a file is not lost; what failed is reported by the next operation */
    (void)fault;
    return STATUS_OK;
}

static enum status sqlite_begin(struct connection *connection, struct fault *fault) {
    return control(
        connection, connection->role == DRIVER_WRITER ? BEGIN_WRITING : BEGIN_READING, fault);
}

static enum status sqlite_lock(
    struct connection *connection, const int64_t *keys, size_t count, struct fault *fault) {
    (void)connection; /* the write lock of BEGIN IMMEDIATE holds every key */
    (void)keys;
    (void)count;
    (void)fault;
    return STATUS_OK;
}

static bool sqlite_in_transaction(struct connection *connection) {
    return sqlite3_get_autocommit(connection->database) == 0;
}

static void sqlite_rollback(struct connection *connection) {
    struct fault ignored; /* a rollback that fails has rolled back */
    if (sqlite_in_transaction(connection))
        control(connection, ROLLBACK, &ignored);
    check(!sqlite_in_transaction(connection));
}

static enum status sqlite_commit(struct connection *connection, struct fault *fault) {
    enum status status = control(connection, COMMIT, fault);
    if (status != STATUS_OK)
        sqlite_rollback(connection);
    else if (connection->role == DRIVER_WRITER &&
             checkpointer_tell(connection->checkpointer, connection->log_frames))
        sqlite3_wal_checkpoint_v2(
            connection->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return status;
}

static enum status sqlite_savepoint(struct connection *connection, struct fault *fault) {
    return control(connection, SAVEPOINT, fault);
}

static enum status sqlite_savepoint_keep(struct connection *connection, struct fault *fault) {
    return control(connection, RELEASE, fault);
}

static enum status sqlite_savepoint_undo(struct connection *connection, struct fault *fault) {
    enum status status = control(connection, UNDO, fault);
    return status == STATUS_OK ? control(connection, RELEASE, fault) : status;
}

static int bind(sqlite3_stmt *statement, int number, const struct value *value) {
    const void *at = value->bytes.at;
    switch (value->kind) {
    case VALUE_NULL:
        return sqlite3_bind_null(statement, number);
    case VALUE_INTEGER:
        return sqlite3_bind_int64(statement, number, value->integer);
    case VALUE_TEXT:
        return sqlite3_bind_text64(
            statement, number, at, value->bytes.length, SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_BYTES:
        return sqlite3_bind_blob64(statement, number, at, value->bytes.length, SQLITE_STATIC);
    case VALUE_OTHER:
        break;
    }
    check(false);
    return SQLITE_MISUSE;
}

static enum status sqlite_cursor_open(struct connection *connection, enum query query,
    const struct value *values, struct cursor **out, struct fault *fault) {
    struct cursor *cursor = &connection->cursors[query];
    const struct query_text *text = query_text(query);
    check(!cursor->open);
    if (cursor->statement == NULL) {
        int code = sqlite3_prepare_v3(connection->database, text->sqlite, -1,
            SQLITE_PREPARE_PERSISTENT, &cursor->statement, NULL);
        if (code != SQLITE_OK)
            return report(connection, code, text->name, fault);
        cursor->connection = connection;
    }
    for (int i = 0; i < text->parameter_count; i++) {
        int code = bind(cursor->statement, i + 1, &values[i]);
        if (code != SQLITE_OK)
            return report(connection, code, text->name, fault);
    }
    cursor->open = true;
    cursor->changed = 0;
    *out = cursor;
    return STATUS_OK;
}

static enum status sqlite_step(struct cursor *cursor, bool *row, struct fault *fault) {
    *row = false;
    int code = sqlite3_step(cursor->statement);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_DONE && sqlite3_stmt_readonly(cursor->statement) == 0)
        cursor->changed = sqlite3_changes64(cursor->connection->database);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return STATUS_OK;
    enum query query = (enum query)(cursor - cursor->connection->cursors);
    return report(cursor->connection, code, query_text(query)->name, fault);
}

static int sqlite_column_count(struct cursor *cursor) {
    return sqlite3_column_count(cursor->statement);
}

static enum value_kind sqlite_column_kind(struct cursor *cursor, int column) {
    switch (sqlite3_column_type(cursor->statement, column)) { /* foreign value: SQLite's types */
    case SQLITE_INTEGER:
        return VALUE_INTEGER;
    case SQLITE_TEXT:
        return VALUE_TEXT;
    case SQLITE_BLOB:
        return VALUE_BYTES;
    case SQLITE_NULL:
        return VALUE_NULL;
    default: /* foreign value: floating point, which nothing of ours stores */
        return VALUE_OTHER;
    }
}

static int64_t sqlite_column_integer(struct cursor *cursor, int column) {
    return sqlite3_column_int64(cursor->statement, column);
}

static struct bytes sqlite_column_bytes(struct cursor *cursor, int column) {
    static const uint8_t nothing;
    const void *at = sqlite3_column_blob(cursor->statement, column);
    int length = sqlite3_column_bytes(cursor->statement, column);
    return (struct bytes){at == NULL ? &nothing : at, (size_t)length};
}

static int64_t sqlite_changed(struct cursor *cursor) {
    return cursor->changed;
}

static void sqlite_cursor_close(struct cursor *cursor) {
    sqlite3_reset(cursor->statement);
    sqlite3_clear_bindings(cursor->statement); /* their memory is the unit's, soon gone */
    cursor->open = false;
}

const struct driver driver_sqlite = {
    .name = "sqlite",
    .remote = false,
    .open = sqlite_open,
    .close = sqlite_close,
    .reconnect = sqlite_reconnect,
    .begin = sqlite_begin,
    .lock = sqlite_lock,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .in_transaction = sqlite_in_transaction,
    .savepoint = sqlite_savepoint,
    .savepoint_keep = sqlite_savepoint_keep,
    .savepoint_undo = sqlite_savepoint_undo,
    .script = run_text,
    .cursor_open = sqlite_cursor_open,
    .step = sqlite_step,
    .column_count = sqlite_column_count,
    .column_kind = sqlite_column_kind,
    .column_integer = sqlite_column_integer,
    .column_bytes = sqlite_column_bytes,
    .changed = sqlite_changed,
    .cursor_close = sqlite_cursor_close,
};
