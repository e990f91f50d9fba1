/* stopwatch.c: measuring in turn. Exports what stopwatch.h declares. */
#include "stopwatch.h"

#include "base/check.h"

#include <stdlib.h>
#include <time.h>

int64_t stopwatch_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int by_size(const void *a, const void *b) {
    double one = *(const double *)a;
    double two = *(const double *)b;
    return (one > two) - (one < two);
}

struct spread spread_of(double *samples, int count) {
    qsort(samples, (size_t)count, sizeof *samples, by_size);
    return (struct spread){samples[count / 4], samples[count / 2], samples[count * 3 / 4]};
}

static double time_of(const struct work *work) {
    int64_t spent = 0;
    for (int i = 0; i < work->repetitions; i++) {
        if (work->reset != NULL)
            work->reset(work->context);
        int64_t began = stopwatch_nanoseconds();
        work->run(work->context);
        spent += stopwatch_nanoseconds() - began;
    }
    return (double)spent / work->repetitions / work->operations;
}

void measure_in_turn(const struct work *works, int count, double times[WORKS_MAX][ROUNDS]) {
    check(count <= WORKS_MAX);
    for (int w = 0; w < count; w++)
        time_of(&works[w]); /* warms the caches */
    for (int r = 0; r < ROUNDS; r++)
        for (int w = 0; w < count; w++)
            times[w][r] = time_of(&works[w]);
}
