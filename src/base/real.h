/*
 * real.h: real numbers with 124 significant bits, on integers alone. Exports: struct real, its
 * arithmetic, powers, exponential and logarithm, and the ways in and out.
 *
 * For rates and time values whose exact result no fraction holds. A value is mantissa × 2^exponent
 * with 2^123 <= |mantissa| < 2^124, or zero. The four operations and the conversions are wrong by
 * at most 2^-121 of their result; the bounds of the other functions stand at each. Exponents leave
 * ±REAL_EXPONENT_MAX only by a bug of the caller, who bounds what comes from outside.
 */
#ifndef FENQI_BASE_REAL_H
#define FENQI_BASE_REAL_H

#include "base/money.h"
#include "base/rounding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct real {
    int128 mantissa;
    int32_t exponent;
};

#define REAL_EXPONENT_MAX (INT32_C(1) << 28)
#define REAL_ZERO ((struct real){0})
enum { REAL_DIGITS_MAX = 36, REAL_TEN_POWER_MAX = 400 };

struct real real_from_int(int64_t value);
struct real real_from_ratio(int64_t numerator, int64_t denominator); /* denominator != 0 */
struct real real_from_fen(struct money amount);                      /* in fen, exact */

/*
 * Reads "-12.5", "0.006", "2.98e-09": at most REAL_DIGITS_MAX digits and a power of ten within
 * ±REAL_TEN_POWER_MAX. Returns false, leaving *out alone, for anything else.
 */
bool real_from_text(const char *text, size_t length, struct real *out);

/*
 * value × 10^decimals as a whole number by `mode`; decimals 0..18. What lies within 2^-40 of a
 * whole number or of a tie is taken to be it, so that the error of the calculation before does not
 * decide. Returns false, leaving *out alone, when the result does not fit 63 bits.
 */
bool real_to_decimal(struct real value, int32_t decimals, enum rounding mode, int64_t *out);

struct real real_add(struct real a, struct real b);
struct real real_subtract(struct real a, struct real b);
struct real real_negate(struct real a);
struct real real_absolute(struct real a);
struct real real_multiply(struct real a, struct real b);
struct real real_divide(struct real a, struct real b); /* b != 0 */

/* a × 2^bits, exact. */
struct real real_scale(struct real a, int32_t bits);

/* -1, 0, 1: of a, of a - b. */
int real_sign(struct real a);
int real_compare(struct real a, struct real b);

/* The greatest whole number not above a; it must fit 63 bits (check with real_fits_int). */
bool real_fits_int(struct real a);
int64_t real_floor(struct real a);

/* a^n; 0^0 is 1, a != 0 for negative n. Wrong by at most |n| × 2^-119 of the result. */
struct real real_power_int(struct real a, int32_t n);

/* The functions below take |x| <= 2^20; wrong by at most (1 + |x|) × 2^-114 of the result. */
enum { REAL_EXPONENT_OF_E_MAX = 1 << 20 };
struct real real_exp(struct real x);
struct real real_exp_minus_1(struct real x); /* precise for x near 0 as well */

/* Natural logarithm of a > 0 and of 1 + x, x > -1: wrong by at most 2^-114 of the result. */
struct real real_log(struct real a);
struct real real_log_1_plus(struct real x);

#endif
