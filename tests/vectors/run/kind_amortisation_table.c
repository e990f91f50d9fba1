/*
 * kind_amortisation_table.c: amortisation tables that round no period, held against published
 * ones to 0.01. Exports: kind_amortisation_table.
 *
 *     period YEARS nominal | effective
 *     first_period YEARS                        when it is odd; interest for it is simple
 *     plan METHOD PRINCIPAL PERIODS PERCENT     when the whole table follows from it
 *     change K PERCENT                          relevelled: the rate from payment K on
 *     row K INITIAL PERCENT REPAYMENT : INTEREST AMORTISED FINAL
 *     year Y INTEREST AMORTISED REPAYMENT       sums; year 0 is the total
 *     other_rows N, other_years N               of columns that are not these
 *
 * METHOD: equal_instalment, equal_principal, interest_only; relevelled (the payment is found anew
 * for what is owed whenever the rate changes), graded RATIO (each year's payments are the ratio of
 * the year's before). With a plan every row and year comes from its principal alone, by the annuity
 * functions; without one each row comes from its own initial balance, rate and repayment, which are
 * shown to half of 0.01, as is the figure they make: 0.015 in all. Sums of a year: 0.01.
 */
#include "kind.h"

#include "base/check.h"
#include "engine/annuity.h"
#include "engine/cost_rate.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 64, METHOD_WORD = 0, PERIODS_MAX = 600, PAYMENTS_OF_YEAR = 12 };

struct plan {
    const char *method; /* NULL: none */
    char method_text[WORD_SIZE];
    struct real principal;
    int32_t periods;
    struct real rate;    /* a period */
    struct real started; /* what is owed before the first payment, discounted by one period */
    struct real first_interest;
    struct real payment;
    bool stepwise; /* relevelled, graded: owed and interest of every payment are listed */
    struct real owed[PERIODS_MAX + 1];
    struct real interest[PERIODS_MAX + 1];
};

struct table {
    struct real period; /* years */
    struct real first;
    bool effective;
    struct plan plan;
};

static const struct vector_line *line_of(const struct vector_case *one, const char *word) {
    int32_t from = 0;
    return vector_find(one, word, &from);
}

static struct real one_whole(void) {
    return real_from_int(1);
}

static struct real number(const struct vector_line *line, int32_t n) {
    char word[WORD_SIZE];
    struct real value;
    check(vector_word(line, n, word, sizeof word) && real_from_text(word, strlen(word), &value));
    return value;
}

/* "37/365" */
static struct real ratio(const struct vector_line *line, int32_t n) {
    char word[WORD_SIZE];
    char *end;
    check(vector_word(line, n, word, sizeof word));
    int64_t numerator = strtoll(word, &end, 10);
    return real_from_ratio(numerator, *end == '/' ? strtoll(end + 1, NULL, 10) : 1);
}

/* The rate of a period of `years` by a percentage a year. */
static struct real period_rate(const struct table *table, struct real percent, struct real years) {
    struct real rate = real_divide(percent, real_from_int(100));
    if (!table->effective)
        return real_multiply(rate, years);
    return real_exp_minus_1(real_multiply(real_log_1_plus(rate), years));
}

static bool is_plan(const struct table *table, const char *method) {
    return strcmp(table->plan.method, method) == 0;
}

/* Payment k of a stepwise plan, by the payment before it. */
static void pay(struct plan *plan, int32_t k, struct real rate, struct real payment) {
    plan->interest[k] = real_multiply(plan->owed[k - 1], rate);
    plan->owed[k] = real_subtract(real_add(plan->owed[k - 1], plan->interest[k]), payment);
}

static void build_relevelled(const struct vector_case *one, struct table *table) {
    struct plan *plan = &table->plan;
    int32_t at = 0;
    const struct vector_line *change = vector_find(one, "change", &at);
    struct annuity rest = {.rate = plan->rate};
    for (int32_t k = 1; k <= plan->periods; k++) {
        bool changes = change && (int32_t)real_floor(number(change, 0)) == k;
        if (changes) {
            rest.rate = period_rate(table, number(change, 1), table->period);
            change = vector_find(one, "change", &at);
        }
        if (changes || k == 1) {
            rest.periods = real_from_int(plan->periods - k + 1);
            rest.present = real_negate(plan->owed[k - 1]);
            check(annuity_payment(&rest, &plan->payment));
        }
        pay(plan, k, rest.rate, plan->payment);
    }
}

/* The first payment is worth the principal over what a stream that begins with 1 is worth. */
static void build_graded(struct table *table, struct real year_ratio) {
    struct plan *plan = &table->plan;
    static struct cash_flow stream[PERIODS_MAX];
    for (int32_t k = 0; k < plan->periods; k++)
        stream[k] = cash_flow_whole(real_power_int(year_ratio, k / PAYMENTS_OF_YEAR), k + 1);
    struct cash_flows all = {stream, plan->periods, PART_COMPOUND};
    struct real worth;
    check(cash_flows_value(&all, plan->rate, &worth));
    struct real first = real_divide(plan->principal, worth);
    for (int32_t k = 1; k <= plan->periods; k++)
        pay(plan, k, plan->rate, real_multiply(first, stream[k - 1].amount));
}

static void read_plan(const struct vector_case *one, struct table *table) {
    struct plan *plan = &table->plan;
    const struct vector_line *line = line_of(one, "plan");
    plan->method = NULL;
    if (!line)
        return;
    check(vector_word(line, METHOD_WORD, plan->method_text, WORD_SIZE));
    plan->method = plan->method_text;
    plan->principal = number(line, 1);
    plan->periods = (int32_t)real_floor(number(line, 2));
    plan->rate = period_rate(table, number(line, 3), table->period);
    struct real first = period_rate(table, number(line, 3), table->first);
    plan->first_interest = real_multiply(plan->principal, first);
    plan->started = real_divide(
        real_add(plan->principal, plan->first_interest), real_add(one_whole(), plan->rate));
    struct annuity annuity = {.rate = plan->rate,
        .periods = real_from_int(plan->periods),
        .present = real_negate(plan->started)};
    check(annuity_payment(&annuity, &plan->payment));
    check(plan->periods <= PERIODS_MAX);
    plan->owed[0] = plan->principal;
    plan->stepwise = is_plan(table, "relevelled") || is_plan(table, "graded");
    if (is_plan(table, "relevelled"))
        build_relevelled(one, table);
    else if (plan->stepwise)
        build_graded(table, number(line, 4));
}

/* What is owed after payment k of the plan. */
static struct real owed(const struct table *table, int32_t k) {
    const struct plan *plan = &table->plan;
    if (k == 0)
        return plan->principal;
    if (plan->stepwise)
        return plan->owed[k];
    if (k == plan->periods)
        return REAL_ZERO;
    if (is_plan(table, "interest_only"))
        return plan->principal;
    if (is_plan(table, "equal_principal"))
        return real_multiply(plan->principal, real_from_ratio(plan->periods - k, plan->periods));
    struct annuity annuity = {.rate = plan->rate,
        .periods = real_from_int(k),
        .payment = plan->payment,
        .present = real_negate(plan->started)};
    struct real balance;
    check(annuity_future_value(&annuity, &balance));
    return balance;
}

static struct real interest_of(const struct table *table, int32_t k) {
    const struct plan *plan = &table->plan;
    if (plan->stepwise)
        return plan->interest[k];
    if (k == 1)
        return plan->first_interest;
    struct real interest;
    if (!is_plan(table, "equal_principal"))
        return real_multiply(owed(table, k - 1), plan->rate);
    check(equal_principal_interest(plan->rate, real_from_int(k - 1), real_from_int(plan->periods),
        real_negate(plan->principal), &interest));
    return interest;
}

enum { FROM_PLAN = 10001, FROM_SHOWN = 15101 }; /* millionths, and what a period's interest adds */

static bool close_to(struct real ours, struct real published, int32_t millionths) {
    return real_compare(real_absolute(real_subtract(ours, published)),
               real_from_ratio(millionths, 1000000)) <= 0;
}

static void verdict(struct tally *tally, const struct vector_line *line, struct real ours[3],
    struct real published[3], int32_t millionths) {
    for (int32_t i = 0; i < 3; i++) {
        if (!close_to(ours[i], published[i], millionths)) {
            int64_t shown = 0;
            real_to_decimal(ours[i], 4, ROUND_HALF_UP, &shown);
            vector_wrong(tally, line, "figure %d is %lld × 10^-4", i + 1, (long long)shown);
            return;
        }
    }
    vector_reproduced(tally);
}

static void run_row(
    const struct table *table, const struct vector_line *line, struct tally *tally) {
    int32_t k = (int32_t)real_floor(number(line, 0));
    struct real initial = number(line, 1);
    struct real repayment = number(line, 3);
    struct real published[3] = {number(line, 5), number(line, 6), number(line, 7)};
    struct real ours[3];
    bool planned = table->plan.method && k > 0;
    if (planned) {
        ours[0] = interest_of(table, k);
        ours[2] = owed(table, k);
        ours[1] = real_subtract(owed(table, k - 1), ours[2]);
    } else {
        struct real length = k == 1 ? table->first : table->period;
        ours[0] = real_multiply(initial, period_rate(table, number(line, 2), length));
        ours[1] = real_subtract(repayment, ours[0]);
        ours[2] = real_subtract(initial, ours[1]);
    }
    verdict(tally, line, ours, published, planned ? FROM_PLAN : FROM_SHOWN);
}

static void run_year(
    const struct table *table, const struct vector_line *line, struct tally *tally) {
    if (!table->plan.method) {
        vector_not_expressible(
            tally, 1, "a year's sums of a plan that the rows shown do not determine");
        return;
    }
    int32_t year = (int32_t)real_floor(number(line, 0));
    int32_t per_year = (int32_t)real_floor(
        real_divide(real_add(one_whole(), real_scale(one_whole(), -40)), table->period));
    int32_t from = year == 0 ? 0 : (year - 1) * per_year;
    int32_t to = year == 0 ? table->plan.periods : year * per_year;
    from = from < table->plan.periods ? from : table->plan.periods;
    to = to < table->plan.periods ? to : table->plan.periods;
    struct real published[3] = {number(line, 1), number(line, 2), number(line, 3)};
    struct real ours[3] = {REAL_ZERO};
    for (int32_t k = from + 1; k <= to; k++)
        ours[0] = real_add(ours[0], interest_of(table, k));
    ours[1] = real_subtract(owed(table, from), owed(table, to));
    ours[2] = real_add(ours[0], ours[1]);
    verdict(tally, line, ours, published, FROM_PLAN);
}

static void run_others(const struct vector_case *one, struct tally *tally) {
    const struct vector_line *rows = line_of(one, "other_rows");
    const struct vector_line *years = line_of(one, "other_years");
    if (rows)
        vector_not_expressible(tally, (int32_t)real_floor(number(rows, 0)),
            "rows with drawings, with another currency, or at no rate and period known");
    if (years)
        vector_not_expressible(tally, (int32_t)real_floor(number(years, 0)),
            "a year's sums without interest and principal");
}

static void run(const struct vector_case *one, struct tally *tally) {
    static struct table table;
    table.plan.method = NULL;
    const struct vector_line *period = line_of(one, "period");
    if (period) {
        char word[WORD_SIZE];
        table.period = ratio(period, 0);
        const struct vector_line *first = line_of(one, "first_period");
        table.first = first ? ratio(first, 0) : table.period;
        table.effective = vector_word(period, 1, word, sizeof word) && word[0] == 'e';
        read_plan(one, &table);
    }
    int32_t at = 0;
    for (const struct vector_line *line; (line = vector_find(one, "row", &at));)
        run_row(&table, line, tally);
    at = 0;
    for (const struct vector_line *line; (line = vector_find(one, "year", &at));)
        run_year(&table, line, tally);
    run_others(one, tally);
}

const struct vector_kind kind_amortisation_table = {"amortisation_table", run};
