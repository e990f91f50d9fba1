/*
 * kind_spreadsheet_dates.c: the date functions of spreadsheets, said with the engine's day counts,
 * calendars and steps. Exports: kind_spreadsheet_dates.
 *
 *     call YEARFRAC DAY DAY BASIS | DAYS360 DAY DAY EUROPEAN | EDATE DAY MONTHS
 *          | EOMONTH DAY MONTHS | DAYS END START | DATEDIF DAY DAY UNIT
 *          | NETWORKDAYS DAY DAY HOLIDAY… | WORKDAY DAY COUNT HOLIDAY…
 *     value N | DAY | DECIMAL within DECIMAL
 *     error #NUM! | #VALUE!
 *
 * An argument that was left out is "-". Numbers are cut to whole ones, as spreadsheets do.
 */
#include "engine/calendar.h"
#include "engine/day_count.h"
#include "engine/due_day.h"

#include "base/month.h"

#include "reading.h"

#include <string.h>

extern const struct vector_kind kind_spreadsheet_dates;

enum { WORD_SIZE = 64, HOLIDAYS_MAX = 200, BASIS_COUNT = 5, SERIAL_OF_1970 = 25569 };

enum outcome { OUTCOME_NUMBER, OUTCOME_DAY, OUTCOME_FRACTION, OUTCOME_NUM, OUTCOME_VALUE };

struct answer {
    enum outcome outcome;
    int64_t number;
    struct day day;
    struct year_fraction fraction;
};

static struct answer number_answer(int64_t number) {
    return (struct answer){.outcome = OUTCOME_NUMBER, .number = number};
}

static struct answer day_answer(struct day day) {
    return (struct answer){.outcome = OUTCOME_DAY, .day = day};
}

static struct answer error_answer(enum outcome outcome) {
    return (struct answer){.outcome = outcome};
}

/* A whole number, or one with further digits that are cut off; `absent` for "-". */
static bool read_cut(const struct vector_line *line, int32_t n, int64_t absent, int64_t *out) {
    char word[WORD_SIZE];
    int128 value;
    int128 one = 1;
    if (!vector_word(line, n, word, sizeof word))
        return false;
    if (strcmp(word, "-") == 0) {
        *out = absent;
        return true;
    }
    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        *out = strcmp(word, "true") == 0;
        return true;
    }
    if (!read_decimal(word, READING_PLACES, &value))
        return false;
    for (int32_t i = 0; i < READING_PLACES; i++)
        one *= 10;
    *out = (int64_t)(value / one);
    return true;
}

static struct answer year_fraction(const struct vector_line *line, struct day from, struct day to) {
    static const enum day_count bases[BASIS_COUNT] = {DAY_COUNT_30_360_SPREADSHEET,
        DAY_COUNT_ACT_ACT_AVERAGE, DAY_COUNT_ACT_360, DAY_COUNT_ACT_365, DAY_COUNT_30E_360};
    int64_t basis = 0;
    if (!read_cut(line, 3, 0, &basis))
        return error_answer(OUTCOME_VALUE);
    if (basis < 0 || basis >= BASIS_COUNT)
        return error_answer(OUTCOME_NUM);
    bool swapped = day_compare(from, to) > 0;
    return (struct answer){.outcome = OUTCOME_FRACTION,
        .fraction =
            day_count_fraction(bases[basis], swapped ? to : from, swapped ? from : to, NULL)};
}

static struct answer days_360(const struct vector_line *line, struct day from, struct day to) {
    int64_t european = 0;
    if (!read_cut(line, 3, 0, &european))
        return error_answer(OUTCOME_VALUE);
    return number_answer(
        day_count_days(european != 0 ? DAY_COUNT_30E_360 : DAY_COUNT_30_360_PSA, from, to, NULL));
}

static struct answer step(const struct vector_line *line, struct day from, bool to_month_end) {
    int64_t months = 0;
    if (!read_cut(line, 2, 0, &months))
        return error_answer(OUTCOME_VALUE);
    int32_t first = day_to_civil(from).year * 12 + day_to_civil(from).month - 1;
    if (first + months < 1900 * 12 || first + months >= 10000 * 12)
        return error_answer(OUTCOME_NUM);
    struct day day = day_add_months(from, (int32_t)months);
    return day_answer(to_month_end ? day_month_end(day) : day);
}

/*
 * Days beyond whole years. The end moves back by years as far as it stays behind the start (29
 * February to 1 March); the leap day that it meets on the way there does not count.
 */
static int32_t days_beyond_years(struct day from, struct day to) {
    struct day end = to;
    for (struct day back = to; day_compare(back, from) >= 0;
         back = due_day_step(back, PERIOD_YEAR, 1, -1, MONTH_END_ROLL_TO_FIRST))
        end = back;
    struct civil first = day_to_civil(from);
    struct civil told = day_to_civil(to);
    struct civil moved = day_to_civil(end);
    bool met = told.year > first.year && !is_leap_year(first.year) && !is_leap_year(told.year) &&
               is_leap_year(moved.year) && moved.month > 2;
    return days_between(from, end) - (met ? 1 : 0);
}

static struct answer date_difference(
    const struct vector_line *line, struct day from, struct day to) {
    char unit[WORD_SIZE];
    if (day_compare(from, to) > 0)
        return error_answer(OUTCOME_NUM);
    struct span span = span_between(from, to);
    struct civil first = day_to_civil(from);
    struct civil last = day_to_civil(to);
    if (!vector_word(line, 3, unit, sizeof unit))
        return error_answer(OUTCOME_VALUE);
    if (strcmp(unit, "D") == 0)
        return number_answer(days_between(from, to));
    if (strcmp(unit, "M") == 0)
        return number_answer(span.years * 12 + span.months);
    if (strcmp(unit, "Y") == 0)
        return number_answer(span.years);
    if (strcmp(unit, "YM") == 0)
        return number_answer(span.months);
    if (strcmp(unit, "YD") == 0)
        return number_answer(days_beyond_years(from, to));
    if (strcmp(unit, "MD") == 0) {
        /* counted over the end's month before, however long the start's day says it should be */
        struct day before = day_add(to, -last.day);
        return number_answer(last.day >= first.day
                                 ? last.day - first.day
                                 : last.day - first.day + day_to_civil(before).day);
    }
    return error_answer(OUTCOME_VALUE);
}

static struct answer working(const struct vector_line *line, struct day from, bool add) {
    struct day holidays[HOLIDAYS_MAX];
    struct working_days days = {.calendar = CALENDAR_WEEKENDS, .closed = holidays};
    char word[WORD_SIZE];
    for (int32_t n = 3; vector_word(line, n, word, sizeof word) && n < HOLIDAYS_MAX; n++)
        if (!read_day(line, n, &holidays[days.closed_count++]))
            return error_answer(OUTCOME_VALUE);
    if (add) {
        int64_t count = 0;
        if (!read_cut(line, 2, 0, &count))
            return error_answer(OUTCOME_VALUE);
        return day_answer(working_days_add(&days, from, (int32_t)count));
    }
    struct day to;
    if (!read_day(line, 2, &to))
        return error_answer(OUTCOME_VALUE);
    /* both days count */
    return number_answer(day_compare(from, to) <= 0
                             ? working_days_between(&days, from, day_add(to, 1))
                             : -working_days_between(&days, to, day_add(from, 1)));
}

/* False when the function is not one of these. */
static bool answer(const struct vector_line *line, struct answer *out) {
    char function[WORD_SIZE];
    struct day from, to;
    if (!vector_word(line, 0, function, sizeof function))
        return false;
    bool has_from = read_day(line, 1, &from);
    bool has_to = read_day(line, 2, &to);
    bool two = true;
    *out = error_answer(OUTCOME_VALUE);
    if (strcmp(function, "EDATE") == 0 || strcmp(function, "EOMONTH") == 0) {
        if (has_from)
            *out = step(line, from, strcmp(function, "EOMONTH") == 0);
        return true;
    }
    if (strcmp(function, "WORKDAY") == 0 || strcmp(function, "NETWORKDAYS") == 0) {
        if (has_from)
            *out = working(line, from, strcmp(function, "WORKDAY") == 0);
        return true;
    }
    two = has_from && has_to;
    if (strcmp(function, "YEARFRAC") == 0)
        *out = two ? year_fraction(line, from, to) : *out;
    else if (strcmp(function, "DAYS360") == 0)
        *out = two ? days_360(line, from, to) : *out;
    else if (strcmp(function, "DAYS") == 0)
        *out = two ? number_answer(days_between(to, from)) : *out;
    else if (strcmp(function, "DATEDIF") == 0)
        *out = two ? date_difference(line, from, to) : *out;
    else
        return false;
    return true;
}

static bool is_day(const struct vector_line *line, struct day day) {
    struct day expected;
    int64_t serial;
    if (read_day(line, 0, &expected))
        return day_compare(expected, day) == 0;
    return read_integer(line, 0, &serial) && serial == day.number + SERIAL_OF_1970;
}

static bool is_as_said(const struct vector_line *line, const struct answer *came) {
    struct decimal_claim claim;
    int64_t number;
    bool error = strcmp(line->word, "error") == 0;
    switch (came->outcome) {
    case OUTCOME_NUMBER:
        return !error && read_integer(line, 0, &number) && number == came->number;
    case OUTCOME_DAY:
        return !error && is_day(line, came->day);
    case OUTCOME_FRACTION:
        return !error && read_claim(line, 0, &claim) &&
               claim_holds(&claim, came->fraction.numerator, came->fraction.denominator);
    case OUTCOME_NUM:
        return error && strcmp(line->rest, "#NUM!") == 0;
    case OUTCOME_VALUE:
        return error && strcmp(line->rest, "#VALUE!") == 0;
    }
    return false;
}

static void run(const struct vector_case *one, struct tally *tally) {
    int32_t from = 0;
    const struct vector_line *call = vector_find(one, "call", &from);
    from = 0;
    const struct vector_line *said = vector_find(one, "value", &from);
    from = 0;
    said = said != NULL ? said : vector_find(one, "error", &from);
    struct answer came;
    if (said == NULL || call == NULL || !answer(call, &came))
        vector_not_expressible(tally, 1, "a date function that is not among ours");
    else if (is_as_said(said, &came))
        vector_reproduced(tally);
    else
        vector_wrong(tally, said, "%s is not %s %s (outcome %d, number %lld, %lld / %lld)",
            call->rest, said->word, said->rest, (int)came.outcome, (long long)came.number,
            (long long)came.fraction.numerator, (long long)came.fraction.denominator);
}

const struct vector_kind kind_spreadsheet_dates = {"spreadsheet_dates", run};
