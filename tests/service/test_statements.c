/*
 * test_statements.c: how many statements a repayment costs. What a unit runs decides the speed of
 * the store, so a number that grows here is a decision and not an accident.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

static enum status nothing(struct tx *tx, void *context) {
    (void)tx;
    (void)context;
    return STATUS_OK;
}

/*
 * Statements of the store since it was opened. They are counted behind a batch: a unit without any
 * comes after what was counted.
 */
static int64_t statements(struct world *world) {
    struct fault fault;
    assert_int_equal(
        store_run(world->database->store, world->customer_id, NULL, nothing, NULL, &fault),
        STATUS_OK);
    return store_counters(world->database->store).statements;
}

static int64_t rounds(struct world *world) {
    return store_counters(world->database->store).rounds;
}

static struct take_payment_answer take_counted(
    struct world *world, struct take_payment command, int64_t *count) {
    command.expected = world_quote(world, &command);
    int64_t before = statements(world), rounds_before = rounds(world);
    struct take_payment_answer answer = world_take(world, command);
    *count = statements(world) - before;
    /* round trips: the business date, what was foreseen, the order, the writes with COMMIT */
    assert_int_equal(rounds(world) - rounds_before, database_is_postgres() ? 4 : 0);
    assert_int_equal(answer.outcome, TAKE_PAYMENT_OK);
    return answer;
}

static void test_a_payment_from_the_balance(void **state) {
    struct world *world = *state;
    world_set_balance(world, money_fen(90000));
    struct take_payment command = world_command(world);
    command.method = PAY_BY_CREDIT_BALANCE;
    command.purpose = (struct purpose){.kind = PURPOSE_AMOUNT, .amount = money_fen(1000)};
    int64_t count;
    struct take_payment_answer answer = take_counted(world, command, &count);
    assert_int_equal(answer.payment->state, PAYMENT_SUCCEEDED);
    /* reads: business date, contracts, order, who collects, balance (to refuse, then to book), last
       number; writes: event, entry, contract, balance, payment, notice and two things for screens
     */
    assert_int_equal(count, 15);
    world_check_books(world);
}

static void test_a_payment_through_a_channel(void **state) {
    struct world *world = *state;
    int64_t count;
    struct take_payment_answer answer = take_counted(world, world_command(world), &count);
    /* reads: business date, contracts, order, who collects, card, last number; writes: payment,
       instalment taken, outbox, for screens */
    assert_int_equal(count, 10);
    struct channel_answer paid = answer_of(CHANNEL_SUCCEEDED);
    paid.amount = answer.payment->amount;
    paid.transaction_id = "4200000000000001";
    int64_t before = statements(world);
    assert_int_equal(world_tell(world, answer.payment->payment_id, paid), SETTLE_APPLIED);
    /* reads: business date, payment, contract, last number, order, card; writes: event, entry,
       contract, payment, instalment free, notice and two things for screens */
    assert_int_equal(statements(world) - before, 14);
    assert_int_equal(world_live_count(world), 0);
    world_check_books(world);
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_a_payment_from_the_balance),
        IN_WORLD(test_a_payment_through_a_channel),
    };
    return cmocka_run_group_tests_name("service_statements", tests, NULL, NULL);
}
