/*
 * due_day.h: on which days instalments fall due. Exports: enum period_unit, enum month_end_rule,
 * due_day_step(), struct due_anchor, due_anchor_of(), due_day_from(), due_anchor_walk().
 *
 * Every day is stepped from the anchor, never from the day before it. Rules: R-0110, R-0111.
 */
#ifndef FENQI_ENGINE_DUE_DAY_H
#define FENQI_ENGINE_DUE_DAY_H

#include "base/day.h"

#include <stdint.h>

enum period_unit { PERIOD_MONTH, PERIOD_DAY, PERIOD_WEEK, PERIOD_YEAR };
enum { PERIOD_UNIT_COUNT = PERIOD_YEAR + 1 };

/* What a month does that has no such day. */
enum month_end_rule {
    MONTH_END_CLAMP,  /* its last day: 31 Jan → 28 Feb → 31 Mar; 28 Feb → 28 Mar */
    MONTH_END_STICKY, /* as clamp, and the last day of a month stays one: 28 Feb → 31 Mar */
    MONTH_END_ROLL_TO_FIRST, /* the 1st of the next month: 31 Jan → 1 Mar → 31 Mar → 1 May */
};
enum { MONTH_END_RULE_COUNT = MONTH_END_ROLL_TO_FIRST + 1 };

/* The day `k` periods of `length` units after `anchor` (before it when k < 0); length > 0. */
struct day due_day_step(
    struct day anchor, enum period_unit unit, int32_t length, int32_t k, enum month_end_rule rule);

/* An anchor taken apart once, for plans that step from it again and again. */
struct due_anchor {
    struct day day;
    struct civil civil;
};

struct due_anchor due_anchor_of(struct day day);

/* due_day_step() from such an anchor. */
struct day due_day_from(const struct due_anchor *anchor, enum period_unit unit, int32_t length,
    int32_t k, enum month_end_rule rule);

/* Moves the anchor by `months`, onto the same day of the month, which must be 1..28. */
struct day due_anchor_walk(struct due_anchor *anchor, int32_t months);

#endif
