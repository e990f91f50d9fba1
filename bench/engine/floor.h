/*
 * floor.h: the yardstick of the engine's benchmarks. Exports: struct floor_terms, struct
 * floor_plan, floor_build().
 *
 * What a plan of equal instalments costs when nobody cares for the last fen: double precision, no
 * rounding, no calendar. It is written to be as fast as plain C gets, so that a ratio to it says
 * what exactness costs and not how clumsy the yardstick is.
 */
#ifndef FENQI_BENCH_ENGINE_FLOOR_H
#define FENQI_BENCH_ENGINE_FLOOR_H

#include <stdint.h>

enum { FLOOR_ROWS_MAX = 60 };

struct floor_terms {
    double principal;
    double annual_rate; /* 0.12 is 12 % */
    int32_t count;
};

struct floor_row {
    double opening;
    double principal;
    double interest;
};

struct floor_plan {
    double level;
    struct floor_row rows[FLOOR_ROWS_MAX];
};

void floor_build(const struct floor_terms *terms, struct floor_plan *plan);

#endif
