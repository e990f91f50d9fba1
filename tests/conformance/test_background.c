/*
 * test_background.c: units that nobody waits for: many share a commit, and whoever comes meanwhile
 * with somebody waiting goes before them.
 */
#include "units.h"

#include "../unit/cmocka_include.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { MANY = 400 };

struct work {
    struct unit unit;
    char name[32];
};

static struct work work[MANY];
static atomic_int ran, done, ran_before, done_before;
static sem_t all_done, begun, go_on, answered;

static enum status work_unit(struct tx *tx, void *context) {
    struct work *one = context;
    struct pair pair = {.name = one->name, .value = "done"};
    if (atomic_fetch_add(&ran, 1) == 0) {
        sem_post(&begun);
        sem_wait(&go_on);
    }
    return save_pair(tx, &pair);
}

static void work_done(struct unit *unit) {
    (void)unit;
    if (atomic_fetch_add(&done, 1) + 1 == MANY)
        sem_post(&all_done);
}

static void submit_work(struct store *store) {
    atomic_store(&ran, 0);
    atomic_store(&done, 0);
    sem_init(&all_done, 0, 0);
    sem_init(&begun, 0, 0);
    sem_init(&go_on, 0, 0);
    sem_init(&answered, 0, 0);
    for (int i = 0; i < MANY; i++) {
        work[i] = (struct work){.unit = {.run = work_unit,
                                    .context = &work[i],
                                    .key = 7,
                                    .background = true,
                                    .done = work_done}};
        snprintf(work[i].name, sizeof work[i].name, "background %d", i);
        assert_int_equal(store_submit(store, &work[i].unit), STATUS_OK);
    }
}

static void assert_all_kept(struct database *database) {
    sem_wait(&all_done);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(work[i].unit.status, STATUS_OK);
    assert_int_equal(
        database_number(database, "SELECT count(*) FROM setting WHERE name LIKE 'background %'"),
        MANY);
}

static void test_many_share_a_commit(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct store_counters before = store_counters(database->store);
    submit_work(database->store);
    sem_post(&go_on);
    assert_all_kept(database);
    struct store_counters after = store_counters(database->store);
    /* 64 in a batch of those that somebody waits for would be seven */
    assert_true(after.batches - before.batches <= 7);
    if (!database_is_postgres())
        assert_true(after.largest > 64);
    database_destroy(database);
}

static enum status hurried_unit(struct tx *tx, void *context) {
    struct pair pair = {.name = "hurried", .value = "done"};
    (void)context;
    atomic_store(&ran_before, atomic_load(&ran));
    return save_pair(tx, &pair);
}

static void hurried_done(struct unit *unit) {
    (void)unit;
    atomic_store(&done_before, atomic_load(&done));
    sem_post(&answered);
}

static void test_who_is_waited_for_goes_before(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    submit_work(database->store);
    sem_wait(&begun);
    struct unit hurried = {.run = hurried_unit, .key = 7, .done = hurried_done};
    assert_int_equal(store_submit(database->store, &hurried), STATUS_OK);
    sem_post(&go_on);
    sem_wait(&answered);
    assert_int_equal(hurried.status, STATUS_OK);
    /* on PostgreSQL behind those under way with the first; else with them, or behind it alone */
    assert_true(atomic_load(&ran_before) <= (database_is_postgres() ? 256 : 8));
    assert_true(atomic_load(&done_before) <= (database_is_postgres() ? 256 : 1));
    assert_all_kept(database);
    database_destroy(database);
}

enum { BUSY_UNITS = 4000, HURRIED_UNITS = 10, LONGEST_MS = 1000 };

static enum status busy_unit(struct tx *tx, void *context) {
    struct pair pair = {.name = "busy", .value = "done"};
    (void)context;
    nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
    return save_pair(tx, &pair);
}

static void busy_done(struct unit *unit) {
    (void)unit;
    if (atomic_fetch_add(&done, 1) + 1 == BUSY_UNITS)
        sem_post(&all_done);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* SQLite's lock is not fair: who writes without a pause keeps it. */
static void test_another_process_is_let_in(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct store *other;
    struct store_options options = {.database = database->url};
    struct fault fault;
    static struct unit units[BUSY_UNITS];
    assert_int_equal(store_open(&options, &other, &fault), STATUS_OK);
    atomic_store(&done, 0);
    sem_init(&all_done, 0, 0);
    for (int i = 0; i < BUSY_UNITS; i++) {
        units[i] = (struct unit){.run = busy_unit, .key = 9, .background = true, .done = busy_done};
        assert_int_equal(store_submit(other, &units[i]), STATUS_OK);
    }
    for (int i = 0; i < HURRIED_UNITS; i++) {
        struct counter counter = {.name = "hurried"};
        int64_t began = now_ms();
        run_ok(database, add_one, &counter);
        int64_t took = now_ms() - began;
        if (took > LONGEST_MS)
            fail_msg("a unit waited %lld ms", (long long)took);
    }
    assert_true(atomic_load(&done) < BUSY_UNITS);
    sem_wait(&all_done);
    store_close(other);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_share_a_commit),
        cmocka_unit_test(test_who_is_waited_for_goes_before),
        cmocka_unit_test(test_another_process_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
