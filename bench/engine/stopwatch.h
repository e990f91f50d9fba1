/*
 * stopwatch.h: times and ratios of pieces of work that are measured in turn. Exports: struct work,
 * struct spread, stopwatch_nanoseconds(), spread_of(), measure_in_turn().
 *
 * All pieces are measured in every round, one after the other, so that a slow moment of the machine
 * hits them alike; a ratio is taken within a round and its median over the rounds is what counts.
 */
#ifndef FENQI_BENCH_ENGINE_STOPWATCH_H
#define FENQI_BENCH_ENGINE_STOPWATCH_H

#include <stdint.h>

enum { ROUNDS = 400, WORKS_MAX = 8 };

struct work {
    const char *name;
    void (*reset)(void *context); /* before each repetition, not measured; NULL: none */
    void (*run)(void *context);
    void *context;
    int operations;  /* in one run */
    int repetitions; /* runs in one round */
};

/* Quartiles. */
struct spread {
    double low;
    double median;
    double high;
};

int64_t stopwatch_nanoseconds(void);

/* Sorts the samples. */
struct spread spread_of(double *samples, int count);

/* Fills times[w][r]: nanoseconds an operation of works[w] took in round r. */
void measure_in_turn(const struct work *works, int count, double times[WORKS_MAX][ROUNDS]);

#endif
