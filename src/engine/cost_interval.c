/*
 * cost_interval.c: times of cash flows by the European and the American rule. Exports
 * cash_flow_european(), cash_flow_actuarial(), intervals_per_year() of cost_rate.h.
 */
#include "engine/cost_rate.h"

#include "base/check.h"

enum { MONTHS = 12, DAYS_OF_WEEK = 7, DAYS_OF_HALF_MONTH = 15, DAYS_OF_MONTH = 30 };
enum { WEEKS_OF_YEAR = 52, DAYS_OF_YEAR = 365, HALF_MONTHS_OF_YEAR = 24 };

/* Whole months counted back from a day, and the days left before the first of them. */
struct counted_back {
    int32_t months;
    int32_t days;
    struct day reached;
};

static struct counted_back count_back(struct day start, struct day day) {
    struct civil from = day_to_civil(start);
    struct civil to = day_to_civil(day);
    int32_t months = (to.year - from.year) * MONTHS + to.month - from.month;
    struct day reached = day_add_months(day, -months);
    if (day_compare(reached, start) < 0)
        reached = day_add_months(day, -(--months));
    return (struct counted_back){months, days_between(start, reached), reached};
}

/* Days of the year that ends with `day`. */
static int32_t days_of_year_before(struct day day) {
    return days_between(day_add_months(day, -MONTHS), day);
}

/* whole/per_year + days/year_days, in years. */
static struct cash_flow years(
    struct real amount, int32_t whole, int32_t per_year, int32_t days, int32_t year_days) {
    return cash_flow_fraction(
        amount, (int64_t)whole * year_days + (int64_t)days * per_year, per_year * year_days);
}

struct cash_flow cash_flow_european(
    struct real amount, struct day start, struct day day, enum interval_unit unit) {
    check(day_compare(day, start) >= 0);
    if (unit == INTERVAL_WEEK) {
        int32_t days = days_between(start, day);
        struct day reached = day_add(start, days % DAYS_OF_WEEK);
        return years(amount, days / DAYS_OF_WEEK, WEEKS_OF_YEAR, days % DAYS_OF_WEEK,
            days_of_year_before(reached));
    }
    struct counted_back back = count_back(start, day);
    if (unit == INTERVAL_MONTH || unit == INTERVAL_HALF_MONTH)
        return years(amount, back.months, MONTHS, back.days, days_of_year_before(back.reached));
    int32_t whole = back.months / MONTHS;
    struct day reached = day_add_months(day, -whole * MONTHS);
    return years(amount, whole, 1, days_between(start, reached), days_of_year_before(reached));
}

static struct cash_flow actuarial_year(
    struct real amount, struct day start, struct day day, int32_t multiple) {
    struct counted_back back = count_back(start, day);
    int32_t whole = back.months / MONTHS;
    if (back.days == 0)
        return cash_flow_fraction(amount, back.months, MONTHS * multiple);
    int32_t days = days_between(start, day_add_months(day, -whole * MONTHS));
    return cash_flow_fraction(
        amount, (int64_t)whole * DAYS_OF_YEAR + days, DAYS_OF_YEAR * multiple);
}

struct cash_flow cash_flow_actuarial(
    struct real amount, struct day start, struct day day, struct interval unit) {
    check(day_compare(day, start) >= 0);
    check(unit.multiple >= 1 && unit.multiple <= INTERVAL_MULTIPLE_MAX);
    struct counted_back back = count_back(start, day);
    int64_t days = days_between(start, day);
    int64_t months_as_days = (int64_t)back.months * DAYS_OF_MONTH + back.days;
    switch (unit.unit) {
    case INTERVAL_DAY:
        return cash_flow_fraction(amount, days, unit.multiple);
    case INTERVAL_WEEK:
        return cash_flow_fraction(amount, days, DAYS_OF_WEEK * unit.multiple);
    case INTERVAL_HALF_MONTH:
        return cash_flow_fraction(amount, months_as_days, DAYS_OF_HALF_MONTH * unit.multiple);
    case INTERVAL_MONTH:
        return cash_flow_fraction(amount, months_as_days, DAYS_OF_MONTH * unit.multiple);
    case INTERVAL_YEAR:
        return actuarial_year(amount, start, day, unit.multiple);
    }
    check(false);
    return (struct cash_flow){0};
}

struct real intervals_per_year(struct interval unit) {
    static const int64_t counts[] = {
        [INTERVAL_DAY] = DAYS_OF_YEAR,
        [INTERVAL_WEEK] = WEEKS_OF_YEAR,
        [INTERVAL_HALF_MONTH] = HALF_MONTHS_OF_YEAR,
        [INTERVAL_MONTH] = MONTHS,
        [INTERVAL_YEAR] = 1,
    };
    check((unsigned)unit.unit < sizeof counts / sizeof counts[0] && unit.multiple >= 1);
    return real_from_ratio(counts[unit.unit], unit.multiple);
}
