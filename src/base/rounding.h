/*
 * rounding.h: the one place where precision is lost. Exports: enum rounding, divide_rounded(),
 * multiply_divide_rounded().
 */
#ifndef FENQI_BASE_ROUNDING_H
#define FENQI_BASE_ROUNDING_H

#include <stdint.h>

__extension__ typedef __int128 int128;

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

/* numerator / denominator rounded by `mode`. denominator != 0; the result must fit 63 bits. */
int64_t divide_rounded(int128 numerator, int128 denominator, enum rounding mode);

/* value * numerator / denominator with the product in 128 bits, rounded by `mode`. */
int64_t multiply_divide_rounded(
    int64_t value, int64_t numerator, int64_t denominator, enum rounding mode);

#endif
