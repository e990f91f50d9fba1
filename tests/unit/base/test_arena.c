/* test_arena.c: arenas, builders and faults. */
#include "../cmocka_include.h"

#include "base/arena.h"
#include "base/builder.h"

#include <string.h>

static void test_memory_is_zeroed_and_aligned(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(100);
    for (size_t size = 1; size < 400; size += 7) {
        unsigned char *at = arena_allocate(arena, size);
        assert_int_equal((uintptr_t)at % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(at[i], 0);
        memset(at, 0xaa, size);
    }
    assert_true(arena_used(arena) > 400);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_string_equal(arena_printf(arena, "%s-%d", "x", 7), "x-7");
}

static void test_builder_grows(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(64);
    struct builder builder = builder_start(arena, 0);
    for (int i = 0; i < 1000; i++)
        builder_add_integer(&builder, i % 10);
    builder_printf(&builder, "%s", "end");
    assert_int_equal(builder.length, 1003);
    assert_string_equal(builder_text(&builder) + 998, "89end");
}

/* A text is formatted where it will stay; it must not end one byte after its block. */
static void test_printf_at_the_end_of_a_block(void **state) {
    (void)state;
    for (int length = 0; length < 100; length++) {
        FENQI_ARENA arena = arena_create(72); /* no multiple of the alignment */
        for (int i = 0; i < 3; i++) {
            char *text = arena_printf(arena, "%0*d", length, 7);
            char *behind = arena_allocate(arena, 1);
            *behind = 'x';
            assert_int_equal(strlen(text), length == 0 ? 1 : length);
            assert_int_equal(text[strlen(text) - 1], '7');
            struct builder builder = builder_start(arena, 32);
            builder_printf(&builder, "%0*d", length, 7);
            assert_string_equal(builder_text(&builder), text);
        }
    }
}

static void test_fault_text_is_bounded(void **state) {
    (void)state;
    struct fault fault;
    char longest[1000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(fault_set(&fault, STATUS_IO, "disk %d", 7), STATUS_IO);
    assert_int_equal(fault_wrap(&fault, "opening %s", "a"), STATUS_IO);
    assert_string_equal(fault.text, "opening a: disk 7");
    fault_wrap(&fault, "%s", longest);
    assert_int_equal(strlen(fault.text), sizeof fault.text - 1);
    assert_string_equal(status_name(STATUS_TIMEOUT), "timeout");
    assert_int_equal(status_http(STATUS_UNAVAILABLE), 503);
}

/* What is kept over a reset is handed out again, in any order of sizes, and cleared when asked. */
static void test_blocks_are_used_again(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(64);
    static const size_t sizes[] = {10, 1000, 64, 200, 5000, 1, 3000};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    for (int round = 0; round < 5; round++) {
        unsigned char *at[COUNT];
        for (int i = 0; i < COUNT; i++) {
            size_t size = sizes[(i * (round + 1) + round) % COUNT];
            at[i] = i % 2 == 0 ? arena_allocate(arena, size) : arena_room(arena, size);
            for (size_t b = 0; i % 2 == 0 && b < size; b++)
                assert_int_equal(at[i][b], 0);
            memset(at[i], i + 1, size);
        }
        for (int i = 0; i < COUNT; i++)
            assert_int_equal(at[i][0], i + 1);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_builder_grows),
        cmocka_unit_test(test_printf_at_the_end_of_a_block),
        cmocka_unit_test(test_fault_text_is_bounded),
        cmocka_unit_test(test_blocks_are_used_again),
    };
    return cmocka_run_group_tests_name("base_arena", tests, NULL, NULL);
}
