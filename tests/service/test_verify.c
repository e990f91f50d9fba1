/*
 * test_verify.c: `fenqi verify` finds what is planted in the books, and nothing beside people who
 * pay meanwhile.
 */
#include "../unit/cmocka_include.h"

#include "payment_world.h"

#include "job/verifier.h"
#include "ledger/entry.h"
#include "store/journal.h"
#include "store/stored_contract.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* What a run told, one line a difference. */
struct told {
    char text[16000];
    size_t length;
};

static void note(void *context, const char *text) {
    struct told *told = context;
    size_t room = sizeof told->text - told->length;
    int length = snprintf(told->text + told->length, room, "%s\n", text);
    told->length += (size_t)length < room ? (size_t)length : room - 1;
}

static struct books_report run_verifier(struct world *world, bool mend, struct told *told) {
    struct fault fault = {0};
    struct books_report report;
    struct verifier_options options = {.store = world->database->store,
        .scope = BOOKS_ALL,
        .vault = &world->vault,
        .mend = mend,
        .threads = 2,
        .difference = note,
        .context = told};
    *told = (struct told){0};
    assert_int_equal(verifier_run(&options, &report, &fault), STATUS_OK);
    return report;
}

static void expect_clean(struct world *world, const char *after) {
    struct told told;
    if (run_verifier(world, false, &told).differences != 0)
        fail_msg("after %s:\n%s", after, told.text);
}

/* The differences that are told once `plant` is in the books. */
static void expect(struct world *world, const char *plant, const char *say) {
    struct told told;
    int64_t count = run_verifier(world, false, &told).differences;
    if (count == 0 || strstr(told.text, say) == NULL)
        fail_msg("planted: %s\nnot told: %s\ntold:\n%s", plant, say, told.text);
}

/* Card, balance, and what is under way; on two days. */
static void live(struct world *world) {
    world->channel = world_play;
    world->answer_state = CHANNEL_SUCCEEDED;
    world_set_balance(world, money_fen(5000));
    world_set_balance(world, money_fen(600));
    struct take_payment some = world_command(world);
    some.purpose = (struct purpose){.kind = PURPOSE_AMOUNT, .amount = money_fen(5300)};
    assert_int_equal(world_take(world, some).outcome, TAKE_PAYMENT_OK);
    work_once(world);
    some.method = PAY_BY_CREDIT_BALANCE;
    some.purpose.amount = money_fen(1000);
    assert_int_equal(world_take(world, some).outcome, TAKE_PAYMENT_OK);
    some.method = PAY_BY_BANK_CARD;
    assert_int_equal(world_take(world, some).outcome, TAKE_PAYMENT_OK);
}

/* mend NULL: what is derived, which the verifier writes anew by itself. */
static const struct {
    const char *plant, *mend, *say;
} planted[] = {
    {"UPDATE journal_entry SET lines = replace(lines, ']]', '1]]') WHERE contract_id > 0 AND "
     "number = 2",
        "UPDATE journal_entry SET lines = replace(lines, '1]]', ']]') WHERE contract_id > 0 "
        "AND "
        "number = 2",
        "all debits do not equal all credits"},
    {"UPDATE journal_entry SET lines = 'x' || lines WHERE number = 2 AND contract_id = 0",
        "UPDATE journal_entry SET lines = substr(lines, 2) WHERE number = 2 AND contract_id = "
        "0",
        "entry 2 is not what was recorded"},
    {"UPDATE journal_entry SET posted_day = posted_day + 1 WHERE number = 1 AND contract_id = "
     "0",
        "UPDATE journal_entry SET posted_day = posted_day - 1 WHERE number = 1 AND "
        "contract_id = 0",
        "entry 1 is not what was recorded"},
    {"UPDATE journal_entry SET number = 3 WHERE number = 2 AND contract_id = 0",
        "UPDATE journal_entry SET number = 2 WHERE number = 3 AND contract_id = 0",
        "entry 2 is missing"},
    {"UPDATE journal_entry SET contract_id = 1 WHERE contract_id > 0 AND number = 3",
        "UPDATE journal_entry SET contract_id = (SELECT MAX(contract_id) FROM contract) WHERE "
        "contract_id = 1",
        "entries of contract 1, which is not there"},
    {"UPDATE contract SET journal_number = journal_number + 1",
        "UPDATE contract SET journal_number = journal_number - 1",
        "its chain ends with entry 3, but the contract says 4"},
    {"UPDATE contract SET journal_hash = (SELECT hash FROM journal_entry j WHERE j.contract_id "
     "= contract.contract_id AND number = 1)",
        "UPDATE contract SET journal_hash = (SELECT hash FROM journal_entry j WHERE "
        "j.contract_id = contract.contract_id AND number = 3)",
        "but the contract says 3 with another hash"},
    {"UPDATE credit_balance SET journal_number = journal_number - 1",
        "UPDATE credit_balance SET journal_number = journal_number + 1",
        "own chain ends with entry 2, but the credit balance says 1"},
    {"UPDATE credit_balance SET balance_fen = balance_fen + 1",
        "UPDATE credit_balance SET balance_fen = balance_fen - 1",
        "credit balance 4601, but the journal says 4600"},
    {"UPDATE contract SET left_fen = left_fen + 1", "UPDATE contract SET left_fen = left_fen - 1",
        "fenqi rebuild mends it"},
    {"UPDATE contract SET oldest_unpaid_day = 1", NULL, "fenqi rebuild mends it"},
    {"UPDATE contract SET state = terms", NULL, "fenqi rebuild mends it"},
    {"UPDATE contract SET accepted_items = 0, accepted_cost_fen = accepted_cost_fen - 10000000",
        "UPDATE contract SET accepted_items = 31, accepted_cost_fen = accepted_cost_fen + "
        "10000000",
        "charges what its cost table does not name"},
    {"UPDATE contract_event SET event_day = event_day - 1 WHERE sequence = 2",
        "UPDATE contract_event SET event_day = event_day + 1 WHERE sequence = 2",
        "terms or events are damaged"},
    {"UPDATE contract_event SET sequence = 9 WHERE sequence = 3",
        "UPDATE contract_event SET sequence = 3 WHERE sequence = 9", "terms or events are damaged"},
    {"UPDATE contract_event SET contract_id = 1 WHERE sequence = 3",
        "UPDATE contract_event SET contract_id = (SELECT MAX(contract_id) FROM contract) WHERE "
        "contract_id = 1",
        "event 3 of contract 1, which is not there"},
    {"UPDATE payment SET payment_id = payment_id + 1 WHERE amount_fen = 5300",
        "UPDATE payment SET payment_id = payment_id - 1 WHERE amount_fen = 5300",
        "fen at the channel for P"},
    {"UPDATE payment SET amount_fen = 5301 WHERE amount_fen = 5300",
        "UPDATE payment SET amount_fen = 5300 WHERE amount_fen = 5301",
        "the journal has 5300 fen at the channel, not 5301"},
    {"UPDATE payment SET detail = detail || 'x' WHERE amount_fen = 5300",
        "UPDATE payment SET detail = substr(detail, 1, length(detail) - 1) WHERE amount_fen = "
        "5300",
        "its row is damaged"},
    {"UPDATE payment SET state = 7 WHERE amount_fen = 5300",
        "UPDATE payment SET state = 3 WHERE amount_fen = 5300", "its row is damaged"},
    {"UPDATE payment SET state = 6, live = 0 WHERE live = 1",
        "UPDATE payment SET state = 1, live = 1 WHERE state = 6",
        "its state is 6, but its last step says 1"},
};

static void test_verify_finds_what_is_planted(void **state) {
    struct world *world = *state;
    live(world);
    expect_clean(world, "an ordinary life");
    for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++) {
        struct told told;
        database_script(world->database, planted[i].plant);
        expect(world, planted[i].plant, planted[i].say);
        if (planted[i].mend != NULL)
            database_script(world->database, planted[i].mend);
        else
            assert_int_equal(run_verifier(world, true, &told).differences, 1);
        expect_clean(world, planted[i].mend != NULL ? planted[i].mend : "mending");
    }
}

/* An entry that is chained and balanced, and whose chain ends with it: only no event made it. */
static enum status forge(struct tx *tx, struct moment moment, void *context) {
    struct world *world = context;
    struct stored_contract *contract;
    struct entry entry;
    enum status status =
        stored_contract_load(tx, world->customer_id, world->contract_id, &contract);
    if (status != STATUS_OK)
        return status;
    entry_begin(&entry, world->contract_id, 0, moment.business_date);
    entry_post(&entry, POSTING_PRINCIPAL_LENT, money_fen(100));
    status = journal_append(tx, world->customer_id, &entry, 7, moment.now, &contract->journal_end);
    return status == STATUS_OK ? stored_contract_save(tx, contract) : status;
}

static void test_verify_finds_an_entry_that_no_event_made(void **state) {
    struct world *world = *state;
    live(world);
    expect_clean(world, "an ordinary life");
    assert_int_equal(world_run(world, forge, world), STATUS_OK);
    expect(world, "a forged entry", "account 1201 comes to ");
    expect(world, "a forged entry", "account 2001 comes to ");
}

/* ---- beside writers ---- */

struct reading {
    struct world *world;
    atomic_bool ending;
    int64_t runs, entries, differences;
    struct told told;
};

static void *read_on(void *context) {
    struct reading *reading = context;
    while (!atomic_load(&reading->ending) && reading->differences == 0) {
        struct books_report report = run_verifier(reading->world, false, &reading->told);
        reading->differences += report.differences;
        reading->entries += report.entries;
        reading->runs++;
    }
    return NULL;
}

enum { PAYMENTS = 120 };

static void test_who_pays_meanwhile_is_no_difference(void **state) {
    struct world *world = *state;
    struct reading reading = {.world = world};
    pthread_t thread;
    world->channel = world_play;
    world->answer_state = CHANNEL_SUCCEEDED;
    world_set_balance(world, money_fen(100000));
    assert_int_equal(pthread_create(&thread, NULL, read_on, &reading), 0);
    struct take_payment some = world_command(world);
    for (int i = 0; i < PAYMENTS; i++) {
        bool card = i % 4 == 3;
        some.method = card ? PAY_BY_BANK_CARD : PAY_BY_CREDIT_BALANCE;
        some.purpose = (struct purpose){.kind = PURPOSE_AMOUNT, .amount = money_fen(100 + i)};
        assert_int_equal(world_take(world, some).outcome, TAKE_PAYMENT_OK);
        if (card) {
            world->asked = 0;
            work_once(world);
        }
    }
    atomic_store(&reading.ending, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    if (reading.differences != 0)
        fail_msg("beside a writer: %s", reading.told.text);
    print_message("%lld runs, %lld entries\n", (long long)reading.runs, (long long)reading.entries);
    assert_true(reading.runs >= 3);
    expect_clean(world, "all payments");
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_verify_finds_what_is_planted),
        IN_WORLD(test_verify_finds_an_entry_that_no_event_made),
        IN_WORLD(test_who_pays_meanwhile_is_no_difference),
    };
    return cmocka_run_group_tests_name("service_verify", tests, NULL, NULL);
}
