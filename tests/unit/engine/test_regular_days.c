/*
 * test_regular_days.c: regular periods and stubs (R-0116 to R-0118). Most published schedules stand
 * in tests/vectors/figures/date_rolls.txt; here are the refusals and the laws.
 */
#include "../cmocka_include.h"

#include "engine/regular_days.h"

#include <string.h>

enum { ROOM = 40 };

static struct day scheduled[ROOM];
static struct day rolled[ROOM];

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static struct regular_days monthly(const char *start, const char *end, enum stub stub) {
    return (struct regular_days){.start = day(start),
        .end = day(end),
        .unit = PERIOD_MONTH,
        .length = 1,
        .stub = stub,
        .first_regular = DAY_NONE,
        .last_regular = DAY_NONE,
        .working = {.calendar = CALENDAR_CHINA, .known_to_year = 2026}};
}

static struct regular_days_result room_for(int32_t room) {
    return (struct regular_days_result){.room = room, .scheduled = scheduled, .rolled = rolled};
}

/* `expected` is the scheduled days, with spaces between them. */
static void assert_days(const struct regular_days *request, const char *expected) {
    struct regular_days_result result = room_for(ROOM);
    assert_int_equal(regular_days_build(request, &result), REGULAR_DAYS_OK);
    char text[ROOM * DAY_TEXT_SIZE];
    for (int32_t i = 0; i < result.count; i++) {
        day_to_text(scheduled[i], &text[i * DAY_TEXT_SIZE]);
        text[(i + 1) * DAY_TEXT_SIZE - 1] = i + 1 < result.count ? ' ' : '\0';
    }
    assert_string_equal(text, expected);
}

static void assert_refused(
    const struct regular_days *request, int32_t room, enum regular_days_outcome outcome) {
    struct regular_days_result result = room_for(room);
    assert_int_equal(regular_days_build(request, &result), outcome);
}

static void test_stubs_at_either_end(void **state) {
    (void)state;
    struct regular_days request = monthly("2026-01-10", "2026-04-20", STUB_SHORT_FIRST);
    assert_days(&request, "2026-01-10 2026-01-20 2026-02-20 2026-03-20 2026-04-20");
    request.stub = STUB_LONG_FIRST;
    assert_days(&request, "2026-01-10 2026-02-20 2026-03-20 2026-04-20");
    request.stub = STUB_SMART_FIRST;
    assert_days(&request, "2026-01-10 2026-01-20 2026-02-20 2026-03-20 2026-04-20");
    request.stub = STUB_SHORT_LAST;
    assert_days(&request, "2026-01-10 2026-02-10 2026-03-10 2026-04-10 2026-04-20");
    request.stub = STUB_LONG_LAST;
    assert_days(&request, "2026-01-10 2026-02-10 2026-03-10 2026-04-20");
    request.stub = STUB_SMART_LAST;
    request.end = day("2026-04-16");
    assert_days(&request, "2026-01-10 2026-02-10 2026-03-10 2026-04-16");
    request.end = day("2026-04-17");
    assert_days(&request, "2026-01-10 2026-02-10 2026-03-10 2026-04-10 2026-04-17");
    request.stub = STUB_SMART_FIRST;
    assert_days(&request, "2026-01-10 2026-01-17 2026-02-17 2026-03-17 2026-04-17");
    request.end = day("2026-04-16");
    assert_days(&request, "2026-01-10 2026-02-16 2026-03-16 2026-04-16");
    request.stub = STUB_LONG_LAST; /* shorter than a period: nothing to join it with */
    request.end = day("2026-01-20");
    assert_days(&request, "2026-01-10 2026-01-20");
    request.stub = STUB_LONG_FIRST;
    assert_days(&request, "2026-01-10 2026-01-20");
}

static void test_told_regular_days(void **state) {
    (void)state;
    struct regular_days request = monthly("2026-01-10", "2026-04-20", STUB_BOTH);
    request.first_regular = day("2026-01-15");
    request.last_regular = day("2026-04-15");
    assert_days(&request, "2026-01-10 2026-01-15 2026-02-15 2026-03-15 2026-04-15 2026-04-20");
    request.stub = STUB_UNSTATED;
    assert_days(&request, "2026-01-10 2026-01-15 2026-02-15 2026-03-15 2026-04-15 2026-04-20");
    request.stub = STUB_NONE;
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_CONTRADICTED);
    request.stub = STUB_SHORT_FIRST;
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_CONTRADICTED);
    request.stub = STUB_LONG_LAST;
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_CONTRADICTED);
    request.stub = STUB_SMART_LAST;
    assert_days(&request, "2026-01-10 2026-01-15 2026-02-15 2026-03-15 2026-04-15 2026-04-20");
    request.last_regular = DAY_NONE;
    assert_days(&request, "2026-01-10 2026-01-15 2026-02-15 2026-03-15 2026-04-20");
    request.stub = STUB_SHORT_FIRST; /* the 20th tells the days, and the 15th is none */
    assert_refused(&request, ROOM, REGULAR_DAYS_OFF_PATTERN);
    request.stub = STUB_BOTH;
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_CONTRADICTED);
    request.first_regular = DAY_NONE;
    request.last_regular = day("2026-04-15");
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_CONTRADICTED);
    request.stub = STUB_SMART_FIRST;
    assert_days(&request, "2026-01-10 2026-02-15 2026-03-15 2026-04-15 2026-04-20");
    request.stub = STUB_SHORT_LAST;
    request.last_regular = day("2026-04-10");
    assert_days(&request, "2026-01-10 2026-02-10 2026-03-10 2026-04-10 2026-04-20");
    request.last_regular = day("2026-01-10"); /* nothing is regular */
    assert_days(&request, "2026-01-10 2026-04-20");
    request.stub = STUB_BOTH;
    request.first_regular = request.last_regular = day("2026-02-02");
    assert_days(&request, "2026-01-10 2026-02-02 2026-04-20");
}

static void test_patterns_are_told_or_asked(void **state) {
    (void)state;
    struct regular_days request = monthly("2026-01-31", "2026-04-30", STUB_NONE);
    assert_days(&request, "2026-01-31 2026-02-28 2026-03-31 2026-04-30");
    request = monthly("2026-01-30", "2026-03-30", STUB_NONE);
    assert_days(&request, "2026-01-30 2026-02-28 2026-03-30");
    request = monthly("2026-01-31", "2026-02-28", STUB_SHORT_LAST);
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    assert_days(&request, "2026-01-31 2026-02-28");
    request = monthly("2026-01-10", "2026-03-20", STUB_UNSTATED);
    request.pattern = day_pattern_of_month(20);
    assert_days(&request, "2026-01-10 2026-01-20 2026-02-20 2026-03-20");
    request.pattern = day_pattern_of_month(10);
    assert_days(&request, "2026-01-10 2026-02-10 2026-03-10 2026-03-20");
    request.pattern = day_pattern_of_month(15);
    assert_refused(&request, ROOM, REGULAR_DAYS_OFF_PATTERN);
    request.stub = STUB_SHORT_FIRST;
    assert_refused(&request, ROOM, REGULAR_DAYS_OFF_PATTERN);
    request = monthly("2026-01-05", "2026-02-02", STUB_NONE);
    request.unit = PERIOD_WEEK;
    request.length = 2;
    assert_days(&request, "2026-01-05 2026-01-19 2026-02-02");
    request.unit = PERIOD_DAY;
    request.length = 14;
    assert_days(&request, "2026-01-05 2026-01-19 2026-02-02");
    request.length = 10;
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_NOT_ALLOWED);
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    request.start = day("2026-01-11");
    request.end = day("2026-01-31");
    assert_refused(&request, ROOM, REGULAR_DAYS_OFF_PATTERN);
    request.start = day("2026-01-31");
    request.end = day("2026-03-15"); /* not by months: no end that began so */
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_NOT_ALLOWED);
    request = monthly("2026-01-31", "2026-04-30", STUB_NONE);
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    assert_days(&request, "2026-01-31 2026-02-28 2026-03-31 2026-04-30");
    request = monthly("2026-01-10", "2026-01-31", STUB_NONE); /* in one month */
    assert_days(&request, "2026-01-10 2026-01-31");
    request = monthly("2026-02-28", "2026-05-30", STUB_NONE); /* 30 is more than 28 */
    assert_days(&request, "2026-02-28 2026-03-30 2026-04-30 2026-05-30");
    request.pattern = (struct day_pattern){PATTERN_ANY, 0};
    assert_days(&request, "2026-02-28 2026-03-30 2026-04-30 2026-05-30");
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    request.stub = STUB_UNSTATED;
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_NOT_ALLOWED);
    request.end = day("2026-05-31");
    assert_days(&request, "2026-02-28 2026-03-31 2026-04-30 2026-05-31");
    request = monthly("2026-02-27", "2026-03-31", STUB_SHORT_LAST);
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    assert_days(&request, "2026-02-27 2026-03-27 2026-03-31");
    request = monthly("2024-02-29", "2026-02-28", STUB_NONE);
    request.unit = PERIOD_YEAR;
    assert_days(&request, "2024-02-29 2025-02-28 2026-02-28");
}

/* From 30 April by ends of two months, 30 October is a fair end although October has 31 days. */
static void test_an_end_that_began_so(void **state) {
    (void)state;
    struct regular_days request = monthly("2018-04-30", "2018-10-30", STUB_NONE);
    request.length = 2;
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    assert_days(&request, "2018-04-30 2018-06-30 2018-08-31 2018-10-30");
    request.stub = STUB_BOTH;
    request.first_regular = day("2018-06-30");
    request.last_regular = day("2018-10-15");
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_NOT_ALLOWED);
    request = monthly("2018-04-30", "2018-10-29", STUB_NONE);
    request.length = 2;
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_NOT_ALLOWED);
    request = monthly("2018-04-17", "2018-10-16", STUB_NONE);
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_NOT_ALLOWED);
}

static void test_rolled_days_stand_for_the_pattern(void **state) {
    (void)state;
    /* 1 to 7 October 2026 are off: the start that was told is what the 4th rolls to */
    struct regular_days request = monthly("2026-10-08", "2026-12-04", STUB_NONE);
    request.pattern = day_pattern_of_month(4);
    request.roll = ROLL_FOLLOWING;
    request.start_roll = ROLL_NONE;
    assert_days(&request, "2026-10-04 2026-11-04 2026-12-04");
    assert_int_equal(rolled[0].number, day("2026-10-08").number);
    request.start_roll = ROLL_FOLLOWING; /* then the start is not told rolled */
    assert_refused(&request, ROOM, REGULAR_DAYS_OFF_PATTERN);
    request = monthly("2026-08-31", "2026-10-30", STUB_NONE);
    request.pattern = (struct day_pattern){PATTERN_MONTH_END, 0};
    request.roll = request.start_roll = ROLL_PRECEDING;
    assert_days(&request, "2026-08-31 2026-09-30 2026-10-31");
    assert_int_equal(rolled[2].number, day("2026-10-30").number);
}

static void test_bad_orders_and_room(void **state) {
    (void)state;
    struct regular_days request = monthly("2026-01-10", "2026-01-10", STUB_NONE);
    assert_refused(&request, ROOM, REGULAR_DAYS_OUT_OF_ORDER);
    request.end = day("2026-04-10");
    request.first_regular = day("2026-01-09");
    assert_refused(&request, ROOM, REGULAR_DAYS_OUT_OF_ORDER);
    request.first_regular = day("2026-03-10");
    request.last_regular = day("2026-02-10");
    assert_refused(&request, ROOM, REGULAR_DAYS_OUT_OF_ORDER);
    request.first_regular = DAY_NONE;
    request.last_regular = day("2026-04-11");
    assert_refused(&request, ROOM, REGULAR_DAYS_OUT_OF_ORDER);
    request = monthly("2026-01-10", "2026-04-10", STUB_NONE);
    request.length = 0;
    assert_days(&request, "2026-01-10 2026-04-10");
    assert_refused(&request, 0, REGULAR_DAYS_TOO_MANY);
    assert_refused(&request, 1, REGULAR_DAYS_TOO_MANY);
    request.last_regular = request.start;
    assert_days(&request, "2026-01-10 2026-04-10");
    request.last_regular = DAY_NONE;
    request.first_regular = request.end;
    assert_days(&request, "2026-01-10 2026-04-10");
    request.first_regular = day("2026-02-10");
    assert_refused(&request, ROOM, REGULAR_DAYS_STUB_CONTRADICTED);
}

/* However many days there are, they fit in that much room and in no less. */
static void test_room_for_every_division(void **state) {
    (void)state;
    for (int stub = 0; stub < STUB_COUNT; stub++)
        for (int told = 0; told < 4; told++) {
            struct regular_days request = monthly("2026-01-10", "2026-06-10", (enum stub)stub);
            if ((told & 1) != 0)
                request.first_regular = day("2026-02-10");
            if ((told & 2) != 0)
                request.last_regular = day("2026-05-10");
            struct regular_days_result result = room_for(ROOM);
            if (regular_days_build(&request, &result) != REGULAR_DAYS_OK)
                continue;
            for (int32_t room = 0; room < result.count; room++)
                assert_refused(&request, room, REGULAR_DAYS_TOO_MANY);
            assert_refused(&request, result.count, REGULAR_DAYS_OK);
        }
}

/* Days ascend from start to end, whatever is asked; and rolled days never go back. */
static void test_days_ascend(void **state) {
    (void)state;
    static struct day many[400];
    static struct day many_rolled[400];
    for (int stub = STUB_SHORT_FIRST; stub <= STUB_SMART_LAST; stub++)
        for (int32_t shift = 0; shift < 400; shift += 3)
            for (int unit = 0; unit < PERIOD_UNIT_COUNT; unit++) {
                struct regular_days request = monthly("2025-12-31", "2026-01-01", (enum stub)stub);
                request.unit = (enum period_unit)unit;
                request.length = 3;
                request.end = day_add(request.start, shift + 1);
                request.roll = request.start_roll = ROLL_FOLLOWING;
                struct regular_days_result result = {
                    .room = 400, .scheduled = many, .rolled = many_rolled};
                assert_int_equal(regular_days_build(&request, &result), REGULAR_DAYS_OK);
                assert_int_equal(many[0].number, request.start.number);
                assert_int_equal(many[result.count - 1].number, request.end.number);
                for (int32_t i = 1; i < result.count; i++) {
                    assert_true(day_compare(many[i - 1], many[i]) < 0);
                    assert_true(day_compare(many_rolled[i - 1], many_rolled[i]) <= 0);
                }
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stubs_at_either_end),
        cmocka_unit_test(test_told_regular_days),
        cmocka_unit_test(test_patterns_are_told_or_asked),
        cmocka_unit_test(test_an_end_that_began_so),
        cmocka_unit_test(test_rolled_days_stand_for_the_pattern),
        cmocka_unit_test(test_bad_orders_and_room),
        cmocka_unit_test(test_room_for_every_division),
        cmocka_unit_test(test_days_ascend),
    };
    return cmocka_run_group_tests_name("engine_regular_days", tests, NULL, NULL);
}
