/*
 * day_pattern.h: which day of its month or week a regular day is. Exports: struct day_pattern,
 * day_pattern_of_month(), day_pattern_adjust(), day_pattern_fits(), day_pattern_next(),
 * day_pattern_previous().
 *
 * Besides days of the month and of the week there are the dates at which money-market contracts of
 * some exchanges end. Rule: R-0115.
 */
#ifndef FENQI_ENGINE_DAY_PATTERN_H
#define FENQI_ENGINE_DAY_PATTERN_H

#include "engine/due_day.h"

#include <stdbool.h>

enum day_pattern_kind {
    PATTERN_UNSTATED, /* to be told from the days */
    PATTERN_ANY,      /* no such day */
    PATTERN_DAY_OF_MONTH,
    PATTERN_MONTH_END,
    PATTERN_DAY_OF_WEEK,
    PATTERN_THIRD_WEDNESDAY,               /* IMM */
    PATTERN_MONDAY_BEFORE_THIRD_WEDNESDAY, /* IMM, Montreal */
    PATTERN_DAY_BEFORE_SECOND_FRIDAY,      /* IMM, Sydney */
    PATTERN_WEDNESDAY_FROM_9,              /* IMM, New Zealand */
    PATTERN_SECOND_FRIDAY,                 /* Sydney futures */
    PATTERN_BILL_AUCTION, /* Mondays, a Tuesday when the Monday is a public holiday of the US */
};
enum { DAY_PATTERN_KIND_COUNT = PATTERN_BILL_AUCTION + 1 };

struct day_pattern {
    enum day_pattern_kind kind;
    int32_t number; /* day of the month 1..30, of the week 1 Monday … 7 Sunday; otherwise 0 */
};

/* Day 1..30 of a month, or the month's end for 31. */
struct day_pattern day_pattern_of_month(int32_t number);

/* The pattern's day in the month of `day`; of weekly patterns, the first on or after `day`. */
struct day day_pattern_adjust(struct day_pattern pattern, struct day day);

bool day_pattern_fits(struct day_pattern pattern, struct day day);

/* The pattern's day a period after `day`, or else in the next month; always after `day`. */
struct day day_pattern_next(
    struct day_pattern pattern, struct day day, enum period_unit unit, int32_t length);

/* The pattern's day a period before `day`, or else in the month before; always before `day`. */
struct day day_pattern_previous(
    struct day_pattern pattern, struct day day, enum period_unit unit, int32_t length);

#endif
