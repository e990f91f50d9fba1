/*
 * rate.h: rates as integers. Exports: struct rate, RATE_UNIT.
 *
 * A rate is in parts per billion of the unit that its name says: of a year (annual_rate), of a day
 * (daily_rate), of a period (period_rate). 12 % a year is 120,000,000.
 */
#ifndef FENQI_BASE_RATE_H
#define FENQI_BASE_RATE_H

#include <stdint.h>

struct rate {
    int64_t per_billion;
};

#define RATE_UNIT INT64_C(1000000000)
#define RATE_ZERO ((struct rate){0})

/* RATE_PERCENT(7, 20) is 7.20 %. */
#define RATE_PERCENT(whole, hundredths)                                                            \
    ((struct rate){((whole)*100 + (hundredths)) * INT64_C(100000)})

#endif
