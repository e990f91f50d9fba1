/*
 * cost_rate.h: what a loan costs a year, from its cash flows. Exports: struct cash_flow, struct
 * cash_flows, cash_flows_value(), cash_flows_rate(), cash_flows_modified_rate(), the times of the
 * European and the American rule, struct cost_rate with the labelled rates, struct monthly_rate.
 *
 * A rate is solved on integers (base/real.h); the error bound stands in cost_rate.c: below 10^-20
 * for flows whose advances all come before the repayments. Rules: R-0120 to R-0128.
 */
#ifndef FENQI_ENGINE_COST_RATE_H
#define FENQI_ENGINE_COST_RATE_H

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"
#include "base/real.h"

#include <stdbool.h>
#include <stdint.h>

enum { CASH_FLOWS_MAX = 1200, CASH_FLOW_WHOLE_MAX = 100000, CASH_FLOW_PARTS_MAX = 1000000 };
enum { RATE_LOG_MAX = 60, INTERVAL_MULTIPLE_MAX = 1000 };

/*
 * One advance or repayment: of opposite signs, in any one unit. Its time is whole + part / parts
 * periods after the reference day, 0 <= part < parts <= CASH_FLOW_PARTS_MAX; whole within
 * ±CASH_FLOW_WHOLE_MAX.
 */
struct cash_flow {
    struct real amount;
    int32_t whole;
    int32_t part;
    int32_t parts;
};

/* How a broken period discounts: (1 + i)^(part/parts), or 1 + i × part/parts (Appendix J). */
enum part_rule { PART_COMPOUND, PART_SIMPLE };

struct cash_flows {
    const struct cash_flow *flows;
    int32_t count; /* 1..CASH_FLOWS_MAX */
    enum part_rule rule;
};

/* A flow after a whole number of periods, and after numerator / denominator of them (both >= 0). */
struct cash_flow cash_flow_whole(struct real amount, int32_t periods);
struct cash_flow cash_flow_fraction(struct real amount, int64_t numerator, int32_t denominator);

/*
 * Σ amount × (1 + rate)^-time (NPV with the first flow at 1, XNPV with a year as the period).
 * Returns false when a rate <= -1 meets a broken period, -1 itself, or the range is left.
 */
bool cash_flows_value(const struct cash_flows *flows, struct real rate, struct real *value);

/*
 * The rate i a period at which the flows are worth zero: the one nearest to `guess` (> -1) when
 * signs change more than once (IRR, XIRR, APRC). Returns false when there is none in
 * e^±RATE_LOG_MAX - 1 (less when the flows last longer than 8,000 periods), so always when all
 * flows have one sign.
 */
bool cash_flows_rate(const struct cash_flows *flows, struct real guess, struct real *rate);

/*
 * The rate at which the payments, financed at one rate, grow into the receipts, reinvested at
 * another (MIRR): whole periods 0, 1, 2 … only. Returns false without flows of both signs.
 */
bool cash_flows_modified_rate(
    const struct cash_flows *flows, struct real finance, struct real reinvest, struct real *rate);

/* What the interval of a plan is; `multiple` is 1..INTERVAL_MULTIPLE_MAX. */
enum interval_unit {
    INTERVAL_DAY,
    INTERVAL_WEEK,
    INTERVAL_HALF_MONTH,
    INTERVAL_MONTH,
    INTERVAL_YEAR
};
struct interval {
    enum interval_unit unit;
    int32_t multiple;
};

/*
 * The time from `start` to `day` (not before it) in years as Directives 2008/48/EC and 2014/17/EU
 * count: whole intervals back from `day`, a month being 1/12 and a week 1/52 year, then the days
 * left over the 365 or 366 days of the year that ends with the last of them (R-0122).
 */
struct cash_flow cash_flow_european(
    struct real amount, struct day start, struct day day, enum interval_unit unit);

/*
 * The time in unit-periods of Regulation Z, Appendix J (b)(5): whole ones counted back from `day`,
 * the rest over 30 days a month, 15 a half month, 7 a week, 365 a year (R-0123).
 */
struct cash_flow cash_flow_actuarial(
    struct real amount, struct day start, struct day day, struct interval unit);

/* Unit-periods a year: 365, 52, 24, 12, 1 over the multiple. */
struct real intervals_per_year(struct interval unit);

/* EU APRC: X of flows whose times are years; Regulation Z: periods a year × i. */
struct cost_rate {
    bool found;
    struct real exact;  /* a year */
    struct rate annual; /* rounded half up to parts per billion */
};

struct cost_rate european_rate(const struct cash_flow *flows, int32_t count);
struct cost_rate actuarial_rate(
    const struct cash_flow *flows, int32_t count, struct real periods_per_year);

/* Solution of principal = Σ flows[k] / (1 + i)^(k + 1). */
struct monthly_rate {
    bool found;              /* false: the flows do not return the principal, or i > 100 % */
    int64_t per_quintillion; /* i × 10^18 */
    struct rate nominal;     /* 12 i: labelled 单利 in China */
    struct rate effective;   /* (1 + i)^12 - 1 */
};

/* The monthly rate of flows whose periods are months, and of an effective rate a year above -1. */
struct monthly_rate monthly_rate_of_flows(const struct cash_flow *flows, int32_t count);
struct monthly_rate monthly_rate_of_year(struct real effective);

/*
 * Monthly internal rate of return of `count` (1..600) monthly flows against `principal`; all >= 0
 * and together at most 10 × PRINCIPAL_MAX_FEN.
 */
struct monthly_rate solve_monthly_rate(
    struct money principal, const struct money *flows, int32_t count);

#endif
