/* keys.c: identities and secrets of the simulated world. Exports what keys.h declares. */
#include "sandbox/keys.h"

#include "base/check.h"
#include "base/json_write.h"
#include "sandbox/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes `text` to `path` with mode 0600 so that either the old or the new file is there. */
static enum status write_file(
    struct arena *arena, const char *path, const char *text, struct fault *fault) {
    char *draft = arena_printf(arena, "%s.draft", path);
    int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return fault_set(fault, STATUS_IO, "%s: %s", draft, strerror(errno));
    size_t left = strlen(text);
    bool good = true;
    while (good && left > 0) {
        ssize_t wrote = write(file, text + strlen(text) - left, left);
        good = wrote > 0;
        left -= good ? (size_t)wrote : 0;
    }
    good = good && fsync(file) == 0;
    good = close(file) == 0 && good;
    if (!good || rename(draft, path) != 0)
        return fault_set(fault, STATUS_IO, "%s: %s", path, strerror(errno));
    return STATUS_OK;
}

static enum status make_folder(const char *path, struct fault *fault) {
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, STATUS_IO, "%s: %s", path, strerror(errno));
    return STATUS_OK;
}

static char *random_digits(struct arena *arena, size_t length) {
    char *text = arena_allocate(arena, length + 1);
    for (size_t i = 0; i < length; i++) {
        uint32_t number;
        random_fill(&number, sizeof number);
        text[i] = (char)('0' + number % 10);
    }
    return text;
}

/* A new world: five key pairs, four certificates, the numbers. */
static void make(struct keys *keys, struct instant now) {
    struct arena *arena = keys->arena;
    int64_t from = now.us / US_PER_SECOND - 86400;
    uint8_t appid[8];
    random_fill(appid, sizeof appid);
    keys->mchid = arena_printf(arena, "19%s", random_digits(arena, 8));
    keys->appid = arena_printf(arena, "wx%s", hex_encode(arena, (struct bytes){appid, 8}));
    keys->api_v3_key = random_text(arena, 32);
    keys->member_id = arena_printf(arena, "1000%s", random_digits(arena, 5));
    keys->terminal_id = arena_printf(arena, "2000%s", random_digits(arena, 5));
    keys->public_key_id =
        arena_printf(arena, "PUB_KEY_ID_01%s%s", keys->mchid, random_digits(arena, 22));
    keys->wechat_merchant = key_make();
    keys->platform = key_make();
    keys->platform_public = key_make();
    keys->card_merchant = key_make();
    keys->acquirer = key_make();
    keys->wechat_merchant_certificate =
        certificate_make(keys->wechat_merchant, "Fenqi Sandbox Merchant", keys->mchid, from);
    keys->platform_certificate =
        certificate_make(keys->platform, "Sandbox Wallet", "Sandbox Platform Certificate", from);
    keys->card_merchant_certificate =
        certificate_make(keys->card_merchant, "Fenqi Sandbox Merchant", keys->member_id, from);
    keys->acquirer_certificate =
        certificate_make(keys->acquirer, "Sandbox Acquirer", "Sandbox Acquirer", from);
}

static char *keys_json(struct arena *arena, const struct keys *keys) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "mchid", keys->mchid);
    json_string(&json, "appid", keys->appid);
    json_string(&json, "api_v3_key", keys->api_v3_key);
    json_string(&json, "member_id", keys->member_id);
    json_string(&json, "terminal_id", keys->terminal_id);
    json_string(&json, "public_key_id", keys->public_key_id);
    json_string(&json, "wechat_merchant", key_private_pem(arena, keys->wechat_merchant));
    json_string(&json, "wechat_merchant_certificate",
        certificate_pem(arena, keys->wechat_merchant_certificate));
    json_string(&json, "platform", key_private_pem(arena, keys->platform));
    json_string(&json, "platform_certificate", certificate_pem(arena, keys->platform_certificate));
    json_string(&json, "platform_public", key_private_pem(arena, keys->platform_public));
    json_string(&json, "card_merchant", key_private_pem(arena, keys->card_merchant));
    json_string(&json, "card_merchant_certificate",
        certificate_pem(arena, keys->card_merchant_certificate));
    json_string(&json, "acquirer", key_private_pem(arena, keys->acquirer));
    json_string(&json, "acquirer_certificate", certificate_pem(arena, keys->acquirer_certificate));
    json_close(&json);
    return json_text(&json);
}

static const char *text_member(const struct keys *keys, const struct tree *root, const char *name) {
    return arena_text(keys->arena, tree_text(root, name));
}

static EVP_PKEY *key_member(const struct keys *keys, const struct tree *root, const char *name) {
    const char *pem = text_member(keys, root, name);
    return pem == NULL ? NULL : key_from_private_pem(pem);
}

static X509 *certificate_member(
    const struct keys *keys, const struct tree *root, const char *name) {
    const char *pem = text_member(keys, root, name);
    return pem == NULL ? NULL : certificate_from_pem(pem);
}

static bool load(struct keys *keys, const struct tree *root) {
    keys->mchid = text_member(keys, root, "mchid");
    keys->appid = text_member(keys, root, "appid");
    keys->api_v3_key = text_member(keys, root, "api_v3_key");
    keys->member_id = text_member(keys, root, "member_id");
    keys->terminal_id = text_member(keys, root, "terminal_id");
    keys->public_key_id = text_member(keys, root, "public_key_id");
    keys->wechat_merchant = key_member(keys, root, "wechat_merchant");
    keys->wechat_merchant_certificate =
        certificate_member(keys, root, "wechat_merchant_certificate");
    keys->platform = key_member(keys, root, "platform");
    keys->platform_certificate = certificate_member(keys, root, "platform_certificate");
    keys->platform_public = key_member(keys, root, "platform_public");
    keys->card_merchant = key_member(keys, root, "card_merchant");
    keys->card_merchant_certificate = certificate_member(keys, root, "card_merchant_certificate");
    keys->acquirer = key_member(keys, root, "acquirer");
    keys->acquirer_certificate = certificate_member(keys, root, "acquirer_certificate");
    return keys->mchid != NULL && keys->appid != NULL && keys->api_v3_key != NULL &&
           strlen(keys->api_v3_key) == 32 && keys->member_id != NULL && keys->terminal_id != NULL &&
           keys->public_key_id != NULL && keys->wechat_merchant != NULL &&
           keys->wechat_merchant_certificate != NULL && keys->platform != NULL &&
           keys->platform_certificate != NULL && keys->platform_public != NULL &&
           keys->card_merchant != NULL && keys->card_merchant_certificate != NULL &&
           keys->acquirer != NULL && keys->acquirer_certificate != NULL;
}

enum status keys_open(
    struct keys *out, const char *folder, struct instant now, struct fault *fault) {
    *out = (struct keys){.arena = arena_create(32768)};
    char *path = arena_printf(out->arena, "%s/keys.json", folder);
    enum status status = make_folder(folder, fault);
    if (status != STATUS_OK)
        return status;
    if (access(path, F_OK) != 0) {
        make(out, now);
        status = write_file(out->arena, path, keys_json(out->arena, out), fault);
        if (status != STATUS_OK)
            return status;
    } else {
        SANDBOX_TREE root = tree_load(path);
        if (root == NULL || !load(out, root))
            return fault_set(fault, STATUS_CORRUPT, "%s is not a key file of the sandbox", path);
    }
    out->merchant_serial = certificate_serial(out->arena, out->wechat_merchant_certificate);
    out->platform_serial = certificate_serial(out->arena, out->platform_certificate);
    return STATUS_OK;
}

void keys_close(struct keys *keys) {
    EVP_PKEY_free(keys->wechat_merchant);
    EVP_PKEY_free(keys->platform);
    EVP_PKEY_free(keys->platform_public);
    EVP_PKEY_free(keys->card_merchant);
    EVP_PKEY_free(keys->acquirer);
    X509_free(keys->wechat_merchant_certificate);
    X509_free(keys->platform_certificate);
    X509_free(keys->card_merchant_certificate);
    X509_free(keys->acquirer_certificate);
    arena_destroy(keys->arena);
    *keys = (struct keys){0};
}

static void write_wechat(
    struct json *json, struct arena *arena, const struct keys *keys, const char *base_url) {
    json_open(json, "wechat", '{');
    json_string(json, "api_base_url", base_url);
    json_string(json, "mchid", keys->mchid);
    json_string(json, "appid", keys->appid);
    json_string(json, "merchant_serial", keys->merchant_serial);
    json_string(json, "merchant_private_key_pem", key_private_pem(arena, keys->wechat_merchant));
    json_string(json, "merchant_certificate_pem",
        certificate_pem(arena, keys->wechat_merchant_certificate));
    json_string(json, "api_v3_key", keys->api_v3_key);
    json_string(json, "platform_serial", keys->platform_serial);
    json_string(
        json, "platform_certificate_pem", certificate_pem(arena, keys->platform_certificate));
    json_string(json, "platform_public_key_id", keys->public_key_id);
    json_string(json, "platform_public_key_pem", key_public_pem(arena, keys->platform_public));
    json_close(json);
}

enum status keys_write_merchant_file(
    const struct keys *keys, const char *folder, const char *base_url, struct fault *fault) {
    FENQI_ARENA arena = arena_create(32768);
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "format", "fenqi-channels-1");
    json_string(&json, "mode", "sandbox");
    write_wechat(&json, arena, keys, base_url);
    json_open(&json, "card", '{');
    json_string(&json, "endpoint_url",
        arena_printf(arena, "%s/cutpayment/protocol/backTransRequest", base_url));
    json_string(
        &json, "refund_url", arena_printf(arena, "%s/cutpayment/api/backTransRequest", base_url));
    json_string(&json, "member_id", keys->member_id);
    json_string(&json, "terminal_id", keys->terminal_id);
    json_string(&json, "merchant_private_key_pem", key_private_pem(arena, keys->card_merchant));
    json_string(
        &json, "merchant_certificate_pem", certificate_pem(arena, keys->card_merchant_certificate));
    json_string(
        &json, "acquirer_certificate_pem", certificate_pem(arena, keys->acquirer_certificate));
    json_close(&json);
    json_close(&json);
    char *merchant = arena_printf(arena, "%s/merchant", folder);
    enum status status = make_folder(merchant, fault);
    if (status != STATUS_OK)
        return status;
    return write_file(
        arena, arena_printf(arena, "%s/channels.json", merchant), json_text(&json), fault);
}
