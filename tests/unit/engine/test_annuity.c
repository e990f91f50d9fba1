/* test_annuity.c: the time value of money: identities, published figures, what has no answer. */
#include "../real_claims.h"

#include "engine/annuity.h"

enum { ROUNDS = 2000 };

static struct real one(void) {
    return real_from_int(1);
}

static struct annuity mortgage(void) {
    return (struct annuity){.rate = real_divide(real("0.049"), real_from_int(12)),
        .periods = real_from_int(360),
        .present = real_from_int(1000000)};
}

static void test_mortgage_to_thirty_digits(void **state) {
    (void)state;
    struct annuity annuity = mortgage();
    struct real payment;
    assert_true(annuity_payment(&annuity, &payment));
    assert_near(payment, real("-5307.26720622811041199517353180459607"), 100);
    int64_t fen;
    assert_true(real_to_decimal(payment, 2, ROUND_HALF_UP, &fen));
    assert_int_equal(fen, -530727);
}

static struct annuity random_annuity(uint64_t *seed) {
    struct annuity annuity = {.in_advance = next_random(seed) % 2 == 0};
    annuity.rate =
        real_from_ratio((int64_t)(next_random(seed) % 2000000000) - 900000000, 1000000000);
    annuity.periods = real_from_ratio(1 + (int64_t)(next_random(seed) % 36000), 100);
    annuity.payment = real_from_int((int64_t)(next_random(seed) % 2000001) - 1000000);
    annuity.present = real_from_int((int64_t)(next_random(seed) % 2000001) - 1000000);
    return annuity;
}

/* Finding one of the five from the others and putting it back. */
static void test_each_quantity_gives_the_others_back(void **state) {
    (void)state;
    uint64_t seed = 130;
    for (int32_t i = 0; i < ROUNDS; i++) {
        struct annuity annuity = random_annuity(&seed);
        struct real found;
        struct real wanted = annuity.payment;
        assert_true(annuity_future_value(&annuity, &annuity.future));
        struct real size = real_add(
            real_add(real_absolute(annuity.future), one()), real_absolute(annuity.present));
        assert_true(annuity_payment(&annuity, &found));
        struct real off = real_absolute(real_subtract(found, wanted));
        struct annuity check_again = annuity;
        check_again.payment = found;
        struct real future;
        assert_true(annuity_future_value(&check_again, &future));
        assert_true(real_compare(real_absolute(real_subtract(future, annuity.future)),
                        real_scale(size, -80)) <= 0 ||
                    real_compare(off, real_scale(size, -80)) <= 0);
        struct real present;
        assert_true(annuity_present_value(&annuity, &present));
        check_again = annuity;
        check_again.present = present;
        assert_true(annuity_future_value(&check_again, &future));
        assert_true(real_compare(real_absolute(real_subtract(future, annuity.future)),
                        real_scale(size, -80)) <= 0);
    }
}

static void test_periods_and_rate(void **state) {
    (void)state;
    uint64_t seed = 131;
    for (int32_t i = 0; i < ROUNDS / 10; i++) {
        struct annuity annuity = random_annuity(&seed);
        /* a loan: received now, repaid by payments that exceed its interest */
        annuity.rate = real_from_ratio((int64_t)(next_random(&seed) % 100000000), 1000000000);
        annuity.present = real_from_int(1 + (int64_t)(next_random(&seed) % 1000000));
        annuity.future = REAL_ZERO;
        struct real found;
        assert_true(annuity_payment(&annuity, &annuity.payment));
        assert_true(annuity_periods(&annuity, &found));
        assert_near(found, annuity.periods, 60);
        assert_true(annuity_rate(&annuity, real("0.1"), &found));
        assert_near(real_add(one(), found), real_add(one(), annuity.rate), 70);
    }
}

static void test_parts_of_payments(void **state) {
    (void)state;
    for (int32_t advance = 0; advance < 2; advance++) {
        struct annuity annuity = mortgage();
        annuity.in_advance = advance == 1;
        struct real payment;
        assert_true(annuity_payment(&annuity, &payment));
        struct real interest = REAL_ZERO;
        struct real principal = REAL_ZERO;
        for (int32_t k = 1; k <= 360; k++) {
            struct real part;
            struct real other;
            assert_true(annuity_interest(&annuity, real_from_int(k), &part));
            assert_true(annuity_principal(&annuity, real_from_int(k), &other));
            assert_near(real_add(part, other), payment, 90);
            interest = real_add(interest, part);
            principal = real_add(principal, other);
            struct real between;
            assert_true(annuity_interest_between(&annuity, one(), real_from_int(k), &between));
            assert_true(
                real_compare(real_absolute(real_subtract(between, interest)), real("1e-20")) <= 0);
            assert_true(annuity_principal_between(&annuity, one(), real_from_int(k), &between));
            assert_true(
                real_compare(real_absolute(real_subtract(between, principal)), real("1e-20")) <= 0);
        }
        assert_near(principal, real_from_int(-1000000), 80);
    }
}

static void test_between_takes_whole_periods(void **state) {
    (void)state;
    struct annuity annuity = mortgage();
    struct real none;
    assert_true(annuity_interest_between(&annuity, real("2.3"), real("2.9"), &none));
    assert_int_equal(real_sign(none), 0);
    assert_true(annuity_principal_between(&annuity, real("2.3"), real("2.9"), &none));
    assert_int_equal(real_sign(none), 0);
    struct real third;
    assert_true(annuity_principal_between(&annuity, real("2.3"), real("3.9"), &none));
    assert_true(annuity_principal(&annuity, real_from_int(3), &third));
    assert_near(none, third, 80);
    static const char *const wrong[][2] = {{"0.5", "3"}, {"4", "3"}, {"1", "361"}};
    for (size_t i = 0; i < 3; i++) {
        assert_false(
            annuity_interest_between(&annuity, real(wrong[i][0]), real(wrong[i][1]), &none));
        assert_false(
            annuity_principal_between(&annuity, real(wrong[i][0]), real(wrong[i][1]), &none));
    }
    struct annuity free = annuity;
    free.rate = REAL_ZERO;
    assert_false(annuity_interest_between(&free, one(), one(), &none));
    struct annuity owing = annuity;
    owing.present = REAL_ZERO;
    assert_false(annuity_interest_between(&owing, one(), one(), &none));
    struct annuity ended = annuity;
    ended.periods = REAL_ZERO;
    assert_false(annuity_interest_between(&ended, one(), one(), &none));
    struct annuity endless = annuity;
    endless.periods = real_from_int(1 << 21);
    assert_false(annuity_interest_between(&endless, one(), one(), &none));
}

static void test_rates_at_the_edges(void **state) {
    (void)state;
    struct annuity annuity = {.rate = real_from_int(-1),
        .periods = real_from_int(3),
        .payment = real_from_int(50),
        .present = real_from_int(100)};
    struct real out;
    assert_true(annuity_future_value(&annuity, &out)); /* only the last payment is left */
    assert_int_equal(real_compare(out, real_from_int(-50)), 0);
    assert_false(annuity_present_value(&annuity, &out));
    assert_false(annuity_periods(&annuity, &out));
    annuity.periods = REAL_ZERO;
    assert_true(annuity_future_value(&annuity, &out));
    assert_int_equal(real_compare(out, real_from_int(-100)), 0);
    annuity.periods = real_from_int(-1);
    assert_false(annuity_future_value(&annuity, &out));
    annuity.rate = real_from_int(-3);
    annuity.periods = real_from_int(2);
    assert_true(annuity_future_value(&annuity, &out)); /* 100 × 4 + 50 × (4 - 1) / -3 = 350 */
    assert_int_equal(real_compare(out, real_from_int(-350)), 0);
    annuity.periods = real("2.5");
    assert_false(annuity_future_value(&annuity, &out));
    annuity.periods = real_from_int(100000);
    assert_false(annuity_future_value(&annuity, &out));
    annuity.rate = one();
    assert_false(annuity_future_value(&annuity, &out));
    annuity.periods = real_from_int(1 << 21);
    assert_false(annuity_payment(&annuity, &out));
    assert_false(annuity_present_value(&annuity, &out));
    assert_false(annuity_interest(&annuity, one(), &out));
    annuity.periods = REAL_ZERO;
    assert_false(annuity_payment(&annuity, &out));
    assert_false(annuity_principal(&annuity, one(), &out));
}

static void test_period_outside(void **state) {
    (void)state;
    struct annuity annuity = mortgage();
    struct real out;
    assert_false(annuity_interest(&annuity, real("0.9"), &out));
    assert_false(annuity_interest(&annuity, real_from_int(361), &out));
    assert_false(annuity_principal(&annuity, real_from_int(361), &out));
    assert_true(annuity_interest(&annuity, real("360.5"), &out));
    annuity.rate = real("-1.5");
    annuity.periods = real_from_int(2);
    assert_true(annuity_interest(&annuity, real_from_int(2), &out));
    assert_false(annuity_interest(&annuity, real("1.5"), &out));
}

static void test_periods_without_answer(void **state) {
    (void)state;
    struct annuity annuity = {.present = real_from_int(-500), .future = real_from_int(5000)};
    struct real out;
    assert_false(annuity_periods(&annuity, &out));
    annuity.payment = real_from_int(-100);
    assert_true(annuity_periods(&annuity, &out));
    assert_int_equal(real_floor(out), 45);
    annuity = mortgage();
    annuity.payment = real_from_int(-100); /* less than the interest: never repaid */
    assert_false(annuity_periods(&annuity, &out));
}

static void test_rate_without_answer(void **state) {
    (void)state;
    struct annuity annuity = mortgage();
    struct real out;
    annuity.payment = real_from_int(100); /* received as well: nothing is ever paid back */
    assert_false(annuity_rate(&annuity, real("0.1"), &out));
    annuity.payment = real_from_int(-6000);
    assert_false(annuity_rate(&annuity, real_from_int(-1), &out));
    assert_false(annuity_rate(&annuity, real("1e30"), &out));
    assert_true(annuity_rate(&annuity, real("0.1"), &out));
    annuity.periods = REAL_ZERO;
    assert_false(annuity_rate(&annuity, real("0.1"), &out));
    annuity.periods = real_from_int(1 << 21);
    assert_false(annuity_rate(&annuity, real("0.1"), &out));
    /* one period is linear: the rate may lie below -1 */
    annuity = (struct annuity){.periods = one(), .payment = one(), .present = real_from_int(8000)};
    assert_true(annuity_rate(&annuity, real("0.1"), &out));
    assert_near(out, real("-1.000125"), 110);
    annuity.in_advance = true;
    annuity.present = real_from_int(-1);
    assert_false(annuity_rate(&annuity, real("0.1"), &out));
    /* no interest at all is found exactly */
    annuity = (struct annuity){
        .periods = real_from_int(10), .payment = real_from_int(-10), .present = real_from_int(100)};
    assert_true(annuity_rate(&annuity, REAL_ZERO, &out));
    assert_int_equal(real_sign(out), 0);
}

static void test_conversions(void **state) {
    (void)state;
    struct real out;
    assert_true(effective_rate(real("0.1"), real("4.9"), &out));
    assert_near(out, real("0.103812890625"), 100);
    assert_true(nominal_rate(out, real_from_int(4), &out));
    assert_near(out, real("0.1"), 100);
    assert_false(effective_rate(REAL_ZERO, real_from_int(4), &out));
    assert_false(effective_rate(real("0.1"), real("0.5"), &out));
    assert_false(nominal_rate(real("-0.1"), real_from_int(4), &out));
    assert_false(nominal_rate(real("0.1"), real_from_int(1 << 21), &out));
    assert_false(effective_rate(real("1e9"), real_from_int(1 << 20), &out));
    assert_true(growth_rate(real_from_int(10), real_from_int(10000), real_from_int(15000), &out));
    assert_near(out, real("0.04137974399241062"), 50);
    assert_true(growth_rate(real_from_int(10), real_from_int(70), REAL_ZERO, &out));
    assert_int_equal(real_compare(out, real_from_int(-1)), 0);
    assert_false(growth_rate(real_from_int(10), real_from_int(70), real_from_int(-2), &out));
    assert_false(growth_rate(real_from_int(10), REAL_ZERO, real_from_int(2), &out));
    assert_false(growth_rate(REAL_ZERO, one(), one(), &out));
    assert_false(growth_rate(real("1e-9"), one(), real_from_int(9), &out));
    assert_true(equal_principal_interest(
        real("0.01"), real_from_int(3), real_from_int(12), real_from_int(1200), &out));
    assert_near(out, real_from_int(-9), 110);
    assert_false(equal_principal_interest(one(), one(), REAL_ZERO, one(), &out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mortgage_to_thirty_digits),
        cmocka_unit_test(test_each_quantity_gives_the_others_back),
        cmocka_unit_test(test_periods_and_rate),
        cmocka_unit_test(test_parts_of_payments),
        cmocka_unit_test(test_between_takes_whole_periods),
        cmocka_unit_test(test_rates_at_the_edges),
        cmocka_unit_test(test_period_outside),
        cmocka_unit_test(test_periods_without_answer),
        cmocka_unit_test(test_rate_without_answer),
        cmocka_unit_test(test_conversions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
