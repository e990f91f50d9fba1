/*
 * rate_words.c: rates as people read them. See rate_words.h.
 */
#include "service/rate_words.h"

#include "base/check.h"

#include <inttypes.h>

enum { DECIMALS_LEAST = 2, DECIMALS_MOST = 7 }; /* a billionth is 0.0000001 % */
#define PERCENT_UNIT INT64_C(10000000)          /* 1 % in parts per billion */

char *percent_words(struct arena *arena, struct rate rate) {
    check(rate.per_billion >= 0);
    int64_t part = rate.per_billion % PERCENT_UNIT;
    int decimals = DECIMALS_MOST;
    while (decimals > DECIMALS_LEAST && part % 10 == 0) {
        part /= 10;
        decimals--;
    }
    return arena_printf(
        arena, "%" PRId64 ".%0*" PRId64 "%%", rate.per_billion / PERCENT_UNIT, decimals, part);
}
