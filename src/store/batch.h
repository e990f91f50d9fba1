/*
 * batch.h: one unit of a batch in work; internal to src/store. Exports: struct attempt,
 * attempt_run(), attempt_is_kept().
 */
#ifndef FENQI_STORE_BATCH_H
#define FENQI_STORE_BATCH_H

#include "store/store_internal.h"

struct hook;
struct lane;

struct attempt {
    struct unit *unit;
    struct hook *hooks; /* what is called once the unit is committed */
    bool wrote;         /* in the transaction, kept or not */
    bool again;         /* to be run alone after the batch */
};

/*
 * Runs the unit's function in the open transaction; its writes are then to be kept or undone.
 * `lane`: NULL when the unit runs by itself. `scratch`: lent to one of the background for as long
 * as it runs.
 */
void attempt_run(
    struct committer *committer, struct attempt *attempt, struct lane *lane, struct arena *scratch);

/* Whether the unit's writes are to be kept: it ended well and did not refuse. */
bool attempt_is_kept(const struct attempt *attempt);

#endif
