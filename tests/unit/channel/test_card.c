/*
 * test_card.c: every message flow of the card acquirer against an acquirer that this file plays,
 * the wire vectors, and notifications that must be refused.
 */
#include "../cmocka_include.h"
#include "../vector_file.h"

#include "channel/card.h"
#include "codec/aes.h"
#include "codec/sha1.h"
#include "codec/text_bytes.h"

#include <stdlib.h>
#include <string.h>

static const char number[] = "P0000000000001000000000000AX";
static const char our_aes_key[] = "0123456789abcdef";
static const char their_aes_key[] = "fedcba9876543210";
static const struct instant now = {INT64_C(1767579630) * US_PER_SECOND};

struct world {
    struct arena *arena;
    struct rsa_key *merchant, *acquirer;
    struct card_config config;
    struct card_flow flow;
    struct exchange exchange;
    struct card_fields sent;
};

static int set_up(void **state) {
    struct world *world = calloc(1, sizeof *world);
    world->arena = arena_create(65536);
    assert_int_equal(rsa_generate(&world->merchant, NULL), STATUS_OK);
    assert_int_equal(rsa_generate(&world->acquirer, NULL), STATUS_OK);
    world->config = (struct card_config){
        .endpoint_url = "http://127.0.0.1:1/back",
        .refund_url = "http://127.0.0.1:1/refund",
        .member_id = "100025773",
        .terminal_id = "200001173",
        .merchant_key = world->merchant,
        .acquirer_key = world->acquirer,
        .notify_url = "https://pay.example.cn/api/v1/notify/card",
        .refund_notify_url = "https://pay.example.cn/api/v1/notify/card",
    };
    world->flow = (struct card_flow){.arena = world->arena, .config = &world->config};
    *state = world;
    return 0;
}

static int tear_down(void **state) {
    struct world *world = *state;
    rsa_free(world->merchant);
    rsa_free(world->acquirer);
    arena_destroy(world->arena);
    free(world);
    return 0;
}

static struct channel_request *begin(struct world *world, enum channel_operation operation) {
    struct channel_request *request = ARENA_NEW(world->arena, struct channel_request);
    *request = (struct channel_request){.kind = CHANNEL_CARD,
        .mode = CHANNEL_MODE_TEST,
        .operation = operation,
        .number = number,
        .original_number = "P0000000000001000000000000BY",
        .number_at = now,
        .amount = {88849},
        .description = "退回",
        .customer_ref = "42",
        .card_number = "6222020000000006621",
        .holder_name = "张三",
        .identity_number = "110101199003070011",
        .phone = "13900000000",
        .bind_ref = "UC20260105",
        .sms_code = "123456",
        .protocol_no = "PN100"};
    assert_int_equal(
        card_begin(&world->flow, request, now, "msg1", our_aes_key, &world->exchange, NULL),
        STATUS_OK);
    world->sent = (struct card_fields){.arena = world->arena};
    assert_true(card_read(&world->sent, world->exchange.body, true));
    return request;
}

/* Opens a field that we sent, as the acquirer would. */
static const char *sent_secret(struct world *world, const char *name) {
    const char *aes_key, *text;
    assert_true(card_envelope_read(
        world->arena, world->acquirer, card_value(&world->sent, "dgtl_envlp"), &aes_key));
    assert_true(card_open(world->arena, aes_key, card_value(&world->sent, name), &text));
    return text;
}

/* "name=value&…" signed by `key`, as the flat text of an answer. */
static struct bytes signed_text(struct world *world, const struct rsa_key *key, const char *text) {
    struct card_fields fields = {.arena = world->arena};
    assert_true(card_read(&fields, bytes_of_text(text), false));
    char *digest = sha1_hex(world->arena, bytes_of_text(card_signed_text(&fields)));
    struct bytes signature;
    assert_int_equal(
        rsa_sign(key, RSA_SHA1, bytes_of_text(digest), world->arena, &signature, NULL), STATUS_OK);
    return bytes_of_text(
        arena_printf(world->arena, "%s&signature=%s", text, hex_write(world->arena, signature)));
}

static struct channel_answer told(struct world *world, const char *fields) {
    struct reply reply = {.kind = REPLY_ANSWERED,
        .http_status = 200,
        .body = signed_text(world, world->acquirer,
            arena_printf(world->arena, "member_id=100025773&terminal_id=200001173&%s", fields))};
    struct channel_answer answer;
    card_continue(&world->flow, &reply, &answer);
    return answer;
}

/* "&dgtl_envlp=…&name=sealed" made with a key of the acquirer's. */
static const char *sealed_field(struct world *world, const char *name, const char *text) {
    const char *envelope;
    assert_int_equal(
        card_envelope_write(world->arena, world->merchant, their_aes_key, &envelope, NULL),
        STATUS_OK);
    return arena_printf(world->arena, "&dgtl_envlp=%s&%s=%s", envelope, name,
        card_seal(world->arena, their_aes_key, text));
}

static void check_wire(const struct vector *vector) {
    struct arena *arena = vector->arena;
    if (strcmp(vector_text(vector, "id"), "baofoo-query") == 0) {
        struct rsa_key *key = NULL;
        struct card_fields fields = {.arena = arena};
        assert_int_equal(rsa_read_public(vector_bytes(vector, "key"), &key, NULL), STATUS_OK);
        assert_true(card_read(&fields, vector_bytes(vector, "message"), false));
        assert_string_equal(card_signed_text(&fields), vector_text(vector, "message"));
        assert_string_equal(
            sha1_hex(arena, vector_bytes(vector, "message")), vector_text(vector, "sha1"));
        card_add(&fields, "signature", vector_text(vector, "signature_hex"));
        assert_true(card_verify(&fields, key));
        fields.fields[0].value = "100025774";
        assert_false(card_verify(&fields, key));
        rsa_free(key);
        return;
    }
    const char *aes_key = vector_text(vector, "aes_key"), *text;
    assert_string_equal(
        card_seal(arena, aes_key, vector_text(vector, "plain")), vector_text(vector, "sealed_hex"));
    assert_true(card_open(arena, aes_key, vector_text(vector, "sealed_hex"), &text));
    assert_string_equal(text, vector_text(vector, "plain"));
}

static void test_wire_vectors(void **state) {
    (void)state;
    assert_int_equal(vector_file_each("channel/card_wire.txt", check_wire), 2);
}

static void test_malformed_lists(void **state) {
    struct world *world = *state;
    struct card_fields fields = {.arena = world->arena};
    static const char *const bad[] = {"", "a", "=b", "a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(card_read(&fields, bytes_of_text(bad[i]), true));
    assert_true(card_read(&fields, bytes_of_text("a=%E8%BF%98+x&b="), true));
    assert_string_equal(card_value(&fields, "a"), "还 x");
}

static void test_bind(void **state) {
    struct world *world = *state;
    begin(world, CHANNEL_BIND_START);
    assert_true(card_verify(&world->sent, world->merchant));
    assert_string_equal(card_value(&world->sent, "txn_type"), "01");
    assert_string_equal(card_value(&world->sent, "send_time"), "2026-01-05 10:20:30");
    assert_string_equal(sent_secret(world, "acc_info"),
        "6222020000000006621|张三|110101199003070011|13900000000||");
    assert_null(memmem(world->exchange.body.at, world->exchange.body.length, "6222020", 7));
    struct channel_answer answer =
        told(world, arena_printf(world->arena, "resp_code=S&biz_resp_code=0000%s",
                        sealed_field(world, "unique_code", "UC1")));
    assert_int_equal(answer.state, CHANNEL_ACCEPTED);
    assert_string_equal(answer.bind_ref, "UC1");

    begin(world, CHANNEL_BIND_CONFIRM);
    assert_string_equal(sent_secret(world, "unique_code"), "UC20260105|123456");
    answer =
        told(world, arena_printf(world->arena, "resp_code=S&biz_resp_code=0000&bank_code=CMB%s",
                        sealed_field(world, "protocol_no", "PN1")));
    assert_int_equal(answer.state, CHANNEL_SUCCEEDED);
    assert_string_equal(answer.protocol_no, "PN1");
    assert_string_equal(answer.bank_code, "CMB");
    answer = told(world, "resp_code=F&biz_resp_code=BF00105&biz_resp_msg=code");
    assert_int_equal(answer.failure, CHANNEL_FAILURE_CODE_WRONG);

    begin(world, CHANNEL_BIND_QUERY)->protocol_no = NULL;
    answer = told(world, arena_printf(world->arena, "resp_code=S%s",
                             sealed_field(world, "protocols",
                                 "PN7|41|6222|CMB|x;PN8|42|6222020000000006621|ICBC|y")));
    assert_string_equal(answer.protocol_no, "PN8");
}

static void test_debit(void **state) {
    struct world *world = *state;
    begin(world, CHANNEL_DEBIT);
    assert_string_equal(card_value(&world->sent, "txn_type"), "08");
    assert_string_equal(card_value(&world->sent, "trans_id"), number);
    assert_string_equal(card_value(&world->sent, "txn_amt"), "88849");
    assert_string_equal(sent_secret(world, "protocol_no"), "PN100");
    struct channel_answer answer = told(world,
        "resp_code=S&biz_resp_code=0000&trans_id=P0000000000001000000000000AX&order_id=9001"
        "&succ_amt=88849&succ_time=2026-01-05 10:20:58");
    assert_int_equal(answer.state, CHANNEL_SUCCEEDED);
    assert_int_equal(answer.amount.fen, 88849);
    assert_string_equal(answer.transaction_id, "9001");
    assert_int_equal(answer.moved_at.us, now.us + 28 * US_PER_SECOND);
    static const struct {
        const char *fields;
        enum channel_state state;
        enum channel_failure failure;
    } rows[] = {
        {"resp_code=I&biz_resp_code=BF00115", CHANNEL_PROCESSING, CHANNEL_FAILURE_NONE},
        {"resp_code=FF&biz_resp_code=BF00100", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00100", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00112", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00113", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00115", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00144", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00202", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00114", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=F&biz_resp_code=BF00103", CHANNEL_FAILED, CHANNEL_FAILURE_NO_MONEY},
        {"resp_code=F&biz_resp_code=BF00102", CHANNEL_FAILED, CHANNEL_FAILURE_CARD_DEAD},
        {"resp_code=F&biz_resp_code=BF00104", CHANNEL_FAILED, CHANNEL_FAILURE_LIMIT},
        {"resp_code=F&biz_resp_code=BF99999", CHANNEL_FAILED, CHANNEL_FAILURE_REJECTED},
        {"resp_code=S&biz_resp_code=0000", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
        {"resp_code=S&trans_id=P0000000000001000000000000ZZ&succ_amt=1", CHANNEL_UNKNOWN,
            CHANNEL_FAILURE_NONE},
        {"resp_code=?", CHANNEL_UNKNOWN, CHANNEL_FAILURE_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer = told(world, rows[i].fields);
        assert_int_equal(answer.state, rows[i].state);
        assert_int_equal(answer.failure, rows[i].failure);
    }
}

static void test_query(void **state) {
    struct world *world = *state;
    begin(world, CHANNEL_QUERY);
    assert_string_equal(card_value(&world->sent, "orig_trans_id"), number);
    assert_string_equal(card_value(&world->sent, "orig_trade_date"), "2026-01-05 10:20:30");
    assert_string_equal(card_value(&world->sent, "dgtl_envlp"), "");
    assert_int_equal(told(world, "resp_code=F&biz_resp_code=BF00128").state, CHANNEL_ABSENT);
    assert_int_equal(told(world, "resp_code=FF&biz_resp_code=BF00128").state, CHANNEL_ABSENT);
    assert_int_equal(told(world, "resp_code=FF&biz_resp_code=BF00100").state, CHANNEL_UNKNOWN);
}

static void test_doubtful_is_unknown(void **state) {
    struct world *world = *state;
    begin(world, CHANNEL_DEBIT);
    const char *paid =
        "member_id=100025773&terminal_id=200001173&resp_code=F&biz_resp_code=BF00103";
    const char *elsewhere = "member_id=1&terminal_id=200001173&resp_code=F&biz_resp_code=BF00103";
    struct reply replies[] = {
        {.kind = REPLY_NOT_SENT},
        {.kind = REPLY_LOST},
        {.kind = REPLY_ANSWERED, .http_status = 500},
        {.kind = REPLY_ANSWERED, .http_status = 200, .body = bytes_of_text(paid)},
        {.kind = REPLY_ANSWERED,
            .http_status = 200,
            .body = signed_text(world, world->merchant, paid)},
        {.kind = REPLY_ANSWERED,
            .http_status = 200,
            .body = signed_text(world, world->acquirer, elsewhere)},
    };
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        struct channel_answer answer;
        card_continue(&world->flow, &replies[i], &answer);
        assert_int_equal(answer.state, CHANNEL_UNKNOWN);
    }
}

static void test_refund(void **state) {
    struct world *world = *state;
    begin(world, CHANNEL_REFUND);
    struct bytes sealed, encoded, json;
    assert_true(
        hex_read(world->arena, bytes_of_text(card_value(&world->sent, "data_content")), &sealed));
    assert_true(rsa_open_public(world->merchant, sealed, world->arena, &encoded));
    assert_true(base64_read(world->arena, encoded, &json));
    assert_non_null(memmem(json.at, json.length, "\"refund_amt\":\"88849\"", 20));
    assert_non_null(memmem(json.at, json.length, "\"refund_time\":\"20260105102030\"", 30));
    const char *answers[] = {
        "{\"resp_code\":\"0000\",\"refund_order_no\":\"P0000000000001000000000000AX\"}",
        "{\"resp_code\":\"BF00100\"}", "{\"resp_code\":\"BF00299\"}"};
    static const enum channel_state asked[] = {CHANNEL_PROCESSING, CHANNEL_UNKNOWN, CHANNEL_FAILED};
    static const enum channel_state queried[] = {
        CHANNEL_SUCCEEDED, CHANNEL_UNKNOWN, CHANNEL_FAILED};
    for (int round = 0; round < 2; round++) {
        begin(world, round ? CHANNEL_REFUND_QUERY : CHANNEL_REFUND);
        for (size_t i = 0; i < 3; i++) {
            struct bytes text =
                bytes_of_text(base64_write(world->arena, bytes_of_text(answers[i])));
            assert_int_equal(
                rsa_seal_private(world->acquirer, text, world->arena, &sealed, NULL), STATUS_OK);
            struct reply reply = {.kind = REPLY_ANSWERED,
                .http_status = 200,
                .body = bytes_of_text(hex_write(world->arena, sealed))};
            struct channel_answer answer;
            card_continue(&world->flow, &reply, &answer);
            assert_int_equal(answer.state, round ? queried[i] : asked[i]);
        }
    }
}

static struct channel_notice noticed(struct world *world, struct bytes body) {
    struct card_fields fields = {.arena = world->arena};
    assert_true(card_read(&fields, body, false));
    struct channel_raw_notice raw = {.kind = CHANNEL_CARD, .body = card_form(&fields), .query = ""};
    struct channel_notice notice;
    card_read_notice(&world->config, world->arena, &raw, &notice);
    return notice;
}

static void test_notices(void **state) {
    struct world *world = *state;
    const char *paid =
        "resp_code=S&member_id=100025773&terminal_id=200001173&biz_resp_code=0000&order_id=9001"
        "&trans_id=P0000000000001000000000000AX&succ_amt=88849&succ_time=2026-01-05 10:20:58";
    struct channel_notice notice = noticed(world, signed_text(world, world->acquirer, paid));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_PAYMENT);
    assert_int_equal(notice.answer.state, CHANNEL_SUCCEEDED);
    assert_int_equal(notice.answer.amount.fen, 88849);
    assert_string_equal(notice.number, number);
    assert_int_equal(strlen(notice.notice_id), 40);

    notice = noticed(world, signed_text(world, world->merchant, paid));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_FORGED);
    notice =
        noticed(world, signed_text(world, world->acquirer,
                           "resp_code=S&member_id=1&terminal_id=200001173&trans_id=P1&succ_amt=1"));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_MISDIRECTED);
    notice =
        noticed(world, signed_text(world, world->acquirer,
                           "resp_code=S&member_id=100025773&terminal_id=200001173&trans_id=P1"));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_MALFORMED);
    notice =
        noticed(world, signed_text(world, world->acquirer,
                           "resp_code=I&member_id=100025773&terminal_id=200001173&trans_id=P1"));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_IGNORED);
    struct bytes cut = signed_text(world, world->acquirer, paid);
    cut.length -= 2;
    notice = noticed(world, cut);
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_FORGED);
    struct channel_raw_notice raw = {
        .kind = CHANNEL_CARD, .body = bytes_of_text("nonsense"), .query = ""};
    card_read_notice(&world->config, world->arena, &raw, &notice);
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_MALFORMED);
}

static struct bytes sealed_notice(
    struct world *world, const struct rsa_key *key, const char *json) {
    struct bytes sealed, text = bytes_of_text(base64_write(world->arena, bytes_of_text(json)));
    assert_int_equal(rsa_seal_private(key, text, world->arena, &sealed, NULL), STATUS_OK);
    return bytes_of_text(
        arena_printf(world->arena, "data_content=%s", hex_write(world->arena, sealed)));
}

static void test_refund_notices(void **state) {
    struct world *world = *state;
    const char *json = "{\"member_id\":\"100025773\",\"terminal_id\":\"200001173\","
                       "\"refund_order_no\":\"P0000000000001000000000000AX\","
                       "\"resp_code\":\"0000\"}";
    const char *elsewhere = "{\"member_id\":\"1\",\"terminal_id\":\"200001173\","
                            "\"refund_order_no\":\"P1\",\"resp_code\":\"0000\"}";
    struct channel_notice notice = noticed(world, sealed_notice(world, world->acquirer, json));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_REFUND);
    assert_string_equal(notice.number, number);
    notice = noticed(world, sealed_notice(world, world->merchant, json));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_FORGED);
    notice = noticed(world, sealed_notice(world, world->acquirer, elsewhere));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_MISDIRECTED);
    notice = noticed(world, sealed_notice(world, world->acquirer, "{}"));
    assert_int_equal(notice.verdict, CHANNEL_NOTICE_MALFORMED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_vectors),
        cmocka_unit_test(test_malformed_lists),
        cmocka_unit_test(test_bind),
        cmocka_unit_test(test_debit),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_doubtful_is_unknown),
        cmocka_unit_test(test_refund),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_refund_notices),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
