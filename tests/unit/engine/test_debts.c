/* test_debts.c: one payment over several contracts (R-0216). */
#include "../cmocka_include.h"
#include "engine/debts.h"

static struct debt debt(int64_t owed_fen, bool due, int64_t burden, int32_t day) {
    return (struct debt){.owed = {owed_fen}, .due = due, .burden = {burden}, .due_day = {day}};
}

static void test_due_comes_first(void **state) {
    (void)state;
    struct debt debts[] = {debt(1000, false, 9, 1), debt(500, true, 1, 9)};
    struct money parts[2];
    assert_int_equal(spread_over_debts(debts, 2, (struct money){700}, parts).fen, 0);
    assert_int_equal(parts[0].fen, 200);
    assert_int_equal(parts[1].fen, 500);
}

static void test_less_secured_then_heavier_then_earlier(void **state) {
    (void)state;
    struct debt debts[] = {debt(100, true, 5, 20), debt(100, true, 5, 10), debt(100, true, 7, 30),
        debt(100, true, 9, 5)};
    debts[3].security = (struct money){1};
    struct money parts[4];
    spread_over_debts(debts, 4, (struct money){250}, parts);
    assert_int_equal(parts[2].fen, 100); /* the heaviest of the unsecured */
    assert_int_equal(parts[1].fen, 100); /* then the earlier */
    assert_int_equal(parts[0].fen, 50);
    assert_int_equal(parts[3].fen, 0); /* secured: last */
}

static void test_equal_ones_in_proportion(void **state) {
    (void)state;
    struct debt debts[] = {debt(100, true, 5, 10), debt(200, true, 5, 10), debt(1, true, 5, 10)};
    struct money parts[3];
    assert_int_equal(spread_over_debts(debts, 3, (struct money){100}, parts).fen, 0);
    assert_int_equal(parts[0].fen, 34); /* 33.2, and the fen that rounding leaves */
    assert_int_equal(parts[1].fen, 66);
    assert_int_equal(parts[2].fen, 0);
}

/* The fen that rounding leaves goes to a debt of the same rank, not to the first in the list. */
static void test_the_rest_stays_in_its_rank(void **state) {
    (void)state;
    struct debt debts[] = {debt(9, true, 5, 20), debt(1, true, 5, 10), debt(1, true, 5, 10)};
    struct money parts[3];
    assert_int_equal(spread_over_debts(debts, 3, (struct money){1}, parts).fen, 0);
    assert_int_equal(parts[0].fen, 0);
    assert_int_equal(parts[1].fen, 1);
}

static void test_the_customer_chooses(void **state) {
    (void)state;
    struct debt debts[] = {debt(100, true, 9, 1), debt(100, false, 1, 9), debt(100, false, 1, 8)};
    debts[1].choice = 1;
    debts[2].choice = 2;
    struct money parts[3];
    assert_int_equal(spread_over_debts(debts, 3, (struct money){150}, parts).fen, 0);
    assert_int_equal(parts[0].fen, 0);
    assert_int_equal(parts[1].fen, 100);
    assert_int_equal(parts[2].fen, 50);
}

static void test_what_nothing_takes_comes_back(void **state) {
    (void)state;
    struct debt debts[] = {debt(0, true, 0, 1), debt(30, false, 0, 1)};
    struct money parts[2];
    assert_int_equal(spread_over_debts(debts, 2, (struct money){100}, parts).fen, 70);
    assert_int_equal(parts[0].fen, 0);
    assert_int_equal(parts[1].fen, 30);
    assert_int_equal(spread_over_debts(debts, 0, (struct money){100}, parts).fen, 100);
}

/* A fen that rounding leaves goes to the first of the equal ones, not to what comes later. */
static void test_the_last_fen_keeps_the_order(void **state) {
    (void)state;
    struct debt debts[] = {debt(100, false, 5, 10), debt(3, true, 5, 10), debt(3, true, 5, 10)};
    struct money parts[3];
    assert_int_equal(spread_over_debts(debts, 3, (struct money){1}, parts).fen, 0);
    assert_int_equal(parts[0].fen, 0);
    assert_int_equal(parts[1].fen, 1);
    assert_int_equal(parts[2].fen, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_fen_keeps_the_order),
        cmocka_unit_test(test_due_comes_first),
        cmocka_unit_test(test_less_secured_then_heavier_then_earlier),
        cmocka_unit_test(test_equal_ones_in_proportion),
        cmocka_unit_test(test_the_rest_stays_in_its_rank),
        cmocka_unit_test(test_the_customer_chooses),
        cmocka_unit_test(test_what_nothing_takes_comes_back),
    };
    return cmocka_run_group_tests_name("engine_debts", tests, NULL, NULL);
}
