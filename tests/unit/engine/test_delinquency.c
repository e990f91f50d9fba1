/*
 * test_delinquency.c: what the state of today says of a day before (R-0070, R-0073, R-0074), of
 * three instalments of 100.00 without interest, due on the 15th of February, March and April.
 */
#include "../cmocka_include.h"

#include "engine/delinquency.h"
#include "plan.h"

static struct terms terms;
static struct contract_state now;

static struct day on(int32_t month, int32_t day) {
    return day_from_civil(2026, month, day);
}

static void happens(struct contract_event event) {
    static struct contract_update update;
    event.sequence = now.last_sequence + 1;
    assert_int_equal(contract_step(&terms, &now, &event, &update), CONTRACT_OK);
}

static void pay(struct day day, int64_t fen) {
    happens((struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
        .day = day,
        .amount = money_fen(fen),
        .target = TARGET_ORDER});
}

static int begin(void **state) {
    (void)state;
    terms = plan(METHOD_INTEREST_FREE, 30000, 3, 0);
    terms.extension.max_times = 1;
    terms.extension.max_days = 60;
    contract_new(&now);
    happens((struct contract_event){.kind = EVENT_ACTIVATED, .day = terms.start_day});
    return 0;
}

static void test_days_before_the_payment_stay_late(void **state) {
    (void)state;
    pay(on(3, 1), 10000);
    assert_int_equal(days_past_due(&now, on(2, 15)), 0);
    assert_int_equal(days_past_due(&now, on(2, 20)), 5);
    assert_int_equal(days_past_due(&now, on(2, 28)), 13);
    assert_int_equal(days_past_due(&now, on(3, 1)), 0);
    assert_int_equal(bureau_status_code(&terms, &now, on(2, 14)), '*');
    assert_int_equal(bureau_status_code(&terms, &now, on(2, 15)), 'N');
    assert_int_equal(bureau_status_code(&terms, &now, on(2, 28)), '1');
    assert_int_equal(bureau_status_code(&terms, &now, on(3, 1)), '*');
}

static void test_months_of_a_closed_contract(void **state) {
    (void)state;
    pay(on(2, 15), 10000);
    pay(on(3, 10), 20000);
    assert_int_equal(now.status, CONTRACT_SETTLED);
    assert_int_equal(bureau_status_code(&terms, &now, day_from_civil(2026, 1, 14)), '/');
    assert_int_equal(bureau_status_code(&terms, &now, on(2, 28)), 'N');
    assert_int_equal(bureau_status_code(&terms, &now, on(3, 9)), '*');
    assert_int_equal(bureau_status_code(&terms, &now, on(3, 10)), 'C');
    assert_int_equal(bureau_status_code(&terms, &now, on(3, 31)), 'C');
    assert_int_equal(bureau_status_code(&terms, &now, on(4, 1)), '/');
    assert_true(day_is_none(bureau_report_day(&terms, &now)));
}

static void test_the_bureau_hears_of_the_earliest_open_due_day(void **state) {
    (void)state;
    assert_int_equal(bureau_report_day(&terms, &now).number, on(2, 16).number);
    happens((struct contract_event){
        .kind = EVENT_EXTENSION_GRANTED, .day = on(2, 1), .instalment = 1, .days = 40});
    assert_int_equal(bureau_report_day(&terms, &now).number, on(3, 16).number);
    happens((struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
        .day = on(2, 2),
        .amount = money_fen(10000),
        .target = TARGET_INSTALMENT,
        .instalment = 2});
    assert_int_equal(bureau_report_day(&terms, &now).number, on(3, 28).number);
    terms.penalty.grace_days = 3;
    assert_int_equal(bureau_report_day(&terms, &now).number, on(3, 31).number);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_days_before_the_payment_stay_late, begin),
        cmocka_unit_test_setup(test_months_of_a_closed_contract, begin),
        cmocka_unit_test_setup(test_the_bureau_hears_of_the_earliest_open_due_day, begin),
    };
    return cmocka_run_group_tests_name("engine_delinquency", tests, NULL, NULL);
}
