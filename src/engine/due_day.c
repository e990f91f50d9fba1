/* due_day.c: days on which instalments fall due. Exports what due_day.h declares. */
#include "engine/due_day.h"

#include "base/check.h"

enum { DAYS_PER_WEEK = 7, MONTHS_PER_YEAR = 12 };

static struct day step_months(struct day anchor, int32_t months, enum month_end_rule rule) {
    struct day clamped = day_add_months(anchor, months);
    struct civil from = day_to_civil(anchor);
    struct civil to = day_to_civil(clamped);
    int32_t last = days_in_month(to.year, to.month);
    switch (rule) {
    case MONTH_END_CLAMP:
        return clamped;
    case MONTH_END_STICKY:
        return from.day == days_in_month(from.year, from.month) ? day_add(clamped, last - to.day)
                                                                : clamped;
    case MONTH_END_ROLL_TO_FIRST:
        return from.day > last ? day_add(clamped, 1) : clamped;
    }
    check(false);
    return DAY_NONE;
}

struct day due_day_step(
    struct day anchor, enum period_unit unit, int32_t length, int32_t k, enum month_end_rule rule) {
    check(length > 0);
    switch (unit) {
    case PERIOD_MONTH:
        return step_months(anchor, length * k, rule);
    case PERIOD_DAY:
        return day_add(anchor, length * k);
    case PERIOD_WEEK:
        return day_add(anchor, length * k * DAYS_PER_WEEK);
    case PERIOD_YEAR:
        return step_months(anchor, length * k * MONTHS_PER_YEAR, rule);
    }
    check(false);
    return DAY_NONE;
}
