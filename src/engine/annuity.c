/*
 * annuity.c: the time value of money. Exports what annuity.h declares.
 *
 * With d = ln(1 + r), wrong by 2^-114 of itself, (1+r)^n = e^(nd) is wrong by (1 + 2 |nd|) 2^-114
 * of itself and so is ((1+r)^n - 1) / r, since both come from e^x - 1. |nd| <= ANNUITY_LOG_MAX =
 * 2^13 makes that 2^-100. A function adds at most three such terms, so its result is wrong by less
 * than 2^-97 (6 × 10^-30) of the largest of them; divisions by what nearly cancels widen it by as
 * much, and the 24 digits promised leave room for that. Below a rate of -1 only whole numbers of
 * periods have a power; those are products.
 */
#include "engine/annuity.h"

#include "base/check.h"
#include "engine/root.h"

enum { ANNUITY_LOG_MAX = 1 << 13, PERIODS_MAX = 1 << 20 };

/* Over n periods: (1 + r)^n, and what payments of 1 at each end grow to. */
struct growth {
    struct real power;
    struct real sum;
};

static struct real one(void) {
    return real_from_int(1);
}

/* |a| < 2^62 */
static bool is_whole(struct real a) {
    return real_compare(real_from_int(real_floor(a)), a) == 0;
}

static bool within(struct real a, int64_t limit) {
    return real_compare(real_absolute(a), real_from_int(limit)) <= 0;
}

/* (1 + r)^n for 1 + r <= 0. */
static bool power_of_negative(struct real base, struct real periods, struct real *power) {
    if (real_sign(base) == 0) {
        *power = real_sign(periods) == 0 ? one() : REAL_ZERO;
        return real_sign(periods) >= 0;
    }
    struct real size = real_multiply(periods, real_log(real_absolute(base)));
    if (!is_whole(periods) || !within(size, ANNUITY_LOG_MAX))
        return false;
    *power = real_power_int(base, (int32_t)real_floor(periods));
    return true;
}

static struct growth growth_of_log(struct real rate, struct real log_rate, struct real periods) {
    if (real_sign(log_rate) == 0)
        return (struct growth){one(), periods};
    struct real size = real_multiply(periods, log_rate);
    struct real gain = real_exp_minus_1(size);
    /* 1 + gain would lose a power far below 1 */
    return (struct growth){real_exp(size), real_divide(gain, rate)};
}

static bool growth_of(struct real rate, struct real periods, struct growth *growth) {
    if (!within(periods, PERIODS_MAX))
        return false;
    struct real base = real_add(one(), rate);
    if (real_sign(base) <= 0) {
        if (!power_of_negative(base, periods, &growth->power))
            return false;
        growth->sum = real_divide(real_subtract(growth->power, one()), rate);
        return true;
    }
    struct real log_rate = real_log_1_plus(rate);
    if (!within(real_multiply(periods, log_rate), ANNUITY_LOG_MAX))
        return false;
    *growth = growth_of_log(rate, log_rate, periods);
    return true;
}

/* What a payment at the start of a period is worth at its end: 1 + r, else 1. */
static struct real payment_weight(const struct annuity *annuity) {
    return annuity->in_advance ? real_add(one(), annuity->rate) : one();
}

static bool divide(struct real a, struct real b, struct real *out) {
    if (real_sign(b) == 0)
        return false;
    *out = real_divide(a, b);
    return true;
}

bool annuity_payment(const struct annuity *annuity, struct real *out) {
    struct growth growth;
    if (!growth_of(annuity->rate, annuity->periods, &growth))
        return false;
    struct real owed = real_add(annuity->future, real_multiply(annuity->present, growth.power));
    return divide(real_negate(owed), real_multiply(payment_weight(annuity), growth.sum), out);
}

/* future + what the payments grow to. */
static struct real future_and_payments(const struct annuity *annuity, const struct growth *growth) {
    struct real paid = real_multiply(annuity->payment, payment_weight(annuity));
    return real_add(annuity->future, real_multiply(paid, growth->sum));
}

bool annuity_present_value(const struct annuity *annuity, struct real *out) {
    struct growth growth;
    return growth_of(annuity->rate, annuity->periods, &growth) &&
           divide(real_negate(future_and_payments(annuity, &growth)), growth.power, out);
}

/* -(present (1+r)^n + payment … ) after `periods`. */
static bool balance_after(const struct annuity *annuity, struct real periods, struct real *out) {
    struct growth growth;
    if (!growth_of(annuity->rate, periods, &growth))
        return false;
    struct real paid = real_multiply(annuity->payment, payment_weight(annuity));
    *out = real_add(real_multiply(annuity->present, growth.power), real_multiply(paid, growth.sum));
    return true;
}

bool annuity_future_value(const struct annuity *annuity, struct real *out) {
    struct real balance;
    if (!balance_after(annuity, annuity->periods, &balance))
        return false;
    *out = real_negate(balance);
    return true;
}

bool annuity_periods(const struct annuity *annuity, struct real *out) {
    if (real_sign(annuity->rate) == 0)
        return divide(
            real_negate(real_add(annuity->present, annuity->future)), annuity->payment, out);
    if (real_compare(annuity->rate, real_from_int(-1)) <= 0)
        return false;
    struct real paid = real_multiply(annuity->payment, payment_weight(annuity));
    struct real above = real_subtract(paid, real_multiply(annuity->future, annuity->rate));
    struct real below = real_add(paid, real_multiply(annuity->present, annuity->rate));
    if (real_sign(above) * real_sign(below) <= 0)
        return false;
    /* ln(above / below), precise where they are nearly equal */
    struct real gain = real_divide(real_subtract(above, below), below);
    *out = real_divide(real_log_1_plus(gain), real_log_1_plus(annuity->rate));
    return true;
}

static struct balance annuity_balance(const void *context, struct real log_rate) {
    struct annuity annuity = *(const struct annuity *)context;
    annuity.rate = real_exp_minus_1(log_rate);
    struct growth growth = growth_of_log(annuity.rate, log_rate, annuity.periods);
    struct real present = real_multiply(annuity.present, growth.power);
    struct real paid =
        real_multiply(real_multiply(annuity.payment, payment_weight(&annuity)), growth.sum);
    struct balance balance;
    balance.value = real_add(real_add(present, paid), annuity.future);
    balance.magnitude = real_add(
        real_add(real_absolute(present), real_absolute(paid)), real_absolute(annuity.future));
    return balance;
}

bool annuity_rate(const struct annuity *annuity, struct real guess, struct real *out) {
    if (real_sign(annuity->periods) <= 0 || !within(annuity->periods, PERIODS_MAX) ||
        real_compare(guess, real_from_int(-1)) <= 0)
        return false;
    struct real early = annuity->in_advance ? annuity->payment : REAL_ZERO;
    if (real_compare(annuity->periods, one()) == 0) {
        /* one period: linear, and the rate may lie below -1 */
        struct real all = real_add(real_add(annuity->present, annuity->payment), annuity->future);
        return divide(real_negate(all), real_add(annuity->present, early), out);
    }
    struct real limit = real_divide(real_from_int(ANNUITY_LOG_MAX), annuity->periods);
    struct real widest = real_from_int(60);
    if (real_compare(limit, widest) > 0)
        limit = widest;
    struct real start = real_log_1_plus(guess);
    struct real root;
    if (real_compare(real_absolute(start), limit) > 0 ||
        !root_find(annuity_balance, annuity, start, limit, &root))
        return false;
    *out = real_exp_minus_1(root);
    return true;
}

/* 1 <= period < periods + 1 */
static bool is_period(const struct annuity *annuity, struct real period) {
    return real_compare(period, one()) >= 0 &&
           real_compare(period, real_add(annuity->periods, one())) < 0;
}

bool annuity_interest(const struct annuity *annuity, struct real period, struct real *out) {
    struct annuity paying = *annuity;
    struct real balance;
    if (!is_period(annuity, period) || !annuity_payment(annuity, &paying.payment))
        return false;
    if (annuity->in_advance && real_compare(period, one()) == 0) {
        *out = REAL_ZERO;
        return true;
    }
    if (!balance_after(&paying, real_subtract(period, one()), &balance))
        return false;
    return divide(real_negate(real_multiply(balance, annuity->rate)), payment_weight(annuity), out);
}

bool annuity_principal(const struct annuity *annuity, struct real period, struct real *out) {
    struct real payment;
    struct real interest;
    if (!annuity_payment(annuity, &payment) || !annuity_interest(annuity, period, &interest))
        return false;
    *out = real_subtract(payment, interest);
    return true;
}

/* What is owed right after payment `number` of a loan whose payment is known. */
static struct real owed_after(const struct annuity *loan, int64_t number) {
    if (number == 0)
        return loan->present;
    struct real balance;
    check(balance_after(loan, real_from_int(number), &balance)); /* a part of its periods */
    return real_divide(balance, payment_weight(loan));
}

/* The loan's payment, and the whole periods first..last. */
static bool loan_between(
    struct annuity *loan, struct real first, struct real last, int64_t *from, int64_t *to) {
    loan->future = REAL_ZERO;
    if (real_sign(loan->rate) <= 0 || real_sign(loan->periods) <= 0 ||
        real_sign(loan->present) <= 0 || real_compare(first, one()) < 0 ||
        real_compare(first, last) > 0 || real_compare(last, loan->periods) > 0 ||
        !within(loan->periods, PERIODS_MAX))
        return false;
    *from = -real_floor(real_negate(first));
    *to = real_floor(last);
    return annuity_payment(loan, &loan->payment);
}

bool annuity_principal_between(
    const struct annuity *annuity, struct real first, struct real last, struct real *out) {
    struct annuity loan = *annuity;
    int64_t from;
    int64_t to;
    if (!loan_between(&loan, first, last, &from, &to))
        return false;
    *out =
        from > to ? REAL_ZERO : real_subtract(owed_after(&loan, to), owed_after(&loan, from - 1));
    return true;
}

bool annuity_interest_between(
    const struct annuity *annuity, struct real first, struct real last, struct real *out) {
    struct annuity loan = *annuity;
    int64_t from;
    int64_t to;
    struct real principal;
    if (!annuity_principal_between(annuity, first, last, &principal))
        return false;
    check(loan_between(&loan, first, last, &from, &to));
    int64_t count = from > to ? 0 : to - from + 1;
    *out = real_subtract(real_multiply(loan.payment, real_from_int(count)), principal);
    return true;
}

bool equal_principal_interest(struct real rate, struct real period, struct real periods,
    struct real present, struct real *out) {
    struct real share;
    if (!divide(period, periods, &share))
        return false;
    *out = real_multiply(real_multiply(present, rate), real_subtract(share, one()));
    return true;
}

bool growth_rate(struct real periods, struct real present, struct real future, struct real *out) {
    struct real gain;
    if (real_sign(periods) <= 0 || !divide(real_subtract(future, present), present, &gain))
        return false;
    if (real_compare(gain, real_from_int(-1)) <= 0) {
        *out = real_from_int(-1);
        return real_sign(future) == 0;
    }
    struct real size = real_divide(real_log_1_plus(gain), periods);
    if (!within(size, ANNUITY_LOG_MAX))
        return false;
    *out = real_exp_minus_1(size);
    return true;
}

/* Whether n periods a year may be compounded; its whole part in `whole`. */
static bool compounds(struct real rate, struct real periods_a_year, struct real *whole) {
    if (real_sign(rate) <= 0 || real_compare(periods_a_year, one()) < 0 ||
        !within(periods_a_year, PERIODS_MAX))
        return false;
    *whole = real_from_int(real_floor(periods_a_year));
    return true;
}

bool effective_rate(struct real nominal, struct real periods_a_year, struct real *out) {
    struct real n;
    if (!compounds(nominal, periods_a_year, &n))
        return false;
    struct real size = real_multiply(n, real_log_1_plus(real_divide(nominal, n)));
    if (!within(size, ANNUITY_LOG_MAX))
        return false;
    *out = real_exp_minus_1(size);
    return true;
}

bool nominal_rate(struct real effective, struct real periods_a_year, struct real *out) {
    struct real n;
    if (!compounds(effective, periods_a_year, &n))
        return false;
    struct real size = real_divide(real_log_1_plus(effective), n);
    *out = real_multiply(n, real_exp_minus_1(size));
    return true;
}
