/*
 * kind_loan_figures.c: payments, interest, balances and annual rates of single loans held against
 * published ones. Exports: kind_loan_figures.
 *
 *     method equal_instalment | equal_principal | fee
 *     principal AMOUNT, periods N, rate PERCENT (a year of 12 periods), payment AMOUNT
 *     fee AMOUNT, fee_percent PERCENT of the principal a period; total_… over all periods
 *     payment_rounding ceil to UNIT
 *     expect NAME VALUE      within half a unit of the last digit, or `within VALUE`
 *
 * Nothing is rounded but the payment where it says so; the last payment takes what is left.
 */
#include "kind.h"
#include "reading.h"

#include "base/check.h"
#include "engine/annuity.h"
#include "engine/cost_rate.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 64, PERIODS_MAX = 1000, MONTHS = 12 };

struct loan_row {
    struct real payment, interest, principal, balance;
};

struct loan {
    struct real principal;
    int32_t periods;
    struct real rate; /* a period */
    struct loan_row rows[PERIODS_MAX + 1];
};

static const struct vector_line *line_of(const struct vector_case *one, const char *word) {
    int32_t from = 0;
    return vector_find(one, word, &from);
}

/* The number behind `word`; false when there is none. */
static bool given(const struct vector_case *one, const char *word, struct real *out) {
    const struct vector_line *line = line_of(one, word);
    return line && real_from_text(line->rest, strlen(line->rest), out);
}

static struct real percent_of(struct real percent, struct real base) {
    return real_divide(real_multiply(percent, base), real_from_int(100));
}

/* The fee of a period, 0 when there is none. */
static struct real fee_of(const struct vector_case *one, const struct loan *loan) {
    struct real fee;
    if (given(one, "fee", &fee))
        return fee;
    if (given(one, "fee_percent", &fee))
        return percent_of(fee, loan->principal);
    struct real periods = real_from_int(loan->periods);
    if (given(one, "total_fee", &fee))
        return real_divide(fee, periods);
    if (given(one, "total_fee_percent", &fee))
        return real_divide(percent_of(fee, loan->principal), periods);
    return REAL_ZERO;
}

/* "ceil to 1": up to the next multiple of the unit. */
static struct real rounded_payment(const struct vector_case *one, struct real payment) {
    const struct vector_line *line = line_of(one, "payment_rounding");
    char unit_text[WORD_SIZE];
    struct real unit;
    if (!line || strncmp(line->rest, "ceil", 4) != 0 ||
        !vector_word(line, 2, unit_text, sizeof unit_text) ||
        !real_from_text(unit_text, strlen(unit_text), &unit))
        return payment;
    int64_t units;
    check(real_to_decimal(real_divide(payment, unit), 0, ROUND_UP, &units));
    return real_multiply(real_from_int(units), unit);
}

/* The payment of an equal-instalment loan: given, or by its rate. */
static bool equal_payment(
    const struct vector_case *one, const struct loan *loan, struct real *payment) {
    if (given(one, "payment", payment))
        return true;
    struct annuity annuity = {.rate = loan->rate,
        .periods = real_from_int(loan->periods),
        .present = real_negate(loan->principal)};
    if (!annuity_payment(&annuity, payment))
        return false;
    *payment = rounded_payment(one, *payment);
    return true;
}

/* Row k of a loan whose rows before it stand. */
static struct loan_row row_of(const struct loan *loan, int32_t k, bool equal_principal,
    struct real payment, struct real fee) {
    struct real opening = loan->rows[k - 1].balance;
    struct loan_row row = {.interest = real_add(real_multiply(opening, loan->rate), fee)};
    struct real share = real_divide(loan->principal, real_from_int(loan->periods));
    row.principal = equal_principal ? share : real_subtract(payment, row.interest);
    if (k == loan->periods)
        row.principal = opening;
    row.payment = real_add(row.principal, row.interest);
    row.balance = real_subtract(opening, row.principal);
    return row;
}

static bool build(const struct vector_case *one, struct loan *loan) {
    struct real rate = REAL_ZERO;
    struct real payment = REAL_ZERO;
    const struct vector_line *periods = line_of(one, "periods");
    if (!periods || !given(one, "principal", &loan->principal))
        return false;
    int64_t count;
    if (!read_integer(periods, 0, &count) || count < 1 || count > PERIODS_MAX)
        return false;
    loan->periods = (int32_t)count;
    bool has_rate = given(one, "rate", &rate);
    loan->rate = real_divide(rate, real_from_int(100 * MONTHS));
    struct real fee = fee_of(one, loan);
    const char *method = line_of(one, "method")->rest;
    bool equal_principal = strcmp(method, "equal_instalment") != 0;
    if (!equal_principal) {
        if (!has_rate && !line_of(one, "payment"))
            return false;
        if (!equal_payment(one, loan, &payment))
            return false;
    } else if (strcmp(method, "equal_principal") == 0 && !has_rate) {
        return false;
    }
    loan->rows[0] = (struct loan_row){.balance = loan->principal};
    for (int32_t k = 1; k <= loan->periods; k++)
        loan->rows[k] = row_of(loan, k, equal_principal, payment, fee);
    if (!has_rate && line_of(one, "payment"))
        for (int32_t k = 1; k <= loan->periods; k++)
            loan->rows[k].payment = payment;
    return true;
}

static bool period_rate(const struct loan *loan, struct real *rate) {
    static struct cash_flow flows[PERIODS_MAX + 1];
    flows[0] = cash_flow_whole(loan->principal, 0);
    for (int32_t k = 1; k <= loan->periods; k++)
        flows[k] = cash_flow_whole(real_negate(loan->rows[k].payment), k);
    struct cash_flows all = {flows, loan->periods + 1, PART_COMPOUND};
    return cash_flows_rate(&all, REAL_ZERO, rate);
}

static struct real total(const struct loan *loan, bool interest_only) {
    struct real sum = REAL_ZERO;
    for (int32_t k = 1; k <= loan->periods; k++)
        sum = real_add(sum, interest_only ? loan->rows[k].interest : loan->rows[k].payment);
    return sum;
}

/* rowK_payment, rowK_interest … */
static bool row_figure(const struct loan *loan, int32_t k, const char *part, struct real *out) {
    if (k < 1 || k > loan->periods)
        return false;
    const struct loan_row *row = &loan->rows[k];
    if (strcmp(part, "payment") == 0)
        *out = row->payment;
    else if (strcmp(part, "interest") == 0)
        *out = row->interest;
    else if (strcmp(part, "principal") == 0)
        *out = row->principal;
    else if (strcmp(part, "balance") == 0)
        *out = row->balance;
    else
        return false;
    return true;
}

static bool names(const char *name, const char *part) {
    return strstr(name, part) != NULL;
}

/* Rates: annual ones (单利) are the period's × 12, effective ones compound. */
static bool rate_figure(const struct loan *loan, const char *name, struct real *out) {
    bool effective = names(name, "effective");
    bool annual = names(name, "annual") || names(name, "simple") || names(name, "nominal");
    bool period = names(name, "irr") || names(name, "monthly") || names(name, "period");
    struct real rate;
    if ((!effective && !annual && !period) || !period_rate(loan, &rate))
        return false;
    struct real year = real_multiply(rate, real_from_int(MONTHS));
    if (effective && real_sign(rate) > 0)
        check(effective_rate(year, real_from_int(MONTHS), &rate));
    else if (annual)
        rate = year;
    *out = names(name, "_pct") ? real_multiply(rate, real_from_int(100)) : rate;
    return true;
}

/* The payment that a name speaks of, row4_…, balance_after_12, last_…; 0 when of none. */
static int32_t row_named(const struct loan *loan, const char *name) {
    if (names(name, "first"))
        return 1;
    if (names(name, "last"))
        return loan->periods;
    const char *digits = strpbrk(name, "0123456789");
    return digits ? (int32_t)strtol(digits, NULL, 10) : 0;
}

static bool figure(const struct loan *loan, const char *name, struct real *out) {
    bool interest = names(name, "interest") || names(name, "fee");
    bool payment = names(name, "payment") || names(name, "instalment");
    if (names(name, "total")) {
        *out = total(loan, interest);
        return interest || payment;
    }
    int32_t row = row_named(loan, name);
    if (row > 0 && (names(name, "balance") || names(name, "remaining")))
        return row_figure(loan, row, "balance", out);
    if (row > 0 && interest)
        return row_figure(loan, row, "interest", out);
    if (row > 0 && names(name, "principal"))
        return row_figure(loan, row, "principal", out);
    if (payment)
        return row_figure(loan, row > 0 ? row : 1, "payment", out);
    return rate_figure(loan, name, out);
}

/* Half a unit of the last digit of a decimal, or what the case says. */
static struct real allowed(const struct vector_case *one, const char *text) {
    struct real within;
    if (given(one, "within", &within))
        return within;
    return half_of_last_digit(text);
}

static void compare(const struct vector_case *one, const struct vector_line *line,
    const struct loan *loan, struct tally *tally) {
    char name[WORD_SIZE];
    char text[WORD_SIZE];
    struct real published;
    struct real ours;
    if (!vector_word(line, 0, name, sizeof name) || !vector_word(line, 1, text, sizeof text) ||
        !real_from_text(text, strlen(text), &published)) {
        vector_wrong(tally, line, "malformed");
    } else if (!figure(loan, name, &ours)) {
        vector_not_expressible(tally, 1, "a figure of a kind that is not asked here");
    } else if (real_compare(real_absolute(real_subtract(ours, published)), allowed(one, text)) >
               0) {
        int64_t shown = 0;
        real_to_decimal(ours, 6, ROUND_HALF_UP, &shown);
        vector_wrong(tally, line, "%s is %lld × 10^-6", name, (long long)shown);
    } else {
        vector_reproduced(tally);
    }
}

static void run(const struct vector_case *one, struct tally *tally) {
    static struct loan loan;
    bool built = !line_of(one, "unknown") && build(one, &loan);
    int32_t at = 0;
    for (const struct vector_line *line; (line = vector_find(one, "expect", &at));) {
        if (built)
            compare(one, line, &loan, tally);
        else
            vector_not_expressible(tally, 1, "a loan with other inputs than these terms");
    }
}

const struct vector_kind kind_loan_figures = {"loan_figures", run};
