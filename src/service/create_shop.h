/*
 * create_shop.h: a shop joins. Exports: struct new_shop, struct shop_secrets, create_shop().
 */
#ifndef FENQI_SERVICE_CREATE_SHOP_H
#define FENQI_SERVICE_CREATE_SHOP_H

#include "codec/vault.h"
#include "store/shop.h"

struct new_shop {
    const char *code; /* a-z 0-9 and '-', unlike in other shops */
    const char *name;
    const char *webhook_url; /* NULL: no webhooks */
    const char *key_prefix;  /* what its API keys begin with, e.g. "fenqi_live_" */
};

/* Shown once and never again: only a hash of the one and a sealed copy of the other are kept. */
struct shop_secrets {
    int64_t shop_id;
    const char *api_key;
    const char *webhook_secret; /* "whsec_…", Standard Webhooks */
};

/* *taken is true, and nothing was written, when the code stands already. */
enum status create_shop(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct new_shop *command, struct shop_secrets *secrets, bool *taken) FENQI_MUST_USE;

#endif
