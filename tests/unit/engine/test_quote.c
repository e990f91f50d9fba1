/* test_quote.c: extensions, bureau day, crossings, names: what quotes and updates tell others. */
#include "../cmocka_include.h"

#include "engine/delinquency.h"
#include "engine/disclosure.h"
#include "engine/explain.h"
#include "engine/quote.h"
#include "plan.h"

#include <string.h>

static struct day on(int32_t month, int32_t day) {
    return day_from_civil(2026, month, day);
}

static struct terms demo_terms(void) {
    struct terms terms = plan(METHOD_INTEREST_FREE, 30000, 3, 0);
    terms.penalty.daily_rate.per_billion = 500000;
    terms.extension.max_times = 2;
    terms.extension.max_days = 30;
    terms.extension.fee = money_fen(100);
    terms.extension.daily_rate.per_billion = 500000;
    return terms;
}

static enum contract_refusal happen(const struct terms *terms, struct contract_state *state,
    struct contract_event event, struct contract_update *update) {
    event.sequence = state->last_sequence + 1;
    return contract_step(terms, state, &event, update);
}

static void begin(
    const struct terms *terms, struct contract_state *state, struct contract_update *update) {
    contract_new(state);
    struct contract_event event = {.kind = EVENT_ACTIVATED, .day = terms->start_day};
    assert_int_equal(happen(terms, state, event, update), CONTRACT_OK);
}

static void assert_crossings(
    const struct contract_update *update, const struct crossing *expected, int32_t count) {
    assert_int_equal(update->crossing_count, count);
    for (int32_t i = 0; i < count; i++) {
        assert_int_equal(update->crossings[i].kind, expected[i].kind);
        assert_int_equal(update->crossings[i].instalment, expected[i].instalment);
    }
}

static void test_extension_quote_is_charged(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    struct contract_state state;
    struct contract_update update;
    begin(&terms, &state, &update);
    struct extension_quote quote;
    quote_extension(&terms, &state, on(2, 20), 1, 15, &quote);
    assert_int_equal(quote.refusal, CONTRACT_OK);
    assert_int_equal(quote.new_due_day.number, on(3, 2).number);
    assert_int_equal(quote.days_gained, 10);
    assert_int_equal(quote.left.fen, 10000 + 25);
    /* 1.00 + 100.25 × 0.05 % × 10 days */
    assert_int_equal(quote.cost.fen, 100 + 50);
    struct explanation why;
    explain_extension(&terms, &state, on(2, 20), 1, 15, &why);
    assert_int_equal(why.total.fen, quote.cost.fen);
    assert_int_equal(why.count, 2);
    assert_int_equal(why.lines[0].amount.fen, 100);
    assert_int_equal(why.lines[1].base.fen, 10025);
    assert_int_equal(why.lines[1].days, 10);
    struct contract_event event = {
        .kind = EVENT_EXTENSION_GRANTED, .day = on(2, 20), .instalment = 1, .days = 15};
    assert_int_equal(happen(&terms, &state, event, &update), CONTRACT_OK);
    assert_int_equal(state.instalments[0].extension_fee.fen, quote.cost.fen);
    assert_int_equal(state.instalments[0].due_day.number, quote.new_due_day.number);
    assert_crossings(&update, (struct crossing[]){{0}}, 0);
}

static void test_window_holds_what_is_open_and_due_in_it(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    struct contract_state state;
    struct contract_update update;
    struct window_quote quote;
    begin(&terms, &state, &update);
    struct contract_event event = {.kind = EVENT_PAYMENT_SETTLED,
        .day = on(2, 15),
        .amount = money_fen(10000),
        .target = TARGET_DUE};
    assert_int_equal(happen(&terms, &state, event, &update), CONTRACT_OK);
    quote_window(&state, on(2, 1), on(3, 15), &quote); /* the first is paid, the last lies behind */
    assert_int_equal(quote.count, 1);
    assert_int_equal(quote.instalments[0], 2);
    assert_int_equal(quote.total.fen, 10000);
    assert_int_equal(quote.owed[COMPONENT_PRINCIPAL].fen, 10000);
    quote_window(&state, on(3, 16), on(12, 31), &quote);
    assert_int_equal(quote.count, 1);
    assert_int_equal(quote.instalments[0], 3);
    quote_window(&state, on(3, 16), on(4, 14), &quote);
    assert_int_equal(quote.count, 0);
    assert_int_equal(quote.total.fen, 0);
}

static void test_extension_not_offered_is_quoted_so(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    struct contract_state state;
    struct contract_update update;
    begin(&terms, &state, &update);
    struct extension_quote quote;
    struct explanation why;
    quote_extension(&terms, &state, on(2, 20), 1, 31, &quote);
    assert_int_equal(quote.refusal, CONTRACT_EXTENSION_NOT_OFFERED);
    assert_int_equal(quote.cost.fen, 0);
    quote_extension(&terms, &state, on(2, 20), 4, 10, &quote);
    assert_int_equal(quote.refusal, CONTRACT_NO_SUCH_INSTALMENT);
    explain_extension(&terms, &state, on(2, 20), 4, 10, &why);
    assert_int_equal(why.count, 0);
}

/* Cap: 100.00 × 24 % × 10 days of a 28-day month, rounded down. */
static void test_extension_cost_is_capped(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    terms.all_in_cap.per_billion = 240000000;
    struct contract_state state;
    struct contract_update update;
    begin(&terms, &state, &update);
    struct extension_quote quote;
    quote_extension(&terms, &state, on(2, 15), 1, 10, &quote);
    assert_int_equal(quote.cost.fen, 10000 * 24 * 10 / (100 * 12 * 28));
}

static void test_crossings_of_a_life(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    struct contract_state state;
    struct contract_update update;
    begin(&terms, &state, &update);
    assert_crossings(&update, (struct crossing[]){{CROSSING_CONTRACT_ACTIVATED, 0}}, 1);
    struct contract_event reached = {.kind = EVENT_DAY_REACHED, .day = on(2, 14)};
    assert_int_equal(happen(&terms, &state, reached, &update), CONTRACT_OK);
    assert_crossings(&update, (struct crossing[]){{0}}, 0);
    reached.day = on(2, 15);
    assert_int_equal(happen(&terms, &state, reached, &update), CONTRACT_OK);
    assert_crossings(&update, (struct crossing[]){{CROSSING_INSTALMENT_DUE, 1}}, 1);
    assert_int_equal(happen(&terms, &state, reached, &update), CONTRACT_OK);
    assert_crossings(&update, (struct crossing[]){{0}}, 0);
    reached.day = on(2, 16);
    assert_int_equal(happen(&terms, &state, reached, &update), CONTRACT_OK);
    assert_crossings(&update,
        (struct crossing[]){{CROSSING_INSTALMENT_OVERDUE, 1}, {CROSSING_BUCKET_CHANGED, BUCKET_M1}},
        2);
    reached.day = on(3, 20);
    assert_int_equal(happen(&terms, &state, reached, &update), CONTRACT_OK);
    assert_crossings(&update,
        (struct crossing[]){{CROSSING_INSTALMENT_DUE, 2}, {CROSSING_INSTALMENT_OVERDUE, 2},
            {CROSSING_BUCKET_CHANGED, BUCKET_M2}},
        3);
    struct contract_event payment = {.kind = EVENT_PAYMENT_SETTLED,
        .day = on(3, 20),
        .amount = money_fen(100000),
        .target = TARGET_ORDER};
    assert_int_equal(happen(&terms, &state, payment, &update), CONTRACT_OK);
    assert_crossings(&update,
        (struct crossing[]){{CROSSING_INSTALMENT_SETTLED, 1}, {CROSSING_INSTALMENT_SETTLED, 2},
            {CROSSING_INSTALMENT_SETTLED, 3}, {CROSSING_BUCKET_CHANGED, BUCKET_M0},
            {CROSSING_CONTRACT_SETTLED, 0}},
        5);
}

static void test_crossings_of_a_reversal(void **state_) {
    (void)state_;
    struct terms terms = plan(METHOD_INTEREST_FREE, 10000, 1, 0);
    struct contract_state state;
    struct contract_update update;
    begin(&terms, &state, &update);
    struct contract_event story[2] = {
        {.kind = EVENT_ACTIVATED, .sequence = 1, .day = terms.start_day},
        {.kind = EVENT_PAYMENT_SETTLED,
            .sequence = 2,
            .day = on(2, 1),
            .amount = money_fen(10000),
            .target = TARGET_ORDER},
    };
    assert_int_equal(contract_step(&terms, &state, &story[1], &update), CONTRACT_OK);
    struct contract_event reversal = {
        .kind = EVENT_REVERSED, .sequence = 3, .day = on(2, 20), .reversed_sequence = 2};
    assert_int_equal(
        contract_step_with_history(&terms, story, 2, &state, &reversal, &update), CONTRACT_OK);
    assert_crossings(&update,
        (struct crossing[]){{CROSSING_INSTALMENT_REOPENED, 1}, {CROSSING_INSTALMENT_DUE, 1},
            {CROSSING_INSTALMENT_OVERDUE, 1}, {CROSSING_BUCKET_CHANGED, BUCKET_M1},
            {CROSSING_CONTRACT_REOPENED, 0}},
        5);
    reversal.sequence = 4;
    reversal.reversed_sequence = 9;
    assert_int_equal(contract_step_with_history(&terms, story, 2, &state, &reversal, &update),
        CONTRACT_NO_SUCH_PAYMENT);
}

static void test_bureau_is_told_after_grace(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    terms.penalty.grace_days = 3;
    struct contract_state state;
    struct contract_update update;
    contract_new(&state);
    assert_true(day_is_none(bureau_report_day(&terms, &state)));
    begin(&terms, &state, &update);
    struct day told = bureau_report_day(&terms, &state);
    assert_int_equal(told.number, on(2, 19).number);
    assert_int_equal(bureau_status_code(&terms, &state, day_add(told, -1)), 'N');
    assert_int_equal(bureau_status_code(&terms, &state, told), '1');
}

static void test_nothing_is_asked_of_a_new_contract(void **state_) {
    (void)state_;
    struct terms terms = demo_terms();
    struct contract_state state;
    contract_new(&state);
    static struct due_quote due;
    struct settle_quote settle;
    quote_due(&terms, &state, on(2, 15), &due);
    assert_int_equal(due.left.fen, 0);
    assert_int_equal(due.count, 0);
    quote_settle(&terms, &state, on(2, 15), &settle);
    assert_false(settle.possible);
    assert_true(day_is_none(next_action_day(&terms, &state, on(2, 15))));
    assert_int_equal(bureau_status_code(&terms, &state, on(2, 15)), '/');
}

/* Every name is there, and no two of a list are the same. */
static void assert_names(const char *const *names, int count) {
    for (int i = 0; i < count; i++) {
        assert_true(names[i][0] != '\0');
        for (int j = 0; j < i; j++)
            assert_string_not_equal(names[i], names[j]);
    }
}

static void test_names(void **state_) {
    (void)state_;
    const char *names[EXPLAIN_KIND_COUNT > 32 ? EXPLAIN_KIND_COUNT : 32];
    for (int i = 0; i < EXPLAIN_KIND_COUNT; i++)
        names[i] = explain_kind_name((enum explain_kind)i);
    assert_names(names, EXPLAIN_KIND_COUNT);
    for (int i = 0; i < EVENT_KIND_COUNT; i++)
        names[i] = contract_event_kind_name((enum contract_event_kind)i);
    assert_names(names, EVENT_KIND_COUNT);
    for (int i = 0; i < CONTRACT_REFUSAL_COUNT; i++)
        names[i] = contract_refusal_name((enum contract_refusal)i);
    assert_names(names, CONTRACT_REFUSAL_COUNT);
    for (int i = 0; i < COST_KIND_COUNT; i++)
        names[i] = cost_kind_name((enum cost_kind)i);
    assert_names(names, COST_KIND_COUNT);
    for (int i = 0; i < BUCKET_COUNT; i++)
        names[i] = bucket_name((enum bucket)i);
    assert_names(names, BUCKET_COUNT);
    for (int i = 0; i <= CLASS_LOSS; i++)
        names[i] = loan_class_name((enum loan_class)i);
    assert_names(names, CLASS_LOSS + 1);
    for (int i = 0; i < MOVEMENT_COUNT; i++)
        names[i] = movement_name((enum movement)i);
    assert_names(names, MOVEMENT_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extension_quote_is_charged),
        cmocka_unit_test(test_window_holds_what_is_open_and_due_in_it),
        cmocka_unit_test(test_extension_not_offered_is_quoted_so),
        cmocka_unit_test(test_extension_cost_is_capped),
        cmocka_unit_test(test_crossings_of_a_life),
        cmocka_unit_test(test_crossings_of_a_reversal),
        cmocka_unit_test(test_bureau_is_told_after_grace),
        cmocka_unit_test(test_nothing_is_asked_of_a_new_contract),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("engine_quote", tests, NULL, NULL);
}
