/* test_level.c: the level instalment by 64-bit fractions, and when it says that it cannot tell. */
#include "../cmocka_include.h"

#include "engine/level.h"

/* 1 % and then 2 %, written with one numerator: 100/101 + 100/101 × 50/51 is 100/51 exactly. */
static void test_rates_that_change(void **state) {
    (void)state;
    const struct growth growths[] = {{1, 100}, {1, 50}};
    struct money level;
    assert_true(level_quickly(money_fen(1000002), growths, 2, ROUND_HALF_UP, &level));
    assert_int_equal(level.fen, 510001); /* 510001.02 */
    assert_true(level_quickly(money_fen(1000002), growths, 2, ROUND_CEILING, &level));
    assert_int_equal(level.fen, 510002);
    assert_true(level_quickly(money_fen(1000001), growths, 2, ROUND_FLOOR, &level));
    assert_int_equal(level.fen, 510000); /* 510000.51 */
}

static void test_what_does_not_fit_is_left_to_the_other_way(void **state) {
    (void)state;
    const struct growth none = {0, 1};
    const struct growth wide = {((int128)1 << 62) + 1, 1};
    const struct growth long_divisor = {1, ((int128)1 << 62) + 1};
    const struct growth no_factor = {(int128)1 << 62, 1};      /* sum 4 × 2^-64 */
    const struct growth small_factor = {(int128)1 << 50, 1};   /* below the principal */
    const struct growth level_too_high = {(int128)1 << 32, 1}; /* 2^62 fen */
    struct money level;
    assert_false(level_quickly(money_fen(1000000), &none, 1, ROUND_HALF_UP, &level));
    assert_false(level_quickly(money_fen(1000000), &wide, 1, ROUND_HALF_UP, &level));
    assert_false(level_quickly(money_fen(1000000), &long_divisor, 1, ROUND_HALF_UP, &level));
    assert_false(level_quickly(money_fen(1000000), &no_factor, 1, ROUND_HALF_UP, &level));
    assert_false(
        level_quickly(money_fen(INT64_C(1000000000000)), &small_factor, 1, ROUND_HALF_UP, &level));
    assert_false(
        level_quickly(money_fen(INT64_C(1) << 30), &level_too_high, 1, ROUND_HALF_UP, &level));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates_that_change),
        cmocka_unit_test(test_what_does_not_fit_is_left_to_the_other_way),
    };
    return cmocka_run_group_tests_name("engine_level", tests, NULL, NULL);
}
