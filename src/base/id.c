/* id.c: time-ordered ids. Exports what id.h declares. */
#include "base/id.h"

#include "base/check.h"

enum { COUNTER_BITS = 15, NODE_BITS = 6, TIME_SHIFT = COUNTER_BITS + NODE_BITS };
#define ID_EPOCH_US (INT64_C(1577836800) * US_PER_SECOND) /* 2020-01-01 UTC */
#define COUNTER_MASK ((INT64_C(1) << COUNTER_BITS) - 1)

_Static_assert(ID_NODES == 1 << NODE_BITS, "node");
_Static_assert(ID_STARTS <= 1 << (COUNTER_BITS - 1), "at least half of the counter is left");

static int64_t compose(int64_t ms, int32_t node, int64_t counter) {
    return ms << TIME_SHIFT | (int64_t)node << COUNTER_BITS | counter;
}

int64_t id_next(struct id_source *source, struct instant now) {
    check(source->node >= 0 && source->node < ID_NODES);
    check(source->start >= 0 && source->start < ID_STARTS);
    check(now.us >= ID_EPOCH_US);
    int64_t ms = (now.us - ID_EPOCH_US) / 1000;
    int64_t last_ms = source->last >> TIME_SHIFT;
    int64_t counter = source->start;
    if (ms <= last_ms) {
        ms = last_ms;
        counter = (source->last & COUNTER_MASK) + 1;
        if (counter > COUNTER_MASK) {
            ms++;
            counter = source->start;
        }
    }
    source->last = compose(ms, source->node, counter);
    return source->last;
}

struct instant id_time(int64_t id) {
    return (struct instant){(id >> TIME_SHIFT) * 1000 + ID_EPOCH_US};
}
