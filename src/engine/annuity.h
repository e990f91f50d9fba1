/*
 * annuity.h: the time value of money. Exports: struct annuity and the functions that find one of
 * its five quantities from the others, the parts of a payment, and conversions of rates.
 *
 * present (1+r)^n + payment (1 + r × in_advance) ((1+r)^n - 1) / r + future = 0, by which money
 * received is positive and money paid negative (R-0130). Every function returns false, leaving *out
 * alone, when the question has no answer or leaves ANNUITY_LOG_MAX. A result is precise to 24
 * digits of the largest term that makes it (bounds in annuity.c). The name that spreadsheets give a
 * function stands behind it.
 */
#ifndef FENQI_ENGINE_ANNUITY_H
#define FENQI_ENGINE_ANNUITY_H

#include "base/real.h"

#include <stdbool.h>

/* What a function asks for is not read. Amounts are in any one unit. */
struct annuity {
    struct real rate;    /* a period */
    struct real periods; /* need not be whole when the rate is above -1 */
    struct real payment;
    struct real present;
    struct real future;
    bool in_advance; /* payments at the start of a period */
};

bool annuity_payment(const struct annuity *annuity, struct real *out);       /* PMT */
bool annuity_present_value(const struct annuity *annuity, struct real *out); /* PV */
bool annuity_future_value(const struct annuity *annuity, struct real *out);  /* FV */
bool annuity_periods(const struct annuity *annuity, struct real *out);       /* NPER */

/* The rate nearest to `guess` (> -1); RATE. */
bool annuity_rate(const struct annuity *annuity, struct real guess, struct real *out);

/* Interest and principal in the payment of one period, 1 <= period < periods + 1: IPMT, PPMT. */
bool annuity_interest(const struct annuity *annuity, struct real period, struct real *out);
bool annuity_principal(const struct annuity *annuity, struct real period, struct real *out);

/*
 * The same over the whole periods from `first` to `last`, of a loan: rate, periods and present
 * above zero, future value 0 whatever stands there; CUMIPMT, CUMPRINC.
 */
bool annuity_interest_between(
    const struct annuity *annuity, struct real first, struct real last, struct real *out);
bool annuity_principal_between(
    const struct annuity *annuity, struct real first, struct real last, struct real *out);

/* Interest of equal principal after `period` of `periods`: present × rate × (period / periods - 1);
 * ISPMT. */
bool equal_principal_interest(struct real rate, struct real period, struct real periods,
    struct real present, struct real *out);

/* (future / present)^(1 / periods) - 1; RRI. */
bool growth_rate(struct real periods, struct real present, struct real future, struct real *out);

/* (1 + nominal / n)^n - 1 and its inverse; rates above 0, n whole and at least 1: EFFECT, NOMINAL.
 */
bool effective_rate(struct real nominal, struct real periods_a_year, struct real *out);
bool nominal_rate(struct real effective, struct real periods_a_year, struct real *out);

#endif
