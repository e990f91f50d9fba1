/* fineract_factors.c: rate factors and unrounded interest to published digits. */
#include "fineract_factors.h"

#include "fineract_words.h"

#include "base/check.h"
#include "engine/interest.h"
#include "engine/schedule.h"

#include <string.h>

#define FACTOR_UNIT INT64_C(1000000000000) /* twelve places */

bool factor_agrees(const char *published, int128 numerator, int128 denominator) {
    int128 value = 0, unit = 1;
    bool point = false;
    for (const char *at = published; *at; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        check(*at >= '0' && *at <= '9');
        value = value * 10 + (*at - '0');
        unit *= point ? 10 : 1;
    }
    /* 10^12 × 2^64 fits; a factor's numerator and denominator stay below 2^64. */
    const int128 whole = numerator / denominator;
    const int128 rest = (numerator % denominator) * unit;
    return whole * unit + divide_rounded(rest, denominator, ROUND_HALF_EVEN) == value;
}

static void read_rate_unit(const struct vector_line *line, struct terms *terms) {
    char text[32];
    check(vector_word(line, 1, text, sizeof text) && strncmp(text, "0.", 2) == 0);
    int64_t value = 0, unit = RATE_UNIT;
    for (const char *at = text + 2; *at; at++) {
        unit /= 10;
        value += (*at - '0') * unit;
    }
    terms->annual_rate = (struct rate){value};
}

static const struct vector_line *line_of(const struct vector_case *one, const char *word) {
    int32_t from = 0;
    return vector_find(one, word, &from);
}

/* On the way to a level instalment: 1, then the sum so far × (1 + factor) + 1, at eleven places. */
static void add_partial_sum(const struct growth *growth, int32_t n, int128 *sum) {
    const int64_t factor =
        divide_rounded(growth->numerator * FACTOR_UNIT, growth->denominator, ROUND_HALF_EVEN);
    const int64_t plus_one = divide_rounded(FACTOR_UNIT + factor, 10, ROUND_HALF_EVEN);
    const int64_t grown = divide_rounded(*sum * plus_one, FACTOR_UNIT, ROUND_HALF_EVEN);
    *sum = n == 0 ? FACTOR_UNIT : (int128)grown * 10 + FACTOR_UNIT;
}

bool table_factors(const struct vector_case *one, struct tally *tally) {
    const struct vector_line *factors = line_of(one, "rate_factor");
    const struct vector_line *values = factors ? NULL : line_of(one, "fn_value");
    const struct vector_line *head = factors ? factors : values;
    if (!head)
        return false;
    struct terms terms = terms_defaults();
    const struct vector_line *expected = line_of(one, "expected"), *from = line_of(one, "from");
    char published[32];
    check(expected && from && read_day_or_none(from, 0, &terms.start_day));
    read_rate_unit(head, &terms);
    terms.day_basis =
        word_is(head, 0, "365/actual") ? DAY_BASIS_ACT_365 : DAY_BASIS_ACT_ACT_YEAR_END;
    terms.period_unit = PERIOD_MONTH;
    terms.period_length = 1;
    struct rate_step room[RATE_STEPS_MAX + 1];
    const struct rates rates = terms_rates(&terms, room);
    int128 sum = 0;
    for (int32_t n = 0; vector_word(expected, n, published, sizeof published); n++) {
        const struct period period = {
            .start = schedule_due_day(&terms, n), .end = schedule_due_day(&terms, n + 1)};
        struct growth growth;
        growth_of_period(&terms, &rates, &period, &growth);
        if (values)
            add_partial_sum(&growth, n, &sum);
        if (values ? factor_agrees(published, sum, FACTOR_UNIT)
                   : factor_agrees(published, growth.numerator, growth.denominator))
            continue;
        vector_wrong(tally, expected, "factor %d is not %s", n + 1, published);
        return true;
    }
    vector_reproduced(tally);
    return true;
}
