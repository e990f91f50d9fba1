/*
 * id.h: ids made by the server. Exports: struct id_source, ID_NODES, ID_STARTS,
 * id_next(), id_time().
 *
 * 63 bits: 42 bits of milliseconds since 2020-01-01 UTC (139 years), 6 bits of the process's node
 * number, 15 bits of a counter. Ids of one source only grow; a clock that goes back does not make
 * them go back. Two sources that live the same millisecond (a process that starts again after its
 * clock was put back, a command beside the server) are kept apart by where the counter starts.
 */
#ifndef FENQI_BASE_ID_H
#define FENQI_BASE_ID_H

#include "base/day.h"

enum { ID_NODES = 64, ID_STARTS = 1 << 14 };

struct id_source {
    int32_t node;  /* 0..63, unlike in processes that share a database */
    int32_t start; /* 0..ID_STARTS-1, of the counter in each millisecond; best at random */
    int64_t last;
};

/* The next id at `now`. Not thread-safe: one source per thread or a lock around it. */
int64_t id_next(struct id_source *source, struct instant now);

/* When an id was made, to the millisecond. */
struct instant id_time(int64_t id);

#endif
