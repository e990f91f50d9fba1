/*
 * test_refund_credit.c: money of the credit balance goes back, and `fenqi verify` over every kind
 * of payment's life. Refusals stand in the order of their enums.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "base/public_number.h"
#include "service/cancel_payment.h"
#include "service/receive_notification.h"
#include "service/refund_credit.h"
#include "service/settle_payment.h"

#include <string.h>

/* ---- refunds of the balance ---- */

struct refunding {
    struct refund_credit command;
    struct refund_credit_answer answer;
};

static enum status refund_it(struct tx *tx, struct moment moment, void *context) {
    struct refunding *refunding = context;
    enum status status = refund_credit(tx, moment, &refunding->command, &refunding->answer);
    if (status == STATUS_OK && refunding->answer.outcome != REFUND_CREDIT_OK)
        tx_refuse(tx);
    return status;
}

static struct refund_credit_answer refund(struct world *world, int64_t fen, bool card) {
    struct refunding refunding = {
        .command = {world->customer_id, {CHANNEL_MODE_TEST, card, card}, money_fen(fen)}};
    assert_int_equal(world_run(world, refund_it, &refunding), STATUS_OK);
    return refunding.answer;
}

static void test_refund_refusals_in_order(void **state) {
    struct world *world = *state;
    assert_int_equal(refund(world, 0, true).outcome, REFUND_CREDIT_AMOUNT_INVALID);
    assert_int_equal(refund(world, 100, true).outcome, REFUND_CREDIT_BALANCE_INSUFFICIENT);
    world_set_balance(world, money_fen(100));
    assert_int_equal(refund(world, 100, true).outcome, REFUND_CREDIT_NOT_POSSIBLE);
    world->channel = world_play;
    world_take(world, world_command(world));
    work_once(world);
    assert_int_equal(refund(world, 100, false).outcome, REFUND_CREDIT_CHANNEL_UNAVAILABLE);
    world_check_books(world);
}

static void test_refund_goes_back(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world);
    world_set_balance(world, money_fen(100));
    struct refund_credit_answer given = refund(world, 60, true);
    assert_int_equal(given.outcome, REFUND_CREDIT_OK);
    assert_int_equal(world_balance(world).fen, 40);
    work_once(world);
    assert_int_equal(world->operations[world->asked - 1], CHANNEL_REFUND);
    assert_int_equal(world_payment(world, given.refund->payment_id).state, PAYMENT_SUCCEEDED);
    assert_int_equal(world_payment(world, taken.payment->payment_id).refunded.fen, 60);
    /* A refused one comes back to the balance. */
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_REJECTED;
    given = refund(world, 40, true);
    assert_int_equal(world_balance(world).fen, 0);
    work_once(world);
    assert_int_equal(world_payment(world, given.refund->payment_id).state, PAYMENT_FAILED);
    assert_int_equal(world_balance(world).fen, 40);
    assert_int_equal(world_payment(world, taken.payment->payment_id).refunded.fen, 60);
    world_check_books(world);
}

static void test_late_money_goes_back(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_GATEWAY;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world);
    struct channel_answer paid = answer_of(CHANNEL_SUCCEEDED);
    paid.amount = taken.payment->amount;
    assert_int_equal(world_tell(world, taken.payment->payment_id, paid), SETTLE_LATE_MONEY);
    world->answer_state = CHANNEL_SUCCEEDED;
    assert_int_equal(refund(world, paid.amount.fen, true).outcome, REFUND_CREDIT_OK);
    work_once(world);
    assert_int_equal(world_balance(world).fen, 0);
    assert_int_equal(refund(world, 1, true).outcome, REFUND_CREDIT_BALANCE_INSUFFICIENT);
    world_check_books(world);
}

/* ---- fenqi verify ---- */

/* One of each: paid by card, from the balance, failed, late, refunded, on its way. */
static void live_a_life(struct world *world) {
    world->channel = world_play;
    assert_int_equal(world_take(world, world_command(world)).outcome, TAKE_PAYMENT_OK);
    work_once(world);
    struct take_payment some = world_command(world);
    some.purpose = (struct purpose){.kind = PURPOSE_AMOUNT, .amount = money_fen(5000)};
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_GATEWAY;
    struct take_payment_answer late = world_take(world, some);
    work_once(world);
    struct channel_answer paid = answer_of(CHANNEL_SUCCEEDED);
    paid.amount = money_fen(5000);
    assert_int_equal(world_tell(world, late.payment->payment_id, paid), SETTLE_LATE_MONEY);
    some.method = PAY_BY_CREDIT_BALANCE;
    some.purpose.amount = money_fen(1000);
    assert_int_equal(world_take(world, some).outcome, TAKE_PAYMENT_OK);
    assert_int_equal(refund(world, 300, true).outcome, REFUND_CREDIT_OK);
    work_once(world); /* refused: back to the balance */
    world->answer_state = CHANNEL_SUCCEEDED;
    assert_int_equal(refund(world, 200, true).outcome, REFUND_CREDIT_OK);
    work_once(world);
    assert_int_equal(refund(world, 100, true).outcome, REFUND_CREDIT_OK);
    some.method = PAY_BY_BANK_CARD;
    some.purpose.amount = money_fen(700);
    assert_int_equal(world_take(world, some).outcome, TAKE_PAYMENT_OK);
}

static void test_verify_finds_no_fault_with_what_happens(void **state) {
    struct world *world = *state;
    assert_int_equal(world_verify(world).differences, 0);
    live_a_life(world);
    assert_int_equal(world_verify(world).differences, 0);
    for (int i = 0; i < 3; i++) {
        world_wait(world, 60);
        work_once(world);
    }
    assert_int_equal(world_verify(world).differences, 0);
    world_check_books(world);
}

static void test_verify_finds_what_is_planted(void **state) {
    struct world *world = *state;
    live_a_life(world);
    assert_int_equal(world_verify(world).differences, 0);
    static const struct {
        const char *plant, *mend;
    } corruptions[] = {
        /* a success that the contract and the journal do not know */
        {"UPDATE payment SET state = 3 WHERE state = 1 AND entry = 1",
            "UPDATE payment SET state = 1 WHERE state = 3 AND live = 1 AND entry = 1"},
        /* a success that is said to have failed, though its money is booked */
        {"UPDATE payment SET state = 4 WHERE state = 3 AND entry = 1 AND method = 1",
            "UPDATE payment SET state = 3 WHERE state = 4 AND excess_fen = 0 AND entry = 1"},
        {"UPDATE payment SET amount_fen = amount_fen + 1 WHERE method = 4",
            "UPDATE payment SET amount_fen = amount_fen - 1 WHERE method = 4"},
        /* a part of another amount: a digit more */
        {"UPDATE payment SET detail = replace(detail, '\"fen\":', '\"fen\":1') WHERE detail LIKE "
         "'%\"event\":2}%'",
            "UPDATE payment SET detail = replace(detail, '\"fen\":1', '\"fen\":') WHERE detail "
            "LIKE "
            "'%\"event\":2}%'"},
        /* booked twice: two parts are the same event */
        {"UPDATE payment SET detail = replace(detail, '\"event\":3}', '\"event\":2}')",
            "UPDATE payment SET detail = replace(detail, '\"event\":2}', '\"event\":3}') WHERE "
            "detail LIKE '%\"fen\":1000,%'"},
        /* late money that went nowhere */
        {"UPDATE payment SET excess_fen = 0 WHERE excess_fen = 5000",
            "UPDATE payment SET excess_fen = 5000 WHERE amount_fen = 5000"},
        {"INSERT INTO live_collection SELECT p.customer_id, c.contract_id, 60, p.payment_id FROM "
         "payment p JOIN contract c ON c.customer_id = p.customer_id WHERE p.detail LIKE "
         "'%\"event\":2}%'",
            "DELETE FROM live_collection WHERE instalment = 60"},
        {"UPDATE live_collection SET payment_id = payment_id + 1",
            "UPDATE live_collection SET payment_id = payment_id - 1"},
        {"INSERT INTO credit_balance SELECT 42, 1, 0, hash FROM journal_entry "
         "WHERE number = 2 LIMIT 1",
            "DELETE FROM credit_balance WHERE customer_id = 42"},
        {"UPDATE journal_entry SET source_id = source_id + 1 WHERE number = 2",
            "UPDATE journal_entry SET source_id = source_id - 1 WHERE number = 2"},
    };
    for (size_t i = 0; i < sizeof corruptions / sizeof corruptions[0]; i++) {
        database_script(world->database, corruptions[i].plant);
        if (world_verify(world).differences == 0)
            fail_msg("not found: %s", corruptions[i].plant);
        database_script(world->database, corruptions[i].mend);
        if (world_verify(world).differences != 0)
            fail_msg("not mended: %s", corruptions[i].mend);
    }
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_refund_refusals_in_order),
        IN_WORLD(test_refund_goes_back),
        IN_WORLD(test_late_money_goes_back),
        IN_WORLD(test_verify_finds_no_fault_with_what_happens),
        IN_WORLD(test_verify_finds_what_is_planted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
