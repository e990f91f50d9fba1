/*
 * key_sweeper.h: forgets idempotency keys that nobody will send again. Exports: struct
 * key_sweeper, key_sweeper_start(), key_sweeper_stop(), sweep_idempotency_keys(),
 * IDEMPOTENCY_KEPT_S.
 *
 * A request may be repeated under its key for 24 hours (spec/openapi.yaml). The table is walked in
 * the order of its primary key, a piece at a time on a snapshot; only a piece that has old keys
 * costs a unit of work. Several processes may sweep at once.
 */
#ifndef FENQI_JOB_KEY_SWEEPER_H
#define FENQI_JOB_KEY_SWEEPER_H

#include "job/worker_log.h"
#include "store/store.h"

/* How long a key is kept at least: 24 hours. */
enum { IDEMPOTENCY_KEPT_S = 24 * 3600 };

struct key_sweeper;

/* Sweeps once an hour on a thread of its own. Never NULL. */
struct key_sweeper *key_sweeper_start(struct store *store, struct worker_log log);

/* Ends within a piece; NULL is allowed. */
void key_sweeper_stop(struct key_sweeper *sweeper);

/*
 * One walk over all keys: forgets those used more than IDEMPOTENCY_KEPT_S before `now`. Between two
 * pieces of `piece` keys go_on(context) may end it early (NULL: never).
 */
enum status sweep_idempotency_keys(struct store *store, struct instant now, int32_t piece,
    bool (*go_on)(void *context), void *context, int64_t *forgotten,
    struct fault *fault) FENQI_MUST_USE;

#endif
