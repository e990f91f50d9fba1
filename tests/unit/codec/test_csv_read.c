/* test_csv_read.c: RFC 4180 and what is refused. */
#include "../cmocka_include.h"

#include "codec/csv_read.h"

#include <string.h>

static struct arena *arena;

static struct csv_reader reader_of(const char *text) {
    return csv_start(arena, bytes_of_text(text));
}

static void expect(struct csv_reader *reader, int count, const char *const *fields) {
    assert_int_equal(csv_next(reader), CSV_RECORD);
    assert_int_equal(reader->count, count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(reader->fields[i].text, fields[i]);
        assert_int_equal(reader->fields[i].length, strlen(fields[i]));
    }
}

static void test_records(void **state) {
    (void)state;
    struct csv_reader reader = reader_of("\xEF\xBB\xBF"
                                         "a,b\r\n\r\n1,\"x, \"\"y\"\"\r\nz\"\n,\n\"\",手机");
    expect(&reader, 2, (const char *const[]){"a", "b"});
    assert_int_equal(reader.record_line, 1);
    expect(&reader, 2, (const char *const[]){"1", "x, \"y\"\r\nz"});
    assert_int_equal(reader.record_line, 3);
    expect(&reader, 2, (const char *const[]){"", ""});
    assert_int_equal(reader.record_line, 5);
    expect(&reader, 2, (const char *const[]){"", "手机"});
    assert_true(reader.fields[0].quoted);
    assert_int_equal(csv_next(&reader), CSV_END);
    assert_int_equal(csv_next(&reader), CSV_END);
}

static void test_trailing_comma_is_an_empty_field(void **state) {
    (void)state;
    struct csv_reader reader = reader_of("a,");
    expect(&reader, 2, (const char *const[]){"a", ""});
    assert_int_equal(csv_next(&reader), CSV_END);
}

static void test_a_lone_carriage_return_is_text(void **state) {
    (void)state;
    struct csv_reader reader = reader_of("a\rb,c\n");
    expect(&reader, 2, (const char *const[]){"a\rb", "c"});
}

static void test_empty_files(void **state) {
    (void)state;
    struct csv_reader nothing = reader_of("");
    assert_int_equal(csv_next(&nothing), CSV_END);
    struct csv_reader mark = reader_of("\xEF\xBB\xBF");
    assert_int_equal(csv_next(&mark), CSV_END);
    struct csv_reader lines = reader_of("\r\n\n\r\n");
    assert_int_equal(csv_next(&lines), CSV_END);
}

static void test_refusals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        enum csv_verdict verdict;
        int64_t line;
        int32_t column;
    } rows[] = {
        {"ok,\xD0\xA1\xC3\xD7\n", 8, CSV_NOT_UTF8, 1, 2}, /* 小米 in GBK */
        {"\"\xB7\xD6\xC6\xDA\"", 6, CSV_NOT_UTF8, 1, 1},  /* 分期 in GBK, quoted */
        {"\xC0\x80", 2, CSV_NOT_UTF8, 1, 1},              /* overlong */
        {"\xED\xA0\x80", 3, CSV_NOT_UTF8, 1, 1},          /* surrogate */
        {"\xF4\x90\x80\x80", 4, CSV_NOT_UTF8, 1, 1},      /* beyond U+10FFFF */
        {"\xE5\xB0", 2, CSV_NOT_UTF8, 1, 1},              /* cut */
        {"a\0b", 3, CSV_NUL, 1, 1},
        {"a,b\"c\n", 6, CSV_STRAY_QUOTE, 1, 2},
        {"\"a\"b,c", 6, CSV_STRAY_QUOTE, 1, 1},
        {"x\ny,\"a\nb", 8, CSV_UNFINISHED_QUOTE, 2, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct csv_reader reader =
            csv_start(arena, (struct bytes){(const uint8_t *)rows[i].text, rows[i].length});
        enum csv_verdict verdict = CSV_RECORD;
        while (verdict == CSV_RECORD) {
            verdict = csv_next(&reader);
        }
        assert_int_equal(verdict, rows[i].verdict);
        assert_int_equal(reader.record_line, rows[i].line);
        assert_int_equal(reader.column, rows[i].column);
        assert_true(strlen(csv_verdict_zh(verdict)) > 0);
        assert_true(strlen(csv_verdict_en(verdict)) > 0);
    }
}

static void test_bounds(void **state) {
    (void)state;
    char wide[CSV_FIELDS_MAX + 2];
    memset(wide, ',', sizeof wide);
    wide[CSV_FIELDS_MAX - 1] = '\0'; /* one comma less than fields */
    struct csv_reader most = reader_of(wide);
    assert_int_equal(csv_next(&most), CSV_RECORD);
    assert_int_equal(most.count, CSV_FIELDS_MAX);
    wide[CSV_FIELDS_MAX - 1] = ',';
    wide[CSV_FIELDS_MAX] = '\0';
    struct csv_reader beyond = reader_of(wide);
    assert_int_equal(csv_next(&beyond), CSV_TOO_MANY_FIELDS);

    char *field = arena_allocate(arena, CSV_FIELD_LENGTH_MAX + 2);
    memset(field, 'x', CSV_FIELD_LENGTH_MAX);
    struct csv_reader longest = reader_of(field);
    assert_int_equal(csv_next(&longest), CSV_RECORD);
    field[CSV_FIELD_LENGTH_MAX] = 'x';
    struct csv_reader longer = reader_of(field);
    assert_int_equal(csv_next(&longer), CSV_FIELD_TOO_LONG);
}

static int start(void **state) {
    (void)state;
    arena = arena_create(1 << 16);
    return 0;
}

static int stop(void **state) {
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_trailing_comma_is_an_empty_field),
        cmocka_unit_test(test_a_lone_carriage_return_is_text),
        cmocka_unit_test(test_empty_files),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
