/* card_wire.c: the acquirer's messages. Exports what card_wire.h declares. */
#include "sandbox/card_wire.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

/* Codes and words of the acquirer's table of business answers (the ones this sandbox uses). */
static const struct field messages[] = {
    {"0000", "交易成功"},
    {"BF00100", "系统异常，请联系宝付"},
    {"BF00101", "持卡人信息有误"},
    {"BF00102", "银行卡已过有效期，请联系发卡行"},
    {"BF00103", "账户余额不足"},
    {"BF00104", "交易金额超限"},
    {"BF00105", "短信验证码错误"},
    {"BF00106", "短信验证码失效"},
    {"BF00108", "交易失败，请联系发卡行"},
    {"BF00111", "交易失败"},
    {"BF00112", "系统繁忙，请稍后再试"},
    {"BF00113", "交易结果未知，请稍后查询"},
    {"BF00114", "该订单已支付成功，请勿重复支付"},
    {"BF00115", "交易处理中，请稍后查询"},
    {"BF00116", "该终端号不存在"},
    {"BF00118", "报文中密文解析失败"},
    {"BF00120", "报文交易要素缺失"},
    {"BF00121", "报文交易要素格式错误"},
    {"BF00123", "商户不存在或状态不正常，请联系宝付"},
    {"BF00128", "该笔订单不存在"},
    {"BF00129", "报文被篡改，验签失败"},
    {"BF00131", "当前交易信息与首次交易信息不一致，请核对信息"},
    {"BF00134", "绑定关系不存在"},
    {"BF00135", "交易金额不正确"},
    {"BF00141", "该卡已挂失"},
    {"BF00144", "该交易有风险，订单处理中"},
    {"BF00182", "您输入的银行卡号有误，请重新输入"},
    {"BF00188", "绑卡失败"},
    {"BF00202", "交易超时，请稍后查询"},
    {"BF00203", "退款交易已受理"},
    {"BF00234", "单日交易金额超限"},
    {"BF00235", "单笔交易金额超限"},
    {"BF00237", "该卡已冻结，请联系发卡行"},
    {"BF00251", "订单未支付"},
    {"BF00258", "手机号码校验失败"},
    {"BF00321", "身份证号不合法"},
    {"BF00345", "验证失败（姓名有误）"},
    {"BF00436", "交易类型不存在"},
};

const char *card_message(const char *biz_resp_code) {
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(messages[i].name, biz_resp_code) == 0)
            return messages[i].value;
    }
    return "交易失败";
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct field *)a)->name, ((const struct field *)b)->name);
}

char *card_signed_text(struct arena *arena, const struct fields *fields) {
    struct fields sorted = *fields;
    struct builder builder = builder_start(arena, 1024);
    qsort(sorted.at, sorted.count, sizeof sorted.at[0], by_name);
    for (size_t i = 0; i < sorted.count; i++) {
        if (sorted.at[i].value[0] == '\0' || strcmp(sorted.at[i].name, "signature") == 0)
            continue;
        builder_printf(&builder, "%s%s=%s", builder.length == 0 ? "" : "&", sorted.at[i].name,
            sorted.at[i].value);
    }
    return builder_text(&builder);
}

static struct bytes signed_digest(struct arena *arena, const struct fields *fields) {
    char *text = card_signed_text(arena, fields);
    return bytes_of_text(digest_hex(arena, DIGEST_SHA1, bytes_of_text(text)));
}

char *card_sign(struct arena *arena, EVP_PKEY *key, const struct fields *fields) {
    return hex_encode(arena, rsa_sign(arena, key, DIGEST_SHA1, signed_digest(arena, fields)));
}

bool card_verify(struct arena *arena, EVP_PKEY *key, const struct fields *fields) {
    const char *signature = fields_text(fields, "signature");
    struct bytes raw;
    return hex_decode(arena, signature, strlen(signature), &raw) &&
           rsa_verify(key, DIGEST_SHA1, signed_digest(arena, fields), raw);
}

char *card_form(struct arena *arena, const struct fields *fields, bool encode) {
    struct builder builder = builder_start(arena, 2048);
    for (size_t i = 0; i < fields->count; i++) {
        const char *value = fields->at[i].value;
        builder_printf(&builder, "%s%s=%s", i == 0 ? "" : "&", fields->at[i].name,
            encode ? url_encode(arena, value) : value);
    }
    return builder_text(&builder);
}

char *card_envelope(struct arena *arena, EVP_PKEY *key, const char *aes_key) {
    char *plain = arena_printf(arena, "01|%s", aes_key);
    char *text = base64_encode(arena, bytes_of_text(plain));
    return hex_encode(arena, rsa_seal(arena, key, bytes_of_text(text)));
}

bool card_envelope_open(struct arena *arena, EVP_PKEY *key, const char *envelope, char out[17]) {
    struct bytes sealed;
    struct bytes text;
    struct bytes plain;
    if (!hex_decode(arena, envelope, strlen(envelope), &sealed) ||
        !rsa_open(arena, key, sealed, &text) ||
        !base64_decode(arena, (const char *)text.at, text.length, &plain) || plain.length != 19 ||
        memcmp(plain.at, "01|", 3) != 0)
        return false;
    memcpy(out, plain.at + 3, 16);
    out[16] = '\0';
    return true;
}

char *card_seal(struct arena *arena, const char *aes_key, const char *text) {
    char *encoded = base64_encode(arena, bytes_of_text(text));
    return hex_encode(arena, cbc_zero_seal(arena, aes_key, bytes_of_text(encoded)));
}

char *card_open(struct arena *arena, const char *aes_key, const char *sealed) {
    struct bytes raw;
    struct bytes encoded;
    struct bytes plain;
    if (!hex_decode(arena, sealed, strlen(sealed), &raw) ||
        !cbc_zero_open(arena, aes_key, raw, &encoded) ||
        !base64_decode(arena, (const char *)encoded.at, encoded.length, &plain) ||
        memchr(plain.at, '\0', plain.length) != NULL)
        return NULL;
    return arena_text_n(arena, (const char *)plain.at, plain.length);
}

const char *card_sealed_field(struct card_call *call, const char *name) {
    const char *sealed = fields_text(&call->in, name);
    if (call->aes_key[0] == '\0' || sealed[0] == '\0')
        return NULL;
    return card_open(call->arena, call->aes_key, sealed);
}

void card_put_sealed(struct card_call *call, const char *name, const char *text) {
    char *aes_key = random_text(call->arena, 16);
    fields_set(&call->out, "dgtl_envlp",
        card_envelope(call->arena, call->sandbox->keys.card_merchant, aes_key));
    fields_set(&call->out, name, card_seal(call->arena, aes_key, text));
}

void card_result(struct card_call *call, const char *resp_code, const char *biz_resp_code) {
    fields_set(&call->out, "resp_code", resp_code);
    fields_set(&call->out, "biz_resp_code", biz_resp_code);
    fields_set(&call->out, "biz_resp_msg", card_message(biz_resp_code));
}

/* The fields that every request must have. */
static bool complete(const struct fields *in) {
    static const char *const names[] = {
        "send_time", "msg_id", "version", "terminal_id", "txn_type", "member_id", "signature"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (fields_text(in, names[i])[0] == '\0')
            return false;
    }
    return true;
}

bool card_read(struct card_call *call) {
    const struct keys *keys = &call->sandbox->keys;
    bool readable = fields_read(call->arena, call->request->body, true, &call->in);
    fields_set(&call->out, "send_time", instant_plain(call->arena, call->request->now));
    fields_set(
        &call->out, "msg_id", arena_printf(call->arena, "SB%s", random_text(call->arena, 30)));
    fields_set(&call->out, "version", "4.0.0.0");
    fields_set(&call->out, "terminal_id", fields_text(&call->in, "terminal_id"));
    fields_set(&call->out, "txn_type", fields_text(&call->in, "txn_type"));
    fields_set(&call->out, "member_id", fields_text(&call->in, "member_id"));
    const char *envelope = fields_text(&call->in, "dgtl_envlp");
    const char *refusal = NULL;
    if (!readable || !complete(&call->in))
        refusal = "BF00120";
    else if (strcmp(fields_text(&call->in, "member_id"), keys->member_id) != 0)
        refusal = "BF00123";
    else if (strcmp(fields_text(&call->in, "terminal_id"), keys->terminal_id) != 0)
        refusal = "BF00116";
    else if (!card_verify(call->arena, keys->card_merchant, &call->in))
        refusal = "BF00129";
    else if (envelope[0] != '\0' &&
             !card_envelope_open(call->arena, keys->acquirer, envelope, call->aes_key))
        refusal = "BF00118";
    if (refusal != NULL)
        card_result(call, "F", refusal);
    return refusal == NULL;
}

void card_write(struct card_call *call, struct answer *answer) {
    char *signature = card_sign(call->arena, call->sandbox->keys.acquirer, &call->out);
    if (answer->forge_signature)
        signature[9] = signature[9] == '0' ? '1' : '0';
    fields_set(&call->out, "signature", signature);
    answer_text(answer, 200, "text/html;charset=UTF-8", card_form(call->arena, &call->out, false));
    answer->delay_ms += call->delay_ms;
}
