/* fineract_words.c: reading the words of kind `fineract`. */
#include "fineract_words.h"

#include <stdlib.h>
#include <string.h>

bool line_is(const struct vector_line *line, const char *word) {
    return strcmp(line->word, word) == 0;
}

bool word_is(const struct vector_line *line, int32_t n, const char *word) {
    char text[128];
    return vector_word(line, n, text, sizeof text) && strcmp(text, word) == 0;
}

bool read_money(const struct vector_line *line, int32_t n, struct money *out) {
    char text[32];
    return vector_word(line, n, text, sizeof text) && money_from_yuan(text, strlen(text), out);
}

bool read_day_or_none(const struct vector_line *line, int32_t n, struct day *out) {
    char text[32];
    if (!vector_word(line, n, text, sizeof text))
        return false;
    if (strcmp(text, "-") == 0) {
        *out = DAY_NONE;
        return true;
    }
    return day_from_text(text, strlen(text), out);
}

bool read_rate(const struct vector_line *line, int32_t n, struct rate *out) {
    char text[32];
    if (!vector_word(line, n, text, sizeof text))
        return false;
    int64_t value = 0, unit = RATE_UNIT / 100;
    bool point = false;
    for (const char *at = text; *at; at++) {
        if (*at == '.' && !point) {
            point = true;
        } else if (*at >= '0' && *at <= '9' && (!point || unit > 1) && value < RATE_UNIT * 100) {
            if (point)
                unit /= 10;
            value = point ? value + (*at - '0') * unit : value * 10 + (*at - '0') * unit;
        } else {
            return false;
        }
    }
    *out = (struct rate){value};
    return true;
}

bool read_count(const struct vector_line *line, int32_t n, int32_t *out) {
    char text[16], *end;
    if (!vector_word(line, n, text, sizeof text))
        return false;
    const long value = strtol(text, &end, 10);
    if (*end || value < 0 || value > 1000000)
        return false;
    *out = (int32_t)value;
    return true;
}
