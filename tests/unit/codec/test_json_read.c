/* test_json_read.c: what is read exactly, and what is refused. */
#include "../cmocka_include.h"

#include "codec/json_read.h"

#include <stdio.h>
#include <string.h>

static const struct json_value *read_ok(struct arena *arena, const char *text) {
    const struct json_value *value = NULL;
    struct fault fault = {0};
    if (json_read(arena, bytes_of_text(text), &value, &fault) != STATUS_OK)
        fail_msg("%s: %s", text, fault.text);
    return value;
}

static void test_every_kind_is_read(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    const struct json_value *top =
        read_ok(arena, " {\"a\":[1,-2,true,false,null,\"\\u4f60\\ud842\\udfb7\\n\",1.5,{}],"
                       "\"least\":-9223372036854775808,\"most\":9223372036854775807} ");
    assert_int_equal(top->kind, JSON_OBJECT_VALUE);
    assert_int_equal(top->count, 3);
    const struct json_value *item = json_member(top, "a")->first;
    assert_int_equal(json_member(top, "a")->count, 8);
    static const enum json_kind kinds[] = {JSON_INTEGER_VALUE, JSON_INTEGER_VALUE,
        JSON_BOOLEAN_VALUE, JSON_BOOLEAN_VALUE, JSON_NULL_VALUE, JSON_TEXT_VALUE, JSON_REAL_VALUE,
        JSON_OBJECT_VALUE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++, item = item->next) {
        assert_int_equal(item->kind, kinds[i]);
        if (item->kind == JSON_TEXT_VALUE)
            assert_string_equal(item->text, "你𠮷\n");
    }
    assert_null(item);
    int64_t number = 0;
    assert_true(json_member_integer(top, "least", &number));
    assert_true(number == INT64_MIN);
    assert_true(json_member_integer(top, "most", &number));
    assert_true(number == INT64_MAX);
    assert_false(json_member_integer(top, "a", &number));
    assert_null(json_member_text(top, "most"));
    assert_null(json_member(top, "absent"));
    assert_null(json_member(NULL, "a"));
}

static void test_what_is_not_json_is_invalid(void **state) {
    (void)state;
    static const char *const texts[] = {"", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}",
        "NaN", "Infinity", "-", "01", "1.", "+1", "\"\\x\"", "\"\t\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\xff\"", "\"\xc0\xaf\"", "{\"a\":1,\"a\":1}", "{\"a\":1}{}", "1 2",
        "9223372036854775808", "-9223372036854775809", "1e999", "// x\n1", "\xef\xbb\xbf{}",
        "{\"\\u0000a\":1}", "tru", "\"open"};
    FENQI_ARENA arena = arena_create(4096);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct json_value *value = NULL;
        struct fault fault = {0};
        if (json_read(arena, bytes_of_text(texts[i]), &value, &fault) != STATUS_INVALID)
            fail_msg("was taken: %s", texts[i]);
        assert_true(fault.text[0] != '\0');
    }
    const struct json_value *value;
    struct fault fault = {0};
    assert_int_equal(json_read(arena, (struct bytes){(const uint8_t *)"1\0", 2}, &value, &fault),
        STATUS_INVALID);
}

static void test_the_depth_is_bounded(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    for (int depth = JSON_READ_DEPTH_MAX; depth <= 100000; depth = depth * 3 + 1) {
        char *text = arena_allocate(arena, (size_t)depth * 2 + 1);
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        const struct json_value *value;
        struct fault fault = {0};
        assert_int_equal(json_read(arena, bytes_of_text(text), &value, &fault),
            depth == JSON_READ_DEPTH_MAX ? STATUS_OK : STATUS_INVALID);
    }
    read_ok(arena, "[\"[[[[[[[[[[[[[[[[[[[[ \\\" [[[[\"]"); /* brackets in a text are no depth */
}

static void test_the_fault_does_not_quote_the_input(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    const struct json_value *value;
    struct fault fault = {0};
    assert_int_equal(
        json_read(arena, bytes_of_text("{\"card\": 6222020200066006600x}"), &value, &fault),
        STATUS_INVALID);
    assert_null(strstr(fault.text, "6222"));
    assert_non_null(strstr(fault.text, "line 1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_is_read),
        cmocka_unit_test(test_what_is_not_json_is_invalid),
        cmocka_unit_test(test_the_depth_is_bounded),
        cmocka_unit_test(test_the_fault_does_not_quote_the_input),
    };
    return cmocka_run_group_tests_name("codec_json_read", tests, NULL, NULL);
}
