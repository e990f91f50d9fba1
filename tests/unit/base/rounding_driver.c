/*
 * rounding_driver.c: divide_rounded() at the end of a pipe, for compare_rounding.py.
 *
 * Reads lines "NUMERATOR DENOMINATOR MODE" with 128-bit decimals; answers the quotient by
 * divide_rounded() and by divide_rounded_wide(), which takes no short way.
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
        printf("%lld %lld\n", (long long)divide_rounded(numerator, denominator, mode),
            (long long)divide_rounded_wide(numerator, denominator, mode));
    }
    return 0;
}
