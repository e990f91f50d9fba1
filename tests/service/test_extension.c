/* test_extension.c: asking for more time, and deciding: each refusal in its documented order. */
#include "../unit/cmocka_include.h"
#include "order_world.h"

#include <string.h>

struct offering {
    const struct order *order;
    struct extension_offer offer;
};

static enum status offer_unit(struct tx *tx, struct moment moment, void *context) {
    struct offering *offering = context;
    struct live_contract *contract = NULL;
    struct extension_request *requests;
    size_t count;
    enum status status =
        load_contract(tx, offering->order->customer_id, offering->order->contract_id, &contract);
    if (status == STATUS_OK)
        status = extension_request_of_customer(tx, offering->order->customer_id, &requests, &count);
    if (status != STATUS_OK)
        return status;
    struct extension_subject subject = {
        contract->stored->contract_id, &contract->terms, &contract->state};
    make_extension_offer(&subject, moment.business_date, requests, count, &offering->offer);
    return status;
}

static struct extension_offer offer_of(struct shop_world *world, const struct order *order) {
    struct offering offering = {.order = order};
    shop_world_run(world, offer_unit, &offering);
    return offering.offer;
}

/* The first choice of today's offer. */
static struct request_extension right_request(struct shop_world *world, const struct order *order) {
    struct extension_offer offer = offer_of(world, order);
    assert_int_equal(offer.reason, EXTENSION_POSSIBLE);
    return (struct request_extension){.customer_id = order->customer_id,
        .order_id = order->order_id,
        .instalment_number = offer.choices[0].instalment_number,
        .days = offer.choices[0].days,
        .expected_cost = offer.choices[0].cost,
        .reason = "工资晚发"};
}

static void test_reasons(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    assert_int_equal(offer_of(world, order).reason, EXTENSION_TOO_EARLY);
    shop_world_set_date(world, day_from_civil(2026, 4, 25));
    struct extension_offer offer = offer_of(world, order);
    assert_int_equal(offer.reason, EXTENSION_POSSIBLE);
    assert_int_equal(offer.choice_count, 2); /* 7 and 14 days; 30 is more than the terms allow */
    shop_world_set_date(world, day_from_civil(2026, 5, 14));
    assert_int_equal(offer_of(world, order).reason, EXTENSION_NO_CHOICE);
    shop_world_set_date(world, day_from_civil(2026, 7, 1));
    assert_int_equal(offer_of(world, order).reason, EXTENSION_TOO_LATE);
    pay(world, order, (struct money){900000});
    assert_int_equal(offer_of(world, order).reason, EXTENSION_NO_CONTRACT);
    for (int i = EXTENSION_POSSIBLE; i <= EXTENSION_NO_CHOICE; i++) {
        assert_true(strlen(extension_reason_zh((enum extension_reason)i)) > 0);
        assert_true(strlen(extension_reason_en((enum extension_reason)i)) > 0);
    }
}

static void test_request_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 4, 25));
    struct request_extension right = right_request(world, order);
    struct request_extension command = right;
    command.customer_id++;
    assert_int_equal(ask(world, command).outcome, REQUEST_EXTENSION_ORDER_NOT_FOUND);
    command = right;
    command.days = 8;
    command.expected_cost.fen++;
    assert_int_equal(ask(world, command).outcome, REQUEST_EXTENSION_NOT_ELIGIBLE);
    command.days = right.days;
    assert_int_equal(ask(world, command).outcome, REQUEST_EXTENSION_COST_CHANGED);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM extension_request"), 0);
    assert_int_equal(ask(world, right).outcome, REQUEST_EXTENSION_OK);
    assert_int_equal(ask(world, right).outcome, REQUEST_EXTENSION_WAITING);
    assert_int_equal(offer_of(world, order).reason, EXTENSION_REQUESTED);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM extension_request"), 1);
}

static void test_decision_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 4, 25));
    struct request_extension_answer asked = ask(world, right_request(world, order));
    assert_int_equal(asked.outcome, REQUEST_EXTENSION_OK);
    struct decide_extension command = {.customer_id = order->customer_id,
        .request_id = asked.request->request_id + 1,
        .staff_id = 42,
        .note = " \n"};
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_NOT_FOUND);
    command.request_id--;
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_NOTE_REQUIRED);
    /* Days later the same extension would not move the due day past today. */
    command.approve = true;
    shop_world_set_date(world, day_from_civil(2026, 5, 20));
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_NOT_ELIGIBLE);
    command.approve = false;
    command.note = "请联系人工客服协商";
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_OK);
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_DECIDED);
    assert_int_equal(database_number(world->database,
                         "SELECT count(*) FROM notice WHERE kind = 'extension_refused'"),
        1);
    assert_int_equal(contract_of(world, order)->state.extension_count, 0);
}

static void test_approval_moves_the_due_day_for_the_cost_shown(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 4, 25));
    struct request_extension_answer asked = ask(world, right_request(world, order));
    struct decide_extension command = {.customer_id = order->customer_id,
        .request_id = asked.request->request_id,
        .staff_id = 42,
        .approve = true,
        .note = ""};
    struct decide_extension_answer decided = decide(world, command);
    assert_int_equal(decided.outcome, DECIDE_EXTENSION_OK);
    assert_int_equal(decided.request->state, EXTENSION_APPROVED);
    const struct instalment *instalment = &contract_of(world, order)->state.instalments[0];
    assert_int_equal(instalment->due_day.number, day_from_civil(2026, 5, 7).number);
    assert_int_equal(instalment->scheduled_day.number, day_from_civil(2026, 4, 30).number);
    assert_int_equal(instalment->extension_fee.fen, asked.request->cost.fen);
    assert_int_equal(offer_of(world, order).reason, EXTENSION_NOT_OFFERED);
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM audit"), 1);
    assert_int_equal(count_differences(world, false), 0);
}

static void test_what_is_being_collected_is_not_extended(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 4, 25));
    struct request_extension_answer asked = ask(world, right_request(world, order));
    database_script(world->database,
        "INSERT INTO live_collection SELECT customer_id, contract_id, 1, 7 FROM contract");
    struct decide_extension command = {.customer_id = order->customer_id,
        .request_id = asked.request->request_id,
        .staff_id = 42,
        .approve = true,
        .note = ""};
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_NOT_ELIGIBLE);
    assert_int_equal(contract_of(world, order)->state.extension_count, 0);
    /* The request stays: staff decide when the payment has ended. */
    database_script(world->database, "DELETE FROM live_collection");
    assert_int_equal(decide(world, command).outcome, DECIDE_EXTENSION_OK);
}

static void test_settling_withdraws_the_request(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "S1");
    shop_world_set_date(world, day_from_civil(2026, 4, 25));
    assert_int_equal(ask(world, right_request(world, order)).outcome, REQUEST_EXTENSION_OK);
    pay(world, order, contract_of(world, order)->stored->left);
    assert_int_equal(database_number(world->database, "SELECT state FROM extension_request"),
        EXTENSION_WITHDRAWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_world_set_up, shop_world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_reasons),
        TEST(test_request_refusals_in_order),
        TEST(test_decision_refusals_in_order),
        TEST(test_approval_moves_the_due_day_for_the_cost_shown),
        TEST(test_what_is_being_collected_is_not_extended),
        TEST(test_settling_withdraws_the_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
