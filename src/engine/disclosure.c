/* disclosure.c: the cost table and its rates. Exports what disclosure.h declares. */
#include "engine/disclosure.h"

#include "base/check.h"

#include <string.h>

enum { MONTHS = 12, WEEKS_OF_YEAR = 52, DAYS_OF_YEAR = 365 };

/* Whole months a period, 0 when periods are weeks, days or the rows of a custom plan. */
static int32_t months_of_period(const struct terms *terms) {
    if (terms->method == METHOD_CUSTOM)
        return 0;
    if (terms->period_unit == PERIOD_MONTH)
        return terms->period_length;
    return terms->period_unit == PERIOD_YEAR ? terms->period_length * MONTHS : 0;
}

/* Cost over the balance in use, a year: months are equal, other periods count their days. */
static struct rate simple_rate(const struct terms *terms, const struct schedule *schedule) {
    int32_t months = months_of_period(terms);
    int128 balances = 0;
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        const struct schedule_row *row = &schedule->rows[i];
        int32_t days = days_between(row->period.start, row->period.end);
        balances += (int128)row->opening.fen * (months > 0 ? months : days);
    }
    if (balances == 0)
        return RATE_ZERO;
    int32_t year = months > 0 ? MONTHS : DAYS_OF_YEAR;
    return (struct rate){divide_rounded(
        (int128)schedule_total_cost(schedule).fen * year * RATE_UNIT, balances, ROUND_HALF_UP)};
}

static void add_item(struct disclosure *disclosure, struct cost_item item) {
    check(disclosure->item_count < COST_KIND_COUNT);
    disclosure->items[disclosure->item_count++] = item;
}

static void add_normal_items(const struct terms *terms, struct disclosure *disclosure) {
    struct money interest = MONEY_ZERO;
    struct money fee = MONEY_ZERO;
    for (int32_t i = 0; i < disclosure->schedule.count; i++) {
        interest = money_add(interest, disclosure->schedule.rows[i].interest);
        fee = money_add(fee, disclosure->schedule.rows[i].fee);
    }
    if (terms->annual_rate.per_billion > 0)
        add_item(disclosure,
            (struct cost_item){COST_INTEREST, false, terms->annual_rate, MONEY_ZERO, interest});
    if (terms->period_fee_rate.per_billion > 0)
        add_item(disclosure,
            (struct cost_item){COST_PERIOD_FEE, false, terms->period_fee_rate, MONEY_ZERO, fee});
}

static void add_contingent_items(const struct terms *terms, struct disclosure *disclosure) {
    const struct penalty_terms *penalty = &terms->penalty;
    const struct extension_terms *extension = &terms->extension;
    if (penalty->daily_rate.per_billion > 0)
        add_item(disclosure,
            (struct cost_item){COST_PENALTY, true, penalty->daily_rate, MONEY_ZERO, MONEY_ZERO});
    if (money_is_positive(penalty->late_fee))
        add_item(disclosure,
            (struct cost_item){COST_LATE_FEE, true, RATE_ZERO, penalty->late_fee, MONEY_ZERO});
    if (extension->max_times > 0 &&
        (money_is_positive(extension->fee) || extension->daily_rate.per_billion > 0))
        add_item(disclosure, (struct cost_item){COST_EXTENSION_FEE, true, extension->daily_rate,
                                 extension->fee, MONEY_ZERO});
    bool settling_costs =
        terms->settle_rule == SETTLE_FULL ||
        (terms->settle_rule == SETTLE_REMAINING_FEES && terms->period_fee_rate.per_billion > 0);
    if (settling_costs)
        add_item(disclosure, (struct cost_item){COST_EARLY_SETTLEMENT, true, terms->period_fee_rate,
                                 MONEY_ZERO, MONEY_ZERO});
}

static struct money row_total(const struct schedule_row *row) {
    return money_add(row->principal, money_add(row->interest, row->fee));
}

/* Of the regular rows: the only one that pays anything, 1-based; 0 when there are several. */
static int32_t only_payment(const struct schedule *schedule) {
    int32_t only = 0;
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        if (money_is_zero(row_total(&schedule->rows[i])))
            continue;
        if (only != 0)
            return 0;
        only = i + 1;
    }
    return only;
}

/* The unit-period: the plan's own interval, a single payment's term, a year at most. */
static struct interval unit_period(const struct terms *terms, const struct schedule *schedule) {
    static const enum interval_unit units[PERIOD_UNIT_COUNT] = {
        [PERIOD_MONTH] = INTERVAL_MONTH,
        [PERIOD_DAY] = INTERVAL_DAY,
        [PERIOD_WEEK] = INTERVAL_WEEK,
        [PERIOD_YEAR] = INTERVAL_YEAR,
    };
    static const int32_t of_year[PERIOD_UNIT_COUNT] = {
        [PERIOD_MONTH] = MONTHS,
        [PERIOD_DAY] = DAYS_OF_YEAR,
        [PERIOD_WEEK] = WEEKS_OF_YEAR,
        [PERIOD_YEAR] = 1,
    };
    if (terms->method == METHOD_CUSTOM)
        return (struct interval){INTERVAL_MONTH, 1};
    int32_t only = only_payment(schedule);
    int64_t multiple = (int64_t)terms->period_length * (only > 0 ? only : 1);
    if (multiple >= of_year[terms->period_unit])
        return (struct interval){INTERVAL_YEAR, 1};
    return (struct interval){units[terms->period_unit], (int32_t)multiple};
}

/* What European time counts: the plan's weeks or days, else months. */
static enum interval_unit european_unit(const struct terms *terms) {
    if (terms->method == METHOD_CUSTOM)
        return INTERVAL_MONTH;
    if (terms->period_unit == PERIOD_WEEK)
        return INTERVAL_WEEK;
    return terms->period_unit == PERIOD_DAY ? INTERVAL_DAY : INTERVAL_MONTH;
}

/* Rates by the days that amounts are due on. Returns the European one. */
static struct cost_rate add_dated_rates(const struct terms *terms, struct disclosure *disclosure) {
    const struct schedule *schedule = &disclosure->schedule;
    struct day start = schedule->rows[0].period.start;
    struct interval unit = unit_period(terms, schedule);
    struct cash_flow american[INSTALMENTS_MAX + 1];
    struct cash_flow european[INSTALMENTS_MAX + 1];
    american[0] = cash_flow_whole(real_from_fen(disclosure->principal), 0);
    european[0] = american[0];
    for (int32_t i = 0; i < schedule->count; i++) {
        /* a day rolled back before the start counts as the start */
        struct day rolled = schedule->rows[i].due_day;
        struct day due = day_compare(rolled, start) < 0 ? start : rolled;
        struct real paid = real_from_fen(money_negate(row_total(&schedule->rows[i])));
        american[i + 1] = cash_flow_actuarial(paid, start, due, unit);
        european[i + 1] = cash_flow_european(paid, start, due, european_unit(terms));
    }
    int32_t count = schedule->count + 1;
    struct cost_rate aprc = european_rate(european, count);
    disclosure->actuarial = actuarial_rate(american, count, intervals_per_year(unit)).annual;
    disclosure->aprc = aprc.annual;
    return aprc;
}

/* The rate of equal months; of other periods, the monthly one of the year's. */
static struct monthly_rate monthly_rate(
    const struct terms *terms, const struct disclosure *disclosure, struct cost_rate year) {
    const struct schedule *schedule = &disclosure->schedule;
    int32_t months = months_of_period(terms);
    if (months == 0)
        return year.found ? monthly_rate_of_year(year.exact) : (struct monthly_rate){0};
    struct cash_flow flows[INSTALMENTS_MAX + 1];
    flows[0] = cash_flow_whole(real_from_fen(disclosure->principal), 0);
    for (int32_t i = 0; i < schedule->count; i++) {
        struct real paid = real_from_fen(money_negate(row_total(&schedule->rows[i])));
        int32_t after = i < schedule->regular_count ? (i + 1) * months : 0;
        flows[i + 1] = cash_flow_whole(paid, after);
    }
    return monthly_rate_of_flows(flows, schedule->count + 1);
}

void disclosure_build(const struct terms *terms, struct disclosure *disclosure) {
    memset(disclosure, 0, sizeof *disclosure);
    struct schedule *schedule = &disclosure->schedule;
    schedule_build(terms, schedule);
    for (int32_t i = 0; i < schedule->count; i++)
        disclosure->total_repayment =
            money_add(disclosure->total_repayment, row_total(&schedule->rows[i]));
    int32_t last = schedule->regular_count - 1;
    disclosure->principal = terms->principal;
    disclosure->instalment_count = schedule->regular_count;
    disclosure->first_due_day = schedule->rows[0].due_day;
    disclosure->last_due_day = schedule->rows[last].due_day;
    disclosure->first_amount = row_total(&schedule->rows[0]);
    disclosure->each_amount = row_total(&schedule->rows[last > 0 ? 1 : 0]);
    disclosure->last_amount = row_total(&schedule->rows[last]);
    disclosure->total_cost = schedule_total_cost(schedule);
    disclosure->cap = terms->all_in_cap;
    struct cost_rate year = add_dated_rates(terms, disclosure);
    struct monthly_rate rate = monthly_rate(terms, disclosure, year);
    disclosure->irr_nominal = rate.nominal;
    disclosure->irr_effective = rate.effective;
    disclosure->simple = simple_rate(terms, schedule);
    add_normal_items(terms, disclosure);
    add_contingent_items(terms, disclosure);
}

const char *cost_kind_name(enum cost_kind kind) {
    static const char *const names[COST_KIND_COUNT] = {
        [COST_INTEREST] = "interest",
        [COST_PERIOD_FEE] = "period_fee",
        [COST_PENALTY] = "penalty",
        [COST_LATE_FEE] = "late_fee",
        [COST_EXTENSION_FEE] = "extension_fee",
        [COST_EARLY_SETTLEMENT] = "early_settlement",
    };
    check((unsigned)kind < COST_KIND_COUNT);
    return names[kind];
}
