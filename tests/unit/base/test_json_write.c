/* test_json_write.c: JSON out, escapes and bad UTF-8. */
#include "../cmocka_include.h"

#include "base/json_write.h"

#include <stdio.h>

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

/* Texts are looked at eight bytes at a time: every byte at every place in them. */
static void test_every_byte_at_every_place(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(1024);
    for (int byte = 1; byte < 256; byte++)
        for (size_t place = 0; place < 19; place++) {
            char text[20] = "abcdefghijklmnopqrs";
            text[place] = (char)byte;
            struct json json = json_start(arena);
            json_string(&json, NULL, text);
            char middle[8] = {(char)byte, '\0'};
            if (byte == '"' || byte == '\\')
                snprintf(middle, sizeof middle, "\\%c", byte);
            else if (byte == '\n' || byte == '\r' || byte == '\t')
                snprintf(middle, sizeof middle, "\\%c",
                    byte == '\n'   ? 'n'
                    : byte == '\r' ? 'r'
                                   : 't');
            else if (byte < 0x20)
                snprintf(middle, sizeof middle, "\\u%04x", (unsigned)byte);
            else if (byte >= 0x80)
                snprintf(middle, sizeof middle, "\xef\xbf\xbd");
            assert_string_equal(json_text(&json),
                arena_printf(arena, "\"%.*s%s%s\"", (int)place, text, middle, text + place + 1));
            arena_reset(arena);
        }
}

static void test_names_may_be_any_text(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(1024);
    struct json json = json_start_with_room(arena, 64);
    json_open(&json, NULL, '{');
    json_integer(&json, "a \"name\" of twenty", 1);
    json_integer(&json, "期数", 2);
    json_close(&json);
    assert_string_equal(json_text(&json), "{\"a \\\"name\\\" of twenty\":1,\"期数\":2}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_bad_utf8),
        cmocka_unit_test(test_every_byte_at_every_place),
        cmocka_unit_test(test_names_may_be_any_text),
    };
    return cmocka_run_group_tests_name("base_json_write", tests, NULL, NULL);
}
