/*
 * test_crash.c: kill -9 in the middle of batches. A child process commits units and says which are
 * acknowledged; it is killed at a seeded moment; every acknowledged unit must be there, every unit
 * that is there must be whole.
 */
#include "../unit/cmocka_include.h"

#include "paired.h"

#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 8, UNITS = 4000, WINDOW = 24 };

/* One of the child's units in flight; its answer goes into the pipe. */
struct flight {
    struct unit unit;
    struct paired paired;
};

static int pipe_to_parent;
static sem_t room;

static void acknowledge(struct unit *unit) {
    struct flight *flight = unit->waiter;
    if (unit->status == STATUS_OK &&
        write(pipe_to_parent, &flight->paired.number, sizeof flight->paired.number) < 0)
        _exit(1);
    sem_post(&room);
}

/* Never returns: commits until it is killed. */
static void live(struct database *database, int first) {
    struct flight *flights = calloc(UNITS, sizeof *flights);
    struct store_options options = {.database = database->url};
    struct fault fault = {0};
    if (flights == NULL || store_open(&options, &database->store, &fault) != STATUS_OK)
        _exit(2);
    sem_init(&room, 0, WINDOW);
    for (int i = 0; i < UNITS; i++) {
        struct flight *flight = &flights[i];
        sem_wait(&room);
        flight->paired.number = first + i;
        flight->unit = (struct unit){.run = paired_run,
            .context = &flight->paired,
            .key = flight->paired.number % PAIRED_USERS,
            .done = acknowledge,
            .waiter = flight};
        if (store_submit(database->store, &flight->unit) != STATUS_OK)
            _exit(3);
    }
    for (;;)
        pause();
}

static void test_nothing_acknowledged_is_lost_to_kill_9(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    int32_t *acknowledged = calloc(ROUNDS * UNITS, sizeof *acknowledged);
    size_t count = 0;
    unsigned seed = 20260101;
    database_close(database);
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(ends[0]);
            pipe_to_parent = ends[1];
            live(database, round * UNITS);
        }
        close(ends[1]);
        int until = 10 + (int)(rand_r(&seed) % 300);
        int32_t number;
        size_t before = count;
        while (read(ends[0], &number, sizeof number) == sizeof number) {
            acknowledged[count++] = number;
            if (count - before == (size_t)until)
                assert_int_equal(kill(child, SIGKILL), 0);
        }
        close(ends[0]);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
        database_wait_alone(database);
        database_open(database, NULL);
        long long there = paired_check(database, acknowledged + before, count - before);
        assert_true(there >= (long long)count);
        database_close(database);
    }
    database_open(database, NULL);
    free(acknowledged);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_acknowledged_is_lost_to_kill_9),
    };
    return cmocka_run_group_tests_name("conformance_crash", tests, NULL, NULL);
}
