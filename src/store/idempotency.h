/*
 * idempotency.h: the same request sent twice is done once. Exports: enum idempotency_scope, enum
 * idempotency_outcome, struct idempotency, idempotency_reserve(), idempotency_save_answer(),
 * idempotency_delete_before().
 *
 * A unit reserves the caller's key first of all, and saves its answer last, in the same
 * transaction: a refused or failed unit leaves no trace and may be tried again under the same key.
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
    IDEMPOTENCY_NEW,      /* go on, then idempotency_save_answer() */
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

/* Reserves the key, or says what it was used for and fills in the answer. */
enum status idempotency_reserve(struct tx *tx, struct idempotency *request, struct instant now,
    enum idempotency_outcome *outcome) FENQI_MUST_USE;

/* Keeps the answer of a key reserved in this transaction. */
enum status idempotency_save_answer(
    struct tx *tx, const struct idempotency *request, int status, const char *body) FENQI_MUST_USE;

/* Forgets keys reserved before `before`; *deleted may be NULL. */
enum status idempotency_delete_before(
    struct tx *tx, struct instant before, int64_t *deleted) FENQI_MUST_USE;

#endif
