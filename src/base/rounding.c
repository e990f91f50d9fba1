/* rounding.c: division with a named rounding. Exports what rounding.h declares. */
#include "base/rounding.h"

/* Whether the truncated quotient must move one unit away from zero. remainder != 0. */
static bool moves_away(int128 quotient, int128 twice_remainder, int128 denominator, bool negative,
    enum rounding mode) {
    switch (mode) {
    case ROUND_HALF_UP:
        return twice_remainder >= denominator;
    case ROUND_HALF_EVEN:
        return twice_remainder > denominator ||
               (twice_remainder == denominator && quotient % 2 != 0);
    case ROUND_HALF_DOWN:
        return twice_remainder > denominator;
    case ROUND_UP:
        return true;
    case ROUND_DOWN:
        return false;
    case ROUND_CEILING:
        return !negative;
    case ROUND_FLOOR:
        return negative;
    }
    check(false);
    return false;
}

int64_t divide_rounded_wide(int128 numerator, int128 denominator, enum rounding mode) {
    check(denominator != 0);
    bool negative = (numerator < 0) != (denominator < 0);
    int128 n = numerator < 0 ? -numerator : numerator;
    int128 d = denominator < 0 ? -denominator : denominator;
    int128 quotient = n / d;
    int128 remainder = n - quotient * d;
    if (remainder != 0 && moves_away(quotient, 2 * remainder, d, negative, mode))
        quotient++;
    check(quotient <= INT64_MAX);
    return negative ? -(int64_t)quotient : (int64_t)quotient;
}
