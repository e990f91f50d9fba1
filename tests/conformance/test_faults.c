/*
 * test_faults.c: the database's surroundings fail. On SQLite the Nth operation on the file fails,
 * for each N, in several ways; on PostgreSQL the server cuts connections under load. Afterwards
 * every acknowledged unit is there and none is there by half or twice.
 */
#include "../unit/cmocka_include.h"

#include "fault_vfs.h"
#include "paired.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LONE_UNITS = 3, BATCHED_UNITS = 6, ALL_UNITS = LONE_UNITS + BATCHED_UNITS };

/* What the units of one run answered. */
struct answers {
    struct paired paired[ALL_UNITS];
    struct unit units[ALL_UNITS];
    int32_t acknowledged[ALL_UNITS];
    size_t count;
};

static void note(struct unit *unit) {
    struct answers *answers = unit->waiter;
    struct paired *paired = unit->context;
    paired->status = unit->status;
    if (unit->status == STATUS_OK)
        answers->acknowledged[answers->count++] = paired->number;
}

/* Some units alone, then some in one batch; then closes the store, which must finish them. */
static void run_units(struct store *store, struct answers *answers) {
    struct gate gate;
    *answers = (struct answers){0};
    for (int i = 0; i < ALL_UNITS; i++) {
        answers->paired[i].number = i;
        answers->units[i] = (struct unit){.run = paired_run,
            .context = &answers->paired[i],
            .key = 7,
            .done = note,
            .waiter = answers};
    }
    for (int i = 0; i < LONE_UNITS; i++) {
        struct fault fault;
        struct paired *paired = &answers->paired[i];
        paired->status = store_run(store, 7, NULL, paired_run, paired, &fault);
        if (paired->status == STATUS_OK)
            answers->acknowledged[answers->count++] = paired->number;
    }
    gate_close(&gate, store, 7);
    for (int i = LONE_UNITS; i < ALL_UNITS; i++)
        assert_int_equal(store_submit(store, &answers->units[i]), STATUS_OK);
    gate_open(&gate);
    store_close(store);
    for (int i = 0; i < ALL_UNITS; i++)
        assert_int_equal(answers->paired[i].committed, answers->paired[i].status == STATUS_OK);
}

static void copy_file(const char *from, const char *to) {
    char buffer[65536];
    int source = open(from, O_RDONLY), target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(source >= 0 && target >= 0);
    ssize_t length;
    while ((length = read(source, buffer, sizeof buffer)) > 0)
        assert_int_equal(write(target, buffer, (size_t)length), length);
    close(source);
    close(target);
}

/* One run of the units on a fresh copy of `template` under `plan`, and what it left. */
static int run_under(
    struct database *database, const char *template, struct fault_plan plan, size_t *acknowledged) {
    char url[400], name[200];
    const char *path = database->url + strlen("sqlite:");
    snprintf(url, sizeof url, "sqlite:file:%s?vfs=fault", path);
    static const char *const rests[] = {"-wal", "-shm"};
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s%s", path, rests[i]);
        unlink(name);
    }
    copy_file(template, path);
    struct store_options options = {.database = url, .busy_timeout_ms = 200};
    struct store *store;
    struct fault fault = {0};
    struct answers answers = {0};
    fault_vfs_plan(plan);
    if (store_open(&options, &store, &fault) == STATUS_OK)
        run_units(store, &answers);
    else
        assert_true(fault.status == STATUS_IO || fault.status == STATUS_FULL ||
                    fault.status == STATUS_DAMAGED);
    int operations = fault_vfs_operations();
    fault_vfs_plan((struct fault_plan){.after = -1});
    database_open(database, NULL);
    paired_check(database, answers.acknowledged, answers.count);
    assert_int_equal(
        database_number(
            database, "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        0);
    database_close(database);
    *acknowledged = answers.count;
    return operations;
}

static void test_the_nth_operation_of_the_file_fails(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    static const struct fault_plan plans[] = {
        {.code = SQLITE_FULL},
        {.code = SQLITE_FULL, .for_good = true},
        {.code = SQLITE_IOERR_WRITE, .torn = true},
        {.code = SQLITE_IOERR_FSYNC, .for_good = true, .torn = true},
    };
    struct database *database = database_create(NULL);
    char template[200];
    snprintf(template, sizeof template, "%s.template", database->url + strlen("sqlite:"));
    database_close(database);
    copy_file(database->url + strlen("sqlite:"), template);
    fault_vfs_register();
    size_t acknowledged, short_runs = 0;
    int total = run_under(database, template, (struct fault_plan){.after = -1}, &acknowledged);
    assert_int_equal(acknowledged, ALL_UNITS);
    assert_true(total > 30);
    for (size_t p = 0; p < sizeof plans / sizeof plans[0]; p++)
        for (int after = (int)p; after < total; after += total / 40 + 1) {
            struct fault_plan plan = plans[p];
            plan.after = after;
            run_under(database, template, plan, &acknowledged);
            short_runs += acknowledged < ALL_UNITS ? 1 : 0;
        }
    assert_true(short_runs > 40); /* the plans did bite */
    unlink(template);
    database_destroy(database);
}

/* ---- another program holds the lock ---- */

/* Takes a lock that keeps every writer out; the handle ends it. */
static void *lock_out(struct database *database) {
    if (database_is_postgres()) {
        PGconn *other = PQconnectdb(database->url);
        PGresult *result = PQexec(other, "BEGIN; LOCK TABLE setting IN EXCLUSIVE MODE");
        assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
        PQclear(result);
        return other;
    }
    sqlite3 *other;
    assert_int_equal(sqlite3_open(database->url + strlen("sqlite:"), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return other;
}

static void let_in(void *other) {
    if (database_is_postgres())
        PQfinish(other);
    else
        sqlite3_close(other);
}

static void test_a_writer_that_is_locked_out_is_told_in_time(void **state) {
    (void)state;
    enum status expected = database_is_postgres() ? STATUS_TIMEOUT : STATUS_UNAVAILABLE;
    struct store_options options = {.busy_timeout_ms = 300, .query_timeout_ms = 300};
    struct database *database = database_create(&options);
    struct counter counter = {.name = "counter"};
    run_ok(database, add_one, &counter);
    void *other = lock_out(database);
    struct fault fault;
    time_t start = time(NULL);
    assert_int_equal(run_for(database, add_one, &counter, &fault), expected);
    assert_true(time(NULL) - start < 10);
    assert_int_equal(counter_value(database, "counter"), 1); /* reading goes on */
    let_in(other);
    run_ok(database, add_one, &counter);
    assert_int_equal(counter_value(database, "counter"), 2);
    database_destroy(database);
}

static void test_a_batch_that_is_locked_out_waits_once(void **state) {
    (void)state;
    if (database_is_postgres())
        skip(); /* there each unit meets the table's lock by itself */
    struct store_options options = {.busy_timeout_ms = 300};
    struct database *database = database_create(&options);
    struct answers answers = {0};
    void *other = lock_out(database);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < ALL_UNITS; i++) {
        answers.paired[i].number = i;
        answers.units[i] = (struct unit){.run = paired_run,
            .context = &answers.paired[i],
            .key = 7,
            .done = note,
            .waiter = &answers};
        assert_int_equal(store_submit(database->store, &answers.units[i]), STATUS_OK);
    }
    database_close(database); /* the first alone, the rest together: two waits, not nine */
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(
        (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000 < 1800);
    let_in(other);
    for (int i = 0; i < ALL_UNITS; i++)
        assert_int_equal(answers.paired[i].status, STATUS_UNAVAILABLE);
    database_open(database, NULL);
    assert_int_equal(paired_check(database, NULL, 0), 0);
    database_destroy(database);
}

/* ---- PostgreSQL ---- */

struct client {
    struct database *database;
    int64_t key;
    char name[30];
    long long certain; /* acknowledged */
    long long unknown; /* TIMEOUT: nobody knows */
    long long refused; /* certainly not done */
    bool stop;
};

enum { CLIENTS = 4, CUTS = 25, UNITS_EACH = 150 };

static void *add_under_fire(void *argument) {
    struct client *client = argument;
    for (int i = 0; i < UNITS_EACH; i++) {
        struct counter counter = {.name = client->name};
        struct fault fault = {0};
        enum status status =
            store_run(client->database->store, client->key, NULL, add_one, &counter, &fault);
        if (status == STATUS_OK)
            client->certain++;
        else if (status == STATUS_TIMEOUT)
            client->unknown++;
        else if (status == STATUS_UNAVAILABLE)
            client->refused++;
        else
            print_error("%s: %s\n", status_name(status), fault.text);
        struct pair pair = {.name = client->name};
        status = store_read(client->database->store, NULL, load_pair, &pair, &fault);
        if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
            print_error("read: %s: %s\n", status_name(status), fault.text);
    }
    return NULL;
}

static void cut_connections(struct database *database) {
    static const struct timespec pause = {.tv_nsec = 40 * 1000 * 1000};
    for (int i = 0; i < CUTS; i++) {
        nanosleep(&pause, NULL);
        database_number(database,
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'fenqi' AND datname = current_database()");
    }
}

static void test_a_server_that_cuts_connections_loses_and_doubles_nothing(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    struct client clients[CLIENTS] = {0};
    pthread_t threads[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].database = database;
        clients[i].key = 100 + i;
        snprintf(clients[i].name, sizeof clients[i].name, "client_%d", i);
        assert_int_equal(pthread_create(&threads[i], NULL, add_under_fire, &clients[i]), 0);
    }
    cut_connections(database);
    long long certain = 0;
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < CLIENTS; i++) {
        const struct client *client = &clients[i];
        long long value = counter_value(database, client->name);
        assert_int_equal(client->certain + client->refused, UNITS_EACH);
        assert_int_equal(client->unknown, 0); /* the server is there to be asked */
        assert_int_equal(value, client->certain);
        certain += client->certain;
    }
    assert_true(store_counters(database->store).reconnects > 0);
    assert_true(certain > CLIENTS * UNITS_EACH / 2);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nth_operation_of_the_file_fails),
        cmocka_unit_test(test_a_writer_that_is_locked_out_is_told_in_time),
        cmocka_unit_test(test_a_batch_that_is_locked_out_waits_once),
        cmocka_unit_test(test_a_server_that_cuts_connections_loses_and_doubles_nothing),
    };
    return cmocka_run_group_tests_name("conformance_faults", tests, NULL, NULL);
}
