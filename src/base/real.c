/*
 * real.c: arithmetic of struct real. Exports the four operations, comparison and integer powers of
 * real.h; conversions are in real_text.c, exponential and logarithm in real_function.c.
 *
 * Every result is truncated to 124 bits with guard bits, so an operation is wrong by
 * less than two units of the last place: 2^-122 of the result, 2^-121 with room.
 */
#include "base/real.h"

#include "base/check.h"

enum { MANTISSA_BITS = 124, HALF_BITS = 62, GUARD_BITS = 2 };
#define HALF_MASK ((UINT64_C(1) << HALF_BITS) - 1)

static int32_t highest_bit(uint128 value) {
    uint64_t high = (uint64_t)(value >> 64);
    return high != 0 ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)value);
}

/* ±magnitude × 2^exponent in the normal form, truncated. */
static struct real normal(bool negative, uint128 magnitude, int32_t exponent) {
    if (magnitude == 0)
        return REAL_ZERO;
    int32_t shift = highest_bit(magnitude) - (MANTISSA_BITS - 1);
    uint128 mantissa = shift > 0 ? magnitude >> shift : magnitude << -shift;
    int32_t moved = exponent + shift;
    check(moved <= REAL_EXPONENT_MAX && moved >= -REAL_EXPONENT_MAX);
    return (struct real){negative ? -(int128)mantissa : (int128)mantissa, moved};
}

static uint128 magnitude_of(struct real a) {
    return (uint128)(a.mantissa < 0 ? -a.mantissa : a.mantissa);
}

struct real real_from_int(int64_t value) {
    uint128 magnitude = value < 0 ? -(uint128)value : (uint128)value;
    return normal(value < 0, magnitude, 0);
}

struct real real_from_fen(struct money amount) {
    return real_from_int(amount.fen);
}

struct real real_from_ratio(int64_t numerator, int64_t denominator) {
    return real_divide(real_from_int(numerator), real_from_int(denominator));
}

struct real real_negate(struct real a) {
    return (struct real){-a.mantissa, a.exponent};
}

struct real real_absolute(struct real a) {
    return a.mantissa < 0 ? real_negate(a) : a;
}

struct real real_add(struct real a, struct real b) {
    if (a.mantissa == 0)
        return b;
    if (b.mantissa == 0)
        return a;
    if (a.exponent < b.exponent)
        return real_add(b, a);
    int32_t apart = a.exponent - b.exponent;
    if (apart > MANTISSA_BITS)
        return a;
    /* the shift of a negative number rounds down: still within one unit of the guard bits */
    int128 sum = a.mantissa * (1 << GUARD_BITS) + ((b.mantissa * (1 << GUARD_BITS)) >> apart);
    uint128 magnitude = (uint128)(sum < 0 ? -sum : sum);
    return normal(sum < 0, magnitude, a.exponent - GUARD_BITS);
}

struct real real_subtract(struct real a, struct real b) {
    return real_add(a, real_negate(b));
}

/* The upper 125 bits of the 248-bit product: halves of 62 bits, so that no sum leaves 128 bits. */
struct real real_multiply(struct real a, struct real b) {
    uint128 x = magnitude_of(a);
    uint128 y = magnitude_of(b);
    uint64_t x1 = (uint64_t)(x >> HALF_BITS);
    uint64_t x0 = (uint64_t)x & HALF_MASK;
    uint64_t y1 = (uint64_t)(y >> HALF_BITS);
    uint64_t y0 = (uint64_t)y & HALF_MASK;
    uint128 middle = (uint128)x1 * y0 + (uint128)x0 * y1 + (((uint128)x0 * y0) >> HALF_BITS);
    uint128 product = (((uint128)x1 * y1) << 1) + (middle >> (HALF_BITS - 1));
    return normal((a.mantissa < 0) != (b.mantissa < 0), product,
        product == 0 ? 0 : a.exponent + b.exponent + MANTISSA_BITS - 1);
}

/* One bit of the quotient at a time: divisions are rare, and the remainder is always right. */
struct real real_divide(struct real a, struct real b) {
    check(b.mantissa != 0);
    uint128 divisor = magnitude_of(b);
    uint128 remainder = magnitude_of(a);
    uint128 quotient = 0;
    for (int32_t bit = 0; bit < MANTISSA_BITS + 1; bit++) {
        quotient <<= 1;
        if (remainder >= divisor) {
            remainder -= divisor;
            quotient |= 1;
        }
        remainder <<= 1;
    }
    return normal((a.mantissa < 0) != (b.mantissa < 0), quotient,
        quotient == 0 ? 0 : a.exponent - b.exponent - MANTISSA_BITS);
}

struct real real_scale(struct real a, int32_t bits) {
    return normal(a.mantissa < 0, magnitude_of(a), a.mantissa == 0 ? 0 : a.exponent + bits);
}

int real_sign(struct real a) {
    return (a.mantissa > 0) - (a.mantissa < 0);
}

int real_compare(struct real a, struct real b) {
    int sign = real_sign(a);
    if (sign != real_sign(b))
        return sign > real_sign(b) ? 1 : -1;
    if (sign == 0)
        return 0;
    if (a.exponent != b.exponent)
        return (a.exponent > b.exponent) == (sign > 0) ? 1 : -1;
    return (a.mantissa > b.mantissa) - (a.mantissa < b.mantissa);
}

bool real_fits_int(struct real a) {
    return a.mantissa == 0 || a.exponent + MANTISSA_BITS < 64;
}

int64_t real_floor(struct real a) {
    check(real_fits_int(a));
    int32_t shift = -a.exponent;
    if (shift > MANTISSA_BITS)
        return a.mantissa < 0 ? -1 : 0;
    return (int64_t)(a.mantissa >> shift);
}

struct real real_power_int(struct real a, int32_t n) {
    struct real power = real_from_int(1);
    struct real square = a;
    for (uint32_t left = n < 0 ? -(uint32_t)n : (uint32_t)n; left != 0; left >>= 1) {
        if (left & 1)
            power = real_multiply(power, square);
        if (left > 1)
            square = real_multiply(square, square);
    }
    return n < 0 ? real_divide(real_from_int(1), power) : power;
}
