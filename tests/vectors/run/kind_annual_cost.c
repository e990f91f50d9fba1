/*
 * kind_annual_cost.c: annual rates of cash flows held against published ones. Exports:
 * kind_annual_cost.
 *
 *     rule effective | actuarial | monthly     EU and UK; Regulation Z; monthly IRR × 12
 *     unit 4 weeks                             actuarial: the unit-period
 *     per_year N                               actuarial: unit-periods a year, when the unit is odd
 *     flow AMOUNT TIME [COUNT STEP]            effective: years; monthly: months
 *     flow AMOUNT WHOLE PART [COUNT]           actuarial: from the first on every unit-period
 *     rounded_flows                            repayments are shown rounded to 1/100
 *     expected PERCENT
 *     within PERCENT                           else half a unit of the last digit of `expected`
 *
 * With rounded flows the rate is known as far as half a hundredth of each repayment moves it.
 */
#include "kind.h"
#include "reading.h"

#include "base/check.h"
#include "engine/cost_rate.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 64 };

struct reading {
    struct cash_flow flows[CASH_FLOWS_MAX];
    int32_t count;
    bool readable;
};

static const struct vector_line *line_of(const struct vector_case *one, const char *word) {
    int32_t from = 0;
    return vector_find(one, word, &from);
}

static bool read_ratio(const char *text, int64_t *numerator, int64_t *denominator) {
    char *end;
    *numerator = strtoll(text, &end, 10);
    *denominator = *end == '/' ? strtoll(end + 1, &end, 10) : 1;
    return *end == '\0' && *denominator > 0 && *denominator <= CASH_FLOW_PARTS_MAX &&
           *numerator >= 0;
}

static void add_flow(struct reading *reading, struct cash_flow flow) {
    if (reading->count < CASH_FLOWS_MAX)
        reading->flows[reading->count++] = flow;
    else
        reading->readable = false;
}

/* AMOUNT WHOLE PART [COUNT] */
static void read_actuarial(const struct vector_line *line, struct reading *reading) {
    char word[4][WORD_SIZE];
    struct real amount;
    int64_t part;
    int64_t parts;
    if (!vector_word(line, 0, word[0], WORD_SIZE) || !vector_word(line, 1, word[1], WORD_SIZE) ||
        !vector_word(line, 2, word[2], WORD_SIZE) ||
        !real_from_text(word[0], strlen(word[0]), &amount) || !read_ratio(word[2], &part, &parts)) {
        reading->readable = false;
        return;
    }
    int64_t whole;
    int64_t count = 1;
    if (!read_integer(line, 1, &whole) ||
        (vector_word(line, 3, word[3], WORD_SIZE) && !read_integer(line, 3, &count))) {
        reading->readable = false;
        return;
    }
    for (int64_t k = 0; k < count; k++)
        add_flow(reading, cash_flow_fraction(amount, (whole + k) * parts + part, (int32_t)parts));
}

/* AMOUNT TIME [COUNT STEP]: time and step over one denominator. */
static void read_timed(const struct vector_line *line, struct reading *reading) {
    char word[4][WORD_SIZE];
    struct real amount;
    int64_t at;
    int64_t of;
    int64_t step = 0;
    int64_t step_of = 1;
    if (!vector_word(line, 0, word[0], WORD_SIZE) || !vector_word(line, 1, word[1], WORD_SIZE) ||
        !real_from_text(word[0], strlen(word[0]), &amount) || !read_ratio(word[1], &at, &of)) {
        reading->readable = false;
        return;
    }
    int64_t count = 1;
    if (vector_word(line, 2, word[2], WORD_SIZE)) {
        if (!read_integer(line, 2, &count) || !vector_word(line, 3, word[3], WORD_SIZE) ||
            !read_ratio(word[3], &step, &step_of))
            reading->readable = false;
    }
    if (of % step_of == 0)
        step *= of / step_of;
    else
        step *= of, at *= step_of, of *= step_of;
    for (int64_t k = 0; k < count && reading->readable; k++)
        add_flow(reading, cash_flow_fraction(amount, at + k * step, (int32_t)of));
}

/* "4 weeks" as an interval; false when it is none that we know. */
static bool read_unit(const struct vector_line *line, struct interval *unit) {
    static const char *const names[] = {"day", "week", "semimonth", "month", "year"};
    static const enum interval_unit units[] = {
        INTERVAL_DAY, INTERVAL_WEEK, INTERVAL_HALF_MONTH, INTERVAL_MONTH, INTERVAL_YEAR};
    int64_t multiple;
    char name[WORD_SIZE];
    if (!line || !read_integer(line, 0, &multiple) || multiple < 1 ||
        multiple > INTERVAL_MULTIPLE_MAX || !vector_word(line, 1, name, sizeof name))
        return false;
    size_t length = strlen(name);
    if (length > 0 && name[length - 1] == 's')
        name[length - 1] = '\0';
    unit->multiple = (int32_t)multiple;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            unit->unit = units[i];
            return true;
        }
    }
    return false;
}

static struct real periods_per_year(const struct vector_case *one) {
    struct interval unit;
    if (read_unit(line_of(one, "unit"), &unit))
        return intervals_per_year(unit);
    const struct vector_line *given = line_of(one, "per_year");
    int64_t numerator;
    int64_t denominator;
    check(given && read_ratio(given->rest, &numerator, &denominator));
    return real_from_ratio(numerator, denominator);
}

/* The rate a year as the rule wants it, in percent. */
static bool rate_of(const struct vector_case *one, const struct reading *reading, const char *rule,
    struct real *percent) {
    struct cost_rate rate;
    if (strcmp(rule, "effective") == 0)
        rate = european_rate(reading->flows, reading->count);
    else if (strcmp(rule, "actuarial") == 0)
        rate = actuarial_rate(reading->flows, reading->count, periods_per_year(one));
    else
        rate = actuarial_rate(reading->flows, reading->count, real_from_int(12));
    *percent = real_multiply(rate.exact, real_from_int(100));
    return rate.found;
}

/* How far the rate moves when every repayment of `reading` is half a hundredth higher. */
static struct real moved_by_rounding(const struct vector_case *one, const struct reading *reading,
    const char *rule, struct real percent) {
    static struct reading moved;
    moved = *reading;
    for (int32_t i = 0; i < moved.count; i++)
        if (real_sign(moved.flows[i].amount) < 0)
            moved.flows[i].amount = real_subtract(moved.flows[i].amount, real_from_ratio(1, 200));
    struct real other;
    check(rate_of(one, &moved, rule, &other));
    return real_absolute(real_subtract(other, percent));
}

static struct real allowed(const struct vector_case *one, const struct reading *reading,
    const char *rule, struct real percent) {
    const struct vector_line *within = line_of(one, "within");
    struct real tolerance;
    if (!within || !real_from_text(within->rest, strlen(within->rest), &tolerance))
        tolerance = half_of_last_digit(line_of(one, "expected")->rest);
    if (line_of(one, "rounded_flows"))
        tolerance = real_add(tolerance, moved_by_rounding(one, reading, rule, percent));
    return tolerance;
}

static void run(const struct vector_case *one, struct tally *tally) {
    static struct reading reading;
    reading.count = 0;
    reading.readable = true;
    const struct vector_line *rule = line_of(one, "rule");
    const struct vector_line *expected = line_of(one, "expected");
    struct real published;
    check(rule && expected);
    int32_t at = 0;
    for (const struct vector_line *line; (line = vector_find(one, "flow", &at));) {
        if (strcmp(rule->rest, "actuarial") == 0)
            read_actuarial(line, &reading);
        else
            read_timed(line, &reading);
    }
    if (!reading.readable || !real_from_text(expected->rest, strlen(expected->rest), &published)) {
        vector_wrong(tally, expected, "malformed");
        return;
    }
    struct real percent;
    if (!rate_of(one, &reading, rule->rest, &percent)) {
        vector_wrong(tally, expected, "no rate is found");
        return;
    }
    struct real off = real_absolute(real_subtract(percent, published));
    int64_t shown = 0;
    real_to_decimal(percent, 9, ROUND_HALF_UP, &shown);
    if (real_compare(off, allowed(one, &reading, rule->rest, percent)) > 0)
        vector_wrong(tally, expected, "%lld.%09lld %%", (long long)(shown / 1000000000),
            (long long)(shown % 1000000000));
    else
        vector_reproduced(tally);
}

const struct vector_kind kind_annual_cost = {"annual_cost", run};
