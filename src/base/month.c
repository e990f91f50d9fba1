/* month.c: months, weekdays and spans. Exports what month.h declares. */
#include "base/month.h"

enum { MONTHS_PER_YEAR = 12, DAYS_PER_WEEK = 7 };

struct span span_between(struct day from, struct day to) {
    struct civil first = day_to_civil(from);
    struct civil last = day_to_civil(to);
    int32_t months = (last.year - first.year) * MONTHS_PER_YEAR + (last.month - first.month);
    int32_t days = last.day - first.day;
    if (months > 0 && days < 0) {
        months--;
        days = days_between(day_add_months(from, months), to);
    } else if (months < 0 && days > 0) {
        months++;
        days -= days_in_month(last.year, last.month);
    }
    return (struct span){months / MONTHS_PER_YEAR, months % MONTHS_PER_YEAR, days};
}

struct day day_month_end(struct day day) {
    struct civil civil = day_to_civil(day);
    return day_add(day, days_in_month(civil.year, civil.month) - civil.day);
}

bool day_is_month_end(struct day day) {
    return day_compare(day, day_month_end(day)) == 0;
}

struct day day_weekday_from(struct day day, int32_t weekday) {
    int32_t ahead = weekday - day_weekday(day);
    return day_add(day, ahead < 0 ? ahead + DAYS_PER_WEEK : ahead);
}

struct day day_nth_weekday(struct day day, int32_t weekday, int32_t nth) {
    struct day first = day_add(day, 1 - day_to_civil(day).day);
    return day_add(day_weekday_from(first, weekday), (nth - 1) * DAYS_PER_WEEK);
}
