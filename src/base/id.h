/*
 * id.h: ids made by the server. Exports: struct id_source, id_next(), id_time().
 *
 * 63 bits: 42 bits of milliseconds since 2020-01-01 UTC (139 years), 6 bits of the process's node
 * number, 15 bits of a counter. Ids of one source only grow; a clock that goes back does not make
 * them go back.
 */
#ifndef FENQI_BASE_ID_H
#define FENQI_BASE_ID_H

#include "base/day.h"

struct id_source {
    int32_t node; /* 0..63, unlike in processes that share a database */
    int64_t last;
};

/* The next id at `now`. Not thread-safe: one source per thread or a lock around it. */
int64_t id_next(struct id_source *source, struct instant now);

/* When an id was made, to the millisecond. */
struct instant id_time(int64_t id);

#endif
