/*
 * test_schedule.c: instalment plans against worked figures (docs of the domain: half-up to the fen
 * per item per period, the last instalment absorbs).
 */
#include "../cmocka_include.h"

#include "engine/schedule.h"
#include "plan.h"

static void assert_principals(const struct schedule *schedule, const int64_t *expected) {
    for (int32_t i = 0; i < schedule->count; i++)
        assert_int_equal(schedule->rows[i].principal.fen, expected[i]);
}

static void assert_interests(const struct schedule *schedule, const int64_t *expected) {
    for (int32_t i = 0; i < schedule->count; i++)
        assert_int_equal(schedule->rows[i].interest.fen, expected[i]);
}

static int64_t total(const struct schedule_row *row) {
    return row->principal.fen + row->interest.fen + row->fee.fen;
}

static struct schedule build(const struct terms *terms) {
    struct schedule schedule;
    assert_int_equal(terms_validate(terms), TERMS_OK);
    schedule_build(terms, &schedule);
    return schedule;
}

static void test_equal_instalment_twelve(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
    struct schedule schedule = build(&terms);
    static const int64_t principals[] = {
        78849, 79637, 80434, 81238, 82051, 82871, 83700, 84537, 85382, 86236, 87098, 87967};
    static const int64_t interests[] = {
        10000, 9212, 8415, 7611, 6798, 5978, 5149, 4312, 3467, 2613, 1751, 880};
    assert_principals(&schedule, principals);
    assert_interests(&schedule, interests);
    for (int i = 0; i < 11; i++)
        assert_int_equal(total(&schedule.rows[i]), 88849);
    assert_int_equal(total(&schedule.rows[11]), 88847);
    assert_int_equal(schedule_total_cost(&schedule).fen, 66186);
}

static void test_equal_instalment_six(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 300000, 6, 180000000);
    struct schedule schedule = build(&terms);
    static const int64_t principals[] = {48158, 48880, 49614, 50358, 51113, 51877};
    static const int64_t interests[] = {4500, 3778, 3044, 2300, 1545, 778};
    assert_principals(&schedule, principals);
    assert_interests(&schedule, interests);
    assert_int_equal(total(&schedule.rows[0]), 52658);
    assert_int_equal(total(&schedule.rows[5]), 52655);
    assert_int_equal(schedule_total_cost(&schedule).fen, 15945);
}

static void test_equal_instalment_last_is_larger(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 499900, 24, 240000000);
    struct schedule schedule = build(&terms);
    assert_int_equal(total(&schedule.rows[0]), 26430);
    assert_int_equal(schedule.rows[0].principal.fen, 16432);
    assert_int_equal(schedule.rows[0].interest.fen, 9998);
    assert_int_equal(schedule.rows[23].principal.fen, 25917);
    assert_int_equal(schedule.rows[23].interest.fen, 518);
    assert_int_equal(total(&schedule.rows[23]), 26435);
    assert_int_equal(schedule_total_cost(&schedule).fen, 134425);
}

static void test_equal_principal(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_EQUAL_PRINCIPAL, 1000000, 12, 120000000);
    struct schedule schedule = build(&terms);
    static const int64_t interests[] = {
        10000, 9167, 8333, 7500, 6667, 5833, 5000, 4167, 3333, 2500, 1667, 833};
    assert_interests(&schedule, interests);
    for (int i = 0; i < 11; i++)
        assert_int_equal(schedule.rows[i].principal.fen, 83333);
    assert_int_equal(schedule.rows[11].principal.fen, 83337);
    assert_int_equal(schedule_total_cost(&schedule).fen, 65000);
}

static void test_interest_free_remainders(void **state) {
    (void)state;
    static const struct {
        int64_t principal;
        int32_t count;
        enum rounding rounding;
        int64_t each;
        int64_t last;
    } rows[] = {
        {10000, 3, ROUND_HALF_UP, 3333, 3334},
        {10000, 6, ROUND_HALF_UP, 1667, 1665},
        {10000, 6, ROUND_FLOOR, 1666, 1670},
        {199900, 12, ROUND_HALF_UP, 16658, 16662},
        {199900, 12, ROUND_FLOOR, 16658, 16662},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct terms terms = plan(METHOD_INTEREST_FREE, rows[r].principal, rows[r].count, 0);
        terms.principal_rounding = rows[r].rounding;
        struct schedule schedule = build(&terms);
        for (int32_t i = 0; i + 1 < rows[r].count; i++)
            assert_int_equal(total(&schedule.rows[i]), rows[r].each);
        assert_int_equal(total(&schedule.rows[rows[r].count - 1]), rows[r].last);
        terms.remainder = REMAINDER_FIRST;
        schedule = build(&terms);
        assert_int_equal(total(&schedule.rows[0]), rows[r].last);
        assert_int_equal(total(&schedule.rows[1]), rows[r].each);
    }
}

static void test_a_few_fen_never_go_negative(void **state) {
    (void)state;
    for (int64_t principal = 1; principal <= 20; principal++)
        for (int32_t count = 1; count <= 24; count++)
            for (int method = 0; method < METHOD_STEPPED; method++) {
                struct terms terms = plan((enum method)method, principal, count,
                    method_bears_interest((enum method)method) ? 180000000 : 0);
                struct schedule schedule = build(&terms);
                int64_t sum = 0;
                for (int32_t i = 0; i < count; i++) {
                    assert_true(schedule.rows[i].principal.fen >= 0);
                    sum += schedule.rows[i].principal.fen;
                }
                assert_int_equal(sum, principal);
            }
}

static void test_fee_per_period(void **state) {
    (void)state;
    static const struct {
        int64_t principal;
        int32_t count;
        int64_t hundredths; /* of the whole term */
        int64_t fee;
        int64_t each;
    } rows[] = {
        {300000, 3, 222, 6660, 102220},
        {300000, 6, 390, 11700, 51950},
        {300000, 12, 720, 21600, 26800},
        {300000, 3, 250, 7500, 102500},
        {300000, 6, 450, 13500, 52250},
        {300000, 12, 880, 26400, 27200},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct terms terms = fee_plan(rows[r].principal, rows[r].count, rows[r].hundredths);
        struct schedule schedule = build(&terms);
        assert_int_equal(schedule_total_cost(&schedule).fen, rows[r].fee);
        for (int32_t i = 0; i < rows[r].count; i++)
            assert_int_equal(total(&schedule.rows[i]), rows[r].each);
    }
}

static void test_fee_quoted_per_period(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_FEE_PER_PERIOD, 1200000, 12, 0);
    terms.period_fee_rate = RATE_PERCENT(0, 60);
    struct schedule schedule = build(&terms);
    assert_int_equal(total(&schedule.rows[0]), 107200);
    assert_int_equal(schedule_total_cost(&schedule).fen, 86400);
}

/* 6000 yuan at 0.05 % a day (18 % on 360), lent on 5 January 2024, due on the 10th. */
static struct terms account_day_plan(enum method method) {
    struct terms terms = plan(method, 600000, 6, 180000000);
    terms.start_day = day_from_civil(2024, 1, 5);
    terms.due_rule = DUE_RULE_ACCOUNT_DAY;
    terms.account_day = 10;
    terms.day_basis = DAY_BASIS_ACT_360;
    return terms;
}

static void test_equal_principal_by_actual_days(void **state) {
    (void)state;
    struct terms terms = account_day_plan(METHOD_EQUAL_PRINCIPAL);
    struct schedule schedule = build(&terms);
    static const int64_t interests[] = {10800, 7250, 6200, 4500, 3100, 1500};
    static const int32_t days[] = {36, 29, 31, 30, 31, 30};
    assert_interests(&schedule, interests);
    for (int i = 0; i < 6; i++)
        assert_int_equal(
            days_between(schedule.rows[i].period.start, schedule.rows[i].due_day), days[i]);
    assert_int_equal(schedule_total_cost(&schedule).fen, 33350);
}

static void test_principals_by_month_interest_by_days(void **state) {
    (void)state;
    struct terms terms = account_day_plan(METHOD_EQUAL_INSTALMENT);
    terms.level_plan = LEVEL_PLAN_BY_MONTH;
    struct schedule schedule = build(&terms);
    static const int64_t totals[] = {107115, 105063, 105518, 105315, 105418, 105315};
    for (int i = 0; i < 6; i++)
        assert_int_equal(total(&schedule.rows[i]), totals[i]);
    assert_int_equal(schedule_total_cost(&schedule).fen, 33744);
}

static void test_interest_only(void **state) {
    (void)state;
    struct terms terms = plan(METHOD_INTEREST_ONLY, 1000000, 3, 120000000);
    struct schedule schedule = build(&terms);
    static const int64_t totals[] = {10000, 10000, 1010000};
    for (int i = 0; i < 3; i++)
        assert_int_equal(total(&schedule.rows[i]), totals[i]);
}

/* 0.05 % a day on 10,000 yuan: 36, 5 and 31 days. */
static void test_interest_of_days(void **state) {
    (void)state;
    static const struct {
        int32_t month;
        int32_t day;
        int64_t interest;
    } rows[] = {{2, 10, 18000}, {1, 10, 2500}, {2, 5, 15500}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct terms terms = plan(METHOD_INTEREST_ONLY, 1000000, 1, 180000000);
        terms.start_day = day_from_civil(2024, 1, 5);
        terms.first_due_day = day_from_civil(2024, rows[r].month, rows[r].day);
        terms.day_basis = DAY_BASIS_ACT_360;
        struct schedule schedule = build(&terms);
        assert_int_equal(schedule.rows[0].interest.fen, rows[r].interest);
        terms.day_basis = DAY_BASIS_BY_MONTH;
        terms.first_period_by_days = true;
        schedule = build(&terms);
        /* 5 January to 5 February is a month; the others count their days of 360. */
        assert_int_equal(
            schedule.rows[0].interest.fen, rows[r].interest == 15500 ? 15000 : rows[r].interest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_instalment_twelve),
        cmocka_unit_test(test_equal_instalment_six),
        cmocka_unit_test(test_equal_instalment_last_is_larger),
        cmocka_unit_test(test_equal_principal),
        cmocka_unit_test(test_interest_free_remainders),
        cmocka_unit_test(test_a_few_fen_never_go_negative),
        cmocka_unit_test(test_fee_per_period),
        cmocka_unit_test(test_fee_quoted_per_period),
        cmocka_unit_test(test_equal_principal_by_actual_days),
        cmocka_unit_test(test_principals_by_month_interest_by_days),
        cmocka_unit_test(test_interest_only),
        cmocka_unit_test(test_interest_of_days),
    };
    return cmocka_run_group_tests_name("engine_schedule", tests, NULL, NULL);
}
