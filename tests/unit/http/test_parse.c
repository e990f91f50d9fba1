/* test_parse.c: the parser by itself: what it understands, and that no bytes can hurt it. */
#include "../cmocka_include.h"

#include "base/builder.h"
#include "http/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct http_head head;
static enum http_error error;

/* Parses a copy of exactly `length` bytes, so that a sanitizer sees a read beyond them. */
static bool parse(struct arena *arena, const char *text, size_t length) {
    return http_parse_head(arena, arena_text_n(arena, text, length), length, &head, &error);
}

static void test_what_it_understands(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    const char *text = "PUT /a/%E5%88%86/?x=1&&y=%2B+z&x=2&flag HTTP/1.1\r\nHost: a:1\r\n"
                       "X-Blank: \t b c\t \r\nX-Empty:\r\nCONTENT-LENGTH: 0042\r\n"
                       "Connection: foo, CLOSE\r\nExpect: 100-Continue\r\n\r\n";
    assert_true(parse(arena, text, strlen(text)));
    assert_int_equal(head.method, HTTP_PUT);
    assert_string_equal(head.path, "/a/分/");
    assert_int_equal(head.segment_count, 3);
    assert_string_equal(head.segments[1], "分");
    assert_string_equal(head.segments[2], "");
    assert_int_equal(head.query_count, 4);
    assert_string_equal(head.query[1].name, "y");
    assert_string_equal(head.query[1].value, "+ z");
    assert_string_equal(head.query[3].name, "flag");
    assert_string_equal(head.query[3].value, "");
    assert_string_equal(http_head_field(&head, "x-blank"), "b c");
    assert_string_equal(http_head_field(&head, "X-EMPTY"), "");
    assert_null(http_head_field(&head, "X"));
    assert_int_equal(head.content_length, 42);
    assert_false(head.keep_alive);
    assert_true(head.expect_continue);
    text = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    assert_true(parse(arena, text, strlen(text)));
    assert_int_equal(head.segment_count, 0);
    assert_false(head.keep_alive); /* an old client is answered and closed */
}

static void test_end_is_found_wherever_the_pieces_break(void **state) {
    (void)state;
    const char *text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
    size_t end = strlen(text) - 4;
    for (size_t first = 0; first <= strlen(text); first++) {
        size_t found = http_parse_end((const uint8_t *)text, first, 0);
        assert_int_equal(found, first >= end ? end : 0);
        if (found == 0)
            assert_int_equal(http_parse_end((const uint8_t *)text, strlen(text), first), end);
    }
}

static void test_too_many_of_anything(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    struct builder text = builder_start(arena, 4096);
    builder_add(&text, "GET /");
    for (int i = 0; i < HTTP_SEGMENTS_MAX; i++)
        builder_add(&text, "a/");
    builder_add(&text, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_false(parse(arena, text.at, text.length));
    assert_int_equal(error, HTTP_ERROR_URI_TOO_LONG);
    text = builder_start(arena, 4096);
    builder_add(&text, "GET /?");
    for (int i = 0; i <= HTTP_QUERY_MAX; i++)
        builder_add(&text, "a=b&");
    builder_add(&text, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_false(parse(arena, text.at, text.length));
    assert_int_equal(error, HTTP_ERROR_BAD_REQUEST);
}

/*
 * Damages good heads at random (seeded) and checks what must hold of anything that is accepted.
 * With the sanitizers this is the parser's fuzz test.
 */
static void test_damaged_heads(void **state) {
    (void)state;
    static const char *const good[] = {
        "GET /a/b?c=d&e=%20f HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a:8080\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n",
        "PUT http://a.b:1/%e5%88%86?%3d=%26 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    };
    static const char pieces[][8] = {"\r\n", "\r", "\n", " ", ":", "%", "%00", "..", "?", "&", "=",
        "\t", "chunked", ",", "+1", "HTTP"};
    unsigned seed = 1122;
    int accepted = 0;
    for (int round = 0; round < 60000; round++) {
        FENQI_ARENA arena = arena_create(8192);
        const char *from = good[(size_t)rand_r(&seed) % 3];
        char text[300];
        size_t length = strlen(from);
        memcpy(text, from, length);
        for (int hits = rand_r(&seed) % 4; hits > 0; hits--) {
            size_t at = (size_t)rand_r(&seed) % length;
            if (rand_r(&seed) % 2 == 0) {
                text[at] = (char)(rand_r(&seed) & 0xff);
            } else {
                const char *piece = pieces[(size_t)rand_r(&seed) % 16];
                size_t size = strlen(piece) < length - at ? strlen(piece) : length - at;
                memcpy(text + at, piece, size);
            }
        }
        size_t end = http_parse_end((const uint8_t *)text, length, 0);
        if (end == 0 || !parse(arena, text, end))
            continue;
        accepted++;
        assert_true(head.path[0] == '/' && head.content_length >= 0);
        assert_null(strstr(head.path, "/../"));
        assert_null(http_head_field(&head, "Transfer-Encoding"));
        for (size_t i = 0; i < head.field_count; i++)
            assert_null(strpbrk(head.fields[i].value, "\r\n"));
    }
    assert_true(accepted > 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_understands),
        cmocka_unit_test(test_end_is_found_wherever_the_pieces_break),
        cmocka_unit_test(test_too_many_of_anything),
        cmocka_unit_test(test_damaged_heads),
    };
    return cmocka_run_group_tests_name("http_parse", tests, NULL, NULL);
}
