/* test_day.c: the calendar, month steps and RFC 3339. */
#include "../cmocka_include.h"

#include "base/day.h"

#include <string.h>

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static void test_every_day_round_trips(void **state) {
    (void)state;
    int32_t number = day_from_civil(1900, 1, 1).number;
    int32_t weekday = 1; /* 1900-01-01 was a Monday */
    for (int32_t year = 1900; year <= 2200; year++)
        for (int32_t month = 1; month <= 12; month++)
            for (int32_t d = 1; d <= days_in_month(year, month); d++) {
                assert_int_equal(day_from_civil(year, month, d).number, number);
                struct civil back = day_to_civil((struct day){number});
                assert_true(back.year == year && back.month == month && back.day == d);
                assert_int_equal(day_weekday((struct day){number}), weekday);
                weekday = weekday % 7 + 1;
                number++;
            }
    assert_int_equal(day("1970-01-01").number, 0);
    assert_int_equal(day("2000-03-01").number, 11017);
}

static void test_months_step_from_the_anchor(void **state) {
    (void)state;
    static const struct {
        const char *anchor;
        int32_t months;
        const char *expected;
    } rows[] = {{"2023-01-31", 1, "2023-02-28"}, {"2023-01-31", 2, "2023-03-31"},
        {"2024-01-31", 1, "2024-02-29"}, {"2023-12-31", 2, "2024-02-29"},
        {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"},
        {"2024-03-31", -1, "2024-02-29"}, {"2024-01-15", -13, "2022-12-15"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[DAY_TEXT_SIZE];
        assert_string_equal(day_to_text(day_add_months(day(rows[i].anchor), rows[i].months), text),
            rows[i].expected);
    }
}

static void test_bad_days_refused(void **state) {
    (void)state;
    static const char *const rows[] = {"2023-02-29", "2023-13-01", "2023-00-10", "2023-1-01",
        "20230101", "2023-01-01 ", "1899-12-31", "2023/01/01", "2023-01-32", ""};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct day out;
        assert_false(day_from_text(rows[i], strlen(rows[i]), &out));
    }
}

static void test_instants(void **state) {
    (void)state;
    struct instant instant;
    char text[INSTANT_TEXT_SIZE];
    assert_true(instant_from_text("2026-01-05T10:20:30.5+08:00", 27, &instant));
    assert_string_equal(
        instant_to_text(instant, ZONE_SHANGHAI, text), "2026-01-05T10:20:30.500+08:00");
    assert_string_equal(instant_to_text(instant, ZONE_UTC, text), "2026-01-05T02:20:30.500+00:00");
    assert_true(instant_from_text("2025-12-31T16:00:00Z", 20, &instant));
    assert_int_equal(instant_to_day(instant, ZONE_SHANGHAI).number, day("2026-01-01").number);
    assert_int_equal(instant_to_day(instant, ZONE_UTC).number, day("2025-12-31").number);
    assert_int_equal(instant_second_of_day(instant, ZONE_SHANGHAI), 0);
    assert_int_equal(instant_to_day((struct instant){-1}, ZONE_UTC).number, -1);
    static const char *const bad[] = {"2026-01-05 10:20:30Z", "2026-01-05T24:00:00Z",
        "2026-01-05T10:20:30", "2026-01-05T10:20:30.Z", "2026-01-05T10:20:30Zx"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(instant_from_text(bad[i], strlen(bad[i]), &instant));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_round_trips),
        cmocka_unit_test(test_months_step_from_the_anchor),
        cmocka_unit_test(test_bad_days_refused),
        cmocka_unit_test(test_instants),
    };
    return cmocka_run_group_tests_name("base_day", tests, NULL, NULL);
}
