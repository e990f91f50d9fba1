/*
 * wechat.c: what is sent to WeChat Pay and what its answers mean.
 */
#include "channel/wechat.h"

#include "base/check.h"
#include "base/json_write.h"
#include "codec/json_read.h"

#include <string.h>

static const char certificates_path[] = "/v3/certificates";

/* RFC 3339 without parts of a second, as the documents show it. */
static const char *seconds_text(struct arena *arena, struct instant instant) {
    char text[INSTANT_TEXT_SIZE];
    instant_to_text(instant, ZONE_SHANGHAI, text);
    return arena_printf(arena, "%.19s+08:00", text);
}

static enum status send(struct wechat_flow *flow, const char *method, const char *path,
    struct bytes body, struct instant now, const char *nonce, struct exchange *exchange,
    struct fault *fault) {
    const char *authorization;
    enum status status = wechat_authorization(
        flow->arena, flow->config, method, path, body, now, nonce, &authorization, fault);
    if (status != STATUS_OK)
        return status;
    *exchange = (struct exchange){
        .method = method,
        .url = arena_printf(flow->arena, "%s%s", flow->config->api_base_url, path),
        .body = body,
    };
    exchange_header(exchange, "Authorization", authorization);
    exchange_header(exchange, "Accept", "application/json");
    exchange_header(exchange, "User-Agent", "Fenqi/1 (payments)");
    /* Asks for answers signed by the public key; certificate answers are still understood. */
    exchange_header(exchange, "Wechatpay-Serial", flow->config->public_key_id);
    if (strcmp(method, "POST") == 0)
        exchange_header(exchange, "Content-Type", "application/json");
    return STATUS_OK;
}

static void write_amount(struct json *json, const char *name, struct money amount) {
    json_money(json, name, amount);
}

static struct bytes order_body(struct wechat_flow *flow, bool h5) {
    const struct channel_request *request = flow->request;
    struct json json = json_start(flow->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "appid", flow->config->appid);
    json_string(&json, "mchid", flow->config->mchid);
    json_string(&json, "description", request->description);
    json_string(&json, "out_trade_no", request->number);
    json_string(&json, "time_expire", seconds_text(flow->arena, request->expires_at));
    json_string(&json, "notify_url", flow->config->notify_url);
    json_open(&json, "amount", '{');
    write_amount(&json, "total", request->amount);
    json_string(&json, "currency", "CNY");
    json_close(&json);
    if (h5) {
        json_open(&json, "scene_info", '{');
        json_string(&json, "payer_client_ip",
            request->customer_ip && *request->customer_ip ? request->customer_ip : "127.0.0.1");
        json_open(&json, "h5_info", '{');
        json_string(&json, "type", "Wap");
        json_close(&json);
        json_close(&json);
    }
    json_close(&json);
    return bytes_of_text(json_text(&json));
}

static struct bytes close_body(struct wechat_flow *flow) {
    struct json json = json_start(flow->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "mchid", flow->config->mchid);
    json_close(&json);
    return bytes_of_text(json_text(&json));
}

static struct bytes refund_body(struct wechat_flow *flow) {
    const struct channel_request *request = flow->request;
    struct json json = json_start(flow->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "out_trade_no", request->original_number);
    json_string(&json, "out_refund_no", request->number);
    json_string(&json, "reason", request->description);
    json_string(&json, "notify_url", flow->config->refund_notify_url);
    json_open(&json, "amount", '{');
    write_amount(&json, "refund", request->amount);
    write_amount(&json, "total", request->original_amount);
    json_string(&json, "currency", "CNY");
    json_close(&json);
    json_close(&json);
    return bytes_of_text(json_text(&json));
}

enum status wechat_begin(struct wechat_flow *flow, const struct channel_request *request,
    struct instant now, const char *nonce, struct exchange *exchange, struct fault *fault) {
    flow->request = request;
    flow->place = WECHAT_ASKED;
    flow->kept = NULL;
    struct bytes none = {NULL, 0};
    const char *path;
    switch (request->operation) {
    case CHANNEL_ORDER_NATIVE:
        return send(flow, "POST", "/v3/pay/transactions/native", order_body(flow, false), now,
            nonce, exchange, fault);
    case CHANNEL_ORDER_H5:
        return send(flow, "POST", "/v3/pay/transactions/h5", order_body(flow, true), now, nonce,
            exchange, fault);
    case CHANNEL_QUERY:
        path = arena_printf(flow->arena, "/v3/pay/transactions/out-trade-no/%s?mchid=%s",
            request->number, flow->config->mchid);
        return send(flow, "GET", path, none, now, nonce, exchange, fault);
    case CHANNEL_CLOSE:
        path = arena_printf(
            flow->arena, "/v3/pay/transactions/out-trade-no/%s/close", request->number);
        return send(flow, "POST", path, close_body(flow), now, nonce, exchange, fault);
    case CHANNEL_REFUND:
        return send(flow, "POST", "/v3/refund/domestic/refunds", refund_body(flow), now, nonce,
            exchange, fault);
    case CHANNEL_REFUND_QUERY:
        path = arena_printf(flow->arena, "/v3/refund/domestic/refunds/%s", request->number);
        return send(flow, "GET", path, none, now, nonce, exchange, fault);
    case CHANNEL_BIND_START:
    case CHANNEL_BIND_CONFIRM:
    case CHANNEL_BIND_QUERY:
    case CHANNEL_UNBIND:
    case CHANNEL_DEBIT:
        break;
    }
    return fault_set(
        fault, STATUS_INVALID, "WeChat Pay has no %s", channel_operation_name(request->operation));
}

enum status wechat_certificates(struct wechat_flow *flow, struct instant now, const char *nonce,
    struct exchange *exchange, struct fault *fault) {
    flow->place = WECHAT_CERTIFICATES;
    return send(
        flow, "GET", certificates_path, (struct bytes){NULL, 0}, now, nonce, exchange, fault);
}

/* Unseals the keys in a /v3/certificates body; returns how many, filling serials and keys. */
enum { CERTIFICATES_MAX = 8 };
struct sealed_certificates {
    size_t count;
    const char *serials[CERTIFICATES_MAX];
    struct rsa_key *keys[CERTIFICATES_MAX];
};

static void unseal_certificates(
    struct wechat_flow *flow, struct bytes body, struct sealed_certificates *out) {
    *out = (struct sealed_certificates){0};
    const struct json_value *document = NULL;
    if (json_read(flow->arena, body, &document, NULL) != STATUS_OK)
        return;
    const struct json_value *data = json_member(document, "data");
    if (!data || data->kind != JSON_ARRAY_VALUE)
        return;
    for (const struct json_value *item = data->first; item && out->count < CERTIFICATES_MAX;
         item = item->next) {
        const char *named = json_member_text(item, "serial_no"), *real = NULL;
        struct bytes pem;
        struct rsa_key *key = NULL;
        if (!named ||
            !wechat_open_resource(flow->arena, flow->config->api_v3_key,
                json_member(item, "encrypt_certificate"), &pem) ||
            rsa_certificate_serial(pem, flow->arena, &real, NULL) != STATUS_OK ||
            strcmp(named, real) != 0 || rsa_read_public(pem, &key, NULL) != STATUS_OK)
            continue;
        out->serials[out->count] = named;
        out->keys[out->count++] = key;
    }
}

bool wechat_take_certificates(
    struct wechat_flow *flow, const struct reply *reply, struct instant now) {
    if (reply->kind != REPLY_ANSWERED || reply->http_status != 200)
        return false;
    struct sealed_certificates found;
    unseal_certificates(flow, reply->body, &found);
    const char *serial = header_value(reply->headers, reply->header_count, "Wechatpay-Serial");
    /*
     * The answer may be signed by the very certificate that it brings: then the seal under our own
     * APIv3 key vouches for that certificate, and it must fit the answer's signature.
     */
    struct wechat_config bare = *flow->config;
    struct wechat_keys *judge = flow->keys, *own = NULL;
    if (serial && !wechat_keys_know(flow->keys, serial)) {
        for (size_t i = 0; i < found.count && !own; i++) {
            if (strcmp(found.serials[i], serial) != 0)
                continue;
            bare.platform_serial = found.serials[i];
            bare.platform_key = found.keys[i];
            judge = own = wechat_keys_create(&bare);
        }
    }
    bool genuine = wechat_verify(judge, flow->arena, reply->headers, reply->header_count,
                       reply->body, now) == WECHAT_GENUINE;
    wechat_keys_destroy(own);
    for (size_t i = 0; i < found.count; i++) {
        if (genuine)
            wechat_keys_add(flow->keys, found.serials[i], found.keys[i]);
        else
            rsa_free(found.keys[i]);
    }
    return genuine && found.count > 0;
}

/* Percent-encodes what is not unreserved (RFC 3986). */
static const char *url_encode(struct arena *arena, const char *text) {
    static const char unreserved[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    struct builder out = builder_start(arena, strlen(text) * 3 + 1);
    for (; *text; text++) {
        if (strchr(unreserved, *text))
            builder_add_character(&out, *text);
        else
            builder_printf(&out, "%%%02X", (unsigned)(unsigned char)*text);
    }
    return builder_text(&out);
}

static struct channel_answer order_made(
    const struct wechat_flow *flow, const struct json_value *document) {
    bool h5 = flow->request->operation == CHANNEL_ORDER_H5;
    const char *url = json_member_text(document, h5 ? "h5_url" : "code_url");
    if (!url || !*url)
        return channel_answer_unknown("", "the answer to an order has no address");
    struct channel_answer answer = channel_answer_of(CHANNEL_ACCEPTED);
    answer.action_url = url;
    const char *back = flow->request->return_url;
    if (h5 && back && *back)
        answer.action_url =
            arena_printf(flow->arena, "%s&redirect_url=%s", url, url_encode(flow->arena, back));
    answer.action_expires_at = flow->request->expires_at;
    return answer;
}

/* Codes with which a refusal says that nothing has happened, and will not. */
static enum channel_failure failure_of(const char *code) {
    static const struct {
        const char *code;
        enum channel_failure failure;
    } known[] = {
        {"NOT_ENOUGH", CHANNEL_FAILURE_NO_MONEY},
        {"RULE_LIMIT", CHANNEL_FAILURE_LIMIT},
        {"RULELIMIT", CHANNEL_FAILURE_LIMIT},
        {"TRADE_ERROR", CHANNEL_FAILURE_REJECTED},
        {"ORDER_CLOSED", CHANNEL_FAILURE_EXPIRED},
        {"SIGN_ERROR", CHANNEL_FAILURE_GATEWAY},
        {"NO_AUTH", CHANNEL_FAILURE_GATEWAY},
        {"ACCOUNT_ERROR", CHANNEL_FAILURE_CARD_DEAD},
        {"ACCOUNTERROR", CHANNEL_FAILURE_CARD_DEAD},
        {"USER_ACCOUNT_ABNORMAL", CHANNEL_FAILURE_CARD_DEAD},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(code, known[i].code) == 0)
            return known[i].failure;
    return CHANNEL_FAILURE_REJECTED;
}

static bool one_of(const char *code, const char *const *codes) {
    for (; *codes; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

/* A genuine answer with a 4xx status. */
static struct channel_answer refused(
    const struct wechat_flow *flow, int http_status, const struct json_value *document) {
    static const char *const absent[] = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "ORDER_NO_EXIST",
        "RESOURCE_NOT_EXISTS", "NOT_FOUND", NULL};
    /* Says nothing about what became of the number: ask. */
    static const char *const ask[] = {"OUT_TRADE_NO_USED", "ORDERPAID", "ORDER_PAID",
        "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR",
        "BANKERROR", "ALREADY_EXISTS", NULL};
    const char *code = json_member_text(document, "code");
    const char *text = json_member_text(document, "message");
    code = code ? code : "";
    text = text ? text : "";
    enum channel_operation operation = flow->request->operation;
    bool asking = operation == CHANNEL_QUERY || operation == CHANNEL_REFUND_QUERY;
    if (asking && http_status == 404 && one_of(code, absent)) {
        struct channel_answer answer = channel_answer_of(CHANNEL_ABSENT);
        answer.provider_code = code;
        answer.provider_text = text;
        return answer;
    }
    if (operation == CHANNEL_CLOSE && (strcmp(code, "ORDER_CLOSED") == 0 || one_of(code, absent))) {
        struct channel_answer answer = channel_answer_of(CHANNEL_SUCCEEDED);
        answer.provider_code = code;
        return answer;
    }
    if (asking || http_status == 429 || one_of(code, ask))
        return channel_answer_unknown(code, text);
    return channel_answer_failed(failure_of(code), code, text);
}

static struct channel_answer answered(const struct wechat_flow *flow, const struct reply *reply) {
    if (reply->http_status == 204 && flow->request->operation == CHANNEL_CLOSE)
        return channel_answer_of(CHANNEL_SUCCEEDED);
    const struct json_value *document = NULL;
    if (json_read(flow->arena, reply->body, &document, NULL) != STATUS_OK)
        return channel_answer_unknown("", "the answer is no JSON");
    if (reply->http_status >= 400 && reply->http_status < 500)
        return refused(flow, reply->http_status, document);
    if (reply->http_status != 200)
        return channel_answer_unknown("", "an HTTP status without meaning here");
    const char *number = NULL;
    struct channel_answer answer = channel_answer_unknown("", "an answer that does not fit");
    enum wechat_owner owner = WECHAT_MALFORMED;
    switch (flow->request->operation) {
    case CHANNEL_ORDER_NATIVE:
    case CHANNEL_ORDER_H5:
        return order_made(flow, document);
    case CHANNEL_QUERY:
        owner = wechat_read_transaction(flow->arena, flow->config, document, &number, &answer);
        break;
    case CHANNEL_REFUND:
    case CHANNEL_REFUND_QUERY:
        owner = wechat_read_refund(flow->arena, flow->config, document, false, &number, &answer);
        break;
    case CHANNEL_CLOSE:
    case CHANNEL_BIND_START:
    case CHANNEL_BIND_CONFIRM:
    case CHANNEL_BIND_QUERY:
    case CHANNEL_UNBIND:
    case CHANNEL_DEBIT:
        break;
    }
    if (owner != WECHAT_OURS || strcmp(number, flow->request->number) != 0)
        return channel_answer_unknown("", "an answer about something else");
    return answer;
}

enum step wechat_continue(struct wechat_flow *flow, const struct reply *reply, struct instant now,
    const char *nonce, struct exchange *exchange, struct channel_answer *answer) {
    if (flow->place == WECHAT_CERTIFICATES) {
        bool taken = wechat_take_certificates(flow, reply, now);
        reply = flow->kept;
        if (!taken) {
            *answer = channel_answer_unknown("", "signed by an unknown key; no certificate for it");
            return STEP_DONE;
        }
    }
    if (reply->kind != REPLY_ANSWERED) {
        *answer = channel_answer_unknown(
            "", reply->kind == REPLY_NOT_SENT ? "no connection" : "no answer in time");
        return STEP_DONE;
    }
    if (reply->http_status >= 500) {
        *answer = channel_answer_unknown("", "the provider is in trouble (5xx)");
        return STEP_DONE;
    }
    enum wechat_verdict verdict = wechat_verify(
        flow->keys, flow->arena, reply->headers, reply->header_count, reply->body, now);
    if (verdict == WECHAT_SERIAL_UNKNOWN && flow->place == WECHAT_ASKED) {
        struct reply *kept = ARENA_NEW(flow->arena, struct reply);
        *kept = *reply;
        flow->kept = kept;
        if (wechat_certificates(flow, now, nonce, exchange, NULL) == STATUS_OK)
            return STEP_SEND;
    }
    *answer = verdict == WECHAT_GENUINE ? answered(flow, reply)
                                        : channel_answer_unknown("", wechat_verdict_text(verdict));
    return STEP_DONE;
}
