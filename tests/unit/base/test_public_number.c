/* test_public_number.c: outside numbers and ids. */
#include "../cmocka_include.h"

#include "base/id.h"
#include "base/public_number.h"

#include <string.h>

static void test_round_trip(void **state) {
    (void)state;
    static const int64_t ids[] = {0, 1, 31, 32, 1234567890123456789, INT64_MAX};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char text[PUBLIC_NUMBER_SIZE];
        public_number_write(PUBLIC_PAYMENT, ids[i], INT64_MAX - ids[i], text);
        assert_int_equal(strlen(text), PUBLIC_NUMBER_LENGTH);
        struct public_number back;
        assert_true(public_number_read(text, PUBLIC_PAYMENT, &back));
        assert_int_equal(back.customer_id, ids[i]);
        assert_int_equal(back.id, INT64_MAX - ids[i]);
        assert_false(public_number_read(text, PUBLIC_ORDER, &back));
    }
}

static void test_every_single_error_is_refused(void **state) {
    (void)state;
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char text[PUBLIC_NUMBER_SIZE];
    public_number_write(PUBLIC_ORDER, 987654321987654321, 1122334455667788, text);
    struct public_number back;
    for (int at = 0; at < PUBLIC_NUMBER_LENGTH; at++)
        for (int letter = 0; letters[letter] != '\0'; letter++) {
            if (text[at] == letters[letter])
                continue;
            char wrong[PUBLIC_NUMBER_SIZE];
            memcpy(wrong, text, sizeof wrong);
            wrong[at] = letters[letter];
            assert_false(public_number_read(wrong, PUBLIC_ORDER, &back));
        }
    assert_false(public_number_read("", PUBLIC_ORDER, &back));
    assert_false(public_number_read("D", PUBLIC_ORDER, &back));
}

static void test_ids_only_grow(void **state) {
    (void)state;
    struct id_source source = {.node = 3};
    struct instant now = {INT64_C(1790000000000000)};
    int64_t last = 0;
    for (int i = 0; i < 100000; i++) {
        int64_t id = id_next(&source, now);
        assert_true(id > last);
        last = id;
        if (i == 50000)
            now.us -= US_PER_DAY;
    }
    struct id_source fresh = {.node = 3};
    int64_t again = id_next(&fresh, now);
    assert_int_equal(id_time(again).us, now.us);
    struct id_source elsewhere = {.node = 3, .start = ID_STARTS - 1};
    for (int i = 0; i < ID_STARTS; i++)
        assert_int_equal(id_time(id_next(&elsewhere, now)).us, now.us);
    assert_true(id_next(&elsewhere, now) > again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_single_error_is_refused),
        cmocka_unit_test(test_ids_only_grow),
    };
    return cmocka_run_group_tests_name("base_public_number", tests, NULL, NULL);
}
