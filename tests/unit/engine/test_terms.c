/* test_terms.c: every refusal of terms, in the order in which they are checked. */
#include "../cmocka_include.h"

#include "engine/schedule.h"
#include "plan.h"

static struct terms good(void) {
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
    terms.penalty.daily_rate.per_billion = 500000;
    return terms;
}

static void refused(struct terms terms, enum terms_refusal refusal) {
    assert_int_equal(terms_validate(&terms), refusal);
}

static void test_amounts(void **state) {
    (void)state;
    struct terms terms = good();
    refused(terms, TERMS_OK);
    terms.method = (enum method)METHOD_COUNT;
    refused(terms, TERMS_METHOD_UNKNOWN);
    static const int64_t principals[] = {0, -1, PRINCIPAL_MAX_FEN + 1};
    for (int i = 0; i < 3; i++) {
        terms = good();
        terms.principal.fen = principals[i];
        refused(terms, TERMS_PRINCIPAL_OUT_OF_RANGE);
    }
    terms = good();
    terms.instalment_count = 0;
    refused(terms, TERMS_INSTALMENT_COUNT_OUT_OF_RANGE);
    terms.instalment_count = INSTALMENTS_MAX + 1;
    refused(terms, TERMS_INSTALMENT_COUNT_OUT_OF_RANGE);
    terms = good();
    terms.annual_rate.per_billion = RATE_UNIT + 1;
    refused(terms, TERMS_ANNUAL_RATE_OUT_OF_RANGE);
    terms.annual_rate.per_billion = -1;
    refused(terms, TERMS_ANNUAL_RATE_OUT_OF_RANGE);
    terms = good();
    terms.method = METHOD_INTEREST_FREE;
    refused(terms, TERMS_ANNUAL_RATE_OUT_OF_RANGE);
    terms = good();
    terms.period_fee_rate.per_billion = 1;
    refused(terms, TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE);
    terms.fee_quote = (enum fee_quote)FEE_QUOTE_COUNT;
    refused(terms, TERMS_FEE_QUOTE_UNKNOWN);
}

static void test_days(void **state) {
    (void)state;
    struct terms terms = good();
    terms.day_basis = (enum day_basis)DAY_BASIS_COUNT;
    refused(terms, TERMS_DAY_BASIS_UNKNOWN);
    terms = good();
    terms.level_plan = (enum level_plan)LEVEL_PLAN_COUNT;
    refused(terms, TERMS_LEVEL_PLAN_UNKNOWN);
    terms = good();
    terms.start_day = day_from_civil(1999, 12, 31);
    refused(terms, TERMS_START_DAY_OUT_OF_RANGE);
    terms.start_day = DAY_NONE;
    refused(terms, TERMS_START_DAY_OUT_OF_RANGE);
    terms = good();
    terms.due_rule = (enum due_rule)DUE_RULE_COUNT;
    refused(terms, TERMS_DUE_RULE_UNKNOWN);
    terms = good();
    terms.account_day = 10;
    refused(terms, TERMS_ACCOUNT_DAY_OUT_OF_RANGE);
    terms.due_rule = DUE_RULE_ACCOUNT_DAY;
    refused(terms, TERMS_OK);
    terms.account_day = 32;
    refused(terms, TERMS_ACCOUNT_DAY_OUT_OF_RANGE);
    terms = good();
    terms.first_due_day = terms.start_day;
    refused(terms, TERMS_FIRST_DUE_DAY_OUT_OF_RANGE);
    terms.first_due_day = day_add(terms.start_day, 93);
    refused(terms, TERMS_FIRST_DUE_DAY_OUT_OF_RANGE);
    terms.first_due_day = day_add(terms.start_day, 92);
    refused(terms, TERMS_OK);
    terms = good();
    terms.rounding = (enum rounding)ROUNDING_COUNT;
    refused(terms, TERMS_ROUNDING_UNKNOWN);
    terms = good();
    terms.principal_rounding = (enum rounding)ROUNDING_COUNT;
    refused(terms, TERMS_PRINCIPAL_ROUNDING_UNKNOWN);
    terms = good();
    terms.remainder = REMAINDER_FIRST;
    refused(terms, TERMS_REMAINDER_UNKNOWN);
}

static void test_contingent(void **state) {
    (void)state;
    struct terms terms = good();
    terms.penalty.daily_rate.per_billion = RATE_UNIT / 100 + 1;
    refused(terms, TERMS_PENALTY_RATE_OUT_OF_RANGE);
    terms = good();
    terms.penalty.grace_days = 31;
    refused(terms, TERMS_GRACE_DAYS_OUT_OF_RANGE);
    terms = good();
    terms.penalty.grace_kind = (enum grace_kind)GRACE_KIND_COUNT;
    refused(terms, TERMS_GRACE_KIND_UNKNOWN);
    terms = good();
    terms.penalty.late_fee.fen = terms.principal.fen + 1;
    refused(terms, TERMS_LATE_FEE_OUT_OF_RANGE);
    terms = good();
    terms.all_in_cap.per_billion = RATE_UNIT + 1;
    refused(terms, TERMS_CAP_OUT_OF_RANGE);
    terms.all_in_cap.per_billion = 119000000;
    refused(terms, TERMS_COST_OVER_CAP);
    terms.all_in_cap.per_billion = 120000000;
    refused(terms, TERMS_OK);
    terms = good();
    terms.settle_rule = (enum settle_rule)SETTLE_RULE_COUNT;
    refused(terms, TERMS_SETTLE_RULE_UNKNOWN);
    terms = good();
    terms.extension.max_times = 13;
    refused(terms, TERMS_EXTENSION_OUT_OF_RANGE);
    terms = good();
    terms.extension.max_days = 181;
    refused(terms, TERMS_EXTENSION_OUT_OF_RANGE);
    terms = good();
    terms.allocation.steps[0] = terms.allocation.steps[1];
    refused(terms, TERMS_ALLOCATION_INVALID);
    terms = good();
    struct allocation_step first = terms.allocation.steps[0];
    terms.allocation.steps[0] = terms.allocation.steps[4];
    terms.allocation.steps[4] = first;
    refused(terms, TERMS_ALLOCATION_INVALID);
    terms = good();
    terms.due_window_days = 29;
    refused(terms, TERMS_DUE_WINDOW_OUT_OF_RANGE);
    terms = good();
    terms.notice_days = -1;
    refused(terms, TERMS_NOTICE_DAYS_OUT_OF_RANGE);
    terms = good();
    terms.retry_days = 91;
    refused(terms, TERMS_RETRY_DAYS_OUT_OF_RANGE);
}

static void test_every_refusal_names_a_field(void **state) {
    (void)state;
    assert_string_equal(terms_refusal_field(TERMS_OK), "");
    for (int i = 1; i < TERMS_REFUSAL_COUNT; i++)
        assert_true(terms_refusal_field((enum terms_refusal)i)[0] != '\0');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_contingent),
        cmocka_unit_test(test_every_refusal_names_a_field),
    };
    return cmocka_run_group_tests_name("engine_terms", tests, NULL, NULL);
}
