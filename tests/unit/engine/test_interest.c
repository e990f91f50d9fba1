/*
 * test_interest.c: interest as exact sums (R-0142 to R-0144): a period costs the same however it is
 * cut, whatever the basis.
 */
#include "../cmocka_include.h"

#include "engine/day_count.h"
#include "engine/interest.h"
#include "plan.h"

#include <string.h>

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static struct terms terms_of(enum day_basis basis) {
    struct terms terms = plan(METHOD_EQUAL_INSTALMENT, 1200000, 12, 120000000);
    terms.day_basis = basis;
    return terms;
}

static const struct money balance = {1200000};

/* Units of the period in one piece and day by day, cut in two anywhere, and with days outside. */
static void assert_adds_up(const struct terms *terms, const struct period *period) {
    struct rate_step room[RATE_STEPS_MAX + 1];
    struct rates rates = terms_rates(terms, room);
    int128 whole = interest_units(
        terms, &rates, period, balance, day_add(period->start, -9), day_add(period->end, 9));
    int128 by_day = 0;
    for (struct day at = period->start; day_compare(at, period->end) < 0; at = day_add(at, 1)) {
        struct day next = day_add(at, 1);
        by_day += interest_units(terms, &rates, period, balance, at, next);
        assert_true(interest_units(terms, &rates, period, balance, period->start, at) +
                        interest_units(terms, &rates, period, balance, at, period->end) ==
                    whole);
    }
    assert_true(by_day == whole);
    assert_int_equal(round_interest(terms, period, whole).fen,
        interest_of_period(terms, &rates, period, balance).fen);
}

static void test_every_basis_adds_up(void **state) {
    (void)state;
    static const char *const starts[] = {"2024-01-15", "2024-01-31", "2024-02-29", "2023-12-12",
        "2023-12-31", "2023-02-28", "2025-01-30"};
    for (int basis = 0; basis < DAY_BASIS_COUNT; basis++)
        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
            for (int32_t months = 1; months <= 13; months += 6) {
                struct terms terms = terms_of((enum day_basis)basis);
                struct day start = day(starts[i]);
                struct period period = {.start = start, .end = day_add_months(start, months)};
                assert_adds_up(&terms, &period);
                terms.rate_step_count = 2; /* one in the period, one at its end or later */
                terms.rate_steps[0] = (struct rate_step){day_add(start, 17), {240000000}};
                terms.rate_steps[1] = (struct rate_step){day_add(start, 31), {60000000}};
                assert_adds_up(&terms, &period);
                period.by_days = true;
                assert_adds_up(&terms, &period);
            }
}

static void test_months_and_days_of_a_year(void **state) {
    (void)state;
    static const struct {
        enum day_basis basis;
        enum period_unit unit;
        int32_t length;
        bool by_days;
        int64_t numerator, denominator;
    } rows[] = {
        {DAY_BASIS_BY_MONTH, PERIOD_MONTH, 1, false, 1, 12},
        {DAY_BASIS_BY_MONTH, PERIOD_MONTH, 3, false, 3, 12},
        {DAY_BASIS_BY_MONTH, PERIOD_YEAR, 1, false, 12, 12},
        {DAY_BASIS_BY_MONTH, PERIOD_MONTH, 2, true, 1, 12}, /* as it is one whole month */
        {DAY_BASIS_BY_MONTH, PERIOD_WEEK, 1, false, 31, 360},
        {DAY_BASIS_BY_MONTH, PERIOD_DAY, 31, false, 31, 360},
        {DAY_BASIS_ACT_365, PERIOD_MONTH, 1, false, 31, 365},
        {DAY_BASIS_ACT_364, PERIOD_MONTH, 1, false, 31, 364},
        {DAY_BASIS_ACT_ACT_ISDA, PERIOD_MONTH, 1, false, 20 * 366 + 11 * 365, 133590},
        {DAY_BASIS_ACT_ACT_YEAR_END, PERIOD_MONTH, 1, false, 19 * 366 + 12 * 365, 133590},
        {DAY_BASIS_ACT_ACT_LEAP_DAY, PERIOD_MONTH, 1, false, 31 * 366, 133590},
        {DAY_BASIS_30E_360, PERIOD_MONTH, 1, false, 30, 360},
    };
    struct period period = {.start = day("2023-12-12"), .end = day("2024-01-12")};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct terms terms = terms_of(rows[i].basis);
        terms.period_unit = rows[i].unit;
        terms.period_length = rows[i].length;
        period.by_days = rows[i].by_days;
        struct year_fraction part = year_of_period(&terms, &period);
        assert_int_equal(
            part.numerator * rows[i].denominator, rows[i].numerator * part.denominator);
    }
}

/* A period that counts its days counts months all the same when it is whole months (R-0142). */
static void test_days_and_whole_months(void **state) {
    (void)state;
    struct terms terms = terms_of(DAY_BASIS_BY_MONTH);
    struct period period = {.start = day("2024-01-15"), .end = day("2024-03-15"), .by_days = true};
    struct year_fraction part = year_of_period(&terms, &period);
    assert_int_equal(part.numerator * 12, 2 * part.denominator);
    period.end = day("2024-03-14");
    part = year_of_period(&terms, &period);
    assert_int_equal(part.numerator * 360, 59 * part.denominator);
}

static void test_rates_by_day(void **state) {
    (void)state;
    struct terms terms = terms_of(DAY_BASIS_ACT_360);
    terms.rate_step_count = 2;
    terms.rate_steps[0] = (struct rate_step){day("2026-02-01"), {1}};
    terms.rate_steps[1] = (struct rate_step){day("2026-03-01"), {2}};
    struct rate_step room[RATE_STEPS_MAX + 1];
    struct rates rates = terms_rates(&terms, room);
    assert_int_equal(rate_on(&rates, day("2000-01-01")).per_billion, 120000000);
    assert_int_equal(rate_on(&rates, day("2026-01-31")).per_billion, 120000000);
    assert_int_equal(rate_on(&rates, day("2026-02-01")).per_billion, 1);
    assert_int_equal(rate_on(&rates, day("2026-02-28")).per_billion, 1);
    assert_int_equal(rate_on(&rates, day("2026-03-01")).per_billion, 2);
    assert_int_equal(rate_on(&rates, day("2030-01-01")).per_billion, 2);
}

static void test_nothing_bears_nothing(void **state) {
    (void)state;
    struct terms terms = terms_of(DAY_BASIS_ACT_365);
    struct rate_step room[RATE_STEPS_MAX + 1];
    struct rates rates = terms_rates(&terms, room);
    struct period period = {.start = day("2026-01-15"), .end = day("2026-02-15")};
    struct day inside = day("2026-02-01");
    assert_true(interest_units(&terms, &rates, &period, MONEY_ZERO, period.start, inside) == 0);
    assert_true(interest_units(&terms, &rates, &period, balance, inside, inside) == 0);
    assert_true(interest_units(&terms, &rates, &period, balance, period.end, inside) == 0);
    for (int basis = 0; basis < DAY_BASIS_COUNT; basis++) {
        terms.day_basis = (enum day_basis)basis;
        period.interest_free = true;
        assert_int_equal(interest_of_period(&terms, &rates, &period, balance).fen, 0);
    }
}

/* 12 % over 31 of 365 days is 0.010191780821…; at 4 decimals 0.0102. */
static void test_decimals_of_factors(void **state) {
    (void)state;
    struct terms terms = terms_of(DAY_BASIS_ACT_365);
    struct rate_step room[RATE_STEPS_MAX + 1];
    struct rates rates = terms_rates(&terms, room);
    struct period period = {.start = day("2026-01-15"), .end = day("2026-02-15")};
    assert_int_equal(interest_of_period(&terms, &rates, &period, balance).fen, 12230);
    terms.factor_decimals = 4;
    assert_true(interest_divisor(&terms, &period) == 10000);
    assert_int_equal(interest_of_period(&terms, &rates, &period, balance).fen, 12240);
    terms.day_basis = DAY_BASIS_BY_MONTH;
    assert_int_equal(interest_of_period(&terms, &rates, &period, balance).fen, 12000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_basis_adds_up),
        cmocka_unit_test(test_months_and_days_of_a_year),
        cmocka_unit_test(test_days_and_whole_months),
        cmocka_unit_test(test_rates_by_day),
        cmocka_unit_test(test_nothing_bears_nothing),
        cmocka_unit_test(test_decimals_of_factors),
    };
    return cmocka_run_group_tests_name("engine_interest", tests, NULL, NULL);
}
