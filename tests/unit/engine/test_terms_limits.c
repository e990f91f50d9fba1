/*
 * test_terms_limits.c: the limits of every term, at the last value allowed and the first refused,
 * and the order of refusals when several terms are wrong.
 */
#include "../cmocka_include.h"

#include "engine/schedule.h"
#include "plan.h"

#define UNKNOWN(type) ((enum type)99)

static struct terms good(void) {
    return plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
}

static struct terms custom(void) {
    struct terms terms = plan(METHOD_CUSTOM, 1000000, 2, 120000000);
    terms.custom_count = 2;
    terms.custom[0] = (struct custom_row){day_from_civil(2026, 2, 1), money_fen(400000)};
    terms.custom[1] = (struct custom_row){day_from_civil(2026, 3, 1), money_fen(600000)};
    return terms;
}

static struct terms stepped(void) {
    struct terms terms = plan(METHOD_STEPPED, 1000000, 12, 120000000);
    terms.step_count = 2;
    terms.steps[0] = (struct plan_step){1, {RATE_UNIT}};
    terms.steps[1] = (struct plan_step){7, {2 * RATE_UNIT}};
    return terms;
}

static struct terms charged(void) {
    struct terms terms = good();
    terms.charge_count = 1;
    terms.charges[0] = (struct charge_terms){
        .time = CHARGE_UP_FRONT, .base = CHARGE_BASE_FIXED, .fixed = money_fen(100)};
    return terms;
}

static void expect(struct terms terms, enum terms_refusal refusal, int line) {
    enum terms_refusal said = terms_validate(&terms);
    if (said != refusal)
        fail_msg("line %d: \"%s\" refused, not \"%s\"", line, terms_refusal_field(said),
            terms_refusal_field(refusal));
}

/* `member` of `base` may be `inside`; `outside` is refused. */
#define EDGE(base, member, inside, outside, refusal)                                               \
    do {                                                                                           \
        struct terms changed = (base);                                                             \
        changed.member = (inside);                                                                 \
        expect(changed, TERMS_OK, __LINE__);                                                       \
        changed.member = (outside);                                                                \
        expect(changed, refusal, __LINE__);                                                        \
    } while (0)

static void test_amounts(void **state) {
    (void)state;
    EDGE(good(), principal.fen, PRINCIPAL_MAX_FEN, PRINCIPAL_MAX_FEN + 1,
        TERMS_PRINCIPAL_OUT_OF_RANGE);
    EDGE(good(), instalment_count, PLAN_INSTALMENTS_MAX, PLAN_INSTALMENTS_MAX + 1,
        TERMS_INSTALMENT_COUNT_OUT_OF_RANGE);
    EDGE(custom(), custom_count, 2, 1, TERMS_INSTALMENT_COUNT_OUT_OF_RANGE);
    EDGE(good(), annual_rate.per_billion, RATE_UNIT, RATE_UNIT + 1, TERMS_ANNUAL_RATE_OUT_OF_RANGE);
    struct terms fee = plan(METHOD_FEE_PER_PERIOD, 1000000, 12, 0);
    EDGE(fee, period_fee_rate.per_billion, RATE_UNIT / 10, RATE_UNIT / 10 + 1,
        TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE);
    fee.fee_quote = FEE_QUOTE_TOTAL;
    EDGE(fee, period_fee_rate.per_billion, RATE_UNIT, RATE_UNIT + 1,
        TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE);
}

static void test_interest_on_outstanding_wants_a_balance(void **state) {
    (void)state;
    EDGE(good(), interest_on, INTEREST_ON_OUTSTANDING, UNKNOWN(interest_on),
        TERMS_INTEREST_ON_UNKNOWN);
    struct terms terms = good();
    terms.interest_on = INTEREST_ON_OUTSTANDING;
    EDGE(terms, level_plan, LEVEL_PLAN_EVEN, LEVEL_PLAN_BY_MONTH, TERMS_INTEREST_ON_UNKNOWN);
    EDGE(terms, method, METHOD_EQUAL_PRINCIPAL, METHOD_FLAT, TERMS_INTEREST_ON_UNKNOWN);
    EDGE(terms, method, METHOD_INTEREST_ONLY, METHOD_BULLET, TERMS_INTEREST_ON_UNKNOWN);
}

static void test_days(void **state) {
    (void)state;
    EDGE(good(), start_day, day_from_civil(2200, 12, 31), day_from_civil(2201, 1, 1),
        TERMS_START_DAY_OUT_OF_RANGE);
    EDGE(good(), start_day, day_from_civil(2000, 1, 1), day_from_civil(1999, 12, 31),
        TERMS_START_DAY_OUT_OF_RANGE);
    EDGE(good(), due_roll, ROLL_FOLLOWING, UNKNOWN(roll_rule), TERMS_DUE_ROLL_UNKNOWN);
    EDGE(good(), period_unit, PERIOD_WEEK, UNKNOWN(period_unit), TERMS_PERIOD_OUT_OF_RANGE);
    EDGE(good(), period_length, 1, 0, TERMS_PERIOD_OUT_OF_RANGE);
    struct terms by_days = good();
    by_days.period_unit = PERIOD_DAY;
    EDGE(by_days, period_length, 366, 367, TERMS_PERIOD_OUT_OF_RANGE);
    struct terms by_account_day = good();
    by_account_day.due_rule = DUE_RULE_ACCOUNT_DAY;
    by_account_day.account_day = 31;
    EDGE(by_account_day, period_unit, PERIOD_MONTH, PERIOD_WEEK, TERMS_PERIOD_OUT_OF_RANGE);
    /* A plan spans at most 20000 days: 54 years of 366, not 55. */
    struct terms by_years = good();
    by_years.period_unit = PERIOD_YEAR;
    EDGE(by_years, instalment_count, 54, 55, TERMS_PERIOD_OUT_OF_RANGE);
    EDGE(good(), down_payment.per_billion, RATE_UNIT / 2, RATE_UNIT,
        TERMS_DOWN_PAYMENT_OUT_OF_RANGE);
    EDGE(good(), down_payment.per_billion, 0, -1, TERMS_DOWN_PAYMENT_OUT_OF_RANGE);
    EDGE(good(), multiple.fen, 1000000, 1000001, TERMS_MULTIPLE_OUT_OF_RANGE);
    EDGE(good(), multiple.fen, 0, -1, TERMS_MULTIPLE_OUT_OF_RANGE);
    struct terms large = good();
    large.principal.fen = 200000000;
    EDGE(large, multiple.fen, 100000000, 100000001, TERMS_MULTIPLE_OUT_OF_RANGE);
}

static void test_custom_plans(void **state) {
    (void)state;
    EDGE(good(), custom_count, 0, 1, TERMS_CUSTOM_INVALID);
    EDGE(custom(), custom[0].due_day, day_from_civil(2026, 1, 16), day_from_civil(2026, 1, 15),
        TERMS_CUSTOM_INVALID);
    EDGE(custom(), custom[1].due_day, day_from_civil(2026, 2, 2), day_from_civil(2026, 2, 1),
        TERMS_CUSTOM_INVALID);
    EDGE(custom(), custom[1].due_day, day_add(day_from_civil(2026, 1, 15), 20000),
        day_add(day_from_civil(2026, 1, 15), 20001), TERMS_CUSTOM_INVALID);
    EDGE(custom(), custom[0].principal.fen, 400000, 400001, TERMS_CUSTOM_INVALID);
    struct terms terms = custom();
    terms.custom[0].principal.fen = -1;
    terms.custom[1].principal.fen = 1000001;
    expect(terms, TERMS_CUSTOM_INVALID, __LINE__);
    terms.custom[0].principal.fen = 0;
    terms.custom[1].principal.fen = 1000000;
    expect(terms, TERMS_OK, __LINE__);
    terms.custom[0].principal.fen = PRINCIPAL_MAX_FEN + 1;
    expect(terms, TERMS_CUSTOM_INVALID, __LINE__);
    /* A down payment of 10 % leaves 9000 yuan to repay. */
    terms = custom();
    terms.down_payment.per_billion = RATE_UNIT / 10;
    expect(terms, TERMS_CUSTOM_INVALID, __LINE__);
    terms.custom[1].principal.fen = 500000;
    expect(terms, TERMS_OK, __LINE__);
}

static void test_shape(void **state) {
    (void)state;
    EDGE(good(), remainder, REMAINDER_LAST, UNKNOWN(remainder_place), TERMS_REMAINDER_UNKNOWN);
    EDGE(good(), level_adjustments, 3, 4, TERMS_LEVEL_ADJUSTMENTS_OUT_OF_RANGE);
    EDGE(good(), level_adjustments, 0, -1, TERMS_LEVEL_ADJUSTMENTS_OUT_OF_RANGE);
    EDGE(good(), factor_decimals, 6, 5, TERMS_FACTOR_DECIMALS_OUT_OF_RANGE);
    EDGE(good(), factor_decimals, 17, 18, TERMS_FACTOR_DECIMALS_OUT_OF_RANGE);
    EDGE(good(), principal_grace_count, 11, 12, TERMS_PRINCIPAL_GRACE_OUT_OF_RANGE);
    EDGE(good(), interest_free_count, 12, 13, TERMS_INTEREST_FREE_OUT_OF_RANGE);
    struct terms balloon = plan(METHOD_BALLOON, 1000000, 12, 120000000);
    EDGE(balloon, balloon.fen, 1000000, 1000001, TERMS_BALLOON_OUT_OF_RANGE);
    EDGE(good(), balloon.fen, 0, 1, TERMS_BALLOON_OUT_OF_RANGE);
}

static void test_steps(void **state) {
    (void)state;
    EDGE(good(), step_count, 0, 1, TERMS_STEPS_INVALID);
    EDGE(stepped(), step_count, 1, 0, TERMS_STEPS_INVALID);
    EDGE(stepped(), step_count, 2, PLAN_STEPS_MAX + 1, TERMS_STEPS_INVALID);
    EDGE(stepped(), steps[0].from_instalment, 1, 2, TERMS_STEPS_INVALID);
    EDGE(stepped(), steps[1].from_instalment, 2, 1, TERMS_STEPS_INVALID);
    EDGE(stepped(), steps[0].share.per_billion, 1, 0, TERMS_STEPS_INVALID);
    EDGE(stepped(), steps[1].share.per_billion, 10 * RATE_UNIT, 10 * RATE_UNIT + 1,
        TERMS_STEPS_INVALID);
    struct terms terms = good();
    terms.rate_step_count = 2;
    terms.rate_steps[0] = (struct rate_step){day_from_civil(2026, 2, 15), {100000000}};
    terms.rate_steps[1] = (struct rate_step){day_from_civil(2026, 3, 15), {RATE_ZERO.per_billion}};
    EDGE(terms, rate_step_count, 2, RATE_STEPS_MAX + 1, TERMS_RATE_STEPS_INVALID);
    EDGE(terms, rate_step_count, 0, -1, TERMS_RATE_STEPS_INVALID);
    EDGE(terms, rate_steps[0].from_day, day_from_civil(2026, 1, 16), day_from_civil(2026, 1, 15),
        TERMS_RATE_STEPS_INVALID);
    EDGE(terms, rate_steps[1].from_day, day_from_civil(2026, 2, 16), day_from_civil(2026, 2, 15),
        TERMS_RATE_STEPS_INVALID);
    EDGE(terms, rate_steps[1].annual_rate.per_billion, RATE_UNIT, RATE_UNIT + 1,
        TERMS_RATE_STEPS_INVALID);
    terms.method = METHOD_INTEREST_FREE;
    terms.annual_rate = RATE_ZERO;
    EDGE(terms, rate_steps[0].annual_rate.per_billion, 0, 1, TERMS_RATE_STEPS_INVALID);
}

static void test_drawing(void **state) {
    (void)state;
    EDGE(good(), drawdown_limit.fen, 1000000, 999999, TERMS_DRAWDOWN_LIMIT_OUT_OF_RANGE);
    EDGE(good(), drawdown_limit.fen, PRINCIPAL_MAX_FEN, PRINCIPAL_MAX_FEN + 1,
        TERMS_DRAWDOWN_LIMIT_OUT_OF_RANGE);
    EDGE(good(), subsidy.share.per_billion, RATE_UNIT, RATE_UNIT + 1, TERMS_SUBSIDY_OUT_OF_RANGE);
    EDGE(charged(), charge_count, 1, CHARGE_TERMS_MAX + 1, TERMS_CHARGES_INVALID);
    EDGE(charged(), charges[0].time, CHARGE_ON_DRAWDOWN, UNKNOWN(charge_time),
        TERMS_CHARGES_INVALID);
    EDGE(charged(), charges[0].base, CHARGE_BASE_PRINCIPAL, UNKNOWN(charge_base),
        TERMS_CHARGES_INVALID);
    static const enum charge_base of_instalment[] = {
        CHARGE_BASE_INSTALMENT_PRINCIPAL, CHARGE_BASE_INSTALMENT_INTEREST, CHARGE_BASE_INSTALMENT};
    for (int i = 0; i < 3; i++) {
        struct terms terms = charged();
        terms.charges[0].base = of_instalment[i];
        EDGE(terms, charges[0].time, CHARGE_PER_INSTALMENT, CHARGE_UP_FRONT, TERMS_CHARGES_INVALID);
    }
    EDGE(charged(), charges[0].fixed.fen, 1000000, 1000001, TERMS_CHARGES_INVALID);
    EDGE(charged(), charges[0].rate.per_billion, RATE_UNIT, RATE_UNIT + 1, TERMS_CHARGES_INVALID);
    EDGE(charged(), charges[0].least.fen, 1000000, 1000001, TERMS_CHARGES_INVALID);
    EDGE(charged(), charges[0].most.fen, PRINCIPAL_MAX_FEN, PRINCIPAL_MAX_FEN + 1,
        TERMS_CHARGES_INVALID);
}

static void test_penalty(void **state) {
    (void)state;
    const int64_t percent = RATE_UNIT / 100;
    EDGE(good(), penalty.daily_rate.per_billion, percent, percent + 1,
        TERMS_PENALTY_RATE_OUT_OF_RANGE);
    EDGE(good(), penalty.compound_rate.per_billion, percent, percent + 1,
        TERMS_PENALTY_RATE_OUT_OF_RANGE);
    EDGE(good(), penalty.grace_days, 30, 31, TERMS_GRACE_DAYS_OUT_OF_RANGE);
    EDGE(good(), penalty.late_fee.fen, 1000000, 1000001, TERMS_LATE_FEE_OUT_OF_RANGE);
    EDGE(good(), penalty.late_fee_most.fen, PRINCIPAL_MAX_FEN, PRINCIPAL_MAX_FEN + 1,
        TERMS_LATE_FEE_OUT_OF_RANGE);
    EDGE(good(), penalty.late_fee_rate.per_billion, RATE_UNIT, RATE_UNIT + 1,
        TERMS_LATE_FEE_OUT_OF_RANGE);
    EDGE(good(), penalty.contract_multiple.per_billion, 10 * RATE_UNIT, 10 * RATE_UNIT + 1,
        TERMS_PENALTY_CEILING_OUT_OF_RANGE);
    EDGE(good(), extension.max_times, 12, 13, TERMS_EXTENSION_OUT_OF_RANGE);
    EDGE(good(), extension.max_days, 180, 181, TERMS_EXTENSION_OUT_OF_RANGE);
    EDGE(good(), extension.fee.fen, 1000000, 1000001, TERMS_EXTENSION_OUT_OF_RANGE);
    EDGE(good(), extension.daily_rate.per_billion, percent, percent + 1,
        TERMS_EXTENSION_OUT_OF_RANGE);
}

static void test_allocation(void **state) {
    (void)state;
    EDGE(good(), allocation.steps[11].due_class, DUE_CLASS_IN_ADVANCE, UNKNOWN(due_class),
        TERMS_ALLOCATION_INVALID);
    EDGE(good(), allocation.steps[11].component, COMPONENT_PRINCIPAL, UNKNOWN(component),
        TERMS_ALLOCATION_INVALID);
    EDGE(good(), allocation.steps[11].component, COMPONENT_PRINCIPAL, COMPONENT_INTEREST,
        TERMS_ALLOCATION_INVALID);
    EDGE(good(), allocation.advance, ADVANCE_EVENLY, UNKNOWN(advance_rule),
        TERMS_ALLOCATION_INVALID);
    struct terms terms = good();
    terms.override_count = 1;
    terms.overrides[0] =
        (struct allocation_override){.source = SOURCE_GOODWILL, .order = terms.allocation};
    EDGE(terms, override_count, 1, ALLOCATION_OVERRIDES_MAX + 1, TERMS_ALLOCATION_INVALID);
    EDGE(terms, overrides[0].source, SOURCE_DOWN_PAYMENT, UNKNOWN(payment_source),
        TERMS_ALLOCATION_INVALID);
    EDGE(terms, overrides[0].order.advance, ADVANCE_LAST, UNKNOWN(advance_rule),
        TERMS_ALLOCATION_INVALID);
    EDGE(good(), credit_order[0], COMPONENT_PRINCIPAL, COMPONENT_FEE, TERMS_CREDIT_ORDER_INVALID);
    EDGE(good(), credit_order[0], COMPONENT_PRINCIPAL, UNKNOWN(component),
        TERMS_CREDIT_ORDER_INVALID);
}

static void test_books_and_notices(void **state) {
    (void)state;
    EDGE(good(), recognition, RECOGNISED_DAILY, UNKNOWN(recognition), TERMS_RECOGNITION_UNKNOWN);
    EDGE(good(), charge_off_rule, CHARGE_OFF_ACCELERATE, UNKNOWN(charge_off_rule),
        TERMS_RECOGNITION_UNKNOWN);
    EDGE(good(), non_accrual_days, 3660, 3661, TERMS_NON_ACCRUAL_OUT_OF_RANGE);
    EDGE(good(), principal_first_days, 3660, 3661, TERMS_NON_ACCRUAL_OUT_OF_RANGE);
    EDGE(good(), due_window_days, 28, 29, TERMS_DUE_WINDOW_OUT_OF_RANGE);
    EDGE(good(), notice_days, 28, 29, TERMS_NOTICE_DAYS_OUT_OF_RANGE);
    EDGE(good(), retry_days, 90, 91, TERMS_RETRY_DAYS_OUT_OF_RANGE);
}

/* 10,000.00 at 12 % in 12 months is 888.49 a month: 12 % is just covered by a cap of 12 %. */
static void test_what_the_whole_plan_must_keep(void **state) {
    (void)state;
    EDGE(good(), instalment_least.fen, 88849, 88850, TERMS_INSTALMENT_BELOW_LEAST);
    struct terms terms = good();
    terms.instalment_least.fen = 88849;
    EDGE(terms, all_in_cap.per_billion, 120000000, 119000000, TERMS_COST_OVER_CAP);
}

/* Every field is wrong at once. */
static struct terms all_wrong(void) {
    struct terms terms = good();
    terms.method = UNKNOWN(method);
    terms.principal.fen = 0;
    terms.instalment_count = 0;
    terms.annual_rate.per_billion = -1;
    terms.fee_quote = UNKNOWN(fee_quote);
    terms.period_fee_rate.per_billion = 1;
    terms.day_basis = UNKNOWN(day_basis);
    terms.level_plan = UNKNOWN(level_plan);
    terms.interest_on = UNKNOWN(interest_on);
    terms.start_day = DAY_NONE;
    terms.due_rule = UNKNOWN(due_rule);
    terms.account_day = 32;
    terms.period_length = 0;
    terms.due_roll = UNKNOWN(roll_rule);
    terms.down_payment.per_billion = -1;
    terms.rounding = UNKNOWN(rounding);
    terms.multiple.fen = -1;
    terms.custom_count = 1;
    terms.first_due_day = day_from_civil(2026, 1, 15);
    terms.principal_rounding = UNKNOWN(rounding);
    terms.remainder = UNKNOWN(remainder_place);
    terms.level_adjustments = -1;
    terms.factor_decimals = 1;
    terms.principal_grace_count = -1;
    terms.interest_free_count = -1;
    terms.balloon.fen = -1;
    terms.step_count = 1;
    terms.rate_step_count = -1;
    terms.drawdown_limit.fen = -1;
    terms.charge_count = -1;
    terms.subsidy.share.per_billion = -1;
    terms.penalty.daily_rate.per_billion = -1;
    terms.penalty.grace_days = -1;
    terms.penalty.grace_kind = UNKNOWN(grace_kind);
    terms.penalty.late_fee.fen = -1;
    terms.penalty.contract_multiple.per_billion = -1;
    terms.all_in_cap.per_billion = -1;
    terms.settle_rule = UNKNOWN(settle_rule);
    terms.extension.max_times = -1;
    terms.allocation.advance = UNKNOWN(advance_rule);
    terms.credit_order[0] = UNKNOWN(component);
    terms.recognition = UNKNOWN(recognition);
    terms.non_accrual_days = -1;
    terms.due_window_days = -1;
    terms.notice_days = -1;
    terms.retry_days = -1;
    terms.instalment_least.fen = 88850;
    return terms;
}

/* `member` is the first that is wrong; then it is put right. */
#define NEXT(refusal, member)                                                                      \
    do {                                                                                           \
        expect(*wrong, refusal, __LINE__);                                                         \
        wrong->member = right->member;                                                             \
    } while (0)

static void put_the_plan_right(struct terms *wrong, const struct terms *right) {
    NEXT(TERMS_METHOD_UNKNOWN, method);
    NEXT(TERMS_PRINCIPAL_OUT_OF_RANGE, principal);
    NEXT(TERMS_INSTALMENT_COUNT_OUT_OF_RANGE, instalment_count);
    NEXT(TERMS_ANNUAL_RATE_OUT_OF_RANGE, annual_rate);
    NEXT(TERMS_FEE_QUOTE_UNKNOWN, fee_quote);
    NEXT(TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE, period_fee_rate);
    NEXT(TERMS_DAY_BASIS_UNKNOWN, day_basis);
    NEXT(TERMS_LEVEL_PLAN_UNKNOWN, level_plan);
    NEXT(TERMS_INTEREST_ON_UNKNOWN, interest_on);
    NEXT(TERMS_START_DAY_OUT_OF_RANGE, start_day);
    NEXT(TERMS_DUE_RULE_UNKNOWN, due_rule);
    NEXT(TERMS_ACCOUNT_DAY_OUT_OF_RANGE, account_day);
    NEXT(TERMS_PERIOD_OUT_OF_RANGE, period_length);
    NEXT(TERMS_DUE_ROLL_UNKNOWN, due_roll);
    NEXT(TERMS_DOWN_PAYMENT_OUT_OF_RANGE, down_payment);
    NEXT(TERMS_ROUNDING_UNKNOWN, rounding);
    NEXT(TERMS_MULTIPLE_OUT_OF_RANGE, multiple);
    NEXT(TERMS_CUSTOM_INVALID, custom_count);
    NEXT(TERMS_FIRST_DUE_DAY_OUT_OF_RANGE, first_due_day);
    NEXT(TERMS_PRINCIPAL_ROUNDING_UNKNOWN, principal_rounding);
    NEXT(TERMS_REMAINDER_UNKNOWN, remainder);
    NEXT(TERMS_LEVEL_ADJUSTMENTS_OUT_OF_RANGE, level_adjustments);
    NEXT(TERMS_FACTOR_DECIMALS_OUT_OF_RANGE, factor_decimals);
    NEXT(TERMS_PRINCIPAL_GRACE_OUT_OF_RANGE, principal_grace_count);
    NEXT(TERMS_INTEREST_FREE_OUT_OF_RANGE, interest_free_count);
    NEXT(TERMS_BALLOON_OUT_OF_RANGE, balloon);
    NEXT(TERMS_STEPS_INVALID, step_count);
    NEXT(TERMS_RATE_STEPS_INVALID, rate_step_count);
    NEXT(TERMS_DRAWDOWN_LIMIT_OUT_OF_RANGE, drawdown_limit);
    NEXT(TERMS_CHARGES_INVALID, charge_count);
    NEXT(TERMS_SUBSIDY_OUT_OF_RANGE, subsidy);
}

static void put_the_service_right(struct terms *wrong, const struct terms *right) {
    NEXT(TERMS_PENALTY_RATE_OUT_OF_RANGE, penalty.daily_rate);
    NEXT(TERMS_GRACE_DAYS_OUT_OF_RANGE, penalty.grace_days);
    NEXT(TERMS_GRACE_KIND_UNKNOWN, penalty.grace_kind);
    NEXT(TERMS_LATE_FEE_OUT_OF_RANGE, penalty.late_fee);
    NEXT(TERMS_PENALTY_CEILING_OUT_OF_RANGE, penalty.contract_multiple);
    NEXT(TERMS_CAP_OUT_OF_RANGE, all_in_cap);
    NEXT(TERMS_SETTLE_RULE_UNKNOWN, settle_rule);
    NEXT(TERMS_EXTENSION_OUT_OF_RANGE, extension);
    NEXT(TERMS_ALLOCATION_INVALID, allocation);
    NEXT(TERMS_CREDIT_ORDER_INVALID, credit_order[0]);
    NEXT(TERMS_RECOGNITION_UNKNOWN, recognition);
    NEXT(TERMS_NON_ACCRUAL_OUT_OF_RANGE, non_accrual_days);
    NEXT(TERMS_DUE_WINDOW_OUT_OF_RANGE, due_window_days);
    NEXT(TERMS_NOTICE_DAYS_OUT_OF_RANGE, notice_days);
    NEXT(TERMS_RETRY_DAYS_OUT_OF_RANGE, retry_days);
    wrong->all_in_cap.per_billion = 119000000;
    NEXT(TERMS_INSTALMENT_BELOW_LEAST, instalment_least);
    NEXT(TERMS_COST_OVER_CAP, all_in_cap);
}

/* Each refusal is told before all that follow it in the enum. */
static void test_the_first_wrong_term_is_told(void **state) {
    (void)state;
    const struct terms right = good();
    struct terms terms = all_wrong();
    put_the_plan_right(&terms, &right);
    put_the_service_right(&terms, &right);
    expect(terms, TERMS_OK, __LINE__);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_interest_on_outstanding_wants_a_balance),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_custom_plans),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_drawing),
        cmocka_unit_test(test_penalty),
        cmocka_unit_test(test_allocation),
        cmocka_unit_test(test_books_and_notices),
        cmocka_unit_test(test_what_the_whole_plan_must_keep),
        cmocka_unit_test(test_the_first_wrong_term_is_told),
    };
    return cmocka_run_group_tests_name("engine_terms_limits", tests, NULL, NULL);
}
