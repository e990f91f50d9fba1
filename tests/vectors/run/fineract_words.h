/*
 * fineract_words.h: reading the words of kind `fineract`. Exports: word_is(), line_is(),
 * read_money(), read_day_or_none(), read_rate(), read_count().
 *
 * A word that is absent or malformed gives false (or the stated value); the kinds decide what
 * that means.
 */
#ifndef FENQI_TESTS_VECTORS_FINERACT_WORDS_H
#define FENQI_TESTS_VECTORS_FINERACT_WORDS_H

#include "kind.h"

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"

/* Whether the line begins with that word. */
bool line_is(const struct vector_line *line, const char *word);

/* Whether the n-th word after the first is `word`. */
bool word_is(const struct vector_line *line, int32_t n, const char *word);

bool read_money(const struct vector_line *line, int32_t n, struct money *out);

/* A day; "-" is DAY_NONE. */
bool read_day_or_none(const struct vector_line *line, int32_t n, struct day *out);

/* A percentage with at most seven decimals, as parts per billion. */
bool read_rate(const struct vector_line *line, int32_t n, struct rate *out);

/* A whole number >= 0. */
bool read_count(const struct vector_line *line, int32_t n, int32_t *out);

#endif
