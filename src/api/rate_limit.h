/*
 * rate_limit.h: how often somebody may do something. Exports: struct rate_limiter, struct
 * rate_limit, struct rate_state and their functions, rate_clock_us().
 *
 * Token buckets in a table of fixed size, in memory and per process: a bucket holds up to `burst`
 * tokens, fills with one token a `period_us`, and each call takes one. When the table's row is full
 * the bucket longest untouched is forgotten, which only ever lets more through.
 */
#ifndef FENQI_API_RATE_LIMIT_H
#define FENQI_API_RATE_LIMIT_H

#include "base/arena.h"

struct rate_limiter;

struct rate_limit {
    const char *name; /* of the kind of bucket; part of its key and of the answer's header */
    int burst;
    int64_t period_us;
};

/* What a bucket says after a call. */
struct rate_state {
    bool allowed;
    int remaining;   /* whole tokens left */
    int64_t wait_us; /* until the next token */
};

/* `seed` keys the hash, so that nobody can choose whose bucket shares a row. */
struct rate_limiter *rate_limiter_create(uint64_t seed);
void rate_limiter_destroy(struct rate_limiter *limiter);

/* The monotonic clock of the limits, in microseconds. */
int64_t rate_clock_us(void);

/* Takes a token from the bucket of `limit` and `key` at monotonic `now_us`. Thread-safe. */
struct rate_state rate_limiter_take(
    struct rate_limiter *limiter, const struct rate_limit *limit, struct bytes key, int64_t now_us);

#endif
