/*
 * test_autopay.c: setting automatic repayment, collecting, and the day-end. Refusals stand in the
 * order of their enums.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "engine/encoding.h"
#include "job/day_end.h"
#include "service/bind_card.h"
#include "service/close_contract_day.h"
#include "service/request_day_end.h"
#include "service/set_autopay.h"
#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unbinding {
    int64_t customer_id, id;
    enum unbind_card_outcome outcome;
};

static enum status unbind_it(struct tx *tx, struct moment moment, void *context) {
    struct unbinding *unbinding = context;
    return unbind_card(tx, moment, unbinding->customer_id, unbinding->id, &unbinding->outcome);
}

static enum unbind_card_outcome unbind(struct world *world, int64_t id) {
    struct unbinding unbinding = {world->customer_id, id, UNBIND_CARD_OK};
    assert_int_equal(world_run(world, unbind_it, &unbinding), STATUS_OK);
    return unbinding.outcome;
}

/* ---- setting ---- */

struct setting {
    struct set_autopay command;
    enum set_autopay_outcome outcome;
};

static enum status set_it(struct tx *tx, struct moment moment, void *context) {
    struct setting *setting = context;
    enum status status = set_autopay(tx, moment, &setting->command, &setting->outcome);
    if (status == STATUS_OK && setting->outcome != SET_AUTOPAY_OK)
        tx_refuse(tx);
    return status;
}

static enum set_autopay_outcome set(struct world *world, int64_t version, bool enabled,
    const int64_t *ids, size_t count, const char *consent) {
    struct setting setting = {.command = {.customer_id = world->customer_id,
                                  .mode = world->rails.mode,
                                  .version = version,
                                  .enabled = enabled,
                                  .source_ids = ids,
                                  .source_count = count,
                                  .consent_version = consent}};
    assert_int_equal(world_run(world, set_it, &setting), STATUS_OK);
    return setting.outcome;
}

static void test_set_refusals_in_order(void **state) {
    struct world *world = *state;
    const char *consent = AUTOPAY_CONSENT_VERSION;
    int64_t stranger = 42, twice[] = {world->card_id, world->card_id};
    assert_int_equal(
        set(world, 5, true, &world->card_id, 1, consent), SET_AUTOPAY_VERSION_CONFLICT);
    assert_int_equal(set(world, 0, true, &stranger, 1, consent), SET_AUTOPAY_SOURCE_NOT_FOUND);
    assert_int_equal(set(world, 0, true, twice, 2, consent), SET_AUTOPAY_SOURCE_UNUSABLE);
    world->rails.mode = CHANNEL_MODE_LIVE; /* a live mandate cannot stand on a test card */
    assert_int_equal(set(world, 0, true, &world->card_id, 1, consent), SET_AUTOPAY_SOURCE_UNUSABLE);
    world->rails.mode = CHANNEL_MODE_TEST;
    assert_int_equal(set(world, 0, true, &world->card_id, 1, NULL), SET_AUTOPAY_CONSENT_REQUIRED);
    assert_int_equal(set(world, 0, true, &world->card_id, 1, "old"), SET_AUTOPAY_CONSENT_OUTDATED);
    assert_int_equal(set(world, 0, true, NULL, 0, consent), SET_AUTOPAY_SOURCES_REQUIRED);
    assert_int_equal(set(world, 0, true, &world->card_id, 1, consent), SET_AUTOPAY_OK);
    assert_int_equal(set(world, 0, false, NULL, 0, NULL), SET_AUTOPAY_VERSION_CONFLICT);
    assert_int_equal(unbind(world, world->card_id), UNBIND_CARD_IN_USE);
    assert_int_equal(set(world, 1, false, NULL, 0, NULL), SET_AUTOPAY_OK);
    assert_int_equal(unbind(world, world->card_id), UNBIND_CARD_OK);
    assert_int_equal(unbind(world, world->card_id), UNBIND_CARD_NOT_FOUND);
}

/* ---- the day-end and what it collects ---- */

static void run_day_end(struct world *world, struct day day) {
    struct day_end_options options = {
        .store = world->database->store, .mode = CHANNEL_MODE_TEST, .wait_ms = 1};
    struct fault fault = {0};
    enum status status = day_end_run(&options, day, &fault);
    if (status != STATUS_OK)
        fail_msg("%s", fault.text);
    world->clock = instant_add_seconds(day_start(day, ZONE_SHANGHAI), 9 * 3600);
}

/* Which cards refuse, by the agreement's number. */
static const char *poor_card;

static struct channel_answer cards(struct world *world, const struct channel_request *request) {
    struct channel_answer answer = answer_of(CHANNEL_SUCCEEDED);
    (void)world;
    if (request->operation == CHANNEL_DEBIT && poor_card &&
        strcmp(request->protocol_no, poor_card) == 0) {
        answer.state = CHANNEL_FAILED;
        answer.failure = CHANNEL_FAILURE_NO_MONEY;
    }
    answer.amount = request->amount;
    return answer;
}

static struct channel_answer all_fail(struct world *world, const struct channel_request *request) {
    (void)world;
    (void)request;
    struct channel_answer answer = answer_of(CHANNEL_FAILED);
    answer.failure = CHANNEL_FAILURE_GATEWAY;
    return answer;
}

struct paying {
    int64_t customer_id;
    struct payment *payments;
    size_t count;
};

static enum status list_debits(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct paying *paying = context;
    return payment_page(tx, paying->customer_id, 0, PAYMENT_ENTRY_AUTOPAY, INT64_MAX, 50,
        &paying->payments, &paying->count);
}

static struct paying debits(struct world *world) {
    struct paying paying = {.customer_id = world->customer_id};
    assert_int_equal(world_run(world, list_debits, &paying), STATUS_OK);
    return paying;
}

/* Back to the day of the contract's start, so that the day-end comes to the due day by itself. */
static void start_over(struct world *world) {
    world_set_date(world, day_from_civil(2026, 1, 5));
}

static void test_first_source_that_works(void **state) {
    struct world *world = *state;
    start_over(world);
    int64_t ids[] = {world->card_id, world_add_card(world, "8888")};
    assert_int_equal(set(world, 0, true, ids, 2, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    world->channel = cards;
    poor_card = "6621";
    run_day_end(world, day_from_civil(2026, 2, 4));
    assert_int_equal(debits(world).count, 0); /* within the due window, but not yet due */
    run_day_end(world, day_from_civil(2026, 2, 5));
    assert_int_equal(debits(world).count, 1);
    struct money left = world_left(world, world->contract_id);
    work_once(world); /* the first source refuses */
    work_once(world); /* the second one was begun in the same transaction */
    struct paying paying = debits(world);
    assert_int_equal(paying.count, 2);
    assert_int_equal(paying.payments[1].state, PAYMENT_FAILED);
    assert_int_equal(paying.payments[0].state, PAYMENT_SUCCEEDED);
    assert_int_equal(paying.payments[0].funding_source_id, ids[1]);
    assert_int_equal(
        left.fen - world_left(world, world->contract_id).fen, paying.payments[0].amount.fen);
    /* The same day again takes nothing again. */
    run_day_end(world, day_from_civil(2026, 2, 5));
    work_once(world);
    assert_int_equal(debits(world).count, 2);
    world_check_books(world);
}

static void test_balance_first_then_the_rest(void **state) {
    struct world *world = *state;
    start_over(world);
    world_set_balance(world, money_fen(1000));
    int64_t ids[] = {0, world->card_id};
    assert_int_equal(set(world, 0, true, ids, 2, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    world->channel = cards;
    poor_card = NULL;
    run_day_end(world, day_from_civil(2026, 2, 5));
    work_once(world);
    struct paying paying = debits(world);
    assert_int_equal(paying.count, 2);
    assert_int_equal(world_balance(world).fen, 0);
    struct take_payment due = world_command(world);
    assert_int_equal(world_quote(world, &due).fen, 0);
    assert_int_equal(paying.payments[1].amount.fen, 1000);
    world_check_books(world);
}

/* One card is empty; the other one pays once and then does not say. */
static struct channel_answer pay_once(struct world *world, const struct channel_request *request) {
    struct channel_answer answer = cards(world, request);
    static int asked;
    if (answer.state == CHANNEL_SUCCEEDED && asked++ > 0)
        answer.state = CHANNEL_UNKNOWN;
    return answer;
}

struct told_report {
    struct world *world;
    char text[2000];
};

/* Plays the channel while the day waits for its debits. */
static bool work_meanwhile(void *context, const struct day_end_progress *progress) {
    struct told_report *told = context;
    if (progress->report)
        snprintf(told->text, sizeof told->text, "%s", progress->report);
    else
        work_once(told->world);
    return true;
}

/* "name":{"count":…,"amount_fen":…} must be `count` payments of `fen` in all. */
static void assert_sum(const struct told_report *told, const char *name, int count, int64_t fen) {
    char text[100];
    snprintf(text, sizeof text, "\"%s\":{\"count\":%d,\"amount_fen\":%lld}", name, count,
        (long long)fen);
    if (!strstr(told->text, text))
        fail_msg("%s is not in %s", text, told->text);
}

static void test_the_report_says_what_became_of_debits(void **state) {
    struct world *world = *state;
    start_over(world);
    world_add_contract(world, day_from_civil(2026, 1, 5), NULL);
    world_set_balance(world, money_fen(1000));
    int64_t ids[] = {0, world->card_id, world_add_card(world, "8888")};
    assert_int_equal(set(world, 0, true, ids, 3, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    run_day_end(world, day_from_civil(2026, 2, 4));
    world->channel = pay_once;
    poor_card = "6621";
    struct told_report told = {.world = world};
    struct day_end_options options = {.store = world->database->store,
        .mode = CHANNEL_MODE_TEST,
        .wait_ms = 1000,
        .progress = work_meanwhile,
        .context = &told};
    struct fault fault = {0};
    if (day_end_run(&options, day_from_civil(2026, 2, 5), &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    int64_t sums[PAYMENT_CANCELLED + 1] = {0};
    struct paying paying = debits(world);
    for (size_t i = 0; i < paying.count; i++)
        if (paying.payments[i].method != PAY_BY_CREDIT_BALANCE)
            sums[paying.payments[i].state] += paying.payments[i].amount.fen;
    assert_int_equal(paying.count, 5);
    assert_sum(&told, "due", 2, sums[PAYMENT_FAILED] + 1000);
    assert_sum(&told, "paid_from_credit", 1, 1000);
    assert_sum(&told, "debits_collected", 1, sums[PAYMENT_SUCCEEDED]);
    assert_sum(&told, "debits_failed", 2, sums[PAYMENT_FAILED]);
    assert_sum(&told, "debits_waiting", 1, sums[PAYMENT_UNKNOWN]);
    assert_int_equal(sums[PAYMENT_SUCCEEDED] + sums[PAYMENT_UNKNOWN], sums[PAYMENT_FAILED]);
}

static void test_missed_days_lose_nothing(void **state) {
    struct world *world = *state;
    start_over(world);
    assert_int_equal(
        set(world, 0, true, &world->card_id, 1, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    world->channel = cards;
    poor_card = "6621";
    run_day_end(world, day_from_civil(2026, 2, 5));
    work_once(world);
    poor_card = NULL;
    /* The next day it is overdue and still collected, with its penalty and no more. */
    run_day_end(world, day_from_civil(2026, 2, 6));
    struct take_payment due = world_command(world);
    struct money owed = world_quote(world, &due);
    work_once(world);
    struct paying paying = debits(world);
    assert_int_equal(paying.payments[0].state, PAYMENT_SUCCEEDED);
    assert_int_equal(paying.payments[0].amount.fen, owed.fen);
    assert_int_equal(world_quote(world, &due).fen, 0);
    world_check_books(world);
}

static void test_later_run_of_the_day(void **state) {
    struct world *world = *state;
    start_over(world);
    assert_int_equal(
        set(world, 0, true, &world->card_id, 1, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    world->channel = cards;
    poor_card = "6621";
    run_day_end(world, day_from_civil(2026, 2, 5));
    work_once(world);
    assert_int_equal(work_once(world), 0);
    poor_card = NULL;
    world_wait(world, 6 * 3600 + 60);
    work_once(world); /* the later run begins the debit … */
    work_once(world); /* … and this one performs it */
    struct paying paying = debits(world);
    assert_int_equal(paying.count, 2);
    assert_int_equal(paying.payments[0].run, 2);
    assert_int_equal(paying.payments[0].state, PAYMENT_SUCCEEDED);
    world_check_books(world);
}

static void test_one_live_collection(void **state) {
    struct world *world = *state;
    start_over(world);
    assert_int_equal(
        set(world, 0, true, &world->card_id, 1, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    run_day_end(world, day_from_civil(2026, 2, 4));
    /* The customer pays by hand in the due window; the answer is unknown over the due day. */
    struct take_payment_answer taken = world_take(world, world_command(world));
    assert_int_equal(taken.outcome, TAKE_PAYMENT_OK);
    work_once(world);
    run_day_end(world, day_from_civil(2026, 2, 5));
    assert_int_equal(debits(world).count, 0);
    world->channel = cards;
    poor_card = NULL;
    world_wait(world, 600);
    work_once(world);
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_SUCCEEDED);
    run_day_end(world, day_from_civil(2026, 2, 6));
    assert_int_equal(debits(world).count, 0);
    world_check_books(world);
}

/* A live payment that no book explains: only a fault of our own could make one. */
static enum status plant_payment(struct tx *tx, struct moment moment, void *context) {
    struct world *world = context;
    struct payment payment = {
        .customer_id = world->customer_id,
        .payment_id = tx_new_id(tx, moment.now),
        .entry = PAYMENT_ENTRY_AUTOPAY,
        .state = PAYMENT_SUBMITTED,
        .initiator = INITIATOR_AUTOPAY,
        .purpose = PURPOSE_DUE,
        .purpose_orders = "",
        .method = PAY_BY_BANK_CARD,
        .channel = CHANNEL_CARD,
        .mode = CHANNEL_MODE_TEST,
        .amount = money_fen(300000),
        .business_date = day_from_civil(2026, 1, 6), /* not the day-end's to wait for */
        .created_at = moment.now,
    };
    return payment_save(tx, &payment);
}

static void test_breaker_stops_what_the_books_do_not_explain(void **state) {
    struct world *world = *state;
    start_over(world);
    assert_int_equal(
        set(world, 0, true, &world->card_id, 1, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    assert_int_equal(world_run(world, plant_payment, world), STATUS_OK);
    run_day_end(world, day_from_civil(2026, 2, 5));
    assert_int_equal(debits(world).count, 1); /* only the planted one */
    assert_int_equal(world_live_count(world), 0);
    assert_int_equal(work_once(world), 0);
}

/* How many notices of a kind name `words`. */
static long long told_of(struct world *world, const char *kind, const char *words) {
    char query[200];
    snprintf(query, sizeof query,
        "SELECT count(*) FROM notice WHERE kind = '%s' AND body_zh LIKE '%%%s%%'", kind, words);
    return database_number(world->database, query);
}

static void test_what_came_to_nothing_is_collected_the_same_day(void **state) {
    struct world *world = *state;
    start_over(world);
    assert_int_equal(
        set(world, 0, true, &world->card_id, 1, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    run_day_end(world, day_from_civil(2026, 2, 4));
    assert_int_equal(world_take(world, world_command(world)).outcome, TAKE_PAYMENT_OK);
    work_once(world); /* unknown over the due day's first run … */
    world_wait(world, 24 * 3600);
    run_day_end(world, day_from_civil(2026, 2, 5));
    assert_int_equal(debits(world).count, 0);
    world->channel = all_fail;
    world_wait(world, 60);
    work_once(world); /* … and then it has failed */
    assert_int_equal(world_live_count(world), 0);
    world->channel = cards;
    poor_card = NULL;
    world_wait(world, 7 * 3600);
    work_once(world);
    work_once(world);
    struct paying paying = debits(world);
    assert_int_equal(paying.count, 1);
    assert_int_equal(paying.payments[0].state, PAYMENT_SUCCEEDED);
    assert_int_equal(paying.payments[0].business_date.number, day_from_civil(2026, 2, 5).number);
    world_check_books(world);
}

static void test_reminders_name_a_source_that_can_be_charged(void **state) {
    struct world *world = *state;
    start_over(world);
    int64_t ids[] = {world->card_id, world_add_card(world, "8888")};
    assert_int_equal(set(world, 0, true, ids, 2, AUTOPAY_CONSENT_VERSION), SET_AUTOPAY_OK);
    database_script(world->database, "UPDATE funding_source SET state = 3 WHERE tail = '6621'");
    run_day_end(world, day_from_civil(2026, 2, 5));
    assert_int_equal(told_of(world, "due_today", "6621"), 0);
    assert_int_equal(told_of(world, "due_today", "8888"), 1);
    database_script(world->database, "UPDATE funding_source SET state = 3");
    run_day_end(world, day_from_civil(2026, 3, 5));
    assert_int_equal(told_of(world, "due_today", "均已不可用"), 1);
}

/* ---- n single days = one run after n days ---- */

struct fingerprint {
    struct world *world;
    uint8_t state[STATE_BYTES_MAX]; /* as it is stored: what lies between the fields says nothing */
    size_t state_length;
    int32_t days_overdue;
    struct trial_balance trial;
};

static enum status take_fingerprint(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct fingerprint *print = context;
    struct live_contract *contract;
    enum status status =
        load_contract(tx, print->world->customer_id, print->world->contract_id, &contract);
    if (status == STATUS_OK) {
        print->state_length =
            contract_state_encode(&contract->state, print->state, sizeof print->state);
        print->days_overdue = contract->state.days_overdue;
        status = journal_trial_balance(tx, &print->trial);
    }
    return status;
}

static struct fingerprint *fingerprint_of(struct world *world) {
    struct fingerprint *print = calloc(1, sizeof *print);
    print->world = world;
    assert_int_equal(world_run(world, take_fingerprint, print), STATUS_OK);
    return print;
}

static void test_days_one_by_one_or_at_once(void **state) {
    struct world *world = *state, *other;
    void *second;
    world_set_up(&second);
    other = second;
    start_over(world);
    start_over(other);
    struct day last = day_from_civil(2026, 5, 20);
    for (struct day day = day_from_civil(2026, 1, 6); day_compare(day, last) <= 0;
         day = day_add(day, 1))
        run_day_end(world, day);
    run_day_end(other, last);
    struct fingerprint *single = fingerprint_of(world), *once = fingerprint_of(other);
    assert_int_equal(single->state_length, once->state_length);
    assert_memory_equal(single->state, once->state, single->state_length);
    assert_memory_equal(&single->trial, &once->trial, sizeof single->trial);
    assert_true(single->days_overdue > 90);
    free(single);
    free(once);
    world_tear_down(&second);
}

static void test_day_end_refusals(void **state) {
    struct world *world = *state;
    struct day_end_options options = {
        .store = world->database->store, .mode = CHANNEL_MODE_TEST, .wait_ms = 1};
    struct fault fault;
    assert_int_equal(day_end_run(&options, day_from_civil(2026, 2, 4), &fault), STATUS_INVALID);
    assert_int_equal(day_end_run(&options, day_from_civil(2028, 2, 4), &fault), STATUS_INVALID);
    assert_int_equal(world_date(world).number, day_from_civil(2026, 2, 5).number);
    /* Real customers are not charged before their day comes; in a test the books may run ahead. */
    options.mode = CHANNEL_MODE_LIVE;
    assert_int_equal(day_end_run(&options, day_from_civil(2026, 2, 6), &fault), STATUS_INVALID);
    assert_int_equal(world_date(world).number, day_from_civil(2026, 2, 5).number);
    assert_int_equal(day_end_run(&options, day_from_civil(2026, 2, 5), &fault), STATUS_OK);
    options.mode = CHANNEL_MODE_TEST;
    assert_int_equal(day_end_run(&options, day_from_civil(2026, 2, 6), &fault), STATUS_OK);
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_set_refusals_in_order),
        IN_WORLD(test_first_source_that_works),
        IN_WORLD(test_balance_first_then_the_rest),
        IN_WORLD(test_the_report_says_what_became_of_debits),
        IN_WORLD(test_missed_days_lose_nothing),
        IN_WORLD(test_later_run_of_the_day),
        IN_WORLD(test_one_live_collection),
        IN_WORLD(test_breaker_stops_what_the_books_do_not_explain),
        IN_WORLD(test_what_came_to_nothing_is_collected_the_same_day),
        IN_WORLD(test_reminders_name_a_source_that_can_be_charged),
        IN_WORLD(test_days_one_by_one_or_at_once),
        IN_WORLD(test_day_end_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
