/*
 * rounding.h: the one place where precision is lost. Exports: int128, enum rounding,
 * divide_rounded(), multiply_divide_rounded(), struct divisor, divide_rounded_by().
 */
#ifndef FENQI_BASE_ROUNDING_H
#define FENQI_BASE_ROUNDING_H

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum rounding {
    ROUND_HALF_UP,   /* ties away from zero: the field's 四舍五入 */
    ROUND_HALF_EVEN, /* ties to the even neighbour: banker's rounding */
    ROUND_HALF_DOWN, /* ties toward zero */
    ROUND_UP,        /* away from zero */
    ROUND_DOWN,      /* toward zero */
    ROUND_CEILING,   /* toward plus infinity */
    ROUND_FLOOR,     /* toward minus infinity */
};
enum { ROUNDING_COUNT = ROUND_FLOOR + 1 };

/* The same as divide_rounded(), for operands of any size and sign. */
int64_t divide_rounded_wide(int128 numerator, int128 denominator, enum rounding mode);

/* Whether a quotient with a remainder moves up by one. Both operands positive, remainder > 0. */
static inline bool rounding_moves_up(
    uint64_t quotient, uint64_t remainder, uint64_t denominator, enum rounding mode) {
    uint64_t missing = denominator - remainder;
    switch (mode) {
    case ROUND_HALF_UP:
        return remainder >= missing;
    case ROUND_HALF_EVEN:
        return remainder > missing || (remainder == missing && quotient % 2 != 0);
    case ROUND_HALF_DOWN:
        return remainder > missing;
    case ROUND_UP:
    case ROUND_CEILING:
        return true;
    case ROUND_DOWN:
    case ROUND_FLOOR:
        return false;
    }
    check(false);
    return false;
}

/*
 * numerator / denominator rounded by `mode`. denominator != 0; the result must fit 63 bits. Most
 * amounts of most contracts fit the processor's own 64-bit division, which is done in place.
 */
static inline int64_t divide_rounded(int128 numerator, int128 denominator, enum rounding mode) {
    if (numerator < 0 || numerator > INT64_MAX || denominator <= 0 || denominator > INT64_MAX)
        return divide_rounded_wide(numerator, denominator, mode);
    uint64_t n = (uint64_t)numerator;
    uint64_t d = (uint64_t)denominator;
    uint64_t quotient = n / d;
    uint64_t remainder = n - quotient * d;
    if (remainder != 0 && rounding_moves_up(quotient, remainder, d, mode))
        quotient++;
    return (int64_t)quotient;
}

/* A divisor that is used again and again: dividing by it is a multiplication. */
struct divisor {
    uint64_t value;
    uint64_t inverse; /* floor((2^64 - 1) / value) */
};

/* value > 0 */
static inline struct divisor divisor_of(int64_t value) {
    check(value > 0);
    return (struct divisor){(uint64_t)value, UINT64_MAX / (uint64_t)value};
}

/* numerator / divisor rounded by `mode`; numerator >= 0. */
static inline int64_t divide_rounded_by(
    int64_t numerator, struct divisor divisor, enum rounding mode) {
    check(numerator >= 0);
    uint64_t quotient = (uint64_t)(((uint128)(uint64_t)numerator * divisor.inverse) >> 64);
    uint64_t remainder = (uint64_t)numerator - quotient * divisor.value;
    /* The inverse is short, so that the quotient may be, by two at most. */
    while (remainder >= divisor.value) {
        remainder -= divisor.value;
        quotient++;
    }
    if (remainder != 0 && rounding_moves_up(quotient, remainder, divisor.value, mode))
        quotient++;
    return (int64_t)quotient;
}

/* value * numerator / denominator with the product in 128 bits, rounded by `mode`. */
static inline int64_t multiply_divide_rounded(
    int64_t value, int64_t numerator, int64_t denominator, enum rounding mode) {
    return divide_rounded((int128)value * numerator, denominator, mode);
}

#endif
