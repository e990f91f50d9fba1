/*
 * kind_rounding.c: decimals rounded to a number of places. Exports: kind_rounding.
 *
 *     value DECIMAL
 *     places N
 *     expect MODE DECIMAL
 *
 * Two of the modes depend on the sign: ql_floor rounds half up above zero and truncates below,
 * ql_ceiling the other way round.
 */
#include "base/rounding.h"

#include "reading.h"

#include <string.h>

extern const struct vector_kind kind_rounding;

enum { WORD_SIZE = 64 };

static const struct {
    const char *name;
    enum rounding positive, negative;
} modes[] = {
    {"half_up", ROUND_HALF_UP, ROUND_HALF_UP},
    {"half_even", ROUND_HALF_EVEN, ROUND_HALF_EVEN},
    {"half_down", ROUND_HALF_DOWN, ROUND_HALF_DOWN},
    {"up_away_from_zero", ROUND_UP, ROUND_UP},
    {"down_to_zero", ROUND_DOWN, ROUND_DOWN},
    {"floor", ROUND_FLOOR, ROUND_FLOOR},
    {"ceiling", ROUND_CEILING, ROUND_CEILING},
    {"ql_floor", ROUND_HALF_UP, ROUND_DOWN},
    {"ql_ceiling", ROUND_DOWN, ROUND_HALF_UP},
};

static void run_expectation(
    const struct vector_line *line, int128 value, int32_t places, struct tally *tally) {
    char word[WORD_SIZE];
    int128 expected;
    int128 unit = 1;
    for (int32_t i = places; i < READING_PLACES; i++)
        unit *= 10;
    for (size_t i = 0;
         vector_word(line, 0, word, sizeof word) && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(word, modes[i].name) != 0)
            continue;
        enum rounding mode = value < 0 ? modes[i].negative : modes[i].positive;
        int64_t rounded = divide_rounded(value, unit, mode);
        if (vector_word(line, 1, word, sizeof word) && read_decimal(word, places, &expected) &&
            expected == rounded)
            vector_reproduced(tally);
        else
            vector_wrong(tally, line, "%lld at %d places instead of %s", (long long)rounded, places,
                line->rest);
        return;
    }
    vector_not_expressible(tally, 1, "a rounding mode that the engine does not have");
}

static void run(const struct vector_case *one, struct tally *tally) {
    char word[WORD_SIZE];
    int128 value = 0;
    int64_t places = 0;
    int32_t from = 0;
    const struct vector_line *line = vector_find(one, "value", &from);
    bool known = line != NULL && vector_word(line, 0, word, sizeof word) &&
                 read_decimal(word, READING_PLACES, &value);
    from = 0;
    line = vector_find(one, "places", &from);
    known = known && line != NULL && read_integer(line, 0, &places) && places >= 0 &&
            places <= READING_PLACES;
    from = 0;
    while ((line = vector_find(one, "expect", &from)) != NULL) {
        if (known)
            run_expectation(line, value, (int32_t)places, tally);
        else
            vector_not_expressible(tally, 1, "a decimal of more than 18 places");
    }
}

const struct vector_kind kind_rounding = {"rounding", run};
