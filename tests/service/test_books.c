/*
 * test_books.c: what is done to the books behind everybody's back: days are sealed under a signed
 * root, old events are forgotten.
 */
#include "../unit/cmocka_include.h"

#include "payment_world.h"

#include "job/book_keeper.h"
#include "service/verify_roots.h"
#include "store/event_log.h"

#include <libpq-fe.h>

static int64_t seal(struct world *world, enum status expected) {
    int64_t sealed;
    struct fault fault = {0};
    assert_int_equal(
        seal_closed_days(world->database->store, &world->vault, 60, &sealed, &fault), expected);
    return sealed;
}

struct looking {
    const struct vault *vault;
    struct books_report report;
};

static void add(struct looking *looking, const struct books_page *page) {
    for (const struct difference *at = page->first; at != NULL; at = at->next)
        print_message("%s\n", at->text);
    books_report_add(&looking->report, &page->report);
}

static enum status look(struct tx *tx, void *context) {
    struct looking *looking = context;
    struct sealed_days sealed;
    struct books_page page;
    enum status status = load_sealed_days(tx, &sealed);
    if (status == STATUS_OK)
        status = verify_seals(tx, looking->vault, &sealed, &page);
    for (size_t i = 0; status == STATUS_OK && i < sealed.count; i++) {
        struct day_tree tree = {0};
        add(looking, &page);
        while (status == STATUS_OK && !tree.done)
            status = verify_sealed_day(tx, &sealed.rows[i], &tree, &page);
    }
    add(looking, &page);
    return status;
}

/* How many differences; *days how many roots were looked at. */
static int64_t differences(struct world *world, const struct vault *vault, int64_t *days) {
    struct looking looking = {.vault = vault};
    struct fault fault = {0};
    assert_int_equal(store_read(world->database->store, NULL, look, &looking, &fault), STATUS_OK);
    *days = looking.report.days;
    return looking.report.differences;
}

/* Entries on three days of the books, with an empty day among them. */
static void live_some_days(struct world *world) {
    world_set_balance(world, money_fen(100));
    world_set_date(world, day_add(world_date(world), 1));
    world_set_balance(world, money_fen(23));
    world_set_balance(world, money_fen(5));
    world_set_date(world, day_add(world_date(world), 2));
    world_set_balance(world, money_fen(7));
}

static void test_closed_days_are_sealed_once(void **state) {
    struct world *world = *state;
    int64_t days;
    int64_t closed = seal(world, STATUS_OK); /* since the contract began; today is not over */
    live_some_days(world);
    assert_int_equal(seal(world, STATUS_OK), 3);
    assert_int_equal(seal(world, STATUS_OK), 0);
    assert_int_equal(differences(world, &world->vault, &days), 0);
    assert_int_equal(days, closed + 3);
    assert_int_equal(database_number(world->database,
                         "SELECT CAST(SUM(entry_count) AS BIGINT) FROM merkle_root"),
        database_number(world->database, "SELECT COUNT(*) - 1 FROM journal_entry"));
    world_set_date(world, day_add(world_date(world), 1));
    assert_int_equal(seal(world, STATUS_OK), 1);
    assert_int_equal(differences(world, &world->vault, &days), 0);
}

static void test_roots_find_what_is_planted(void **state) {
    struct world *world = *state;
    live_some_days(world);
    assert_true(seal(world, STATUS_OK) > 0);
    static const struct {
        const char *plant, *mend;
    } rows[] = {
        {"UPDATE journal_entry SET posted_day = posted_day + 1 WHERE contract_id = 0 AND number = "
         "2",
            "UPDATE journal_entry SET posted_day = posted_day - 1 WHERE contract_id = 0 AND number "
            "= 2"},
        {"UPDATE journal_entry SET created_at_us = created_at_us + 1000000 WHERE contract_id = 0 "
         "AND "
         "number = 2",
            "UPDATE journal_entry SET created_at_us = created_at_us - 1000000 WHERE contract_id = "
            "0 "
            "AND number = 2"},
        {"UPDATE merkle_root SET entry_count = entry_count + 1",
            "UPDATE merkle_root SET entry_count = entry_count - 1"},
        {"UPDATE merkle_root SET root = previous, previous = root",
            "UPDATE merkle_root SET root = previous, previous = root"},
        {"UPDATE merkle_root SET day = day + 1000 WHERE entry_count = 0",
            "UPDATE merkle_root SET day = day - 1000 WHERE entry_count = 0"},
    };
    int64_t days;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        database_script(world->database, rows[i].plant);
        if (differences(world, &world->vault, &days) == 0)
            fail_msg("not found: %s", rows[i].plant);
        database_script(world->database, rows[i].mend);
        assert_int_equal(differences(world, &world->vault, &days), 0);
    }
    struct vault stranger = world->vault;
    stranger.master_key[0] ^= 1;
    assert_int_equal(differences(world, &stranger, &days), days);
}

/* A transaction that began before the day was closed may still record on it. */
static void test_sealing_waits_for_who_is_under_way(void **state) {
    struct world *world = *state;
    if (!database_is_postgres())
        skip();
    live_some_days(world);
    PGconn *other = PQconnectdb(world->database->url);
    assert_int_equal(PQstatus(other), CONNECTION_OK);
    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, "SELECT pg_current_xact_id()"));
    assert_int_equal(seal(world, STATUS_UNAVAILABLE), 0);
    PQclear(PQexec(other, "COMMIT"));
    PQfinish(other);
    assert_true(seal(world, STATUS_OK) > 0);
}

static enum status two_events(struct tx *tx, struct moment moment, void *context) {
    (void)context;
    enum status status = event_log_append(tx, moment.now, 42, "a", "");
    return status == STATUS_OK ? event_log_append(tx, moment.now, 43, "b", "") : status;
}

static void test_old_events_go_and_the_last_stays(void **state) {
    struct world *world = *state;
    struct fault fault = {0};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(world_run(world, two_events, NULL), STATUS_OK);
        world_wait(world, 3 * 86400);
    }
    assert_int_equal(forget_old_events(world->database->store, NULL, NULL, &fault), STATUS_OK);
    assert_int_equal(
        database_number(world->database, "SELECT COUNT(*) FROM event_log WHERE user_id = 42"), 3);
    world_wait(world, 30 * 86400);
    assert_int_equal(forget_old_events(world->database->store, NULL, NULL, &fault), STATUS_OK);
    assert_int_equal(
        database_number(world->database, "SELECT COUNT(*) FROM event_log WHERE user_id = 42"), 1);
    assert_int_equal(world_run(world, two_events, NULL), STATUS_OK);
    assert_int_equal(
        database_number(world->database, "SELECT MAX(number) FROM event_log WHERE user_id = 43"),
        4);
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_closed_days_are_sealed_once),
        IN_WORLD(test_roots_find_what_is_planted),
        IN_WORLD(test_sealing_waits_for_who_is_under_way),
        IN_WORLD(test_old_events_go_and_the_last_stays),
    };
    return cmocka_run_group_tests_name("service_books", tests, NULL, NULL);
}
