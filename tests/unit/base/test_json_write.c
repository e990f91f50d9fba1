/* test_json_write.c: JSON out, escapes and bad UTF-8. */
#include "../cmocka_include.h"

#include "base/json_write.h"

static void test_document(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(64);
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "name", "第1期 \"x\"\\\n\x01");
    json_money(&json, "amount_fen", money_fen(-88849));
    json_day(&json, "due", day_from_civil(2026, 11, 22));
    json_day(&json, "none", DAY_NONE);
    json_id(&json, "id", INT64_MAX);
    json_open(&json, "items", '[');
    json_integer(&json, NULL, INT64_MIN);
    json_boolean(&json, NULL, true);
    json_null(&json, NULL);
    json_open(&json, NULL, '{');
    json_close(&json);
    json_close(&json);
    json_raw(&json, "raw", "[1]");
    json_close(&json);
    assert_string_equal(json_text(&json),
        "{\"name\":\"第1期 \\\"x\\\"\\\\\\n\\u0001\",\"amount_fen\":-88849,"
        "\"due\":\"2026-11-22\",\"none\":null,\"id\":\"9223372036854775807\","
        "\"items\":[-9223372036854775808,true,null,{}],\"raw\":[1]}");
}

static void test_bad_utf8(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(64);
    struct json json = json_start(arena);
    json_string(&json, NULL, "a\xff\xc0\xaf\xed\xa0\x80z\xe4\xb8");
    assert_string_equal(json_text(&json),
        "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"
        "\xef\xbf\xbd\xef\xbf\xbd\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_bad_utf8),
    };
    return cmocka_run_group_tests_name("base_json_write", tests, NULL, NULL);
}
