/*
 * money.h: amounts in integer fen (1/100 yuan). Exports: struct money and its arithmetic.
 *
 * An amount lies within ±(2^53 - 1) fen, so that every JSON reader keeps it exactly; leaving that
 * range is a bug of the caller, who checks what comes from outside with money_in_range() first.
 */
#ifndef FENQI_BASE_MONEY_H
#define FENQI_BASE_MONEY_H

#include "base/check.h"
#include "base/rounding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct money {
    int64_t fen;
};

#define MONEY_MAX_FEN INT64_C(9007199254740991) /* 2^53 - 1 */
#define MONEY_ZERO ((struct money){0})
enum { MONEY_TEXT_SIZE = 24 };

/*
 * Everything below that is a few instructions stands here as inline code: a payment step makes some
 * hundred of these calls, and as calls they were half of its time.
 */

/* Whether a number from outside may become an amount. */
static inline bool money_in_range(int64_t fen) {
    return fen >= -MONEY_MAX_FEN && fen <= MONEY_MAX_FEN;
}

/* fen as money; checks the range. */
static inline struct money money_fen(int64_t fen) {
    check(money_in_range(fen));
    return (struct money){fen};
}

static inline struct money money_add(struct money a, struct money b) {
    return money_fen(a.fen + b.fen);
}

static inline struct money money_subtract(struct money a, struct money b) {
    return money_fen(a.fen - b.fen);
}

static inline struct money money_negate(struct money a) {
    return money_fen(-a.fen);
}

static inline struct money money_min(struct money a, struct money b) {
    return a.fen < b.fen ? a : b;
}

static inline struct money money_max(struct money a, struct money b) {
    return a.fen > b.fen ? a : b;
}

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
static inline int money_compare(struct money a, struct money b) {
    return (a.fen > b.fen) - (a.fen < b.fen);
}

static inline bool money_is_zero(struct money a) {
    return a.fen == 0;
}

static inline bool money_is_positive(struct money a) {
    return a.fen > 0;
}

static inline bool money_is_negative(struct money a) {
    return a.fen < 0;
}

/* a * numerator / denominator, rounded by `mode`. denominator != 0. */
struct money money_scale(
    struct money a, int64_t numerator, int64_t denominator, enum rounding mode);

/* Writes yuan with two decimals, "-888.49", into text[MONEY_TEXT_SIZE]; returns text. */
char *money_to_yuan(struct money a, char text[MONEY_TEXT_SIZE]);

/*
 * Reads yuan with at most two decimals ("888", "888.4", "-888.49"; no sign but '-', no spaces, no
 * separators). Returns false, leaving *out alone, when text is anything else or out of range.
 */
bool money_from_yuan(const char *text, size_t length, struct money *out);

#endif
