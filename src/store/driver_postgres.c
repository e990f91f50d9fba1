/*
 * driver_postgres.c: PostgreSQL by libpq. Exports driver_postgres.
 *
 * Writers work in READ COMMITTED under an advisory lock for each key of the batch, taken in order:
 * what a unit loads of its customer cannot change under it, in this process or in another one.
 * Readers have a REPEATABLE READ snapshot. Queries are in postgres_query.c, round trips of many
 * statements in postgres_exchange.c. Messages to our callers never quote the server's DETAIL,
 * which may hold personal data.
 *
 * A connection lost in COMMIT leaves the outcome unknown; the server is asked for it afterwards by
 * the number of the transaction (pg_xact_status), so that no unit is lost or done twice.
 */
#include "store/postgres_own.h"

#include "base/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RESOLVE_ATTEMPTS = 20 };

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
        {"58", STATUS_IO}, {"XX001", STATUS_DAMAGED}, {"XX002", STATUS_DAMAGED},
        {"XX", STATUS_CORRUPT}, {"54", STATUS_INVALID}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strncmp(state, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].status;
    return STATUS_CORRUPT; /* 42: a statement that the schema refuses, and what we do not know */
}

enum status postgres_report(
    struct connection *connection, const PGresult *result, const char *what, struct fault *fault) {
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (PQstatus(connection->server) != CONNECTION_OK || state == NULL)
        return fault_set(fault, STATUS_UNAVAILABLE, "%s: connection to the database lost", what);
    return fault_set(fault, status_of(state), "%s: %s (%s)", what,
        PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), state);
}

enum status postgres_run_text(
    struct connection *connection, const char *text, struct fault *fault) {
    PGresult *result = PQexec(connection->server, text);
    ExecStatusType got = PQresultStatus(result);
    enum status status = STATUS_OK;
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK)
        status = postgres_report(connection, result, text, fault);
    PQclear(result);
    return status;
}

static void ignore_notice(void *context, const PGresult *notice) {
    (void)context; /* "table exists already, skipping": libraries never log */
    (void)notice;
}

/*
 * What the server's life is known by: it is another one after a restart, after a crash that it
 * mended by itself (the statistics start anew) and on a standby that was promoted.
 */
static enum status ask_life(struct connection *connection, struct fault *fault) {
    PGresult *result = PQexec(connection->server,
        "SELECT pg_postmaster_start_time()::text || ' ' ||"
        " COALESCE((SELECT stats_reset FROM pg_stat_bgwriter)::text, '')");
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = postgres_report(connection, result, "the server's start", fault);
    else
        snprintf(connection->life, sizeof connection->life, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return status;
}

const char *const postgres_lock_text =
    "SELECT pg_current_xact_id()::text, locked.count FROM (SELECT count(pg_advisory_xact_lock(key))"
    " FROM unnest($1::bigint[]) AS key) AS locked";

/* What every session needs, after connecting and after reconnecting. */
static enum status set_up_session(struct connection *connection, struct fault *fault) {
    char text[400];
    PQsetNoticeReceiver(connection->server, ignore_notice, NULL);
    if (connection->role == DRIVER_WRITER) {
        enum status status = ask_life(connection, fault);
        if (status != STATUS_OK)
            return status;
    }
    if (connection->options->pooled)
        return STATUS_OK; /* a setting would stay with whoever has the server's session next */
    snprintf(text, sizeof text,
        "SET statement_timeout = %" PRId32 "; SET idle_in_transaction_session_timeout = 60000;"
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'",
        connection->options->query_timeout_ms);
    return postgres_run_text(connection, text, fault);
}

const char *postgres_local_settings(
    const struct connection *connection, char text[POSTGRES_SETTINGS_SIZE]) {
    snprintf(text, POSTGRES_SETTINGS_SIZE,
        "SELECT set_config('statement_timeout', '%" PRId32 "', true),"
        " set_config('idle_in_transaction_session_timeout', '60000', true),"
        " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
        " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)",
        connection->options->query_timeout_ms);
    return text;
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
    postgres_forget_queries(connection);
    PQfinish(connection->server);
    free(connection);
}

static enum status postgres_open(const struct driver_options *options, enum driver_role role,
    struct connection **out, struct fault *fault) {
    /* The URL comes last and is expanded: what it says goes before our defaults. */
    static const char *const keywords[] = {"application_name", "connect_timeout",
        "tcp_user_timeout", "keepalives_idle", "client_encoding", "dbname", NULL};
    const char *const values[] = {"fenqi", "5", "30000", "30", "UTF8", options->address, NULL};
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
        postgres_run_text(connection, "SELECT 1", fault) == STATUS_OK)
        return STATUS_OK;
    PQreset(connection->server);
    for (int i = 0; i < QUERY_COUNT; i++)
        connection->prepared[i].one = connection->prepared[i].many = false;
    connection->lock_prepared = false;
    if (PQstatus(connection->server) != CONNECTION_OK)
        return report_open(connection->server, fault);
    return set_up_session(connection, fault);
}

static enum status postgres_begin(struct connection *connection, struct fault *fault) {
    connection->xid[0] = '\0';
    const char *begin = connection->role == DRIVER_WRITER
                            ? "BEGIN"
                            : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    if (!connection->options->pooled)
        return postgres_run_text(connection, begin, fault);
    char settings[POSTGRES_SETTINGS_SIZE], text[POSTGRES_SETTINGS_SIZE + 60];
    snprintf(text, sizeof text, "%s; %s", begin, postgres_local_settings(connection, settings));
    return postgres_run_text(connection, text, fault);
}

void postgres_write_keys(char *text, size_t room, const int64_t *keys, size_t count) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(
            text + length, room - length, "%c%" PRId64, i == 0 ? '{' : ',', keys[i]);
    snprintf(text + length, room - length, count == 0 ? "{}" : "}");
}

/* Takes the locks in the order given, and notes the number of the transaction. */
static enum status postgres_lock(
    struct connection *connection, const int64_t *keys, size_t count, struct fault *fault) {
    size_t room = count * POSTGRES_KEY_SIZE + 3;
    char *array = malloc(room);
    check(array != NULL);
    postgres_write_keys(array, room, keys, count);
    const char *const values[] = {array};
    PGresult *result =
        PQexecParams(connection->server, postgres_lock_text, 1, NULL, values, NULL, NULL, 0);
    free(array);
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = postgres_report(connection, result, "lock", fault);
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

/*
 * The connection went away in COMMIT: asks until the server knows, for about five seconds. After a
 * crash the server may give the number of a transaction whose end it has lost to another one, so
 * "committed" counts only in the life in which it was given. "aborted" always does: what was
 * committed is on the disk, and its number is not given again.
 */
static enum status resolve(struct connection *connection, struct fault *fault) {
    static const struct timespec pause = {.tv_nsec = 250 * 1000 * 1000};
    char outcome[XID_TEXT_SIZE], life[LIFE_TEXT_SIZE];
    memcpy(life, connection->life, sizeof life);
    for (int i = 0; connection->xid[0] != '\0' && i < RESOLVE_ATTEMPTS; i++) {
        bool told = ask_outcome(connection, outcome);
        if (told && strcmp(outcome, "committed") == 0) {
            if (strcmp(life, connection->life) == 0)
                return STATUS_OK;
            break;
        }
        if (told && strcmp(outcome, "aborted") == 0)
            return fault_set(fault, STATUS_UNAVAILABLE, "connection lost before the commit");
        nanosleep(&pause, NULL);
    }
    return fault_set(
        fault, STATUS_TIMEOUT, "connection lost in the commit; what became of it is unknown");
}

enum status postgres_judge_commit(
    struct connection *connection, const PGresult *result, struct fault *fault) {
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        if (strcmp(PQcmdStatus((PGresult *)(uintptr_t)result), "COMMIT") == 0)
            return STATUS_OK;
        return fault_set(fault, STATUS_CONFLICT, "the database rolled the transaction back");
    }
    enum status status = postgres_report(connection, result, "COMMIT", fault);
    if (status == STATUS_UNAVAILABLE) {
        status = resolve(connection, fault);
        fault->status = status;
    } else {
        postgres_rollback(connection);
    }
    return status;
}

static enum status postgres_commit(struct connection *connection, struct fault *fault) {
    PGresult *result = PQexec(connection->server, "COMMIT");
    enum status status = postgres_judge_commit(connection, result, fault);
    PQclear(result);
    return status;
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
    .script = postgres_run_text,
    .cursor_open = postgres_cursor_open,
    .step = postgres_step,
    .column_count = postgres_column_count,
    .column_kind = postgres_column_kind,
    .column_integer = postgres_column_integer,
    .column_bytes = postgres_column_bytes,
    .changed = postgres_changed,
    .cursor_close = postgres_cursor_close,
    .cursor_again = postgres_cursor_again,
    .exchange = postgres_exchange,
};
