/*
 * storage_health.h: whether the database takes writes. Exports: struct storage_health,
 * storage_health_note(), storage_health_ask().
 *
 * A full or read-only disk is seen by who writes, while reading goes on. The outcome of the last
 * write is kept; while it was bad, each question sends a write of its own ahead, so that the state
 * ends by itself when the disk is well again, also when nobody else writes any more. Damage stays:
 * other pages may read well, and whether the books are whole is for `fenqi verify` to say.
 */
#ifndef FENQI_API_STORAGE_HEALTH_H
#define FENQI_API_STORAGE_HEALTH_H

#include "store/store.h"

#include <stdatomic.h>

/* All zeros at the start. */
struct storage_health {
    atomic_bool damaged;    /* a read or a write met damage: nothing but a restart ends that */
    _Atomic int trouble;    /* enum status of the last write; STATUS_OK when it went well */
    atomic_flag probe_busy; /* the probe belongs to the store */
    struct unit probe;
};

/* Told how each unit ended. A refusal of the queue is told as STATUS_OK: the disk is not to blame.
 */
void storage_health_note(struct storage_health *health, enum status status);

/* STATUS_OK, or what is wrong with writing; then a probe is on its way. Thread-safe. */
enum status storage_health_ask(struct storage_health *health, struct store *store);

#endif
