/*
 * audit.h: who did what to whose data. Exports: enum actor_kind, struct audit_record,
 * audit_insert(), audit_of_customer().
 */
#ifndef FENQI_STORE_AUDIT_H
#define FENQI_STORE_AUDIT_H

#include "store/store.h"

/* Stored facts: never renumber. */
enum actor_kind {
    ACTOR_CUSTOMER = 1,
    ACTOR_SHOP = 2,
    ACTOR_STAFF = 3,
    ACTOR_SYSTEM = 4,
};

struct audit_record {
    int64_t customer_id; /* whose data; 0: nobody's */
    int64_t audit_id;
    enum actor_kind actor_kind;
    int64_t actor_id;
    const char *action;  /* "extension_decided" */
    const char *subject; /* the public number or name of the thing; never personal data */
    const char *detail;  /* JSON or NULL; never secrets or personal data */
    struct instant created_at;
};

struct audit_list {
    struct audit_record *items; /* newest first, in the unit's arena */
    size_t count;
};

/* Writes a record; audit_id is made by tx_new_id() when it is 0. */
enum status audit_insert(struct tx *tx, const struct audit_record *record) FENQI_MUST_USE;

/* At most `limit` records of a customer's data older than audit_id `before` (0: the newest). */
enum status audit_of_customer(struct tx *tx, int64_t customer_id, int64_t before, int32_t limit,
    struct audit_list *list) FENQI_MUST_USE;

#endif
