/*
 * merkle_root.h: the signed root of each day's books. Exports: struct merkle_root,
 * merkle_root_insert(), merkle_root_list(), merkle_root_last(), commit_horizon(),
 * commit_number().
 */
#ifndef FENQI_STORE_MERKLE_ROOT_H
#define FENQI_STORE_MERKLE_ROOT_H

#include "codec/sha256.h"
#include "codec/vault.h"
#include "store/store.h"

struct merkle_root {
    struct day day;
    int64_t count;
    uint8_t previous[SHA256_SIZE];
    uint8_t root[SHA256_SIZE];
    uint8_t signature[SIGNATURE_SIZE];
    uint8_t public_key[PUBLIC_KEY_SIZE];
    struct instant created_at;
};

/* Does nothing when the day has a root. */
enum status merkle_root_insert(struct tx *tx, const struct merkle_root *root) FENQI_MUST_USE;

/* At most `limit` roots of the days after `day`, in order. CORRUPT when one has a wrong size. */
enum status merkle_root_list(struct tx *tx, struct day day, int32_t limit,
    struct merkle_root **roots, size_t *count) FENQI_MUST_USE;

/* *root is NULL when there is none. */
enum status merkle_root_last(struct tx *tx, struct merkle_root **root) FENQI_MUST_USE;

/*
 * Every writer that is still at work has a number of at least commit_horizon(); whoever began to
 * write before this unit has a smaller one than its commit_number(). So once the horizon has
 * reached the number, all of those have ended. Zeros on SQLite, which has one writer.
 */
enum status commit_horizon(struct tx *tx, int64_t *horizon) FENQI_MUST_USE;
enum status commit_number(struct tx *tx, int64_t *number) FENQI_MUST_USE;

#endif
