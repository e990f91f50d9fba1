/*
 * level.c: the level instalment by 64-bit fractions. Exports what level.h declares.
 *
 * A factor is a fraction of 2^64. The step of one row, floor(d / (d + n) × 2^64), is short by less
 * than one unit, and each product by less than one more, so that factor k is short by less than
 * 2k − 1 units and the sum of `count` factors by less than count². Dividing by the sum and by the
 * sum plus that much gives both ends between which the level lies.
 */
#include "engine/level.h"

#include "base/check.h"

enum { FACTOR_BITS = 64, SPARE_BITS = 12 }; /* sums of 400 factors fit 64 + 12 bits */

/* Σ of the factors, in units of 2^-64; 0 when a growth is not for this way. */
static uint128 sum_of_factors(const struct growth *growths, int32_t count) {
    const int128 most = (int128)1 << 62;
    uint64_t numerator = 0;
    uint64_t denominator = 0;
    uint64_t step = 0;
    uint64_t factor = 0;
    uint128 sum = 0;
    for (int32_t i = 0; i < count; i++) {
        if (growths[i].numerator <= 0 || growths[i].numerator > most ||
            growths[i].denominator > most)
            return 0;
        uint64_t n = (uint64_t)growths[i].numerator;
        uint64_t d = (uint64_t)growths[i].denominator;
        if (n != numerator || d != denominator)
            step = (uint64_t)(((uint128)d << FACTOR_BITS) / (d + n));
        numerator = n;
        denominator = d;
        factor = i == 0 ? step : (uint64_t)(((uint128)factor * step) >> FACTOR_BITS);
        sum += factor;
    }
    return sum;
}

bool level_quickly(struct money opening, const struct growth *growths, int32_t count,
    enum rounding rounding, struct money *level) {
    uint128 sum = sum_of_factors(growths, count);
    uint64_t least = (uint64_t)(sum >> SPARE_BITS);
    uint64_t slack = (uint64_t)((sum + (uint128)count * count) >> SPARE_BITS) + 1 - least;
    uint128 value = (uint128)opening.fen << (FACTOR_BITS - SPARE_BITS);
    if (least == 0 || (uint64_t)(value >> FACTOR_BITS) >= least)
        return false;
    uint64_t quotient = (uint64_t)(value / least);
    uint64_t remainder = (uint64_t)(value - (uint128)quotient * least);
    /* The same quotient at the other end, with a smaller remainder of a larger divisor. */
    if (quotient > (uint64_t)MONEY_MAX_FEN || remainder <= quotient * slack)
        return false;
    bool up = rounding_moves_up(quotient, remainder, least, rounding);
    if (up != rounding_moves_up(quotient, remainder - quotient * slack, least + slack, rounding))
        return false;
    *level = money_fen((int64_t)quotient + (up ? 1 : 0));
    return true;
}
