/* instant.c: instants, zones and RFC 3339. Exports what day.h declares about instants. */
#include "base/check.h"
#include "base/day.h"

static int64_t zone_offset_seconds(enum zone zone) {
    switch (zone) {
    case ZONE_UTC:
        return 0;
    case ZONE_SHANGHAI:
        return INT64_C(8) * 3600;
    }
    check(false);
    return 0;
}

static int64_t floor_divide(int64_t value, int64_t by) {
    int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

struct day instant_to_day(struct instant instant, enum zone zone) {
    int64_t local_us = instant.us + zone_offset_seconds(zone) * US_PER_SECOND;
    return (struct day){(int32_t)floor_divide(local_us, US_PER_DAY)};
}

struct instant day_start(struct day day, enum zone zone) {
    check(!day_is_none(day));
    return (struct instant){day.number * US_PER_DAY - zone_offset_seconds(zone) * US_PER_SECOND};
}

struct instant instant_add_seconds(struct instant instant, int64_t seconds) {
    return (struct instant){instant.us + seconds * US_PER_SECOND};
}

int instant_compare(struct instant a, struct instant b) {
    return (a.us > b.us) - (a.us < b.us);
}

int32_t instant_second_of_day(struct instant instant, enum zone zone) {
    int64_t since = instant.us - day_start(instant_to_day(instant, zone), zone).us;
    return (int32_t)(since / US_PER_SECOND);
}

static char *put_number(char *at, int64_t value, int count) {
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

char *instant_to_text(struct instant instant, enum zone zone, char text[INSTANT_TEXT_SIZE]) {
    struct day day = instant_to_day(instant, zone);
    int64_t us_of_day = instant.us - day_start(day, zone).us;
    int64_t second = us_of_day / US_PER_SECOND;
    char *at = day_to_text(day, text) + DAY_TEXT_SIZE - 1;
    *at++ = 'T';
    at = put_number(at, second / 3600, 2);
    *at++ = ':';
    at = put_number(at, second / 60 % 60, 2);
    *at++ = ':';
    at = put_number(at, second % 60, 2);
    *at++ = '.';
    at = put_number(at, us_of_day / 1000 % 1000, 3);
    int64_t offset_minutes = zone_offset_seconds(zone) / 60;
    *at++ = '+';
    at = put_number(at, offset_minutes / 60, 2);
    *at++ = ':';
    at = put_number(at, offset_minutes % 60, 2);
    *at = '\0';
    return text;
}

/* Reads `count` digits; advances *at. */
static bool take(const char **at, const char *end, int count, int64_t *out) {
    int64_t value = 0;
    if (end - *at < count)
        return false;
    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool take_mark(const char **at, const char *end, char mark) {
    if (*at == end || **at != mark)
        return false;
    (*at)++;
    return true;
}

/* "Z" or "+08:00"; seconds east of UTC. */
static bool take_offset(const char **at, const char *end, int64_t *offset_seconds) {
    if (take_mark(at, end, 'Z')) {
        *offset_seconds = 0;
        return true;
    }
    bool west = *at < end && **at == '-';
    if (!west && (*at == end || **at != '+'))
        return false;
    (*at)++;
    int64_t hours;
    int64_t minutes;
    if (!take(at, end, 2, &hours) || !take_mark(at, end, ':') || !take(at, end, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *offset_seconds = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool instant_from_text(const char *text, size_t length, struct instant *out) {
    struct day day;
    if (length < 20 || !day_from_text(text, 10, &day))
        return false;
    const char *at = text + 10;
    const char *end = text + length;
    int64_t hour;
    int64_t minute;
    int64_t second;
    if (!take_mark(&at, end, 'T') || !take(&at, end, 2, &hour) || !take_mark(&at, end, ':') ||
        !take(&at, end, 2, &minute) || !take_mark(&at, end, ':') || !take(&at, end, 2, &second) ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t fraction_us = 0;
    if (take_mark(&at, end, '.')) {
        int64_t scale = 100000;
        const char *first = at;
        for (; at < end && *at >= '0' && *at <= '9'; at++, scale /= 10)
            fraction_us += (*at - '0') * scale;
        if (at == first)
            return false;
    }
    int64_t offset_seconds;
    if (!take_offset(&at, end, &offset_seconds) || at != end)
        return false;
    int64_t seconds = hour * 3600 + minute * 60 + second - offset_seconds;
    out->us = day_start(day, ZONE_UTC).us + seconds * US_PER_SECOND + fraction_us;
    return true;
}
