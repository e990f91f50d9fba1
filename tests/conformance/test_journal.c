/*
 * test_journal.c: journal entries on the database under test: one row each, chained, readable by
 * SQL.
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/journal.h"

#include <stdio.h>
#include <string.h>

static const struct instant noon = {INT64_C(1770000000000000)};

struct posted {
    int64_t customer_id;
    struct entry entry;
    int64_t amount_fen;
    struct journal_end before, after; /* the end of the chain, which the tests keep */
};

static enum status post(struct tx *tx, void *context) {
    struct posted *posted = context;
    entry_begin(&posted->entry, posted->entry.chain_id, 1, day_from_civil(2026, 5, 1));
    entry_post(&posted->entry, (enum posting_rule)0, money_fen(posted->amount_fen));
    posted->after = posted->before;
    return journal_append(tx, posted->customer_id, &posted->entry, 77, noon, &posted->after);
}

struct walk {
    struct journal_key after;
    struct journal_list list;
    struct trial_balance balance;
};

static enum status walk_only(struct tx *tx, void *context) {
    struct walk *request = context;
    return journal_walk(tx, request->after, 100, &request->list);
}

static enum status walk(struct tx *tx, void *context) {
    struct walk *request = context;
    enum status status = journal_trial_balance(tx, &request->balance);
    return status == STATUS_OK ? journal_walk(tx, request->after, 100, &request->list) : status;
}

/* The rows that are not what was hashed, walking as fenqi verify does. */
static size_t unsound(const struct journal_list *list) {
    struct journal_end end = {0};
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].key.number == 1)
            end = (struct journal_end){0};
        count += journal_row_follows(&list->items[i], &end) ? 0 : 1;
    }
    return count;
}

/* The rows of view posting, for those who read the books by SQL. */
static void check_view(struct database *database) {
    static const char sum[] = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM posting";
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM posting"), 12);
    assert_int_equal(database_number(database, sum), 0);
    assert_int_equal(database_number(database,
                         "SELECT CAST(SUM(amount_fen) AS BIGINT) FROM posting WHERE line = 1 AND "
                         "customer_id = 5 AND contract_id = 40 AND posted_day > 0"),
        202);
}

static void test_the_journal_is_chained(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct journal_end ends[4] = {0};
    for (int i = 0; i < 6; i++) {
        struct posted posted = {
            .customer_id = 5 + i % 2, .amount_fen = 100 + i, .before = ends[i < 4 ? i % 2 : i - 2]};
        posted.entry.chain_id = i < 4 ? 40 : 0;
        run_ok(database, post, &posted);
        assert_int_equal(posted.entry.sequence, i < 4 ? i / 2 + 1 : 1);
        assert_int_equal(posted.after.number, posted.entry.sequence);
        ends[i < 4 ? i % 2 : i - 2] = posted.after;
    }
    struct walk all = {.after = {0, 0, 0}};
    read_ok(database, walk, &all);
    assert_int_equal(all.list.count, 6);
    assert_int_equal(unsound(&all.list), 0);
    assert_memory_equal(all.list.items[2].hash.at, ends[0].hash, SHA256_SIZE);
    assert_true(trial_balance_is_even(&all.balance));
    assert_int_equal(
        trial_balance_net(&all.balance, posting_row((enum posting_rule)0)->debit).fen, 615);
    check_view(database);
    struct walk rest = {.after = all.list.items[3].key};
    read_ok(database, walk, &rest);
    assert_int_equal(rest.list.count, 2);
    assert_true(bytes_equal(rest.list.items[0].hash, all.list.items[4].hash));

    database_script(database,
        "UPDATE journal_entry SET lines = replace(lines, '101', '202') WHERE customer_id = 6 AND "
        "contract_id = 40 AND number = 1");
    read_ok(database, walk, &all);
    assert_int_equal(unsound(&all.list), 1);
    database_script(database,
        "UPDATE journal_entry SET posted_day = posted_day + 1 WHERE customer_id = 5 AND "
        "contract_id = 0");
    read_ok(database, walk, &all);
    assert_int_equal(unsound(&all.list), 2);
    database_destroy(database);
}

/* A chain whose end was not kept: the entry's place is taken already. */
static void test_an_entry_never_replaces_another(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct posted first = {.customer_id = 5, .amount_fen = 1};
    struct posted again = {.customer_id = 5, .amount_fen = 2};
    run_ok(database, post, &first);
    struct fault fault = {0};
    assert_int_equal(store_run(database->store, 5, NULL, post, &again, &fault), STATUS_CONFLICT);
    database_destroy(database);
}

/* What column lines may not hold: `readable` says so and nothing is taken for an entry. */
static void test_lines_that_cannot_be_are_told(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "[]", "[[1201,1]", "[[1201,1]]x", "[[1201,01]]",
        "[[9999,1]]", "[[1201, 1]]", "[[1201,0]]", "[[1201,9007199254740992]]",
        "[[1201,99999999999999999999]]", "[[-1201,1]]", "[[1201]]"};
    struct database *database = database_create(NULL);
    struct posted posted = {.customer_id = 5, .amount_fen = 1};
    run_ok(database, post, &posted);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[160];
        snprintf(text, sizeof text, "UPDATE journal_entry SET lines = '%s'", wrong[i]);
        database_script(database, text);
        struct fault fault = {0};
        FENQI_ARENA arena = arena_create(1 << 16);
        struct walk all = {.after = {0, 0, 0}};
        assert_int_equal(store_read(database->store, arena, walk_only, &all, &fault), STATUS_OK);
        assert_int_equal(all.list.count, 1);
        if (all.list.items[0].readable)
            fail_msg("taken for lines: %s", wrong[i]);
        assert_int_equal(unsound(&all.list), 1);
    }
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_journal_is_chained),
        cmocka_unit_test(test_an_entry_never_replaces_another),
        cmocka_unit_test(test_lines_that_cannot_be_are_told),
    };
    return cmocka_run_group_tests_name("conformance_journal", tests, NULL, NULL);
}
