/*
 * calendar.h: working days. Exports: enum calendar, enum roll_rule, struct working_days,
 * is_working_day(), working_day_roll(), working_days_between(), working_days_add(),
 * calendar_last_year(), calendar_is_working_day(), calendar_roll().
 *
 * The calendar of China is spec/cn_holidays.tsv: the yearly notices of the State Council. A
 * contract remembers the last year that was published when it was accepted (`known_to_year`) and
 * asks with it for ever; a notice that came later says nothing about it. Rules: R-0112 to R-0114.
 */
#ifndef FENQI_ENGINE_CALENDAR_H
#define FENQI_ENGINE_CALENDAR_H

#include "base/day.h"

#include <stdbool.h>
#include <stdint.h>

enum calendar {
    CALENDAR_NONE,     /* every day is a working day */
    CALENDAR_WEEKENDS, /* Monday to Friday */
    CALENDAR_CHINA,    /* as the notices arrange it; Monday to Friday where none does */
};
enum { CALENDAR_COUNT = CALENDAR_CHINA + 1 };

/* Where a day goes that is not a working day. */
enum roll_rule {
    ROLL_NONE,                          /* stays */
    ROLL_FOLLOWING,                     /* the next working day 顺延 */
    ROLL_MODIFIED_FOLLOWING,            /* the same, but back when that is in the next month */
    ROLL_MODIFIED_FOLLOWING_HALF_MONTH, /* the same, but back when it crosses the 15th, too */
    ROLL_PRECEDING,                     /* the last working day before 提前 */
    ROLL_MODIFIED_PRECEDING,            /* the same, but on when that is in the month before */
    ROLL_NEAREST,                       /* the nearest working day; the later of two as near */
};
enum { ROLL_RULE_COUNT = ROLL_NEAREST + 1 };

/* A calendar as one contract sees it. */
struct working_days {
    enum calendar calendar;
    int32_t known_to_year;
    const struct day *closed; /* further days off, in any order; NULL without */
    int32_t closed_count;
};

/* The last year that a notice arranged, as of this program; INT32_MAX where none is needed. */
int32_t calendar_last_year(enum calendar calendar);

bool is_working_day(const struct working_days *working, struct day day);
struct day working_day_roll(
    const struct working_days *working, struct day day, enum roll_rule rule);

/*
 * Working days from `from` (counted) to `to` (not counted); minus those from `to` when it is the
 * earlier.
 */
int32_t working_days_between(const struct working_days *working, struct day from, struct day to);

/* The `count`-th working day after `day`, before it when count < 0; `day` itself when it is 0. */
struct day working_days_add(const struct working_days *working, struct day day, int32_t count);

/* The same questions of a calendar without further days off. */
bool calendar_is_working_day(enum calendar calendar, int32_t known_to_year, struct day day);
struct day calendar_roll(
    enum calendar calendar, int32_t known_to_year, struct day day, enum roll_rule rule);

#endif
