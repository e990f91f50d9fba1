/*
 * reading.h: words of a line of figures as days and exact numbers. Exports: read_day(),
 * read_integer(), read_decimal(), struct decimal_claim, read_claim(), claim_holds(),
 * half_of_last_digit().
 */
#ifndef FENQI_TESTS_VECTORS_READING_H
#define FENQI_TESTS_VECTORS_READING_H

#include "kind.h"

#include "base/day.h"
#include "base/real.h"
#include "base/rounding.h"

enum { READING_PLACES = 18 };

bool read_day(const struct vector_line *line, int32_t n, struct day *out);
bool read_integer(const struct vector_line *line, int32_t n, int64_t *out);

/* A plain decimal ("-12.5") in units of 10^-places, at most READING_PLACES. False when it is none,
 * or has further digits that are not 0. */
bool read_decimal(const char *text, int32_t places, int128 *out);

/* Half a unit of the last digit of a plain decimal. */
struct real half_of_last_digit(const char *text);

/* "VALUE within TOLERANCE" in units of 10^-READING_PLACES. */
struct decimal_claim {
    int128 value, tolerance;
};

bool read_claim(const struct vector_line *line, int32_t n, struct decimal_claim *out);

/* Whether numerator / denominator lies within the claim, computed exactly. */
bool claim_holds(const struct decimal_claim *claim, int64_t numerator, int64_t denominator);

#endif
