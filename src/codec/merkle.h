/*
 * merkle.h: one hash over a list of leaves, by which a single leaf can be proven (RFC 6962, section
 * 2.1). Exports: struct merkle, struct merkle_proof, merkle_add(), merkle_root(),
 * merkle_prove_next(), merkle_end().
 *
 * Starts as all zero. Leaves are added one by one; of what came before only one hash a level is
 * kept.
 */
#ifndef FENQI_CODEC_MERKLE_H
#define FENQI_CODEC_MERKLE_H

#include "codec/sha256.h"

enum { MERKLE_LEVELS = 62 };

/* The audit path of one leaf: its neighbours from the leaf up to the root. */
struct merkle_proof {
    int64_t index; /* of the leaf, from 0 */
    int32_t length;
    int32_t level; /* of the subtree that the leaf is in so far; -1: it was not added yet */
    uint8_t path[MERKLE_LEVELS][SHA256_SIZE];
};

struct merkle {
    int64_t count;                             /* leaves so far */
    uint8_t nodes[MERKLE_LEVELS][SHA256_SIZE]; /* of whole subtrees, one for each bit of count */
    struct merkle_proof *proof;                /* of the leaf that is to be proven; NULL: none */
};

void merkle_add(struct merkle *merkle, struct bytes leaf);

/* The root over the leaves so far; more may be added afterwards. */
void merkle_root(const struct merkle *merkle, uint8_t root[SHA256_SIZE]);

/* The leaf that is added next is the one whose path is wanted; *proof is whole at merkle_end(). */
void merkle_prove_next(struct merkle *merkle, struct merkle_proof *proof);

/* The root over all leaves; nothing may be added afterwards. */
void merkle_end(struct merkle *merkle, uint8_t root[SHA256_SIZE]);

#endif
