/* test_units.c: units of work, batches, savepoints and answers, on the database under test. */
#include "../unit/cmocka_include.h"

#include "database.h"

#include "store/setting.h"

#include <string.h>

struct pair {
    const char *name;
    const char *value;
    char *found;
};

static enum status save(struct tx *tx, void *context) {
    struct pair *pair = context;
    return setting_save(tx, pair->name, pair->value);
}

static enum status load(struct tx *tx, void *context) {
    struct pair *pair = context;
    return setting_load(tx, pair->name, &pair->found);
}

static void test_a_unit_is_read_back(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct fault fault = {0};
    struct pair pair = {"greeting", "你好", NULL};
    assert_int_equal(store_read(database->store, database->arena, load, &pair, &fault), STATUS_OK);
    assert_null(pair.found);
    assert_int_equal(
        store_run(database->store, STORE_NO_KEY, NULL, save, &pair, &fault), STATUS_OK);
    assert_int_equal(store_read(database->store, database->arena, load, &pair, &fault), STATUS_OK);
    assert_string_equal(pair.found, "你好");
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_unit_is_read_back),
    };
    return cmocka_run_group_tests_name("conformance_units", tests, NULL, NULL);
}
