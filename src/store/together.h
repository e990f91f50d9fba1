/*
 * together.h: the units of a batch side by side on one connection; internal to src/store. Exports:
 * struct together, together_create/destroy/run.
 *
 * For a database whose statements cost a round trip each. Units of different keys run interleaved,
 * each key on a fiber: what they ask at the same time is asked together, one statement a query
 * with an array a parameter; what they write is held back and sent the same way. So a batch of n
 * units costs about as many round trips as one unit of it. A unit that refuses before anything of
 * it was sent leaves no trace; one that refuses after makes the batch fall.
 */
#ifndef FENQI_STORE_TOGETHER_H
#define FENQI_STORE_TOGETHER_H

#include "store/batch.h"

struct together;

/* For batches of up to `limit` units of this committer. Never NULL. */
struct together *together_create(struct committer *committer, size_t limit);

/* NULL is allowed. */
void together_destroy(struct together *together);

/*
 * One transaction for all attempts. STATUS_OK: it is committed (or nothing was to be written), and
 * every unit has its answer. Otherwise nothing was written, and `fault` says what befell the
 * transaction; CONFLICT when it fell because a unit was refused after its writes had been sent.
 */
enum status together_run(struct together *together, struct attempt *attempts, size_t count,
    struct fault *fault) FENQI_MUST_USE;

#endif
