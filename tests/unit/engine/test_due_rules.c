/*
 * test_due_rules.c: the days of a plan by the due rules of its terms (R-0002, R-0003, R-0110 to
 * R-0114): scheduled days, and the working days on which they fall due.
 */
#include "../cmocka_include.h"

#include "engine/schedule.h"
#include "plan.h"

#include <string.h>

enum { COUNT = 5 };

static struct schedule schedule;

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static struct terms terms_from(const char *start, enum due_rule rule) {
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1200000, COUNT, 120000000);
    terms.start_day = day(start);
    terms.due_rule = rule;
    return terms;
}

static void build(const struct terms *terms) {
    assert_int_equal(terms_validate(terms), TERMS_OK);
    schedule_build(terms, &schedule);
    for (int32_t i = 0; i < COUNT; i++) {
        const struct period *period = &schedule.rows[i].period;
        assert_int_equal(period->start.number,
            i == 0 ? terms->start_day.number : schedule.rows[i - 1].period.end.number);
        assert_int_equal(period->end.number, schedule_due_day(terms, i + 1).number);
        assert_int_equal(
            schedule.rows[i].due_day.number, schedule_working_day(terms, period->end).number);
    }
}

static void assert_scheduled(const struct terms *terms, const char *const *expected) {
    build(terms);
    for (int32_t i = 0; i < COUNT; i++) {
        char text[DAY_TEXT_SIZE];
        assert_string_equal(day_to_text(schedule.rows[i].period.end, text), expected[i]);
    }
}

static void test_month_ends(void **state) {
    (void)state;
    struct terms terms = terms_from("2026-01-31", DUE_RULE_ORDER_ANNIVERSARY);
    static const char *const clamp[] = {
        "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"};
    assert_scheduled(&terms, clamp);
    terms.due_rule = DUE_RULE_ROLL_TO_FIRST;
    static const char *const first[] = {
        "2026-03-01", "2026-03-31", "2026-05-01", "2026-05-31", "2026-07-01"};
    assert_scheduled(&terms, first);
    terms = terms_from("2026-02-28", DUE_RULE_MONTH_END);
    static const char *const sticky[] = {
        "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"};
    assert_scheduled(&terms, sticky);
    terms.due_rule = DUE_RULE_ORDER_ANNIVERSARY;
    static const char *const same[] = {
        "2026-03-28", "2026-04-28", "2026-05-28", "2026-06-28", "2026-07-28"};
    assert_scheduled(&terms, same);
    terms = terms_from("2026-02-03", DUE_RULE_ACCOUNT_DAY);
    terms.account_day = 31;
    static const char *const account[] = {
        "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"};
    assert_scheduled(&terms, account);
}

static void test_first_due_day(void **state) {
    (void)state;
    struct terms terms = terms_from("2026-01-10", DUE_RULE_ORDER_ANNIVERSARY);
    terms.first_due_day = day("2026-01-31");
    static const char *const clamp[] = {
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"};
    assert_scheduled(&terms, clamp);
    terms.first_due_day = day("2026-02-15");
    static const char *const plain[] = {
        "2026-02-15", "2026-03-15", "2026-04-15", "2026-05-15", "2026-06-15"};
    assert_scheduled(&terms, plain);
}

static void test_other_units(void **state) {
    (void)state;
    struct terms terms = terms_from("2026-01-31", DUE_RULE_ORDER_ANNIVERSARY);
    terms.period_unit = PERIOD_WEEK;
    terms.period_length = 2;
    static const char *const weeks[] = {
        "2026-02-14", "2026-02-28", "2026-03-14", "2026-03-28", "2026-04-11"};
    assert_scheduled(&terms, weeks);
    terms.period_unit = PERIOD_DAY;
    terms.period_length = 30;
    static const char *const days[] = {
        "2026-03-02", "2026-04-01", "2026-05-01", "2026-05-31", "2026-06-30"};
    assert_scheduled(&terms, days);
    terms.period_unit = PERIOD_MONTH;
    terms.period_length = 3;
    static const char *const quarters[] = {
        "2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31", "2027-04-30"};
    assert_scheduled(&terms, quarters);
    terms = terms_from("2024-02-29", DUE_RULE_ORDER_ANNIVERSARY);
    terms.period_unit = PERIOD_YEAR;
    static const char *const years[] = {
        "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"};
    assert_scheduled(&terms, years);
}

/* Whatever the day, a plan that walks from month to month has the days that are stepped to. */
static void test_every_start_day(void **state) {
    (void)state;
    for (int rule = 0; rule < DUE_RULE_COUNT; rule++)
        for (int32_t shift = 0; shift < 800; shift++) {
            struct terms terms = terms_from("2023-11-01", (enum due_rule)rule);
            terms.start_day = day_add(terms.start_day, shift);
            terms.account_day = rule == DUE_RULE_ACCOUNT_DAY ? shift % 31 + 1 : 0;
            build(&terms);
            for (int32_t i = 0; i < COUNT; i++)
                assert_true(
                    day_compare(schedule.rows[i].period.start, schedule.rows[i].period.end) < 0);
        }
}

/* A first period that is one period by the due rule is no odd one, though February is short. */
static void test_first_period_by_days(void **state) {
    (void)state;
    static const struct {
        const char *start, *first;
        enum due_rule rule;
        bool by_days;
    } rows[] = {
        {"2026-01-31", "", DUE_RULE_ORDER_ANNIVERSARY, false},
        {"2026-01-31", "", DUE_RULE_ROLL_TO_FIRST, false},
        {"2026-02-28", "", DUE_RULE_MONTH_END, false},
        {"2026-02-28", "2026-03-31", DUE_RULE_MONTH_END, false},
        {"2026-02-28", "2026-03-31", DUE_RULE_ORDER_ANNIVERSARY, true},
        {"2026-02-28", "2026-03-28", DUE_RULE_MONTH_END, true},
        {"2026-01-10", "2026-02-10", DUE_RULE_ORDER_ANNIVERSARY, false},
        {"2026-01-10", "2026-02-11", DUE_RULE_ORDER_ANNIVERSARY, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terms terms = terms_from(rows[i].start, rows[i].rule);
        if (rows[i].first[0] != '\0')
            terms.first_due_day = day(rows[i].first);
        terms.first_period_by_days = true;
        build(&terms);
        assert_int_equal(schedule.rows[0].period.by_days, rows[i].by_days);
        assert_false(schedule.rows[1].period.by_days);
        terms.day_basis = DAY_BASIS_ACT_365;
        build(&terms);
        assert_false(schedule.rows[0].period.by_days);
    }
}

/* 1 to 7 October 2026 are off; interest keeps to the scheduled day. */
static void test_due_days_off_holidays(void **state) {
    (void)state;
    static const struct {
        enum roll_rule roll;
        int32_t known_to;
        const char *due;
    } rows[] = {
        {ROLL_NONE, 2026, "2026-10-04"}, {ROLL_FOLLOWING, 2026, "2026-10-08"},
        {ROLL_PRECEDING, 2026, "2026-09-30"}, {ROLL_MODIFIED_PRECEDING, 2026, "2026-10-08"},
        {ROLL_FOLLOWING, 2025, "2026-10-05"}, /* accepted before the notice: a Sunday alone */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terms terms = terms_from("2026-09-04", DUE_RULE_ORDER_ANNIVERSARY);
        terms.due_roll = rows[i].roll;
        terms.holidays_known_to = rows[i].known_to;
        build(&terms);
        char text[DAY_TEXT_SIZE];
        assert_string_equal(day_to_text(schedule.rows[0].due_day, text), rows[i].due);
        assert_string_equal(day_to_text(schedule.rows[0].period.end, text), "2026-10-04");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_month_ends),
        cmocka_unit_test(test_first_due_day),
        cmocka_unit_test(test_other_units),
        cmocka_unit_test(test_every_start_day),
        cmocka_unit_test(test_first_period_by_days),
        cmocka_unit_test(test_due_days_off_holidays),
    };
    return cmocka_run_group_tests_name("engine_due_rules", tests, NULL, NULL);
}
