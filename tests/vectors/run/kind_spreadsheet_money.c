/*
 * kind_spreadsheet_money.c: annuity.h and cost_rate.h held against the values that spreadsheets
 * give. Exports: kind_spreadsheet_money.
 *
 *     function NAME
 *     row ID EXPECTED ARGUMENT…     an error value (#NUM!) is reproduced when we refuse
 *
 * Tolerance: half a unit of the last digit shown when at least SHOWN_DIGITS are shown, else of the
 * 13th; a figure made with 53-bit numbers besides knows its largest argument, and itself, to
 * 2^-40 only. Figures
 * that a spreadsheet iterates to are as exact as its documentation says: RATE and IRR 10^-7,
 * XIRR 10^-8.
 */
#include "kind.h"

#include "base/check.h"
#include "engine/annuity.h"
#include "engine/cost_rate.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 4096, ARGUMENTS_MAX = 8, SHOWN_DIGITS = 7, FULL_DIGITS = 13, NOISE_BITS = 40 };

struct row {
    const char *function;
    int32_t count;
    char words[ARGUMENTS_MAX][WORD_SIZE];
    bool readable; /* every argument read so far was a number */
};

static bool is(const struct row *row, const char *name) {
    return strcmp(row->function, name) == 0;
}

static bool left_out(const struct row *row, int32_t n) {
    return n >= row->count || strcmp(row->words[n], "-") == 0;
}

static bool read_real(const char *text, struct real *out) {
    return real_from_text(text, strlen(text), out);
}

/* The n-th argument; 0 when it is left out. */
static struct real number(struct row *row, int32_t n) {
    struct real value = REAL_ZERO;
    if (!left_out(row, n) && !read_real(row->words[n], &value))
        row->readable = false;
    return value;
}

/* Payments at the start (1) or the end (0 or left out) of a period. */
static bool in_advance(struct row *row, int32_t n) {
    struct real type = number(row, n);
    bool advance = real_compare(type, real_from_int(1)) == 0;
    row->readable = row->readable && (advance || real_sign(type) == 0);
    return advance;
}

static struct real guess(struct row *row, int32_t n) {
    return left_out(row, n) ? real_from_ratio(1, 10) : number(row, n);
}

/* The list in argument n as flows at 0, 1, 2 … or on its days in years of 365 days. */
static int32_t read_flows(
    struct row *row, int32_t n, int32_t days, struct cash_flow flows[CASH_FLOWS_MAX]) {
    char *values = row->words[n];
    char *dates = days < 0 ? NULL : row->words[days];
    int32_t count = 0;
    struct day first = DAY_NONE;
    for (char *word = strsep(&values, ","); word; word = strsep(&values, ",")) {
        struct real amount;
        if (count == CASH_FLOWS_MAX || !read_real(word, &amount)) {
            row->readable = false;
            return 0;
        }
        flows[count] = cash_flow_whole(amount, count);
        const char *date = dates ? strsep(&dates, ",") : NULL;
        struct day day;
        if (days >= 0) {
            if (!date || !day_from_text(date, strlen(date), &day)) {
                row->readable = false;
                return 0;
            }
            first = count == 0 ? day : first;
            /* XNPV refuses a day before the first, XIRR does not */
            int32_t away = days_between(first, day);
            row->readable = row->readable && (away >= 0 || is(row, "XIRR"));
            int32_t before = away < 0 ? (364 - away) / 365 : 0;
            flows[count] = cash_flow_fraction(amount, away + before * 365, 365);
            flows[count].whole -= before;
        }
        count++;
    }
    row->readable = row->readable && !dates; /* as many days as amounts */
    return count;
}

static struct annuity read_annuity(struct row *row, const char *order) {
    struct annuity annuity = {0};
    for (int32_t n = 0; order[n]; n++) {
        switch (order[n]) {
        case 'r':
            annuity.rate = number(row, n);
            break;
        case 'n':
            annuity.periods = number(row, n);
            break;
        case 'p':
            annuity.payment = number(row, n);
            break;
        case 'v':
            annuity.present = number(row, n);
            break;
        case 'f':
            annuity.future = number(row, n);
            break;
        case 't':
            annuity.in_advance = in_advance(row, n);
            break;
        default: /* foreign: another argument of the function: read by its caller */
            break;
        }
    }
    return annuity;
}

static bool annuity_function(struct row *row, struct real *out) {
    struct annuity annuity;
    if (is(row, "PMT")) {
        annuity = read_annuity(row, "rnvft");
        return row->readable && annuity_payment(&annuity, out);
    }
    if (is(row, "PV")) {
        annuity = read_annuity(row, "rnpft");
        return row->readable && annuity_present_value(&annuity, out);
    }
    if (is(row, "FV")) {
        annuity = read_annuity(row, "rnpvt");
        return row->readable && annuity_future_value(&annuity, out);
    }
    if (is(row, "NPER")) {
        annuity = read_annuity(row, "rpvft");
        return row->readable && annuity_periods(&annuity, out);
    }
    if (is(row, "RATE")) {
        annuity = read_annuity(row, "npvft");
        struct real start = guess(row, 5);
        return row->readable && annuity_rate(&annuity, start, out);
    }
    bool parts = is(row, "IPMT") || is(row, "PPMT");
    annuity = read_annuity(row, parts ? "r-nvft" : "rnv--t");
    struct real period = number(row, parts ? 1 : 3);
    struct real last = parts ? REAL_ZERO : number(row, 4);
    if (!row->readable)
        return false;
    if (is(row, "IPMT"))
        return annuity_interest(&annuity, period, out);
    if (is(row, "PPMT"))
        return annuity_principal(&annuity, period, out);
    if (is(row, "CUMIPMT"))
        return annuity_interest_between(&annuity, period, last, out);
    check(is(row, "CUMPRINC"));
    return annuity_principal_between(&annuity, period, last, out);
}

static bool rate_function(struct row *row, struct real *out) {
    struct real first = number(row, 0);
    struct real second = number(row, 1);
    struct real third = number(row, 2);
    if (!row->readable)
        return false;
    if (is(row, "EFFECT"))
        return effective_rate(first, second, out);
    if (is(row, "NOMINAL"))
        return nominal_rate(first, second, out);
    if (is(row, "RRI"))
        return growth_rate(first, second, third, out);
    check(is(row, "ISPMT"));
    struct real present = number(row, 3);
    return row->readable && equal_principal_interest(first, second, third, present, out);
}

static bool flow_function(struct row *row, struct real *out) {
    static struct cash_flow flows[CASH_FLOWS_MAX];
    bool dated = row->function[0] == 'X';
    bool value = strstr(row->function, "NPV") != NULL;
    int32_t list = value ? 1 : 0;
    struct cash_flows all = {flows, 0, PART_COMPOUND};
    all.count = read_flows(row, list, dated ? list + 1 : -1, flows);
    struct real rate = value ? number(row, 0) : guess(row, dated ? 2 : 1);
    if (is(row, "MIRR")) {
        struct real reinvest = number(row, 2);
        return row->readable && cash_flows_modified_rate(&all, number(row, 1), reinvest, out);
    }
    if (!row->readable || all.count == 0)
        return false;
    if (!value)
        return cash_flows_rate(&all, rate, out);
    for (int32_t i = 0; i < all.count; i++)
        flows[i].whole += !dated; /* NPV counts the first flow as one period away */
    return cash_flows_value(&all, rate, out);
}

static bool evaluate(struct row *row, struct real *out) {
    static const char *const of_flows[] = {"NPV", "IRR", "MIRR", "XNPV", "XIRR"};
    static const char *const of_rates[] = {"EFFECT", "NOMINAL", "RRI", "ISPMT"};
    for (size_t i = 0; i < sizeof of_flows / sizeof *of_flows; i++)
        if (is(row, of_flows[i]))
            return flow_function(row, out);
    for (size_t i = 0; i < sizeof of_rates / sizeof *of_rates; i++)
        if (is(row, of_rates[i]))
            return rate_function(row, out);
    return annuity_function(row, out);
}

/* Half a unit of the last digit that counts, see above. */
static struct real half_unit(const char *expected, struct real value) {
    int32_t shown = 0;
    int32_t decimals = 0;
    bool point = false;
    int32_t power = 0;
    for (const char *at = expected; *at; at++) {
        if (*at == 'e') {
            power = (int32_t)strtol(at + 1, NULL, 10);
            break;
        }
        point = point || *at == '.';
        if (*at >= '0' && *at <= '9') {
            shown += shown > 0 || *at != '0';
            decimals += point;
        }
    }
    struct real half = real_from_ratio(1, 2);
    if (shown >= SHOWN_DIGITS)
        return real_multiply(half, real_power_int(real_from_int(10), power - decimals));
    return real_multiply(real_absolute(value),
        real_divide(half, real_power_int(real_from_int(10), FULL_DIGITS - 1)));
}

static struct real larger(struct real a, struct real b) {
    return real_compare(a, b) > 0 ? a : b;
}

static struct real tolerance(const struct row *row, const char *expected, struct real value) {
    struct real allowed = half_unit(expected, value);
    if (is(row, "RATE") || is(row, "IRR"))
        return larger(allowed, real_from_ratio(1, 10000000));
    if (is(row, "XIRR"))
        return larger(allowed, real_from_ratio(1, 100000000));
    struct real largest = real_absolute(value);
    for (int32_t n = 0; n < row->count; n++) {
        struct real argument;
        if (read_real(row->words[n], &argument))
            largest = larger(largest, real_absolute(argument));
    }
    return larger(allowed, real_scale(largest, -NOISE_BITS));
}

static bool read_row(const struct vector_line *line, struct row *row) {
    row->readable = true;
    for (row->count = 0; row->count < ARGUMENTS_MAX; row->count++)
        if (!vector_word(line, 2 + row->count, row->words[row->count], WORD_SIZE))
            return true;
    return false;
}

/* RATE of numbers throughout, with a guess of 0. */
static bool starts_at_zero(const struct row *row) {
    bool numbers = true;
    struct real argument = REAL_ZERO;
    for (int32_t n = 0; n < row->count; n++)
        numbers = numbers && (left_out(row, n) || read_real(row->words[n], &argument));
    return numbers && is(row, "RATE") && row->count == 6 && real_sign(argument) == 0;
}

static double shown(struct real value) {
    int64_t micro = 0;
    real_to_decimal(value, 9, ROUND_HALF_UP, &micro);
    return (double)micro / 1e9;
}

static void run_row(const struct vector_line *line, const char *function, struct tally *tally) {
    static struct row row;
    row.function = function;
    char id[64];
    char expected[64];
    if (!vector_word(line, 0, id, sizeof id) || !vector_word(line, 1, expected, sizeof expected) ||
        !read_row(line, &row)) {
        vector_wrong(tally, line, "malformed");
        return;
    }
    if (starts_at_zero(&row)) {
        vector_not_expressible(
            tally, 1, "RATE: whether an iteration gives up from a guess of 0 is not modelled");
        return;
    }
    struct real value;
    struct real published;
    bool found = evaluate(&row, &value);
    if (expected[0] == '#') {
        if (found)
            vector_wrong(tally, line, "%s is %.9f, not refused", id, shown(value));
        else
            vector_reproduced(tally);
        return;
    }
    if (!found)
        vector_wrong(tally, line, "%s is refused", id);
    else if (!read_real(expected, &published))
        vector_wrong(tally, line, "malformed figure");
    else if (real_compare(real_absolute(real_subtract(value, published)),
                 tolerance(&row, expected, published)) > 0)
        vector_wrong(tally, line, "%s is %.9f", id, shown(value));
    else
        vector_reproduced(tally);
}

static void run(const struct vector_case *one, struct tally *tally) {
    int32_t at = 0;
    const struct vector_line *function = vector_find(one, "function", &at);
    check(function);
    for (const struct vector_line *line; (line = vector_find(one, "row", &at));)
        run_row(line, function->rest, tally);
}

const struct vector_kind kind_spreadsheet_money = {"spreadsheet_money", run};
