/*
 * test_day_count.c: parts of a year (R-0100 to R-0106): laws that hold for every convention, and
 * the corners that the published figures (tests/vectors/figures/daycount.txt) leave out.
 */
#include "../cmocka_include.h"

#include "base/rounding.h"
#include "engine/day_count.h"

#include <string.h>

/* DAY_NONE thrice, as a constant. */
static const struct day_count_context no_context = {
    .reference_start = {INT32_MIN}, .reference_end = {INT32_MIN}, .termination = {INT32_MIN}};

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static bool same(struct year_fraction a, struct year_fraction b) {
    return (int128)a.numerator * b.denominator == (int128)b.numerator * a.denominator;
}

static void assert_part(enum day_count convention, const char *from, const char *to,
    int64_t numerator, int64_t denominator) {
    struct year_fraction part = day_count_fraction(convention, day(from), day(to), NULL);
    if (!same(part, (struct year_fraction){numerator, denominator}))
        fail_msg("convention %d from %s to %s: %lld / %lld, not %lld / %lld", (int)convention, from,
            to, (long long)part.numerator, (long long)part.denominator, (long long)numerator,
            (long long)denominator);
}

static void test_every_denominator_serves(void **state) {
    (void)state;
    struct day start = day("2019-12-25");
    for (int convention = 0; convention < DAY_COUNT_COUNT; convention++) {
        int64_t denominator = day_count_denominator((enum day_count)convention);
        for (int32_t a = 0; a < 900; a += 13)
            for (int32_t length = 0; length < 900; length += 7) {
                struct day from = day_add(start, a);
                struct day to = day_add(from, length);
                struct year_fraction part =
                    day_count_fraction((enum day_count)convention, from, to, &no_context);
                assert_true(part.denominator > 0);
                if (denominator != 0)
                    assert_int_equal(
                        (int128)part.numerator * denominator % part.denominator == 0, 1);
            }
    }
    assert_int_equal(day_count_denominator(DAY_COUNT_ACT_ACT_ISDA), 133590);
    assert_int_equal(day_count_denominator(DAY_COUNT_ACT_365_25), 1461);
    assert_int_equal(day_count_denominator(DAY_COUNT_ACT_ACT_ICMA), 0);
}

/* An empty period is nothing; going back is going forward with the sign turned. */
static void test_there_and_back(void **state) {
    (void)state;
    struct day start = day("2023-11-29");
    for (int convention = 0; convention < DAY_COUNT_COUNT; convention++)
        for (int32_t length = 0; length < 1200; length += 11) {
            struct day to = day_add(start, length);
            struct year_fraction there =
                day_count_fraction((enum day_count)convention, start, to, NULL);
            struct year_fraction back =
                day_count_fraction((enum day_count)convention, to, start, NULL);
            if (length == 0 && convention != DAY_COUNT_ONE)
                assert_int_equal(there.numerator, 0);
            if (length > 0)
                assert_true(same(there, (struct year_fraction){-back.numerator, back.denominator}));
            assert_true(there.numerator >= 0);
        }
}

/* Where days simply add up, a period is the sum of its parts wherever it is cut. */
static void test_additive_conventions(void **state) {
    (void)state;
    static const enum day_count additive[] = {DAY_COUNT_ACT_360, DAY_COUNT_ACT_364,
        DAY_COUNT_ACT_365, DAY_COUNT_ACT_365_25, DAY_COUNT_ACT_366, DAY_COUNT_NL_360,
        DAY_COUNT_NL_365, DAY_COUNT_ACT_ACT_ISDA, DAY_COUNT_30E_360};
    struct day from = day("2023-10-31");
    struct day to = day("2025-03-31");
    for (size_t i = 0; i < sizeof additive / sizeof additive[0]; i++) {
        struct year_fraction whole = day_count_fraction(additive[i], from, to, NULL);
        for (struct day cut = from; day_compare(cut, to) <= 0; cut = day_add(cut, 1)) {
            struct year_fraction sum =
                year_fraction_add(day_count_fraction(additive[i], from, cut, NULL),
                    day_count_fraction(additive[i], cut, to, NULL));
            assert_true(same(whole, sum));
        }
    }
}

/* ICMA is additive when both parts know the same reference period. */
static void test_icma_is_additive_in_its_reference(void **state) {
    (void)state;
    struct day_count_context context = no_context;
    context.reference_start = day("2024-01-15");
    context.reference_end = day("2024-07-15");
    struct day from = day("2023-03-03");
    struct day to = day("2025-09-09");
    struct year_fraction whole = day_count_fraction(DAY_COUNT_ACT_ACT_ICMA, from, to, &context);
    for (struct day cut = from; day_compare(cut, to) <= 0; cut = day_add(cut, 5))
        assert_true(same(whole,
            year_fraction_add(day_count_fraction(DAY_COUNT_ACT_ACT_ICMA, from, cut, &context),
                day_count_fraction(DAY_COUNT_ACT_ACT_ICMA, cut, to, &context))));
    context.months_per_period = 6;
    assert_true(same(whole, day_count_fraction(DAY_COUNT_ACT_ACT_ICMA, from, to, &context)));
    assert_true(same(day_count_fraction(DAY_COUNT_ACT_ACT_ICMA, context.reference_start,
                         context.reference_end, &context),
        (struct year_fraction){1, 2}));
}

static void test_icma_without_a_reference(void **state) {
    (void)state;
    assert_part(DAY_COUNT_ACT_ACT_ICMA, "2024-01-15", "2024-07-15", 1, 2);
    assert_part(DAY_COUNT_ACT_ACT_ICMA, "2024-01-15", "2024-01-25", 10, 366);
    assert_part(DAY_COUNT_ACT_ACT_ICMA, "2024-01-15", "2024-01-15", 0, 1);
}

static void test_turn_of_the_year(void **state) {
    (void)state;
    assert_part(DAY_COUNT_ACT_ACT_ISDA, "2023-12-12", "2024-01-12", 20 * 366 + 11 * 365, 133590);
    assert_part(
        DAY_COUNT_ACT_ACT_YEAR_END, "2023-12-12", "2024-01-12", 19 * 366 + 12 * 365, 133590);
    assert_part(DAY_COUNT_ACT_ACT_YEAR_END, "2023-12-31", "2024-01-31", 31, 366);
    assert_part(DAY_COUNT_ACT_ACT_YEAR_END, "2023-12-01", "2025-01-01",
        30 * 366 + 366 * 365 + 1 * 366, 133590);
    assert_part(DAY_COUNT_ACT_ACT_LEAP_DAY, "2023-12-12", "2024-01-12", 31, 365);
    assert_part(
        DAY_COUNT_ACT_ACT_LEAP_DAY, "2023-12-12", "2024-03-12", 19 * 366 + 72 * 365, 133590);
    assert_part(DAY_COUNT_ACT_ACT_LEAP_DAY, "2024-02-29", "2024-03-29", 29, 365);
    assert_part(DAY_COUNT_ACT_ACT_LEAP_DAY, "2024-02-28", "2024-03-28", 29, 366);
}

/* Days inside of a period ask about the leap day of the whole period. */
static void test_leap_day_of_the_reference(void **state) {
    (void)state;
    struct day_count_context context = no_context;
    context.reference_start = day("2024-02-12");
    context.reference_end = day("2024-03-12");
    struct year_fraction part = day_count_fraction(
        DAY_COUNT_ACT_ACT_LEAP_DAY, day("2024-03-01"), day("2024-03-12"), &context);
    assert_true(same(part, (struct year_fraction){11, 366}));
    context.reference_start = day("2024-03-01");
    context.reference_end = day("2024-04-01");
    part = day_count_fraction(
        DAY_COUNT_ACT_ACT_LEAP_DAY, day("2024-03-01"), day("2024-03-12"), &context);
    assert_true(same(part, (struct year_fraction){11, 365}));
}

static void test_365_l(void **state) {
    (void)state;
    struct day_count_context context = no_context;
    context.reference_start = day("2023-08-01");
    context.reference_end = day("2024-02-01");
    struct year_fraction part =
        day_count_fraction(DAY_COUNT_ACT_365_L, day("2023-09-01"), day("2023-12-01"), &context);
    assert_true(same(part, (struct year_fraction){91, 366})); /* half a year, ends in a leap year */
    context.reference_end = day("2024-08-01");
    part = day_count_fraction(DAY_COUNT_ACT_365_L, day("2024-03-01"), day("2024-04-01"), &context);
    assert_true(same(part, (struct year_fraction){31, 365})); /* a year, the leap day is past */
    context.months_per_period = 12;
    part = day_count_fraction(DAY_COUNT_ACT_365_L, day("2024-02-28"), day("2024-04-01"), &context);
    assert_true(same(part, (struct year_fraction){33, 366}));
    assert_part(DAY_COUNT_ACT_365_L, "2023-09-01", "2023-12-01", 91, 365);
}

static void test_afb_steps_between_ends_of_february(void **state) {
    (void)state;
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2008-02-29", "2011-02-28", 3, 1);
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2008-02-28", "2011-02-28", 3 * 365 + 1, 365);
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2008-02-28", "2011-03-01", 3 * 366 + 2, 366);
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2011-12-28", "2016-02-28", 4 * 365 + 62, 365);
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2012-02-29", "2012-03-28", 28, 366);
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2012-03-01", "2012-03-28", 27, 365);
    assert_part(DAY_COUNT_ACT_ACT_AFB, "2024-01-01", "2025-01-01", 1, 1);
}

static void test_average_year(void **state) {
    (void)state;
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2023-04-28", "2024-03-01", 308, 366);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2023-03-01", "2024-02-28", 364, 365);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2023-03-01", "2024-02-29", 365, 366);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2024-02-29", "2024-12-31", 306, 366);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2024-02-29", "2025-02-28", 365, 366);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2022-04-28", "2023-04-28", 1, 1);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2022-04-27", "2023-04-28", 366, 365);
    assert_part(DAY_COUNT_ACT_ACT_AVERAGE, "2023-04-27", "2024-05-28", 397 * 2, 731);
}

static void test_thirty_at_the_ends_of_months(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        int32_t days[7]; /* ISDA, US, PSA, spreadsheet, 30E, 30E+, 30E ISDA */
    } rows[] = {
        {"2024-01-31", "2024-03-31", {60, 60, 60, 60, 60, 61, 60}},
        {"2024-01-30", "2024-03-31", {60, 60, 60, 60, 60, 61, 60}},
        {"2024-01-15", "2024-03-31", {76, 76, 76, 76, 75, 76, 75}},
        {"2023-02-28", "2023-03-31", {33, 30, 30, 31, 32, 33, 30}},
        {"2023-02-28", "2024-02-29", {361, 360, 359, 360, 361, 361, 360}},
        {"2023-02-28", "2024-02-28", {360, 358, 358, 358, 360, 360, 358}},
        {"2024-01-31", "2024-02-29", {29, 29, 29, 29, 29, 29, 30}},
        {"2024-12-15", "2024-12-31", {16, 16, 16, 16, 15, 16, 15}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int k = 0; k < 7; k++)
            assert_int_equal(day_count_days((enum day_count)(DAY_COUNT_30_360_ISDA + k),
                                 day(rows[i].from), day(rows[i].to), NULL),
                rows[i].days[k]);
    struct day_count_context context = no_context;
    context.termination = day("2024-02-29");
    assert_int_equal(
        day_count_days(DAY_COUNT_30E_360_ISDA, day("2024-01-31"), context.termination, &context),
        29);
    assert_int_equal(
        day_count_days(DAY_COUNT_30E_360_ISDA, day("2024-01-31"), day("2024-03-31"), &context), 60);
    /* the formula of each convention, in either order of the days */
    assert_int_equal(
        day_count_days(DAY_COUNT_30_360_PSA, day("2024-03-31"), day("2024-01-31"), NULL), -60);
}

static void test_other_days(void **state) {
    (void)state;
    assert_int_equal(
        day_count_days(DAY_COUNT_NL_365, day("2024-02-28"), day("2024-03-01"), NULL), 1);
    assert_int_equal(
        day_count_days(DAY_COUNT_NL_365, day("2024-02-29"), day("2024-03-01"), NULL), 1);
    assert_int_equal(day_count_days(DAY_COUNT_ONE, day("2024-02-29"), day("2024-03-01"), NULL), 1);
    assert_part(DAY_COUNT_ACT_365_ACTUAL, "2024-02-28", "2024-03-01", 2, 366);
    assert_part(DAY_COUNT_ACT_365_ACTUAL, "2024-02-29", "2024-03-01", 1, 365);
    assert_part(DAY_COUNT_ACT_ACT_YEAR, "2011-12-28", "2012-12-28", 1, 1);
    assert_part(DAY_COUNT_ACT_ACT_YEAR, "2012-02-29", "2016-03-02", 4 * 365 + 2, 365);
    /* 1900 had no leap day, 2000 had one */
    assert_part(DAY_COUNT_NL_365, "1900-01-01", "1901-01-01", 1, 1);
    assert_part(DAY_COUNT_NL_360, "2000-01-01", "2001-01-01", 365, 360);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_denominator_serves),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_additive_conventions),
        cmocka_unit_test(test_icma_is_additive_in_its_reference),
        cmocka_unit_test(test_icma_without_a_reference),
        cmocka_unit_test(test_turn_of_the_year),
        cmocka_unit_test(test_leap_day_of_the_reference),
        cmocka_unit_test(test_365_l),
        cmocka_unit_test(test_afb_steps_between_ends_of_february),
        cmocka_unit_test(test_average_year),
        cmocka_unit_test(test_thirty_at_the_ends_of_months),
        cmocka_unit_test(test_other_days),
    };
    return cmocka_run_group_tests_name("engine_day_count", tests, NULL, NULL);
}
