/* disclosure.c: the cost table and its rates. Exports what disclosure.h declares. */
#include "engine/disclosure.h"

#include "base/check.h"

#include <string.h>

enum { MONTHS = 12 };

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

/* The rates that count the days of an odd first period. */
static void add_dated_rates(struct disclosure *disclosure) {
    const struct schedule *schedule = &disclosure->schedule;
    struct day start = schedule->rows[0].period.start;
    const struct interval month = {INTERVAL_MONTH, 1};
    struct cash_flow american[INSTALMENTS_MAX + 1];
    struct cash_flow european[INSTALMENTS_MAX + 1];
    american[0] = cash_flow_whole(real_from_fen(disclosure->principal), 0);
    european[0] = american[0];
    for (int32_t i = 0; i < schedule->count; i++) {
        struct day due = schedule->rows[i].due_day;
        struct real paid = real_from_fen(money_negate(row_total(&schedule->rows[i])));
        american[i + 1] = cash_flow_actuarial(paid, start, due, month);
        european[i + 1] = cash_flow_european(paid, start, due, INTERVAL_MONTH);
    }
    int32_t count = schedule->count + 1;
    disclosure->actuarial = actuarial_rate(american, count, intervals_per_year(month)).annual;
    disclosure->aprc = european_rate(european, count).annual;
}

void disclosure_build(const struct terms *terms, struct disclosure *disclosure) {
    memset(disclosure, 0, sizeof *disclosure);
    struct schedule *schedule = &disclosure->schedule;
    schedule_build(terms, schedule);
    struct money flows[INSTALMENTS_MAX];
    struct money received = terms->principal; /* less what is due at once */
    for (int32_t i = 0; i < schedule->count; i++) {
        flows[i] = row_total(&schedule->rows[i]);
        disclosure->total_repayment = money_add(disclosure->total_repayment, flows[i]);
        if (i >= schedule->regular_count)
            received = money_subtract(received, flows[i]);
    }
    int32_t last = schedule->regular_count - 1;
    disclosure->principal = terms->principal;
    disclosure->instalment_count = schedule->regular_count;
    disclosure->first_due_day = schedule->rows[0].due_day;
    disclosure->last_due_day = schedule->rows[last].due_day;
    disclosure->first_amount = flows[0];
    disclosure->each_amount = flows[last > 0 ? 1 : 0];
    disclosure->last_amount = flows[last];
    disclosure->total_cost = schedule_total_cost(schedule);
    disclosure->cap = terms->all_in_cap;
    struct monthly_rate rate = solve_monthly_rate(received, flows, schedule->regular_count);
    disclosure->irr_nominal = rate.nominal;
    disclosure->irr_effective = rate.effective;
    add_dated_rates(disclosure);
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
