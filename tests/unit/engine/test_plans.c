/*
 * test_plans.c: what plans can do besides level instalments: multiples, grace, balloons, steps,
 * given rows, dated rates, decimals of factors, subsidies, down payments and charges (R-0143 to
 * R-0151). The figures were worked out with exact fractions from the rules.
 */
#include "../cmocka_include.h"

#include "engine/schedule.h"
#include "plan.h"

#include <string.h>

enum { COUNT = 6 };

static struct schedule schedule;

/* 12000 yuan at 12 % from 15 January 2026 in six months, by days / 365. */
static struct terms six(enum method method) {
    struct terms terms = plan(method, 1200000, COUNT, 120000000);
    terms.day_basis = DAY_BASIS_ACT_365;
    return terms;
}

struct row {
    int64_t principal, interest;
};

static void assert_rows(const struct terms *terms, const struct row *expected) {
    assert_int_equal(terms_validate(terms), TERMS_OK);
    schedule_build(terms, &schedule);
    for (int32_t i = 0; i < schedule.regular_count; i++) {
        assert_int_equal(schedule.rows[i].principal.fen, expected[i].principal);
        assert_int_equal(schedule.rows[i].interest.fen, expected[i].interest);
    }
}

static void test_level_in_multiples(void **state) {
    (void)state;
    struct terms terms = six(METHOD_EQUAL_INSTALMENT);
    static const struct row plain[] = {{194753, 12230}, {197729, 9254}, {198753, 8230},
        {200979, 6004}, {202827, 4156}, {204959, 2022}};
    assert_rows(&terms, plain);
    terms.multiple = money_fen(10000);
    static const struct row rounded[] = {{197770, 12230}, {200774, 9226}, {201832, 8168},
        {204086, 5914}, {205969, 4031}, {189569, 1870}};
    assert_rows(&terms, rounded);
    assert_int_equal(schedule.rows[0].level.fen, 210000);
}

static void test_grace_on_principal_and_interest(void **state) {
    (void)state;
    struct terms terms = six(METHOD_EQUAL_INSTALMENT);
    terms.principal_grace_count = 2;
    static const struct row grace[] = {
        {0, 12230}, {0, 11047}, {295353, 12230}, {298660, 8923}, {301407, 6176}, {304580, 3004}};
    assert_rows(&terms, grace);
    terms.principal_grace_count = 0;
    terms.interest_free_count = 2;
    static const struct row free_first[] = {
        {203342, 0}, {203342, 0}, {195257, 8085}, {197443, 5899}, {199259, 4083}, {201357, 1986}};
    assert_rows(&terms, free_first);
    terms = six(METHOD_EQUAL_PRINCIPAL);
    terms.principal = money_fen(1200001);
    terms.annual_rate.per_billion = 0;
    terms.principal_grace_count = 2;
    terms.multiple = money_fen(100);
    static const struct row shares[] = {
        {0, 0}, {0, 0}, {300000, 0}, {300000, 0}, {300000, 0}, {300001, 0}};
    assert_rows(&terms, shares);
}

static void test_balloon_and_steps(void **state) {
    (void)state;
    struct terms terms = six(METHOD_BALLOON);
    terms.balloon = money_fen(300000);
    static const struct row balloon[] = {{145982, 12230}, {148509, 9703}, {148983, 9229},
        {150750, 7462}, {152038, 6174}, {453738, 4475}};
    assert_rows(&terms, balloon);
    terms = six(METHOD_STEPPED);
    terms.step_count = 2;
    terms.steps[0] = (struct plan_step){1, {RATE_UNIT / 2}};
    terms.steps[1] = (struct plan_step){4, {RATE_UNIT}};
    static const struct row stepped[] = {{126444, 12230}, {128791, 9883}, {129045, 9629},
        {269303, 8045}, {271779, 5569}, {274638, 2709}};
    assert_rows(&terms, stepped);
}

static void test_other_methods(void **state) {
    (void)state;
    struct terms terms = six(METHOD_FLAT);
    static const struct row flat[] = {{200000, 12230}, {200000, 11047}, {200000, 12230},
        {200000, 11836}, {200000, 12230}, {200000, 11836}};
    assert_rows(&terms, flat);
    terms = six(METHOD_BULLET);
    static const struct row bullet[] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {1200000, 71409}};
    assert_rows(&terms, bullet);
    terms = six(METHOD_CUSTOM);
    terms.instalment_count = terms.custom_count = 2;
    terms.custom[0] = (struct custom_row){day_from_civil(2026, 2, 1), {500000}};
    terms.custom[1] = (struct custom_row){day_from_civil(2026, 4, 15), {700000}};
    static const struct row given[] = {{500000, 6707}, {700000, 16800}};
    assert_rows(&terms, given);
}

static void test_rates_and_factors(void **state) {
    (void)state;
    struct terms terms = six(METHOD_EQUAL_INSTALMENT);
    terms.rate_step_count = 1;
    terms.rate_steps[0] = (struct rate_step){day_from_civil(2026, 3, 15), {60000000}};
    static const struct row dated[] = {{193057, 12230}, {196018, 9269}, {201155, 4132},
        {202280, 3007}, {203210, 2077}, {204280, 1007}};
    assert_rows(&terms, dated);
    terms.rate_step_count = 0;
    terms.factor_decimals = 6;
    static const struct row decimals[] = {{194753, 12230}, {197730, 9253}, {198753, 8230},
        {200979, 6004}, {202827, 4156}, {204958, 2022}};
    assert_rows(&terms, decimals);
}

/* The level moves by its share of what the last instalment differs, as long as that helps. */
static void test_levels_adjusted(void **state) {
    (void)state;
    static const struct {
        int32_t count;
        int64_t principal, unadjusted, adjusted, last;
    } rows[] = {
        {12, 100001, 10046, 10046, 10052}, /* within half a fen an instalment */
        {12, 100112, 10057, 10057, 10065}, /* another level would be worse */
        {12, 101037, 10150, 10151, 10144},
        {24, 101148, 5973, 5972, 5989},
        {36, 100001, 4580, 4581, 4548},
        {60, 100075, 3616, 3616, 3616},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terms terms =
            plan(METHOD_EQUAL_INSTALMENT, rows[i].principal, rows[i].count, 360000000);
        schedule_build(&terms, &schedule);
        assert_int_equal(schedule.rows[0].level.fen, rows[i].unadjusted);
        for (terms.level_adjustments = 1; terms.level_adjustments <= 3; terms.level_adjustments++) {
            schedule_build(&terms, &schedule);
            const struct schedule_row *last = &schedule.rows[rows[i].count - 1];
            assert_int_equal(schedule.rows[0].level.fen, rows[i].adjusted);
            assert_int_equal(last->principal.fen + last->interest.fen, rows[i].last);
        }
    }
}

static void test_subsidy(void **state) {
    (void)state;
    struct terms terms = six(METHOD_EQUAL_INSTALMENT);
    terms.subsidy.share.per_billion = RATE_UNIT * 2 / 5;
    static const struct row customer[] = {{194753, 7338}, {197729, 5552}, {198753, 4938},
        {200979, 3602}, {202827, 2494}, {204959, 1213}};
    assert_rows(&terms, customer);
    static const int64_t shop[] = {4892, 3702, 3292, 2402, 1662, 809};
    for (int32_t i = 0; i < COUNT; i++)
        assert_int_equal(schedule.rows[i].subsidy.fen, shop[i]);
}

static struct charge_terms charge(
    enum charge_time time, enum charge_base base, int64_t fixed, int64_t per_billion) {
    return (struct charge_terms){
        .time = time, .base = base, .fixed = money_fen(fixed), .rate = {per_billion}};
}

static void test_charges_of_an_instalment(void **state) {
    (void)state;
    struct terms terms = six(METHOD_FLAT);
    terms.charge_count = 4;
    terms.charges[0] = charge(CHARGE_PER_INSTALMENT, CHARGE_BASE_FIXED, 150, 0);
    terms.charges[1] =
        charge(CHARGE_PER_INSTALMENT, CHARGE_BASE_INSTALMENT_PRINCIPAL, 0, 1000000); /* 200 */
    terms.charges[2] =
        charge(CHARGE_PER_INSTALMENT, CHARGE_BASE_INSTALMENT_INTEREST, 0, 10000000); /* 122, 110 */
    terms.charges[3] =
        charge(CHARGE_PER_INSTALMENT, CHARGE_BASE_INSTALMENT, 0, 1000000); /* 212, 211 */
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    schedule_build(&terms, &schedule);
    assert_int_equal(schedule.rows[0].fee.fen, 150 + 200 + 122 + 212);
    assert_int_equal(schedule.rows[1].fee.fen, 150 + 200 + 110 + 211);
    assert_int_equal(schedule.count, COUNT);
    terms.charges[2].least = money_fen(115);
    terms.charges[3].most = money_fen(99);
    schedule_build(&terms, &schedule);
    assert_int_equal(schedule.rows[0].fee.fen, 150 + 200 + 122 + 99);
    assert_int_equal(schedule.rows[1].fee.fen, 150 + 200 + 115 + 99);
}

static void test_down_payment_and_charges_up_front(void **state) {
    (void)state;
    struct terms terms = six(METHOD_INTEREST_FREE);
    terms.annual_rate.per_billion = 0;
    terms.down_payment.per_billion = RATE_UNIT / 4;
    terms.charge_count = 2;
    terms.charges[0] = charge(CHARGE_UP_FRONT, CHARGE_BASE_PRINCIPAL, 0, 10000000);
    terms.charges[1] = charge(CHARGE_ON_DRAWDOWN, CHARGE_BASE_FIXED, 777, 0);
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    schedule_build(&terms, &schedule);
    assert_int_equal(schedule.regular_count, COUNT);
    assert_int_equal(schedule.count, COUNT + 2);
    assert_int_equal(schedule.rows[0].principal.fen, 150000);
    const struct schedule_row *down = &schedule.rows[COUNT];
    const struct schedule_row *up_front = &schedule.rows[COUNT + 1];
    assert_int_equal(down->kind, INSTALMENT_DOWN_PAYMENT);
    assert_int_equal(down->principal.fen, 300000);
    assert_int_equal(up_front->kind, INSTALMENT_UP_FRONT);
    assert_int_equal(up_front->fee.fen, 12000 + 777);
    assert_int_equal(up_front->due_day.number, terms.start_day.number);
    assert_int_equal(schedule_total_cost(&schedule).fen, 12777);
    terms.charge_count = 0;
    schedule_build(&terms, &schedule);
    assert_int_equal(schedule.count, COUNT + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_level_in_multiples),
        cmocka_unit_test(test_grace_on_principal_and_interest),
        cmocka_unit_test(test_balloon_and_steps),
        cmocka_unit_test(test_other_methods),
        cmocka_unit_test(test_rates_and_factors),
        cmocka_unit_test(test_levels_adjusted),
        cmocka_unit_test(test_subsidy),
        cmocka_unit_test(test_charges_of_an_instalment),
        cmocka_unit_test(test_down_payment_and_charges_up_front),
    };
    return cmocka_run_group_tests_name("engine_plans", tests, NULL, NULL);
}
