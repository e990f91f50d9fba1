/* merkle.c: hash trees over lists. See merkle.h. */
#include "codec/merkle.h"

#include "base/check.h"

#include <string.h>

static void hash_pair(
    const uint8_t left[SHA256_SIZE], const uint8_t right[SHA256_SIZE], uint8_t out[SHA256_SIZE]) {
    uint8_t head[1 + SHA256_SIZE] = {1};
    memcpy(head + 1, left, SHA256_SIZE);
    sha256_two((struct bytes){head, sizeof head}, (struct bytes){right, SHA256_SIZE}, out);
}

/* Joins the whole subtree of `level` with what stands right of it, in `node`. */
static void join(const struct merkle *merkle, int level, uint8_t node[SHA256_SIZE], bool *inside,
    struct merkle_proof *proof) {
    const uint8_t *left = merkle->nodes[level];
    if (proof != NULL && (*inside || proof->level == level)) {
        check(proof->length < MERKLE_LEVELS);
        memcpy(proof->path[proof->length++], *inside ? left : node, SHA256_SIZE);
        *inside = true;
    }
    hash_pair(left, node, node);
}

void merkle_add(struct merkle *merkle, struct bytes leaf) {
    static const uint8_t mark[1] = {0};
    uint8_t node[SHA256_SIZE];
    struct merkle_proof *proof = merkle->proof;
    bool inside = proof != NULL && proof->index == merkle->count;
    sha256_two((struct bytes){mark, 1}, leaf, node);
    int level = 0;
    for (; (merkle->count >> level & 1) != 0; level++)
        join(merkle, level, node, &inside, proof);
    check(level < MERKLE_LEVELS);
    memcpy(merkle->nodes[level], node, SHA256_SIZE);
    if (inside)
        proof->level = level;
    merkle->count++;
}

void merkle_prove_next(struct merkle *merkle, struct merkle_proof *proof) {
    *proof = (struct merkle_proof){.index = merkle->count, .level = -1};
    merkle->proof = proof;
}

/* From the smallest whole subtree to the largest. */
static void fold(
    const struct merkle *merkle, uint8_t root[SHA256_SIZE], struct merkle_proof *proof) {
    bool begun = false, inside = false;
    if (merkle->count == 0)
        sha256((struct bytes){root, 0}, root);
    for (int level = 0; level < MERKLE_LEVELS; level++) {
        if ((merkle->count >> level & 1) == 0)
            continue;
        if (begun) {
            join(merkle, level, root, &inside, proof);
        } else {
            memcpy(root, merkle->nodes[level], SHA256_SIZE);
            inside = proof != NULL && proof->level == level;
        }
        begun = true;
    }
}

void merkle_root(const struct merkle *merkle, uint8_t root[SHA256_SIZE]) {
    fold(merkle, root, NULL);
}

void merkle_end(struct merkle *merkle, uint8_t root[SHA256_SIZE]) {
    fold(merkle, root, merkle->proof);
    merkle->proof = NULL;
}
