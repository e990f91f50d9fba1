/* test_real.c: numbers of 124 bits: their operations, functions, and the ways in and out. */
#include "../real_claims.h"

enum { ROUNDS = 20000 };

static struct real one(void) {
    return real_from_int(1);
}

static void test_whole_numbers_are_exact(void **state) {
    (void)state;
    static const int64_t values[] = {0, 1, -1, 7, INT64_MAX, INT64_MIN, INT64_C(9007199254740991)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct real value = real_from_int(values[i]);
        if (values[i] != INT64_MAX && values[i] != INT64_MIN) {
            assert_true(real_fits_int(value));
            assert_int_equal(real_floor(value), values[i]);
        }
        assert_int_equal(real_sign(value), (values[i] > 0) - (values[i] < 0));
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            assert_int_equal(real_compare(value, real_from_int(values[k])),
                (values[i] > values[k]) - (values[i] < values[k]));
    }
    assert_false(real_fits_int(real_from_int(INT64_MIN)));
    assert_int_equal(real_compare(real_from_fen(money_fen(-888)), real_from_int(-888)), 0);
}

static void test_floor(void **state) {
    (void)state;
    assert_int_equal(real_floor(real("2.999")), 2);
    assert_int_equal(real_floor(real("-2.001")), -3);
    assert_int_equal(real_floor(real("-0.5")), -1);
    assert_int_equal(real_floor(real("0.5")), 0);
    assert_int_equal(real_floor(real("1e-60")), 0);
    assert_int_equal(real_floor(real("-1e-60")), -1);
    assert_false(real_fits_int(real("1e19")));
}

static void test_operations_undo_each_other(void **state) {
    (void)state;
    uint64_t seed = 20261122;
    for (int32_t i = 0; i < ROUNDS; i++) {
        struct real a = random_real(&seed, 90);
        struct real b = random_real(&seed, 90);
        assert_near(real_multiply(real_divide(a, b), b), a, 120);
        assert_near(real_divide(real_multiply(a, b), b), a, 120);
        assert_int_equal(real_compare(real_multiply(a, b), real_multiply(b, a)), 0);
        assert_int_equal(real_compare(real_add(a, b), real_add(b, a)), 0);
        assert_int_equal(real_sign(real_subtract(a, a)), 0);
        assert_int_equal(real_compare(real_subtract(a, b), REAL_ZERO), real_compare(a, b));
        struct real square = real_multiply(real_add(a, b), real_subtract(a, b));
        struct real squares = real_subtract(real_multiply(a, a), real_multiply(b, b));
        struct real size = real_add(real_multiply(a, a), real_multiply(b, b));
        struct real off = real_absolute(real_subtract(square, squares));
        assert_true(real_compare(off, real_scale(size, -118)) <= 0);
    }
}

static void test_differences_keep_their_digits(void **state) {
    (void)state;
    struct real next = real_add(one(), real_scale(one(), -120));
    assert_int_equal(real_compare(real_subtract(next, one()), real_scale(one(), -120)), 0);
    struct real below = real_subtract(one(), real_scale(one(), -124));
    assert_int_equal(real_compare(real_subtract(one(), below), real_scale(one(), -124)), 0);
    assert_int_equal(real_compare(real_add(one(), real_scale(one(), -300)), one()), 0);
    assert_int_equal(real_compare(real_add(REAL_ZERO, one()), one()), 0);
}

static void test_powers(void **state) {
    (void)state;
    assert_int_equal(real_compare(real_power_int(real_from_int(-3), 5), real_from_int(-243)), 0);
    assert_near(real_power_int(real_from_int(2), -10), real_from_ratio(1, 1024), 122);
    assert_int_equal(real_compare(real_power_int(REAL_ZERO, 0), one()), 0);
    assert_near(real_power_int(real("1.01"), 1200),
        real_exp(real_multiply(real_from_int(1200), real_log(real("1.01")))), 105);
}

/* Reference digits by 50-digit decimal arithmetic. */
static void test_functions_have_their_digits(void **state) {
    (void)state;
    assert_near(real_exp(one()), real("2.71828182845904523536028747135266249"), 112);
    assert_near(
        real_exp(real_from_ratio(-17, 7)), real("0.0881626893623574385690993090011641490"), 112);
    assert_near(real_log(real_from_int(10)), real("2.30258509299404568401799145468436420"), 112);
    assert_near(real_log(real("0.7")), real("-0.356674943938732378912638711241184478"), 110);
    assert_near(
        real_log_1_plus(real("1e-12")), real("9.99999999999500000000000333333333333e-13"), 112);
    assert_near(
        real_exp_minus_1(real("1e-15")), real("1.00000000000000050000000000000016666e-15"), 110);
    assert_int_equal(real_sign(real_log(one())), 0);
    assert_int_equal(real_sign(real_log_1_plus(REAL_ZERO)), 0);
    assert_int_equal(real_sign(real_exp_minus_1(REAL_ZERO)), 0);
    assert_int_equal(real_compare(real_exp(REAL_ZERO), one()), 0);
}

static void test_logarithm_undoes_exponential(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (int32_t i = 0; i < ROUNDS / 10; i++) {
        struct real x = random_real(&seed, 8);
        struct real y = random_real(&seed, 8);
        struct real off = real_absolute(real_subtract(real_log(real_exp(x)), x));
        struct real allowed = real_scale(real_add(one(), real_absolute(x)), -110);
        assert_true(real_compare(off, allowed) <= 0);
        assert_near(real_exp(real_add(x, y)), real_multiply(real_exp(x), real_exp(y)), 100);
        struct real small = random_real(&seed, 40);
        if (real_compare(real_absolute(small), real("0.9")) < 0)
            assert_near(real_exp_minus_1(real_log_1_plus(small)), small, 108);
    }
}

static void test_text(void **state) {
    (void)state;
    assert_int_equal(real_compare(real("-12.50"), real_from_ratio(-25, 2)), 0);
    assert_int_equal(real_compare(real("0.006"), real_from_ratio(6, 1000)), 0);
    assert_int_equal(real_compare(real("1.5E+3"), real_from_int(1500)), 0);
    assert_int_equal(real_compare(real("000"), REAL_ZERO), 0);
    assert_near(real("2.98023223876953e-09"),
        real_divide(real_from_int(INT64_C(298023223876953)), real_power_int(real_from_int(10), 23)),
        118);
    assert_near(real("123456789012345678901234567890123456"),
        real("1.23456789012345678901234567890123456e35"), 118);
    static const char *const refused[] = {"", "-", ".", "NaN", "1x", "1e", "1e+", "1e1234", "1e401",
        "1e-401", "1.2.3", "+1", " 1", "1 ", "1e1x", "1234567890123456789012345678901234567", "--1",
        "1e--1"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct real out = one();
        assert_false(real_from_text(refused[i], strlen(refused[i]), &out));
        assert_int_equal(real_compare(out, one()), 0);
    }
}

static int64_t decimal(const char *text, int32_t decimals, enum rounding mode) {
    int64_t out = -1;
    assert_true(real_to_decimal(real(text), decimals, mode, &out));
    return out;
}

static void test_decimals_round_as_named(void **state) {
    (void)state;
    assert_int_equal(decimal("2.345", 2, ROUND_HALF_UP), 235);
    assert_int_equal(decimal("2.345", 2, ROUND_HALF_EVEN), 234);
    assert_int_equal(decimal("2.345", 2, ROUND_HALF_DOWN), 234);
    assert_int_equal(decimal("-2.345", 2, ROUND_HALF_UP), -235);
    assert_int_equal(decimal("-2.345", 2, ROUND_FLOOR), -235);
    assert_int_equal(decimal("-2.345", 2, ROUND_CEILING), -234);
    assert_int_equal(decimal("2.341", 2, ROUND_UP), 235);
    assert_int_equal(decimal("2.349", 2, ROUND_DOWN), 234);
    assert_int_equal(decimal("2.346", 2, ROUND_HALF_DOWN), 235);
    assert_int_equal(decimal("0", 18, ROUND_UP), 0);
    assert_int_equal(decimal("0.1", 18, ROUND_UP), INT64_C(100000000000000000));
    /* within 2^-40 of a whole number or a tie */
    assert_int_equal(decimal("2.3449999999999999999", 2, ROUND_HALF_UP), 235);
    assert_int_equal(decimal("2.3400000000000000001", 2, ROUND_UP), 234);
    int64_t out = -1;
    assert_false(real_to_decimal(real("1e19"), 0, ROUND_DOWN, &out));
    assert_false(real_to_decimal(real("3e18"), 0, ROUND_DOWN, &out));
    assert_int_equal(out, -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_numbers_are_exact),
        cmocka_unit_test(test_floor),
        cmocka_unit_test(test_operations_undo_each_other),
        cmocka_unit_test(test_differences_keep_their_digits),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_functions_have_their_digits),
        cmocka_unit_test(test_logarithm_undoes_exponential),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_decimals_round_as_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
