/*
 * kind_cn_holidays.c: the days off and make-up working days of a year in China. Exports:
 * kind_cn_holidays.
 *
 *     year N               the year of the notice, and the last one that is known
 *     off DAY NAME         a day off
 *     work DAY NAME        a make-up working day
 *     count_off N, count_work N
 *     working_days N       from 1 January to 31 December
 */
#include "engine/calendar.h"

#include "reading.h"

#include <string.h>

extern const struct vector_kind kind_cn_holidays;

static void tell(struct tally *tally, const struct vector_line *line, bool same, int32_t count) {
    if (same)
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "not so (%d): %s %s", count, line->word, line->rest);
}

/* How many of the days that the case lists under `word` the calendar calls so. */
static int32_t count_of(
    const struct vector_case *one, const struct working_days *working, const char *word) {
    bool work = strcmp(word, "work") == 0;
    int32_t count = 0;
    int32_t from = 0;
    struct day day;
    for (const struct vector_line *line; (line = vector_find(one, word, &from)) != NULL;)
        count += read_day(line, 0, &day) && is_working_day(working, day) == work ? 1 : 0;
    return count;
}

static void run_line(const struct vector_case *one, const struct vector_line *line,
    const struct working_days *working, struct tally *tally) {
    int32_t year = working->known_to_year;
    struct day day;
    int64_t expected = 0;
    int32_t count = 0;
    if (strcmp(line->word, "off") == 0 || strcmp(line->word, "work") == 0) {
        tell(tally, line,
            read_day(line, 0, &day) &&
                is_working_day(working, day) == (strcmp(line->word, "work") == 0),
            0);
        return;
    }
    if (strcmp(line->word, "count_off") == 0)
        count = count_of(one, working, "off");
    else if (strcmp(line->word, "count_work") == 0)
        count = count_of(one, working, "work");
    else if (strcmp(line->word, "working_days") == 0)
        count = working_days_between(
            working, day_from_civil(year, 1, 1), day_from_civil(year + 1, 1, 1));
    else
        return;
    tell(tally, line, read_integer(line, 0, &expected) && expected == count, count);
}

static void run(const struct vector_case *one, struct tally *tally) {
    int32_t from = 0;
    const struct vector_line *line = vector_find(one, "year", &from);
    int64_t year = 0;
    if (line == NULL || !read_integer(line, 0, &year) || year < 2015 ||
        year > calendar_last_year(CALENDAR_CHINA)) {
        vector_not_expressible(
            tally, one->count > 2 ? one->count - 2 : 0, "a year whose notice the engine lacks");
        return;
    }
    struct working_days working = {.calendar = CALENDAR_CHINA, .known_to_year = (int32_t)year};
    for (int32_t i = 0; i < one->count; i++)
        run_line(one, &one->lines[i], &working, tally);
}

const struct vector_kind kind_cn_holidays = {"cn_holidays", run};
