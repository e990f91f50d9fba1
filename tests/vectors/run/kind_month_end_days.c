/*
 * kind_month_end_days.c: due days that meet short months. Exports: kind_month_end_days.
 *
 *     steps DAY UNIT LENGTH RULE   from the start day; UNIT days, weeks, months or years; RULE
 *                                  last_day_of_month or first_day_of_next_month
 *     due N DAY                    expected due day of instalment N
 *     days N COUNT                 expected days of its period
 */
#include "engine/due_day.h"

#include "reading.h"

#include <string.h>

extern const struct vector_kind kind_month_end_days;

enum { WORD_SIZE = 64, STEPS_MAX = 1000 };

struct steps {
    struct day start;
    enum period_unit unit;
    int64_t length;
    enum month_end_rule rule;
};

static bool read_unit(const char *word, enum period_unit *out) {
    static const char *const names[PERIOD_UNIT_COUNT] = {[PERIOD_MONTH] = "months",
        [PERIOD_DAY] = "days",
        [PERIOD_WEEK] = "weeks",
        [PERIOD_YEAR] = "years"};
    for (int32_t i = 0; i < PERIOD_UNIT_COUNT; i++)
        if (strcmp(word, names[i]) == 0)
            *out = (enum period_unit)i;
    return strcmp(word, names[*out]) == 0;
}

static bool read_rule(const char *word, enum month_end_rule *out) {
    *out = strcmp(word, "first_day_of_next_month") == 0 ? MONTH_END_ROLL_TO_FIRST : MONTH_END_CLAMP;
    return *out == MONTH_END_ROLL_TO_FIRST || strcmp(word, "last_day_of_month") == 0;
}

static bool read_steps(const struct vector_case *one, struct steps *steps) {
    char word[WORD_SIZE];
    int32_t from = 0;
    const struct vector_line *line = vector_find(one, "steps", &from);
    *steps = (struct steps){.unit = PERIOD_MONTH};
    return line != NULL && read_day(line, 0, &steps->start) &&
           vector_word(line, 1, word, sizeof word) && read_unit(word, &steps->unit) &&
           read_integer(line, 2, &steps->length) && steps->length > 0 &&
           steps->length < STEPS_MAX && vector_word(line, 3, word, sizeof word) &&
           read_rule(word, &steps->rule);
}

static struct day due_day(const struct steps *steps, int64_t number) {
    return due_day_step(
        steps->start, steps->unit, (int32_t)steps->length, (int32_t)number, steps->rule);
}

static void run_line(
    const struct steps *steps, const struct vector_line *line, struct tally *tally) {
    int64_t number = 0;
    int64_t days = 0;
    struct day expected;
    char text[DAY_TEXT_SIZE];
    if (!read_integer(line, 0, &number) || number < 1 || number > STEPS_MAX) {
        vector_not_expressible(tally, 1, "more instalments than a plan has");
        return;
    }
    struct day due = due_day(steps, number);
    int32_t length = days_between(due_day(steps, number - 1), due);
    if (strcmp(line->word, "due") == 0
            ? read_day(line, 1, &expected) && day_compare(expected, due) == 0
            : read_integer(line, 1, &days) && days == length)
        vector_reproduced(tally);
    else
        vector_wrong(
            tally, line, "%s, %d days, instead of %s", day_to_text(due, text), length, line->rest);
}

static void run(const struct vector_case *one, struct tally *tally) {
    struct steps steps;
    bool known = read_steps(one, &steps);
    for (int32_t i = 0; i < one->count; i++) {
        const struct vector_line *line = &one->lines[i];
        if (strcmp(line->word, "due") != 0 && strcmp(line->word, "days") != 0)
            continue;
        if (known)
            run_line(&steps, line, tally);
        else
            vector_not_expressible(tally, 1, "a step or month-end rule that the engine lacks");
    }
}

const struct vector_kind kind_month_end_days = {"month_end_days", run};
