/* test_due_day.c: steps of due days and patterns of regular days (R-0110, R-0111, R-0115). */
#include "../cmocka_include.h"

#include "engine/day_pattern.h"

#include <string.h>

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static void assert_day(struct day came, const char *expected) {
    char text[DAY_TEXT_SIZE];
    assert_string_equal(day_to_text(came, text), expected);
}

static void test_steps_through_short_months(void **state) {
    (void)state;
    static const char *const clamp[] = {"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"};
    static const char *const first[] = {"2026-01-31", "2026-03-01", "2026-03-31", "2026-05-01"};
    static const char *const sticky[] = {"2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"};
    for (int32_t k = 0; k < 4; k++) {
        assert_day(due_day_step(day(clamp[0]), PERIOD_MONTH, 1, k, MONTH_END_CLAMP), clamp[k]);
        assert_day(
            due_day_step(day(first[0]), PERIOD_MONTH, 1, k, MONTH_END_ROLL_TO_FIRST), first[k]);
        assert_day(due_day_step(day(sticky[0]), PERIOD_MONTH, 1, k, MONTH_END_STICKY), sticky[k]);
    }
    assert_day(due_day_step(day("2026-02-27"), PERIOD_MONTH, 1, 1, MONTH_END_STICKY), "2026-03-27");
    assert_day(
        due_day_step(day("2026-02-28"), PERIOD_MONTH, 1, 1, MONTH_END_ROLL_TO_FIRST), "2026-03-28");
}

static void test_other_units(void **state) {
    (void)state;
    assert_day(due_day_step(day("2026-01-31"), PERIOD_DAY, 30, 2, MONTH_END_CLAMP), "2026-04-01");
    assert_day(due_day_step(day("2026-01-31"), PERIOD_WEEK, 2, 3, MONTH_END_STICKY), "2026-03-14");
    assert_day(due_day_step(day("2024-02-29"), PERIOD_YEAR, 1, 1, MONTH_END_CLAMP), "2025-02-28");
    assert_day(due_day_step(day("2024-02-29"), PERIOD_YEAR, 2, 2, MONTH_END_CLAMP), "2028-02-29");
    assert_day(
        due_day_step(day("2024-02-29"), PERIOD_YEAR, 1, 1, MONTH_END_ROLL_TO_FIRST), "2025-03-01");
    assert_day(due_day_step(day("2025-02-28"), PERIOD_YEAR, 1, -1, MONTH_END_STICKY), "2024-02-29");
    assert_day(due_day_step(day("2026-03-31"), PERIOD_MONTH, 1, -1, MONTH_END_CLAMP), "2026-02-28");
}

/* A sequence goes strictly forward, whatever its rule. */
static void test_steps_go_forward(void **state) {
    (void)state;
    for (int rule = 0; rule < MONTH_END_RULE_COUNT; rule++)
        for (int unit = 0; unit < PERIOD_UNIT_COUNT; unit++)
            for (int32_t shift = 0; shift < 366; shift++) {
                struct day anchor = day_add(day("2024-01-01"), shift);
                struct day last = anchor;
                for (int32_t k = 1; k <= 14; k++) {
                    struct day next = due_day_step(
                        anchor, (enum period_unit)unit, 1, k, (enum month_end_rule)rule);
                    assert_true(day_compare(next, last) > 0);
                    last = next;
                }
            }
}

static const struct day_pattern month_end = {PATTERN_MONTH_END, 0};

static void test_patterns(void **state) {
    (void)state;
    assert_int_equal(day_pattern_of_month(31).kind, PATTERN_MONTH_END);
    assert_int_equal(day_pattern_of_month(30).number, 30);
    assert_day(day_pattern_adjust(day_pattern_of_month(30), day("2026-02-03")), "2026-02-28");
    assert_day(day_pattern_adjust(day_pattern_of_month(17), day("2026-02-20")), "2026-02-17");
    assert_day(day_pattern_adjust(month_end, day("2026-02-03")), "2026-02-28");
    assert_day(
        day_pattern_adjust((struct day_pattern){PATTERN_ANY, 0}, day("2026-02-03")), "2026-02-03");
    assert_day(day_pattern_adjust((struct day_pattern){PATTERN_UNSTATED, 0}, day("2026-02-03")),
        "2026-02-03");
    assert_true(day_pattern_fits(day_pattern_of_month(30), day("2026-02-28")));
    assert_false(day_pattern_fits(day_pattern_of_month(30), day("2026-03-28")));
}

static void test_weekly_patterns(void **state) {
    (void)state;
    struct day_pattern friday = {PATTERN_DAY_OF_WEEK, 5};
    assert_day(day_pattern_adjust(friday, day("2026-11-21")), "2026-11-27");
    assert_day(day_pattern_next(friday, day("2026-11-20"), PERIOD_WEEK, 1), "2026-11-27");
    assert_day(day_pattern_next(friday, day("2026-11-21"), PERIOD_DAY, 1), "2026-11-27");
    assert_day(day_pattern_previous(friday, day("2026-11-20"), PERIOD_WEEK, 1), "2026-11-13");
    assert_day(day_pattern_previous(friday, day("2026-11-22"), PERIOD_DAY, 1), "2026-11-20");
}

/* Mondays; the Tuesday after one that is a public holiday of the US, or stands in for a Sunday. */
static void test_bill_auctions(void **state) {
    (void)state;
    static const struct {
        const char *day, *auction;
    } rows[] = {
        {"2026-01-13", "2026-01-20"}, /* third Monday of January */
        {"2026-02-15", "2026-02-17"}, /* third Monday of February */
        {"2026-05-25", "2026-05-26"}, /* last Monday of May */
        {"2026-05-18", "2026-05-18"},
        {"2026-09-07", "2026-09-08"}, /* first Monday of September */
        {"2026-10-12", "2026-10-13"}, /* second Monday of October */
        {"2029-01-01", "2029-01-02"}, /* New Year's Day */
        {"2023-06-19", "2023-06-20"}, /* 19 June, since 2021 */
        {"2017-06-19", "2017-06-19"},
        {"2022-07-04", "2022-07-05"},
        {"2024-11-11", "2024-11-12"},
        {"2023-12-25", "2023-12-26"},
        {"2023-01-02", "2023-01-03"}, /* for Sunday, 1 January */
        {"2021-07-05", "2021-07-06"}, /* for Sunday, 4 July */
        {"2026-11-22", "2026-11-23"},
        {"2026-12-07", "2026-12-07"},
        {"2026-03-16", "2026-03-16"},
        {"2026-08-03", "2026-08-03"},
        {"2026-06-08", "2026-06-08"},
        {"2026-07-06", "2026-07-06"},
        {"2026-01-05", "2026-01-05"},
        {"2026-02-02", "2026-02-02"},
        {"2026-09-14", "2026-09-14"},
        {"2026-10-05", "2026-10-05"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_day(
            day_pattern_adjust((struct day_pattern){PATTERN_BILL_AUCTION, 0}, day(rows[i].day)),
            rows[i].auction);
}

static void test_exchange_dates(void **state) {
    (void)state;
    assert_day(
        day_pattern_adjust((struct day_pattern){PATTERN_THIRD_WEDNESDAY, 0}, day("2026-12-31")),
        "2026-12-16");
    assert_day(day_pattern_adjust((struct day_pattern){PATTERN_MONDAY_BEFORE_THIRD_WEDNESDAY, 0},
                   day("2026-12-01")),
        "2026-12-14");
    assert_day(day_pattern_adjust(
                   (struct day_pattern){PATTERN_DAY_BEFORE_SECOND_FRIDAY, 0}, day("2026-12-01")),
        "2026-12-10");
    assert_day(
        day_pattern_adjust((struct day_pattern){PATTERN_SECOND_FRIDAY, 0}, day("2026-12-01")),
        "2026-12-11");
    assert_day(
        day_pattern_adjust((struct day_pattern){PATTERN_WEDNESDAY_FROM_9, 0}, day("2026-12-01")),
        "2026-12-09");
}

static void test_patterns_go_on_and_back(void **state) {
    (void)state;
    assert_day(day_pattern_next(month_end, day("2026-01-31"), PERIOD_MONTH, 1), "2026-02-28");
    assert_day(day_pattern_next(month_end, day("2026-01-31"), PERIOD_DAY, 1), "2026-02-28");
    assert_day(
        day_pattern_next(day_pattern_of_month(5), day("2026-01-07"), PERIOD_DAY, 1), "2026-02-05");
    assert_day(day_pattern_previous(month_end, day("2026-03-31"), PERIOD_MONTH, 1), "2026-02-28");
    assert_day(day_pattern_previous(month_end, day("2026-03-31"), PERIOD_DAY, 1), "2026-02-28");
    assert_day(day_pattern_previous(month_end, day("2026-03-15"), PERIOD_DAY, 1), "2026-02-28");
    for (int kind = PATTERN_DAY_OF_MONTH; kind < DAY_PATTERN_KIND_COUNT; kind++) {
        struct day_pattern pattern = {(enum day_pattern_kind)kind,
            kind == PATTERN_DAY_OF_MONTH || kind == PATTERN_DAY_OF_WEEK ? 7 : 0};
        for (int32_t shift = 0; shift < 400; shift++) {
            struct day at = day_add(day("2026-01-01"), shift);
            struct day next = day_pattern_next(pattern, at, PERIOD_MONTH, 1);
            assert_true(day_compare(next, at) > 0);
            assert_true(day_pattern_fits(pattern, next) || kind == PATTERN_BILL_AUCTION);
            assert_true(day_compare(day_pattern_previous(pattern, at, PERIOD_MONTH, 1), at) < 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_through_short_months),
        cmocka_unit_test(test_other_units),
        cmocka_unit_test(test_steps_go_forward),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_weekly_patterns),
        cmocka_unit_test(test_bill_auctions),
        cmocka_unit_test(test_exchange_dates),
        cmocka_unit_test(test_patterns_go_on_and_back),
    };
    return cmocka_run_group_tests_name("engine_due_day", tests, NULL, NULL);
}
