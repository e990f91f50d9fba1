/*
 * day_count.c: parts of a year between two days. Exports what day_count.h declares.
 *
 * A convention is a row of a table: how it counts days, and either a fixed year or a function.
 */
#include "engine/day_count.h"

#include "base/check.h"

#include <stddef.h>

enum {
    MONTHS_PER_YEAR = 12,
    DAYS_PER_MONTH_30 = 30,
    YEAR_360 = 360,
    YEAR_365 = 365,
    YEAR_366 = 366,
    YEAR_COMMON = YEAR_365 * YEAR_366, /* what 365ths and 366ths meet in */
    QUARTERS_PER_DAY = 4,
    QUARTERS_PER_YEAR = 1461, /* of 365.25 days */
};

enum days_counted { DAYS_ACTUAL, DAYS_WITHOUT_LEAP, DAYS_OF_THIRTY, DAYS_ONE };

/* How the 30/360 family treats ends of months; each convention is a set of these. */
enum thirty_rule {
    FROM_FEBRUARY_END = 1,     /* the end of February as first day is a 30th */
    FROM_FEBRUARY_AFTER = 2,   /* the same, but only after the last day was judged */
    BOTH_FEBRUARY_ENDS = 4,    /* the end of February as last day is a 30th when both are ends */
    TO_FEBRUARY_END = 8,       /* the end of February as last day is a 30th, but for termination */
    TO_31_IS_30 = 16,          /* a 31st as last day is a 30th */
    TO_31_IS_30_AFTER_30 = 32, /* the same, but only when the first day is a 30th */
    TO_31_IS_FIRST = 64,       /* a 31st as last day is the 1st of the next month */
};

typedef struct year_fraction fraction_of(
    struct day from, struct day to, const struct day_count_context *context);

struct convention {
    fraction_of *fraction_of; /* NULL: days × scale / denominator */
    int64_t denominator;      /* 0: none for all fractions */
    int32_t scale;
    enum days_counted days;
    unsigned thirty_rules;
};

static struct year_fraction fraction(int64_t numerator, int64_t denominator) {
    return (struct year_fraction){numerator, denominator};
}

static int64_t greatest_common_divisor(int64_t a, int64_t b) {
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

struct year_fraction year_fraction_add(struct year_fraction a, struct year_fraction b) {
    int64_t shared = greatest_common_divisor(a.denominator, b.denominator);
    int64_t denominator;
    int64_t left;
    int64_t right;
    int64_t numerator;
    check(!__builtin_mul_overflow(a.denominator / shared, b.denominator, &denominator));
    check(!__builtin_mul_overflow(a.numerator, b.denominator / shared, &left));
    check(!__builtin_mul_overflow(b.numerator, a.denominator / shared, &right));
    check(!__builtin_add_overflow(left, right, &numerator));
    int64_t common = greatest_common_divisor(denominator, numerator);
    return fraction(numerator / common, denominator / common);
}

/* 29 Februaries from the year 1 to the end of `day`. */
static int32_t leap_days_to(struct day day) {
    struct civil civil = day_to_civil(day);
    bool passed = civil.month > 2 || (civil.month == 2 && civil.day == 29);
    int32_t years = passed ? civil.year : civil.year - 1;
    return years / 4 - years / 100 + years / 400;
}

static int32_t leap_days_between(struct day from, struct day to) {
    return leap_days_to(to) - leap_days_to(from);
}

static int32_t year_length(int32_t year) {
    return is_leap_year(year) ? YEAR_366 : YEAR_365;
}

static int32_t year_of(struct day day) {
    return day_to_civil(day).year;
}

static bool is_last_of_february(struct civil civil) {
    return civil.month == 2 && civil.day == days_in_month(civil.year, 2);
}

static int32_t days_of_thirty(
    unsigned rules, struct day from, struct day to, const struct day_count_context *context) {
    struct civil first = day_to_civil(from);
    struct civil last = day_to_civil(to);
    bool first_february = is_last_of_february(first);
    bool last_february = is_last_of_february(last);
    bool termination = context != NULL && day_compare(context->termination, to) == 0;
    if (first.day == 31 || ((rules & FROM_FEBRUARY_END) != 0 && first_february))
        first.day = 30;
    if (last.day == 31 &&
        ((rules & TO_31_IS_30) != 0 || ((rules & TO_31_IS_30_AFTER_30) != 0 && first.day == 30)))
        last.day = 30;
    if (last.day == 31 && (rules & TO_31_IS_FIRST) != 0)
        last = (struct civil){last.year, last.month + 1, 1};
    if (last_february && (((rules & BOTH_FEBRUARY_ENDS) != 0 && first_february) ||
                             ((rules & TO_FEBRUARY_END) != 0 && !termination)))
        last.day = 30;
    if ((rules & FROM_FEBRUARY_AFTER) != 0 && first_february)
        first.day = 30;
    return (last.year - first.year) * YEAR_360 + (last.month - first.month) * DAYS_PER_MONTH_30 +
           (last.day - first.day);
}

static struct year_fraction act_365_actual(
    struct day from, struct day to, const struct day_count_context *context) {
    (void)context;
    return fraction(days_between(from, to), leap_days_between(from, to) > 0 ? YEAR_366 : YEAR_365);
}

struct reference {
    struct day start;
    struct day end;
    int32_t months;
};

/* The context's reference period, or the period itself; months 0 when it is less than a half. */
static struct reference reference_of(
    struct day from, struct day to, const struct day_count_context *context) {
    struct reference reference = {from, to, 0};
    if (context != NULL && !day_is_none(context->reference_start)) {
        check(day_compare(context->reference_start, context->reference_end) < 0);
        reference.start = context->reference_start;
        reference.end = context->reference_end;
    }
    int32_t days = days_between(reference.start, reference.end);
    reference.months = context != NULL && context->months_per_period > 0
                           ? context->months_per_period
                           : (2 * MONTHS_PER_YEAR * days + YEAR_365) / (2 * YEAR_365);
    return reference;
}

/*
 * With yearly periods the year has 366 days when a leap day lies after the first day and not after
 * the period's end; with shorter ones when the period ends in a leap year.
 */
static struct year_fraction act_365_l(
    struct day from, struct day to, const struct day_count_context *context) {
    struct reference reference = reference_of(from, to, context);
    bool leap = reference.months == MONTHS_PER_YEAR ? leap_days_between(from, reference.end) > 0
                                                    : is_leap_year(year_of(reference.end));
    return fraction(days_between(from, to), leap ? YEAR_366 : YEAR_365);
}

/* Each year's days over its length; a year ends `cut` days before the next year's first day. */
static struct year_fraction by_calendar_year(struct day from, struct day to, int32_t cut) {
    int64_t days[2] = {0, 0}; /* in common and in leap years */
    int32_t last_year = year_of(to);
    struct day at = from;
    for (int32_t year = year_of(from); year < last_year; year++) {
        struct day end = day_add(day_from_civil(year + 1, 1, 1), -cut);
        days[is_leap_year(year)] += days_between(at, end);
        at = end;
    }
    days[is_leap_year(last_year)] += days_between(at, to);
    return fraction(days[0] * YEAR_366 + days[1] * YEAR_365, YEAR_COMMON);
}

static struct year_fraction act_act_isda(
    struct day from, struct day to, const struct day_count_context *context) {
    (void)context;
    return by_calendar_year(from, to, 0);
}

static struct year_fraction act_act_year_end(
    struct day from, struct day to, const struct day_count_context *context) {
    (void)context;
    return by_calendar_year(from, to, 1);
}

static struct year_fraction act_act_leap_day(
    struct day from, struct day to, const struct day_count_context *context) {
    struct reference reference = reference_of(from, to, context);
    if (leap_days_between(reference.start, reference.end) > 0)
        return by_calendar_year(from, to, 1);
    return fraction(days_between(from, to), YEAR_365);
}

/* The first day of regular period `index`; 0 is the reference period, 1 the one after it. */
static struct day regular_start(const struct reference *reference, int32_t index) {
    return index > 0 ? day_add_months(reference->end, (index - 1) * reference->months)
                     : day_add_months(reference->start, index * reference->months);
}

/* Regular periods are months / 12 of a year each, whole or by their share of days. */
static struct year_fraction act_act_icma(
    struct day from, struct day to, const struct day_count_context *context) {
    struct reference reference = reference_of(from, to, context);
    if (reference.months == 0) {
        reference.start = from;
        reference.end = day_add_months(from, MONTHS_PER_YEAR);
        reference.months = MONTHS_PER_YEAR;
    }
    int32_t index = 0;
    while (day_compare(from, regular_start(&reference, index)) < 0)
        index--;
    while (day_compare(from, regular_start(&reference, index + 1)) >= 0)
        index++;
    struct year_fraction sum = {0, 1};
    struct day at = from;
    for (; day_compare(at, to) < 0; index++) {
        struct day start = regular_start(&reference, index);
        struct day next = regular_start(&reference, index + 1);
        struct day end = day_compare(next, to) < 0 ? next : to;
        int64_t months = (int64_t)reference.months * days_between(at, end);
        sum = year_fraction_add(
            sum, fraction(months, (int64_t)MONTHS_PER_YEAR * days_between(start, next)));
        at = end;
    }
    return sum;
}

/* `years` years before `end`; from the end of February to the end of February. */
static struct day years_before(struct day end, int32_t years) {
    struct civil civil = day_to_civil(end);
    struct civil target = {civil.year - years, civil.month, civil.day};
    if (is_last_of_february(civil))
        target.day = days_in_month(target.year, target.month);
    return day_from_civil(target.year, target.month, target.day);
}

static struct year_fraction act_act_afb(
    struct day from, struct day to, const struct day_count_context *context) {
    (void)context;
    int32_t years = year_of(to) - year_of(from);
    while (years > 0 && day_compare(years_before(to, years), from) < 0)
        years--;
    struct day end = years_before(to, years);
    /* the leap day counts when it is one of the days, and the last of `end` is not */
    bool leap = leap_days_to(day_add(end, -1)) > leap_days_to(day_add(from, -1));
    int32_t year = leap ? YEAR_366 : YEAR_365;
    return fraction((int64_t)years * year + days_between(from, end), year);
}

static struct year_fraction act_act_year(
    struct day from, struct day to, const struct day_count_context *context) {
    (void)context;
    int32_t years = 0;
    while (day_compare(to, day_add_months(from, (years + 1) * MONTHS_PER_YEAR)) > 0)
        years++;
    struct day start = day_add_months(from, years * MONTHS_PER_YEAR);
    int32_t year = days_between(start, day_add_months(from, (years + 1) * MONTHS_PER_YEAR));
    return fraction((int64_t)years * year + days_between(start, to), year);
}

/* Whether `to` is at most the same day of the next year. */
static bool is_within_a_year(struct civil from, struct civil to) {
    bool day_not_passed = to.month < from.month || (to.month == from.month && to.day <= from.day);
    return to.year == from.year || (to.year == from.year + 1 && day_not_passed);
}

static struct year_fraction act_act_average(
    struct day from, struct day to, const struct day_count_context *context) {
    (void)context;
    struct civil first = day_to_civil(from);
    struct civil last = day_to_civil(to);
    int64_t days = days_between(from, to);
    if (is_within_a_year(first, last)) {
        /* the leap day counts when it is the first day or the last, too */
        bool leap = leap_days_between(day_add(from, -1), to) > 0;
        bool same = first.year == last.year;
        return fraction(days, same ? year_length(first.year) : (leap ? YEAR_366 : YEAR_365));
    }
    int64_t years = last.year - first.year + 1;
    int64_t all_days = 0;
    for (int32_t year = first.year; year <= last.year; year++)
        all_days += year_length(year);
    return fraction(days * years, all_days);
}

static const struct convention conventions[DAY_COUNT_COUNT] = {
    [DAY_COUNT_ACT_360] = {NULL, YEAR_360, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_364] = {NULL, 364, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_365] = {NULL, YEAR_365, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_365_25] = {NULL, QUARTERS_PER_YEAR, QUARTERS_PER_DAY, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_366] = {NULL, YEAR_366, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_NL_360] = {NULL, YEAR_360, 1, DAYS_WITHOUT_LEAP, 0},
    [DAY_COUNT_NL_365] = {NULL, YEAR_365, 1, DAYS_WITHOUT_LEAP, 0},
    [DAY_COUNT_ACT_365_ACTUAL] = {act_365_actual, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_365_L] = {act_365_l, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_ISDA] = {act_act_isda, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_ICMA] = {act_act_icma, 0, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_AFB] = {act_act_afb, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_YEAR] = {act_act_year, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_YEAR_END] = {act_act_year_end, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_LEAP_DAY] = {act_act_leap_day, YEAR_COMMON, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_ACT_ACT_AVERAGE] = {act_act_average, 0, 1, DAYS_ACTUAL, 0},
    [DAY_COUNT_30_360_ISDA] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY, TO_31_IS_30_AFTER_30},
    [DAY_COUNT_30_360_US] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY,
        FROM_FEBRUARY_END | BOTH_FEBRUARY_ENDS | TO_31_IS_30_AFTER_30},
    [DAY_COUNT_30_360_PSA] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY,
        FROM_FEBRUARY_END | TO_31_IS_30_AFTER_30},
    [DAY_COUNT_30_360_SPREADSHEET] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY,
        FROM_FEBRUARY_AFTER | BOTH_FEBRUARY_ENDS | TO_31_IS_30_AFTER_30},
    [DAY_COUNT_30E_360] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY, TO_31_IS_30},
    [DAY_COUNT_30E_PLUS_360] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY, TO_31_IS_FIRST},
    [DAY_COUNT_30E_360_ISDA] = {NULL, YEAR_360, 1, DAYS_OF_THIRTY,
        FROM_FEBRUARY_END | TO_FEBRUARY_END | TO_31_IS_30},
    [DAY_COUNT_ONE] = {NULL, 1, 1, DAYS_ONE, 0},
};

int32_t day_count_days(enum day_count convention, struct day from, struct day to,
    const struct day_count_context *context) {
    const struct convention *row = &conventions[convention];
    switch (row->days) {
    case DAYS_ACTUAL:
        return days_between(from, to);
    case DAYS_WITHOUT_LEAP:
        return days_between(from, to) - leap_days_between(from, to);
    case DAYS_OF_THIRTY:
        return days_of_thirty(row->thirty_rules, from, to, context);
    case DAYS_ONE:
        return 1;
    }
    check(false);
    return 0;
}

int64_t day_count_denominator(enum day_count convention) {
    return conventions[convention].denominator;
}

struct year_fraction day_count_fraction(enum day_count convention, struct day from, struct day to,
    const struct day_count_context *context) {
    const struct convention *row = &conventions[convention];
    if (day_compare(from, to) > 0) {
        struct year_fraction back = day_count_fraction(convention, to, from, context);
        return fraction(-back.numerator, back.denominator);
    }
    if (row->fraction_of != NULL)
        return row->fraction_of(from, to, context);
    return fraction(
        (int64_t)day_count_days(convention, from, to, context) * row->scale, row->denominator);
}
