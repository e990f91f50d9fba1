/*
 * test_calendar.c: working days and rolls (R-0112 to R-0114). The years themselves are held against
 * tests/vectors/figures/cn_holidays.txt.
 */
#include "../cmocka_include.h"

#include "engine/calendar.h"

#include <string.h>

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static bool china(const char *text, int32_t known_to_year) {
    return calendar_is_working_day(CALENDAR_CHINA, known_to_year, day(text));
}

static void test_the_three_calendars(void **state) {
    (void)state;
    struct day saturday = day("2026-10-10"); /* worked for the National Day holidays */
    assert_true(calendar_is_working_day(CALENDAR_NONE, 2026, saturday));
    assert_false(calendar_is_working_day(CALENDAR_WEEKENDS, 2026, saturday));
    assert_true(calendar_is_working_day(CALENDAR_CHINA, 2026, saturday));
    assert_true(china("2026-09-30", 2026));
    assert_false(china("2026-10-01", 2026));
    assert_false(china("2026-10-11", 2026));
    assert_int_equal(calendar_last_year(CALENDAR_CHINA), 2026);
    assert_int_equal(calendar_last_year(CALENDAR_WEEKENDS), INT32_MAX);
}

/* What a later notice says is not known to a contract that was accepted before it. */
static void test_later_notices_say_nothing(void **state) {
    (void)state;
    assert_true(china("2026-10-01", 2025));
    assert_false(china("2026-10-10", 2025));
    /* the notice of 2019 also arranged the last days of 2018 */
    assert_false(china("2018-12-31", 2019));
    assert_true(china("2018-12-31", 2018));
    assert_true(china("2018-12-29", 2019));
    assert_false(china("2018-12-29", 2018));
    /* outside of the data, weekends alone */
    assert_true(china("2014-10-01", 2026));
    assert_false(china("2014-10-04", 2026));
    assert_true(china("2027-10-01", 2100));
    /* days before the first row and after the last */
    assert_true(china("1999-12-31", 2026));
    assert_false(china("2099-12-26", 2026));
}

static void test_rolls(void **state) {
    (void)state;
    static const struct {
        const char *day;
        const char *rolled[ROLL_RULE_COUNT];
    } rows[] = {
        /* a working day stays */
        {"2026-09-30", {"2026-09-30", "2026-09-30", "2026-09-30", "2026-09-30", "2026-09-30",
                           "2026-09-30", "2026-09-30"}},
        /* 1 to 7 October off */
        {"2026-10-01", {"2026-10-01", "2026-10-08", "2026-10-08", "2026-10-08", "2026-09-30",
                           "2026-10-08", "2026-09-30"}},
        {"2026-10-04", {"2026-10-04", "2026-10-08", "2026-10-08", "2026-10-08", "2026-09-30",
                           "2026-10-08", "2026-10-08"}},
        /* 15 to 23 February off, 14 worked: the half month is crossed */
        {"2026-02-15", {"2026-02-15", "2026-02-24", "2026-02-24", "2026-02-14", "2026-02-14",
                           "2026-02-14", "2026-02-14"}},
        /* a Saturday and a Sunday at the end of a month */
        {"2026-01-31", {"2026-01-31", "2026-02-02", "2026-01-30", "2026-01-30", "2026-01-30",
                           "2026-01-30", "2026-01-30"}},
        {"2026-05-31", {"2026-05-31", "2026-06-01", "2026-05-29", "2026-05-29", "2026-05-29",
                           "2026-05-29", "2026-06-01"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int rule = 0; rule < ROLL_RULE_COUNT; rule++)
            assert_int_equal(
                calendar_roll(CALENDAR_CHINA, 2026, day(rows[i].day), (enum roll_rule)rule).number,
                day(rows[i].rolled[rule]).number);
}

/* Every rule ends on a working day, as near as its direction and its month allow. */
static void test_rolls_keep_their_direction(void **state) {
    (void)state;
    for (struct day d = day("2015-01-01"); d.number < day("2028-01-01").number; d = day_add(d, 1)) {
        struct day to[ROLL_RULE_COUNT];
        for (int rule = 0; rule < ROLL_RULE_COUNT; rule++) {
            to[rule] = calendar_roll(CALENDAR_CHINA, 2026, d, (enum roll_rule)rule);
            if (rule != ROLL_NONE)
                assert_true(calendar_is_working_day(CALENDAR_CHINA, 2026, to[rule]));
            assert_int_equal(
                calendar_roll(CALENDAR_CHINA, 2026, to[rule], (enum roll_rule)rule).number,
                to[rule].number);
        }
        assert_true(to[ROLL_FOLLOWING].number >= d.number);
        assert_true(to[ROLL_PRECEDING].number <= d.number);
        assert_int_equal(to[ROLL_NONE].number, d.number);
        assert_int_equal(day_to_civil(to[ROLL_MODIFIED_FOLLOWING]).month, day_to_civil(d).month);
        assert_int_equal(day_to_civil(to[ROLL_MODIFIED_PRECEDING]).month, day_to_civil(d).month);
        int32_t ahead = days_between(d, to[ROLL_FOLLOWING]);
        int32_t behind = days_between(to[ROLL_PRECEDING], d);
        assert_int_equal(
            to[ROLL_NEAREST].number, behind < ahead ? d.number - behind : d.number + ahead);
    }
}

static void test_counting_and_adding(void **state) {
    (void)state;
    const struct day closed[] = {day("2026-11-11"), day("2026-11-14")};
    struct working_days working = {.calendar = CALENDAR_CHINA, .known_to_year = 2026};
    struct day from = day("2026-01-01");
    assert_int_equal(working_days_between(&working, from, day("2027-01-01")), 248);
    assert_int_equal(working_days_between(&working, day("2027-01-01"), from), -248);
    assert_int_equal(working_days_between(&working, from, from), 0);
    working.closed = closed;
    working.closed_count = 2;
    assert_int_equal(working_days_between(&working, from, day("2027-01-01")), 247);
    assert_false(is_working_day(&working, day("2026-11-11")));
    for (int32_t count = -300; count <= 300; count++) {
        struct day to = working_days_add(&working, day("2026-06-30"), count);
        /* both ends are worked, so that counting one of them makes up for the other */
        assert_int_equal(working_days_between(&working, day("2026-06-30"), to), count);
    }
    assert_int_equal(
        working_days_add(&working, day("2026-11-14"), 0).number, day("2026-11-14").number);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_three_calendars),
        cmocka_unit_test(test_later_notices_say_nothing),
        cmocka_unit_test(test_rolls),
        cmocka_unit_test(test_rolls_keep_their_direction),
        cmocka_unit_test(test_counting_and_adding),
    };
    return cmocka_run_group_tests_name("engine_calendar", tests, NULL, NULL);
}
