/*
 * test_queries.c: every prepared query against the migrated schema. On SQLite a query that scans or
 * sorts without an index fails unless its file says `-- scan: reason`; on PostgreSQL every query
 * must prepare and give only the types that both databases share. And the keys of customers'
 * tables, and that no index stands for nothing.
 */
#include "../unit/cmocka_include.h"

#include "database.h"

#include "store/query_table.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* Whether the plan's line reads a partial index: as many rows as its condition lets in. */
static bool reads_partial_index(sqlite3 *database, const char *detail) {
    const char *name = strstr(detail, " INDEX ");
    if (name == NULL)
        return false;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(database,
                         "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1"
                         " AND sql LIKE '% WHERE %'",
                         -1, &statement, NULL),
        SQLITE_OK);
    sqlite3_bind_text(statement, 1, name + strlen(" INDEX "), -1, SQLITE_STATIC);
    bool partial = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return partial;
}

/*
 * Whether one line of EXPLAIN QUERY PLAN reads a whole table or index, or sorts. Reading a
 * constant row, a VALUES list, the result of a subquery already planned above, or a partial index
 * is neither.
 */
static bool is_costly(sqlite3 *database, const char *detail) {
    if (strstr(detail, "USE TEMP B-TREE") != NULL)
        return true;
    if (strncmp(detail, "SCAN ", 5) != 0)
        return false;
    return strstr(detail, "CONSTANT ROW") == NULL && strstr(detail, "SCAN (") == NULL &&
           strstr(detail, "-ROW VALUES CLAUSE") == NULL && !reads_partial_index(database, detail);
}

/* Fails the test on a statement that SQLite refuses. Writes the first costly line into `line`. */
static bool needs_an_index(
    sqlite3 *database, const char *name, const char *text, char *line, size_t size) {
    char explained[8192];
    sqlite3_stmt *statement;
    bool costly = false;
    assert_true((size_t)snprintf(explained, sizeof explained, "EXPLAIN QUERY PLAN %s", text) <
                sizeof explained);
    if (sqlite3_prepare_v2(database, explained, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", name, sqlite3_errmsg(database));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(statement, 3);
        if (!costly && is_costly(database, detail)) {
            costly = true;
            snprintf(line, size, "%s", detail);
        }
    }
    sqlite3_finalize(statement);
    return costly;
}

static sqlite3 *open_file(const struct database *database) {
    sqlite3 *file;
    assert_int_equal(sqlite3_open(database->url + strlen("sqlite:"), &file), SQLITE_OK);
    return file;
}

static void test_queries_use_indexes(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    sqlite3 *file = open_file(database);
    int offenders = 0;
    for (int i = 0; i < QUERY_COUNT; i++) {
        const struct query_text *text = query_text((enum query)i);
        char line[300];
        bool costly = needs_an_index(file, text->name, text->sqlite, line, sizeof line);
        if (costly && !text->scan_allowed) {
            print_error("sql/queries/%s.sql: %s\n", text->name, line);
            offenders++;
        }
    }
    sqlite3_close(file);
    database_destroy(database);
    if (offenders > 0)
        fail_msg("%d queries scan or sort without an index: add one, or say `-- scan: reason`",
            offenders);
}

/* The guard itself: what it must catch and what it must let pass. */
static void test_the_guard_catches_planted_queries(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    sqlite3 *file = open_file(database);
    static const struct {
        const char *text;
        bool costly;
    } rows[] = {
        {"SELECT value FROM setting WHERE name = ?1", false},
        {"SELECT value FROM setting WHERE value = ?1", true},
        {"SELECT number FROM event_log WHERE user_id = ?1 ORDER BY number", false},
        {"SELECT number FROM event_log WHERE user_id = ?1 ORDER BY kind", true},
        {"SELECT COUNT(*) FROM audit", true},
        {"SELECT kind FROM outbox WHERE state = 0 AND lane = ?1 AND next_try_at_us < ?2", false},
        {"SELECT kind FROM outbox WHERE state = 1 AND lane = ?1 AND next_try_at_us < ?2", true},
        {"SELECT COUNT(*) FROM outbox WHERE state = 0", false},
        {"SELECT COUNT(*) FROM outbox WHERE state = 1", true},
        {"DELETE FROM audit WHERE action = ?1", true},
        {"INSERT INTO setting (name, value) VALUES (?1, ?2)", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[300];
        bool costly = needs_an_index(file, "planted", rows[i].text, line, sizeof line);
        if (costly != rows[i].costly)
            fail_msg("%s: %s", rows[i].text, costly ? line : "was not caught");
    }
    sqlite3_close(file);
    database_destroy(database);
}

/*
 * Tables with customer_id whose primary key or a unique key does not start with it: they could not
 * be distributed by customer. Directories (NAME_directory) are keyed by themselves on purpose.
 */
static int report_undistributable(sqlite3 *file) {
    static const char text[] =
        "SELECT t.name, i.name FROM sqlite_schema t, pragma_index_list(t.name) i"
        " WHERE t.type = 'table' AND t.name NOT LIKE '%\\_directory' ESCAPE '\\' AND i.\"unique\" "
        "= 1"
        " AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'customer_id')"
        " AND (SELECT x.name FROM pragma_index_info(i.name) x WHERE x.seqno = 0) <> 'customer_id'"
        " UNION ALL SELECT t.name, 'primary key' FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND t.name NOT LIKE '%\\_directory' ESCAPE '\\'"
        " AND c.name = 'customer_id' AND c.pk <> 1";
    sqlite3_stmt *statement;
    int count = 0;
    assert_int_equal(sqlite3_prepare_v2(file, text, -1, &statement, NULL), SQLITE_OK);
    for (; sqlite3_step(statement) == SQLITE_ROW; count++)
        print_error("table %s: %s does not start with customer_id\n",
            (const char *)sqlite3_column_text(statement, 0),
            (const char *)sqlite3_column_text(statement, 1));
    sqlite3_finalize(statement);
    return count;
}

static void test_a_customers_keys_start_with_customer_id(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    sqlite3 *file = open_file(database);
    assert_int_equal(report_undistributable(file), 0);
    print_message("planted, so the next lines are expected:\n");
    assert_int_equal(sqlite3_exec(file,
                         "CREATE TABLE late (id INTEGER, customer_id INTEGER, PRIMARY KEY (id));"
                         "CREATE TABLE wide (customer_id INTEGER, id INTEGER UNIQUE,"
                         " PRIMARY KEY (customer_id, id))",
                         NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(report_undistributable(file), 2);
    sqlite3_close(file);
    database_destroy(database);
}

/* Whether a line of EXPLAIN QUERY PLAN reads index `name`. */
static bool plan_reads(const char *detail, const char *name) {
    const char *at = strstr(detail, " INDEX ");
    size_t length = strlen(name);
    return at != NULL && strncmp(at + strlen(" INDEX "), name, length) == 0 &&
           (at[strlen(" INDEX ") + length] == ' ' || at[strlen(" INDEX ") + length] == '\0');
}

static bool query_reads(sqlite3 *file, const struct query_text *text, const char *name) {
    char explained[8192];
    sqlite3_stmt *statement;
    bool reads = false;
    assert_true((size_t)snprintf(explained, sizeof explained, "EXPLAIN QUERY PLAN %s",
                    text->sqlite) < sizeof explained);
    assert_int_equal(sqlite3_prepare_v2(file, explained, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        reads = reads || plan_reads((const char *)sqlite3_column_text(statement, 3), name);
    sqlite3_finalize(statement);
    return reads;
}

/* It may sort, so that the guard lets it pass; but it must not read all contracts. */
static void test_the_day_is_split_by_its_index(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    sqlite3 *file = open_file(database);
    assert_true(
        query_reads(file, query_text(QUERY_CONTRACT_ACTION_BOUNDARIES), "contract_by_action"));
    sqlite3_close(file);
    database_destroy(database);
}

/*
 * The indexes that no query goes by: each costs every write, and pages. Those that a PRIMARY KEY or
 * UNIQUE made (without text of their own) are rules, not ways.
 */
static int report_unused_indexes(sqlite3 *file) {
    sqlite3_stmt *indexes;
    int unused = 0;
    assert_int_equal(sqlite3_prepare_v2(file,
                         "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'"
                         " AND sql IS NOT NULL ORDER BY name",
                         -1, &indexes, NULL),
        SQLITE_OK);
    while (sqlite3_step(indexes) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(indexes, 0);
        bool used = false;
        for (int i = 0; i < QUERY_COUNT && !used; i++)
            used = query_reads(file, query_text((enum query)i), name);
        if (!used)
            print_error("index %s of table %s: no query goes by it\n", name,
                (const char *)sqlite3_column_text(indexes, 1));
        unused += !used;
    }
    sqlite3_finalize(indexes);
    return unused;
}

static void test_every_index_is_used(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    sqlite3 *file = open_file(database);
    assert_int_equal(report_unused_indexes(file), 0);
    print_message("planted, so the next lines are expected:\n");
    assert_int_equal(sqlite3_exec(file,
                         "CREATE INDEX payment_live_too ON payment (position);"
                         "CREATE INDEX contract_action ON contract (activated_day)",
                         NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(report_unused_indexes(file), 2);
    sqlite3_close(file);
    database_destroy(database);
}

static bool is_shared_type(Oid type) {
    static const Oid shared[] = {16, 17, 19, 20, 21, 23, 25, 1042, 1043};
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        if (shared[i] == type)
            return true;
    return false;
}

static int describe(PGconn *server, const struct query_text *text) {
    PGresult *result = PQprepare(server, text->name, text->postgres, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        print_error("sql/queries/%s.sql: %s", text->name, PQerrorMessage(server));
        PQclear(result);
        return 1;
    }
    PQclear(result);
    int wrong = 0;
    result = PQdescribePrepared(server, text->name);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    for (int i = 0; i < PQnfields(result); i++)
        if (!is_shared_type(PQftype(result, i))) {
            print_error("sql/queries/%s.sql: column %d is of type %u: CAST it\n", text->name, i,
                (unsigned)PQftype(result, i));
            wrong = 1;
        }
    if (PQnparams(result) != text->parameter_count) {
        print_error("sql/queries/%s.sql: parameters differ\n", text->name);
        wrong = 1;
    }
    PQclear(result);
    return wrong;
}

static void test_queries_mean_the_same_on_postgres(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    PGconn *server = PQconnectdb(database->url);
    assert_int_equal(PQstatus(server), CONNECTION_OK);
    int wrong = 0;
    for (int i = 0; i < QUERY_COUNT; i++)
        wrong += describe(server, query_text((enum query)i));
    PQfinish(server);
    database_destroy(database);
    if (wrong > 0)
        fail_msg("%d queries are not understood by PostgreSQL as by SQLite", wrong);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_guard_catches_planted_queries),
        cmocka_unit_test(test_queries_use_indexes),
        cmocka_unit_test(test_a_customers_keys_start_with_customer_id),
        cmocka_unit_test(test_every_index_is_used),
        cmocka_unit_test(test_the_day_is_split_by_its_index),
        cmocka_unit_test(test_queries_mean_the_same_on_postgres),
    };
    return cmocka_run_group_tests_name("conformance_queries", tests, NULL, NULL);
}
