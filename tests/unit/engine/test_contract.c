/* test_contract.c: contract_step(), refusals in their order, back-dating, reversal, closing. */
#include "../cmocka_include.h"

#include "engine/contract.h"
#include "engine/encoding.h"
#include "engine/explain.h"
#include "engine/quote.h"
#include "plan.h"

#include <string.h>

/* A contract under test with everything that happened to it. */
struct life {
    struct terms terms;
    struct contract_state state;
    struct contract_event events[32];
    size_t count;
    struct contract_update update;
};

static enum contract_refusal happen(struct life *life, struct contract_event event) {
    event.sequence = life->state.last_sequence + 1;
    enum contract_refusal refusal = contract_step_with_history(
        &life->terms, life->events, life->count, &life->state, &event, &life->update);
    if (refusal == CONTRACT_OK) {
        life->events[life->count++] = event;
        struct contract_state again;
        contract_replay(&life->terms, life->events, life->count, &again);
        uint8_t one[STATE_BYTES_MAX];
        uint8_t two[STATE_BYTES_MAX];
        size_t length = contract_state_encode(&life->state, one, sizeof one);
        assert_int_equal(contract_state_encode(&again, two, sizeof two), length);
        assert_memory_equal(one, two, length);
        static struct contract_state back;
        assert_true(contract_state_decode(one, length, &back));
        assert_int_equal(contract_state_encode(&back, two, sizeof two), length);
        assert_memory_equal(one, two, length);
    }
    return refusal;
}

static struct day on(int32_t year, int32_t month, int32_t day) {
    return day_from_civil(year, month, day);
}

static struct life begin(struct terms terms) {
    struct life life = {.terms = terms};
    contract_new(&life.state);
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    assert_int_equal(
        happen(&life, (struct contract_event){.kind = EVENT_ACTIVATED, .day = terms.start_day}),
        CONTRACT_OK);
    return life;
}

static struct life demo(void) {
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
    terms.penalty.daily_rate.per_billion = 500000;
    terms.all_in_cap.per_billion = 240000000;
    terms.extension.max_times = 1;
    terms.extension.max_days = 30;
    return begin(terms);
}

static struct contract_event payment(struct day day, int64_t fen, enum payment_target target) {
    return (struct contract_event){
        .kind = EVENT_PAYMENT_SETTLED, .day = day, .amount = money_fen(fen), .target = target};
}

static void test_refusals_in_order(void **state) {
    (void)state;
    struct life life = demo();
    struct contract_event event = payment(on(2026, 2, 1), 100, TARGET_ORDER);
    event.sequence = 5;
    struct contract_state before = life.state;
    assert_int_equal(
        contract_step(&life.terms, &life.state, &event, &life.update), CONTRACT_SEQUENCE_NOT_NEXT);
    event.sequence = 2;
    event.day = on(2026, 1, 14);
    assert_int_equal(
        contract_step(&life.terms, &life.state, &event, &life.update), CONTRACT_NOT_ACTIVATED);
    assert_int_equal(
        happen(&life, (struct contract_event){.kind = EVENT_ACTIVATED, .day = on(2026, 1, 15)}),
        CONTRACT_ALREADY_ACTIVATED);
    assert_int_equal(
        happen(&life, payment(on(2150, 1, 1), 1, TARGET_ORDER)), CONTRACT_DAY_OUT_OF_RANGE);
    assert_int_equal(
        happen(&life, payment(on(2026, 2, 1), 0, TARGET_ORDER)), CONTRACT_AMOUNT_INVALID);
    assert_int_equal(
        happen(&life, payment(on(2026, 2, 1), -1, TARGET_ORDER)), CONTRACT_AMOUNT_INVALID);
    assert_int_equal(
        happen(&life, payment(on(2026, 2, 1), 1, (enum payment_target)9)), CONTRACT_TARGET_INVALID);
    assert_int_equal(
        happen(&life, payment(on(2026, 2, 1), 1, TARGET_INSTALMENT)), CONTRACT_NO_SUCH_INSTALMENT);
    assert_int_equal(happen(&life, (struct contract_event){.kind = EVENT_REVERSED,
                                       .day = on(2026, 2, 1),
                                       .reversed_sequence = 1}),
        CONTRACT_NO_SUCH_PAYMENT);
    struct contract_event waiver = {.kind = EVENT_WAIVED,
        .day = on(2026, 2, 1),
        .amount = money_fen(1),
        .component = COMPONENT_PENALTY};
    assert_int_equal(happen(&life, waiver), CONTRACT_NOTHING_TO_WAIVE);
    waiver.component = COMPONENT_PRINCIPAL;
    assert_int_equal(happen(&life, waiver), CONTRACT_TARGET_INVALID);
    struct contract_event extension = {
        .kind = EVENT_EXTENSION_GRANTED, .day = on(2026, 2, 1), .instalment = 1, .days = 31};
    assert_int_equal(happen(&life, extension), CONTRACT_EXTENSION_NOT_OFFERED);
    extension.instalment = 13;
    assert_int_equal(happen(&life, extension), CONTRACT_NO_SUCH_INSTALMENT);
    extension.instalment = 1;
    extension.days = 5;
    extension.day = on(2026, 2, 20);
    assert_int_equal(happen(&life, extension), CONTRACT_EXTENSION_TOO_SHORT);
    assert_int_equal(happen(&life, (struct contract_event){.kind = EVENT_MERCHANT_REFUNDED,
                                       .day = on(2026, 2, 1),
                                       .amount = money_fen(1000001)}),
        CONTRACT_REFUND_TOO_LARGE);
    assert_memory_equal(&before, &life.state, sizeof before);
}

static void test_paid_on_time_never_costs_more(void **state) {
    (void)state;
    struct life life = demo();
    for (int i = 0; i < 12; i++) {
        struct day due = day_add_months(on(2026, 1, 15), i + 1);
        struct due_quote quote;
        quote_due(&life.terms, &life.state, due, &quote);
        assert_int_equal(quote.owed_now.fen, i < 11 ? 88849 : 88847);
        assert_int_equal(quote.penalty.fen, 0);
        assert_int_equal(happen(&life, payment(due, quote.owed_now.fen, TARGET_DUE)), CONTRACT_OK);
        assert_int_equal(life.update.surplus.fen, 0);
    }
    assert_int_equal(life.state.status, CONTRACT_SETTLED);
    assert_int_equal(life.state.rebated.fen, 0);
    assert_int_equal(
        life.update.crossings[life.update.crossing_count - 1].kind, CROSSING_CONTRACT_SETTLED);
    assert_true(day_is_none(next_action_day(&life.terms, &life.state, on(2027, 1, 15))));
}

/* 888.49 at 0.05 % a day for ten days: 4.44 (fee, penalty, interest, principal is the order). */
static void test_overdue_and_partial(void **state) {
    (void)state;
    struct life life = demo();
    struct due_quote quote;
    quote_due(&life.terms, &life.state, on(2026, 2, 25), &quote);
    assert_int_equal(quote.overdue.fen, 88849 + 444);
    assert_int_equal(quote.penalty.fen, 444);
    assert_int_equal(quote.days_overdue, 10);
    assert_int_equal(quote.further_day.fen, 45);
    assert_int_equal(happen(&life, payment(on(2026, 2, 25), 20000, TARGET_OVERDUE)), CONTRACT_OK);
    assert_int_equal(life.update.paid_count, 3);
    assert_int_equal(life.update.paid[0].amount.fen, 444);
    assert_int_equal(life.update.paid[1].component, COMPONENT_INTEREST);
    assert_int_equal(life.update.paid[1].amount.fen, 10000);
    assert_int_equal(life.update.paid[2].amount.fen, 9556);
    /* 692.93 left bears 0.05 % × 5 more days. */
    quote_due(&life.terms, &life.state, on(2026, 3, 2), &quote);
    assert_int_equal(quote.instalments[0].owed[COMPONENT_PRINCIPAL].fen, 69293);
    assert_int_equal(quote.instalments[0].owed[COMPONENT_PENALTY].fen, 173);
    struct explanation why;
    explain_instalment(&life.terms, &life.state, on(2026, 3, 2), 1, &why);
    assert_int_equal(why.total.fen, 69293 + 173);
    bool told = false;
    for (int i = 0; i < why.count; i++)
        if (why.lines[i].kind == EXPLAIN_PENALTY) {
            told = true;
            assert_int_equal(why.lines[i].base.fen, 69293);
            assert_int_equal(why.lines[i].days, 5);
            assert_int_equal(why.lines[i].amount.fen, 173);
        }
    assert_true(told);
}

static void test_back_dated_payment_takes_penalty_back(void **state) {
    (void)state;
    struct life life = demo();
    assert_int_equal(happen(&life, payment(on(2026, 2, 25), 89293, TARGET_OVERDUE)), CONTRACT_OK);
    struct contract_event late = payment(on(2026, 2, 15), 88849, TARGET_DUE);
    late.sequence = life.state.last_sequence + 1;
    assert_int_equal(
        contract_step(&life.terms, &life.state, &late, &life.update), CONTRACT_NEEDS_HISTORY);
    assert_int_equal(happen(&life, late), CONTRACT_OK);
    /* The first payment finds nothing overdue any more: all of it is credit. */
    assert_int_equal(life.update.surplus.fen, 89293);
    assert_int_equal(life.state.instalments[0].charged[COMPONENT_PENALTY].fen, 0);
}

static void test_reversal_is_never_paid(void **state) {
    (void)state;
    struct life life = demo();
    assert_int_equal(happen(&life, payment(on(2026, 2, 15), 88849, TARGET_DUE)), CONTRACT_OK);
    struct contract_event reversal = {
        .kind = EVENT_REVERSED, .day = on(2026, 2, 25), .reversed_sequence = 2};
    assert_int_equal(happen(&life, reversal), CONTRACT_OK);
    assert_int_equal(life.state.instalments[0].paid[COMPONENT_PRINCIPAL].fen, 0);
    assert_int_equal(life.state.instalments[0].charged[COMPONENT_PENALTY].fen, 444);
    assert_int_equal(life.state.days_overdue, 10);
    assert_int_equal(happen(&life, reversal), CONTRACT_NO_SUCH_PAYMENT);
}

static void test_settle_quote_is_charged(void **state) {
    (void)state;
    struct life life = demo();
    assert_int_equal(happen(&life, payment(on(2026, 2, 15), 88849, TARGET_DUE)), CONTRACT_OK);
    struct settle_quote quote;
    quote_settle(&life.terms, &life.state, on(2026, 3, 1), &quote);
    /* 92.12 × 14 of 28 days; 9211.51 of principal is left. */
    assert_int_equal(quote.principal.fen, 921151);
    assert_int_equal(quote.interest.fen, 4606);
    assert_int_equal(quote.total.fen, 925757);
    assert_int_equal(quote.saved.fen, 66186 - 10000 - 4606);
    struct explanation why;
    explain_settle(&life.terms, &life.state, on(2026, 3, 1), &why);
    assert_int_equal(why.total.fen, quote.total.fen);
    assert_int_equal(
        happen(&life, payment(on(2026, 3, 1), quote.total.fen + 7, TARGET_SETTLE)), CONTRACT_OK);
    assert_int_equal(life.state.status, CONTRACT_SETTLED);
    assert_int_equal(life.update.surplus.fen, 7);
}

static void test_short_settlement_pays_in_order(void **state) {
    (void)state;
    struct life life = demo();
    assert_int_equal(happen(&life, payment(on(2026, 2, 1), 900000, TARGET_SETTLE)), CONTRACT_OK);
    assert_int_equal(life.state.status, CONTRACT_ACTIVE);
    assert_int_equal(life.update.surplus.fen, 0);
}

static void test_refund_unwinds(void **state) {
    (void)state;
    struct life life = demo();
    assert_int_equal(happen(&life, payment(on(2026, 2, 15), 88849, TARGET_DUE)), CONTRACT_OK);
    struct contract_event refund = {
        .kind = EVENT_MERCHANT_REFUNDED, .day = on(2026, 2, 20), .amount = money_fen(1000000)};
    assert_int_equal(happen(&life, refund), CONTRACT_OK);
    assert_int_equal(life.state.status, CONTRACT_REFUNDED);
    assert_int_equal(life.update.surplus.fen, 88849);
    assert_int_equal(contract_left(&life.state).fen, 0);
    assert_int_equal(life.state.instalments[0].state, INSTALMENT_SETTLED);
    assert_int_equal(life.state.instalments[1].state, INSTALMENT_REFUNDED);
}

static void test_partial_refund_shortens(void **state) {
    (void)state;
    struct life life = demo();
    struct contract_event refund = {
        .kind = EVENT_MERCHANT_REFUNDED, .day = on(2026, 1, 20), .amount = money_fen(500000)};
    assert_int_equal(happen(&life, refund), CONTRACT_OK);
    assert_int_equal(contract_principal_left(&life.state).fen, 500000);
    assert_int_equal(life.state.instalments[11].state, INSTALMENT_REFUNDED);
    /* Half the balance, half the first interest. */
    assert_int_equal(instalment_owed(&life.state.instalments[0], COMPONENT_INTEREST).fen, 5000);
}

static void test_extension_moves_the_day(void **state) {
    (void)state;
    struct life life = demo();
    struct contract_event extension = {
        .kind = EVENT_EXTENSION_GRANTED, .day = on(2026, 2, 20), .instalment = 1, .days = 20};
    assert_int_equal(happen(&life, extension), CONTRACT_OK);
    assert_true(day_compare(life.state.instalments[0].due_day, on(2026, 3, 7)) == 0);
    assert_int_equal(life.state.days_overdue, 0);
    /* Five days late before, two after. */
    struct due_quote quote;
    quote_due(&life.terms, &life.state, on(2026, 3, 9), &quote);
    assert_int_equal(quote.instalments[0].charged[COMPONENT_PENALTY].fen, 311);
    assert_int_equal(happen(&life, extension), CONTRACT_EXTENSION_NOT_OFFERED);
}

static void test_cap_clamps_penalty(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 180000000);
    terms.penalty.daily_rate.per_billion = 750000;
    terms.all_in_cap.per_billion = 240000000;
    struct life life = begin(terms);
    struct due_quote quote;
    quote_due(&life.terms, &life.state, on(2026, 2, 25), &quote);
    /* Principal of the first instalment for 10 of 28 days of a month at 24 %, rounded down. */
    int64_t principal = quote.instalments[0].owed[COMPONENT_PRINCIPAL].fen;
    assert_int_equal(quote.penalty.fen, principal * 24 * 10 / (100 * 12 * 28));
    terms.all_in_cap.per_billion = 0;
    life = begin(terms);
    quote_due(&life.terms, &life.state, on(2026, 2, 25), &quote);
    int64_t base = principal + quote.instalments[0].owed[COMPONENT_INTEREST].fen;
    assert_int_equal(quote.penalty.fen, (base * 75 + 5000) / 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals_in_order),
        cmocka_unit_test(test_paid_on_time_never_costs_more),
        cmocka_unit_test(test_overdue_and_partial),
        cmocka_unit_test(test_back_dated_payment_takes_penalty_back),
        cmocka_unit_test(test_reversal_is_never_paid),
        cmocka_unit_test(test_settle_quote_is_charged),
        cmocka_unit_test(test_short_settlement_pays_in_order),
        cmocka_unit_test(test_refund_unwinds),
        cmocka_unit_test(test_partial_refund_shortens),
        cmocka_unit_test(test_extension_moves_the_day),
        cmocka_unit_test(test_cap_clamps_penalty),
    };
    return cmocka_run_group_tests_name("engine_contract", tests, NULL, NULL);
}
