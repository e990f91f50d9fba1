/*
 * wechat_sign.c: signatures of WeChat Pay APIv3, their keys, and the encrypted part of messages.
 */
#include "channel/wechat_sign.h"

#include "base/builder.h"
#include "base/check.h"
#include "codec/aes.h"
#include "codec/json_read.h"
#include "codec/text_bytes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SERIAL_SIZE = 96, KEYS_MAX = 16 };

struct named_key {
    char serial[SERIAL_SIZE];
    struct rsa_key *key;
    bool ours; /* downloaded: freed here; the configured ones belong to the configuration */
};

struct wechat_keys {
    pthread_rwlock_t lock;
    size_t count;
    struct named_key keys[KEYS_MAX];
};

static void put(struct wechat_keys *keys, const char *serial, struct rsa_key *key, bool ours) {
    struct named_key *named = &keys->keys[keys->count++];
    check(strlen(serial) < sizeof named->serial);
    memcpy(named->serial, serial, strlen(serial) + 1);
    named->key = key;
    named->ours = ours;
}

struct wechat_keys *wechat_keys_create(const struct wechat_config *config) {
    struct wechat_keys *keys = calloc(1, sizeof *keys);
    check(keys);
    check(pthread_rwlock_init(&keys->lock, NULL) == 0);
    if (strlen(config->platform_serial) < SERIAL_SIZE)
        put(keys, config->platform_serial, config->platform_key, false);
    if (strlen(config->public_key_id) < SERIAL_SIZE)
        put(keys, config->public_key_id, config->public_key, false);
    return keys;
}

void wechat_keys_destroy(struct wechat_keys *keys) {
    if (!keys)
        return;
    for (size_t i = 0; i < keys->count; i++)
        if (keys->keys[i].ours)
            rsa_free(keys->keys[i].key);
    pthread_rwlock_destroy(&keys->lock);
    free(keys);
}

static struct rsa_key *find(struct wechat_keys *keys, const char *serial) {
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->keys[i].serial, serial) == 0)
            return keys->keys[i].key;
    return NULL;
}

void wechat_keys_add(struct wechat_keys *keys, const char *serial, struct rsa_key *key) {
    pthread_rwlock_wrlock(&keys->lock);
    bool room = keys->count < KEYS_MAX && strlen(serial) < SERIAL_SIZE;
    if (room && !find(keys, serial))
        put(keys, serial, key, true);
    else
        rsa_free(key);
    pthread_rwlock_unlock(&keys->lock);
}

bool wechat_keys_know(struct wechat_keys *keys, const char *serial) {
    pthread_rwlock_rdlock(&keys->lock);
    bool known = find(keys, serial) != NULL;
    pthread_rwlock_unlock(&keys->lock);
    return known;
}

struct bytes wechat_answer_message(
    struct arena *arena, const char *timestamp, const char *nonce, struct bytes body) {
    struct builder text = builder_start(arena, body.length + 64);
    builder_printf(&text, "%s\n%s\n", timestamp, nonce);
    builder_add_n(&text, (const char *)body.at, body.length);
    builder_add_character(&text, '\n');
    return builder_bytes(&text);
}

struct bytes wechat_request_message(struct arena *arena, const char *method, const char *path,
    const char *timestamp, const char *nonce, struct bytes body) {
    struct bytes tail = wechat_answer_message(arena, timestamp, nonce, body);
    struct builder text = builder_start(arena, tail.length + strlen(path) + 16);
    builder_printf(&text, "%s\n%s\n", method, path);
    builder_add_n(&text, (const char *)tail.at, tail.length);
    return builder_bytes(&text);
}

enum status wechat_authorization(struct arena *arena, const struct wechat_config *config,
    const char *method, const char *path, struct bytes body, struct instant now, const char *nonce,
    const char **header, struct fault *fault) {
    const char *timestamp = arena_printf(arena, "%lld", (long long)(now.us / US_PER_SECOND));
    struct bytes message = wechat_request_message(arena, method, path, timestamp, nonce, body);
    struct bytes signature;
    enum status status =
        rsa_sign(config->merchant_key, RSA_SHA256, message, arena, &signature, fault);
    if (status != STATUS_OK)
        return status;
    *header = arena_printf(arena,
        "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",signature=\"%s\","
        "timestamp=\"%s\",serial_no=\"%s\"",
        config->mchid, nonce, base64_write(arena, signature), timestamp, config->merchant_serial);
    return STATUS_OK;
}

/* Seconds since 1970 as WeChat writes them: digits only. */
static bool read_timestamp(const char *text, int64_t *seconds) {
    size_t length = strlen(text);
    if (length == 0 || length > 11 || strspn(text, "0123456789") != length)
        return false;
    *seconds = strtoll(text, NULL, 10);
    return true;
}

enum wechat_verdict wechat_verify(struct wechat_keys *keys, struct arena *arena,
    const struct channel_header *headers, size_t header_count, struct bytes body,
    struct instant now) {
    const char *timestamp = header_value(headers, header_count, "Wechatpay-Timestamp");
    const char *nonce = header_value(headers, header_count, "Wechatpay-Nonce");
    const char *encoded = header_value(headers, header_count, "Wechatpay-Signature");
    const char *serial = header_value(headers, header_count, "Wechatpay-Serial");
    int64_t seconds;
    if (!timestamp || !nonce || !encoded || !serial || !read_timestamp(timestamp, &seconds))
        return WECHAT_UNSIGNED;
    static const char probe[] = "WECHATPAY/SIGNTEST/";
    if (strncmp(encoded, probe, sizeof probe - 1) == 0)
        return WECHAT_PROBE;
    int64_t skew_s = now.us / US_PER_SECOND - seconds;
    if (skew_s > WECHAT_SKEW_MAX_S || skew_s < -WECHAT_SKEW_MAX_S)
        return WECHAT_STALE;
    struct bytes signature;
    if (!base64_read(arena, bytes_of_text(encoded), &signature))
        return WECHAT_FORGED;
    pthread_rwlock_rdlock(&keys->lock);
    const struct rsa_key *key = find(keys, serial);
    pthread_rwlock_unlock(&keys->lock);
    /* Keys are only ever added while the process lives, so the pointer stays good. */
    if (!key)
        return WECHAT_SERIAL_UNKNOWN;
    struct bytes message = wechat_answer_message(arena, timestamp, nonce, body);
    return rsa_verify(key, RSA_SHA256, message, signature) ? WECHAT_GENUINE : WECHAT_FORGED;
}

const char *wechat_verdict_text(enum wechat_verdict verdict) {
    switch (verdict) {
    case WECHAT_GENUINE:
        return "genuine";
    case WECHAT_UNSIGNED:
        return "a signature header is missing or malformed";
    case WECHAT_PROBE:
        return "a probe signature";
    case WECHAT_STALE:
        return "signed more than five minutes from now";
    case WECHAT_SERIAL_UNKNOWN:
        return "signed by an unknown key";
    case WECHAT_FORGED:
        return "the signature does not fit";
    }
    check(false);
    return "";
}

bool wechat_open_resource(struct arena *arena, struct bytes api_v3_key,
    const struct json_value *resource, struct bytes *plain) {
    const char *algorithm = json_member_text(resource, "algorithm");
    const char *cipher = json_member_text(resource, "ciphertext");
    const char *nonce = json_member_text(resource, "nonce");
    const char *associated = json_member_text(resource, "associated_data");
    struct bytes sealed;
    return cipher && nonce && (!algorithm || strcmp(algorithm, "AEAD_AES_256_GCM") == 0) &&
           base64_read(arena, bytes_of_text(cipher), &sealed) &&
           aes_gcm_open(arena, api_v3_key, bytes_of_text(nonce),
               bytes_of_text(associated ? associated : ""), sealed, plain);
}
