/*
 * test_day_end.c: the day-end over many customers: in parts, by several processes (a store of its
 * own is to the database what a process is), stopped, taken over from the dead.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "job/day_end.h"
#include "service/request_day_end.h"
#include "service/set_autopay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUSTOMERS = 40, FIRST_CUSTOMER = 1000 };

/* Contracts that begin on five days, two for every customer, so that days differ in their work. */
static void fill(struct world *world) {
    int64_t own = world->customer_id;
    world_set_date(world, day_from_civil(2026, 1, 5));
    for (int i = 0; i < CUSTOMERS * 2; i++) {
        world->customer_id = FIRST_CUSTOMER + i / 2;
        world_add_contract(world, day_from_civil(2026, 1, 1 + i % 5), NULL);
    }
    world->customer_id = own;
}

static struct day_end_options options_of(struct store *store) {
    return (struct day_end_options){
        .store = store, .mode = CHANNEL_MODE_TEST, .wait_ms = 1, .range_size = 4};
}

static void run_to(struct world *world, struct day day) {
    struct day_end_options options = options_of(world->database->store);
    struct fault fault = {0};
    if (day_end_run(&options, day, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

/* What a run has made of the contracts, as numbers that must not depend on who did it. */
static void assert_same_books(struct world *a, struct world *b) {
    static const char *const questions[] = {
        "SELECT count(*) FROM contract_event",
        "SELECT count(*) FROM notice",
        "SELECT count(*) FROM journal_entry",
        "SELECT sum(left_fen) FROM contract",
        "SELECT sum(next_action_day) FROM contract",
        "SELECT sum(last_event_day) FROM contract",
        "SELECT sum(event_count) FROM contract",
        "SELECT sum(contract_count) FROM day_end",
        "SELECT count(*) FROM day_end WHERE state = 2 AND finished_us > 0",
    };
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        long long left = database_number(a->database, questions[i]);
        long long right = database_number(b->database, questions[i]);
        if (left != right)
            fail_msg("%s: %lld and %lld", questions[i], left, right);
    }
    assert_int_equal(database_number(a->database, "SELECT count(*) FROM day_end_range"), 0);
}

/* Nothing happened twice: no contract has two events of one kind and day, no notice is repeated. */
static void assert_nothing_twice(struct world *world) {
    assert_int_equal(
        database_number(world->database,
            "SELECT count(*) FROM (SELECT 1 AS one FROM contract_event "
            "GROUP BY customer_id, contract_id, kind, event_day HAVING count(*) > 1) AS twice"),
        0);
    assert_int_equal(
        database_number(world->database,
            "SELECT count(*) FROM (SELECT 1 AS one FROM notice "
            "GROUP BY customer_id, order_id, kind, body_zh HAVING count(*) > 1) AS twice"),
        0);
}

struct process {
    pthread_t thread;
    struct store *store;
    struct day day;
    enum status status;
    struct fault fault;
};

static void *be_a_process(void *context) {
    struct process *process = context;
    struct day_end_options options = options_of(process->store);
    process->status = day_end_run(&options, process->day, &process->fault);
    return NULL;
}

static struct instant clock_of(void *context) {
    return ((struct world *)context)->clock;
}

static const struct day due_day = {20489}; /* 2026-02-05 */

static void test_two_processes_do_what_one_does(void **state) {
    struct world *world = *state, *other;
    void *second;
    world_set_up(&second);
    other = second;
    fill(world);
    fill(other);
    assert_int_equal(due_day.number, day_from_civil(2026, 2, 5).number);
    run_to(world, day_add(due_day, -1));
    run_to(other, day_add(due_day, -1));
    struct process processes[3] = {0};
    for (int i = 0; i < 3; i++) {
        struct store_options options = {.database = world->database->url,
            .clock = clock_of,
            .clock_context = world,
            .node = i + 1};
        struct fault fault = {0};
        if (store_open(&options, &processes[i].store, &fault) != STATUS_OK)
            fail_msg("%s", fault.text);
        processes[i].day = due_day;
        assert_int_equal(
            pthread_create(&processes[i].thread, NULL, be_a_process, &processes[i]), 0);
    }
    /* Nobody is locked out of paying meanwhile. */
    struct take_payment_answer taken = world_take(world, world_command(world));
    assert_int_equal(taken.outcome, TAKE_PAYMENT_OK);
    struct take_payment_answer same = world_take(other, world_command(other));
    assert_int_equal(same.outcome, TAKE_PAYMENT_OK);
    for (int i = 0; i < 3; i++) {
        pthread_join(processes[i].thread, NULL);
        if (processes[i].status != STATUS_OK)
            fail_msg("process %d: %s", i, processes[i].fault.text);
        store_close(processes[i].store);
    }
    run_to(other, due_day);
    assert_same_books(world, other);
    assert_nothing_twice(world);
    world_check_books(world);
    world_tear_down(&second);
}

static bool stop_on(void *context, const struct day_end_progress *progress) {
    const struct day *day = context;
    return progress->day.number != day->number;
}

/* Runs until the first word of progress of that day; it stays open. */
static void run_and_stop(struct world *world, struct day day) {
    struct day_end_options options = options_of(world->database->store);
    options.progress = stop_on;
    options.context = &day;
    struct fault fault = {0};
    assert_int_equal(day_end_run(&options, day, &fault), STATUS_UNAVAILABLE);
    assert_string_equal(fault.text, "stopped; run it again to go on");
}

static void test_stopped_again_and_again(void **state) {
    struct world *world = *state, *other;
    void *second;
    world_set_up(&second);
    other = second;
    fill(world);
    fill(other);
    run_to(world, day_add(due_day, -1));
    run_to(other, due_day);
    run_and_stop(world, due_day);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM day_end WHERE state = 1 AND day = 20489"),
        1);
    run_and_stop(world, due_day);
    run_to(world, due_day);
    assert_same_books(world, other);
    assert_nothing_twice(world);
    world_tear_down(&second);
}

static void test_n_days_after_n_days(void **state) {
    struct world *world = *state, *other;
    void *second;
    world_set_up(&second);
    other = second;
    fill(world);
    fill(other);
    for (int32_t i = -3; i <= 3; i++)
        run_to(world, day_add(due_day, i));
    run_to(other, day_add(due_day, 3));
    assert_int_equal(database_number(world->database, "SELECT sum(left_fen) FROM contract"),
        database_number(other->database, "SELECT sum(left_fen) FROM contract"));
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM contract_event"),
        database_number(other->database, "SELECT count(*) FROM contract_event"));
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM notice"),
        database_number(other->database, "SELECT count(*) FROM notice"));
    assert_nothing_twice(other);
    world_tear_down(&second);
}

struct patience {
    int32_t calls;
    int64_t contracts;
};

static bool wait_a_while(void *context, const struct day_end_progress *progress) {
    struct patience *patience = context;
    patience->contracts = progress->contracts;
    return ++patience->calls < 3;
}

/* A lease is respected while it lasts, and then what the dead left is done. */
static void test_taken_over_from_the_dead(void **state) {
    struct world *world = *state;
    fill(world);
    run_to(world, day_add(due_day, -1));
    run_and_stop(world, due_day);
    char text[200];
    snprintf(text, sizeof text, "UPDATE day_end_range SET owner = 99, lease_until_us = %lld",
        (long long)(world->clock.us + 10 * US_PER_SECOND));
    database_script(world->database, text);
    long long done = database_number(world->database, "SELECT count(*) FROM contract_event");
    struct patience patience = {0};
    struct day_end_options options = options_of(world->database->store);
    options.progress = wait_a_while;
    options.context = &patience;
    struct fault fault = {0};
    assert_int_equal(day_end_run(&options, due_day, &fault), STATUS_UNAVAILABLE);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM contract_event"), done);
    world_wait(world, 11);
    run_to(world, due_day);
    assert_true(database_number(world->database, "SELECT count(*) FROM contract_event") > done);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM day_end WHERE state = 2 AND report LIKE "
                         "'%\"interrupted\":0,%'"),
        database_number(world->database, "SELECT count(*) FROM day_end") - 1);
    assert_nothing_twice(world);
}

static bool keep_report(void *context, const struct day_end_progress *progress) {
    char *report = context;
    if (progress->through && progress->report)
        snprintf(report, 2000, "%s", progress->report);
    return true;
}

static void test_the_report_says_what_happened(void **state) {
    struct world *world = *state;
    fill(world);
    run_to(world, day_add(due_day, -1));
    char report[2000] = "";
    struct day_end_options options = options_of(world->database->store);
    options.progress = keep_report;
    options.context = report;
    struct fault fault = {0};
    assert_int_equal(day_end_run(&options, due_day, &fault), STATUS_OK);
    /* 16 contracts fall due that day and the world's own; 16 are overdue since yesterday, so that
     * they come into M1. */
    long long due = 0, amount = 0;
    if (sscanf(report, "{\"due\":{\"count\":%lld,\"amount_fen\":%lld}", &due, &amount) != 2)
        fail_msg("%s", report);
    assert_true(due >= 33 && amount > due * 100000);
    assert_true(due <= database_number(world->database,
                           "SELECT contract_count FROM day_end WHERE day = 20489"));
    assert_non_null(strstr(report, "\"from\":\"M0\",\"to\":\"M1\",\"count\":16"));
    assert_non_null(strstr(report, "\"failed\":0"));
    assert_non_null(strstr(report, "{\"name\":\"contracts\",\"took_ms\":"));
}

/* ---- what staff ask for ---- */

static enum status ask_unit(struct tx *tx, struct moment moment, void *context) {
    const struct day *day = context;
    enum request_day_end_outcome outcome;
    enum status status = request_day_end(tx, moment, *day, &outcome);
    assert_int_equal(outcome, REQUEST_DAY_END_OK);
    return status;
}

static enum status fulfil_unit(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    const struct day *day = context;
    return fulfil_day_end_request(tx, *day);
}

static enum status wish_unit(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    return requested_day_end(tx, context);
}

static struct day wish_of(struct world *world) {
    struct day day = DAY_NONE;
    world_run(world, wish_unit, &day);
    return day;
}

/* A run that goes after what staff have asked for, as a server's scheduler does. */
static void run_wanted(struct world *world, struct day day) {
    struct day_end_options options = options_of(world->database->store);
    options.requested = true;
    struct fault fault = {0};
    if (day_end_run(&options, day, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

/* Two processes have read the wish; the second comes to the day when the first has ended. */
static void test_a_fulfilled_wish_opens_no_day(void **state) {
    struct world *world = *state;
    struct day day = due_day, later = day_add(due_day, 2);
    fill(world);
    world_run(world, ask_unit, &day);
    run_wanted(world, day);
    world_run(world, fulfil_unit, &day);
    assert_true(day_is_none(wish_of(world)));
    static const char ended[] = "SELECT finished_us FROM day_end WHERE day = 20489";
    long long at = database_number(world->database, ended);
    world_wait(world, 60);
    run_wanted(world, day);
    assert_int_equal(database_number(world->database, ended), at);
    /* nor does a wish for another day */
    world_run(world, ask_unit, &later);
    run_wanted(world, day);
    assert_int_equal(database_number(world->database, ended), at);
    /* who names the day himself looks again */
    run_to(world, day);
    assert_true(database_number(world->database, ended) > at);
}

/* The second has opened the day again before the first took the wish away: it stays till the end.
 */
static void test_a_wish_stays_while_its_day_is_open(void **state) {
    struct world *world = *state;
    struct day day = due_day;
    fill(world);
    world_run(world, ask_unit, &day);
    run_wanted(world, day);
    run_and_stop(world, day);
    world_run(world, fulfil_unit, &day);
    assert_int_equal(wish_of(world).number, day.number);
    run_wanted(world, day);
    world_run(world, fulfil_unit, &day);
    assert_true(day_is_none(wish_of(world)));
}

struct second {
    struct database *database;
    bool opened;
};

/* Opens a day that has just ended once more, as a second process does that comes to it late. */
static bool open_again(void *context, const struct day_end_progress *progress) {
    struct second *second = context;
    if (progress->through && !second->opened) {
        second->opened = true;
        database_script(second->database,
            "UPDATE day_end SET state = 1 WHERE day = 20488;"
            "INSERT INTO day_end_range (day, step, number, first_customer, end_customer, planned,"
            " owner, lease_until_us, done, counts) VALUES (20488, 3, 0, 0, 0, 0, 0, 0, 0, '')");
    }
    return true;
}

static void test_no_day_begins_while_the_one_before_is_open(void **state) {
    struct world *world = *state;
    fill(world);
    run_to(world, day_add(due_day, -2));
    run_to(world, day_add(due_day, -1));
    struct second second = {.database = world->database};
    struct day_end_options options = options_of(world->database->store);
    options.progress = open_again;
    options.context = &second;
    struct fault fault = {0};
    if (day_end_run(&options, due_day, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    assert_true(second.opened);
    assert_int_equal(
        database_number(world->database, "SELECT count(*) FROM day_end WHERE state = 1"), 0);
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_two_processes_do_what_one_does),
        IN_WORLD(test_stopped_again_and_again),
        IN_WORLD(test_n_days_after_n_days),
        IN_WORLD(test_taken_over_from_the_dead),
        IN_WORLD(test_the_report_says_what_happened),
        IN_WORLD(test_a_fulfilled_wish_opens_no_day),
        IN_WORLD(test_a_wish_stays_while_its_day_is_open),
        IN_WORLD(test_no_day_begins_while_the_one_before_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
