/*
 * days_driver.c: the engine's day counts, due days and calendars at the end of a pipe, for
 * compare_days.py.
 *
 * Reads lines of a word and whole numbers, days as day numbers (INT32_MIN for none), and answers
 * each with one line:
 *
 *     part CONVENTION FROM TO REFERENCE_START REFERENCE_END MONTHS TERMINATION → NUMERATOR
 *                                                                                DENOMINATOR
 *     step ANCHOR UNIT LENGTH K RULE → DAY
 *     roll CALENDAR KNOWN_TO_YEAR DAY RULE → DAY
 */
#include "engine/calendar.h"
#include "engine/day_count.h"
#include "engine/due_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS_MAX = 8 };

static void answer_part(const int32_t *n) {
    struct day_count_context context = {
        .reference_start = {n[3]},
        .reference_end = {n[4]},
        .months_per_period = n[5],
        .termination = {n[6]},
    };
    struct year_fraction part =
        day_count_fraction((enum day_count)n[0], (struct day){n[1]}, (struct day){n[2]}, &context);
    printf("%lld %lld\n", (long long)part.numerator, (long long)part.denominator);
}

int main(void) {
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL) {
        int32_t n[NUMBERS_MAX] = {0};
        char *at = strchr(line, ' ');
        for (int32_t i = 0; at != NULL && i < NUMBERS_MAX; i++)
            n[i] = (int32_t)strtol(at, &at, 10);
        if (line[0] == 'p')
            answer_part(n);
        else if (line[0] == 's')
            printf("%d\n", due_day_step((struct day){n[0]}, (enum period_unit)n[1], n[2], n[3],
                               (enum month_end_rule)n[4])
                               .number);
        else
            printf("%d\n",
                calendar_roll((enum calendar)n[0], n[1], (struct day){n[2]}, (enum roll_rule)n[3])
                    .number);
    }
    return 0;
}
