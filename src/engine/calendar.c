/* calendar.c: working days. Exports what calendar.h declares. */
#include "engine/calendar.h"

#include "base/check.h"
#include "base/month.h"

#include <stddef.h>

enum { SATURDAY = 6, HALF_MONTH = 15 };

struct arranged_day {
    int32_t number;
    int32_t notice_year;
    bool off;
};

#include "cn_holidays.inc"

enum { CN_DAY_COUNT = sizeof(cn_days) / sizeof(cn_days[0]) };

/* What the notices up to `known_to_year` say last about the day; NULL when nothing. */
static const struct arranged_day *arranged(int32_t known_to_year, struct day day) {
    size_t low = 0;
    size_t high = CN_DAY_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cn_days[middle].number <= day.number)
            low = middle + 1;
        else
            high = middle;
    }
    /* rows of one day stand in the order of their notices, `low` is behind the last of them */
    while (low > 0 && cn_days[low - 1].number == day.number) {
        low--;
        if (cn_days[low].notice_year <= known_to_year)
            return &cn_days[low];
    }
    return NULL;
}

int32_t calendar_last_year(enum calendar calendar) {
    return calendar == CALENDAR_CHINA ? CN_YEAR_LAST : INT32_MAX;
}

bool calendar_is_working_day(enum calendar calendar, int32_t known_to_year, struct day day) {
    if (calendar == CALENDAR_NONE)
        return true;
    const struct arranged_day *said =
        calendar == CALENDAR_CHINA ? arranged(known_to_year, day) : NULL;
    return said != NULL ? !said->off : day_weekday(day) < SATURDAY;
}

bool is_working_day(const struct working_days *working, struct day day) {
    for (int32_t i = 0; i < working->closed_count; i++)
        if (day_compare(working->closed[i], day) == 0)
            return false;
    return calendar_is_working_day(working->calendar, working->known_to_year, day);
}

/* The first working day from `day` on, going by `step` of one day; `day` itself when it is one. */
static struct day search(const struct working_days *working, struct day day, int32_t step) {
    while (!is_working_day(working, day))
        day = day_add(day, step);
    return day;
}

static bool same_month(struct day a, struct day b) {
    return day_compare(day_month_end(a), day_month_end(b)) == 0;
}

static bool first_half(struct day day) {
    return day_to_civil(day).day <= HALF_MONTH;
}

struct day working_day_roll(
    const struct working_days *working, struct day day, enum roll_rule rule) {
    struct day next = rule == ROLL_NONE ? day : search(working, day, 1);
    struct day last = rule == ROLL_NONE ? day : search(working, day, -1);
    switch (rule) {
    case ROLL_NONE:
    case ROLL_FOLLOWING:
        return next;
    case ROLL_MODIFIED_FOLLOWING:
        return same_month(next, day) ? next : last;
    case ROLL_MODIFIED_FOLLOWING_HALF_MONTH:
        return same_month(next, day) && first_half(next) == first_half(day) ? next : last;
    case ROLL_PRECEDING:
        return last;
    case ROLL_MODIFIED_PRECEDING:
        return same_month(last, day) ? last : next;
    case ROLL_NEAREST:
        return days_between(last, day) < days_between(day, next) ? last : next;
    }
    check(false);
    return DAY_NONE;
}

struct day calendar_roll(
    enum calendar calendar, int32_t known_to_year, struct day day, enum roll_rule rule) {
    return working_day_roll(
        &(struct working_days){.calendar = calendar, .known_to_year = known_to_year}, day, rule);
}

int32_t working_days_between(const struct working_days *working, struct day from, struct day to) {
    if (day_compare(from, to) > 0)
        return -working_days_between(working, to, from);
    int32_t count = 0;
    for (struct day day = from; day_compare(day, to) < 0; day = day_add(day, 1))
        count += is_working_day(working, day) ? 1 : 0;
    return count;
}

struct day working_days_add(const struct working_days *working, struct day day, int32_t count) {
    int32_t step = count < 0 ? -1 : 1;
    for (; count != 0; count -= step)
        day = search(working, day_add(day, step), step);
    return day;
}
