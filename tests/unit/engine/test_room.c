/*
 * test_room.c: a contract holds so many instalments and rates. What does not fit is refused; when a
 * back-dated fact takes the room away, the later one does nothing (R-0027); a payment is never
 * refused (R-0026). And the order in which circumstances refuse.
 */
#include "../cmocka_include.h"

#include "engine/contract.h"
#include "plan.h"

static struct terms terms;
static struct contract_state now;
static struct contract_update update;
static struct contract_event history[64];
static size_t count;

static enum contract_refusal happens(int32_t days, struct contract_event event) {
    event.sequence = now.last_sequence + 1;
    event.day = day_add(terms.start_day, days);
    enum contract_refusal refusal =
        contract_step_with_history(&terms, history, count, &now, &event, &update);
    if (refusal == CONTRACT_OK)
        history[count++] = event;
    return refusal;
}

#define HAPPENS(reason, days, event_kind, ...)                                                     \
    assert_int_equal(happens(days, (struct contract_event){.kind = event_kind, __VA_ARGS__}),      \
        CONTRACT_##reason)

static struct day after(int32_t days) {
    return day_add(terms.start_day, days);
}

/* 10,000.00 in equal shares at 12 %; a drawdown pays 10 % down and a charge of 1 %. */
static void begin(int32_t instalments) {
    terms = plan(METHOD_EQUAL_PRINCIPAL, 1000000, instalments, 120000000);
    terms.drawdown_limit = money_fen(3000000);
    terms.down_payment.per_billion = RATE_UNIT / 10;
    terms.charge_count = 1;
    terms.charges[0] = (struct charge_terms){
        .time = CHARGE_ON_DRAWDOWN, .base = CHARGE_BASE_PRINCIPAL, .rate = {RATE_UNIT / 100}};
    contract_new(&now);
    count = 0;
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    HAPPENS(OK, 0, EVENT_ACTIVATED, .amount = {0});
    assert_int_equal(now.instalment_count, instalments + 2);
}

static struct money moved(enum movement movement) {
    for (int32_t i = 0; i < update.movement_count; i++)
        if (update.movements[i].movement == movement)
            return update.movements[i].amount;
    return MONEY_ZERO;
}

static void test_instalments_that_do_not_fit_are_refused(void **state) {
    (void)state;
    begin(360);
    HAPPENS(OK, 0, EVENT_PAYMENT_SETTLED, .amount = {110000}, .target = TARGET_DUE);
    HAPPENS(NO_ROOM, 10, EVENT_RE_AGED, .count = 39, .other_day = after(40));
    HAPPENS(OK, 10, EVENT_RE_AGED, .count = 37, .other_day = after(40));
    assert_int_equal(now.instalment_count, 399);
    HAPPENS(NO_ROOM, 10, EVENT_DRAWN_DOWN, .amount = {100});
    HAPPENS(OK, 10, EVENT_PAYMENT_SETTLED, .amount = {700}, .target = TARGET_PRINCIPAL);
    assert_int_equal(now.instalment_count, 400);
    assert_int_equal(now.overpaid.fen, 0);
    HAPPENS(NO_ROOM, 10, EVENT_CHARGED_BACK, .amount = {700});
    HAPPENS(NO_ROOM, 10, EVENT_CHARGE_ADDED, .amount = {100}, .component = COMPONENT_FEE,
        .other_day = after(20));
    HAPPENS(NO_ROOM, 10, EVENT_RE_AGED, .count = 1, .other_day = after(40));
    /* Without a row for it, principal cannot leave the plan: the money is credit. */
    HAPPENS(OK, 10, EVENT_PAYMENT_SETTLED, .amount = {300}, .target = TARGET_PRINCIPAL);
    assert_int_equal(now.overpaid.fen, 300);
    assert_int_equal(contract_principal_left(&now).fen, 900000 - 700);
}

/* 361 + 1 + 35 rows leave room for the drawdown's three, until a prepayment of before takes one. */
static void test_a_late_fact_takes_the_room_of_a_drawdown(void **state) {
    (void)state;
    begin(360);
    HAPPENS(OK, 0, EVENT_PAYMENT_SETTLED, .amount = {110000}, .target = TARGET_DUE);
    HAPPENS(OK, 10, EVENT_RE_AGED, .count = 35, .other_day = after(40));
    HAPPENS(OK, 20, EVENT_DRAWN_DOWN, .amount = {50000});
    assert_int_equal(now.instalment_count, 399);
    assert_int_equal(contract_principal_left(&now).fen, 950000);
    HAPPENS(OK, 5, EVENT_PAYMENT_SETTLED, .amount = {700}, .target = TARGET_PRINCIPAL);
    assert_int_equal(now.drawn.fen, 1000000);
    assert_int_equal(contract_principal_left(&now).fen, 900000 - 700);
    assert_int_equal(moved(MOVEMENT_PRINCIPAL_LENT).fen, -50000);
    assert_int_equal(moved(MOVEMENT_PRINCIPAL_PAID).fen, 700);
}

static void test_a_late_fact_takes_the_room_of_new_instalments(void **state) {
    (void)state;
    begin(360);
    HAPPENS(OK, 10, EVENT_RE_AGED, .count = 38, .other_day = after(40));
    assert_int_equal(now.instalment_count, 400);
    HAPPENS(OK, 5, EVENT_PAYMENT_SETTLED, .amount = {110700}, .target = TARGET_PRINCIPAL);
    assert_int_equal(now.instalment_count, 363);
    assert_int_equal(contract_principal_left(&now).fen, 900000 - 700);
}

static void test_rates_that_do_not_fit_are_refused(void **state) {
    (void)state;
    begin(12);
    for (int32_t i = 1; i < RATES_MAX - 1; i++)
        HAPPENS(OK, i, EVENT_RATE_CHANGED, .rate = {60000000 + i});
    assert_int_equal(now.rate_count, RATES_MAX - 1);
    HAPPENS(NO_ROOM, 40, EVENT_INTEREST_PAUSED, .other_day = after(50), .days = 5);
    HAPPENS(NO_ROOM, 40, EVENT_CHARGED_OFF, .amount = {0});
    HAPPENS(OK, 40, EVENT_RATE_CHANGED, .rate = {50000000});
    HAPPENS(NO_ROOM, 41, EVENT_RATE_CHANGED, .rate = {40000000});
    assert_int_equal(contract_rate(&now, after(41)).per_billion, 50000000);
}

/* On a contract that is sold: what an event says comes first, then that it is closed. */
static void test_closed_comes_before_what_the_debt_allows(void **state) {
    (void)state;
    begin(12);
    terms.extension.max_times = 1;
    terms.extension.max_days = 10;
    HAPPENS(OK, 10, EVENT_SOLD, .amount = {0});
    HAPPENS(DAY_OUT_OF_RANGE, 10, EVENT_DUE_DAY_CHANGED, .instalment = 1, .other_day = after(10));
    HAPPENS(
        NO_SUCH_INSTALMENT, 10, EVENT_DUE_DAY_CHANGED, .instalment = 13, .other_day = after(20));
    HAPPENS(NO_SUCH_INSTALMENT, 10, EVENT_PAUSED, .instalment = 15, .days = 5);
    HAPPENS(CLOSED, 10, EVENT_DUE_DAY_CHANGED, .instalment = 1, .other_day = after(20));
    HAPPENS(CLOSED, 10, EVENT_PAUSED, .instalment = 1, .days = 5);
    HAPPENS(CLOSED, 10, EVENT_WAIVED, .amount = {100}, .component = COMPONENT_FEE);
    HAPPENS(CLOSED, 10, EVENT_EXTENSION_GRANTED, .instalment = 1);
    HAPPENS(CLOSED, 10, EVENT_MERCHANT_REFUNDED, .amount = {1000001});
    HAPPENS(CLOSED, 10, EVENT_DRAWN_DOWN, .amount = {3000001});
    HAPPENS(CLOSED, 10, EVENT_CHARGED_BACK, .amount = {1});
    HAPPENS(CLOSED, 10, EVENT_CHARGE_ADDED, .amount = {1}, .component = COMPONENT_FEE,
        .other_day = after(20));
    HAPPENS(CLOSED, 10, EVENT_RATE_CHANGED, .rate = {0});
    HAPPENS(CLOSED, 10, EVENT_INTEREST_PAUSED, .days = 1, .other_day = after(20));
    HAPPENS(CLOSED, 10, EVENT_RE_AGED, .count = 1, .other_day = after(20));
    HAPPENS(CLOSED, 10, EVENT_RE_AMORTISED, .amount = {0});
    HAPPENS(CLOSED, 10, EVENT_ACCELERATED, .amount = {0});
    HAPPENS(CLOSED, 10, EVENT_CHARGED_OFF, .amount = {0});
    HAPPENS(CLOSED, 10, EVENT_WRITTEN_OFF, .amount = {0});
    HAPPENS(CLOSED, 10, EVENT_SOLD, .amount = {0});
    HAPPENS(CLOSED, 10, EVENT_CAP_CHANGED, .rate = {0});
    HAPPENS(OK, 10, EVENT_PAYMENT_SETTLED, .amount = {500}, .target = TARGET_ORDER);
    assert_int_equal(update.surplus.fen, 500);
}

static void test_what_the_debt_allows(void **state) {
    (void)state;
    begin(12);
    terms.extension.max_times = 1;
    terms.extension.max_days = 10;
    HAPPENS(EXTENSION_NOT_OFFERED, 10, EVENT_EXTENSION_GRANTED, .instalment = 1, .days = 0);
    HAPPENS(EXTENSION_NOT_OFFERED, 10, EVENT_EXTENSION_GRANTED, .instalment = 1, .days = 11);
    HAPPENS(NOTHING_TO_WAIVE, 10, EVENT_WAIVED, .amount = {1}, .component = COMPONENT_PENALTY);
    HAPPENS(CHARGE_BACK_TOO_LARGE, 10, EVENT_CHARGED_BACK, .amount = {1});
    HAPPENS(DRAWDOWN_NOT_OFFERED, 10, EVENT_DRAWN_DOWN, .amount = {2000001});
    HAPPENS(REFUND_TOO_LARGE, 10, EVENT_MERCHANT_REFUNDED, .amount = {1000001});
    HAPPENS(OK, 10, EVENT_PAYMENT_SETTLED, .amount = {300000}, .target = TARGET_ORDER);
    HAPPENS(EXTENSION_SETTLED, 10, EVENT_EXTENSION_GRANTED, .instalment = 1, .days = 10);
    HAPPENS(EXTENSION_SETTLED, 10, EVENT_PAUSED, .instalment = 1, .days = 10);
    HAPPENS(EXTENSION_TOO_SHORT, 365, EVENT_PAUSED, .instalment = 12, .days = 10);
    HAPPENS(DRAWDOWN_NOT_OFFERED, 365, EVENT_DRAWN_DOWN, .amount = {1});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instalments_that_do_not_fit_are_refused),
        cmocka_unit_test(test_a_late_fact_takes_the_room_of_a_drawdown),
        cmocka_unit_test(test_a_late_fact_takes_the_room_of_new_instalments),
        cmocka_unit_test(test_rates_that_do_not_fit_are_refused),
        cmocka_unit_test(test_closed_comes_before_what_the_debt_allows),
        cmocka_unit_test(test_what_the_debt_allows),
    };
    return cmocka_run_group_tests_name("engine_room", tests, NULL, NULL);
}
