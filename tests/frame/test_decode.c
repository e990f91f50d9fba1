/* test_decode.c: bodies and queries: what each wrong field is answered. */
#include "frame_fixture.h"

#include "api/decode.h"
#include "base/public_number.h"

#include <stdio.h>
#include <string.h>

static struct frame frame;

static void decode_all(struct call *call) {
    static const char *const kinds[] = {"one", "two", NULL};
    struct decoder body;
    if (!call_body(call, &body))
        return;
    const char *name = decode_text(&body, "name", 1, 10);
    const char *note = decode_text_or_null(&body, "note", 0, 10);
    struct money amount = decode_money(&body, "amount_fen", 1, 1000);
    int64_t count = decode_integer_or(&body, "count", 0, 9, 5);
    bool flag = decode_boolean(&body, "flag");
    struct day day = decode_day_or_none(&body, "day");
    int kind = decode_choice(&body, "kind", kinds);
    struct public_number order = {0};
    if (decode_has(&body, "order_id"))
        decode_number(&body, "order_id", PUBLIC_ORDER, &order);
    struct decoder goods;
    size_t items = decode_array(&body, "goods", 1, 3, &goods);
    int64_t sum = 0;
    for (size_t i = 0; i < items; i++) {
        struct decoder item = decode_next_object(&goods);
        sum += decode_integer(&item, "price", 0, 100);
        decode_end(&item);
    }
    if (!decode_end(&body))
        return;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "name", name);
    json_string(&json, "note", note);
    json_money(&json, "amount_fen", amount);
    json_integer(&json, "count", count);
    json_boolean(&json, "flag", flag);
    json_day(&json, "day", day);
    json_integer(&json, "kind", kind);
    json_integer(&json, "sum", sum);
    json_close(&json);
    call_json(call, 200, &json);
}

static void query(struct call *call) {
    static const char *const known[] = {"limit", "cursor", NULL};
    int64_t limit;
    if (!call_query_known(call, known) || !call_query_integer(call, "limit", 1, 100, 20, &limit))
        return;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_integer(&json, "limit", limit);
    json_close(&json);
    call_json(call, 200, &json);
}

static const struct api_route routes[] = {
    {HTTP_POST, "/decode", decode_all, API_PUBLIC},
    {HTTP_GET, "/query", query, API_PUBLIC},
    API_ROUTES_END,
};

static int setup(void **state) {
    (void)state;
    frame_start(&frame, routes, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    frame_stop(&frame);
    return 0;
}

static int post(const char *body) {
    return frame_ask(&frame, "POST", "/decode", "", body);
}

static void test_right_bodies(void **state) {
    (void)state;
    assert_int_equal(post("{\"name\":\"分期\",\"amount_fen\":1000,\"flag\":true,\"kind\":\"two\","
                          "\"goods\":[{\"price\":1},{\"price\":41}]}"),
        200);
    assert_true(
        frame_has(&frame, "{\"name\":\"分期\",\"note\":null,\"amount_fen\":1000,\"count\":5,"
                          "\"flag\":true,\"day\":null,\"kind\":1,\"sum\":42}"));
    assert_int_equal(
        post("{\"goods\":[{\"price\":1}],\"kind\":\"one\",\"flag\":false,\"day\":"
             "\"2026-11-22\",\"count\":0,\"amount_fen\":1,\"note\":\"\",\"name\":\"a\"}"),
        200);
    assert_true(frame_has(&frame, "\"note\":\"\",\"amount_fen\":1,\"count\":0,\"flag\":false,"
                                  "\"day\":\"2026-11-22\",\"kind\":0,\"sum\":1}"));
}

struct wrong {
    const char *body;
    int status;
    const char *code;
    const char *field; /* NULL: the answer names none */
};

#define REST ",\"amount_fen\":1,\"flag\":true,\"kind\":\"one\",\"goods\":[{\"price\":1}]}"
static const struct wrong wrongs[] = {
    {"", 400, "malformed_json", NULL},
    {"{", 400, "malformed_json", NULL},
    {"nonsense", 400, "malformed_json", NULL},
    {"{\"name\":'a'}", 400, "malformed_json", NULL},
    {"{\"name\":NaN}", 400, "malformed_json", NULL},
    {"{\"name\":\"a\",}", 400, "malformed_json", NULL},
    {"{} {}", 400, "malformed_json", NULL},
    {"\xef\xbb\xbf{}", 400, "malformed_json", NULL},
    {"{\"name\":\"\xb7\xd6\"}", 400, "malformed_json", NULL}, /* GBK */
    {"{\"name\":\"\\u0000\"}", 400, "malformed_json", NULL},
    {"{\"name\":\"\\ud800\"}", 400, "malformed_json", NULL},
    {"{\"amount_fen\":99999999999999999999}", 400, "malformed_json", NULL},
    {"{\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}", 400, "malformed_json", NULL},
    {"{\"name\":\"a\",\"name\":\"b\"}", 400, "field_duplicate", NULL},
    {"[]", 400, "field_type", NULL},
    {"\"a\"", 400, "field_type", NULL},
    {"{}", 400, "field_missing", "name"},
    {"{\"name\":null" REST, 400, "field_missing", "name"},
    {"{\"name\":1" REST, 400, "field_type", "name"},
    {"{\"name\":\"\"" REST, 400, "field_invalid", "name"},
    {"{\"name\":\"12345678901\"" REST, 400, "field_invalid", "name"},
    {"{\"name\":\"a\\u0007\"" REST, 400, "field_invalid", "name"},
    {"{\"name\":\"a\",\"note\":[]" REST, 400, "field_type", "note"},
    {"{\"name\":\"a\",\"amount_fen\":0}", 400, "field_invalid", "amount_fen"},
    {"{\"name\":\"a\",\"amount_fen\":-1}", 400, "field_invalid", "amount_fen"},
    {"{\"name\":\"a\",\"amount_fen\":1001}", 400, "field_invalid", "amount_fen"},
    {"{\"name\":\"a\",\"amount_fen\":9007199254740992}", 400, "field_invalid", "amount_fen"},
    {"{\"name\":\"a\",\"amount_fen\":1.0}", 400, "field_type", "amount_fen"},
    {"{\"name\":\"a\",\"amount_fen\":1e3}", 400, "field_type", "amount_fen"},
    {"{\"name\":\"a\",\"amount_fen\":\"1\"}", 400, "field_type", "amount_fen"},
    {"{\"name\":\"a\",\"count\":10" REST, 400, "field_invalid", "count"},
    {"{\"name\":\"a\",\"day\":\"2026-02-30\"" REST, 400, "field_invalid", "day"},
    {"{\"name\":\"a\",\"day\":\"22/11/2026\"" REST, 400, "field_invalid", "day"},
    {"{\"name\":\"a\",\"order_id\":\"D1\"" REST, 400, "field_invalid", "order_id"},
    {"{\"name\":\"a\",\"extra\":1" REST, 400, "field_unknown", "extra"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":\"true\"}", 400, "field_type", "flag"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":true,\"kind\":\"One\"}", 400, "field_invalid",
        "kind"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":true,\"kind\":\"one\",\"goods\":{}}", 400,
        "field_type", "goods"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":true,\"kind\":\"one\",\"goods\":[]}", 400,
        "field_invalid", "goods"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":true,\"kind\":\"one\",\"goods\":[1]}", 400,
        "field_type", "goods[0]"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":true,\"kind\":\"one\","
     "\"goods\":[{\"price\":1},{\"price\":101}]}",
        400, "field_invalid", "goods[1].price"},
    {"{\"name\":\"a\",\"amount_fen\":1,\"flag\":true,\"kind\":\"one\","
     "\"goods\":[{\"price\":1,\"x\":1}]}",
        400, "field_unknown", "goods[0].x"},
};

static void test_wrong_bodies(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const struct wrong *wrong = &wrongs[i];
        int status = post(wrong->body);
        char code[100];
        snprintf(code, sizeof code, "\"code\":\"%s\"", wrong->code);
        if (status != wrong->status || !frame_has(&frame, code))
            fail_msg("%s: %d %s", wrong->body, status, frame.answer);
        char field[100];
        snprintf(field, sizeof field, "\"field\":\"%s\"", wrong->field == NULL ? "" : wrong->field);
        if (wrong->field == NULL ? frame_has(&frame, "\"field\"") : !frame_has(&frame, field))
            fail_msg("%s: %s", wrong->body, frame.answer);
        assert_true(frame_has(&frame, "Content-Type: application/problem+json"));
        assert_true(frame_has(&frame, "\"title\":\"") && frame_has(&frame, "\"detail_en\":\""));
    }
}

static void test_wrong_media_type(void **state) {
    (void)state;
    assert_int_equal(client_ask(&frame.http,
                         "POST /api/v1/decode HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                         "Content-Length: 2\r\n\r\n{}",
                         frame.answer, sizeof frame.answer),
        415);
    assert_int_equal(client_ask(&frame.http,
                         "POST /api/v1/decode HTTP/1.1\r\nHost: a\r\nContent-Type: "
                         "application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
                         frame.answer, sizeof frame.answer),
        400);
    assert_int_equal(client_ask(&frame.http,
                         "POST /api/v1/decode HTTP/1.1\r\nHost: a\r\nContent-Type: "
                         "application/json\r\nContent-Length: 70000\r\n\r\n{}",
                         frame.answer, sizeof frame.answer),
        413);
    assert_true(frame_has(&frame, "\"code\":\"body_too_large\""));
}

static void test_queries(void **state) {
    (void)state;
    assert_int_equal(frame_ask(&frame, "GET", "/query?limit=7", "", NULL), 200);
    assert_true(frame_has(&frame, "{\"limit\":7}"));
    assert_int_equal(frame_ask(&frame, "GET", "/query", "", NULL), 200);
    static const char *const bad[] = {"limit=0", "limit=101", "limit=", "limit=+7", "limit=7a",
        "limit=99999999999999999999", "limit=0x10", "limit=%207"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char path[60];
        snprintf(path, sizeof path, "/query?%s", bad[i]);
        assert_int_equal(frame_ask(&frame, "GET", path, "", NULL), 400);
        assert_true(frame_has(&frame, "\"code\":\"field_invalid\""));
        assert_true(frame_has(&frame, "\"field\":\"limit\""));
    }
    assert_int_equal(frame_ask(&frame, "GET", "/query?limits=1", "", NULL), 400);
    assert_true(frame_has(&frame, "\"code\":\"field_unknown\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_bodies),
        cmocka_unit_test(test_wrong_bodies),
        cmocka_unit_test(test_wrong_media_type),
        cmocka_unit_test(test_queries),
    };
    return cmocka_run_group_tests_name("frame_decode", tests, setup, teardown);
}
