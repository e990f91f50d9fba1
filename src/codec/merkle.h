/*
 * merkle.h: one hash over a list of leaves, by which a single leaf can be proven (RFC 6962, section
 * 2.1). Exports: struct merkle, merkle_add(), merkle_root().
 *
 * Starts as all zero. Leaves are added one by one; of what came before only one hash a level is
 * kept.
 */
#ifndef FENQI_CODEC_MERKLE_H
#define FENQI_CODEC_MERKLE_H

#include "codec/sha256.h"

enum { MERKLE_LEVELS = 62 };

struct merkle {
    int64_t count;                             /* leaves so far */
    uint8_t nodes[MERKLE_LEVELS][SHA256_SIZE]; /* of whole subtrees, one for each bit of count */
};

void merkle_add(struct merkle *merkle, struct bytes leaf);

/* The root over the leaves so far; more may be added afterwards. */
void merkle_root(const struct merkle *merkle, uint8_t root[SHA256_SIZE]);

#endif
