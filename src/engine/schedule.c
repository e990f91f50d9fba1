/* schedule.c: the instalment plan. Exports what schedule.h declares. */
#include "engine/schedule.h"

#include "base/check.h"

enum { MONTHS_PER_YEAR = 12, DISCOUNT_BITS = 80 };

/* The account day of the month `months` after that of `anchor`, clamped to the month's end. */
static struct day account_day_after(struct day anchor, int32_t months, int32_t account_day) {
    struct civil civil = day_to_civil(anchor);
    int32_t index = civil.year * MONTHS_PER_YEAR + (civil.month - 1) + months;
    int32_t year = index / MONTHS_PER_YEAR;
    int32_t month = index % MONTHS_PER_YEAR + 1;
    int32_t last = days_in_month(year, month);
    return day_from_civil(year, month, account_day < last ? account_day : last);
}

struct day schedule_due_day(const struct terms *terms, int32_t number) {
    check(number >= 0);
    if (number == 0)
        return terms->start_day;
    bool given = !day_is_none(terms->first_due_day);
    if (given && number == 1)
        return terms->first_due_day;
    struct day anchor = given ? terms->first_due_day : terms->start_day;
    int32_t months = given ? number - 1 : number;
    switch (terms->due_rule) {
    case DUE_RULE_ORDER_ANNIVERSARY:
        return day_add_months(anchor, months);
    case DUE_RULE_ACCOUNT_DAY:
        return account_day_after(anchor, months, terms->account_day);
    }
    check(false);
    return DAY_NONE;
}

struct year_fraction period_fraction(const struct terms *terms, int32_t number, int32_t days) {
    switch (terms->day_basis) {
    case DAY_BASIS_BY_MONTH:
        if (number == 1 && terms->first_period_by_days &&
            day_compare(schedule_due_day(terms, 1), day_add_months(terms->start_day, 1)) != 0)
            return (struct year_fraction){days, 360};
        return (struct year_fraction){1, MONTHS_PER_YEAR};
    case DAY_BASIS_ACT_365:
        return (struct year_fraction){days, 365};
    case DAY_BASIS_ACT_360:
        return (struct year_fraction){days, 360};
    }
    check(false);
    return (struct year_fraction){0, 1};
}

static struct money interest_for(
    const struct terms *terms, struct money balance, struct year_fraction fraction) {
    return money_fen(
        divide_rounded((int128)balance.fen * terms->annual_rate.per_billion * fraction.numerator,
            (int128)RATE_UNIT * fraction.denominator, terms->rounding));
}

static struct year_fraction row_fraction(
    const struct terms *terms, const struct schedule_row *row, int32_t number) {
    return period_fraction(terms, number, days_between(row->period_start, row->due_day));
}

/* The fraction that levels instalment `number`: its own, or a month (R-0006). */
static struct year_fraction level_fraction(
    const struct terms *terms, const struct schedule_row *row, int32_t number) {
    if (terms->level_plan == LEVEL_PLAN_BY_MONTH)
        return (struct year_fraction){1, MONTHS_PER_YEAR};
    return row_fraction(terms, row, number);
}

/*
 * The level instalment: principal ÷ Σ discount factors, rounded. Factors carry 80 binary places and
 * are each short by less than `number` units, so that the sum of 60 is relatively exact to 2^-69
 * and the instalment of 10^12 fen to 10^-8 fen before it is rounded.
 */
static struct money level_amount(const struct terms *terms, const struct schedule *schedule) {
    const int128 one = (int128)1 << DISCOUNT_BITS;
    int128 factor = one;
    int128 sum = 0;
    for (int32_t i = 0; i < schedule->count; i++) {
        struct year_fraction f = level_fraction(terms, &schedule->rows[i], i + 1);
        int64_t year = RATE_UNIT * f.denominator;
        factor = factor * year / (year + terms->annual_rate.per_billion * f.numerator);
        sum += factor;
    }
    return money_fen(divide_rounded(terms->principal.fen * one, sum, terms->rounding));
}

static void plan_level(const struct terms *terms, struct schedule *schedule) {
    struct money level = level_amount(terms, schedule);
    struct money balance = terms->principal;
    for (int32_t i = 0; i < schedule->count; i++) {
        struct schedule_row *row = &schedule->rows[i];
        struct money levelled = interest_for(terms, balance, level_fraction(terms, row, i + 1));
        row->opening = balance;
        row->interest = interest_for(terms, balance, row_fraction(terms, row, i + 1));
        row->principal =
            i + 1 == schedule->count
                ? balance
                : money_min(balance, money_max(MONEY_ZERO, money_subtract(level, levelled)));
        balance = money_subtract(balance, row->principal);
    }
}

/* Share `number` of `total` in `count` parts; one end absorbs the remainder, none is negative. */
static struct money share_of(struct money total, int32_t number, int32_t count,
    enum rounding rounding, enum remainder_place remainder) {
    int64_t even = divide_rounded(total.fen, count, rounding);
    int32_t place = remainder == REMAINDER_LAST ? number : count + 1 - number;
    struct money left = money_max(MONEY_ZERO, money_fen(total.fen - even * (place - 1)));
    return place == count ? left : money_min(left, money_fen(even));
}

static struct money principal_of(const struct terms *terms, int32_t number) {
    switch (terms->method) {
    case METHOD_EQUAL_PRINCIPAL:
    case METHOD_INTEREST_FREE:
    case METHOD_FEE_PER_PERIOD:
        return share_of(terms->principal, number, terms->instalment_count,
            terms->principal_rounding, terms->remainder);
    case METHOD_INTEREST_ONLY:
        return number == terms->instalment_count ? terms->principal : MONEY_ZERO;
    case METHOD_EQUAL_INSTALMENT:
        break;
    }
    check(false);
    return MONEY_ZERO;
}

static struct money fee_of(const struct terms *terms, int32_t number) {
    struct money fee = money_scale(
        terms->principal, terms->period_fee_rate.per_billion, RATE_UNIT, terms->rounding);
    if (terms->fee_quote == FEE_QUOTE_PER_PERIOD)
        return fee;
    return share_of(fee, number, terms->instalment_count, terms->rounding, terms->remainder);
}

static void plan_by_shares(const struct terms *terms, struct schedule *schedule) {
    struct money balance = terms->principal;
    for (int32_t i = 0; i < schedule->count; i++) {
        struct schedule_row *row = &schedule->rows[i];
        row->opening = balance;
        row->principal = principal_of(terms, i + 1);
        row->interest = interest_for(terms, balance, row_fraction(terms, row, i + 1));
        row->fee = fee_of(terms, i + 1);
        balance = money_subtract(balance, row->principal);
    }
    check(money_is_zero(balance));
}

void schedule_build(const struct terms *terms, struct schedule *schedule) {
    schedule->count = terms->instalment_count;
    struct day previous = terms->start_day;
    for (int32_t i = 0; i < schedule->count; i++) {
        struct day due_day = schedule_due_day(terms, i + 1);
        schedule->rows[i] = (struct schedule_row){.period_start = previous, .due_day = due_day};
        previous = due_day;
    }
    if (terms->method == METHOD_EQUAL_INSTALMENT)
        plan_level(terms, schedule);
    else
        plan_by_shares(terms, schedule);
}

struct money schedule_total_cost(const struct schedule *schedule) {
    struct money cost = MONEY_ZERO;
    for (int32_t i = 0; i < schedule->count; i++)
        cost = money_add(cost, money_add(schedule->rows[i].interest, schedule->rows[i].fee));
    return cost;
}
