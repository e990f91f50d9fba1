/*
 * test_event_refusals.c: what the form of an event refuses, facts that come too late, and the room
 * that a contract has.
 */
#include "../cmocka_include.h"

#include "engine/delinquency.h"
#include "engine/encoding.h"
#include "engine/fields.h"
#include "engine/quote.h"
#include "plan.h"

static struct terms terms;
static struct contract_state now;
static struct contract_event history[80];
static size_t count;

static enum contract_refusal happens(struct contract_event event) {
    static struct contract_update update;
    event.sequence = now.last_sequence + 1;
    enum contract_refusal refusal =
        contract_step_with_history(&terms, history, count, &now, &event, &update);
    if (refusal == CONTRACT_OK)
        history[count++] = event;
    return refusal;
}

static void begin(struct terms agreed) {
    terms = agreed;
    count = 0;
    contract_new(&now);
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    assert_int_equal(
        happens((struct contract_event){.kind = EVENT_ACTIVATED, .day = terms.start_day}),
        CONTRACT_OK);
}

static struct day after(int32_t days) {
    return day_add(terms.start_day, days);
}

/* An event of a kind on day 10 with one field set is refused for a reason. */
#define REFUSED(reason, event_kind, ...)                                                           \
    assert_int_equal(                                                                              \
        happens((struct contract_event){.kind = event_kind, .day = after(10), __VA_ARGS__}),       \
        CONTRACT_##reason)

static void test_form(void **state) {
    (void)state;
    begin(plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000));
    const int64_t too_much = 10 * PRINCIPAL_MAX_FEN + 1;
    struct day late = day_add(terms.start_day, CONTRACT_DAYS_MAX + 1);
    REFUSED(DAY_OUT_OF_RANGE, EVENT_CHARGE_ADDED, .other_day = after(9));
    REFUSED(DAY_OUT_OF_RANGE, EVENT_CHARGE_ADDED, .other_day = late);
    REFUSED(AMOUNT_INVALID, EVENT_PAYMENT_SETTLED, .amount = {too_much});
    REFUSED(AMOUNT_INVALID, EVENT_SOLD, .amount = {-1});
    REFUSED(AMOUNT_INVALID, EVENT_SOLD, .amount = {too_much});
    REFUSED(AMOUNT_INVALID, EVENT_CHARGED_BACK, .amount = {5}, .parts = {{-1}});
    REFUSED(AMOUNT_INVALID, EVENT_CHARGED_BACK, .amount = {5}, .parts = {{too_much}});
    REFUSED(AMOUNT_INVALID, EVENT_CHARGED_BACK, .amount = {5}, .parts = {{1}, {1}});
    REFUSED(TARGET_INVALID, EVENT_PAYMENT_SETTLED, .amount = {5},
        .source = (enum payment_source)SOURCE_COUNT);
    REFUSED(TARGET_INVALID, EVENT_PAYMENT_SETTLED, .amount = {5},
        .effect = (enum plan_effect)PLAN_EFFECT_COUNT);
    REFUSED(TARGET_INVALID, EVENT_RATE_CHANGED, .effect = (enum plan_effect)PLAN_EFFECT_COUNT);
    REFUSED(TARGET_INVALID, EVENT_CHARGE_ADDED, .amount = {5}, .other_day = after(10),
        .component = COMPONENT_PRINCIPAL);
    REFUSED(RATE_INVALID, EVENT_RATE_CHANGED, .rate = {-1});
    REFUSED(RATE_INVALID, EVENT_RATE_CHANGED, .rate = {RATE_UNIT + 1});
    REFUSED(COUNT_INVALID, EVENT_PAUSED, .instalment = 1);
    REFUSED(COUNT_INVALID, EVENT_PAUSED, .instalment = 1, .days = 3661);
    REFUSED(COUNT_INVALID, EVENT_RE_AGED, .other_day = after(20));
    REFUSED(COUNT_INVALID, EVENT_RE_AGED, .other_day = after(20), .count = 121);
    REFUSED(EXTENSION_NOT_OFFERED, EVENT_EXTENSION_GRANTED, .instalment = 1);
    REFUSED(DAY_OUT_OF_RANGE, EVENT_DUE_DAY_CHANGED, .instalment = 1, .other_day = after(10));
    REFUSED(DAY_OUT_OF_RANGE, EVENT_DUE_DAY_CHANGED, .instalment = 3, .other_day = after(40));
    assert_int_equal(count, 1);
}

static void test_not_begun(void **state) {
    (void)state;
    terms = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
    contract_new(&now);
    count = 0;
    assert_int_equal(happens((struct contract_event){.kind = EVENT_ACTIVATED, .day = after(1)}),
        CONTRACT_DAY_OUT_OF_RANGE);
    REFUSED(NOT_ACTIVATED, EVENT_DAY_REACHED);
    begin(terms);
    assert_int_equal(happens((struct contract_event){.kind = EVENT_DAY_REACHED, .day = after(-1)}),
        CONTRACT_NOT_ACTIVATED);
}

/* Facts of a contract that a back-dated one has ended do nothing. */
static void test_too_late(void **state) {
    (void)state;
    struct terms agreed = plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000);
    agreed.drawdown_limit = money_fen(3000000);
    begin(agreed);
    REFUSED(OK, EVENT_PAYMENT_SETTLED, .amount = {5000}, .target = TARGET_ORDER);
    REFUSED(OK, EVENT_DRAWN_DOWN, .amount = {1000});
    REFUSED(OK, EVENT_CHARGE_ADDED, .amount = {300}, .component = COMPONENT_FEE,
        .other_day = after(20));
    REFUSED(OK, EVENT_CHARGED_BACK, .amount = {400});
    REFUSED(OK, EVENT_MERCHANT_REFUNDED, .amount = {700});
    assert_int_equal(
        happens((struct contract_event){.kind = EVENT_SOLD, .day = after(5), .amount = {900000}}),
        CONTRACT_OK);
    assert_int_equal(now.status, CONTRACT_SOLD);
    assert_int_equal(contract_left(&now).fen, 0);
    assert_int_equal(now.drawn.fen, 1000000);
    assert_int_equal(now.refunded_by_shop.fen, 0);
    assert_int_equal(now.overpaid.fen, 5000);
}

/* The same after a charge-off alone: the debt stays, goods cannot unwind it. */
static void test_charged_off(void **state) {
    (void)state;
    begin(plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000));
    REFUSED(OK, EVENT_MERCHANT_REFUNDED, .amount = {700});
    assert_int_equal(
        happens((struct contract_event){.kind = EVENT_CHARGED_OFF, .day = after(5)}), CONTRACT_OK);
    assert_int_equal(now.refunded_by_shop.fen, 0);
    REFUSED(CLOSED, EVENT_MERCHANT_REFUNDED, .amount = {700});
    REFUSED(CLOSED, EVENT_CHARGED_OFF);
}

/* A written-off contract on the same day, then what was recorded for later days. */
static void test_written_off(void **state) {
    (void)state;
    begin(plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000));
    REFUSED(OK, EVENT_MERCHANT_REFUNDED, .amount = {700});
    assert_int_equal(
        happens((struct contract_event){.kind = EVENT_WRITTEN_OFF, .day = after(5)}), CONTRACT_OK);
    assert_int_equal(now.status, CONTRACT_WRITTEN_OFF);
    assert_int_equal(now.refunded_by_shop.fen, 0);
}

static void test_drawing(void **state) {
    (void)state;
    struct terms agreed = plan(METHOD_EQUAL_PRINCIPAL, 1000000, 12, 120000000);
    agreed.drawdown_limit = money_fen(3000000);
    agreed.down_payment.per_billion = RATE_UNIT / 10;
    agreed.charge_count = 1;
    agreed.charges[0] = (struct charge_terms){
        .time = CHARGE_ON_DRAWDOWN, .base = CHARGE_BASE_PRINCIPAL, .rate = {RATE_UNIT / 100}};
    begin(agreed);
    int32_t rows = now.instalment_count;
    REFUSED(OK, EVENT_DRAWN_DOWN, .amount = {500000});
    assert_int_equal(now.instalment_count, rows + 2);
    assert_int_equal(now.instalments[rows].charged[COMPONENT_PRINCIPAL].fen, 50000);
    assert_int_equal(now.instalments[rows + 1].charged[COMPONENT_FEE].fen, 5000);
    assert_int_equal(contract_principal_left(&now).fen, 1500000);
    REFUSED(DRAWDOWN_NOT_OFFERED, EVENT_DRAWN_DOWN, .amount = {1500001});
}

/* Instalments and rates end somewhere: what does not fit is refused, not lost. */
static void test_room(void **state) {
    (void)state;
    begin(plan(METHOD_EQUAL_INSTALMENT, 1000000, 360, 120000000));
    REFUSED(NO_ROOM, EVENT_RE_AGED, .other_day = after(20), .count = 60);
    REFUSED(OK, EVENT_RE_AGED, .other_day = after(20), .count = 39);
    begin(plan(METHOD_EQUAL_INSTALMENT, 1000000, 12, 120000000));
    int32_t changes = 0;
    while (happens((struct contract_event){.kind = EVENT_RATE_CHANGED,
               .day = after(changes + 1),
               .rate = {60000000 + changes}}) == CONTRACT_OK)
        changes++;
    assert_in_range(changes, RATES_MAX - 4, RATES_MAX);
}

static void test_window(void **state) {
    (void)state;
    static struct window_quote window;
    begin(plan(METHOD_INTEREST_FREE, 1200, 12, 0));
    REFUSED(OK, EVENT_PAYMENT_SETTLED, .amount = {100}, .target = TARGET_ORDER);
    quote_window(&now, now.instalments[0].due_day, now.instalments[2].due_day, &window);
    assert_int_equal(window.count, 2); /* the first is paid */
    assert_int_equal(window.instalments[0], 2);
    assert_int_equal(window.total.fen, 200);
    assert_int_equal(window.owed[COMPONENT_PRINCIPAL].fen, 200);
    quote_window(&now, now.instalments[2].due_day, now.instalments[2].due_day, &window);
    assert_int_equal(window.count, 1);
}

/* The bureau is asked about days that lie behind the state; the oldest open day counts. */
static void test_bureau_of_past_days(void **state) {
    (void)state;
    struct terms agreed = plan(METHOD_INTEREST_FREE, 1200, 3, 0);
    agreed.extension = (struct extension_terms){.max_times = 1, .max_days = 60};
    begin(agreed);
    assert_int_equal(bureau_report_day(&terms, &now).number, now.instalments[0].due_day.number + 1);
    REFUSED(EXTENSION_NOT_OFFERED, EVENT_EXTENSION_GRANTED, .instalment = 1, .days = 0);
    REFUSED(OK, EVENT_EXTENSION_GRANTED, .instalment = 1, .days = 45);
    assert_int_equal(bureau_report_day(&terms, &now).number, now.instalments[1].due_day.number + 1);
    REFUSED(
        OK, EVENT_PAYMENT_SETTLED, .amount = {400}, .target = TARGET_INSTALMENT, .instalment = 2);
    assert_int_equal(bureau_report_day(&terms, &now).number, now.instalments[0].due_day.number + 1);
    assert_int_equal(happens((struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
                         .day = now.instalments[2].due_day,
                         .amount = {800},
                         .target = TARGET_ORDER}),
        CONTRACT_OK);
    assert_int_equal(now.status, CONTRACT_SETTLED);
    assert_true(day_is_none(bureau_report_day(&terms, &now)));
    assert_int_equal(bureau_status_code(&terms, &now, now.closed_day), 'C');
    /* A day before it closed: instalment 1, moved behind 2, was still open and overdue. */
    assert_int_equal(bureau_status_code(&terms, &now, day_add(now.closed_day, -1)), '1');
}

static void test_no_room_for_bytes(void **state) {
    (void)state;
    uint8_t bytes[8];
    begin(plan(METHOD_INTEREST_FREE, 1200, 3, 0));
    assert_int_equal(contract_state_encode(&now, bytes, sizeof bytes), 0);
}

static void test_fields(void **state) {
    (void)state;
    struct terms agreed = terms_defaults();
    for (int32_t f = 0; f < terms_fields.count; f++) {
        const struct field *field = &terms_fields.fields[f];
        if (field->kind == FIELD_GROUP || field->kind == FIELD_LIST)
            continue;
        if (field->kind == FIELD_DAY) {
            assert_false(field_takes(field, -25568)); /* 1899-12-31 */
            assert_false(field_takes(field, 2932897));
            assert_int_equal(field_takes(field, INT32_MIN), field->optional);
            continue;
        }
        assert_false(field_takes(field, field->least - 1));
        assert_false(field_takes(field, field->most + 1));
        field_set_integer(field, &agreed, field->most);
        assert_true(field_integer(field, &agreed) == field->most);
    }
    struct contract_event event = {0};
    for (int32_t f = 0; f < event_fields.count; f++) {
        const struct field *field = &event_fields.fields[f];
        if (field->kind != FIELD_SEQUENCE)
            continue;
        field_set_integer(field, &event, UINT32_MAX);
        assert_true(field_integer(field, &event) == UINT32_MAX);
    }
    assert_string_equal(method_name(METHOD_FLAT), "flat");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_not_begun),
        cmocka_unit_test(test_too_late),
        cmocka_unit_test(test_charged_off),
        cmocka_unit_test(test_written_off),
        cmocka_unit_test(test_drawing),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_bureau_of_past_days),
        cmocka_unit_test(test_no_room_for_bytes),
        cmocka_unit_test(test_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
