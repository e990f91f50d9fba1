/*
 * config.h: the merchant file, read once. Exports: struct wechat_config, struct card_config, struct
 * channel_config and reading it. Format: docs/channels/sandbox.md.
 */
#ifndef FENQI_CHANNEL_CONFIG_H
#define FENQI_CHANNEL_CONFIG_H

#include "channel/channel.h"
#include "codec/rsa.h"

struct wechat_config {
    const char *api_base_url;
    const char *mchid, *appid;
    const char *merchant_serial;
    struct rsa_key *merchant_key;
    struct bytes api_v3_key; /* 32 bytes */
    const char *platform_serial;
    struct rsa_key *platform_key; /* of the certificate */
    const char *public_key_id;
    struct rsa_key *public_key;
    const char *notify_url;        /* of payments */
    const char *refund_notify_url; /* of refunds */
};

struct card_config {
    const char *endpoint_url, *refund_url;
    const char *member_id, *terminal_id;
    struct rsa_key *merchant_key;
    struct rsa_key *acquirer_key;
    const char *notify_url;
    const char *refund_notify_url;
};

/* `has_wechat` and `has_card` tell which providers the file names. Everything lives in `arena`. */
struct channel_config {
    enum channel_mode mode;
    bool has_wechat, has_card;
    struct wechat_config wechat;
    struct card_config card;
};

/* Reads the text of a merchant file. INVALID names the member at fault, never its value. */
enum status channel_config_read(struct arena *arena, struct bytes text, const char *notify_base_url,
    enum channel_mode mode, struct channel_config *out, struct fault *fault) FENQI_MUST_USE;

/* Frees the keys. */
void channel_config_release(struct channel_config *config);

#endif
