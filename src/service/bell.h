/*
 * bell.h: wakes a worker of this process when a commit has left it something to do. Exports: enum
 * bell, bell_on_commit(), bell_ring(), bell_pass_on(), bell_wait().
 *
 * Only a hint: a worker also looks by itself every second or so, and another process's worker
 * always does; so a ring that is lost costs a moment and nothing else.
 */
#ifndef FENQI_SERVICE_BELL_H
#define FENQI_SERVICE_BELL_H

#include "store/store.h"

enum bell { BELL_CHANNEL, BELL_WEBHOOK, BELL_DAY_END };
enum { BELL_COUNT = BELL_DAY_END + 1 };

/* Rings when the unit's writes are durable. */
void bell_on_commit(struct tx *tx, enum bell bell);

/* Rings now: wakes every waiter. */
void bell_ring(enum bell bell);

/* Told of each ring of a commit in this process, so that others hear of it; set before any. */
void bell_pass_on(void (*told)(void *context, enum bell bell), void *context);

/* Waits for a ring after the one numbered *seen, at most `timeout_ms`; updates *seen. */
void bell_wait(enum bell bell, uint64_t *seen, int32_t timeout_ms);

#endif
