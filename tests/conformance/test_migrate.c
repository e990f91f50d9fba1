/* test_migrate.c: bringing the schema forward, and refusing what cannot be. */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/migrate.h"

#include <pthread.h>
#include <string.h>

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

static void test_the_plan_says_what_is_applied(void **state) {
    (void)state;
    struct database *database = database_prepare();
    struct store_migration *plan;
    struct fault fault = {0};
    size_t count;
    database_open(database, NULL);
    for (int applied = 0; applied < 2; applied++) {
        assert_int_equal(
            store_migrations(database->store, database->arena, &plan, &count, &fault), STATUS_OK);
        assert_int_equal(count, migration_list_all().count);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(plan[i].applied, applied);
        assert_string_equal(plan[0].name, "core");
        assert_int_equal(store_migrate(database->store, &fault), STATUS_OK);
    }
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrations_go_forward_over_data),
        cmocka_unit_test(test_a_newer_database_is_refused),
        cmocka_unit_test(test_a_changed_migration_is_refused),
        cmocka_unit_test(test_a_migration_that_fails_leaves_nothing_of_itself),
        cmocka_unit_test(test_processes_that_start_together_migrate_once),
        cmocka_unit_test(test_the_plan_says_what_is_applied),
    };
    return cmocka_run_group_tests_name("conformance_migrate", tests, NULL, NULL);
}
