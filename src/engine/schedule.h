/*
 * schedule.h: the instalment plan of terms. Exports: struct schedule, schedule_build(),
 * schedule_due_day(), period_fraction(), schedule_total_cost().
 *
 * Pure function of valid terms; integers only. Rules: R-0002 to R-0010.
 */
#ifndef FENQI_ENGINE_SCHEDULE_H
#define FENQI_ENGINE_SCHEDULE_H

#include "engine/day_count.h"
#include "engine/terms.h"

struct schedule_row {
    struct day period_start; /* the due day before, or the start day */
    struct day due_day;
    struct money opening; /* principal outstanding during the period */
    struct money principal;
    struct money interest;
    struct money fee;
};

struct schedule {
    int32_t count;
    struct schedule_row rows[INSTALMENTS_MAX];
};

void schedule_build(const struct terms *terms, struct schedule *schedule);

/* Due day of instalment `number` (1-based) before any extension; number 0 is the start day. */
struct day schedule_due_day(const struct terms *terms, int32_t number);

/* The part of a year that period `number` (1-based, `days` long) counts for (R-0004). */
struct year_fraction period_fraction(const struct terms *terms, int32_t number, int32_t days);

struct money schedule_total_cost(const struct schedule *schedule);

#endif
