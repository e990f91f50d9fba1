/* money.c: integer fen. Exports what money.h declares. */
#include "base/money.h"

struct money money_scale(
    struct money a, int64_t numerator, int64_t denominator, enum rounding mode) {
    return money_fen(multiply_divide_rounded(a.fen, numerator, denominator, mode));
}

char *money_to_yuan(struct money a, char text[MONEY_TEXT_SIZE]) {
    /* Digits by hand: printf is outside what the engine may link. */
    int64_t fen = a.fen < 0 ? -a.fen : a.fen;
    char reversed[MONEY_TEXT_SIZE];
    size_t count = 0;
    for (size_t place = 0; place < 3 || fen > 0; place++) {
        if (place == 2)
            reversed[count++] = '.';
        reversed[count++] = (char)('0' + fen % 10);
        fen /= 10;
    }
    size_t at = 0;
    if (a.fen < 0)
        text[at++] = '-';
    while (count > 0)
        text[at++] = reversed[--count];
    text[at] = '\0';
    return text;
}

bool money_from_yuan(const char *text, size_t length, struct money *out) {
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    if (negative)
        at++;
    int64_t fen = 0;
    size_t digits = 0;
    size_t decimals = 0;
    bool point = false;
    for (; at < length; at++) {
        char c = text[at];
        if (c == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || (point && decimals == 2) || digits == 16)
            return false;
        fen = fen * 10 + (c - '0');
        digits++;
        if (point)
            decimals++;
    }
    if (digits == 0 || (point && decimals == 0))
        return false;
    for (; decimals < 2; decimals++)
        fen *= 10;
    if (!money_in_range(fen))
        return false;
    *out = money_fen(negative ? -fen : fen);
    return true;
}
