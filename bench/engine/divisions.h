/*
 * divisions.h: 128-bit divisions that a piece of work makes. Exports: struct divisions,
 * divisions_of().
 *
 * The linker's --wrap puts our functions between the engine and the compiler's __divti3 and its
 * kin. While a count is on they write down the operands; the same operands are then divided again,
 * each after the one before, and timed without the rest of the work.
 */
#ifndef FENQI_BENCH_ENGINE_DIVISIONS_H
#define FENQI_BENCH_ENGINE_DIVISIONS_H

#include "stopwatch.h"

struct divisions {
    double count;       /* an operation */
    double nanoseconds; /* an operation */
};

struct divisions divisions_of(const struct work *work);

#endif
