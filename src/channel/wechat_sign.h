/*
 * wechat_sign.h: who signed what at WeChat Pay APIv3. Exports: struct wechat_keys, the strings that
 * are signed, wechat_authorization(), wechat_verify().
 *
 * A request is signed over METHOD, path with query, timestamp, nonce and body, each with a line
 * feed after it, the last included; answers and notifications over timestamp, nonce and body. The
 * key that verifies is found by the serial that the message names: platform certificates (they
 * rotate) and the merchant's copy of WeChat Pay's public key.
 */
#ifndef FENQI_CHANNEL_WECHAT_SIGN_H
#define FENQI_CHANNEL_WECHAT_SIGN_H

#include "channel/config.h"
#include "channel/exchange.h"

enum { WECHAT_SKEW_MAX_S = 300 };

/* The keys that may have signed what WeChat Pay says, by serial. Shared by threads. */
struct wechat_keys;

struct wechat_keys *wechat_keys_create(const struct wechat_config *config);
void wechat_keys_destroy(struct wechat_keys *keys);

/* Adds a downloaded certificate's key (owned from here on); a serial known already is left alone.
 */
void wechat_keys_add(struct wechat_keys *keys, const char *serial, struct rsa_key *key);
bool wechat_keys_know(struct wechat_keys *keys, const char *serial);

/* METHOD\npath\ntimestamp\nnonce\nbody\n */
struct bytes wechat_request_message(struct arena *arena, const char *method, const char *path,
    const char *timestamp, const char *nonce, struct bytes body);

/* timestamp\nnonce\nbody\n */
struct bytes wechat_answer_message(
    struct arena *arena, const char *timestamp, const char *nonce, struct bytes body);

/* The value of the Authorization header of one request. */
enum status wechat_authorization(struct arena *arena, const struct wechat_config *config,
    const char *method, const char *path, struct bytes body, struct instant now, const char *nonce,
    const char **header, struct fault *fault) FENQI_MUST_USE;

enum wechat_verdict {
    WECHAT_GENUINE,
    WECHAT_UNSIGNED,       /* a header of the signature is missing or malformed */
    WECHAT_PROBE,          /* WECHATPAY/SIGNTEST/: WeChat tests whether we verify at all */
    WECHAT_STALE,          /* more than five minutes from now */
    WECHAT_SERIAL_UNKNOWN, /* signed by a key that we do not have (yet) */
    WECHAT_FORGED,
};

/* Verifies the raw bytes of an answer or a notification. */
enum wechat_verdict wechat_verify(struct wechat_keys *keys, struct arena *arena,
    const struct channel_header *headers, size_t header_count, struct bytes body,
    struct instant now);

/* One line for the log. */
const char *wechat_verdict_text(enum wechat_verdict verdict);

/*
 * Opens a {algorithm, ciphertext, nonce, associated_data} object with the APIv3 key. False when it
 * is anything else, or does not decrypt.
 */
struct json_value;
bool wechat_open_resource(struct arena *arena, struct bytes api_v3_key,
    const struct json_value *resource, struct bytes *plain);

#endif
