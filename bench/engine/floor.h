/*
 * floor.h: the yardstick of the engine's benchmarks. Exports: struct floor_terms, struct
 * floor_plan, floor_build().
 *
 * What a plan of equal instalments costs when nobody cares for the last fen: double precision, no
 * rounding, no calendar, no call to pow(). It discounts period by period, as the engine does, and
 * uses nothing that holds only because all periods are alike.
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
