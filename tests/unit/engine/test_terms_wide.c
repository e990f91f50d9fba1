/* test_terms_wide.c: refusals of what only few products agree, field by field. */
#include "../cmocka_include.h"

#include "engine/level.h"
#include "engine/schedule.h"
#include "plan.h"

static struct terms good(enum method method) {
    struct terms terms = plan(method, 1000000, 12, 120000000);
    if (method == METHOD_STEPPED) {
        terms.step_count = 2;
        terms.steps[0] = (struct plan_step){1, {RATE_UNIT / 2}};
        terms.steps[1] = (struct plan_step){7, {RATE_UNIT}};
    }
    if (method == METHOD_CUSTOM) {
        terms.custom_count = terms.instalment_count = 2;
        terms.custom[0] = (struct custom_row){day_add(terms.start_day, 30), money_fen(400000)};
        terms.custom[1] = (struct custom_row){day_add(terms.start_day, 60), money_fen(600000)};
    }
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    return terms;
}

/* Terms of a method with one change are refused for `reason`. */
#define REFUSED(method, reason, change)                                                            \
    do {                                                                                           \
        struct terms changed = good(method);                                                       \
        changed.change;                                                                            \
        assert_int_equal(terms_validate(&changed), TERMS_##reason);                                \
    } while (0)
#define LEVEL METHOD_EQUAL_INSTALMENT

static void test_bases(void **state) {
    (void)state;
    REFUSED(LEVEL, INTEREST_ON_UNKNOWN, interest_on = (enum interest_on)INTEREST_ON_COUNT);
    struct terms terms = good(LEVEL);
    terms.interest_on = INTEREST_ON_OUTSTANDING;
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    terms.level_plan = LEVEL_PLAN_BY_MONTH;
    assert_int_equal(terms_validate(&terms), TERMS_INTEREST_ON_UNKNOWN);
    REFUSED(METHOD_FLAT, INTEREST_ON_UNKNOWN, interest_on = INTEREST_ON_OUTSTANDING);
    REFUSED(METHOD_BULLET, INTEREST_ON_UNKNOWN, interest_on = INTEREST_ON_OUTSTANDING);
    REFUSED(LEVEL, START_DAY_OUT_OF_RANGE, start_day = day_from_civil(2201, 1, 1));
}

static void test_days(void **state) {
    (void)state;
    REFUSED(LEVEL, PERIOD_OUT_OF_RANGE, period_unit = (enum period_unit)PERIOD_UNIT_COUNT);
    REFUSED(LEVEL, PERIOD_OUT_OF_RANGE, period_length = 0);
    REFUSED(LEVEL, PERIOD_OUT_OF_RANGE, period_length = 367);
    REFUSED(LEVEL, PERIOD_OUT_OF_RANGE, period_length = 60);
    REFUSED(LEVEL, DUE_ROLL_UNKNOWN, due_roll = (enum roll_rule)ROLL_RULE_COUNT);
    REFUSED(LEVEL, DOWN_PAYMENT_OUT_OF_RANGE, down_payment.per_billion = RATE_UNIT);
    REFUSED(LEVEL, MULTIPLE_OUT_OF_RANGE, multiple.fen = -1);
    REFUSED(LEVEL, MULTIPLE_OUT_OF_RANGE, multiple.fen = 1000001);
    struct terms terms = good(LEVEL);
    terms.principal.fen = PRINCIPAL_MAX_FEN;
    terms.multiple.fen = PRINCIPAL_MAX_FEN;
    assert_int_equal(terms_validate(&terms), TERMS_MULTIPLE_OUT_OF_RANGE);
}

static void test_custom(void **state) {
    (void)state;
    REFUSED(METHOD_CUSTOM, INSTALMENT_COUNT_OUT_OF_RANGE, custom_count = 1);
    REFUSED(LEVEL, CUSTOM_INVALID, custom_count = 1);
    REFUSED(METHOD_CUSTOM, CUSTOM_INVALID, custom[1].due_day = changed.custom[0].due_day);
    REFUSED(METHOD_CUSTOM, CUSTOM_INVALID, custom[0].principal.fen = -1);
    REFUSED(METHOD_CUSTOM, CUSTOM_INVALID, custom[0].principal.fen = PRINCIPAL_MAX_FEN + 1);
    REFUSED(METHOD_CUSTOM, CUSTOM_INVALID, custom[0].principal.fen = 1);
    REFUSED(METHOD_CUSTOM, CUSTOM_INVALID, custom[1].due_day = day_add(changed.start_day, 20001));
}

static void test_shape(void **state) {
    (void)state;
    REFUSED(METHOD_FLAT, REMAINDER_UNKNOWN, remainder = (enum remainder_place)REMAINDER_COUNT);
    REFUSED(METHOD_STEPPED, REMAINDER_UNKNOWN, remainder = REMAINDER_FIRST);
    REFUSED(LEVEL, LEVEL_ADJUSTMENTS_OUT_OF_RANGE, level_adjustments = 4);
    REFUSED(LEVEL, FACTOR_DECIMALS_OUT_OF_RANGE, factor_decimals = 5);
    REFUSED(LEVEL, FACTOR_DECIMALS_OUT_OF_RANGE, factor_decimals = 18);
    REFUSED(LEVEL, PRINCIPAL_GRACE_OUT_OF_RANGE, principal_grace_count = 12);
    REFUSED(LEVEL, INTEREST_FREE_OUT_OF_RANGE, interest_free_count = 13);
    REFUSED(LEVEL, BALLOON_OUT_OF_RANGE, balloon.fen = 1);
    REFUSED(METHOD_BALLOON, BALLOON_OUT_OF_RANGE, balloon.fen = 1000001);
}

static void test_steps_and_rates(void **state) {
    (void)state;
    REFUSED(LEVEL, STEPS_INVALID, step_count = 1);
    REFUSED(METHOD_STEPPED, STEPS_INVALID, step_count = 0);
    REFUSED(METHOD_STEPPED, STEPS_INVALID, steps[0].from_instalment = 2);
    REFUSED(METHOD_STEPPED, STEPS_INVALID, steps[0].share.per_billion = 0);
    REFUSED(METHOD_STEPPED, STEPS_INVALID, steps[1].share.per_billion = 10 * RATE_UNIT + 1);
    REFUSED(METHOD_STEPPED, STEPS_INVALID, steps[1].from_instalment = 1);
    REFUSED(LEVEL, RATE_STEPS_INVALID, rate_step_count = RATE_STEPS_MAX + 1);
    struct terms terms = good(LEVEL);
    terms.rate_step_count = 1;
    terms.rate_steps[0] = (struct rate_step){terms.start_day, {60000000}};
    assert_int_equal(terms_validate(&terms), TERMS_RATE_STEPS_INVALID);
    terms.rate_steps[0].from_day = day_add(terms.start_day, 10);
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    terms.rate_steps[0].annual_rate.per_billion = RATE_UNIT + 1;
    assert_int_equal(terms_validate(&terms), TERMS_RATE_STEPS_INVALID);
    terms.method = METHOD_INTEREST_FREE;
    terms.annual_rate = RATE_ZERO;
    terms.rate_steps[0].annual_rate.per_billion = 1;
    assert_int_equal(terms_validate(&terms), TERMS_RATE_STEPS_INVALID);
}

static void test_charges(void **state) {
    (void)state;
    REFUSED(LEVEL, DRAWDOWN_LIMIT_OUT_OF_RANGE, drawdown_limit.fen = 999999);
    REFUSED(LEVEL, DRAWDOWN_LIMIT_OUT_OF_RANGE, drawdown_limit.fen = PRINCIPAL_MAX_FEN + 1);
    REFUSED(LEVEL, CHARGES_INVALID, charge_count = CHARGE_TERMS_MAX + 1);
    static const struct charge_terms bad[] = {
        {.time = (enum charge_time)CHARGE_TIME_COUNT},
        {.base = (enum charge_base)CHARGE_BASE_COUNT},
        {.time = CHARGE_UP_FRONT, .base = CHARGE_BASE_INSTALMENT},
        {.time = CHARGE_UP_FRONT, .base = CHARGE_BASE_INSTALMENT_INTEREST},
        {.time = CHARGE_UP_FRONT, .base = CHARGE_BASE_INSTALMENT_PRINCIPAL},
        {.fixed = {1000001}},
        {.rate = {RATE_UNIT + 1}},
        {.least = {1000001}},
        {.most = {PRINCIPAL_MAX_FEN + 1}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct terms terms = good(LEVEL);
        terms.charge_count = 1;
        terms.charges[0] = bad[i];
        assert_int_equal(terms_validate(&terms), TERMS_CHARGES_INVALID);
    }
    REFUSED(LEVEL, SUBSIDY_OUT_OF_RANGE, subsidy.share.per_billion = RATE_UNIT + 1);
}

static void test_default(void **state) {
    (void)state;
    REFUSED(LEVEL, PENALTY_RATE_OUT_OF_RANGE, penalty.compound_rate.per_billion = RATE_UNIT);
    REFUSED(LEVEL, LATE_FEE_OUT_OF_RANGE, penalty.late_fee.fen = -1);
    REFUSED(LEVEL, LATE_FEE_OUT_OF_RANGE, penalty.late_fee_most.fen = -1);
    REFUSED(LEVEL, LATE_FEE_OUT_OF_RANGE, penalty.late_fee_rate.per_billion = -1);
    REFUSED(LEVEL, PENALTY_CEILING_OUT_OF_RANGE, penalty.contract_multiple.per_billion = -1);
    REFUSED(LEVEL, EXTENSION_OUT_OF_RANGE, extension.fee.fen = -1);
    REFUSED(LEVEL, EXTENSION_OUT_OF_RANGE, extension.daily_rate.per_billion = RATE_UNIT);
}

static void test_service(void **state) {
    (void)state;
    REFUSED(
        LEVEL, ALLOCATION_INVALID, allocation.steps[0].due_class = (enum due_class)DUE_CLASS_COUNT);
    REFUSED(
        LEVEL, ALLOCATION_INVALID, allocation.steps[0].component = (enum component)COMPONENT_COUNT);
    REFUSED(LEVEL, ALLOCATION_INVALID, allocation.advance = (enum advance_rule)ADVANCE_RULE_COUNT);
    REFUSED(LEVEL, ALLOCATION_INVALID, override_count = ALLOCATION_OVERRIDES_MAX + 1);
    struct terms terms = good(LEVEL);
    terms.override_count = 1;
    terms.overrides[0].order = terms.allocation;
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    terms.overrides[0].source = (enum payment_source)SOURCE_COUNT;
    assert_int_equal(terms_validate(&terms), TERMS_ALLOCATION_INVALID);
    terms.overrides[0].source = SOURCE_SHOP;
    terms.overrides[0].order.steps[0] = terms.overrides[0].order.steps[1];
    assert_int_equal(terms_validate(&terms), TERMS_ALLOCATION_INVALID);
    REFUSED(LEVEL, CREDIT_ORDER_INVALID, credit_order[0] = changed.credit_order[1]);
    REFUSED(LEVEL, CREDIT_ORDER_INVALID, credit_order[0] = (enum component)COMPONENT_COUNT);
    REFUSED(LEVEL, RECOGNITION_UNKNOWN, recognition = (enum recognition)RECOGNITION_COUNT);
    REFUSED(
        LEVEL, RECOGNITION_UNKNOWN, charge_off_rule = (enum charge_off_rule)CHARGE_OFF_RULE_COUNT);
    REFUSED(LEVEL, NON_ACCRUAL_OUT_OF_RANGE, non_accrual_days = 3661);
    REFUSED(LEVEL, NON_ACCRUAL_OUT_OF_RANGE, principal_first_days = 3661);
}

static void test_least_instalment(void **state) {
    (void)state;
    struct terms terms = good(LEVEL);
    terms.instalment_least.fen = 88849; /* what twelve instalments of 10,000.00 at 12 % are */
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    terms.instalment_least.fen = 88850;
    assert_int_equal(terms_validate(&terms), TERMS_INSTALMENT_BELOW_LEAST);
}

/* 10,000.00 at 1 % a month in twelve: 888.4879 a month. */
static void test_level_quickly(void **state) {
    (void)state;
    struct growth growths[12];
    struct money level;
    for (int i = 0; i < 12; i++)
        growths[i] = (struct growth){1, 100};
    assert_true(level_quickly(money_fen(1000000), growths, 12, ROUND_HALF_UP, &level));
    assert_int_equal(level.fen, 88849);
    assert_true(level_quickly(money_fen(1000000), growths, 12, ROUND_FLOOR, &level));
    assert_int_equal(level.fen, 88848);
    /* One fen and a half of it is an exact tie: the bounds round apart. */
    growths[0] = (struct growth){1, 2};
    assert_false(level_quickly(money_fen(1), growths, 1, ROUND_HALF_UP, &level));
    growths[0] = (struct growth){0, 100};
    assert_false(level_quickly(money_fen(1000000), growths, 12, ROUND_HALF_UP, &level));
    growths[0] = (struct growth){(int128)1 << 63, 100};
    assert_false(level_quickly(money_fen(1000000), growths, 12, ROUND_HALF_UP, &level));
    growths[0] = (struct growth){1, (int128)1 << 63};
    assert_false(level_quickly(money_fen(1000000), growths, 12, ROUND_HALF_UP, &level));
    growths[0] = (struct growth){1, 99};
    growths[1] = (struct growth){2, 99};
    growths[2] = (struct growth){2, 100};
    assert_true(level_quickly(money_fen(1000000), growths, 12, ROUND_HALF_UP, &level));
}

/* Growths beyond what a level could be: the general way answers, or says that it is too much. */
static void test_level_of_steep_growths(void **state) {
    (void)state;
    struct money level;
    const int64_t steep[] = {(int64_t)1 << 62, (int64_t)1 << 44, (int64_t)1 << 14};
    for (int i = 0; i < 3; i++) {
        struct growth growth = {steep[i], 1};
        assert_false(
            level_quickly(money_fen(PRINCIPAL_MAX_FEN), &growth, 1, ROUND_HALF_UP, &level));
    }
}

/* A period's growth that leaves 64 bits: 20 years at 100 %, to 17 decimals. */
static void test_long_decimal_period(void **state) {
    (void)state;
    static struct schedule schedule;
    struct terms terms = plan(LEVEL, 1000000, 1, RATE_UNIT);
    terms.period_unit = PERIOD_YEAR;
    terms.period_length = 20;
    terms.factor_decimals = 17;
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    schedule_build(&terms, &schedule);
    assert_int_equal(schedule.rows[0].interest.fen, 20000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bases),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_custom),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_steps_and_rates),
        cmocka_unit_test(test_charges),
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_service),
        cmocka_unit_test(test_least_instalment),
        cmocka_unit_test(test_level_quickly),
        cmocka_unit_test(test_level_of_steep_growths),
        cmocka_unit_test(test_long_decimal_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
