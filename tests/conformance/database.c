/* database.c: fresh databases for tests. Exports what database.h declares. */
#include "../unit/cmocka_include.h"

#include "database.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *postgres_url(void) {
    const char *url = getenv("FENQI_TEST_DATABASE");
    return url != NULL && strncmp(url, "postgres", 8) == 0 ? url : NULL;
}

bool database_is_postgres(void) {
    return postgres_url() != NULL;
}

static PGconn *connect_postgres(const char *url) {
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(connection));
    return connection;
}

/* Behind a pooler no session setting stays, so that a schema of its own cannot be chosen. */
static bool is_pooled(void) {
    return getenv("FENQI_TEST_POOLED") != NULL;
}

static void postgres_script(const char *url, const char *text) {
    PGconn *connection = connect_postgres(url);
    PQclear(PQexec(connection, "SET client_min_messages = warning"));
    PGresult *result = PQexec(connection, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

struct database *database_prepare(void) {
    static int counter;
    struct database *database = calloc(1, sizeof *database);
    assert_non_null(database);
    database->arena = arena_create(16 * 1024);
    if (database_is_postgres()) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        snprintf(database->schema, sizeof database->schema, "conformance_%d_%ld_%d", (int)getpid(),
            (long)now.tv_sec, ++counter);
        char text[120];
        snprintf(text, sizeof text, "CREATE %s %s", is_pooled() ? "DATABASE" : "SCHEMA",
            database->schema);
        postgres_script(postgres_url(), text);
        const char *tail = strchr(postgres_url(), '?');
        if (is_pooled()) /* postgres:///NAME?host=... */
            snprintf(database->url, sizeof database->url, "postgres:///%s%s", database->schema,
                tail == NULL ? "" : tail);
        else
            snprintf(database->url, sizeof database->url, "%s%soptions=-csearch_path%%3D%s",
                postgres_url(), strchr(postgres_url(), '?') == NULL ? "?" : "&", database->schema);
    } else {
        const char *root = getenv("TMPDIR");
        snprintf(database->folder, sizeof database->folder, "%s/fenqi-conformance-XXXXXX",
            root == NULL ? "/tmp" : root);
        assert_non_null(mkdtemp(database->folder));
        snprintf(database->url, sizeof database->url, "sqlite:%s/fenqi.db", database->folder);
    }
    return database;
}

void database_open(struct database *database, const struct store_options *given) {
    struct store_options options = given == NULL ? (struct store_options){0} : *given;
    if (options.database == NULL)
        options.database = database->url;
    options.pooled = is_pooled();
    struct fault fault = {0};
    if (store_open(&options, &database->store, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

struct database *database_create(const struct store_options *options) {
    struct database *database = database_prepare();
    struct fault fault = {0};
    database_open(database, options);
    if (store_migrate(database->store, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    return database;
}

void database_close(struct database *database) {
    store_close(database->store);
    database->store = NULL;
}

void database_destroy(struct database *database) {
    database_close(database);
    char text[300];
    if (database_is_postgres()) {
        snprintf(text, sizeof text,
            is_pooled() ? "DROP DATABASE %s WITH (FORCE)" : "DROP SCHEMA %s CASCADE",
            database->schema);
        postgres_script(postgres_url(), text);
    } else {
        static const char *const names[] = {"fenqi.db", "fenqi.db-wal", "fenqi.db-shm"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            snprintf(text, sizeof text, "%s/%s", database->folder, names[i]);
            unlink(text);
        }
        assert_int_equal(rmdir(database->folder), 0);
    }
    arena_destroy(database->arena);
    free(database);
}

static sqlite3 *connect_sqlite(const struct database *database) {
    sqlite3 *connection;
    assert_int_equal(sqlite3_open(database->url + strlen("sqlite:"), &connection), SQLITE_OK);
    sqlite3_busy_timeout(connection, 5000);
    return connection;
}

void database_script(struct database *database, const char *text) {
    if (database_is_postgres()) {
        postgres_script(database->url, text);
        return;
    }
    sqlite3 *connection = connect_sqlite(database);
    if (sqlite3_exec(connection, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(connection));
    sqlite3_close(connection);
}

long long database_number(struct database *database, const char *text) {
    long long number = 0;
    if (database_is_postgres()) {
        PGconn *connection = connect_postgres(database->url);
        PGresult *result = PQexec(connection, text);
        if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
            fail_msg("%s: %s", text, PQerrorMessage(connection));
        number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
        PQclear(result);
        PQfinish(connection);
        return number;
    }
    sqlite3 *connection = connect_sqlite(database);
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(connection, text, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        fail_msg("%s: %s", text, sqlite3_errmsg(connection));
    number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(connection);
    return number;
}

void database_wait_alone(struct database *database) {
    static const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    if (is_pooled())
        return; /* the pooler keeps its sessions: it is never alone */
    for (int i = 0; database_is_postgres() && i < 500; i++) {
        if (database_number(database,
                "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'fenqi'"
                " AND datname = current_database()") == 0)
            return;
        nanosleep(&pause, NULL);
    }
    if (database_is_postgres())
        fail_msg("another client of the database stays");
}
