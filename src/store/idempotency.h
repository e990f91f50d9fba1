/*
 * idempotency.h: the same request sent twice is done once. Exports: enum idempotency_scope, enum
 * idempotency_outcome, struct idempotency, idempotency_find(), idempotency_foresee(),
 * idempotency_save(), struct idempotency_place, idempotency_walk(), idempotency_forget().
 *
 * A unit looks the caller's key up first of all, and saves key and answer in one row last, in the
 * same transaction: a refused or failed unit leaves no trace and may be tried again under the same
 * key. Where two units with the same key run at the same time (a shop's, for two customers), the
 * second to save gets CONFLICT, is run again alone and finds the first one's answer.
 */
#ifndef FENQI_STORE_IDEMPOTENCY_H
#define FENQI_STORE_IDEMPOTENCY_H

#include "codec/sha256.h"
#include "store/store.h"

/* Who sent the key; scope_id is their id. Stored facts: never renumber. */
enum idempotency_scope {
    IDEMPOTENCY_CUSTOMER = 1,
    IDEMPOTENCY_SHOP = 2,
    IDEMPOTENCY_STAFF = 3,
};

enum idempotency_outcome {
    IDEMPOTENCY_NEW,      /* go on, then idempotency_save() */
    IDEMPOTENCY_REPEATED, /* the same request was answered before: send that answer again */
    IDEMPOTENCY_MISMATCH, /* the key was used for another body: refuse (422) */
};

struct idempotency {
    enum idempotency_scope scope;
    int64_t scope_id;
    const char *key;
    uint8_t body_hash[SHA256_SIZE]; /* of method, path and body */
    int answer_status;              /* REPEATED: as saved */
    const char *answer_body;
};

/* Says what the key was used for and fills in the answer. Writes nothing. */
enum status idempotency_find(
    struct tx *tx, struct idempotency *request, enum idempotency_outcome *outcome) FENQI_MUST_USE;

/* Tells that the unit is going to look the key up (statement_foresee()). */
void idempotency_foresee(struct tx *tx, const struct idempotency *request);

/* Keeps the answer of a key that idempotency_find() called NEW in this transaction. */
enum status idempotency_save(struct tx *tx, const struct idempotency *request, struct instant now,
    int status, const char *body) FENQI_MUST_USE;

/* A place in the order of the keys; {0, 0, ""} is before all of them. */
struct idempotency_place {
    int64_t scope_id;
    int32_t scope;
    const char *key;
};

/*
 * Walks the keys after *at, at most `limit`, and moves *at to the last of them; `count` are how
 * many there were (0: the end), `old` how many of them were used before `before`.
 */
enum status idempotency_walk(struct tx *tx, struct idempotency_place *at, struct instant before,
    int32_t limit, int32_t *count, int32_t *old) FENQI_MUST_USE;

/* Forgets the keys behind `after`, up to and with `last`, that were used before `before`. */
enum status idempotency_forget(struct tx *tx, const struct idempotency_place *after,
    const struct idempotency_place *last, struct instant before, int64_t *deleted) FENQI_MUST_USE;

#endif
