/*
 * samples.h: how long answers took. Exports: struct samples, samples_add(), samples_share(),
 * samples_join().
 *
 * Counts in steps of at most 1/64 of the value, from 1 us to an hour, in fixed memory.
 */
#ifndef FENQI_BENCH_SAMPLES_H
#define FENQI_BENCH_SAMPLES_H

#include <stdint.h>

enum { SAMPLE_STEPS = 64 * 28 };

struct samples {
    int64_t counts[SAMPLE_STEPS];
    int64_t count;
    int64_t largest; /* us */
};

void samples_add(struct samples *samples, int64_t microseconds);

/* The time within which `share` of a million answers came; 0 without samples. */
int64_t samples_share(const struct samples *samples, int64_t share);

/* Adds the samples of `more`. */
void samples_join(struct samples *samples, const struct samples *more);

#endif
