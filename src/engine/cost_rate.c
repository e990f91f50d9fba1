/*
 * cost_rate.c: values and rates of cash flows. Exports cash_flow_whole(), cash_flow_fraction(),
 * cash_flows_value(), cash_flows_rate(), cash_flows_modified_rate(), european_rate(),
 * actuarial_rate() and the monthly rates of cost_rate.h; times are in cost_interval.c.
 *
 * The unknown is d = ln(1 + i). A flow's discount is that of the flow before it times the discount
 * of the time between them, so n flows cost as many products and a few exponentials, and the value
 * V(d) is wrong by less than n × 2^-105 of the sum M of its terms' absolute values, for
 * |d| × time <= 2^11 (each exponential within (1 + |d t|) 2^-114, R-0121).
 *
 * Error of the rate. root_find() returns d with |V| <= 2^-96 M. Where all advances come before all
 * repayments, g periods apart, take a moment s in the middle of the gap: e^(ds) V(d) rises or falls
 * at least at the speed (g/2) e^(ds) M everywhere, so there is one zero and d is within
 * 2 (2^-96 + n 2^-105) / g of it. With n <= 1200 and g of a day in a year's period (1/366) that is
 * 1200 × 2^-104 × 366 < 2^-84; i = e^d - 1 is then wrong by less than (1 + i) × 2^-84, below
 * 10^-24 for i up to 1000 %. A bound of 10^-20 holds up to i = 10^5. Other orders of flows have no
 * such bound (they may have several rates, R-0121); what is returned discounts them to zero.
 */
#include "engine/cost_rate.h"

#include "base/check.h"
#include "engine/root.h"
#include "engine/terms.h"

enum { REMEMBERED = 4, MONTHS = 12, MONTHLY_MAX = 600 };
#define QUINTILLION INT64_C(1000000000000000000)
enum { PER_BILLION_DECIMALS = 9, QUINTILLION_DECIMALS = 18 };

/* Time as a fraction in lowest terms. */
struct span {
    int64_t numerator;
    int64_t denominator;
};

/* Discounts of the spans met last: plans repeat few of them. */
struct discounts {
    struct real log_rate;
    int32_t used;
    struct span spans[REMEMBERED];
    struct real factors[REMEMBERED];
};

static int64_t common_divisor(int64_t a, int64_t b) {
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct real one(void) {
    return real_from_int(1);
}

struct cash_flow cash_flow_whole(struct real amount, int32_t periods) {
    return (struct cash_flow){amount, periods, 0, 1};
}

struct cash_flow cash_flow_fraction(struct real amount, int64_t numerator, int32_t denominator) {
    check(numerator >= 0 && denominator > 0 && numerator / denominator <= CASH_FLOW_WHOLE_MAX);
    return (struct cash_flow){amount, (int32_t)(numerator / denominator),
        (int32_t)(numerator % denominator), denominator};
}

/* The time from one flow to another, broken parts included. */
static struct span span_between(const struct cash_flow *from, const struct cash_flow *to) {
    int64_t denominator = (int64_t)from->parts * to->parts;
    if (from->parts == to->parts)
        denominator = from->parts;
    int64_t parts = to->part * (denominator / to->parts) - from->part * (denominator / from->parts);
    int64_t shared = common_divisor(parts < 0 ? -parts : parts, denominator);
    parts /= shared;
    denominator /= shared;
    return (struct span){(int64_t)(to->whole - from->whole) * denominator + parts, denominator};
}

static struct real span_factor(struct discounts *discounts, struct span span) {
    if (span.numerator == 0)
        return one();
    int32_t kept = discounts->used < REMEMBERED ? discounts->used : REMEMBERED;
    for (int32_t i = 0; i < kept; i++) {
        const struct span *known = &discounts->spans[i];
        if (known->numerator == span.numerator && known->denominator == span.denominator)
            return discounts->factors[i];
    }
    struct real time = real_from_ratio(-span.numerator, span.denominator);
    struct real factor = real_exp(real_multiply(discounts->log_rate, time));
    int32_t slot = discounts->used++ % REMEMBERED;
    discounts->spans[slot] = span;
    discounts->factors[slot] = factor;
    return factor;
}

static void balance_add(struct balance *balance, struct real amount, struct real discount) {
    struct real term = real_multiply(amount, discount);
    balance->value = real_add(balance->value, term);
    balance->magnitude = real_add(balance->magnitude, real_absolute(term));
}

/* Broken periods compound like whole ones. */
static struct balance compound_balance(const struct cash_flows *flows, struct real log_rate) {
    struct discounts discounts = {.log_rate = log_rate};
    struct balance balance = {0};
    const struct cash_flow start = {REAL_ZERO, 0, 0, 1};
    const struct cash_flow *before = &start;
    struct real discount = one();
    for (int32_t i = 0; i < flows->count; i++) {
        const struct cash_flow *flow = &flows->flows[i];
        struct real factor = span_factor(&discounts, span_between(before, flow));
        discount = real_multiply(discount, factor);
        balance_add(&balance, flow->amount, discount);
        before = flow;
    }
    return balance;
}

/* The part of a period met last, and what it divides by: plans repeat it at every payment. */
struct broken_part {
    int32_t part;
    int32_t parts;
    struct real weight; /* 1 / (1 + i × part/parts) */
};

static struct real part_weight(
    struct broken_part *known, struct real rate, const struct cash_flow *flow) {
    if (flow->part != known->part || flow->parts != known->parts) {
        struct real share = real_multiply(rate, real_from_ratio(flow->part, flow->parts));
        *known = (struct broken_part){
            flow->part, flow->parts, real_divide(one(), real_add(one(), share))};
    }
    return known->weight;
}

/* A broken period divides by 1 + i × part/parts (Appendix J (b)(8)). */
static struct balance simple_balance(const struct cash_flows *flows, struct real log_rate) {
    struct discounts discounts = {.log_rate = log_rate};
    struct broken_part part = {0, 1, one()};
    struct real rate = real_exp_minus_1(log_rate);
    struct balance balance = {0};
    struct real discount = one();
    int32_t whole = 0;
    for (int32_t i = 0; i < flows->count; i++) {
        const struct cash_flow *flow = &flows->flows[i];
        struct span span = {flow->whole - whole, 1};
        discount = real_multiply(discount, span_factor(&discounts, span));
        whole = flow->whole;
        struct real weight = flow->part == 0 ? one() : part_weight(&part, rate, flow);
        balance_add(&balance, flow->amount, real_multiply(discount, weight));
    }
    return balance;
}

static struct balance flows_balance(const void *context, struct real log_rate) {
    const struct cash_flows *flows = context;
    return flows->rule == PART_COMPOUND ? compound_balance(flows, log_rate)
                                        : simple_balance(flows, log_rate);
}

/* Checks the bounds of all flows; returns the greatest whole time in either direction. */
static int32_t check_flows(const struct cash_flows *flows) {
    check(flows->count >= 1 && flows->count <= CASH_FLOWS_MAX);
    int32_t longest = 0;
    for (int32_t i = 0; i < flows->count; i++) {
        const struct cash_flow *flow = &flows->flows[i];
        check(flow->parts > 0 && flow->parts <= CASH_FLOW_PARTS_MAX);
        check(flow->part >= 0 && flow->part < flow->parts);
        check(flow->whole <= CASH_FLOW_WHOLE_MAX && flow->whole >= -CASH_FLOW_WHOLE_MAX);
        int32_t away = flow->whole < 0 ? -flow->whole : flow->whole;
        longest = away > longest ? away : longest;
    }
    return longest + 1;
}

/* How far the logarithm of 1 + rate may go with flows that last so long (in both directions). */
static struct real log_limit(int32_t longest) {
    struct real limit = real_from_ratio(REAL_EXPONENT_OF_E_MAX, 2 * (int64_t)longest);
    struct real widest = real_from_int(RATE_LOG_MAX);
    return real_compare(limit, widest) < 0 ? limit : widest;
}

/* Whole periods at any rate but -1, also below it. */
static bool value_by_powers(
    const struct cash_flows *flows, struct real growth, struct real *value) {
    struct real sum = REAL_ZERO;
    for (int32_t i = 0; i < flows->count; i++) {
        const struct cash_flow *flow = &flows->flows[i];
        if (flow->part != 0)
            return false;
        struct real discount = real_power_int(growth, -flow->whole);
        sum = real_add(sum, real_multiply(flow->amount, discount));
    }
    *value = sum;
    return true;
}

bool cash_flows_value(const struct cash_flows *flows, struct real rate, struct real *value) {
    struct real limit = log_limit(check_flows(flows));
    struct real growth = real_add(one(), rate);
    if (real_sign(growth) == 0)
        return false;
    struct real log_rate =
        real_sign(growth) > 0 ? real_log_1_plus(rate) : real_log(real_absolute(growth));
    if (real_compare(real_absolute(log_rate), limit) > 0)
        return false;
    if (real_sign(growth) < 0)
        return value_by_powers(flows, growth, value);
    *value = flows_balance(flows, log_rate).value;
    return true;
}

static bool signs_differ(const struct cash_flows *flows) {
    bool positive = false;
    bool negative = false;
    for (int32_t i = 0; i < flows->count; i++) {
        positive = positive || real_sign(flows->flows[i].amount) > 0;
        negative = negative || real_sign(flows->flows[i].amount) < 0;
    }
    return positive && negative;
}

bool cash_flows_rate(const struct cash_flows *flows, struct real guess, struct real *rate) {
    struct real limit = log_limit(check_flows(flows));
    if (!signs_differ(flows) || real_compare(guess, real_from_int(-1)) <= 0)
        return false;
    struct real start = real_log_1_plus(guess);
    struct real root;
    if (real_compare(real_absolute(start), limit) > 0 ||
        !root_find(flows_balance, flows, start, limit, &root))
        return false;
    *rate = real_exp_minus_1(root);
    return true;
}

/* Σ of the flows of one sign × (1 + rate)^-whole. */
static bool value_of_sign(
    const struct cash_flows *flows, int sign, struct real rate, struct real *value) {
    struct cash_flow kept[CASH_FLOWS_MAX];
    for (int32_t i = 0; i < flows->count; i++) {
        kept[i] = flows->flows[i];
        if (real_sign(kept[i].amount) != sign)
            kept[i].amount = REAL_ZERO;
    }
    struct cash_flows of_sign = {kept, flows->count, flows->rule};
    return cash_flows_value(&of_sign, rate, value);
}

bool cash_flows_modified_rate(
    const struct cash_flows *flows, struct real finance, struct real reinvest, struct real *rate) {
    check_flows(flows);
    int32_t last = flows->flows[flows->count - 1].whole;
    struct real paid;
    struct real received;
    if (!signs_differ(flows) || !value_of_sign(flows, -1, finance, &paid) ||
        !value_of_sign(flows, 1, reinvest, &received))
        return false;
    check(last > 0);
    if (real_sign(paid) == 0)
        return false;
    /* received grown to the last flow, over what is financed today */
    struct real growth = real_power_int(real_add(one(), reinvest), last);
    struct real ratio = real_divide(real_multiply(received, growth), real_negate(paid));
    if (real_sign(ratio) < 0) {
        /* an odd root of a negative number exists, an even one does not */
        if (last % 2 == 0)
            return false;
        struct real root = real_divide(real_log(real_negate(ratio)), real_from_int(last));
        *rate = real_negate(real_add(real_exp(root), one()));
        return true;
    }
    if (real_sign(ratio) == 0) {
        *rate = real_from_int(-1);
        return true;
    }
    *rate = real_exp_minus_1(real_divide(real_log(ratio), real_from_int(last)));
    return true;
}

static struct cost_rate annual_cost(struct real exact) {
    struct cost_rate rate = {.exact = exact};
    rate.found =
        real_to_decimal(exact, PER_BILLION_DECIMALS, ROUND_HALF_UP, &rate.annual.per_billion);
    return rate;
}

struct cost_rate european_rate(const struct cash_flow *flows, int32_t count) {
    struct cash_flows all = {flows, count, PART_COMPOUND};
    struct real rate;
    if (!cash_flows_rate(&all, REAL_ZERO, &rate))
        return (struct cost_rate){0};
    return annual_cost(rate);
}

struct cost_rate actuarial_rate(
    const struct cash_flow *flows, int32_t count, struct real periods_per_year) {
    struct cash_flows all = {flows, count, PART_SIMPLE};
    struct real rate;
    if (!cash_flows_rate(&all, REAL_ZERO, &rate))
        return (struct cost_rate){0};
    return annual_cost(real_multiply(rate, periods_per_year));
}

/* i a month as the three figures that are shown. */
static struct monthly_rate monthly_figures(struct real monthly) {
    struct monthly_rate rate = {0};
    struct real year = real_power_int(real_add(one(), monthly), MONTHS);
    struct real nominal = real_multiply(monthly, real_from_int(MONTHS));
    if (!real_to_decimal(monthly, QUINTILLION_DECIMALS, ROUND_HALF_UP, &rate.per_quintillion))
        return rate;
    /* with i below 2^63 / 10^18 the others fit */
    rate.found = true;
    check(real_to_decimal(nominal, PER_BILLION_DECIMALS, ROUND_HALF_UP, &rate.nominal.per_billion));
    check(real_to_decimal(real_subtract(year, one()), PER_BILLION_DECIMALS, ROUND_HALF_UP,
        &rate.effective.per_billion));
    return rate;
}

struct monthly_rate monthly_rate_of_flows(const struct cash_flow *flows, int32_t count) {
    struct cash_flows all = {flows, count, PART_COMPOUND};
    struct real rate;
    if (!cash_flows_rate(&all, REAL_ZERO, &rate))
        return (struct monthly_rate){0};
    return monthly_figures(rate);
}

struct monthly_rate monthly_rate_of_year(struct real effective) {
    struct real log_month = real_divide(real_log_1_plus(effective), real_from_int(MONTHS));
    return monthly_figures(real_exp_minus_1(log_month));
}

struct monthly_rate solve_monthly_rate(
    struct money principal, const struct money *flows, int32_t count) {
    check(count >= 1 && count <= MONTHLY_MAX && money_is_positive(principal));
    struct cash_flow monthly[MONTHLY_MAX + 1];
    monthly[0] = cash_flow_whole(real_from_fen(principal), 0);
    int128 sum = 0;
    for (int32_t k = 0; k < count; k++) {
        check(!money_is_negative(flows[k]));
        sum += flows[k].fen;
        monthly[k + 1] = cash_flow_whole(real_from_fen(money_negate(flows[k])), k + 1);
    }
    check(sum <= 10 * PRINCIPAL_MAX_FEN);
    if (sum < principal.fen)
        return (struct monthly_rate){0};
    struct monthly_rate figures = monthly_rate_of_flows(monthly, count + 1);
    bool shown = figures.found && figures.per_quintillion <= QUINTILLION;
    return shown ? figures : (struct monthly_rate){0};
}
