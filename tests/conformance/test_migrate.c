/* test_migrate.c: bringing the schema forward, and refusing what cannot be. */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/migrate.h"
#include "store/shard.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Two migrations of their own, beside the binary's: the second needs the first's data. */
static const struct migration own[] = {
    {1, "first", "aaaa", "CREATE TABLE first (id INTEGER NOT NULL); INSERT INTO first VALUES (41)",
        "CREATE TABLE first (id BIGINT NOT NULL); INSERT INTO first VALUES (41)"},
    {2, "second", "bbbb",
        "ALTER TABLE first ADD COLUMN twice INTEGER NOT NULL DEFAULT 0;"
        "UPDATE first SET twice = id * 2",
        "ALTER TABLE first ADD COLUMN twice BIGINT NOT NULL DEFAULT 0;"
        "UPDATE first SET twice = id * 2"},
};

static const struct migration broken[] = {
    {1, "first", "aaaa", "CREATE TABLE first (id INTEGER NOT NULL); INSERT INTO first VALUES (41)",
        "CREATE TABLE first (id BIGINT NOT NULL); INSERT INTO first VALUES (41)"},
    {2, "broken", "cccc", "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)",
        "CREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1)"},
};

static enum status migrate(
    struct database *database, const struct migration *items, size_t count, struct fault *fault) {
    *fault = (struct fault){0};
    return migrate_with(database->store, (struct migration_list){items, count}, fault);
}

static void test_migrations_go_forward_over_data(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct fault fault;
    database_open(database, NULL);
    assert_int_equal(migrate(database, own, 1, &fault), STATUS_OK);
    assert_int_equal(migrate(database, own, 1, &fault), STATUS_OK);
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM first"), 1);
    assert_int_equal(migrate(database, own, 2, &fault), STATUS_OK);
    assert_int_equal(database_number(database, "SELECT twice FROM first"), 82);
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM schema_migration"), 2);
    database_destroy(database);
}

static void test_a_newer_database_is_refused(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct fault fault;
    database_open(database, NULL);
    assert_int_equal(migrate(database, own, 2, &fault), STATUS_OK);
    assert_int_equal(migrate(database, own, 1, &fault), STATUS_INVALID);
    assert_non_null(strstr(fault.text, "0002 second"));
    assert_non_null(strstr(fault.text, "up to 0001"));
    database_destroy(database);
}

static void test_a_changed_migration_is_refused(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct fault fault;
    struct migration changed = own[0];
    changed.checksum = "dddd";
    database_open(database, NULL);
    assert_int_equal(migrate(database, own, 1, &fault), STATUS_OK);
    assert_int_equal(migrate(database, &changed, 1, &fault), STATUS_INVALID);
    assert_non_null(strstr(fault.text, "0001 first"));
    database_destroy(database);
}

static void test_a_migration_that_fails_leaves_nothing_of_itself(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct fault fault;
    database_open(database, NULL);
    assert_int_equal(migrate(database, broken, 2, &fault), STATUS_CORRUPT);
    assert_non_null(strstr(fault.text, "0002 broken"));
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM schema_migration"), 1);
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM first"), 1);
    assert_int_equal(migrate(database, own, 2, &fault), STATUS_OK);
    database_script(database, "CREATE TABLE half (id INTEGER)"); /* it is not there yet */
    database_destroy(database);
}

static void *migrate_all(void *argument) {
    struct database *database = argument;
    struct fault fault = {0};
    if (store_migrate(database->store, &fault) == STATUS_OK)
        return NULL;
    print_error("%s\n", fault.text);
    return database;
}

static void test_processes_that_start_together_migrate_once(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct database copies[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        copies[i] = *database;
        database_open(&copies[i], NULL);
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_all, &copies[i]), 0);
    for (int i = 0; i < 3; i++) {
        void *failure;
        pthread_join(threads[i], &failure);
        assert_null(failure);
        database_close(&copies[i]);
    }
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM schema_migration"),
        (long long)migration_list_all().count);
    database_destroy(database);
}

static struct planned_migration *plan(
    struct database *database, struct migration_list list, enum status wanted) {
    struct planned_migration *migrations;
    struct fault fault = {0};
    size_t count;
    enum status status =
        migration_plan_with(database->url, list, database->arena, &migrations, &count, &fault);
    if (status != wanted)
        fail_msg("%s", fault.text);
    assert_int_equal(count, wanted == STATUS_OK ? list.count : 0);
    return migrations;
}

static const struct migration_step second_steps[] = {
    {"ALTER TABLE first ...", "first", EFFECT_BRIEF}, {"UPDATE first ...", "first", EFFECT_ROWS},
    {"CREATE TABLE later", "later", EFFECT_NEW}, {NULL, NULL, EFFECT_NEW}};

static void test_the_plan_says_what_would_be_done_and_does_nothing(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct migration two[] = {own[0], own[1]};
    struct migration_list list = {two, 2};
    struct fault fault;
    two[1].sqlite_steps = two[1].postgres_steps = second_steps;
    if (!database_is_postgres()) { /* not even the file is there */
        assert_false(plan(database, list, STATUS_OK)[0].applied);
        assert_int_equal(access(database->url + strlen("sqlite:"), F_OK), -1);
    }
    database_open(database, NULL);
    assert_false(plan(database, list, STATUS_OK)[0].applied);
    assert_int_equal(migrate(database, own, 1, &fault), STATUS_OK);
    if (database_is_postgres())
        database_script(database, "ANALYZE first");
    for (int i = 0; i < 2; i++) {
        struct planned_migration *planned = plan(database, list, STATUS_OK);
        assert_true(planned[0].applied);
        assert_true(planned[0].applied_at.us > 0);
        assert_false(planned[1].applied);
        assert_int_equal(planned[1].step_count, 3);
        assert_int_equal(planned[1].steps[1].rows, 1);
        assert_int_equal(planned[1].steps[1].effect, EFFECT_ROWS);
        assert_int_equal(planned[1].steps[2].rows, -1);
    }
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM schema_migration"), 1);
    database_destroy(database);
}

static void test_the_plan_refuses_what_migrating_would(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct fault fault;
    database_open(database, NULL);
    assert_int_equal(migrate(database, own, 2, &fault), STATUS_OK);
    plan(database, (struct migration_list){own, 1}, STATUS_INVALID);
    database_destroy(database);
}

/* A migration waits for a table's lock a while and then says so: nobody stands behind it longer. */
static void test_a_busy_table_stops_the_migration_not_the_database(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    struct database *database = database_prepare();
    struct fault fault;
    struct migration impatient[] = {own[0], own[1]};
    impatient[1].postgres = "SET LOCAL lock_timeout = 100; ALTER TABLE first ADD COLUMN x BIGINT";
    database_open(database, NULL);
    assert_int_equal(migrate(database, own, 1, &fault), STATUS_OK);
    PGconn *other = PQconnectdb(database->url);
    PQclear(PQexec(other, "BEGIN; SELECT * FROM first"));
    assert_int_equal(migrate(database, impatient, 2, &fault), STATUS_CONFLICT);
    assert_non_null(strstr(fault.text, "0002 second"));
    PQfinish(other);
    assert_int_equal(migrate(database, impatient, 2, &fault), STATUS_OK);
    database_destroy(database);
}

/* Every migration of the binary has its statements described, each with a table that it names. */
static void test_every_step_of_the_binary_is_recognised(void **state) {
    (void)state;
    struct migration_list list = migration_list_all();
    for (size_t i = 0; i < list.count; i++)
        for (int dialect = 0; dialect < 2; dialect++) {
            const struct migration_step *step =
                dialect == 0 ? list.items[i].sqlite_steps : list.items[i].postgres_steps;
            assert_non_null(step[0].text);
            for (; step->text != NULL; step++)
                if (step->effect == EFFECT_UNKNOWN || strstr(step->text, step->table) == NULL)
                    fail_msg("%04d: %s", list.items[i].number, step->text);
        }
}

/* The hash by which Citus spreads a customer is the server's own. */
static void test_shards_are_those_of_the_server(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    PGconn *server = PQconnectdb(getenv("FENQI_TEST_DATABASE"));
    PGresult *rows = PQexec(server,
        "SELECT k, hashint8(k) FROM (SELECT (random() * 1e18)::bigint - (random() * 1e18)::bigint"
        " FROM generate_series(1, 2000) UNION ALL SELECT unnest(ARRAY[0, 1, -1, 2147483647,"
        " -2147483648, 4294967296, 9223372036854775807, -9223372036854775807])) x(k)");
    assert_int_equal(PQntuples(rows), 2008);
    for (int i = 0; i < PQntuples(rows); i++) {
        long long key = strtoll(PQgetvalue(rows, i, 0), NULL, 10);
        int32_t hash = (int32_t)strtol(PQgetvalue(rows, i, 1), NULL, 10);
        if (shard_hash(key) != hash)
            fail_msg("%lld hashes to %d, the server says %d", key, shard_hash(key), hash);
        for (int count = 1; count <= 128; count *= 2) /* as Citus cuts the range of the hash */
            assert_int_equal(shard_of(key, count),
                (int)(((int64_t)hash - INT32_MIN) / (INT64_C(4294967296) / count)));
    }
    PQclear(rows);
    PQfinish(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrations_go_forward_over_data),
        cmocka_unit_test(test_a_newer_database_is_refused),
        cmocka_unit_test(test_a_changed_migration_is_refused),
        cmocka_unit_test(test_a_migration_that_fails_leaves_nothing_of_itself),
        cmocka_unit_test(test_processes_that_start_together_migrate_once),
        cmocka_unit_test(test_the_plan_says_what_would_be_done_and_does_nothing),
        cmocka_unit_test(test_the_plan_refuses_what_migrating_would),
        cmocka_unit_test(test_a_busy_table_stops_the_migration_not_the_database),
        cmocka_unit_test(test_every_step_of_the_binary_is_recognised),
        cmocka_unit_test(test_shards_are_those_of_the_server),
    };
    return cmocka_run_group_tests_name("conformance_migrate", tests, NULL, NULL);
}
