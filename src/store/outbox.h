/*
 * outbox.h: what is to be done outside, written down in the transaction that decided it. Exports:
 * enum outbox_lane, struct outbox_item, struct outbox_take, outbox_insert(), outbox_take(),
 * outbox_release(), outbox_finish(), outbox_retry(), outbox_give_up(), outbox_next_due().
 *
 * A worker takes due items of its lane under a lease: they become invisible for that long. It does
 * the thing, then finishes the item, or asks for another try later, or gives up. A worker that
 * dies, or is too slow, loses the item to the next one when the lease ends: so what is done must be
 * harmless to do twice (channels know the number that we chose). `attempts` is the lease's proof:
 * an item that somebody else has taken since cannot be finished by the one who took it before.
 */
#ifndef FENQI_STORE_OUTBOX_H
#define FENQI_STORE_OUTBOX_H

#include "store/store.h"

/* One lane a kind of worker, so that a slow one does not hold up the others. Never renumber. */
enum outbox_lane {
    OUTBOX_CHANNEL = 1, /* payment channels */
    OUTBOX_WEBHOOK = 2, /* shops' endpoints */
    OUTBOX_MESSAGE = 3, /* one-time codes, SMS, e-mail */
};

struct outbox_item {
    int64_t customer_id;
    int64_t outbox_id;
    enum outbox_lane lane;
    const char *kind;     /* what is to be done, e.g. "card_debit" */
    struct bytes payload; /* the kind's own; seal what is personal */
    int32_t attempts;     /* times taken, this one included */
    struct instant created_at;
    struct instant next_try_at;
    const char *last_error; /* of the attempt before; NULL at first */
};

struct outbox_batch {
    struct outbox_item *items; /* in the unit's arena */
    size_t count;
};

/* Adds an item, first due at next_try_at; attempts, created_at and last_error are set by this. */
enum status outbox_insert(
    struct tx *tx, const struct outbox_item *item, struct instant now) FENQI_MUST_USE;

/*
 * Takes up to `limit` items of `lane` that are due at `now`, the longest due first, and leases them
 * until now + lease_s. Run it in a unit of key STORE_NO_KEY.
 */
enum status outbox_take(struct tx *tx, enum outbox_lane lane, struct instant now, int32_t lease_s,
    int32_t limit, struct outbox_batch *batch) FENQI_MUST_USE;

/*
 * Makes everything of `lane` due that waits for `within_s` at most: a worker that starts again
 * takes up what its dead predecessor had leased without waiting for the leases to end. Harmless
 * beside other workers, as a second take is.
 */
enum status outbox_release(
    struct tx *tx, enum outbox_lane lane, struct instant now, int32_t within_s) FENQI_MUST_USE;

/* The item is done. *still_ours is false, and nothing changes, when the lease was lost. */
enum status outbox_finish(
    struct tx *tx, const struct outbox_item *item, bool *still_ours) FENQI_MUST_USE;

/* The item shall be tried again at `at`; `error` (NULL allowed) says why. */
enum status outbox_retry(struct tx *tx, const struct outbox_item *item, struct instant at,
    const char *error, bool *still_ours) FENQI_MUST_USE;

/* The item will not be tried again. */
enum status outbox_give_up(struct tx *tx, const struct outbox_item *item, const char *error,
    bool *still_ours) FENQI_MUST_USE;

/* When the next item of the lane is due; {0} when none waits. For the worker's sleep. */
enum status outbox_next_due(
    struct tx *tx, enum outbox_lane lane, struct instant *at) FENQI_MUST_USE;

#endif
