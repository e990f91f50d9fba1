/* test_disclosure.c: annualised cost against published and worked figures. */
#include "../cmocka_include.h"

#include "engine/disclosure.h"
#include "plan.h"

/* Percent with four decimals, as the figures are printed, from parts per billion. */
static int64_t four_decimals(struct rate rate) {
    return divide_rounded(rate.per_billion, 1000, ROUND_HALF_UP);
}

static void test_fee_products(void **state) {
    (void)state;
    static const struct {
        int64_t principal;
        int32_t count;
        int64_t fee; /* per period ppb, or total in hundredths of a percent when negative */
        int64_t monthly;
        int64_t nominal;
        int64_t effective;
        int64_t simple;
    } rows[] = {
        {300000, 3, -222, 11059, 132713, 141091, 133200},
        {300000, 6, -390, 11042, 132502, 140852, 133714},
        {300000, 12, -720, 10862, 130342, 138418, 132923},
        {300000, 3, -250, 12449, 149384, 160048, 150000},
        {300000, 6, -450, 12723, 152677, 163828, 154286},
        {300000, 12, -880, 13220, 158643, 170702, 162462},
        {300000, 12, 5000000, 9080, 108964, 114574, 110769},
        {300000, 24, 5000000, 9272, 111267, 117120, 115200},
        {1200000, 12, 6000000, 10862, 130342, 138418, 132923},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct terms terms = fee_plan(rows[r].principal, rows[r].count, -rows[r].fee);
        if (rows[r].fee > 0) {
            terms.fee_quote = FEE_QUOTE_PER_PERIOD;
            terms.period_fee_rate.per_billion = rows[r].fee;
        }
        assert_int_equal(terms_validate(&terms), TERMS_OK);
        struct disclosure disclosure;
        disclosure_build(&terms, &disclosure);
        assert_int_equal(four_decimals(disclosure.irr_nominal), rows[r].nominal);
        assert_int_equal(four_decimals(disclosure.irr_effective), rows[r].effective);
        assert_int_equal(four_decimals(disclosure.simple), rows[r].simple);
        struct rate monthly = {
            divide_rounded(disclosure.irr_nominal.per_billion, 12, ROUND_HALF_UP)};
        assert_int_equal(four_decimals(monthly), rows[r].monthly);
    }
}

static void test_interest_rate_is_its_own_irr(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, PRINCIPAL_MAX_FEN, 12, 120000000);
    struct disclosure disclosure;
    disclosure_build(&terms, &disclosure);
    assert_int_equal(disclosure.irr_nominal.per_billion, 120000000);
    assert_int_equal(disclosure.irr_effective.per_billion, 126825030);
    assert_int_equal(disclosure.simple.per_billion, 120000000);
    /* months without a broken first one: the dated rates are those of equal months */
    assert_int_equal(disclosure.actuarial.per_billion, 120000000);
    assert_int_equal(disclosure.aprc.per_billion, 126825030);
}

/* 30 days more before the first payment: a cheaper loan by days, the same by equal months. */
static void test_dated_rates_know_an_odd_first_period(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_FEE_PER_PERIOD, 1200000, 12, 0);
    terms.fee_quote = FEE_QUOTE_PER_PERIOD;
    terms.period_fee_rate.per_billion = 6000000;
    struct disclosure even;
    disclosure_build(&terms, &even);
    terms.first_due_day = day_from_civil(2026, 3, 1);
    struct disclosure odd;
    disclosure_build(&terms, &odd);
    assert_int_equal(odd.irr_nominal.per_billion, even.irr_nominal.per_billion);
    assert_true(odd.actuarial.per_billion < even.actuarial.per_billion);
    assert_true(odd.aprc.per_billion < even.aprc.per_billion);
    assert_int_equal(even.actuarial.per_billion, even.irr_nominal.per_billion);
    assert_int_equal(even.aprc.per_billion, even.irr_effective.per_billion);
}

/* A plan's own periods make its rates: weeks, quarters, years, days; a single payment its term. */
static void test_rates_of_other_periods(void **state) {
    (void)state;
    struct disclosure disclosure;
    struct terms weeks = plan(METHOD_EQUAL_INSTALMENT, 10000000, 52, 130000000);
    weeks.day_basis = DAY_BASIS_ACT_365;
    weeks.period_unit = PERIOD_WEEK;
    assert_int_equal(terms_validate(&weeks), TERMS_OK);
    disclosure_build(&weeks, &disclosure);
    /* 13 % over 365 days a year is 0.13 × 364 / 365 over 52 weeks */
    assert_in_range(disclosure.actuarial.per_billion, 129640000, 129650000);
    assert_in_range(disclosure.irr_nominal.per_billion, 130170000, 130200000);
    assert_in_range(disclosure.simple.per_billion, 129990000, 130010000);
    assert_int_equal(disclosure.irr_effective.per_billion, disclosure.aprc.per_billion);
    weeks.period_unit = PERIOD_DAY;
    weeks.period_length = 10;
    assert_int_equal(terms_validate(&weeks), TERMS_OK);
    disclosure_build(&weeks, &disclosure);
    assert_in_range(disclosure.actuarial.per_billion, 129990000, 130010000);
    weeks.period_length = 400;
    weeks.instalment_count = 3;
    disclosure_build(&weeks, &disclosure);
    assert_in_range(disclosure.actuarial.per_billion, 128000000, 132000000);
    struct terms quarters = plan(METHOD_INTEREST_ONLY, 10000000, 4, 120000000);
    quarters.period_length = 3;
    assert_int_equal(terms_validate(&quarters), TERMS_OK);
    disclosure_build(&quarters, &disclosure);
    assert_int_equal(disclosure.actuarial.per_billion, 120000000);
    assert_int_equal(disclosure.irr_effective.per_billion, 125508810);
    assert_int_equal(disclosure.simple.per_billion, 120000000);
    struct terms years = plan(METHOD_INTEREST_ONLY, 10000000, 3, 80000000);
    years.period_unit = PERIOD_YEAR;
    assert_int_equal(terms_validate(&years), TERMS_OK);
    disclosure_build(&years, &disclosure);
    assert_int_equal(disclosure.actuarial.per_billion, 80000000);
    assert_int_equal(disclosure.aprc.per_billion, 80000000);
    struct terms single = plan(METHOD_BULLET, 10000000, 6, 120000000);
    assert_int_equal(terms_validate(&single), TERMS_OK);
    disclosure_build(&single, &disclosure);
    assert_true(disclosure.actuarial.per_billion >= 120000000); /* of half a year: not compounded */
}

static void test_custom_days(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_CUSTOM, 10000, 2, 0);
    terms.custom_count = 2;
    terms.custom[0] = (struct custom_row){day_from_civil(2026, 2, 20), money_fen(4000)};
    terms.custom[1] = (struct custom_row){day_from_civil(2026, 5, 1), money_fen(6000)};
    struct disclosure disclosure;
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    disclosure_build(&terms, &disclosure);
    assert_int_equal(disclosure.irr_nominal.per_billion, 0);
}

/* What is due on the start day makes the credit smaller, or leaves none. */
static void test_due_at_once(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
    struct disclosure plain;
    disclosure_build(&terms, &plain);
    terms.charge_count = 1;
    terms.charges[0] = (struct charge_terms){
        .time = CHARGE_UP_FRONT, .base = CHARGE_BASE_FIXED, .fixed = money_fen(20000)};
    struct disclosure charged;
    disclosure_build(&terms, &charged);
    assert_true(charged.irr_nominal.per_billion > plain.irr_nominal.per_billion);
    assert_true(charged.aprc.per_billion > plain.aprc.per_billion);
    assert_int_equal(charged.actuarial.per_billion, charged.irr_nominal.per_billion);
    /* a charge above the credit: no rate */
    terms.charges[0].fixed = money_fen(2000000);
    terms.period_unit = PERIOD_WEEK;
    terms.day_basis = DAY_BASIS_ACT_365;
    disclosure_build(&terms, &charged);
    assert_int_equal(charged.aprc.per_billion, 0);
    assert_int_equal(charged.irr_nominal.per_billion, 0);
    /* a down payment that rounds to all of it: no credit at all */
    struct terms all = plan(METHOD_EQUAL_PRINCIPAL, 10000, 12, 120000000);
    all.down_payment.per_billion = RATE_UNIT - 1;
    disclosure_build(&all, &charged);
    assert_int_equal(charged.simple.per_billion, 0);
    assert_int_equal(charged.irr_nominal.per_billion, 0);
}

/* Sunday 11 January 2026 goes back to Friday, before the Saturday that the loan starts on. */
static void test_due_day_rolled_before_the_start(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_CUSTOM, 10000, 2, 120000000);
    terms.start_day = day_from_civil(2026, 1, 10);
    terms.day_basis = DAY_BASIS_ACT_365;
    terms.due_roll = ROLL_PRECEDING;
    terms.holidays_known_to = 2026;
    terms.custom_count = 2;
    terms.custom[0] = (struct custom_row){day_from_civil(2026, 1, 11), money_fen(4000)};
    terms.custom[1] = (struct custom_row){day_from_civil(2026, 5, 8), money_fen(6000)};
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    struct disclosure disclosure;
    disclosure_build(&terms, &disclosure);
    assert_true(day_compare(disclosure.first_due_day, terms.start_day) < 0);
    assert_true(disclosure.aprc.per_billion > 0);
}

static void test_contingent_items(void **state) {
    (void)state;
    struct terms terms = fee_plan(300000, 12, 720);
    terms.settle_rule = SETTLE_FULL;
    terms.extension.max_times = 1;
    terms.extension.max_days = 30;
    struct disclosure disclosure;
    disclosure_build(&terms, &disclosure);
    assert_int_equal(disclosure.item_count, 2); /* fee, settling early: extension is free */
    terms.extension.daily_rate.per_billion = 100000;
    disclosure_build(&terms, &disclosure);
    assert_int_equal(disclosure.item_count, 3);
    struct terms free = plan(METHOD_INTEREST_FREE, 10000, 3, 0);
    free.settle_rule = SETTLE_REMAINING_FEES;
    disclosure_build(&free, &disclosure);
    assert_int_equal(disclosure.item_count, 0);
}

static void test_free_costs_nothing(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_INTEREST_FREE, 10000, 3, 0);
    struct disclosure disclosure;
    disclosure_build(&terms, &disclosure);
    assert_int_equal(disclosure.irr_nominal.per_billion, 0);
    assert_int_equal(disclosure.irr_effective.per_billion, 0);
    assert_int_equal(disclosure.simple.per_billion, 0);
    assert_int_equal(disclosure.total_cost.fen, 0);
    assert_int_equal(disclosure.item_count, 0);
}

static void test_table(void **state) {
    (void)state;
    struct terms terms = fee_plan(300000, 12, 720);
    terms.penalty.daily_rate.per_billion = 500000;
    terms.penalty.late_fee = money_fen(1000);
    terms.extension.max_times = 1;
    terms.extension.max_days = 30;
    terms.extension.fee = money_fen(500);
    terms.settle_rule = SETTLE_REMAINING_FEES;
    struct disclosure disclosure;
    disclosure_build(&terms, &disclosure);
    assert_int_equal(disclosure.total_cost.fen, 21600);
    assert_int_equal(disclosure.total_repayment.fen, 321600);
    assert_int_equal(disclosure.each_amount.fen, 26800);
    static const enum cost_kind kinds[] = {
        COST_PERIOD_FEE, COST_PENALTY, COST_LATE_FEE, COST_EXTENSION_FEE, COST_EARLY_SETTLEMENT};
    assert_int_equal(disclosure.item_count, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(disclosure.items[i].kind, kinds[i]);
        assert_int_equal(disclosure.items[i].contingent, i > 0);
    }
    assert_int_equal(disclosure.items[0].amount.fen, 21600);
}

static void test_rate_outside_is_not_found(void **state) {
    (void)state;
    struct money more = money_fen(201);
    struct money less = money_fen(99);
    assert_false(solve_monthly_rate(money_fen(100), &more, 1).found);
    assert_false(solve_monthly_rate(money_fen(100), &less, 1).found);
    struct money twice = money_fen(200);
    struct monthly_rate rate = solve_monthly_rate(money_fen(100), &twice, 1);
    assert_true(rate.found);
    assert_int_equal(rate.nominal.per_billion, INT64_C(12000000000));
    assert_int_equal(rate.effective.per_billion, INT64_C(4095000000000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fee_products),
        cmocka_unit_test(test_interest_rate_is_its_own_irr),
        cmocka_unit_test(test_dated_rates_know_an_odd_first_period),
        cmocka_unit_test(test_rates_of_other_periods),
        cmocka_unit_test(test_custom_days),
        cmocka_unit_test(test_due_at_once),
        cmocka_unit_test(test_due_day_rolled_before_the_start),
        cmocka_unit_test(test_contingent_items),
        cmocka_unit_test(test_free_costs_nothing),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_rate_outside_is_not_found),
    };
    return cmocka_run_group_tests_name("engine_disclosure", tests, NULL, NULL);
}
