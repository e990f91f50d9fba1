/* due_day.c: days on which instalments fall due. Exports what due_day.h declares. */
#include "engine/due_day.h"

#include "base/check.h"

enum { DAYS_PER_WEEK = 7, MONTHS_PER_YEAR = 12 };

enum { EVERY_MONTH_HAS = 28 };

static struct day step_months(struct civil from, int32_t months, enum month_end_rule rule) {
    struct day clamped = civil_add_months(from, months);
    int32_t index = from.year * MONTHS_PER_YEAR + from.month - 1 + months;
    int32_t last = days_in_month(index / MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1);
    switch (rule) {
    case MONTH_END_CLAMP:
        return clamped;
    case MONTH_END_STICKY:
        return from.day == days_in_month(from.year, from.month) && from.day < last
                   ? day_add(clamped, last - from.day)
                   : clamped;
    case MONTH_END_ROLL_TO_FIRST:
        return from.day > last ? day_add(clamped, 1) : clamped;
    }
    check(false);
    return DAY_NONE;
}

struct due_anchor due_anchor_of(struct day day) {
    return (struct due_anchor){day, day_to_civil(day)};
}

struct day due_day_from(const struct due_anchor *anchor, enum period_unit unit, int32_t length,
    int32_t k, enum month_end_rule rule) {
    check(length > 0);
    switch (unit) {
    case PERIOD_MONTH:
        return step_months(anchor->civil, length * k, rule);
    case PERIOD_DAY:
        return day_add(anchor->day, length * k);
    case PERIOD_WEEK:
        return day_add(anchor->day, length * k * DAYS_PER_WEEK);
    case PERIOD_YEAR:
        return step_months(anchor->civil, length * k * MONTHS_PER_YEAR, rule);
    }
    check(false);
    return DAY_NONE;
}

struct day due_day_step(
    struct day anchor, enum period_unit unit, int32_t length, int32_t k, enum month_end_rule rule) {
    struct due_anchor taken_apart = due_anchor_of(anchor);
    return due_day_from(&taken_apart, unit, length, k, rule);
}

struct day due_anchor_walk(struct due_anchor *anchor, int32_t months) {
    struct civil *civil = &anchor->civil;
    check(civil->day <= EVERY_MONTH_HAS);
    for (int32_t i = 0; i < months; i++) {
        anchor->day = day_add(anchor->day, days_in_month(civil->year, civil->month));
        if (civil->month++ == MONTHS_PER_YEAR) {
            civil->month = 1;
            civil->year++;
        }
    }
    return anchor->day;
}
