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

void merkle_add(struct merkle *merkle, struct bytes leaf) {
    static const uint8_t mark[1] = {0};
    uint8_t node[SHA256_SIZE];
    sha256_two((struct bytes){mark, 1}, leaf, node);
    int level = 0;
    for (; (merkle->count >> level & 1) != 0; level++)
        hash_pair(merkle->nodes[level], node, node);
    check(level < MERKLE_LEVELS);
    memcpy(merkle->nodes[level], node, SHA256_SIZE);
    merkle->count++;
}

void merkle_root(const struct merkle *merkle, uint8_t root[SHA256_SIZE]) {
    bool begun = false;
    if (merkle->count == 0)
        sha256((struct bytes){root, 0}, root);
    for (int level = 0; level < MERKLE_LEVELS; level++) {
        if ((merkle->count >> level & 1) == 0)
            continue;
        if (begun)
            hash_pair(merkle->nodes[level], root, root);
        else
            memcpy(root, merkle->nodes[level], SHA256_SIZE);
        begun = true;
    }
}
