/* test_sha256.c: FIPS 180-2 examples, and a chain step against one message. */
#include "../cmocka_include.h"

#include "codec/sha256.h"

#include <string.h>

static void test_known_digests(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(1024);
    assert_string_equal(sha256_hex(arena, bytes_of_text("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(sha256_hex(arena, bytes_of_text("")),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_two_parts_are_one_message(void **state) {
    (void)state;
    uint8_t whole[SHA256_SIZE];
    uint8_t parts[SHA256_SIZE];
    sha256(bytes_of_text("abcdef"), whole);
    sha256_two(bytes_of_text("abc"), bytes_of_text("def"), parts);
    assert_memory_equal(whole, parts, SHA256_SIZE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_digests),
        cmocka_unit_test(test_two_parts_are_one_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
