/*
 * driver_postgres.c: PostgreSQL by libpq. Exports driver_postgres.
 *
 * Writers work in READ COMMITTED under an advisory lock for each key of the batch, taken in order:
 * what a unit loads of its customer cannot change under it, in this process or in another one.
 * Readers have a REPEATABLE READ snapshot. Parameters go as text (numbers) or in binary (texts,
 * bytes), results come in binary. Messages to our callers never quote the server's DETAIL, which
 * may hold personal data.
 *
 * A connection lost in COMMIT leaves the outcome unknown; the server is asked for it afterwards by
 * the number of the transaction (pg_xact_status), so that no unit is lost or done twice.
 */
#include "store/driver.h"

#include "base/check.h"
#include "store/query_table.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Type numbers of pg_type that our statements give; they never change. */
enum pg_type {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
};

enum { NUMBER_TEXT_SIZE = 24, XID_TEXT_SIZE = 24, BINARY = 1, RESOLVE_ATTEMPTS = 20 };

struct parameter {
    const char *at; /* NULL: SQL NULL */
    int length;
    int format; /* 0 text, 1 binary */
    char number[NUMBER_TEXT_SIZE];
};

struct cursor {
    struct connection *connection;
    const struct query_text *text;
    struct parameter *parameters;
    PGresult *result; /* NULL until executed */
    int row;
    bool open;
    bool prepared;
};

struct connection {
    PGconn *server;
    enum driver_role role;
    const struct driver_options *options;
    char xid[XID_TEXT_SIZE]; /* of the open transaction, once lock() ran */
    struct cursor *cursors[QUERY_COUNT];
};

/* The table of driver.h by SQLSTATE: the class, and single codes where they say more. */
static enum status status_of(const char *state) {
    static const struct {
        const char *prefix;
        enum status status;
    } table[] = {{"23502", STATUS_CORRUPT}, {"23514", STATUS_CORRUPT}, {"23", STATUS_CONFLICT},
        {"40", STATUS_CONFLICT}, {"55P03", STATUS_CONFLICT}, {"22", STATUS_INVALID},
        {"53100", STATUS_FULL}, {"53", STATUS_UNAVAILABLE}, {"57014", STATUS_TIMEOUT},
        {"57", STATUS_UNAVAILABLE}, {"08", STATUS_UNAVAILABLE}, {"25006", STATUS_DENIED},
        {"25P03", STATUS_UNAVAILABLE}, {"28", STATUS_DENIED}, {"42501", STATUS_DENIED},
        {"58", STATUS_IO}, {"XX", STATUS_CORRUPT}, {"54", STATUS_INVALID}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strncmp(state, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].status;
    return STATUS_CORRUPT; /* 42: a statement that the schema refuses, and what we do not know */
}

static enum status report(
    struct connection *connection, const PGresult *result, const char *what, struct fault *fault) {
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (PQstatus(connection->server) != CONNECTION_OK || state == NULL)
        return fault_set(fault, STATUS_UNAVAILABLE, "%s: connection to the database lost", what);
    return fault_set(fault, status_of(state), "%s: %s (%s)", what,
        PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), state);
}

/* Runs statements without parameters. */
static enum status run_text(struct connection *connection, const char *text, struct fault *fault) {
    PGresult *result = PQexec(connection->server, text);
    ExecStatusType got = PQresultStatus(result);
    enum status status = STATUS_OK;
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK)
        status = report(connection, result, text, fault);
    PQclear(result);
    return status;
}

static void ignore_notice(void *context, const PGresult *notice) {
    (void)context; /* "table exists already, skipping": libraries never log */
    (void)notice;
}

/* What every session needs, after connecting and after reconnecting. */
static enum status set_up_session(struct connection *connection, struct fault *fault) {
    char text[400];
    PQsetNoticeReceiver(connection->server, ignore_notice, NULL);
    snprintf(text, sizeof text,
        "SET client_encoding = 'UTF8'; SET statement_timeout = %" PRId32
        "; SET idle_in_transaction_session_timeout = 60000;"
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'",
        connection->options->query_timeout_ms);
    return run_text(connection, text, fault);
}

static enum status report_open(PGconn *server, struct fault *fault) {
    const char *message = PQerrorMessage(server);
    enum status status = STATUS_UNAVAILABLE;
    if (strstr(message, "authentication failed") != NULL)
        status = STATUS_DENIED;
    else if (strstr(message, "does not exist") != NULL)
        status = STATUS_NOT_FOUND;
    int length = (int)strcspn(message, "\n");
    return fault_set(fault, status, "connect to PostgreSQL: %.*s", length, message);
}

static void postgres_close(struct connection *connection) {
    if (connection == NULL)
        return;
    for (int i = 0; i < QUERY_COUNT; i++) {
        if (connection->cursors[i] != NULL)
            free(connection->cursors[i]->parameters);
        free(connection->cursors[i]);
    }
    PQfinish(connection->server);
    free(connection);
}

static enum status postgres_open(const struct driver_options *options, enum driver_role role,
    struct connection **out, struct fault *fault) {
    /* The URL comes last and is expanded: what it says goes before our defaults. */
    static const char *const keywords[] = {"application_name", "connect_timeout",
        "tcp_user_timeout", "keepalives_idle", "dbname", NULL};
    const char *const values[] = {"fenqi", "5", "30000", "30", options->address, NULL};
    *out = NULL;
    struct connection *connection = calloc(1, sizeof *connection);
    check(connection != NULL);
    connection->role = role;
    connection->options = options;
    connection->server = PQconnectdbParams(keywords, values, 1);
    check(connection->server != NULL);
    enum status status = STATUS_OK;
    if (PQstatus(connection->server) != CONNECTION_OK)
        status = report_open(connection->server, fault);
    if (status == STATUS_OK)
        status = set_up_session(connection, fault);
    if (status != STATUS_OK)
        postgres_close(connection);
    else
        *out = connection;
    return status;
}

static enum status postgres_reconnect(struct connection *connection, struct fault *fault) {
    if (PQstatus(connection->server) == CONNECTION_OK &&
        PQtransactionStatus(connection->server) == PQTRANS_IDLE &&
        run_text(connection, "SELECT 1", fault) == STATUS_OK)
        return STATUS_OK;
    PQreset(connection->server);
    for (int i = 0; i < QUERY_COUNT; i++)
        if (connection->cursors[i] != NULL)
            connection->cursors[i]->prepared = false;
    if (PQstatus(connection->server) != CONNECTION_OK)
        return report_open(connection->server, fault);
    return set_up_session(connection, fault);
}

static enum status postgres_begin(struct connection *connection, struct fault *fault) {
    connection->xid[0] = '\0';
    return run_text(connection,
        connection->role == DRIVER_WRITER ? "BEGIN"
                                          : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        fault);
}

/* Takes the locks in the order given, and notes the number of the transaction. */
static enum status postgres_lock(
    struct connection *connection, const int64_t *keys, size_t count, struct fault *fault) {
    size_t room = count * NUMBER_TEXT_SIZE + 3, length = 1;
    char *array = malloc(room);
    check(array != NULL);
    array[0] = '{';
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(
            array + length, room - length, "%s%" PRId64, i == 0 ? "" : ",", keys[i]);
    array[length++] = '}';
    array[length] = '\0';
    const char *const values[] = {array};
    PGresult *result = PQexecParams(connection->server,
        "SELECT pg_current_xact_id()::text, locked.count FROM (SELECT count(pg_advisory_xact_lock("
        "key)) FROM unnest($1::bigint[]) AS key) AS locked",
        1, NULL, values, NULL, NULL, 0);
    free(array);
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = report(connection, result, "lock", fault);
    else
        snprintf(connection->xid, sizeof connection->xid, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return status;
}

static bool postgres_in_transaction(struct connection *connection) {
    PGTransactionStatusType type = PQtransactionStatus(connection->server);
    return type == PQTRANS_INTRANS || type == PQTRANS_INERROR;
}

static void postgres_rollback(struct connection *connection) {
    if (postgres_in_transaction(connection))
        PQclear(PQexec(connection->server, "ROLLBACK"));
}

/* What became of the transaction, in the server's word; false when it did not say. */
static bool ask_outcome(struct connection *connection, char outcome[XID_TEXT_SIZE]) {
    struct fault ignored;
    if (postgres_reconnect(connection, &ignored) != STATUS_OK)
        return false;
    const char *const values[] = {connection->xid};
    PGresult *result = PQexecParams(connection->server, "SELECT pg_xact_status($1::text::xid8)", 1,
        NULL, values, NULL, NULL, 0);
    bool told = PQresultStatus(result) == PGRES_TUPLES_OK && PQgetisnull(result, 0, 0) == 0;
    if (told)
        snprintf(outcome, XID_TEXT_SIZE, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return told;
}

/* The connection went away in COMMIT: asks until the server knows, for about five seconds. */
static enum status resolve(struct connection *connection, struct fault *fault) {
    static const struct timespec pause = {.tv_nsec = 250 * 1000 * 1000};
    char outcome[XID_TEXT_SIZE];
    for (int i = 0; connection->xid[0] != '\0' && i < RESOLVE_ATTEMPTS; i++) {
        bool told = ask_outcome(connection, outcome);
        if (told && strcmp(outcome, "committed") == 0)
            return STATUS_OK;
        if (told && strcmp(outcome, "aborted") == 0)
            return fault_set(fault, STATUS_UNAVAILABLE, "connection lost before the commit");
        nanosleep(&pause, NULL);
    }
    return fault_set(
        fault, STATUS_TIMEOUT, "connection lost in the commit; what became of it is unknown");
}

static enum status postgres_commit(struct connection *connection, struct fault *fault) {
    PGresult *result = PQexec(connection->server, "COMMIT");
    enum status status = STATUS_OK;
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
            status = fault_set(fault, STATUS_CONFLICT, "the database rolled the transaction back");
    } else {
        status = report(connection, result, "COMMIT", fault);
        if (status == STATUS_UNAVAILABLE)
            status = resolve(connection, fault);
        else
            postgres_rollback(connection);
    }
    PQclear(result);
    return status;
}

static enum status postgres_savepoint(struct connection *connection, struct fault *fault) {
    return run_text(connection, "SAVEPOINT unit", fault);
}

static enum status postgres_savepoint_keep(struct connection *connection, struct fault *fault) {
    return run_text(connection, "RELEASE SAVEPOINT unit", fault);
}

static enum status postgres_savepoint_undo(struct connection *connection, struct fault *fault) {
    return run_text(connection, "ROLLBACK TO SAVEPOINT unit; RELEASE SAVEPOINT unit", fault);
}

static enum status prepare(struct cursor *cursor, struct fault *fault) {
    struct connection *connection = cursor->connection;
    PGresult *result =
        PQprepare(connection->server, cursor->text->name, cursor->text->postgres, 0, NULL);
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = report(connection, result, cursor->text->name, fault);
    PQclear(result);
    cursor->prepared = status == STATUS_OK;
    return status;
}

static enum status postgres_cursor_open(
    struct connection *connection, enum query query, struct cursor **out, struct fault *fault) {
    struct cursor *cursor = connection->cursors[query];
    if (cursor == NULL) {
        cursor = connection->cursors[query] = calloc(1, sizeof *cursor);
        check(cursor != NULL);
        cursor->connection = connection;
        cursor->text = query_text(query);
        cursor->parameters =
            calloc((size_t)cursor->text->parameter_count + 1, sizeof *cursor->parameters);
        check(cursor->parameters != NULL);
    }
    check(!cursor->open);
    if (!cursor->prepared) {
        enum status status = prepare(cursor, fault);
        if (status != STATUS_OK)
            return status;
    }
    cursor->open = true;
    *out = cursor;
    return STATUS_OK;
}

static void postgres_bind_null(struct cursor *cursor, int number) {
    struct parameter *parameter = &cursor->parameters[number - 1];
    parameter->at = NULL;
    parameter->length = 0;
    parameter->format = 0;
}

static void postgres_bind_integer(struct cursor *cursor, int number, int64_t value) {
    struct parameter *parameter = &cursor->parameters[number - 1];
    snprintf(parameter->number, sizeof parameter->number, "%" PRId64, value);
    parameter->at = parameter->number;
    parameter->format = 0;
}

static void bind_binary(struct cursor *cursor, int number, const char *at, size_t length) {
    struct parameter *parameter = &cursor->parameters[number - 1];
    check(length <= INT32_MAX);
    parameter->at = at;
    parameter->length = (int)length;
    parameter->format = BINARY;
}

static void postgres_bind_text(struct cursor *cursor, int number, const char *text, size_t length) {
    bind_binary(cursor, number, text, length);
}

static void postgres_bind_bytes(struct cursor *cursor, int number, struct bytes bytes) {
    bind_binary(cursor, number, (const char *)bytes.at, bytes.length);
}

static enum status execute(struct cursor *cursor, struct fault *fault) {
    const char *values[QUERY_PARAMETER_MAX];
    int lengths[QUERY_PARAMETER_MAX], formats[QUERY_PARAMETER_MAX];
    int count = cursor->text->parameter_count;
    for (int i = 0; i < count; i++) {
        values[i] = cursor->parameters[i].at;
        lengths[i] = cursor->parameters[i].length;
        formats[i] = cursor->parameters[i].format;
    }
    cursor->row = -1;
    cursor->result = PQexecPrepared(
        cursor->connection->server, cursor->text->name, count, values, lengths, formats, BINARY);
    ExecStatusType got = PQresultStatus(cursor->result);
    if (got == PGRES_COMMAND_OK || got == PGRES_TUPLES_OK)
        return STATUS_OK;
    return report(cursor->connection, cursor->result, cursor->text->name, fault);
}

static enum status postgres_step(struct cursor *cursor, bool *row, struct fault *fault) {
    *row = false;
    if (cursor->result == NULL) {
        enum status status = execute(cursor, fault);
        if (status != STATUS_OK)
            return status;
    }
    cursor->row++;
    *row = cursor->row < PQntuples(cursor->result);
    return STATUS_OK;
}

static int postgres_column_count(struct cursor *cursor) {
    return PQnfields(cursor->result);
}

static enum value_kind postgres_column_kind(struct cursor *cursor, int column) {
    if (PQgetisnull(cursor->result, cursor->row, column) != 0)
        return VALUE_NULL;
    switch (PQftype(cursor->result, column)) { /* foreign value: numbers of pg_type */
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return VALUE_INTEGER;
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BPCHAR:
    case TYPE_NAME:
        return VALUE_TEXT;
    case TYPE_BYTEA:
        return VALUE_BYTES;
    default: /* foreign value: numeric and the rest, which no statement of ours may give */
        return VALUE_OTHER;
    }
}

/* Integers of any width, big-endian, sign extended. */
static int64_t postgres_column_integer(struct cursor *cursor, int column) {
    const unsigned char *at =
        (const unsigned char *)PQgetvalue(cursor->result, cursor->row, column);
    int length = PQgetlength(cursor->result, cursor->row, column);
    uint64_t value = length > 0 && at[0] >= 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < length; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

static struct bytes postgres_column_bytes(struct cursor *cursor, int column) {
    return (struct bytes){(const uint8_t *)PQgetvalue(cursor->result, cursor->row, column),
        (size_t)PQgetlength(cursor->result, cursor->row, column)};
}

static int64_t postgres_changed(struct cursor *cursor) {
    return strtoll(PQcmdTuples(cursor->result), NULL, 10);
}

static void postgres_cursor_close(struct cursor *cursor) {
    PQclear(cursor->result);
    cursor->result = NULL;
    cursor->open = false;
}

const struct driver driver_postgres = {
    .name = "postgres",
    .remote = true,
    .open = postgres_open,
    .close = postgres_close,
    .reconnect = postgres_reconnect,
    .begin = postgres_begin,
    .lock = postgres_lock,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .in_transaction = postgres_in_transaction,
    .savepoint = postgres_savepoint,
    .savepoint_keep = postgres_savepoint_keep,
    .savepoint_undo = postgres_savepoint_undo,
    .script = run_text,
    .cursor_open = postgres_cursor_open,
    .bind_null = postgres_bind_null,
    .bind_integer = postgres_bind_integer,
    .bind_text = postgres_bind_text,
    .bind_bytes = postgres_bind_bytes,
    .step = postgres_step,
    .column_count = postgres_column_count,
    .column_kind = postgres_column_kind,
    .column_integer = postgres_column_integer,
    .column_bytes = postgres_column_bytes,
    .changed = postgres_changed,
    .cursor_close = postgres_cursor_close,
};
