/*
 * keys.h: who the sandbox is and who the merchant is. Exports struct keys, keys_open(),
 * keys_write_merchant_file().
 *
 * Made once per data folder, kept in `keys.json` (mode 0600). What a merchant would receive from
 * the providers is written to merchant/channels.json; docs/channels/sandbox.md has the format.
 */
#ifndef FENQI_SANDBOX_KEYS_H
#define FENQI_SANDBOX_KEYS_H

#include "base/day.h"
#include "sandbox/crypto.h"

struct keys {
    struct arena *arena; /* owns the texts */
    const char *mchid;
    const char *appid;
    const char *api_v3_key;
    const char *member_id;
    const char *terminal_id;
    const char *merchant_serial;
    const char *platform_serial;
    const char *public_key_id;
    EVP_PKEY *wechat_merchant;
    X509 *wechat_merchant_certificate;
    EVP_PKEY *platform;
    X509 *platform_certificate;
    EVP_PKEY *platform_public; /* the key pair of the public-key mode */
    EVP_PKEY *card_merchant;
    X509 *card_merchant_certificate;
    EVP_PKEY *acquirer;
    X509 *acquirer_certificate;
};

/* Loads keys.json from `folder` or makes it. */
enum status keys_open(
    struct keys *out, const char *folder, struct instant now, struct fault *fault);
void keys_close(struct keys *keys);

/* Writes folder/merchant/channels.json, atomically. */
enum status keys_write_merchant_file(
    const struct keys *keys, const char *folder, const char *base_url, struct fault *fault);

#endif
