/*
 * disclosure.c: the cost table and its rates. Exports what disclosure.h declares.
 *
 * The monthly rate is found through the discount factor v = 1 / (1 + i), 1/2 <= v <= 1, held as
 * v × 2^60. Flows are scaled by a power of two so that their sum lies in 2^61..2^62. The present
 * value by Horner's rule, truncated at each of its n steps, is short by less than n units and never
 * falls when v rises, so bisection to one unit of v is sound. By v the present value rises at least
 * as fast as the present value itself, which at the root is the scaled principal T, so v is off by
 * less than n / T + 2^-60. With n <= 60 and a cost below the principal T > 2^60 and the error of v
 * is below 2^-54; i = 1/v - 1 multiplies it by at most 4, a year by 12: below 10^-14. In the worst
 * case admitted (n = 600, cost 63 times the principal) it is below 2^-45 × 48 < 2 × 10^-12. A part
 * per billion is therefore exact but for a tie within that distance.
 */
#include "engine/disclosure.h"

#include "base/check.h"

#include <string.h>

enum { FACTOR_BITS = 60, SCALE_BITS = 61, FLOWS_MAX = 600, MONTHS = 12 };
#define QUINTILLION INT64_C(1000000000000000000)
#define COMPOUND_UNIT INT64_C(1000000000000000) /* 10^15: (1 + i)^12 of up to 2^12 fits squared */

/* Σ flows[k] v^(k+1), all scaled by `scale`, truncated. */
static int128 present_value(
    const struct money *flows, int32_t count, int128 scale, int64_t factor) {
    int128 value = 0;
    for (int32_t k = count - 1; k >= 0; k--)
        value = ((value + flows[k].fen * scale) * factor) >> FACTOR_BITS;
    return value;
}

/* The smallest factor, to one unit, at which the flows are worth the principal. */
static int64_t bisect_factor(
    struct money principal, const struct money *flows, int32_t count, int128 scale) {
    int64_t low = INT64_C(1) << (FACTOR_BITS - 1);
    int64_t high = INT64_C(1) << FACTOR_BITS;
    int128 target = principal.fen * scale;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (present_value(flows, count, scale, middle) < target)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static struct rate compound_year(int64_t per_quintillion) {
    int128 base = (int128)COMPOUND_UNIT + per_quintillion / (QUINTILLION / COMPOUND_UNIT);
    int128 power = COMPOUND_UNIT;
    for (int month = 0; month < MONTHS; month++)
        power = (power * base + COMPOUND_UNIT / 2) / COMPOUND_UNIT;
    return (struct rate){
        divide_rounded(power - COMPOUND_UNIT, COMPOUND_UNIT / RATE_UNIT, ROUND_HALF_UP)};
}

struct monthly_rate solve_monthly_rate(
    struct money principal, const struct money *flows, int32_t count) {
    check(count >= 1 && count <= FLOWS_MAX && money_is_positive(principal));
    struct monthly_rate rate = {0};
    int128 sum = 0;
    for (int32_t k = 0; k < count; k++) {
        check(!money_is_negative(flows[k]));
        sum += flows[k].fen;
    }
    check(sum <= 10 * PRINCIPAL_MAX_FEN);
    if (sum < principal.fen)
        return rate;
    if (sum == principal.fen) {
        rate.found = true;
        return rate;
    }
    int128 scale = 1;
    while (sum * scale * 2 <= (int128)1 << (SCALE_BITS + 1))
        scale *= 2;
    const int64_t one = INT64_C(1) << FACTOR_BITS;
    if (present_value(flows, count, scale, one / 2) > principal.fen * scale)
        return rate;
    int64_t factor = bisect_factor(principal, flows, count, scale);
    rate.found = true;
    rate.per_quintillion =
        divide_rounded((int128)(one - factor) * QUINTILLION, factor, ROUND_HALF_UP);
    rate.nominal.per_billion = divide_rounded(
        (int128)rate.per_quintillion * MONTHS, QUINTILLION / RATE_UNIT, ROUND_HALF_UP);
    rate.effective = compound_year(rate.per_quintillion);
    return rate;
}

/* Cost over the balance in use: cost ÷ Σ opening balances × 12 months. */
static struct rate simple_rate(const struct schedule *schedule) {
    int128 balances = 0;
    for (int32_t i = 0; i < schedule->count; i++)
        balances += schedule->rows[i].opening.fen;
    return (struct rate){divide_rounded(
        (int128)schedule_total_cost(schedule).fen * MONTHS * RATE_UNIT, balances, ROUND_HALF_UP)};
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

void disclosure_build(const struct terms *terms, struct disclosure *disclosure) {
    memset(disclosure, 0, sizeof *disclosure);
    struct schedule *schedule = &disclosure->schedule;
    schedule_build(terms, schedule);
    struct money flows[INSTALMENTS_MAX];
    for (int32_t i = 0; i < schedule->count; i++) {
        flows[i] = row_total(&schedule->rows[i]);
        disclosure->total_repayment = money_add(disclosure->total_repayment, flows[i]);
    }
    int32_t last = schedule->count - 1;
    disclosure->principal = terms->principal;
    disclosure->instalment_count = schedule->count;
    disclosure->first_due_day = schedule->rows[0].due_day;
    disclosure->last_due_day = schedule->rows[last].due_day;
    disclosure->first_amount = flows[0];
    disclosure->each_amount = flows[last > 0 ? 1 : 0];
    disclosure->last_amount = flows[last];
    disclosure->total_cost = schedule_total_cost(schedule);
    disclosure->cap = terms->all_in_cap;
    struct monthly_rate rate = solve_monthly_rate(terms->principal, flows, schedule->count);
    disclosure->irr_nominal = rate.nominal;
    disclosure->irr_effective = rate.effective;
    disclosure->simple = simple_rate(schedule);
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
