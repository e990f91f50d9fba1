/*
 * prove_entry.h: that a payment stands in the books of a day, for somebody who does not trust us.
 * Exports: struct proven_entry, struct entry_proofs, load_proofs(), write_proof().
 *
 * A proof holds the entry itself, the hash of the one before it in its chain, the audit path of
 * RFC 6962 from the entry's hash to the day's root, and the signed statement of the day (see
 * seal_day.h). It tells nothing of anybody else's entries. docs/proof.md says how it is checked,
 * tools/check_proof.py does it without a line of ours.
 */
#ifndef FENQI_SERVICE_PROVE_ENTRY_H
#define FENQI_SERVICE_PROVE_ENTRY_H

#include "service/seal_day.h"

struct proven_entry {
    struct journal_row row;
    uint8_t before[SHA256_SIZE]; /* hash of the entry before it; zeros: it is the first */
    bool sealed;                 /* its day has a signed root; */
    struct merkle_root seal;
    struct day_tree tree; /* grow_day_tree() it until done */
};

struct entry_proofs {
    int64_t customer_id, source_id;
    struct proven_entry *entries; /* in the order of their keys; memory of the unit's arena */
    size_t count, room;
    uint8_t hash[SHA256_SIZE]; /* of the entry before, while they are read */
};

/* Loads the entries that `source_id` of a customer caused, and the seals of their days. */
enum status load_proofs(struct tx *tx, struct entry_proofs *proofs) FENQI_MUST_USE;

/* The proof of a sealed entry whose tree is done, as JSON; NULL when the tree is not the seal's. */
const char *write_proof(struct arena *arena, struct proven_entry *entry);

#endif
