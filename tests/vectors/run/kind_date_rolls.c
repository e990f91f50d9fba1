/*
 * kind_date_rolls.c: months added, spans, rolls to working days and regular days. Exports:
 * kind_date_rolls.
 *
 *     adjust PATTERN DAY = DAY
 *     next PATTERN PERIOD DAY = DAY
 *     previous PATTERN PERIOD DAY = DAY
 *     business_day RULE DAY = DAY          the weekend alone is off
 *     plus_months DAY N = DAY
 *     period_between DAY DAY = YEARS MONTHS DAYS
 *
 * or one division into regular periods:
 *
 *     periodic DAY DAY PERIOD
 *     stub NAME, pattern PATTERN, first_regular DAY, last_regular DAY: each optional
 *     roll RULE, start_roll RULE
 *     closed DAY…                          days off besides the weekend; any number of lines
 *     expect_unadjusted DAY…, expect_adjusted DAY…, expect_pattern PATTERN
 *
 * A PATTERN is a name (EOM, IMM …), DAY_n of the month or a weekday (DAY_MON); a PERIOD is P3M or
 * the like, or TERM.
 */
#include "engine/regular_days.h"

#include "base/month.h"

#include "reading.h"

#include <stdlib.h>
#include <string.h>

extern const struct vector_kind kind_date_rolls;

enum { WORD_SIZE = 64, DAYS_MAX = 400, CLOSED_MAX = 200 };

static const struct {
    const char *name;
    struct day_pattern pattern;
} patterns[] = {
    {"NONE", {PATTERN_ANY, 0}},
    {"ROLL_NONE", {PATTERN_ANY, 0}},
    {"EOM", {PATTERN_MONTH_END, 0}},
    {"IMM", {PATTERN_THIRD_WEDNESDAY, 0}},
    {"IMMCAD", {PATTERN_MONDAY_BEFORE_THIRD_WEDNESDAY, 0}},
    {"IMMAUD", {PATTERN_DAY_BEFORE_SECOND_FRIDAY, 0}},
    {"IMMNZD", {PATTERN_WEDNESDAY_FROM_9, 0}},
    {"SFE", {PATTERN_SECOND_FRIDAY, 0}},
    {"TBILL", {PATTERN_BILL_AUCTION, 0}},
    {"DAY_MON", {PATTERN_DAY_OF_WEEK, 1}},
    {"DAY_TUE", {PATTERN_DAY_OF_WEEK, 2}},
    {"DAY_WED", {PATTERN_DAY_OF_WEEK, 3}},
    {"DAY_THU", {PATTERN_DAY_OF_WEEK, 4}},
    {"DAY_FRI", {PATTERN_DAY_OF_WEEK, 5}},
    {"DAY_SAT", {PATTERN_DAY_OF_WEEK, 6}},
    {"DAY_SUN", {PATTERN_DAY_OF_WEEK, 7}},
};

static const char *const rolls[ROLL_RULE_COUNT] = {
    [ROLL_NONE] = "NO_ADJUST",
    [ROLL_FOLLOWING] = "FOLLOWING",
    [ROLL_MODIFIED_FOLLOWING] = "MODIFIED_FOLLOWING",
    [ROLL_MODIFIED_FOLLOWING_HALF_MONTH] = "MODIFIED_FOLLOWING_BI_MONTHLY",
    [ROLL_PRECEDING] = "PRECEDING",
    [ROLL_MODIFIED_PRECEDING] = "MODIFIED_PRECEDING",
    [ROLL_NEAREST] = "NEAREST",
};

static const char *const stubs[STUB_COUNT] = {
    [STUB_UNSTATED] = "UNSTATED",
    [STUB_NONE] = "STUB_NONE",
    [STUB_SHORT_FIRST] = "SHORT_INITIAL",
    [STUB_LONG_FIRST] = "LONG_INITIAL",
    [STUB_SMART_FIRST] = "SMART_INITIAL",
    [STUB_SHORT_LAST] = "SHORT_FINAL",
    [STUB_LONG_LAST] = "LONG_FINAL",
    [STUB_SMART_LAST] = "SMART_FINAL",
    [STUB_BOTH] = "STUB_BOTH",
};

static const struct working_days weekdays = {.calendar = CALENDAR_WEEKENDS};

/* The index of a name in a table, -1 when it is not there. */
static int32_t index_of(const char *const *table, int32_t count, const char *name) {
    for (int32_t i = 0; i < count; i++)
        if (strcmp(table[i], name) == 0)
            return i;
    return -1;
}

static bool read_pattern(const struct vector_line *line, int32_t n, struct day_pattern *out) {
    char word[WORD_SIZE], *end;
    if (!vector_word(line, n, word, sizeof word))
        return false;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        if (strcmp(patterns[i].name, word) == 0) {
            *out = patterns[i].pattern;
            return true;
        }
    }
    if (strncmp(word, "DAY_", 4) != 0)
        return false;
    long number = strtol(word + 4, &end, 10);
    if (*end != '\0' || number < 1 || number > 31)
        return false;
    *out = day_pattern_of_month((int32_t)number);
    return true;
}

/* "P3M", "P1Y2M", "P2W" …; TERM has length 0. */
static bool read_period(
    const struct vector_line *line, int32_t n, enum period_unit *unit, int32_t *length) {
    char word[WORD_SIZE], *end;
    *unit = PERIOD_DAY;
    *length = 0;
    if (!vector_word(line, n, word, sizeof word))
        return false;
    if (strcmp(word, "TERM") == 0)
        return true;
    if (word[0] != 'P')
        return false;
    const char *units = "MDWY"; /* in the order of enum period_unit */
    long number = strtol(word + 1, &end, 10);
    const char *at = *end != '\0' ? strchr(units, *end) : NULL;
    if (at == NULL || end[1] != '\0' || number < 1 || number > 36525)
        return false;
    *unit = (enum period_unit)(at - units);
    *length = (int32_t)number;
    return true;
}

static void tell(struct tally *tally, const struct vector_line *line, bool same) {
    if (same)
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "not so: %s %s", line->word, line->rest);
}

static void tell_day(
    struct tally *tally, const struct vector_line *line, struct day day, int32_t n) {
    struct day expected;
    char text[DAY_TEXT_SIZE];
    if (read_day(line, n, &expected) && day_compare(day, expected) == 0)
        vector_reproduced(tally);
    else
        vector_wrong(
            tally, line, "%s instead: %s %s", day_to_text(day, text), line->word, line->rest);
}

static void run_pattern(const struct vector_line *line, struct tally *tally) {
    struct day_pattern pattern;
    struct day day;
    enum period_unit unit = PERIOD_DAY;
    int32_t length = 1;
    bool adjust = strcmp(line->word, "adjust") == 0;
    if (!read_pattern(line, 0, &pattern) || (!adjust && !read_period(line, 1, &unit, &length))) {
        vector_not_expressible(tally, 1, "a pattern or period that the engine does not have");
        return;
    }
    int32_t at = adjust ? 1 : 2;
    if (!read_day(line, at, &day)) {
        vector_not_expressible(tally, 1, "days outside 1900 to 9999");
        return;
    }
    struct day came = adjust ? day_pattern_adjust(pattern, day)
                      : strcmp(line->word, "next") == 0
                          ? day_pattern_next(pattern, day, unit, length)
                          : day_pattern_previous(pattern, day, unit, length);
    tell_day(tally, line, came, at + 2);
}

static void run_business_day(const struct vector_line *line, struct tally *tally) {
    char word[WORD_SIZE];
    struct day day;
    int32_t rule =
        vector_word(line, 0, word, sizeof word) ? index_of(rolls, ROLL_RULE_COUNT, word) : -1;
    if (rule < 0 || !read_day(line, 1, &day))
        vector_not_expressible(tally, 1, "a roll rule that the engine does not have");
    else
        tell_day(tally, line, working_day_roll(&weekdays, day, (enum roll_rule)rule), 3);
}

static void run_plus_months(const struct vector_line *line, struct tally *tally) {
    struct day day;
    int64_t months;
    if (!read_day(line, 0, &day) || !read_integer(line, 1, &months))
        vector_not_expressible(tally, 1, "days outside 1900 to 9999");
    else
        tell_day(tally, line, day_add_months(day, (int32_t)months), 3);
}

static void run_span(const struct vector_line *line, struct tally *tally) {
    struct day from, to;
    int64_t years, months, days;
    if (!read_day(line, 0, &from) || !read_day(line, 1, &to)) {
        vector_not_expressible(tally, 1, "days outside 1900 to 9999");
        return;
    }
    struct span span = span_between(from, to);
    tell(tally, line,
        read_integer(line, 3, &years) && read_integer(line, 4, &months) &&
            read_integer(line, 5, &days) && span.years == years && span.months == months &&
            span.days == days);
}

/* A division as the lines of a case ask for it. */
struct division {
    struct regular_days request;
    struct day closed[CLOSED_MAX];
    const char *unknown; /* why it cannot be said; NULL when it can */
};

static bool read_roll(const struct vector_line *line, enum roll_rule *out) {
    int32_t rule = index_of(rolls, ROLL_RULE_COUNT, line->rest);
    if (rule >= 0)
        *out = (enum roll_rule)rule;
    return rule >= 0;
}

static void read_closed(const struct vector_line *line, struct division *division) {
    struct working_days *working = &division->request.working;
    for (int32_t n = 0; working->closed_count < CLOSED_MAX &&
                        read_day(line, n, &division->closed[working->closed_count]);
         n++)
        working->closed_count++;
}

static void read_division_line(const struct vector_line *line, struct division *division) {
    struct regular_days *request = &division->request;
    bool known = true;
    if (strcmp(line->word, "periodic") == 0)
        known = read_day(line, 0, &request->start) && read_day(line, 1, &request->end) &&
                read_period(line, 2, &request->unit, &request->length);
    else if (strcmp(line->word, "stub") == 0) {
        int32_t stub = index_of(stubs, STUB_COUNT, line->rest);
        known = stub >= 0;
        request->stub = known ? (enum stub)stub : STUB_UNSTATED;
    } else if (strcmp(line->word, "pattern") == 0)
        known = read_pattern(line, 0, &request->pattern);
    else if (strcmp(line->word, "first_regular") == 0)
        known = read_day(line, 0, &request->first_regular);
    else if (strcmp(line->word, "last_regular") == 0)
        known = read_day(line, 0, &request->last_regular);
    else if (strcmp(line->word, "roll") == 0)
        known = read_roll(line, &request->roll);
    else if (strcmp(line->word, "start_roll") == 0)
        known = read_roll(line, &request->start_roll);
    else if (strcmp(line->word, "closed") == 0)
        read_closed(line, division);
    else if (strncmp(line->word, "expect_", 7) != 0 && strcmp(line->word, "source") != 0)
        known = false;
    if (!known)
        division->unknown = "a period, stub, pattern or calendar that the engine does not have";
}

static bool same_days(const struct vector_line *line, const struct day *days, int32_t count) {
    struct day expected;
    for (int32_t n = 0; n < count; n++)
        if (!read_day(line, n, &expected) || day_compare(expected, days[n]) != 0)
            return false;
    return !read_day(line, count, &expected);
}

static void run_expectation(const struct vector_line *line, enum regular_days_outcome outcome,
    const struct regular_days_result *result, struct tally *tally) {
    struct day_pattern pattern;
    bool ok = outcome == REGULAR_DAYS_OK;
    if (strcmp(line->word, "expect_unadjusted") == 0)
        tell(tally, line, ok && same_days(line, result->scheduled, result->count));
    else if (strcmp(line->word, "expect_adjusted") == 0)
        tell(tally, line, ok && same_days(line, result->rolled, result->count));
    else if (strcmp(line->word, "expect_pattern") == 0)
        tell(tally, line,
            ok && read_pattern(line, 0, &pattern) && pattern.kind == result->pattern.kind &&
                pattern.number == result->pattern.number);
}

static void run_division(const struct vector_case *one, struct tally *tally) {
    struct division division = {.request = {.first_regular = DAY_NONE,
                                    .last_regular = DAY_NONE,
                                    .working = {.calendar = CALENDAR_WEEKENDS}}};
    division.request.working.closed = division.closed;
    int32_t expectations = 0;
    for (int32_t i = 0; i < one->count; i++) {
        read_division_line(&one->lines[i], &division);
        expectations += strncmp(one->lines[i].word, "expect_", 7) == 0 ? 1 : 0;
    }
    if (division.unknown != NULL) {
        vector_not_expressible(tally, expectations, division.unknown);
        return;
    }
    struct day scheduled[DAYS_MAX], rolled[DAYS_MAX];
    struct regular_days_result result = {
        .room = DAYS_MAX, .scheduled = scheduled, .rolled = rolled};
    enum regular_days_outcome outcome = regular_days_build(&division.request, &result);
    for (int32_t i = 0; i < one->count; i++)
        run_expectation(&one->lines[i], outcome, &result, tally);
}

static void run(const struct vector_case *one, struct tally *tally) {
    static const struct {
        const char *word;
        void (*run)(const struct vector_line *line, struct tally *tally);
    } single[] = {{"adjust", run_pattern}, {"next", run_pattern}, {"previous", run_pattern},
        {"business_day", run_business_day}, {"plus_months", run_plus_months},
        {"period_between", run_span}};
    int32_t from = 0;
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        from = 0;
        const struct vector_line *line = vector_find(one, single[i].word, &from);
        if (line != NULL) {
            single[i].run(line, tally);
            return;
        }
    }
    run_division(one, tally);
}

const struct vector_kind kind_date_rolls = {"date_rolls", run};
