/* reading.c: words of figures as days and numbers. Exports what reading.h declares. */
#include "reading.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 64 };

bool read_day(const struct vector_line *line, int32_t n, struct day *out) {
    char word[WORD_SIZE];
    return vector_word(line, n, word, sizeof word) && day_from_text(word, strlen(word), out);
}

bool read_integer(const struct vector_line *line, int32_t n, int64_t *out) {
    char word[WORD_SIZE], *end;
    if (!vector_word(line, n, word, sizeof word))
        return false;
    *out = strtoll(word, &end, 10);
    return *end == '\0';
}

bool read_decimal(const char *text, int32_t places, int128 *out) {
    bool negative = *text == '-';
    const char *at = text + (negative ? 1 : 0);
    const char *point = NULL;
    int128 value = 0;
    int32_t scale = 0, digits = 0;
    for (; *at != '\0'; at++) {
        if (*at == '.' && point == NULL) {
            point = at;
            continue;
        }
        if (!isdigit((unsigned char)*at))
            return false;
        if (point != NULL && scale == places) {
            if (*at != '0')
                return false;
            continue;
        }
        value = value * 10 + (*at - '0');
        scale += point != NULL ? 1 : 0;
        if (++digits > 2 * READING_PLACES)
            return false;
    }
    for (; scale < places; scale++)
        value *= 10;
    *out = negative ? -value : value;
    return digits > 0;
}

struct real half_of_last_digit(const char *text) {
    const char *point = strchr(text, '.');
    int32_t decimals = point ? (int32_t)strlen(point + 1) : 0;
    return real_divide(real_from_ratio(1, 2), real_power_int(real_from_int(10), decimals));
}

bool read_claim(const struct vector_line *line, int32_t n, struct decimal_claim *out) {
    char word[WORD_SIZE];
    return vector_word(line, n, word, sizeof word) &&
           read_decimal(word, READING_PLACES, &out->value) &&
           vector_word(line, n + 1, word, sizeof word) && strcmp(word, "within") == 0 &&
           vector_word(line, n + 2, word, sizeof word) &&
           read_decimal(word, READING_PLACES, &out->tolerance);
}

bool claim_holds(const struct decimal_claim *claim, int64_t numerator, int64_t denominator) {
    int128 one = 1;
    for (int32_t i = 0; i < READING_PLACES; i++)
        one *= 10;
    int128 off = numerator * one - claim->value * denominator;
    return (off < 0 ? -off : off) <= claim->tolerance * denominator;
}
