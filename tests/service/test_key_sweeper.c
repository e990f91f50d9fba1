/* test_key_sweeper.c: old idempotency keys go, in pieces; young ones stay. On the test's database.
 */
#include "../unit/cmocka_include.h"

#include "../conformance/database.h"

#include "job/key_sweeper.h"
#include "store/idempotency.h"

#include <time.h>

static const struct instant now = {INT64_C(1770000000000000)};

struct used {
    int64_t shop_id;
    struct instant at;
};

static enum status use(struct tx *tx, void *context) {
    const struct used *used = context;
    struct idempotency request = {IDEMPOTENCY_SHOP, used->shop_id, "k", {0}, 0, NULL};
    return idempotency_save(tx, &request, used->at, 201, "{}");
}

static bool count_pieces(void *context) {
    ++*(int *)context;
    return true;
}

static bool stop(void *context) {
    ++*(int *)context;
    return false;
}

/* Ten keys; every second one was used longer ago than keys are kept, by a second. */
static void fill(struct database *database) {
    struct fault fault;
    for (int i = 1; i <= 10; i++) {
        int64_t age_s = IDEMPOTENCY_KEPT_S + (i % 2 == 0 ? 1 : 0);
        struct used used = {i, instant_add_seconds(now, -age_s)};
        assert_int_equal(store_run(database->store, 0, NULL, use, &used, &fault), STATUS_OK);
    }
}

static void test_a_sweep_forgets_what_is_old(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct fault fault = {0};
    fill(database);
    int pieces = 0;
    int64_t forgotten = -1;
    assert_int_equal(
        sweep_idempotency_keys(database->store, now, 3, count_pieces, &pieces, &forgotten, &fault),
        STATUS_OK);
    assert_int_equal(forgotten, 5);
    assert_int_equal(pieces, 4);
    assert_int_equal(
        database_number(database, "SELECT count(*) FROM idempotency WHERE scope_id % 2 = 1"), 5);
    assert_int_equal(database_number(database, "SELECT count(*) FROM idempotency"), 5);
    database_destroy(database);
}

static void test_a_sweep_ends_when_told(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct fault fault = {0};
    fill(database);
    int pieces = 0;
    int64_t forgotten = -1;
    assert_int_equal(
        sweep_idempotency_keys(database->store, now, 4, stop, &pieces, &forgotten, &fault),
        STATUS_OK);
    assert_int_equal(pieces, 1);
    assert_int_equal(forgotten, 2);
    database_destroy(database);
}

static void test_the_sweeper_starts_and_stops(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    fill(database); /* long before today */
    struct key_sweeper *sweeper = key_sweeper_start(database->store, (struct worker_log){0});
    for (int i = 0; i < 200; i++) {
        if (database_number(database, "SELECT count(*) FROM idempotency") == 0)
            break;
        struct timespec pause = {0, 10 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }
    assert_int_equal(database_number(database, "SELECT count(*) FROM idempotency"), 0);
    key_sweeper_stop(sweeper);
    key_sweeper_stop(NULL);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sweep_forgets_what_is_old),
        cmocka_unit_test(test_a_sweep_ends_when_told),
        cmocka_unit_test(test_the_sweeper_starts_and_stops),
    };
    return cmocka_run_group_tests_name("job_key_sweeper", tests, NULL, NULL);
}
