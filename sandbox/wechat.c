/*
 * wechat.c: orders, queries, closing, certificates. Exports wechat_handle() and the steps of a
 * trade that wechat.h declares.
 */
#include "sandbox/wechat.h"

#include "base/check.h"
#include "base/json_write.h"
#include "sandbox/fault_plan.h"
#include "sandbox/notify.h"
#include "sandbox/tree.h"
#include "sandbox/wechat_wire.h"

#include <openssl/asn1.h>
#include <string.h>

#define TRANSACTIONS "/v3/pay/transactions/"
#define REFUNDS "/v3/refund/domestic/refunds"
#define JSON_TYPE "application/json; charset=utf-8"

/* Orders without time_expire close by themselves after seven days. */
static const int64_t order_life_us = 7 * US_PER_DAY;

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool merchant_number_valid(const char *text, const char *extra, size_t least, size_t most) {
    size_t length = text == NULL ? 0 : strlen(text);
    if (length < least || length > most)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && strchr(extra, c) == NULL)
            return false;
    }
    return true;
}

const char *wechat_operation(const struct request *request) {
    bool post = strcmp(request->method, "POST") == 0;
    if (starts(request->path, REFUNDS))
        return post ? "refund" : "refund_query";
    if (starts(request->path, "/v3/certificates"))
        return "certificates";
    if (!starts(request->path, TRANSACTIONS))
        return "other";
    if (!post)
        return "query";
    return starts(request->path, TRANSACTIONS "out-trade-no/") ? "close" : "order";
}

bool wechat_trade(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *out_no, struct trade *out) {
    if (!trade_load(sandbox, arena, "wechat", out_no, out))
        return false;
    if (strcmp(out->state, "NOTPAY") == 0 && out->expires.us <= now.us) {
        out->state = "CLOSED";
        trade_save(sandbox, out);
    }
    return true;
}

/* Characters of UTF-8 text. */
static size_t characters(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* What was wrong with an order's field; NULL when nothing. */
static const char *order_complaint(
    const struct tree *body, const char *kind, struct instant now, struct instant *expires) {
    const char *description = tree_text(body, "description");
    const char *notify_url = tree_text(body, "notify_url");
    const char *time_expire = tree_text(body, "time_expire");
    const char *currency = tree_text(body, "amount.currency");
    int64_t total = 0;
    if (description == NULL || description[0] == '\0' || characters(description) > 127)
        return "description";
    if (!merchant_number_valid(tree_text(body, "out_trade_no"), "_-|*", 6, 32))
        return "out_trade_no";
    if (notify_url == NULL || strlen(notify_url) > 255 || strchr(notify_url, '?') != NULL ||
        (!starts(notify_url, "https://") && !starts(notify_url, "http://")))
        return "notify_url";
    if (!tree_integer(body, "amount.total", &total) || total < 1 || total > INT64_C(10000000000))
        return "amount.total";
    if (currency != NULL && strcmp(currency, "CNY") != 0)
        return "amount.currency";
    if (strcmp(kind, "jsapi") == 0 && tree_text(body, "payer.openid") == NULL)
        return "payer.openid";
    if (strcmp(kind, "h5") == 0 && (tree_text(body, "scene_info.payer_client_ip") == NULL ||
                                       tree_text(body, "scene_info.h5_info.type") == NULL))
        return "scene_info";
    *expires = (struct instant){now.us + order_life_us};
    if (time_expire != NULL &&
        (!instant_from_text(time_expire, strlen(time_expire), expires) || expires->us <= now.us))
        return "time_expire";
    return NULL;
}

/* Everything that must be the same when an order is sent again. */
static char *order_fingerprint(struct arena *arena, const struct tree *body, const char *kind) {
    static const char *const members[] = {"description", "out_trade_no", "notify_url",
        "time_expire", "attach", "amount.currency", "payer.openid"};
    struct builder builder = builder_start(arena, 512);
    int64_t total = 0;
    tree_integer(body, "amount.total", &total);
    builder_printf(&builder, "%s\n%lld\n", kind, (long long)total);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *value = tree_text(body, members[i]);
        builder_printf(&builder, "%s\n", value == NULL ? "" : value);
    }
    return digest_hex(arena, DIGEST_SHA256, builder_bytes(&builder));
}

static const char *text_or_empty(const struct tree *body, const char *path) {
    const char *text = tree_text(body, path);
    return text == NULL ? "" : text;
}

static void order_insert(struct sandbox *sandbox, const struct request *request,
    const struct tree *body, const char *kind, const char *fingerprint, struct instant expires,
    struct trade *out) {
    struct arena *arena = request->arena;
    char *day = instant_plain(arena, request->now);
    char *compact = arena_printf(arena, "%.4s%.2s%.2s", day, day + 5, day + 8);
    int64_t total = 0;
    tree_integer(body, "amount.total", &total);
    const char *handle = strcmp(kind, "native") == 0
                             ? random_text(arena, 9)
                             : arena_printf(arena, "wx%s%s", compact, random_text(arena, 26));
    *out = (struct trade){
        .channel = "wechat",
        .out_no = text_or_empty(body, "out_trade_no"),
        .provider_no = arena_printf(
            arena, "4200%s%016lld", compact, (long long)book_next(sandbox->book, "transaction")),
        .kind = kind,
        .state = "NOTPAY",
        .code = "",
        .fingerprint = fingerprint,
        .description = text_or_empty(body, "description"),
        .attach = text_or_empty(body, "attach"),
        .notify_url = text_or_empty(body, "notify_url"),
        .payer = text_or_empty(body, "payer.openid"),
        .card_number = "",
        .handle = handle,
        .amount_fen = total,
        .created = request->now,
        .expires = expires,
        .due_code = "",
    };
    trade_insert(sandbox, out);
}

static void order_answer(struct sandbox *sandbox, const struct request *request,
    const struct trade *trade, struct answer *answer) {
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    if (strcmp(trade->kind, "native") == 0)
        json_string(&json, "code_url",
            arena_printf(request->arena, "weixin://wxpay/bizpayurl?pr=%s", trade->handle));
    else if (strcmp(trade->kind, "h5") == 0)
        json_string(&json, "h5_url",
            arena_printf(request->arena, "%s/cashier/h5?prepay_id=%s&package=%lld",
                sandbox->options.base_url, trade->handle, (long long)(request->now.us / 1000)));
    else
        json_string(&json, "prepay_id", trade->handle);
    json_close(&json);
    answer_text(answer, 200, JSON_TYPE, json_text(&json));
}

static void order(struct sandbox *sandbox, const struct request *request, const char *kind,
    struct answer *answer) {
    SANDBOX_TREE body = tree_read(request->body);
    struct instant expires;
    struct trade trade;
    if (body == NULL) {
        wechat_error(request, answer, 400, "PARAM_ERROR", "请求体不是JSON对象", "268435461");
        return;
    }
    if (strcmp(text_or_empty(body, "mchid"), sandbox->keys.mchid) != 0 ||
        strcmp(text_or_empty(body, "appid"), sandbox->keys.appid) != 0) {
        wechat_error(
            request, answer, 400, "APPID_MCHID_NOT_MATCH", "AppID和mch_id不匹配", "268435464");
        return;
    }
    const char *complaint = order_complaint(body, kind, request->now, &expires);
    if (complaint != NULL) {
        wechat_error(request, answer, 400, "PARAM_ERROR",
            arena_printf(request->arena, "输入源“/body/%s”映射到值字段错误", complaint),
            "268435461");
        return;
    }
    char *fingerprint = order_fingerprint(request->arena, body, kind);
    if (!wechat_trade(
            sandbox, request->arena, request->now, text_or_empty(body, "out_trade_no"), &trade))
        order_insert(sandbox, request, body, kind, fingerprint, expires, &trade);
    else if (strcmp(trade.fingerprint, fingerprint) != 0) {
        wechat_error(request, answer, 400, "INVALID_REQUEST",
            "请求重入时，参数与首次请求时不一致，请核对后再试", "268498688");
        return;
    }
    if (strcmp(trade.state, "NOTPAY") == 0 || strcmp(trade.state, "PAYERROR") == 0)
        order_answer(sandbox, request, &trade, answer);
    else if (strcmp(trade.state, "CLOSED") == 0)
        wechat_error(request, answer, 400, "ORDER_CLOSED", "该订单已关闭", "268447914");
    else
        wechat_error(request, answer, 400, "ORDERPAID", "该订单已支付", "268449538");
}

static const char *state_text(const char *state) {
    static const struct field table[] = {{"SUCCESS", "支付成功"}, {"NOTPAY", "订单未支付"},
        {"CLOSED", "订单已关闭"}, {"REFUND", "订单发生过退款，退款详情请查询退款单"},
        {"PAYERROR", "支付失败(其他原因，如银行返回失败)"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, state) == 0)
            return table[i].value;
    }
    return "";
}

/* The transaction as query and notification show it. */
static char *transaction_json(
    struct sandbox *sandbox, struct arena *arena, const struct trade *trade) {
    static const struct field types[] = {
        {"native", "NATIVE"}, {"h5", "MWEB"}, {"jsapi", "JSAPI"}, {"app", "APP"}};
    bool paid = strcmp(trade->state, "SUCCESS") == 0 || strcmp(trade->state, "REFUND") == 0;
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "appid", sandbox->keys.appid);
    json_string(&json, "mchid", sandbox->keys.mchid);
    json_string(&json, "out_trade_no", trade->out_no);
    if (paid)
        json_string(&json, "transaction_id", trade->provider_no);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, trade->kind) == 0)
            json_string(&json, "trade_type", types[i].value);
    }
    json_string(&json, "trade_state", trade->state);
    json_string(&json, "trade_state_desc", state_text(trade->state));
    json_string(&json, "attach", trade->attach);
    if (paid) {
        json_string(&json, "bank_type", "OTHERS");
        json_string(&json, "success_time", instant_offset(arena, trade->done));
        json_open(&json, "payer", '{');
        json_string(&json, "openid",
            trade->payer[0] == '\0' ? "oSandbox0000000000000000000A" : trade->payer);
        json_close(&json);
    }
    json_open(&json, "amount", '{');
    json_integer(&json, "total", trade->amount_fen);
    if (paid)
        json_integer(&json, "payer_total", trade->amount_fen);
    json_string(&json, "currency", "CNY");
    if (paid)
        json_string(&json, "payer_currency", "CNY");
    json_close(&json);
    json_close(&json);
    return json_text(&json);
}

static void query(struct sandbox *sandbox, const struct request *request, bool by_provider,
    const char *number, struct answer *answer) {
    struct trade trade;
    struct trouble_rule rule;
    if (strcmp(fields_text(&request->query, "mchid"), sandbox->keys.mchid) != 0) {
        wechat_error(request, answer, 400, "PARAM_ERROR", "mchid缺失或与签名不一致", "268435461");
        return;
    }
    if (trouble_take(sandbox, request->arena, PHASE_QUERY, "wechat", "query", number, 0, &rule)) {
        wechat_error(request, answer, 500, "SYSTEM_ERROR", "系统异常，请稍后重试", "268435462");
        return;
    }
    bool found = by_provider ? trade_load_by_provider(sandbox, request->arena, number, &trade) &&
                                   strcmp(trade.channel, "wechat") == 0 && trade.done.us != 0
                             : wechat_trade(sandbox, request->arena, request->now, number, &trade);
    if (!found) {
        wechat_error(request, answer, 404, "ORDER_NOT_EXIST", "订单不存在", "268512771");
        return;
    }
    answer_text(answer, 200, JSON_TYPE, transaction_json(sandbox, request->arena, &trade));
}

static void close_order(struct sandbox *sandbox, const struct request *request, const char *number,
    struct answer *answer) {
    SANDBOX_TREE body = tree_read(request->body);
    struct trade trade;
    if (body == NULL || strcmp(text_or_empty(body, "mchid"), sandbox->keys.mchid) != 0) {
        wechat_error(request, answer, 400, "PARAM_ERROR", "mchid缺失或与签名不一致", "268435461");
    } else if (!wechat_trade(sandbox, request->arena, request->now, number, &trade)) {
        wechat_error(request, answer, 404, "ORDER_NOT_EXIST", "订单不存在", "268512771");
    } else if (strcmp(trade.state, "CLOSED") == 0) {
        wechat_error(request, answer, 400, "ORDER_CLOSED", "订单已关闭", "268447914");
    } else if (trade.done.us != 0) {
        wechat_error(request, answer, 400, "ORDERPAID", "该订单已支付", "268449538");
    } else {
        trade.state = "CLOSED";
        trade_save(sandbox, &trade);
        answer_text(answer, 204, JSON_TYPE, "");
    }
}

static char *certificate_time(struct arena *arena, const ASN1_TIME *time) {
    struct tm broken;
    check(ASN1_TIME_to_tm(time, &broken) == 1);
    return instant_offset(arena, (struct instant){(int64_t)timegm(&broken) * US_PER_SECOND});
}

static void certificates(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct arena *arena = request->arena;
    X509 *certificate = sandbox->keys.platform_certificate;
    char *nonce = random_text(arena, 12);
    struct bytes sealed =
        gcm_seal(arena, bytes_of_text(sandbox->keys.api_v3_key), bytes_of_text(nonce),
            bytes_of_text("certificate"), bytes_of_text(certificate_pem(arena, certificate)));
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_open(&json, "data", '[');
    json_open(&json, NULL, '{');
    json_string(&json, "serial_no", sandbox->keys.platform_serial);
    json_string(&json, "effective_time", certificate_time(arena, X509_get0_notBefore(certificate)));
    json_string(&json, "expire_time", certificate_time(arena, X509_get0_notAfter(certificate)));
    json_open(&json, "encrypt_certificate", '{');
    json_string(&json, "algorithm", "AEAD_AES_256_GCM");
    json_string(&json, "nonce", nonce);
    json_string(&json, "associated_data", "certificate");
    json_string(&json, "ciphertext", base64_encode(arena, sealed));
    json_close(&json);
    json_close(&json);
    json_close(&json);
    json_close(&json);
    answer_text(answer, 200, JSON_TYPE, json_text(&json));
}

/* The number between `prefix` and `suffix` of the path; NULL when the path is another. */
static const char *path_number(
    const struct request *request, const char *prefix, const char *suffix) {
    size_t length = strlen(request->path);
    size_t before = strlen(prefix);
    size_t after = strlen(suffix);
    if (!starts(request->path, prefix) || length <= before + after ||
        strcmp(request->path + length - after, suffix) != 0)
        return NULL;
    char *number = arena_text_n(request->arena, request->path + before, length - before - after);
    return strchr(number, '/') == NULL ? number : NULL;
}

static void get(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    const char *out_no = path_number(request, TRANSACTIONS "out-trade-no/", "");
    const char *provider_no = path_number(request, TRANSACTIONS "id/", "");
    const char *refund_no = path_number(request, REFUNDS "/", "");
    if (out_no != NULL)
        query(sandbox, request, false, out_no, answer);
    else if (provider_no != NULL)
        query(sandbox, request, true, provider_no, answer);
    else if (refund_no != NULL)
        wechat_refund_query(sandbox, request, refund_no, answer);
    else if (strcmp(request->path, "/v3/certificates") == 0)
        certificates(sandbox, request, answer);
    else
        wechat_error(request, answer, 404, "RESOURCE_NOT_EXISTS", "接口不存在", "268435459");
}

static void post(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    static const char *const kinds[] = {"native", "h5", "jsapi", "app"};
    const char *number = path_number(request, TRANSACTIONS "out-trade-no/", "/close");
    const char *kind = path_number(request, TRANSACTIONS, "");
    if (number != NULL) {
        close_order(sandbox, request, number, answer);
        return;
    }
    if (strcmp(request->path, REFUNDS) == 0) {
        wechat_refund(sandbox, request, answer);
        return;
    }
    for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            order(sandbox, request, kinds[i], answer);
            return;
        }
    }
    wechat_error(request, answer, 404, "RESOURCE_NOT_EXISTS", "接口不存在", "268435459");
}

void wechat_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    const char *complaint = wechat_verify(sandbox, request);
    const char *accept = request_header(request, "Accept");
    if (complaint != NULL)
        wechat_error(request, answer, 401, "SIGN_ERROR", complaint, "268443699");
    else if (request_header(request, "User-Agent") == NULL || accept == NULL ||
             (strstr(accept, "application/json") == NULL && strstr(accept, "*/*") == NULL))
        wechat_error(
            request, answer, 400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent", "268435463");
    else if (strcmp(request->method, "GET") == 0)
        get(sandbox, request, answer);
    else if (strcmp(request->method, "POST") == 0)
        post(sandbox, request, answer);
    else
        wechat_error(request, answer, 405, "INVALID_REQUEST", "请求方法不支持", "268435460");
}

bool wechat_pay(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct trade *trade) {
    bool open = strcmp(trade->state, "NOTPAY") == 0 || strcmp(trade->state, "PAYERROR") == 0;
    if (!open || trade->expires.us <= now.us)
        return false;
    trade->state = "SUCCESS";
    trade->done = now;
    trade_save(sandbox, trade);
    movement_add(sandbox, now, "payment", trade, "", trade->amount_fen);
    notification_add(sandbox, arena, now, "wechat", "TRANSACTION.SUCCESS", trade->out_no, "",
        trade->notify_url, transaction_json(sandbox, arena, trade));
    return true;
}

bool wechat_fail(struct sandbox *sandbox, struct trade *trade) {
    if (strcmp(trade->state, "NOTPAY") != 0)
        return false;
    trade->state = "PAYERROR";
    trade_save(sandbox, trade);
    return true;
}
