/*
 * day_count.h: what part of a year lies between two days. Exports: enum day_count, struct
 * year_fraction, struct day_count_context, day_count_fraction(), day_count_days(),
 * day_count_denominator(), year_fraction_add().
 *
 * Every fraction is exact. The first day counts and the last does not (算头不算尾). Rules: R-0100
 * to R-0106. "Leap days of (a, b]" are the 29 Februaries after a and not after b.
 */
#ifndef FENQI_ENGINE_DAY_COUNT_H
#define FENQI_ENGINE_DAY_COUNT_H

#include "base/day.h"

#include <stdbool.h>
#include <stdint.h>

/* A share of a year, exact. denominator > 0; not always in lowest terms. */
struct year_fraction {
    int64_t numerator;
    int64_t denominator;
};

enum day_count {
    /* actual days over a fixed year */
    DAY_COUNT_ACT_360,
    DAY_COUNT_ACT_364,
    DAY_COUNT_ACT_365,    /* "365 fixed" */
    DAY_COUNT_ACT_365_25, /* a year of 365.25 days */
    DAY_COUNT_ACT_366,
    DAY_COUNT_NL_360, /* leap days of (from, to] left out */
    DAY_COUNT_NL_365,
    /* actual days over the year that they lie in */
    DAY_COUNT_ACT_365_ACTUAL, /* 366 when (from, to] has a leap day, else 365 */
    DAY_COUNT_ACT_365_L,    /* the reference period decides between 365 and 366; wants a context */
    DAY_COUNT_ACT_ACT_ISDA, /* days of leap years / 366 + other days / 365 */
    DAY_COUNT_ACT_ACT_ICMA, /* by reference periods (also: ISMA, bond) */
    DAY_COUNT_ACT_ACT_AFB,  /* whole years back from the end; the rest over 366 with a leap day */
    DAY_COUNT_ACT_ACT_YEAR, /* whole years from the start; the rest over the next year's days */
    DAY_COUNT_ACT_ACT_YEAR_END, /* as ISDA, but the night of 31 December is the new year's */
    DAY_COUNT_ACT_ACT_LEAP_DAY, /* as YEAR_END, but 366 only for a period that has a leap day */
    DAY_COUNT_ACT_ACT_AVERAGE,  /* spreadsheet basis 1: average year from start year to end year */
    /* twelve months of thirty days */
    DAY_COUNT_30_360_ISDA,        /* bond basis */
    DAY_COUNT_30_360_US,          /* with the rule for the end of February */
    DAY_COUNT_30_360_PSA,         /* end of February rule for the first day alone */
    DAY_COUNT_30_360_SPREADSHEET, /* spreadsheet basis 0 */
    DAY_COUNT_30E_360,            /* Eurobond basis */
    DAY_COUNT_30E_PLUS_360,       /* a 31st at the end is the 1st of the next month */
    DAY_COUNT_30E_360_ISDA,       /* ends of February are 30ths, but not the termination day */
    /* no days at all */
    DAY_COUNT_ONE, /* every period is one year */
};
enum { DAY_COUNT_COUNT = DAY_COUNT_ONE + 1 };

/*
 * What some conventions want to know beyond the two days. All of it may be left out (NULL, or
 * DAY_NONE and 0): the reference period is then the period itself.
 */
struct day_count_context {
    struct day reference_start; /* ICMA, 365 L, LEAP_DAY: the regular period that holds the days */
    struct day reference_end;
    int32_t
        months_per_period;  /* ICMA, 365 L; 0: as many as the reference period comes nearest to */
    struct day termination; /* 30E/360 ISDA: the last day of the contract */
};

/* The part of a year from `from` to `to`; when `to` is the earlier, minus the part from it. */
struct year_fraction day_count_fraction(enum day_count convention, struct day from, struct day to,
    const struct day_count_context *context);

/*
 * The days that the convention counts: actual, without leap days, or by thirty a month (then by
 * the formula of the convention in either order of the days); 1 for DAY_COUNT_ONE.
 */
int32_t day_count_days(enum day_count convention, struct day from, struct day to,
    const struct day_count_context *context);

/*
 * A denominator that every fraction of the convention can be brought to without loss (360, 133590
 * for ACT/ACT ISDA, …); 0 for ICMA and AVERAGE, where it depends on the days.
 */
int64_t day_count_denominator(enum day_count convention);

/* a + b in lowest terms; exact, and a bug when the denominators' product leaves 62 bits. */
struct year_fraction year_fraction_add(struct year_fraction a, struct year_fraction b);

#endif
