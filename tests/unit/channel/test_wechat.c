/*
 * test_wechat.c: every message flow of WeChat Pay APIv3 against a provider that this file plays
 * with keys of its own, the provider's published notification, and notifications that must be
 * refused.
 */
#include "../cmocka_include.h"
#include "../vector_file.h"

#include "base/builder.h"
#include "base/json_write.h"
#include "channel/wechat.h"
#include "codec/aes.h"
#include "codec/json_read.h"
#include "codec/text_bytes.h"

#include <stdlib.h>
#include <string.h>

static const char platform_serial[] = "7F3A2B1C";
static const char new_serial[] = "5555AAAA";
static const char nonce_text[] = "abcdefghijklmnopqrstuvwxyz012345";
static const struct instant now = {INT64_C(1767580830) * US_PER_SECOND};

struct world {
    struct arena *arena;
    struct rsa_key *merchant, *platform, *public_key, *rotated;
    struct wechat_config config;
    struct wechat_keys *keys;
    struct wechat_flow flow;
    struct exchange exchange;
    struct channel_answer answer;
};

static int set_up(void **state) {
    struct world *world = calloc(1, sizeof *world);
    world->arena = arena_create(65536);
    assert_int_equal(rsa_generate(&world->merchant, NULL), STATUS_OK);
    assert_int_equal(rsa_generate(&world->platform, NULL), STATUS_OK);
    assert_int_equal(rsa_generate(&world->public_key, NULL), STATUS_OK);
    assert_int_equal(rsa_generate(&world->rotated, NULL), STATUS_OK);
    world->config = (struct wechat_config){
        .api_base_url = "http://127.0.0.1:1",
        .mchid = "1900012345",
        .appid = "wx0123456789abcdef",
        .merchant_serial = "AB12",
        .merchant_key = world->merchant,
        .api_v3_key = bytes_of_text("0123456789abcdefghijklmnopqrstuv"),
        .platform_serial = platform_serial,
        .platform_key = world->platform,
        .public_key_id = "PUB_KEY_ID_01",
        .public_key = world->public_key,
        .notify_url = "https://pay.example.cn/api/v1/notify/wechat",
        .refund_notify_url = "https://pay.example.cn/api/v1/notify/wechat",
    };
    world->keys = wechat_keys_create(&world->config);
    world->flow =
        (struct wechat_flow){.arena = world->arena, .config = &world->config, .keys = world->keys};
    *state = world;
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    wechat_keys_destroy(world->keys);
    rsa_free(world->merchant);
    rsa_free(world->platform);
    rsa_free(world->public_key);
    rsa_free(world->rotated);
    arena_destroy(world->arena);
    free(world);
    return 0;
}

/* A signed message of the provider: headers in the reply, body as given. */
static struct reply signed_reply(struct world *world, int status, const char *serial,
    const struct rsa_key *key, const char *body, int64_t seconds_off) {
    struct arena *arena = world->arena;
    const char *timestamp =
        arena_printf(arena, "%lld", (long long)(now.us / US_PER_SECOND + seconds_off));
    struct bytes signature,
        message = wechat_answer_message(arena, timestamp, "pnonce", bytes_of_text(body));
    assert_int_equal(rsa_sign(key, RSA_SHA256, message, arena, &signature, NULL), STATUS_OK);
    return (struct reply){
        .kind = REPLY_ANSWERED,
        .http_status = status,
        .headers = {{"wechatpay-timestamp", timestamp}, {"Wechatpay-Nonce", "pnonce"},
            {"Wechatpay-Signature", base64_write(arena, signature)}, {"Wechatpay-Serial", serial}},
        .header_count = 4,
        .body = bytes_of_text(body),
    };
}

static struct channel_request request_of(enum channel_operation operation) {
    return (struct channel_request){
        .kind = CHANNEL_WECHAT,
        .mode = CHANNEL_MODE_TEST,
        .operation = operation,
        .number = "P0000000000001000000000000AX",
        .original_number = "P0000000000001000000000000BY",
        .expires_at = {INT64_C(1767581730) * US_PER_SECOND},
        .amount = {88849},
        .original_amount = {100000},
        .description = "分期还款",
        .customer_ip = "203.0.113.7",
        .return_url = "https://pay.example.cn/back?a=1",
    };
}

static void begin(struct world *world, const struct channel_request *request) {
    assert_int_equal(
        wechat_begin(&world->flow, request, now, nonce_text, &world->exchange, NULL), STATUS_OK);
}

/* Runs one flow to its end on one genuine reply. */
static struct channel_answer told(
    struct world *world, enum channel_operation operation, int status, const char *body) {
    struct channel_request *request = ARENA_NEW(world->arena, struct channel_request);
    *request = request_of(operation);
    begin(world, request);
    struct reply reply = signed_reply(world, status, platform_serial, world->platform, body, 0);
    assert_int_equal(
        wechat_continue(&world->flow, &reply, now, nonce_text, &world->exchange, &world->answer),
        STEP_DONE);
    return world->answer;
}

/* The part of the Authorization header between name=" and the next quotation mark. */
static char *part_of(struct world *world, const char *header, const char *name) {
    const char *at = strstr(header, arena_printf(world->arena, "%s=\"", name));
    assert_non_null(at);
    at += strlen(name) + 2;
    return arena_text_n(world->arena, at, (size_t)(strchr(at, '"') - at));
}

static void test_order_is_signed(void **state) {
    struct world *world = *state;
    struct channel_request request = request_of(CHANNEL_ORDER_NATIVE);
    begin(world, &request);
    assert_string_equal(world->exchange.method, "POST");
    assert_string_equal(world->exchange.url, "http://127.0.0.1:1/v3/pay/transactions/native");
    const char *body =
        "{\"appid\":\"wx0123456789abcdef\",\"mchid\":\"1900012345\",\"description\":\"分期还款\","
        "\"out_trade_no\":\"P0000000000001000000000000AX\","
        "\"time_expire\":\"2026-01-05T10:55:30+08:00\","
        "\"notify_url\":\"https://pay.example.cn/api/v1/notify/wechat\","
        "\"amount\":{\"total\":88849,\"currency\":\"CNY\"}}";
    assert_true(bytes_equal(world->exchange.body, bytes_of_text(body)));
    const char *header =
        header_value(world->exchange.headers, world->exchange.header_count, "authorization");
    assert_memory_equal(header, "WECHATPAY2-SHA256-RSA2048 ", 26);
    assert_string_equal(part_of(world, header, "mchid"), "1900012345");
    assert_string_equal(part_of(world, header, "nonce_str"), nonce_text);
    assert_string_equal(part_of(world, header, "timestamp"), "1767580830");
    assert_string_equal(part_of(world, header, "serial_no"), "AB12");
    struct bytes signature,
        message = wechat_request_message(world->arena, "POST", "/v3/pay/transactions/native",
            "1767580830", nonce_text, world->exchange.body);
    assert_true(
        base64_read(world->arena, bytes_of_text(part_of(world, header, "signature")), &signature));
    assert_true(rsa_verify(world->merchant, RSA_SHA256, message, signature));
}

static void test_order_answers(void **state) {
    struct world *world = *state;
    struct channel_answer answer =
        told(world, CHANNEL_ORDER_NATIVE, 200, "{\"code_url\":\"weixin://x?pr=1\"}");
    assert_int_equal(answer.state, CHANNEL_ACCEPTED);
    assert_string_equal(answer.action_url, "weixin://x?pr=1");
    answer = told(world, CHANNEL_ORDER_H5, 200, "{\"h5_url\":\"https://wx/x?a=1\"}");
    assert_string_equal(answer.action_url,
        "https://wx/x?a=1&redirect_url=https%3A%2F%2Fpay.example.cn%2Fback%3Fa%3D1");
    answer = told(world, CHANNEL_ORDER_H5, 400, "{\"code\":\"PARAM_ERROR\",\"message\":\"m\"}");
    assert_int_equal(answer.state, CHANNEL_FAILED);
    assert_int_equal(answer.failure, CHANNEL_FAILURE_REJECTED);
    answer =
        told(world, CHANNEL_ORDER_H5, 403, "{\"code\":\"OUT_TRADE_NO_USED\",\"message\":\"\"}");
    assert_int_equal(answer.state, CHANNEL_UNKNOWN);
    answer = told(world, CHANNEL_ORDER_NATIVE, 429, "{\"code\":\"FREQUENCY_LIMITED\"}");
    assert_int_equal(answer.state, CHANNEL_UNKNOWN);
    answer = told(world, CHANNEL_ORDER_NATIVE, 200, "{}");
    assert_int_equal(answer.state, CHANNEL_UNKNOWN);
}

static const char *transaction(
    struct world *world, const char *mchid, const char *number, const char *state, int fen) {
    return arena_printf(world->arena,
        "{\"mchid\":\"%s\",\"appid\":\"wx0123456789abcdef\",\"out_trade_no\":\"%s\","
        "\"trade_state\":\"%s\",\"trade_state_desc\":\"说明\",\"transaction_id\":\"4200001\","
        "\"success_time\":\"2026-01-05T10:21:00+08:00\","
        "\"amount\":{\"total\":%d,\"payer_total\":%d,\"currency\":\"CNY\"}}",
        mchid, number, state, fen, fen);
}

static void test_query_answers(void **state) {
    struct world *world = *state;
    static const struct {
        const char *trade_state;
        enum channel_state state;
    } rows[] = {{"SUCCESS", CHANNEL_SUCCEEDED}, {"REFUND", CHANNEL_SUCCEEDED},
        {"NOTPAY", CHANNEL_ACCEPTED}, {"USERPAYING", CHANNEL_PROCESSING},
        {"CLOSED", CHANNEL_FAILED}, {"REVOKED", CHANNEL_FAILED}, {"PAYERROR", CHANNEL_FAILED},
        {"NEWSTATE", CHANNEL_UNKNOWN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct channel_answer answer = told(world, CHANNEL_QUERY, 200,
            transaction(
                world, "1900012345", "P0000000000001000000000000AX", rows[i].trade_state, 88849));
        assert_int_equal(answer.state, rows[i].state);
        assert_int_equal(answer.amount.fen, rows[i].state == CHANNEL_SUCCEEDED ? 88849 : 0);
    }
    assert_string_equal(world->exchange.url,
        "http://127.0.0.1:1/v3/pay/transactions/out-trade-no/P0000000000001000000000000AX"
        "?mchid=1900012345");
    assert_int_equal(
        told(world, CHANNEL_QUERY, 200,
            transaction(world, "1900012345", "P0000000000001000000000000ZZ", "SUCCESS", 88849))
            .state,
        CHANNEL_UNKNOWN);
    assert_int_equal(
        told(world, CHANNEL_QUERY, 200,
            transaction(world, "1999999999", "P0000000000001000000000000AX", "SUCCESS", 88849))
            .state,
        CHANNEL_UNKNOWN);
    assert_int_equal(
        told(world, CHANNEL_QUERY, 404, "{\"code\":\"ORDER_NOT_EXIST\"}").state, CHANNEL_ABSENT);
    assert_int_equal(
        told(world, CHANNEL_QUERY, 400, "{\"code\":\"PARAM_ERROR\"}").state, CHANNEL_UNKNOWN);
    assert_int_equal(told(world, CHANNEL_CLOSE, 204, "").state, CHANNEL_SUCCEEDED);
    assert_int_equal(
        told(world, CHANNEL_CLOSE, 400, "{\"code\":\"ORDERPAID\"}").state, CHANNEL_UNKNOWN);
}

static void test_refund_answers(void **state) {
    struct world *world = *state;
    static const struct {
        const char *status;
        enum channel_state state;
    } rows[] = {{"SUCCESS", CHANNEL_SUCCEEDED}, {"PROCESSING", CHANNEL_PROCESSING},
        {"CLOSED", CHANNEL_FAILED}, {"ABNORMAL", CHANNEL_FAILED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct channel_answer answer = told(world, CHANNEL_REFUND, 200,
            arena_printf(world->arena,
                "{\"refund_id\":\"50\",\"out_refund_no\":\"P0000000000001000000000000AX\","
                "\"status\":\"%s\",\"amount\":{\"refund\":88849,\"total\":100000,"
                "\"currency\":\"CNY\"}}",
                rows[i].status));
        assert_int_equal(answer.state, rows[i].state);
    }
    const char *body = "{\"out_trade_no\":\"P0000000000001000000000000BY\","
                       "\"out_refund_no\":\"P0000000000001000000000000AX\",\"reason\":\"分期还款\","
                       "\"notify_url\":\"https://pay.example.cn/api/v1/notify/wechat\",\"amount\":{"
                       "\"refund\":88849,\"total\":100000,\"currency\":\"CNY\"}}";
    assert_true(bytes_equal(world->exchange.body, bytes_of_text(body)));
}

static void test_doubtful_is_unknown(void **state) {
    struct world *world = *state;
    struct channel_request request = request_of(CHANNEL_ORDER_NATIVE);
    const char *body = "{\"code_url\":\"weixin://x?pr=1\"}";
    struct reply replies[] = {
        {.kind = REPLY_NOT_SENT},
        {.kind = REPLY_LOST},
        {.kind = REPLY_ANSWERED, .http_status = 502},
        {.kind = REPLY_ANSWERED, .http_status = 200, .body = bytes_of_text(body)},
        signed_reply(world, 200, platform_serial, world->merchant, body, 0),
        signed_reply(world, 200, platform_serial, world->platform, body, -301),
        signed_reply(world, 200, platform_serial, world->platform, body, 301),
        signed_reply(world, 200, platform_serial, world->platform, "not json", 0),
    };
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        begin(world, &request);
        assert_int_equal(wechat_continue(&world->flow, &replies[i], now, nonce_text,
                             &world->exchange, &world->answer),
            STEP_DONE);
        assert_int_equal(world->answer.state, CHANNEL_UNKNOWN);
    }
}

/* /v3/certificates with `serial` sealed by `api_v3_key`. */
static const char *certificates_body(
    struct world *world, const char *serial, const struct rsa_key *key, const char *api_v3_key) {
    struct bytes pem;
    assert_int_equal(rsa_self_signed(key, serial, world->arena, &pem, NULL), STATUS_OK);
    struct bytes sealed = aes_gcm_seal(world->arena, bytes_of_text(api_v3_key),
        bytes_of_text("nonce1234567"), bytes_of_text("certificate"), pem);
    return arena_printf(world->arena,
        "{\"data\":[{\"serial_no\":\"%s\",\"encrypt_certificate\":{\"algorithm\":"
        "\"AEAD_AES_256_GCM\",\"nonce\":\"nonce1234567\",\"associated_data\":\"certificate\","
        "\"ciphertext\":\"%s\"}}]}",
        serial, base64_write(world->arena, sealed));
}

static void test_rotation(void **state) {
    struct world *world = *state;
    struct channel_request request = request_of(CHANNEL_ORDER_NATIVE);
    begin(world, &request);
    struct reply reply = signed_reply(
        world, 200, new_serial, world->rotated, "{\"code_url\":\"weixin://x?pr=1\"}", 0);
    assert_int_equal(
        wechat_continue(&world->flow, &reply, now, nonce_text, &world->exchange, &world->answer),
        STEP_SEND);
    assert_string_equal(world->exchange.url, "http://127.0.0.1:1/v3/certificates");
    /* The answer is signed by the certificate that it brings. */
    struct reply certificates = signed_reply(world, 200, new_serial, world->rotated,
        certificates_body(world, new_serial, world->rotated, "0123456789abcdefghijklmnopqrstuv"),
        0);
    assert_int_equal(wechat_continue(&world->flow, &certificates, now, nonce_text, &world->exchange,
                         &world->answer),
        STEP_DONE);
    assert_int_equal(world->answer.state, CHANNEL_ACCEPTED);
    assert_true(wechat_keys_know(world->keys, new_serial));
}

static void test_forged_rotation(void **state) {
    struct world *world = *state;
    /* Sealed with another APIv3 key; sealed rightly but signed by a stranger. */
    struct reply replies[] = {
        signed_reply(world, 200, new_serial, world->rotated,
            certificates_body(
                world, new_serial, world->rotated, "ffffffffffffffffffffffffffffffff"),
            0),
        signed_reply(world, 200, new_serial, world->merchant,
            certificates_body(
                world, new_serial, world->rotated, "0123456789abcdefghijklmnopqrstuv"),
            0),
    };
    for (size_t i = 0; i < 2; i++) {
        assert_false(wechat_take_certificates(&world->flow, &replies[i], now));
        assert_false(wechat_keys_know(world->keys, new_serial));
    }
}

/* ---- notifications ---- */

static const char *notice_body(struct world *world, const char *event, const char *plain) {
    struct bytes sealed = aes_gcm_seal(world->arena, world->config.api_v3_key,
        bytes_of_text("nonce1234567"), bytes_of_text("transaction"), bytes_of_text(plain));
    return arena_printf(world->arena,
        "{\"id\":\"EV-1\",\"create_time\":\"2026-01-05T10:21:00+08:00\",\"resource_type\":"
        "\"encrypt-resource\",\"event_type\":\"%s\",\"summary\":\"\",\"resource\":{\"algorithm\":"
        "\"AEAD_AES_256_GCM\",\"ciphertext\":\"%s\",\"nonce\":\"nonce1234567\","
        "\"associated_data\":\"transaction\",\"original_type\":\"transaction\"}}",
        event, base64_write(world->arena, sealed));
}

static struct channel_notice noticed(struct world *world, const struct reply *message) {
    struct channel_raw_notice raw = {.kind = CHANNEL_WECHAT,
        .headers = message->headers,
        .header_count = message->header_count,
        .body = message->body,
        .query = ""};
    struct channel_notice notice;
    wechat_read_notice(&world->config, world->keys, world->arena, &raw, now, &notice);
    return notice;
}

static void test_notice(void **state) {
    struct world *world = *state;
    const char *plain =
        transaction(world, "1900012345", "P0000000000001000000000000AX", "SUCCESS", 88849);
    const char *body = notice_body(world, "TRANSACTION.SUCCESS", plain);
    struct reply message = signed_reply(world, 0, "PUB_KEY_ID_01", world->public_key, body, 0);
    struct channel_notice notice = noticed(world, &message);
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_PAYMENT);
    assert_string_equal(notice.notice_id, "EV-1");
    assert_string_equal(notice.number, "P0000000000001000000000000AX");
    assert_int_equal(notice.answer.state, CHANNEL_SUCCEEDED);
    assert_int_equal(notice.answer.amount.fen, 88849);
    assert_string_equal(notice.answer.transaction_id, "4200001");
    assert_int_equal(notice.answer.moved_at.us / US_PER_SECOND, 1767579660);
}

static void test_bad_notices(void **state) {
    struct world *world = *state;
    const char *number = "P0000000000001000000000000AX";
    const char *plain = transaction(world, "1900012345", number, "SUCCESS", 88849);
    const char *good = notice_body(world, "TRANSACTION.SUCCESS", plain);
    const char *other = notice_body(
        world, "TRANSACTION.SUCCESS", transaction(world, "1999999999", number, "SUCCESS", 88849));
    const char *unused = notice_body(world, "PAYSCORE.USER_OPEN_SERVICE", plain);
    const char *cut = arena_text_n(world->arena, good, strlen(good) - 1);
    struct reply tampered = signed_reply(world, 0, platform_serial, world->platform, good, 0);
    tampered.body = bytes_of_text(other);
    struct reply truncated = signed_reply(world, 0, platform_serial, world->platform, good, 0);
    truncated.body.length--;
    struct reply probe = signed_reply(world, 0, platform_serial, world->platform, good, 0);
    probe.headers[2].value = "WECHATPAY/SIGNTEST/abc";
    struct reply unsigned_one = signed_reply(world, 0, platform_serial, world->platform, good, 0);
    unsigned_one.header_count = 2;
    const struct {
        struct reply message;
        enum channel_notice_verdict verdict;
    } rows[] = {
        {tampered, CHANNEL_NOTICE_FORGED},
        {truncated, CHANNEL_NOTICE_FORGED},
        {probe, CHANNEL_NOTICE_FORGED},
        {unsigned_one, CHANNEL_NOTICE_FORGED},
        {signed_reply(world, 0, platform_serial, world->merchant, good, 0), CHANNEL_NOTICE_FORGED},
        {signed_reply(world, 0, "UNKNOWN", world->platform, good, 0), CHANNEL_NOTICE_FORGED},
        {signed_reply(world, 0, platform_serial, world->platform, good, -301),
            CHANNEL_NOTICE_STALE},
        {signed_reply(world, 0, platform_serial, world->platform, cut, 0),
            CHANNEL_NOTICE_MALFORMED},
        {signed_reply(world, 0, platform_serial, world->platform, other, 0),
            CHANNEL_NOTICE_MISDIRECTED},
        {signed_reply(world, 0, platform_serial, world->platform, unused, 0),
            CHANNEL_NOTICE_IGNORED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(noticed(world, &rows[i].message).verdict, rows[i].verdict);
}

static struct world *current;

/* The provider's own SDK test: signature over raw bytes, then the sealed part. */
static void check_published_notice(const struct vector *vector) {
    struct rsa_key *key = NULL;
    struct bytes pem = vector_bytes(vector, "certificate"), body = vector_bytes(vector, "body");
    assert_int_equal(rsa_read_public(pem, &key, NULL), STATUS_OK);
    wechat_keys_add(current->keys, vector_text(vector, "serial"), key);
    struct channel_header headers[] = {
        {"Wechatpay-Timestamp", vector_text(vector, "timestamp")},
        {"Wechatpay-Nonce", vector_text(vector, "nonce")},
        {"Wechatpay-Signature", vector_text(vector, "signature")},
        {"Wechatpay-Serial", vector_text(vector, "serial")},
    };
    struct instant then = {INT64_C(1624523846) * US_PER_SECOND};
    assert_int_equal(
        wechat_verify(current->keys, vector->arena, headers, 4, body, then), WECHAT_GENUINE);
    assert_int_equal(
        wechat_verify(current->keys, vector->arena, headers, 4, body, now), WECHAT_STALE);
    const struct json_value *document = NULL;
    struct bytes plain;
    assert_int_equal(json_read(vector->arena, body, &document, NULL), STATUS_OK);
    assert_true(wechat_open_resource(vector->arena, vector_bytes(vector, "api_v3_key"),
        json_member(document, "resource"), &plain));
    assert_true(bytes_equal(plain, vector_bytes(vector, "plain")));
}

static void test_published_notice(void **state) {
    current = *state;
    assert_int_equal(vector_file_each("channel/wechat_notice.txt", check_published_notice), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_signed),
        cmocka_unit_test(test_order_answers),
        cmocka_unit_test(test_query_answers),
        cmocka_unit_test(test_refund_answers),
        cmocka_unit_test(test_doubtful_is_unknown),
        cmocka_unit_test(test_forged_rotation),
        cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_notice),
        cmocka_unit_test(test_bad_notices),
        cmocka_unit_test(test_published_notice),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
