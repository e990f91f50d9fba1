/*
 * kind_daycount.c: days and parts of a year between two days. Exports: kind_daycount.
 *
 *     convention NAME…                 as its source calls it
 *     from DAY
 *     to DAY
 *     reference DAY DAY                the regular period that the days belong to; optional
 *     termination DAY                  the last day of the contract; optional
 *     days N                           expected
 *     fraction DECIMAL within DECIMAL  expected
 */
#include "engine/day_count.h"

#include "reading.h"

#include <string.h>

extern const struct vector_kind kind_daycount;

struct named_convention {
    const char *name;
    enum day_count convention;
};

static const struct named_convention names[] = {
    {"30/360 BondBasis(ISDA 30/360)", DAY_COUNT_30_360_ISDA},
    {"30/360 ISDA", DAY_COUNT_30_360_ISDA},
    {"30/360 US(NASD Feb rule)", DAY_COUNT_30_360_US},
    {"30E/360 Eurobond", DAY_COUNT_30E_360},
    {"30E/360 ISDA", DAY_COUNT_30E_360_ISDA},
    {"Actual/360", DAY_COUNT_ACT_360},
    {"Actual/364", DAY_COUNT_ACT_364},
    {"Actual/365", DAY_COUNT_ACT_365},
    {"Actual/365 Fixed", DAY_COUNT_ACT_365},
    {"Actual/365.25", DAY_COUNT_ACT_365_25},
    {"Actual/366", DAY_COUNT_ACT_366},
    {"Actual/Actual AFB", DAY_COUNT_ACT_ACT_AFB},
    {"Actual/Actual Euro", DAY_COUNT_ACT_ACT_AFB},
    {"Actual/Actual ISDA", DAY_COUNT_ACT_ACT_ISDA},
    {"Actual/Actual ISMA", DAY_COUNT_ACT_ACT_ICMA},
    {"Actual/Actual ICMA", DAY_COUNT_ACT_ACT_ICMA},
    {"Actual/Actual Bond", DAY_COUNT_ACT_ACT_ICMA},
    {"Strata ONE_ONE", DAY_COUNT_ONE},
    {"Strata ACT_360", DAY_COUNT_ACT_360},
    {"Strata ACT_364", DAY_COUNT_ACT_364},
    {"Strata ACT_365F", DAY_COUNT_ACT_365},
    {"Strata ACT_365_25", DAY_COUNT_ACT_365_25},
    {"Strata ACT_365_ACTUAL", DAY_COUNT_ACT_365_ACTUAL},
    {"Strata ACT_365L", DAY_COUNT_ACT_365_L},
    {"Strata ACT_366", DAY_COUNT_ACT_366},
    {"Strata ACT_ACT_AFB", DAY_COUNT_ACT_ACT_AFB},
    {"Strata ACT_ACT_ICMA", DAY_COUNT_ACT_ACT_ICMA},
    {"Strata ACT_ACT_ISDA", DAY_COUNT_ACT_ACT_ISDA},
    {"Strata ACT_ACT_YEAR", DAY_COUNT_ACT_ACT_YEAR},
    {"Strata NL_360", DAY_COUNT_NL_360},
    {"Strata NL_365", DAY_COUNT_NL_365},
    {"Strata THIRTY_360_ISDA", DAY_COUNT_30_360_ISDA},
    {"Strata THIRTY_360_PSA", DAY_COUNT_30_360_PSA},
    {"Strata THIRTY_U_360", DAY_COUNT_30_360_US},
    {"Strata THIRTY_U_360_EOM", DAY_COUNT_30_360_US},
    {"Strata THIRTY_E_360", DAY_COUNT_30E_360},
    {"Strata THIRTY_E_360_ISDA", DAY_COUNT_30E_360_ISDA},
    {"Strata THIRTY_EPLUS_360", DAY_COUNT_30E_PLUS_360},
};

static const struct vector_line *line_of(const struct vector_case *one, const char *word) {
    int32_t from = 0;
    return vector_find(one, word, &from);
}

static const struct named_convention *convention_of(const struct vector_case *one) {
    const struct vector_line *line = line_of(one, "convention");
    for (size_t i = 0; line != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, line->rest) == 0)
            return &names[i];
    return NULL;
}

static struct day day_or_none(const struct vector_case *one, const char *word, int32_t n) {
    const struct vector_line *line = line_of(one, word);
    struct day day;
    return line != NULL && read_day(line, n, &day) ? day : DAY_NONE;
}

static void run_days(const struct vector_line *line, int32_t days, struct tally *tally) {
    int64_t expected;
    if (read_integer(line, 0, &expected) && expected == days)
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "%d days instead of %s", days, line->rest);
}

static void run_fraction(
    const struct vector_line *line, struct year_fraction part, struct tally *tally) {
    struct decimal_claim claim;
    if (read_claim(line, 0, &claim) && claim_holds(&claim, part.numerator, part.denominator))
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "%lld / %lld instead of %s", (long long)part.numerator,
            (long long)part.denominator, line->rest);
}

static void run(const struct vector_case *one, struct tally *tally) {
    const struct vector_line *days = line_of(one, "days");
    const struct vector_line *fraction = line_of(one, "fraction");
    int32_t expectations = (days != NULL ? 1 : 0) + (fraction != NULL ? 1 : 0);
    const struct named_convention *named = convention_of(one);
    struct day from = day_or_none(one, "from", 0);
    struct day to = day_or_none(one, "to", 0);
    if (named == NULL) {
        vector_not_expressible(tally, expectations, "a day count that the engine does not have");
        return;
    }
    if (day_is_none(from) || day_is_none(to)) {
        vector_not_expressible(tally, expectations, "days outside 1900 to 9999");
        return;
    }
    struct day_count_context context = {.reference_start = day_or_none(one, "reference", 0),
        .reference_end = day_or_none(one, "reference", 1),
        .termination = day_or_none(one, "termination", 0)};
    if (days != NULL)
        run_days(days, day_count_days(named->convention, from, to, &context), tally);
    if (fraction != NULL)
        run_fraction(fraction, day_count_fraction(named->convention, from, to, &context), tally);
}

const struct vector_kind kind_daycount = {"daycount", run};
