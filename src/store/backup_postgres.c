/*
 * backup_postgres.c: a PostgreSQL database as one file, and back. Exports backup_postgres.
 *
 * pg_dump and pg_restore of the server's own package do the work. The facts are read in the
 * transaction whose snapshot pg_dump is given, so that they are those of the copy. Where the server
 * is and how to log in goes to the children in the environment, never in arguments.
 */
#include "store/backup_own.h"

#include "base/check.h"
#include "store/child.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENVIRONMENT_MAX = 40 };

static void close_connection(PGconn **connection) {
    PQfinish(*connection);
}
#define FENQI_POSTGRES __attribute__((cleanup(close_connection))) PGconn *

static enum status connect_to(const char *address, PGconn **connection, struct fault *fault) {
    static const char *const keywords[] = {"application_name", "connect_timeout", "dbname", NULL};
    const char *const values[] = {"fenqi-backup", "5", address, NULL};
    *connection = PQconnectdbParams(keywords, values, 1);
    check(*connection != NULL);
    if (PQstatus(*connection) == CONNECTION_OK)
        return STATUS_OK;
    const char *message = PQerrorMessage(*connection);
    enum status status =
        strstr(message, "does not exist") != NULL ? STATUS_NOT_FOUND : STATUS_UNAVAILABLE;
    return fault_set(
        fault, status, "connect to PostgreSQL: %.*s", (int)strcspn(message, "\n"), message);
}

/* Runs one statement; the caller clears the result, which is NULL unless STATUS_OK. */
static enum status ask(
    PGconn *connection, const char *text, PGresult **result, struct fault *fault) {
    *result = PQexec(connection, text);
    ExecStatusType got = PQresultStatus(*result);
    if (got == PGRES_TUPLES_OK || got == PGRES_COMMAND_OK)
        return STATUS_OK;
    const char *state = PQresultErrorField(*result, PG_DIAG_SQLSTATE);
    enum status status = state == NULL                 ? STATUS_UNAVAILABLE
                         : strcmp(state, "42P01") == 0 ? STATUS_NOT_FOUND
                                                       : STATUS_IO;
    fault_set(fault, status, "%s",
        status == STATUS_NOT_FOUND ? "this is no database of Fenqi" : PQerrorMessage(connection));
    PQclear(*result);
    *result = NULL;
    return status;
}

static enum status read_facts(PGconn *connection, struct backup_facts *facts, struct fault *fault) {
    PGresult *result;
    enum status status = ask(connection, backup_facts_query, &result, fault);
    if (status != STATUS_OK)
        return status;
    const char *day = PQgetvalue(result, 0, 1);
    *facts = (struct backup_facts){.migration = strtoll(PQgetvalue(result, 0, 0), NULL, 10),
        .business_date = DAY_NONE,
        .customers = strtoll(PQgetvalue(result, 0, 2), NULL, 10),
        .contracts = strtoll(PQgetvalue(result, 0, 3), NULL, 10),
        .payments = strtoll(PQgetvalue(result, 0, 4), NULL, 10),
        .entries = strtoll(PQgetvalue(result, 0, 5), NULL, 10)};
    if (day[0] != '\0' && !day_from_text(day, strlen(day), &facts->business_date))
        status = fault_set(fault, STATUS_CORRUPT, "the business date is no day");
    PQclear(result);
    return status;
}

/* The address as PGHOST, PGPORT, PGPASSWORD, … and the database's name. */
static enum status environment_of(const char *address, struct arena *arena,
    const char *environment[ENVIRONMENT_MAX], const char **name, struct fault *fault) {
    size_t count = 0;
    char *wrong = NULL;
    PQconninfoOption *options = PQconninfoParse(address, &wrong);
    if (options == NULL) {
        fault_set(fault, STATUS_INVALID, "database address: %s", wrong == NULL ? "?" : wrong);
        PQfreemem(wrong);
        return STATUS_INVALID;
    }
    *name = "";
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        if (option->val == NULL)
            continue;
        if (strcmp(option->keyword, "dbname") == 0)
            *name = arena_text(arena, option->val);
        if (option->envvar != NULL && count < ENVIRONMENT_MAX - 2)
            environment[count++] = arena_printf(arena, "%s=%s", option->envvar, option->val);
    }
    PQconninfoFree(options);
    environment[count++] = "LC_ALL=C";
    environment[count] = NULL;
    return STATUS_OK;
}

/* Exports the snapshot of a transaction that has just read the facts. */
static enum status hold_snapshot(PGconn *connection, struct arena *arena,
    struct backup_facts *facts, const char **snapshot, struct fault *fault) {
    PGresult *result;
    enum status status =
        ask(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", &result, fault);
    if (status != STATUS_OK)
        return status;
    PQclear(result);
    status = read_facts(connection, facts, fault);
    if (status == STATUS_OK)
        status = ask(connection, "SELECT pg_export_snapshot()", &result, fault);
    if (status == STATUS_OK) {
        *snapshot = arena_printf(arena, "--snapshot=%s", PQgetvalue(result, 0, 0));
        PQclear(result);
    }
    return status;
}

static enum status take(const char *address, const char *path, struct backup_facts *facts,
    backup_progress progress, void *context, struct fault *fault) {
    FENQI_ARENA arena = arena_create(4 * 1024);
    FENQI_POSTGRES connection = NULL;
    const char *environment[ENVIRONMENT_MAX], *name, *snapshot = NULL;
    enum status status = environment_of(address, arena, environment, &name, fault);
    if (status == STATUS_OK)
        status = connect_to(address, &connection, fault);
    if (status == STATUS_OK)
        status = hold_snapshot(connection, arena, facts, &snapshot, fault);
    if (status != STATUS_OK)
        return status;
    const char *const argv[] = {"pg_dump", "--format=custom", "--no-password", "--no-owner",
        "--no-privileges", snapshot, arena_printf(arena, "--file=%s", path), NULL};
    struct child child;
    progress(context, "pg_dump", 0, 0);
    status = child_start(&child, argv, environment, false, fault);
    return status == STATUS_OK ? child_end(&child, fault) : status;
}

/* Counts the rows of the tables that the facts name, as pg_restore writes them out. */
static void count_rows(FILE *output, struct backup_facts *facts) {
    struct {
        const char *table;
        int64_t *rows;
    } tables[] = {{"customer", &facts->customers}, {"contract", &facts->contracts},
        {"payment", &facts->payments}, {"journal_entry", &facts->entries}};
    char *line = NULL;
    size_t room = 0;
    int64_t *rows = NULL;
    bool inside = false;
    while (getline(&line, &room, output) > 0) {
        if (inside) {
            inside = strcmp(line, "\\.\n") != 0;
            if (inside && rows != NULL)
                ++*rows;
            continue;
        }
        const char *dot = strncmp(line, "COPY ", 5) == 0 ? strchr(line, '.') : NULL;
        inside = dot != NULL;
        rows = NULL;
        for (size_t i = 0; inside && i < sizeof tables / sizeof tables[0]; i++) {
            size_t length = strlen(tables[i].table);
            if (strncmp(dot + 1, tables[i].table, length) == 0 && dot[1 + length] == ' ')
                rows = tables[i].rows;
        }
    }
    free(line);
}

static enum status check_copy(const char *path, struct backup_facts *facts, struct fault *fault) {
    static const char *const environment[] = {"LC_ALL=C", NULL};
    const char *const argv[] = {"pg_restore", "--data-only", "--file=-", path, NULL};
    struct child child;
    *facts = (struct backup_facts){.business_date = DAY_NONE};
    enum status status = child_start(&child, argv, environment, true, fault);
    if (status != STATUS_OK)
        return status;
    count_rows(child.output, facts);
    status = child_end(&child, fault);
    if (status == STATUS_IO)
        status = fault->status = STATUS_CORRUPT; /* it had nothing to do but read */
    return status;
}

static enum status count(const char *address, struct backup_facts *facts, struct fault *fault) {
    FENQI_POSTGRES connection = NULL;
    enum status status = connect_to(address, &connection, fault);
    return status == STATUS_OK ? read_facts(connection, facts, fault) : status;
}

static enum status place(const char *address, const char *folder, const char *aside,
    struct arena *arena, const char **path, struct fault *fault) {
    FENQI_POSTGRES connection = NULL;
    PGresult *result;
    (void)aside;
    *path = arena_printf(arena, "%s/restoring.dump", folder);
    enum status status = connect_to(address, &connection, fault);
    if (status == STATUS_OK)
        status = ask(connection,
            "SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE relkind IN ('r', 'p', 'v', 'S') AND nspname NOT LIKE 'pg\\_%'"
            " AND nspname <> 'information_schema'",
            &result, fault);
    if (status != STATUS_OK)
        return status;
    bool empty = strcmp(PQgetvalue(result, 0, 0), "0") == 0;
    PQclear(result);
    return empty ? STATUS_OK
                 : fault_set(fault, STATUS_CONFLICT,
                       "the database %s is not empty: make an empty one (createdb) and name that",
                       PQdb(connection));
}

static enum status put(const char *address, const char *path, struct fault *fault) {
    FENQI_ARENA arena = arena_create(4 * 1024);
    const char *environment[ENVIRONMENT_MAX], *name;
    enum status status = environment_of(address, arena, environment, &name, fault);
    if (status != STATUS_OK)
        return status;
    const char *const argv[] = {"pg_restore", "--single-transaction", "--exit-on-error",
        "--no-owner", "--no-privileges", "--no-password", arena_printf(arena, "--dbname=%s", name),
        path, NULL};
    struct child child;
    status = child_start(&child, argv, environment, false, fault);
    if (status == STATUS_OK)
        status = child_end(&child, fault);
    if (status == STATUS_OK && unlink(path) != 0)
        status = fault_set(fault, STATUS_IO, "cannot remove %s", path);
    return status;
}

const struct backup_way backup_postgres = {.kind = "postgres",
    .take = take,
    .inspect = check_copy,
    .count = count,
    .place = place,
    .put = put};
