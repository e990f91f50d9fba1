/*
 * rounding_driver.c: divide_rounded() at the end of a pipe, for compare_rounding.py.
 *
 * Reads lines "NUMERATOR DENOMINATOR MODE" with 128-bit decimals; answers the quotient by
 * divide_rounded(), by divide_rounded_wide(), which takes no short way, and by the inverse where
 * the operands fit it.
 */
#include "base/rounding.h"

#include <stdio.h>
#include <stdlib.h>

static int128 number_at(const char **at) {
    while (**at == ' ')
        (*at)++;
    bool negative = **at == '-';
    if (negative)
        (*at)++;
    int128 value = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        value = value * 10 + (**at - '0');
    return negative ? -value : value;
}

int main(void) {
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *at = line;
        int128 numerator = number_at(&at);
        int128 denominator = number_at(&at);
        enum rounding mode = (enum rounding)number_at(&at);
        int64_t quotient = divide_rounded(numerator, denominator, mode);
        bool short_enough =
            numerator >= 0 && numerator <= INT64_MAX && denominator > 0 && denominator <= INT64_MAX;
        int64_t by_inverse = short_enough ? divide_rounded_by((int64_t)numerator,
                                                divisor_of((int64_t)denominator), mode)
                                          : quotient;
        printf("%lld %lld %lld\n", (long long)quotient,
            (long long)divide_rounded_wide(numerator, denominator, mode), (long long)by_inverse);
    }
    return 0;
}
