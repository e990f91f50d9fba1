/*
 * interest.c: interest as exact sums. Exports what interest.h declares.
 *
 * Every basis is brought to a divisor that does not depend on where a period is cut: by month a
 * period of m months and L days counts m × days / (12 × L), the others days / 360, 364, 365 or,
 * with leap years told apart, / (365 × 366).
 */
#include "engine/interest.h"

#include "base/check.h"
#include "engine/day_count.h"
#include "engine/schedule.h"

enum { MONTHS_PER_YEAR = 12, DAYS_BY_MONTH_BASIS = 360, WEEK_DAYS = 7 };

static const int128 tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
    1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
    1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000};

struct rates terms_rates(const struct terms *terms, struct rate_step *room) {
    room[0] = (struct rate_step){terms->start_day, terms->annual_rate};
    for (int32_t i = 0; i < terms->rate_step_count; i++)
        room[i + 1] = terms->rate_steps[i];
    return (struct rates){terms->rate_step_count + 1, room};
}

struct rate rate_on(const struct rates *rates, struct day day) {
    int32_t i = rates->count - 1;
    while (i > 0 && day_compare(day, rates->steps[i].from_day) < 0)
        i--;
    return rates->steps[i].annual_rate;
}

static enum day_count convention(enum day_basis basis) {
    switch (basis) { /* uncovered: by month never asks for a day count */
    case DAY_BASIS_BY_MONTH:
        break;
    case DAY_BASIS_ACT_365:
        return DAY_COUNT_ACT_365;
    case DAY_BASIS_ACT_360:
        return DAY_COUNT_ACT_360;
    case DAY_BASIS_ACT_ACT_ISDA:
        return DAY_COUNT_ACT_ACT_ISDA;
    case DAY_BASIS_ACT_ACT_YEAR_END:
        return DAY_COUNT_ACT_ACT_YEAR_END;
    case DAY_BASIS_ACT_ACT_LEAP_DAY:
        return DAY_COUNT_ACT_ACT_LEAP_DAY;
    case DAY_BASIS_30_360_US:
        return DAY_COUNT_30_360_US;
    case DAY_BASIS_30_360_ISDA:
        return DAY_COUNT_30_360_ISDA;
    case DAY_BASIS_30E_360:
        return DAY_COUNT_30E_360;
    case DAY_BASIS_ACT_364:
        return DAY_COUNT_ACT_364;
    }
    check(false);
    return DAY_COUNT_ACT_365;
}

/* How many whole months lie between two days; 0 when they are not whole. */
static int32_t whole_months(struct day start, struct day end) {
    struct civil from = day_to_civil(start);
    struct civil to = day_to_civil(end);
    int32_t months = (to.year - from.year) * MONTHS_PER_YEAR + to.month - from.month;
    return months > 0 && day_compare(day_add_months(start, months), end) == 0 ? months : 0;
}

int32_t period_months(const struct terms *terms, const struct period *period) {
    if (terms->day_basis != DAY_BASIS_BY_MONTH)
        return 0;
    switch (terms->period_unit) {
    case PERIOD_MONTH:
        return period->by_days ? whole_months(period->start, period->end) : terms->period_length;
    case PERIOD_YEAR:
        return period->by_days ? whole_months(period->start, period->end)
                               : terms->period_length * MONTHS_PER_YEAR;
    case PERIOD_DAY:
    case PERIOD_WEEK:
        return 0;
    }
    check(false);
    return 0;
}

/* How many parts the year of this period has. */
static int64_t year_parts(const struct terms *terms, const struct period *period) {
    if (terms->day_basis != DAY_BASIS_BY_MONTH)
        return day_count_denominator(convention(terms->day_basis));
    if (period_months(terms, period) > 0)
        return (int64_t)MONTHS_PER_YEAR * days_between(period->start, period->end);
    return DAYS_BY_MONTH_BASIS;
}

/* Parts of the year from the period's start to a day in it, by a day count. */
static int64_t parts_counted(
    const struct terms *terms, const struct period *period, struct day to) {
    enum day_count count = convention(terms->day_basis);
    const struct day_count_context context = {
        .reference_start = period->start, .reference_end = period->end, .termination = DAY_NONE};
    struct year_fraction part = day_count_fraction(count, period->start, to, &context);
    int64_t parts = day_count_denominator(count);
    check(parts % part.denominator == 0);
    return part.numerator * (parts / part.denominator);
}

/*
 * Of these parts, those from `from` to `to`. Counted from the period's start to either day, because
 * 30/360 would count the 31st of a month or the end of February twice or never when it is cut
 * there.
 */
static int64_t parts_between(
    const struct terms *terms, const struct period *period, struct day from, struct day to) {
    if (terms->day_basis != DAY_BASIS_BY_MONTH)
        return parts_counted(terms, period, to) -
               (day_compare(from, period->start) > 0 ? parts_counted(terms, period, from) : 0);
    int32_t months = period_months(terms, period);
    int64_t days = days_between(from, to);
    return months > 0 ? months * days : days;
}

struct year_fraction year_of_period(const struct terms *terms, const struct period *period) {
    int32_t months = period_months(terms, period);
    if (months > 0)
        return (struct year_fraction){months, MONTHS_PER_YEAR};
    return (struct year_fraction){
        parts_between(terms, period, period->start, period->end), year_parts(terms, period)};
}

int128 interest_divisor(const struct terms *terms, const struct period *period) {
    if (terms->factor_decimals > 0)
        return tens[terms->factor_decimals];
    return (int128)RATE_UNIT * year_parts(terms, period);
}

/* What a balance of one bears at one rate, over interest_divisor(). */
static int128 piece(const struct terms *terms, const struct period *period, struct rate rate,
    struct day from, struct day to) {
    int128 exact = (int128)rate.per_billion * parts_between(terms, period, from, to);
    if (terms->factor_decimals == 0)
        return exact;
    int128 scale = tens[terms->factor_decimals];
    return divide_rounded(
        exact * scale, (int128)RATE_UNIT * year_parts(terms, period), ROUND_HALF_EVEN);
}

static int128 factor_between(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct day from, struct day to) {
    int128 sum = 0;
    if (period->interest_free)
        return 0;
    for (int32_t i = 0; i < rates->count && day_compare(from, to) < 0; i++) {
        bool last = i + 1 == rates->count;
        if (!last && day_compare(rates->steps[i + 1].from_day, from) <= 0)
            continue;
        struct day until = last || day_compare(to, rates->steps[i + 1].from_day) < 0
                               ? to
                               : rates->steps[i + 1].from_day;
        sum += piece(terms, period, rates->steps[i].annual_rate, from, until);
        from = until;
    }
    return sum;
}

int128 interest_units(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct money balance, struct day from, struct day to) {
    if (day_compare(from, period->start) < 0)
        from = period->start;
    if (day_compare(to, period->end) > 0)
        to = period->end;
    if (balance.fen == 0 || day_compare(from, to) >= 0)
        return 0;
    return balance.fen * factor_between(terms, rates, period, from, to);
}

struct money round_interest(const struct terms *terms, const struct period *period, int128 units) {
    return money_fen(divide_rounded(units, interest_divisor(terms, period), terms->rounding));
}

void growth_of_period(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct growth *growth) {
    int32_t months = period_months(terms, period);
    if (rates->count == 1 && months > 0 && terms->factor_decimals == 0 && !period->interest_free)
        *growth = (struct growth){(int128)rates->steps[0].annual_rate.per_billion * months,
            (int128)RATE_UNIT * MONTHS_PER_YEAR};
    else
        *growth = (struct growth){factor_between(terms, rates, period, period->start, period->end),
            interest_divisor(terms, period)};
}

struct money interest_of_period(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct money balance) {
    struct growth growth;
    growth_of_period(terms, rates, period, &growth);
    return money_fen(
        divide_rounded(balance.fen * growth.numerator, growth.denominator, terms->rounding));
}
