/* test_money.c: amounts and roundings. Rounding rows after vectors "rounding" (five modes). */
#include "../cmocka_include.h"

#include "base/money.h"

#include <string.h>

struct rounding_row {
    int64_t numerator;
    int64_t denominator;
    int64_t expected[ROUNDING_COUNT]; /* half_up half_even half_down up down ceiling floor */
};

static void test_divide_rounded(void **state) {
    (void)state;
    static const struct rounding_row rows[] = {
        {5, 2, {3, 2, 2, 3, 2, 3, 2}},
        {7, 2, {4, 4, 3, 4, 3, 4, 3}},
        {-5, 2, {-3, -2, -2, -3, -2, -2, -3}},
        {-7, 2, {-4, -4, -3, -4, -3, -3, -4}},
        {7, -2, {-4, -4, -3, -4, -3, -3, -4}},
        {1, 3, {0, 0, 0, 1, 0, 1, 0}},
        {2, 3, {1, 1, 1, 1, 0, 1, 0}},
        {-1, 3, {0, 0, 0, -1, 0, 0, -1}},
        {6, 3, {2, 2, 2, 2, 2, 2, 2}},
        {0, 3, {0, 0, 0, 0, 0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int mode = 0; mode < ROUNDING_COUNT; mode++)
            assert_int_equal(
                divide_rounded(rows[i].numerator, rows[i].denominator, (enum rounding)mode),
                rows[i].expected[mode]);
}

static void test_scale_keeps_128_bits(void **state) {
    (void)state;
    struct money most = money_fen(MONEY_MAX_FEN);
    assert_int_equal(money_scale(most, 1000000007, 1000000007, ROUND_HALF_UP).fen, MONEY_MAX_FEN);
    assert_int_equal(money_scale(money_fen(1000000), 12, 1200, ROUND_HALF_UP).fen, 10000);
}

static void test_yuan_text(void **state) {
    (void)state;
    static const struct {
        int64_t fen;
        const char *text;
    } rows[] = {{0, "0.00"}, {1, "0.01"}, {-1, "-0.01"}, {10, "0.10"}, {88849, "888.49"},
        {-123456789, "-1234567.89"}, {MONEY_MAX_FEN, "90071992547409.91"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[MONEY_TEXT_SIZE];
        assert_string_equal(money_to_yuan(money_fen(rows[i].fen), text), rows[i].text);
        struct money back;
        assert_true(money_from_yuan(text, strlen(text), &back));
        assert_int_equal(back.fen, rows[i].fen);
    }
}

static void test_yuan_refused(void **state) {
    (void)state;
    static const char *const rows[] = {"", "-", ".", "1.", ".5", "1.234", "1,000", "+1", " 1", "1 ",
        "1e3", "0x10", "--1", "1-", "90071992547409.92", "99999999999999999", "１"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct money out = money_fen(77);
        assert_false(money_from_yuan(rows[i], strlen(rows[i]), &out));
        assert_int_equal(out.fen, 77);
    }
    struct money out;
    assert_true(money_from_yuan("888.4", 5, &out));
    assert_int_equal(out.fen, 88840);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_divide_rounded),
        cmocka_unit_test(test_scale_keeps_128_bits),
        cmocka_unit_test(test_yuan_text),
        cmocka_unit_test(test_yuan_refused),
    };
    return cmocka_run_group_tests_name("base_money", tests, NULL, NULL);
}
