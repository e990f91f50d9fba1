/*
 * test_orders.c: an order's life by its use cases: each refusal in its documented order, and what a
 * success leaves behind.
 */
#include "../unit/cmocka_include.h"
#include "order_world.h"

#include "codec/sha256.h"
#include "service/expire_orders.h"

#include <string.h>

/* ---- create_order ---- */

static void test_create_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    static const struct order_line wrong_sum[] = {{"手机", 1, {299999}}};
    struct create_order command = order_command(world, "S1");
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_OK);

    /* Everything is wrong; one fault less each time. */
    command.lines = wrong_sum;
    command.product_code = "withdrawn";
    command.amount = (struct money){29999};
    command.phone = "12345678901";
    command.return_url = "ftp://shop.example/";
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_NUMBER_TAKEN);
    command.shop_order_no = "S2";
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_GOODS_SUM_MISMATCH);
    static const struct order_line cheap[] = {{"手机壳", 1, {29999}}};
    command.lines = cheap;
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_PRODUCT_NOT_FOUND);
    command.product_code = "equal";
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_AMOUNT_OUT_OF_RANGE);
    struct create_order right = order_command(world, "S2");
    command.lines = right.lines;
    command.amount = right.amount;
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_PHONE_INVALID);
    command.phone = right.phone;
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_RETURN_URL_INVALID);
    command.return_url = "https://shop.example/back?order=1";
    assert_int_equal(place(world, command).outcome, CREATE_ORDER_OK);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM orders"), 2);
}

static void test_the_same_order_again_is_the_same(void **state) {
    struct shop_world *world = *state;
    struct create_order_answer first = place(world, order_command(world, "S1"));
    struct create_order_answer again = place(world, order_command(world, "S1"));
    assert_false(first.repeated);
    assert_true(again.repeated);
    assert_int_equal(first.order->order_id, again.order->order_id);
    struct create_order other_person = order_command(world, "S1");
    other_person.phone = "19900000002";
    assert_int_equal(place(world, other_person).outcome, CREATE_ORDER_NUMBER_TAKEN);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM customer"), 1);
}

static void test_return_urls(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool live, demo;
    } rows[] = {
        {"https://shop.example/a?b=1#c", true, true},
        {"http://127.0.0.1:8080/", false, true},
        {"javascript:alert(1)", false, false},
        {"https://", false, false},
        {"https://user@shop.example/", false, false},
        {"https://shop.example/a b", false, false},
        {"https://shop.example/\"x", false, false},
        {"//shop.example/", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(return_url_is_valid(rows[i].url, false), rows[i].live);
        assert_int_equal(return_url_is_valid(rows[i].url, true), rows[i].demo);
    }
}

/* ---- accept_checkout ---- */

static void test_accept_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    struct order *order = place(world, order_command(world, "S1")).order;
    struct accept_checkout right = accept_command(world, order, 6);

    struct accept_checkout command = right;
    command.token = "00000000000000000000000000000000";
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_NOT_FOUND);
    command.token = right.token;
    command.customer_id = right.customer_id + 1;
    command.instalment_count = 9;
    command.read_ms = READING_LEAST_MS - 1;
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_NOT_YOURS);
    command.customer_id = right.customer_id;
    struct instant before = world->clock;
    world->clock = instant_add_seconds(world->clock, CHECKOUT_LIFETIME_S + 1);
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_EXPIRED);
    world->clock = before;
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_TERM_NOT_OFFERED);
    command.instalment_count = 3; /* with the hash of 6 */
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_COST_TABLE_CHANGED);
    command.instalment_count = 6;
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_READING_TOO_SHORT);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM contract"), 0);
    assert_int_equal(accept(world, right).outcome, ACCEPT_CHECKOUT_OK);
    assert_int_equal(accept(world, right).outcome, ACCEPT_CHECKOUT_ACCEPTED);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM contract"), 1);
}

static void test_a_table_of_yesterday_is_refused(void **state) {
    struct shop_world *world = *state;
    struct order *order = place(world, order_command(world, "S1")).order;
    struct accept_checkout command = accept_command(world, order, 6);
    shop_world_set_date(world, day_from_civil(2026, 4, 1));
    assert_int_equal(accept(world, command).outcome, ACCEPT_CHECKOUT_COST_TABLE_CHANGED);
}

struct table_reading {
    const struct order *order;
    struct accepted_cost_table *table;
};

static enum status read_table(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct table_reading *reading = context;
    return cost_table_load(
        tx, reading->order->customer_id, reading->order->contract_id, &reading->table);
}

static void test_acceptance_keeps_the_table_and_begins_the_contract(void **state) {
    struct shop_world *world = *state;
    struct order *placed = place(world, order_command(world, "S1")).order;
    struct accept_checkout command = accept_command(world, placed, 6);
    struct order *order = accept(world, command).order;
    struct table_reading reading = {order, NULL};
    shop_world_run(world, read_table, &reading);
    assert_non_null(reading.table);
    assert_string_equal(reading.table->table_hash, command.cost_table_hash);
    assert_string_equal(
        sha256_hex(world->database->arena, bytes_of_text(reading.table->table_json)),
        command.cost_table_hash);
    assert_int_equal(reading.table->read_ms, READING_LEAST_MS);
    assert_non_null(strstr(reading.table->table_json, "除以上费用外不收取任何费用"));

    const struct live_contract *contract = contract_of(world, order);
    assert_int_equal(contract->state.status, CONTRACT_ACTIVE);
    assert_int_equal(contract->stored->principal_left.fen, 300000);
    /* 31 March: the last day of each month, never drifting to the 28th or 30th */
    assert_int_equal(
        contract->state.instalments[0].due_day.number, day_from_civil(2026, 4, 30).number);
    assert_int_equal(
        contract->state.instalments[1].due_day.number, day_from_civil(2026, 5, 31).number);
    assert_int_equal(contract->state.instalment_count, 6);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM journal_entry"), 1);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM notice WHERE kind = 'contract_accepted'"),
        1);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM outbox WHERE kind = 'order.accepted'"),
        1);
    assert_int_equal(count_differences(world, false), 0);
}

struct expiring {
    int32_t limit;
    size_t expired;
};

static enum status expire_unit(struct tx *tx, struct moment moment, void *context) {
    struct expiring *expiring = context;
    return expire_orders(tx, moment, expiring->limit, &expiring->expired);
}

static void test_orders_expire_once_and_the_shop_is_told(void **state) {
    struct shop_world *world = *state;
    struct expiring expiring = {.limit = 2};
    for (int i = 0; i < 3; i++) {
        const char *number = arena_printf(world->database->arena, "E%d", i);
        assert_int_equal(place(world, order_command(world, number)).outcome, CREATE_ORDER_OK);
    }
    struct order *kept = accepted_order(world, "S1");
    world->clock = instant_add_seconds(world->clock, CHECKOUT_LIFETIME_S);
    shop_world_run(world, expire_unit, &expiring);
    assert_int_equal(expiring.expired, 0); /* the last second still counts */
    world->clock = instant_add_seconds(world->clock, 1);
    shop_world_run(world, expire_unit, &expiring);
    assert_int_equal(expiring.expired, 2);
    shop_world_run(world, expire_unit, &expiring);
    assert_int_equal(expiring.expired, 1);
    shop_world_run(world, expire_unit, &expiring);
    assert_int_equal(expiring.expired, 0);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM outbox WHERE kind = 'order.expired'"),
        3);
    assert_int_equal(contract_of(world, kept)->state.status, CONTRACT_ACTIVE);
}

/* ---- nothing that is not on the accepted cost table ---- */

static void test_what_the_table_does_not_name_is_never_charged(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    struct contract_event late = {.kind = EVENT_DAY_REACHED, .day = day_from_civil(2026, 5, 10)};
    shop_world_set_date(world, late.day);
    /* As if the accepted table had not named the penalty (bit 2) … */
    database_script(world->database, "UPDATE contract SET accepted_items = 1");
    assert_int_equal(apply(world, order, late)->outcome, APPLY_NOT_DISCLOSED);
    /* … nor the interest in its full amount. */
    database_script(
        world->database, "UPDATE contract SET accepted_items = 63, accepted_cost_fen = 1000");
    assert_int_equal(apply(world, order, late)->outcome, APPLY_NOT_DISCLOSED);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM contract_event"), 1);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM journal_entry"), 1);
    database_script(world->database, "UPDATE contract SET accepted_cost_fen = 100000");
    assert_int_equal(apply(world, order, late)->outcome, APPLY_OK);
    assert_true(contract_of(world, order)->state.instalments[0].charged[COMPONENT_PENALTY].fen > 0);
}

static void test_apply_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    struct contract_event event = {.kind = EVENT_PAYMENT_SETTLED,
        .day = day_from_civil(2026, 4, 1),
        .target = TARGET_ORDER,
        .source = SOURCE_CREDIT_BALANCE};
    assert_int_equal(apply(world, order, event)->outcome, APPLY_DAY_AHEAD);
    event.day = day_from_civil(2026, 3, 31);
    struct applied_event *refused = apply(world, order, event);
    assert_int_equal(refused->outcome, APPLY_REFUSED);
    assert_int_equal(refused->refusal, CONTRACT_AMOUNT_INVALID);
    event.amount = (struct money){100};
    assert_int_equal(apply(world, order, event)->outcome, APPLY_CREDIT_SHORT);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM contract_event"), 1);
}

static void test_a_backdated_payment_is_replayed(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 5, 20));
    struct contract_event late = {.kind = EVENT_DAY_REACHED, .day = day_from_civil(2026, 5, 20)};
    assert_int_equal(apply(world, order, late)->outcome, APPLY_OK);
    const struct live_contract *before = contract_of(world, order);
    struct money penalty = before->state.instalments[0].charged[COMPONENT_PENALTY];
    assert_true(penalty.fen > 0);
    struct contract_event payment = {.kind = EVENT_PAYMENT_SETTLED,
        .day = day_from_civil(2026, 4, 30), /* the bank tells us weeks later */
        .amount = instalment_left(&before->state.instalments[0]),
        .target = TARGET_ORDER,
        .source = SOURCE_CHANNEL};
    assert_int_equal(apply(world, order, payment)->outcome, APPLY_OK);
    const struct live_contract *after = contract_of(world, order);
    assert_int_equal(after->state.instalments[0].charged[COMPONENT_PENALTY].fen, 0);
    assert_int_equal(after->state.instalments[0].state, INSTALMENT_SETTLED);
    assert_int_equal(count_differences(world, false), 0);
}

/* ---- refund_order ---- */

static void test_refund_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    place(world, order_command(world, "PENDING"));
    accepted_order(world, "S1");
    struct refund_order command = {.shop_id = world->shop_id,
        .shop_order_no = "NOBODY",
        .shop_refund_no = "R1",
        .amount = {100000},
        .reason = ""};
    assert_int_equal(give_back(world, command).outcome, REFUND_ORDER_NOT_FOUND);
    command.shop_order_no = "S1";
    struct refund_order_answer first = give_back(world, command);
    assert_int_equal(first.outcome, REFUND_ORDER_OK);
    assert_int_equal(first.refund->to_debt.fen, 100000);
    assert_int_equal(first.refund->to_customer.fen, 0);
    assert_true(give_back(world, command).repeated);
    command.amount.fen = 300000;
    assert_int_equal(give_back(world, command).outcome, REFUND_ORDER_NUMBER_TAKEN);
    command.shop_order_no = "PENDING";
    assert_int_equal(give_back(world, command).outcome, REFUND_ORDER_NOT_POSSIBLE);
    command.shop_order_no = "S1";
    command.shop_refund_no = "R2";
    command.amount.fen = 200001;
    assert_int_equal(give_back(world, command).outcome, REFUND_ORDER_TOO_LARGE);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM goods_refund"), 1);
    assert_int_equal(database_number(world->database,
                         "SELECT refunded_fen FROM orders WHERE shop_order_no = 'S1'"),
        100000);
}

static void test_what_was_paid_comes_back_as_credit(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 4, 30));
    pay(world, order, instalment_left(&contract_of(world, order)->state.instalments[0]));
    struct refund_order command = {.shop_id = world->shop_id,
        .shop_order_no = "S1",
        .shop_refund_no = "R1",
        .amount = {300000},
        .reason = "退货"};
    struct refund_order_answer answer = give_back(world, command);
    assert_int_equal(answer.outcome, REFUND_ORDER_OK);
    assert_true(answer.refund->to_customer.fen > 0);
    assert_int_equal(database_number(world->database, "SELECT balance_fen FROM credit_balance"),
        answer.refund->to_customer.fen);
    assert_int_equal(contract_of(world, order)->state.status, CONTRACT_REFUNDED);
    assert_int_equal(contract_of(world, order)->stored->left.fen, 0);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM outbox WHERE kind = 'order.refunded'"),
        1);
    assert_int_equal(count_differences(world, false), 0);
}

static void test_paying_everything_settles_and_tells(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    pay(world, order, contract_of(world, order)->stored->left);
    assert_int_equal(contract_of(world, order)->state.status, CONTRACT_SETTLED);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM outbox WHERE kind = 'order.settled'"),
        1);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM notice WHERE kind = 'contract_settled'"),
        1);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM contract WHERE next_action_day IS NULL"),
        1);
    assert_int_equal(count_differences(world, false), 0);
}

/* ---- rebuild and verify find what is wrong ---- */

static void test_rebuild_finds_and_mends_derived_rows(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    pay(world, order, (struct money){12345});
    assert_int_equal(count_differences(world, false), 0);
    database_script(world->database, "UPDATE contract SET left_fen = left_fen + 1");
    assert_int_equal(count_differences(world, false), 1);
    assert_int_equal(count_differences(world, true), 1);
    assert_int_equal(count_differences(world, false), 0);
}

static void test_verify_finds_tampering(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    pay(world, order, (struct money){12345});
    database_script(world->database,
        "UPDATE journal_entry SET lines = replace(lines, '12345', '12346') WHERE number = 2");
    assert_true(count_differences(world, false) > 0);
    database_script(world->database,
        "UPDATE journal_entry SET lines = replace(lines, '12346', '12345') WHERE number = 2");
    assert_int_equal(count_differences(world, false), 0);
    database_script(world->database, "DELETE FROM journal_entry WHERE number = 1");
    assert_true(count_differences(world, false) > 0);
}

static void test_verify_finds_a_wrong_credit_balance(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    struct money more = contract_of(world, order)->stored->left;
    pay(world, order, money_add(more, (struct money){500}));
    assert_int_equal(
        database_number(world->database, "SELECT balance_fen FROM credit_balance"), 500);
    assert_int_equal(count_differences(world, false), 0);
    database_script(world->database, "UPDATE credit_balance SET balance_fen = 501");
    assert_int_equal(count_differences(world, false), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_world_set_up, shop_world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_create_refusals_in_order),
        TEST(test_the_same_order_again_is_the_same),
        cmocka_unit_test(test_return_urls),
        TEST(test_accept_refusals_in_order),
        TEST(test_a_table_of_yesterday_is_refused),
        TEST(test_acceptance_keeps_the_table_and_begins_the_contract),
        TEST(test_orders_expire_once_and_the_shop_is_told),
        TEST(test_what_the_table_does_not_name_is_never_charged),
        TEST(test_apply_refusals_in_order),
        TEST(test_a_backdated_payment_is_replayed),
        TEST(test_refund_refusals_in_order),
        TEST(test_what_was_paid_comes_back_as_credit),
        TEST(test_paying_everything_settles_and_tells),
        TEST(test_rebuild_finds_and_mends_derived_rows),
        TEST(test_verify_finds_tampering),
        TEST(test_verify_finds_a_wrong_credit_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
