/*
 * day.h: calendar days and instants. Exports: struct day, struct civil, struct instant, struct
 * moment, enum zone and their arithmetic. Proleptic Gregorian calendar, years 1900 to 9999.
 *
 * A day is a number (days since 1970-01-01), an instant is microseconds since the same midnight
 * UTC. An instant becomes a day only with a named zone. Nothing here reads a clock.
 */
#ifndef FENQI_BASE_DAY_H
#define FENQI_BASE_DAY_H

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct day {
    int32_t number;
};

struct civil {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

struct instant {
    int64_t us;
};

/* What a use case knows of time: the clock's reading and the day that the books are at. */
struct moment {
    struct instant now;
    struct day business_date;
};

/* China has kept UTC+8 without daylight saving since 1991; it is the only zone needed so far. */
enum zone { ZONE_UTC, ZONE_SHANGHAI };

#define DAY_NONE ((struct day){INT32_MIN})
enum { DAY_TEXT_SIZE = 11, INSTANT_TEXT_SIZE = 33 };
#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY (INT64_C(86400) * US_PER_SECOND)

static inline bool day_is_none(struct day day) {
    return day.number == INT32_MIN;
}

bool civil_is_valid(struct civil civil);
struct day day_from_civil(int32_t year, int32_t month, int32_t day);
struct civil day_to_civil(struct day day);
int32_t days_in_month(int32_t year, int32_t month);
bool is_leap_year(int32_t year);

/* 1 Monday … 7 Sunday (ISO 8601). */
int32_t day_weekday(struct day day);

static inline int day_compare(struct day a, struct day b) {
    return (a.number > b.number) - (a.number < b.number);
}

static inline struct day day_add(struct day day, int32_t days) {
    check(!day_is_none(day));
    return (struct day){day.number + days};
}

/* to - from in days. */
static inline int32_t days_between(struct day from, struct day to) {
    check(!day_is_none(from) && !day_is_none(to));
    return to.number - from.number;
}

/*
 * The day `months` months after `anchor`, on the anchor's day of month or, where the month is
 * shorter, on its last day: always stepped from the anchor, so 31 Jan → 28 Feb → 31 Mar.
 */
struct day day_add_months(struct day anchor, int32_t months);

/* The same for an anchor that was taken apart before: a plan steps many times from one. */
struct day civil_add_months(struct civil anchor, int32_t months);

/* Writes "2026-11-22" into text[DAY_TEXT_SIZE]; returns text. */
char *day_to_text(struct day day, char text[DAY_TEXT_SIZE]);

/* Reads exactly "YYYY-MM-DD"; false, leaving *out alone, when it is not a day of the calendar. */
bool day_from_text(const char *text, size_t length, struct day *out);

struct day instant_to_day(struct instant instant, enum zone zone);

/* Midnight at the start of `day` in `zone`. */
struct instant day_start(struct day day, enum zone zone);
struct instant instant_add_seconds(struct instant instant, int64_t seconds);
int instant_compare(struct instant a, struct instant b);

/* Seconds since midnight in `zone`, 0..86399. */
int32_t instant_second_of_day(struct instant instant, enum zone zone);

/* Writes RFC 3339 with milliseconds, "2026-11-22T10:20:30.123+08:00"; returns text. */
char *instant_to_text(struct instant instant, enum zone zone, char text[INSTANT_TEXT_SIZE]);

/* Reads RFC 3339 with any offset; false, leaving *out alone, otherwise. */
bool instant_from_text(const char *text, size_t length, struct instant *out);

#endif
