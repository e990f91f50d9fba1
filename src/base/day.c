/*
 * day.c: calendar arithmetic on day numbers. Exports what day.h declares about days.
 *
 * Conversions count days from 0000-03-01, so that the leap day is the last of a year and the
 * lengths of the months before it repeat in a 153-day pattern of five.
 */
#include "base/day.h"

#include "base/check.h"

enum { DAYS_PER_ERA = 146097, DAYS_TO_EPOCH = 719468, YEAR_MIN = 1900, YEAR_MAX = 9999 };

bool is_leap_year(int32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t days_in_month(int32_t year, int32_t month) {
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    check(month >= 1 && month <= 12);
    return month == 2 && is_leap_year(year) ? 29 : lengths[month - 1];
}

bool civil_is_valid(struct civil civil) {
    return civil.year >= YEAR_MIN && civil.year <= YEAR_MAX && civil.month >= 1 &&
           civil.month <= 12 && civil.day >= 1 &&
           civil.day <= days_in_month(civil.year, civil.month);
}

/* The day number of a valid date. */
static int32_t number_of(int32_t year, int32_t month, int32_t day) {
    int32_t y = month <= 2 ? year - 1 : year;
    int32_t month_from_march = month > 2 ? month - 3 : month + 9;
    int32_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - DAYS_TO_EPOCH;
}

struct day day_from_civil(int32_t year, int32_t month, int32_t day) {
    check(civil_is_valid((struct civil){year, month, day}));
    return (struct day){number_of(year, month, day)};
}

struct civil day_to_civil(struct day day) {
    check(!day_is_none(day));
    int32_t from_march_zero = day.number + DAYS_TO_EPOCH;
    check(from_march_zero >= 0);
    int32_t era = from_march_zero / DAYS_PER_ERA;
    int32_t day_of_era = from_march_zero - era * DAYS_PER_ERA;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t month_from_march = (5 * day_of_year + 2) / 153;
    struct civil civil;
    civil.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    civil.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
    return civil;
}

int32_t day_weekday(struct day day) {
    /* 1970-01-01 was a Thursday, ISO 4. */
    int32_t from_monday = (day.number + 3) % 7;
    return (from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

struct day civil_add_months(struct civil anchor, int32_t months) {
    int32_t index = anchor.year * 12 + (anchor.month - 1) + months;
    int32_t year = index / 12;
    int32_t month = index % 12 + 1;
    check(index >= YEAR_MIN * 12 && year <= YEAR_MAX && anchor.day >= 1);
    int32_t last = days_in_month(year, month);
    return (struct day){number_of(year, month, anchor.day < last ? anchor.day : last)};
}

struct day day_add_months(struct day anchor, int32_t months) {
    return civil_add_months(day_to_civil(anchor), months);
}

static void put_digits(char *at, int32_t value, int count) {
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

char *day_to_text(struct day day, char text[DAY_TEXT_SIZE]) {
    struct civil civil = day_to_civil(day);
    put_digits(text, civil.year, 4);
    text[4] = '-';
    put_digits(text + 5, civil.month, 2);
    text[7] = '-';
    put_digits(text + 8, civil.day, 2);
    text[10] = '\0';
    return text;
}

static bool take_digits(const char *at, int count, int32_t *out) {
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        value = value * 10 + (at[i] - '0');
    }
    *out = value;
    return true;
}

bool day_from_text(const char *text, size_t length, struct day *out) {
    struct civil civil;
    if (length != 10 || text[4] != '-' || text[7] != '-' || !take_digits(text, 4, &civil.year) ||
        !take_digits(text + 5, 2, &civil.month) || !take_digits(text + 8, 2, &civil.day) ||
        !civil_is_valid(civil))
        return false;
    *out = day_from_civil(civil.year, civil.month, civil.day);
    return true;
}
