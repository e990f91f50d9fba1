/*
 * real_function.c: exponential and natural logarithm of struct real. Exports real_exp(),
 * real_exp_minus_1(), real_log(), real_log_1_plus() of real.h.
 *
 * e^x - 1 for |x| <= 1/2 is its power series up to the term below 2^-126 of the first: at most 30
 * terms, the n-th wrong by n × 2^-118 of itself, so the sum is within 2^-116. Larger x are x = k ln
 * 2 + r, |r| <= 0.35; the product k ln 2 is wrong by |x| 2^-121 and that much moves the result by
 * as much of itself. The logarithm is 2 artanh z with z = (m - 1) / (m + 1) and m within [2^-1/2,
 * 2^1/2], |z| <= 0.172: at most 26 terms of one sign; k ln 2 is added, never cancelling more than
 * half of itself.
 */
#include "base/check.h"
#include "base/real.h"

enum { TERMS_BITS = 126, MANTISSA_BITS = 124, HALF_BITS = 62 };

/* ln 2 × 2^124 = 0x0b17217f7d1cf79abc9e3b39803f2f6a…, in halves of 62 bits. */
static struct real natural_log_of_2(void) {
    const int128 high = INT64_C(0x2c5c85fdf473de6a);
    const int128 low = INT64_C(0x3c9e3b39803f2f6a);
    return (struct real){high * (INT64_C(1) << HALF_BITS) + low, -MANTISSA_BITS};
}

static struct real one(void) {
    return real_from_int(1);
}

static bool negligible(struct real term, struct real sum) {
    return real_sign(term) == 0 || term.exponent < sum.exponent - TERMS_BITS;
}

/* a / n for 1 <= n <= 64 by the mantissa's own division after two more bits: within 2^-119. */
static struct real divide_small(struct real a, int64_t n) {
    return real_scale((struct real){a.mantissa * 4 / n, a.exponent - 2}, 0);
}

static struct real series_exp_minus_1(struct real x) {
    struct real sum = x;
    struct real term = x;
    for (int64_t n = 2; !negligible(term, sum); n++) {
        term = divide_small(real_multiply(term, x), n);
        sum = real_add(sum, term);
    }
    return sum;
}

static void check_range(struct real x) {
    check(real_compare(real_absolute(x), real_from_int(REAL_EXPONENT_OF_E_MAX)) <= 0);
}

struct real real_exp(struct real x) {
    check_range(x);
    struct real ln2 = natural_log_of_2();
    struct real ratio = real_add(real_divide(x, ln2), real_from_ratio(1, 2));
    int64_t k = real_floor(ratio);
    struct real rest = real_subtract(x, real_multiply(real_from_int(k), ln2));
    return real_scale(real_add(one(), series_exp_minus_1(rest)), (int32_t)k);
}

struct real real_exp_minus_1(struct real x) {
    check_range(x);
    if (real_compare(real_absolute(x), real_from_ratio(1, 2)) <= 0)
        return series_exp_minus_1(x);
    return real_subtract(real_exp(x), one());
}

/* 2 artanh z for |z| <= 0.172. */
static struct real twice_artanh(struct real z) {
    struct real square = real_multiply(z, z);
    struct real power = z;
    struct real sum = z;
    struct real term = z;
    for (int64_t n = 3; !negligible(term, sum); n += 2) {
        power = real_multiply(power, square);
        term = divide_small(power, n);
        sum = real_add(sum, term);
    }
    return real_scale(sum, 1);
}

struct real real_log(struct real a) {
    check(real_sign(a) > 0);
    /* m in [1/2, 1), doubled below 2^-1/2 (0.7071 to four places is near enough) */
    struct real m = {a.mantissa, -MANTISSA_BITS};
    int32_t k = a.exponent + MANTISSA_BITS;
    if (real_compare(m, real_from_ratio(7071, 10000)) < 0) {
        m = real_scale(m, 1);
        k--;
    }
    struct real z = real_divide(real_subtract(m, one()), real_add(m, one()));
    return real_add(real_multiply(real_from_int(k), natural_log_of_2()), twice_artanh(z));
}

struct real real_log_1_plus(struct real x) {
    struct real quarter = real_from_ratio(1, 4);
    if (real_compare(real_absolute(x), quarter) > 0)
        return real_log(real_add(one(), x));
    return twice_artanh(real_divide(x, real_add(real_from_int(2), x)));
}
