/*
 * test_torn.c: power cuts under the store on SQLite. In each round units are committed until the
 * power goes off at a seeded operation of the disk; what was not synced is lost or torn by sectors;
 * after opening again every acknowledged unit is there and none is there by half.
 *
 *     test_conformance_torn [SEED [ROUNDS]]
 */
#include "../unit/cmocka_include.h"

#include "paired.h"
#include "torn_vfs.h"

#include <semaphore.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNITS = 300, WINDOW = 24, LYING_ROUNDS = 12 };

static unsigned first_seed = 20261122;
static int rounds = 60;

struct flight {
    struct unit unit;
    struct paired paired;
};

/* The units of one round. */
struct flights {
    struct flight all[UNITS];
    int32_t acknowledged[UNITS];
    int count;
    sem_t room;
};

static void land(struct unit *unit) {
    struct flights *flights = unit->waiter;
    const struct paired *paired = unit->context;
    if (unit->status == STATUS_OK)
        flights->acknowledged[flights->count++] = paired->number; /* one committer thread */
    sem_post(&flights->room);
}

/* Commits units, some alone and most in batches, until the power is off or all are done. */
static void fly(struct database *database, int first, struct flights *flights, unsigned *seed) {
    char url[400];
    snprintf(url, sizeof url, "sqlite:file:%s?vfs=torn", database->url + strlen("sqlite:"));
    /* so short a log that it is copied into the file some dozen times, beside the commits */
    struct store_options options = {.database = url, .busy_timeout_ms = 100, .log_frames = 64};
    struct store *store;
    struct fault fault = {0};
    memset(flights, 0, sizeof *flights);
    if (store_open(&options, &store, &fault) != STATUS_OK)
        return;
    sem_init(&flights->room, 0, 1 + rand_r(seed) % WINDOW);
    for (int i = 0; i < UNITS; i++) {
        struct flight *flight = &flights->all[i];
        sem_wait(&flights->room);
        flight->paired.number = first + i;
        flight->unit = (struct unit){.run = paired_run,
            .context = &flight->paired,
            .key = 7,
            .done = land,
            .waiter = flights};
        assert_int_equal(store_submit(store, &flight->unit), STATUS_OK);
    }
    store_close(store);
    sem_destroy(&flights->room);
}

/* The number that a query gives; -1 when the database cannot say. */
static long long number_of(sqlite3 *opened, const char *text) {
    sqlite3_stmt *statement = NULL;
    long long number = -1;
    if (sqlite3_prepare_v2(opened, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* NULL when all is well, else what is wrong. *count: units that are there. */
static const char *wrong_with(
    const struct database *database, const struct flights *flights, long long *count) {
    static char text[200];
    const char *wrong = NULL;
    sqlite3 *opened = NULL;
    if (sqlite3_open(database->url + strlen("sqlite:"), &opened) != SQLITE_OK)
        wrong = "cannot be opened";
    else if (number_of(opened, "SELECT COUNT(*) FROM pragma_integrity_check"
                               " WHERE integrity_check <> 'ok'") != 0)
        wrong = "the file is damaged";
    *count = number_of(opened, "SELECT COUNT(*) FROM audit");
    if (wrong == NULL && *count != number_of(opened, "SELECT COUNT(*) FROM event_log"))
        wrong = "units are there by half (event)";
    if (wrong == NULL && *count != number_of(opened, "SELECT COALESCE(SUM(CAST(value AS INTEGER)),"
                                                     " 0) FROM setting WHERE name LIKE 'paired%'"))
        wrong = "units are there by half (counter)";
    for (int i = 0; wrong == NULL && i < flights->count; i++) {
        char query[120];
        int unit = flights->acknowledged[i];
        snprintf(query, sizeof query,
            "SELECT COUNT(*) FROM audit WHERE customer_id = %d AND audit_id = %d",
            unit % PAIRED_USERS + 10, unit + 1);
        if (number_of(opened, query) != 1) {
            snprintf(text, sizeof text, "unit %d was acknowledged and is lost", unit);
            wrong = text;
        }
    }
    sqlite3_close(opened);
    return wrong;
}

static void leave_no_shared_memory(const struct database *database) {
    char name[300];
    snprintf(name, sizeof name, "%s-shm", database->url + strlen("sqlite:"));
    unlink(name);
}

/* One power cut; what is wrong afterwards, or NULL. */
static const char *one_round(
    struct database *database, int number, int until, bool lying, long long *there) {
    static struct flights flights;
    unsigned seed = first_seed + (unsigned)number;
    torn_vfs_start(until, lying);
    fly(database, number * UNITS, &flights, &seed);
    torn_vfs_power_cut(seed);
    leave_no_shared_memory(database);
    return wrong_with(database, &flights, there);
}

static void test_nothing_acknowledged_is_lost_to_a_power_cut(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    database_close(database);
    long long there = 0, before = 0;
    int grew = 0;
    assert_null(one_round(database, 0, -1, false, &there));
    assert_int_equal(there, UNITS);
    torn_vfs_start(-1, false);
    static struct flights flights;
    unsigned seed = first_seed;
    fly(database, UNITS, &flights, &seed);
    int usual = torn_vfs_operations();
    before = 2 * (long long)UNITS;
    for (int round = 2; round < rounds + 2; round++) {
        int until = 1 + (int)(rand_r(&seed) % (unsigned)usual);
        const char *wrong = one_round(database, round, until, false, &there);
        if (wrong != NULL)
            fail_msg("seed %u, round %d, power off after %d operations: %s", first_seed, round,
                until, wrong);
        assert_true(there >= before);
        grew += there > before ? 1 : 0;
        before = there;
    }
    assert_true(grew > rounds / 2);
    database_destroy(database);
}

/* The canary: on a disk that lies about syncing something must be lost, and be seen. */
static void test_a_disk_that_lies_is_noticed(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    int noticed = 0;
    for (int round = 0; round < LYING_ROUNDS; round++) {
        struct database *database = database_create(NULL);
        long long there;
        database_close(database);
        noticed += one_round(database, 0, 40 + 20 * round, true, &there) != NULL ? 1 : 0;
        database_destroy(database);
    }
    assert_true(noticed > LYING_ROUNDS / 3);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_acknowledged_is_lost_to_a_power_cut),
        cmocka_unit_test(test_a_disk_that_lies_is_noticed),
    };
    if (argc > 1)
        first_seed = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        rounds = (int)strtoul(argv[2], NULL, 10);
    torn_vfs_register();
    return cmocka_run_group_tests_name("conformance_torn", tests, NULL, NULL);
}
