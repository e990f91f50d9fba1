/* day_pattern.c: patterns of regular days. Exports what day_pattern.h declares. */
#include "engine/day_pattern.h"

#include "base/check.h"
#include "base/month.h"

enum { MONDAY = 1, WEDNESDAY = 3, FRIDAY = 5, NEW_ZEALAND_FROM = 9 };

struct day_pattern day_pattern_of_month(int32_t number) {
    check(number >= 1 && number <= 31);
    return number == 31 ? (struct day_pattern){PATTERN_MONTH_END, 0}
                        : (struct day_pattern){PATTERN_DAY_OF_MONTH, number};
}

static bool is_fixed_holiday(struct civil civil) {
    return (civil.month == 1 && civil.day == 1) ||
           (civil.month == 6 && civil.day == 19 && civil.year >= 2021) ||
           (civil.month == 7 && civil.day == 4) || (civil.month == 11 && civil.day == 11) ||
           (civil.month == 12 && civil.day == 25);
}

/* Whether a Monday is a public holiday of the US (5 U.S.C. 6103), or stands in for a Sunday. */
static bool is_holiday_monday(struct day monday) {
    struct civil civil = day_to_civil(monday);
    int32_t nth = (civil.day + 6) / 7;
    bool last = day_to_civil(day_add(monday, 7)).month != civil.month;
    return (civil.month == 1 && nth == 3) || (civil.month == 2 && nth == 3) ||
           (civil.month == 5 && last) || (civil.month == 9 && nth == 1) ||
           (civil.month == 10 && nth == 2) || is_fixed_holiday(civil) ||
           is_fixed_holiday(day_to_civil(day_add(monday, -1)));
}

static struct day auction_from(struct day day) {
    struct day monday = day_weekday_from(day, MONDAY);
    return is_holiday_monday(monday) ? day_add(monday, 1) : monday;
}

struct day day_pattern_adjust(struct day_pattern pattern, struct day day) {
    struct civil civil = day_to_civil(day);
    struct day first = day_add(day, 1 - civil.day);
    switch (pattern.kind) {
    case PATTERN_UNSTATED:
    case PATTERN_ANY:
        return day;
    case PATTERN_DAY_OF_MONTH: {
        int32_t last = days_in_month(civil.year, civil.month);
        return day_add(first, (pattern.number < last ? pattern.number : last) - 1);
    }
    case PATTERN_MONTH_END:
        return day_month_end(day);
    case PATTERN_DAY_OF_WEEK:
        return day_weekday_from(day, pattern.number);
    case PATTERN_THIRD_WEDNESDAY:
        return day_nth_weekday(day, WEDNESDAY, 3);
    case PATTERN_MONDAY_BEFORE_THIRD_WEDNESDAY:
        return day_add(day_nth_weekday(day, WEDNESDAY, 3), MONDAY - WEDNESDAY);
    case PATTERN_DAY_BEFORE_SECOND_FRIDAY:
        return day_add(day_nth_weekday(day, FRIDAY, 2), -1);
    case PATTERN_WEDNESDAY_FROM_9:
        return day_weekday_from(day_add(first, NEW_ZEALAND_FROM - 1), WEDNESDAY);
    case PATTERN_SECOND_FRIDAY:
        return day_nth_weekday(day, FRIDAY, 2);
    case PATTERN_BILL_AUCTION:
        return auction_from(day);
    }
    check(false);
    return DAY_NONE;
}

bool day_pattern_fits(struct day_pattern pattern, struct day day) {
    return day_compare(day_pattern_adjust(pattern, day), day) == 0;
}

struct day day_pattern_next(
    struct day_pattern pattern, struct day day, enum period_unit unit, int32_t length) {
    struct day next =
        day_pattern_adjust(pattern, due_day_step(day, unit, length, 1, MONTH_END_CLAMP));
    return day_compare(next, day) > 0 ? next : day_pattern_adjust(pattern, day_add_months(day, 1));
}

struct day day_pattern_previous(
    struct day_pattern pattern, struct day day, enum period_unit unit, int32_t length) {
    struct day back = due_day_step(day, unit, length, -1, MONTH_END_CLAMP);
    struct day previous = day_pattern_adjust(pattern, back);
    /* the first such weekday after a step back may be the one that was left */
    if (pattern.kind == PATTERN_DAY_OF_WEEK && day_compare(previous, back) > 0)
        previous = day_add(previous, -7);
    return day_compare(previous, day) < 0 ? previous
                                          : day_pattern_adjust(pattern, day_add_months(day, -1));
}
