/*
 * interest.h: interest as exact sums. Exports: struct period, struct rates, interest_units(),
 * interest_divisor(), interest_of_period(), terms_rates(), round_interest().
 *
 * Interest units are balance × rate × time over a divisor that a whole period shares, so that the
 * pieces of a period add up exactly and are rounded once. Rules: R-0004, R-0005, R-0142, R-0143.
 */
#ifndef FENQI_ENGINE_INTEREST_H
#define FENQI_ENGINE_INTEREST_H

#include "engine/terms.h"

/* One period of a plan: start included, end excluded. */
struct period {
    struct day start;
    struct day end;
    bool by_days; /* by-month basis: counts its days / 360, because it is not whole months */
    bool interest_free;
};

/* Annual rates by day, ascending; the first holds from the beginning. */
struct rates {
    int32_t count; /* >= 1 */
    const struct rate_step *steps;
};

/* Months of a period when the by-month basis counts it in months, else 0. */
int32_t period_months(const struct terms *terms, const struct period *period);

/* The rates of the terms alone; `room` must hold RATE_STEPS_MAX + 1. */
struct rates terms_rates(const struct terms *terms, struct rate_step *room);

/* The rate that holds on `day`. */
struct rate rate_on(const struct rates *rates, struct day day);

/*
 * What `balance` >= 0 bears from `from` to `to`, both inside the period, in units of
 * 1 / interest_divisor() fen. Days outside from..to count nothing; from >= to is 0.
 */
int128 interest_units(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct money balance, struct day from, struct day to);
int128 interest_divisor(const struct terms *terms, const struct period *period);

/* Units to whole fen in the contract's rounding. */
struct money round_interest(const struct terms *terms, const struct period *period, int128 units);

/* Rounded interest of a whole period on an unchanged balance. */
struct money interest_of_period(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct money balance);

/* What one unit of balance bears over the whole period: numerator over denominator, both < 2^64. */
struct growth {
    int128 numerator;
    int128 denominator;
};
void growth_of_period(const struct terms *terms, const struct rates *rates,
    const struct period *period, struct growth *growth);

/* The part of a year that the period counts for, whatever the rate (R-0004). */
struct year_fraction year_of_period(const struct terms *terms, const struct period *period);

#endif
