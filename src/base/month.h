/*
 * month.h: months, weekdays in them and spans of time. Exports: struct span, span_between(),
 * day_month_end(), day_is_month_end(), day_weekday_from(), day_nth_weekday().
 */
#ifndef FENQI_BASE_MONTH_H
#define FENQI_BASE_MONTH_H

#include "base/day.h"

/* Whole years, whole months beyond them and days beyond these; all of one sign. */
struct span {
    int32_t years;
    int32_t months;
    int32_t days;
};

/*
 * From `from` to `to`. Months are stepped from `from` as by day_add_months(), but only those whose
 * day of the month is reached count: 31 Jan to 28 Feb is 28 days, to 1 Mar one month and a day.
 * Backwards, the days are those left of the later month: 1 Jan to 2 Dec before is minus 30 days.
 */
struct span span_between(struct day from, struct day to);

/* The last day of the day's month. */
struct day day_month_end(struct day day);
bool day_is_month_end(struct day day);

/* The first day on or after `day` that is that weekday (1 Monday … 7 Sunday). */
struct day day_weekday_from(struct day day, int32_t weekday);

/* The `nth` (1..4) such weekday of the month that `day` is in. */
struct day day_nth_weekday(struct day day, int32_t weekday, int32_t nth);

#endif
