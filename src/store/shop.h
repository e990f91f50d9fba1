/*
 * shop.h: shops and their API keys. Exports: struct shop and its queries.
 *
 * Only the SHA-256 (hex) of an API key is stored; the webhook secret is kept sealed by its writer.
 */
#ifndef FENQI_STORE_SHOP_H
#define FENQI_STORE_SHOP_H

#include "store/store.h"

struct shop {
    int64_t shop_id;
    const char *code; /* how commands and import files name it, e.g. "demo" */
    const char *name;
    const char *webhook_url; /* NULL: no webhooks */
    struct bytes webhook_secret;
    struct instant created_at;
};

/* Each sets *shop to NULL when there is none. */
enum status shop_by_code(struct tx *tx, const char *code, struct shop **shop) FENQI_MUST_USE;
enum status shop_load(struct tx *tx, int64_t shop_id, struct shop **shop) FENQI_MUST_USE;

/* All shops after `after_id` (0: from the first), at most `limit`. */
enum status shop_list(struct tx *tx, int64_t after_id, int32_t limit, struct shop **shops,
    size_t *count) FENQI_MUST_USE;

/* The shop of an API key's hash (64 hex characters); revoked keys find nothing. */
enum status shop_by_key(struct tx *tx, const char *key_hash, struct shop **shop) FENQI_MUST_USE;

/* CONFLICT when the code stands already. */
enum status shop_insert(struct tx *tx, const struct shop *shop) FENQI_MUST_USE;
enum status shop_key_insert(
    struct tx *tx, const char *key_hash, int64_t shop_id, struct instant created_at) FENQI_MUST_USE;

/* *revoked: whether there was such a key still in use. */
enum status shop_key_revoke(
    struct tx *tx, const char *key_hash, struct instant now, bool *revoked) FENQI_MUST_USE;

#endif
