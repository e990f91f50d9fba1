/* test_month.c: spans, ends of months and weekdays in them. */
#include "../cmocka_include.h"

#include "base/month.h"

#include <string.h>

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static void test_spans(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        struct span span;
    } rows[] = {
        {"2026-01-31", "2026-01-31", {0, 0, 0}},
        {"2026-01-31", "2026-02-28", {0, 0, 28}},
        {"2026-01-31", "2026-03-01", {0, 1, 1}},
        {"2026-01-31", "2026-03-31", {0, 2, 0}},
        {"2024-02-29", "2025-02-28", {0, 11, 30}},
        {"2024-02-29", "2028-02-29", {4, 0, 0}},
        {"2026-01-01", "2025-12-02", {0, 0, -30}},
        {"2026-01-01", "2025-12-01", {0, -1, 0}},
        {"2024-02-29", "2021-03-01", {-2, -11, -28}},
        {"2026-03-15", "2026-01-20", {0, -1, -26}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span span = span_between(day(rows[i].from), day(rows[i].to));
        assert_int_equal(span.years, rows[i].span.years);
        assert_int_equal(span.months, rows[i].span.months);
        assert_int_equal(span.days, rows[i].span.days);
    }
}

static void test_a_span_leads_back(void **state) {
    (void)state;
    struct day from = day("2023-12-25");
    for (int32_t days = 0; days < 1500; days++) {
        struct day to = day_add(from, days);
        struct span span = span_between(from, to);
        struct day months_on = day_add_months(from, span.years * 12 + span.months);
        assert_true(span.days >= 0 && span.days < 31 && span.months < 12);
        assert_int_equal(day_add(months_on, span.days).number, to.number);
    }
}

static void test_month_ends(void **state) {
    (void)state;
    assert_int_equal(day_month_end(day("2024-02-01")).number, day("2024-02-29").number);
    assert_int_equal(day_month_end(day("2026-12-31")).number, day("2026-12-31").number);
    assert_true(day_is_month_end(day("2026-02-28")));
    assert_false(day_is_month_end(day("2024-02-28")));
}

static void test_weekdays(void **state) {
    (void)state;
    struct day first = day("2026-11-01"); /* a Sunday */
    for (int32_t weekday = 1; weekday <= 7; weekday++)
        for (int32_t shift = 0; shift < 30; shift++) {
            struct day from = day_add(first, shift);
            struct day found = day_weekday_from(from, weekday);
            assert_int_equal(day_weekday(found), weekday);
            assert_in_range(days_between(from, found), 0, 6);
            for (int32_t nth = 1; nth <= 4; nth++) {
                struct civil civil = day_to_civil(day_nth_weekday(from, weekday, nth));
                assert_int_equal(civil.month, 11);
                assert_int_equal((civil.day + 6) / 7, nth);
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_a_span_leads_back),
        cmocka_unit_test(test_month_ends),
        cmocka_unit_test(test_weekdays),
    };
    return cmocka_run_group_tests_name("base_month", tests, NULL, NULL);
}
