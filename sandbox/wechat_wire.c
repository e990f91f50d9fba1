/*
 * wechat_wire.c: signatures, errors and notifications of WeChat Pay APIv3. Exports
 * wechat_sign_answer(), wechat_error(), wechat_notification() of wechat.h and wechat_verify() of
 * wechat_wire.h.
 */
#include "sandbox/wechat_wire.h"

#include "base/json_write.h"
#include "sandbox/wechat.h"

#include <stdlib.h>
#include <string.h>

#define SCHEME "WECHATPAY2-SHA256-RSA2048"

enum { CLOCK_SKEW_SECONDS = 300, STALE_SECONDS = 900 };

/* The value of name="value" in the header; NULL when it is not there exactly once. */
static const char *parameter(struct arena *arena, const char *header, const char *name) {
    const char *found = NULL;
    size_t name_length = strlen(name);
    for (const char *at = header; *at != '\0';) {
        while (*at == ' ' || *at == ',')
            at++;
        const char *equals = strchr(at, '=');
        if (equals == NULL || equals[1] != '"')
            return NULL;
        const char *end = strchr(equals + 2, '"');
        if (end == NULL)
            return NULL;
        if ((size_t)(equals - at) == name_length && strncmp(at, name, name_length) == 0) {
            if (found != NULL)
                return NULL;
            found = arena_text_n(arena, equals + 2, (size_t)(end - equals - 2));
        }
        at = end + 1;
    }
    return found;
}

const char *wechat_verify(struct sandbox *sandbox, const struct request *request) {
    struct arena *arena = request->arena;
    const char *header = request_header(request, "Authorization");
    if (header == NULL || strncmp(header, SCHEME " ", sizeof SCHEME) != 0)
        return "Http头Authorization缺失或认证类型不正确";
    header += sizeof SCHEME;
    const char *mchid = parameter(arena, header, "mchid");
    const char *nonce = parameter(arena, header, "nonce_str");
    const char *signature = parameter(arena, header, "signature");
    const char *timestamp = parameter(arena, header, "timestamp");
    const char *serial = parameter(arena, header, "serial_no");
    int64_t seconds;
    struct bytes raw;
    if (mchid == NULL || nonce == NULL || signature == NULL || serial == NULL ||
        !integer_read(timestamp, &seconds))
        return "Http头Authorization值格式错误";
    if (strcmp(mchid, sandbox->keys.mchid) != 0)
        return "商户号不存在";
    if (strcmp(serial, sandbox->keys.merchant_serial) != 0)
        return "商户证书序列号有误";
    if (llabs(request->now.us / US_PER_SECOND - seconds) > CLOCK_SKEW_SECONDS)
        return "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟";
    if (!base64_decode(arena, signature, strlen(signature), &raw))
        return "签名不是Base64";
    struct builder message = builder_start(arena, request->body.length + 256);
    builder_printf(
        &message, "%s\n%s\n%s\n%s\n", request->method, request->target, timestamp, nonce);
    builder_add_n(&message, (const char *)request->body.at, request->body.length);
    builder_add(&message, "\n");
    if (!rsa_verify(sandbox->keys.wechat_merchant, DIGEST_SHA256, builder_bytes(&message), raw))
        return "错误的签名，验签失败";
    return NULL;
}

/* Base64 signature over timestamp, nonce and body, each ended by a line feed. */
static char *platform_signature(struct arena *arena, EVP_PKEY *key, const char *timestamp,
    const char *nonce, struct bytes body) {
    struct builder message = builder_start(arena, body.length + 128);
    builder_printf(&message, "%s\n%s\n", timestamp, nonce);
    builder_add_n(&message, (const char *)body.at, body.length);
    builder_add(&message, "\n");
    return base64_encode(arena, rsa_sign(arena, key, DIGEST_SHA256, builder_bytes(&message)));
}

static void spoil(char *signature) {
    signature[7] = signature[7] == 'A' ? 'B' : 'A';
}

void wechat_sign_answer(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct arena *arena = request->arena;
    const char *wanted = request_header(request, "Wechatpay-Serial");
    bool public_key = wanted != NULL && strcmp(wanted, sandbox->keys.public_key_id) == 0;
    EVP_PKEY *key = public_key ? sandbox->keys.platform_public : sandbox->keys.platform;
    char *timestamp = arena_printf(arena, "%lld", (long long)(request->now.us / US_PER_SECOND));
    char *nonce = random_text(arena, 32);
    char *signature = platform_signature(arena, key, timestamp, nonce, answer->body);
    if (answer->forge_signature)
        spoil(signature);
    answer_header(answer, "Wechatpay-Nonce", nonce);
    answer_header(answer, "Wechatpay-Signature", signature);
    answer_header(answer, "Wechatpay-Timestamp", timestamp);
    answer_header(answer, "Wechatpay-Serial",
        public_key ? sandbox->keys.public_key_id : sandbox->keys.platform_serial);
    answer_header(answer, "Wechatpay-Signature-Type", SCHEME);
}

void wechat_error(const struct request *request, struct answer *answer, int status,
    const char *code, const char *message, const char *number) {
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "code", code);
    json_string(&json, "message", message);
    json_close(&json);
    answer_text(answer, status, "application/json; charset=utf-8", json_text(&json));
    answer_header(answer, "Request-ID",
        arena_printf(request->arena, "08%s-%s", random_text(request->arena, 30), number));
}

/* The resource with another amount or merchant, for a forgery. */
static const char *altered(struct arena *arena, const char *payload, const char *forge) {
    const char *mark = strcmp(forge, "amount") == 0     ? "\"total\":"
                       : strcmp(forge, "merchant") == 0 ? "\"mchid\":\""
                                                        : NULL;
    const char *at = mark == NULL ? NULL : strstr(payload, mark);
    if (at == NULL)
        return payload;
    char *changed = arena_text(arena, payload);
    char *digit = changed + (at - payload) + strlen(mark);
    *digit = *digit == '9' ? '8' : (char)(*digit + 1);
    return changed;
}

static const char *summary(const char *event) {
    if (strcmp(event, "TRANSACTION.SUCCESS") == 0)
        return "支付成功";
    if (strcmp(event, "REFUND.SUCCESS") == 0)
        return "退款成功";
    return strcmp(event, "REFUND.CLOSED") == 0 ? "退款关闭" : "退款异常";
}

static char *notification_body(struct sandbox *sandbox, struct arena *arena, const char *event_id,
    const char *event, const char *payload, struct instant created) {
    const char *kind = strncmp(event, "REFUND", 6) == 0 ? "refund" : "transaction";
    char *nonce = random_text(arena, 12);
    struct bytes sealed = gcm_seal(arena, bytes_of_text(sandbox->keys.api_v3_key),
        bytes_of_text(nonce), bytes_of_text(kind), bytes_of_text(payload));
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "id", event_id);
    json_string(&json, "create_time", instant_offset(arena, created));
    json_string(&json, "resource_type", "encrypt-resource");
    json_string(&json, "event_type", event);
    json_string(&json, "summary", summary(event));
    json_open(&json, "resource", '{');
    json_string(&json, "original_type", kind);
    json_string(&json, "algorithm", "AEAD_AES_256_GCM");
    json_string(&json, "ciphertext", base64_encode(arena, sealed));
    json_string(&json, "associated_data", kind);
    json_string(&json, "nonce", nonce);
    json_close(&json);
    json_close(&json);
    return json_text(&json);
}

void wechat_notification(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *event_id, const char *event, const char *payload, const char *forge,
    struct instant created, struct outgoing *out) {
    bool public_key = sandbox->options.notify_by_public_key;
    EVP_PKEY *key = public_key ? sandbox->keys.platform_public : sandbox->keys.platform;
    int64_t seconds = now.us / US_PER_SECOND;
    if (strcmp(forge, "stale") == 0)
        seconds -= STALE_SECONDS;
    char *timestamp = arena_printf(arena, "%lld", (long long)seconds);
    char *nonce = random_text(arena, 32);
    char *body =
        notification_body(sandbox, arena, event_id, event, altered(arena, payload, forge), created);
    char *signature = platform_signature(arena, key, timestamp, nonce, bytes_of_text(body));
    if (strcmp(forge, "signature") == 0)
        spoil(signature);
    out->body = bytes_of_text(body);
    if (strcmp(forge, "truncated") == 0)
        out->body.length /= 2;
    out->content_type = "application/json";
    out->header_count = 0;
    out->headers[out->header_count++] = (struct field){"Wechatpay-Nonce", nonce};
    out->headers[out->header_count++] = (struct field){"Wechatpay-Signature", signature};
    out->headers[out->header_count++] = (struct field){"Wechatpay-Timestamp", timestamp};
    out->headers[out->header_count++] = (struct field){"Wechatpay-Serial",
        public_key ? sandbox->keys.public_key_id : sandbox->keys.platform_serial};
    out->headers[out->header_count++] = (struct field){"Wechatpay-Signature-Type", SCHEME};
    out->headers[out->header_count++] = (struct field){"User-Agent", "Mozilla/4.0"};
}
