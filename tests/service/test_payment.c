/*
 * test_payment.c: taking payments and what channels make of them. Refusals stand in the order of
 * their enums; every row runs over a real database.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "base/public_number.h"
#include "service/cancel_payment.h"
#include "service/receive_notification.h"
#include "service/refund_credit.h"
#include "service/settle_payment.h"

#include <string.h>

static struct channel_answer play_without_address(
    struct world *world, const struct channel_request *request) {
    (void)world;
    (void)request;
    return answer_of(CHANNEL_ACCEPTED);
}

static enum take_payment_outcome refused(struct world *world, struct take_payment command) {
    struct take_payment_answer answer = world_take(world, command);
    assert_null(answer.payment);
    assert_int_equal(world_live_count(world), 0);
    return answer.outcome;
}

static void test_refusals_in_order(void **state) {
    struct world *world = *state;
    int64_t stranger = 42;
    struct take_payment command = world_command(world);
    command.purpose.order_ids = &stranger;
    command.purpose.order_count = 1;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_ORDER_NOT_FOUND);

    command = world_command(world);
    command.purpose.kind = PURPOSE_OVERDUE;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_NOTHING_OWED);

    command = world_command(world);
    command.purpose.amount = money_fen(100);
    assert_int_equal(refused(world, command), TAKE_PAYMENT_AMOUNT_INVALID);
    command.purpose = (struct purpose){.kind = PURPOSE_SETTLE};
    assert_int_equal(refused(world, command), TAKE_PAYMENT_AMOUNT_INVALID);

    command.purpose = (struct purpose){.kind = PURPOSE_AMOUNT, .amount = money_fen(99)};
    assert_int_equal(refused(world, command), TAKE_PAYMENT_AMOUNT_TOO_SMALL);
    command.purpose.amount = money_add(world_left(world, world->contract_id), money_fen(1));
    command.expected = command.purpose.amount;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_AMOUNT_TOO_LARGE);

    command = world_command(world);
    command.expected = money_fen(1);
    assert_int_equal(refused(world, command), TAKE_PAYMENT_AMOUNT_CHANGED);

    command = world_command(world);
    command.funding_source_id = 42;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_FUNDING_SOURCE_NOT_FOUND);

    command = world_command(world);
    command.rails.mode = CHANNEL_MODE_LIVE; /* the card was bound in test: never mixed */
    assert_int_equal(refused(world, command), TAKE_PAYMENT_FUNDING_SOURCE_UNUSABLE);

    command = world_command(world);
    command.method = PAY_BY_CREDIT_BALANCE;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_BALANCE_INSUFFICIENT);

    command = world_command(world);
    command.rails.card = false;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_CHANNEL_UNAVAILABLE);
    command.method = PAY_BY_WECHAT_NATIVE;
    command.rails.wechat = false;
    assert_int_equal(refused(world, command), TAKE_PAYMENT_CHANNEL_UNAVAILABLE);
    world_check_books(world);
}

static void test_in_progress(void **state) {
    struct world *world = *state;
    assert_int_equal(world_take(world, world_command(world)).outcome, TAKE_PAYMENT_OK);
    assert_int_equal(world_live_count(world), 1);
    assert_int_equal(world_take(world, world_command(world)).outcome, TAKE_PAYMENT_IN_PROGRESS);
    /* In progress is said before the card is looked at, as documented. */
    struct take_payment command = world_command(world);
    command.funding_source_id = 42;
    assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_IN_PROGRESS);
}

static void test_card_pays_what_is_due(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    struct money before = world_left(world, world->contract_id);
    struct take_payment_answer taken = world_take(world, world_command(world));
    assert_int_equal(taken.payment->state, PAYMENT_CREATED);
    assert_int_equal(work_once(world), 1);
    assert_int_equal(world->operations[0], CHANNEL_DEBIT);
    struct payment payment = world_payment(world, taken.payment->payment_id);
    assert_int_equal(payment.state, PAYMENT_SUCCEEDED);
    assert_string_equal(payment.transaction_id, "T1");
    assert_null(payment.customer_ip);
    assert_int_equal(
        before.fen - world_left(world, world->contract_id).fen, taken.payment->amount.fen);
    assert_int_equal(world_live_count(world), 0);
    assert_int_equal(work_once(world), 0);
    struct take_payment again = world_command(world);
    assert_int_equal(world_take(world, again).outcome, TAKE_PAYMENT_NOTHING_OWED);
    world_check_books(world);
}

static void test_settle_closes_the_contract(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    struct take_payment command = world_command(world);
    command.purpose =
        (struct purpose){.kind = PURPOSE_SETTLE, .order_ids = &world->order_id, .order_count = 1};
    assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_OK);
    work_once(world);
    assert_int_equal(world_left(world, world->contract_id).fen, 0);
    assert_int_equal(world_balance(world).fen, 0);
    assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_NOTHING_TO_SETTLE);
    world_check_books(world);
}

static void test_unknown_is_asked_not_sent_again(void **state) {
    struct world *world = *state;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world); /* no channel: unknown */
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_UNKNOWN);
    assert_int_equal(world_live_count(world), 1);
    for (int i = 0; i < 3; i++) {
        world_wait(world, 60);
        assert_int_equal(work_once(world), 1);
    }
    for (size_t i = 1; i < world->asked; i++) {
        assert_int_equal(world->operations[i], CHANNEL_QUERY);
        assert_string_equal(world->numbers[i], world->numbers[0]);
    }
    world->channel = world_play;
    world_wait(world, 60);
    work_once(world);
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_SUCCEEDED);
    world_check_books(world);
}

static void test_absent_is_sent_under_the_same_number(void **state) {
    struct world *world = *state;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world);
    world->channel = world_play;
    world->answer_state = CHANNEL_ABSENT;
    world_wait(world, 60);
    work_once(world);
    world->answer_state = CHANNEL_SUCCEEDED;
    world_wait(world, 60);
    work_once(world);
    assert_int_equal(world->asked, 3);
    assert_int_equal(world->operations[1], CHANNEL_QUERY);
    assert_int_equal(world->operations[2], CHANNEL_DEBIT);
    assert_string_equal(world->numbers[2], world->numbers[0]);
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_SUCCEEDED);
}

static void test_failure_frees_the_instalments(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_NO_MONEY;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world);
    struct payment payment = world_payment(world, taken.payment->payment_id);
    assert_int_equal(payment.state, PAYMENT_FAILED);
    assert_int_equal(payment.failure, CHANNEL_FAILURE_NO_MONEY);
    assert_int_equal(world_live_count(world), 0);
    assert_int_equal(world_take(world, world_command(world)).outcome, TAKE_PAYMENT_OK);
    world->answer_failure = CHANNEL_FAILURE_CARD_DEAD;
    work_once(world);
    assert_int_equal(
        world_take(world, world_command(world)).outcome, TAKE_PAYMENT_FUNDING_SOURCE_UNUSABLE);
    world_check_books(world);
}

/* ---- answers beside the worker ---- */

static void test_late_money_is_credited_once(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_GATEWAY;
    struct take_payment_answer taken = world_take(world, world_command(world));
    int64_t id = taken.payment->payment_id;
    work_once(world);
    struct channel_answer paid = answer_of(CHANNEL_SUCCEEDED);
    paid.amount = taken.payment->amount;
    struct money left = world_left(world, world->contract_id);
    assert_int_equal(world_tell(world, id, paid), SETTLE_LATE_MONEY);
    assert_int_equal(world_tell(world, id, paid), SETTLE_NO_CHANGE);
    assert_int_equal(world_payment(world, id).state, PAYMENT_FAILED);
    assert_int_equal(world_balance(world).fen, paid.amount.fen);
    assert_int_equal(world_left(world, world->contract_id).fen, left.fen);
    world_check_books(world);
}

static void test_final_is_final(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    struct take_payment_answer taken = world_take(world, world_command(world));
    int64_t id = taken.payment->payment_id;
    work_once(world);
    struct channel_answer failed = answer_of(CHANNEL_FAILED), paid = answer_of(CHANNEL_SUCCEEDED);
    failed.failure = CHANNEL_FAILURE_NO_MONEY;
    paid.amount = taken.payment->amount;
    assert_int_equal(world_tell(world, id, failed), SETTLE_NO_CHANGE);
    assert_int_equal(world_tell(world, id, answer_of(CHANNEL_UNKNOWN)), SETTLE_NO_CHANGE);
    assert_int_equal(world_tell(world, id, paid), SETTLE_NO_CHANGE);
    assert_int_equal(world_payment(world, id).state, PAYMENT_SUCCEEDED);
    assert_int_equal(world_balance(world).fen, 0);
    world_check_books(world);
}

static void test_contract_paid_meanwhile(void **state) {
    struct world *world = *state;
    /* Two payments for different instalments; the second settles the contract first. */
    struct take_payment_answer due = world_take(world, world_command(world));
    struct channel_answer paid = answer_of(CHANNEL_SUCCEEDED);
    struct take_payment command = world_command(world);
    world_set_balance(world, money_fen(400000));
    command.method = PAY_BY_CREDIT_BALANCE;
    command.purpose =
        (struct purpose){.kind = PURPOSE_SETTLE, .order_ids = &world->order_id, .order_count = 1};
    assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_IN_PROGRESS);
    paid.amount = due.payment->amount;
    assert_int_equal(world_tell(world, due.payment->payment_id, paid), SETTLE_APPLIED);
    assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_OK);
    assert_int_equal(world_left(world, world->contract_id).fen, 0);
    world_check_books(world);
}

static void test_amount_over_two_contracts(void **state) {
    struct world *world = *state;
    int64_t other = world_add_contract(world, day_from_civil(2026, 1, 4), NULL);
    struct money first = world_left(world, world->contract_id), second = world_left(world, other);
    struct take_payment command = world_command(world);
    struct money due = world_quote(world, &command);
    command.purpose =
        (struct purpose){.kind = PURPOSE_AMOUNT, .amount = money_add(due, money_fen(12345))};
    world->channel = world_play;
    assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_OK);
    work_once(world);
    struct money paid = money_subtract(money_add(first, second),
        money_add(world_left(world, world->contract_id), world_left(world, other)));
    assert_int_equal(paid.fen, command.purpose.amount.fen);
    assert_int_equal(world_quote(world, &(struct take_payment){.customer_id = world->customer_id,
                                            .purpose = {.kind = PURPOSE_DUE}})
                         .fen,
        0);
    world_check_books(world);
}

static void test_credit_balance_pays_at_once(void **state) {
    struct world *world = *state;
    struct take_payment command = world_command(world);
    struct money due = world_quote(world, &command);
    world_set_balance(world, money_add(due, money_fen(5)));
    command.method = PAY_BY_CREDIT_BALANCE;
    struct take_payment_answer taken = world_take(world, command);
    assert_int_equal(taken.outcome, TAKE_PAYMENT_OK);
    assert_int_equal(taken.payment->state, PAYMENT_SUCCEEDED);
    assert_int_equal(world_balance(world).fen, 5);
    assert_int_equal(work_once(world), 0);
    world_check_books(world);
}

/* ---- WeChat: action, cancel, expiry ---- */

struct cancelling {
    int64_t customer_id, payment_id;
    enum cancel_payment_outcome outcome;
};

static enum status cancel_it(struct tx *tx, struct moment moment, void *context) {
    struct cancelling *cancelling = context;
    return cancel_payment(
        tx, moment, cancelling->customer_id, cancelling->payment_id, &cancelling->outcome);
}

static enum cancel_payment_outcome cancel(struct world *world, int64_t payment_id) {
    struct cancelling cancelling = {world->customer_id, payment_id, CANCEL_PAYMENT_OK};
    assert_int_equal(world_run(world, cancel_it, &cancelling), STATUS_OK);
    return cancelling.outcome;
}

static void test_cancel_refusals_in_order(void **state) {
    struct world *world = *state;
    assert_int_equal(cancel(world, 42), CANCEL_PAYMENT_NOT_FOUND);
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world); /* a debit on its way */
    assert_int_equal(cancel(world, taken.payment->payment_id), CANCEL_PAYMENT_NOT_CANCELLABLE);
}

static void test_cancel_before_it_was_sent(void **state) {
    struct world *world = *state;
    struct take_payment_answer taken = world_take(world, world_command(world));
    assert_int_equal(cancel(world, taken.payment->payment_id), CANCEL_PAYMENT_OK);
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_CANCELLED);
    assert_int_equal(world_live_count(world), 0);
    assert_int_equal(work_once(world), 0);
}

static int64_t open_order(struct world *world) {
    struct take_payment command = world_command(world);
    command.method = PAY_BY_WECHAT_NATIVE;
    world->channel = world_play;
    world->answer_state = CHANNEL_ACCEPTED;
    struct take_payment_answer taken = world_take(world, command);
    assert_int_equal(taken.outcome, TAKE_PAYMENT_OK);
    work_once(world);
    struct payment payment = world_payment(world, taken.payment->payment_id);
    assert_int_equal(payment.state, PAYMENT_SUBMITTED);
    assert_string_equal(payment.action_url, "weixin://x?pr=1");
    return payment.payment_id;
}

static void test_cancel_closes_first(void **state) {
    struct world *world = *state;
    int64_t id = open_order(world);
    assert_int_equal(cancel(world, id), CANCEL_PAYMENT_OK);
    assert_int_equal(world_payment(world, id).state, PAYMENT_SUBMITTED);
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_EXPIRED;
    work_once(world);
    assert_int_equal(world->operations[world->asked - 1], CHANNEL_QUERY);
    assert_int_equal(world_payment(world, id).state, PAYMENT_CANCELLED);
    assert_int_equal(world_live_count(world), 0);
}

static void test_paid_while_cancelling(void **state) {
    struct world *world = *state;
    int64_t id = open_order(world);
    assert_int_equal(cancel(world, id), CANCEL_PAYMENT_OK);
    struct channel_answer paid = answer_of(CHANNEL_SUCCEEDED);
    paid.amount = world_payment(world, id).amount;
    assert_int_equal(world_tell(world, id, paid), SETTLE_APPLIED);
    assert_int_equal(world_payment(world, id).state, PAYMENT_SUCCEEDED);
    world_check_books(world);
}

static void test_nobody_pays_in_time(void **state) {
    struct world *world = *state;
    int64_t id = open_order(world);
    world_wait(world, 16 * 60);
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_EXPIRED;
    work_once(world);
    struct payment payment = world_payment(world, id);
    assert_int_equal(payment.state, PAYMENT_FAILED);
    assert_int_equal(payment.failure, CHANNEL_FAILURE_EXPIRED);
    assert_int_equal(world_live_count(world), 0);
}

static void test_lost_address_is_told_again(void **state) {
    struct world *world = *state;
    struct take_payment command = world_command(world);
    command.method = PAY_BY_WECHAT_NATIVE;
    int64_t id = world_take(world, command).payment->payment_id;
    work_once(world); /* the answer to the order is lost */
    world->channel = play_without_address;
    world_wait(world, 5);
    work_once(world); /* it stands, and nobody knows its address */
    world->channel = world_play;
    world->answer_state = CHANNEL_ACCEPTED;
    world_wait(world, 5);
    work_once(world);
    assert_int_equal(world->operations[2], CHANNEL_ORDER_NATIVE);
    assert_string_equal(world->numbers[2], world->numbers[0]);
    assert_string_equal(world_payment(world, id).action_url, "weixin://x?pr=1");
}

/* ---- notifications ---- */

struct noticing {
    struct receive_notification command;
    enum receive_outcome outcome;
};

static enum status notice_it(struct tx *tx, struct moment moment, void *context) {
    struct noticing *noticing = context;
    enum status status = receive_notification(tx, moment, &noticing->command, &noticing->outcome);
    if (status == STATUS_OK && !receive_is_acknowledged(noticing->outcome))
        tx_refuse(tx);
    return status;
}

static enum receive_outcome notice(
    struct world *world, enum channel_kind kind, const struct channel_notice *notice) {
    struct noticing noticing = {
        .command = {.kind = kind, .mode = CHANNEL_MODE_TEST, .notice = notice}};
    assert_int_equal(world_run(world, notice_it, &noticing), STATUS_OK);
    return noticing.outcome;
}

static struct channel_notice notice_of(struct world *world, const struct payment *payment) {
    static char number[PUBLIC_NUMBER_SIZE];
    struct channel_notice made = {.verdict = CHANNEL_NOTICE_PAYMENT,
        .notice_id = "EV-1",
        .number =
            public_number_write(PUBLIC_PAYMENT, world->customer_id, payment->payment_id, number),
        .answer = answer_of(CHANNEL_SUCCEEDED),
        .why = ""};
    made.answer.amount = payment->amount;
    return made;
}

static void test_bad_notifications_change_nothing(void **state) {
    struct world *world = *state;
    int64_t id = open_order(world);
    struct payment payment = world_payment(world, id);
    struct money left = world_left(world, world->contract_id);
    static const enum channel_notice_verdict verdicts[] = {CHANNEL_NOTICE_MALFORMED,
        CHANNEL_NOTICE_FORGED, CHANNEL_NOTICE_STALE, CHANNEL_NOTICE_MISDIRECTED};
    struct channel_notice bad;
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        bad = notice_of(world, &payment);
        bad.verdict = verdicts[i];
        assert_int_equal(notice(world, CHANNEL_WECHAT, &bad), RECEIVE_REFUSED);
    }
    bad = notice_of(world, &payment);
    bad.verdict = CHANNEL_NOTICE_IGNORED;
    assert_int_equal(notice(world, CHANNEL_WECHAT, &bad), RECEIVE_IGNORED);
    bad = notice_of(world, &payment);
    bad.number = "P0000000000000000000000000XX";
    assert_int_equal(notice(world, CHANNEL_WECHAT, &bad), RECEIVE_UNKNOWN_NUMBER);
    bad = notice_of(world, &payment);
    assert_int_equal(notice(world, CHANNEL_CARD, &bad), RECEIVE_UNKNOWN_NUMBER);
    bad.answer.amount = money_subtract(payment.amount, money_fen(1));
    assert_int_equal(notice(world, CHANNEL_WECHAT, &bad), RECEIVE_WRONG_AMOUNT);
    assert_int_equal(world_payment(world, id).state, PAYMENT_SUBMITTED);
    assert_int_equal(world_left(world, world->contract_id).fen, left.fen);
    /* A refused one has not used up the number of the true one. */
    struct channel_notice good = notice_of(world, &payment);
    assert_int_equal(notice(world, CHANNEL_WECHAT, &good), RECEIVE_APPLIED);
    assert_int_equal(notice(world, CHANNEL_WECHAT, &good), RECEIVE_REPEATED);
    assert_int_equal(world_payment(world, id).state, PAYMENT_SUCCEEDED);
    assert_int_equal(left.fen - world_left(world, world->contract_id).fen, payment.amount.fen);
    world_check_books(world);
}

/* ---- what channels get wrong ---- */

static long long number_of(struct world *world, const char *query) {
    return database_number(world->database, query);
}

static struct take_payment by_wechat(struct world *world) {
    struct take_payment command = world_command(world);
    command.method = PAY_BY_WECHAT_NATIVE;
    return command;
}

/* Orders stand; what is asked about has been paid with a fen too little. */
static struct channel_answer a_fen_short(
    struct world *world, const struct channel_request *request) {
    struct channel_answer answer = world_play(world, request);
    if (request->operation == CHANNEL_QUERY) {
        answer = answer_of(CHANNEL_SUCCEEDED);
        answer.amount = money_subtract(request->amount, money_fen(1));
    }
    return answer;
}

static void test_wrong_amount_is_written_down_once(void **state) {
    struct world *world = *state;
    world->channel = a_fen_short;
    world->answer_state = CHANNEL_ACCEPTED;
    struct money left = world_left(world, world->contract_id);
    struct take_payment_answer taken = world_take(world, by_wechat(world));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(work_once(world), 1);
        world_wait(world, 60);
    }
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_SUBMITTED);
    assert_int_equal(number_of(world, "SELECT count(*) FROM audit"), 1);
    assert_int_equal(
        number_of(world, "SELECT count(*) FROM payment WHERE detail LIKE '%wrong_amount%' AND "
                         "detail NOT LIKE '%wrong_amount%wrong_amount%'"),
        1);
    assert_int_equal(world_live_count(world), 1);
    assert_int_equal(world_left(world, world->contract_id).fen, left.fen);
    world_check_books(world);
}

static void test_seen_again_is_not_sent_again(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    world->answer_state = CHANNEL_PROCESSING;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world);
    world->answer_state = CHANNEL_ABSENT; /* that query was answered by a part that lags behind */
    world_wait(world, 60);
    work_once(world);
    world->answer_state = CHANNEL_PROCESSING;
    world_tell(world, taken.payment->payment_id, answer_of(CHANNEL_PROCESSING));
    world_wait(world, 60);
    work_once(world);
    assert_int_equal(world->operations[world->asked - 1], CHANNEL_QUERY);
}

static void test_unknown_is_told_once(void **state) {
    struct world *world = *state;
    struct take_payment_answer taken = world_take(world, world_command(world));
    for (int i = 0; i < 3; i++) {
        world_tell(world, taken.payment->payment_id, answer_of(CHANNEL_UNKNOWN));
        world_tell(world, taken.payment->payment_id, answer_of(CHANNEL_PROCESSING));
    }
    assert_int_equal(
        number_of(world, "SELECT count(*) FROM notice WHERE kind = 'payment_unknown'"), 1);
}

static enum status save_as_failed(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct payment *payment = context;
    payment->state = PAYMENT_FAILED;
    return payment_save(tx, payment);
}

static void test_the_store_keeps_final_states(void **state) {
    struct world *world = *state;
    world->channel = world_play;
    struct take_payment_answer taken = world_take(world, world_command(world));
    work_once(world);
    struct payment payment = world_payment(world, taken.payment->payment_id);
    assert_int_equal(world_run(world, save_as_failed, &payment), STATUS_CORRUPT);
    assert_int_equal(world_payment(world, taken.payment->payment_id).state, PAYMENT_SUCCEEDED);
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_refusals_in_order),
        IN_WORLD(test_in_progress),
        IN_WORLD(test_card_pays_what_is_due),
        IN_WORLD(test_settle_closes_the_contract),
        IN_WORLD(test_unknown_is_asked_not_sent_again),
        IN_WORLD(test_absent_is_sent_under_the_same_number),
        IN_WORLD(test_failure_frees_the_instalments),
        IN_WORLD(test_late_money_is_credited_once),
        IN_WORLD(test_final_is_final),
        IN_WORLD(test_contract_paid_meanwhile),
        IN_WORLD(test_amount_over_two_contracts),
        IN_WORLD(test_credit_balance_pays_at_once),
        IN_WORLD(test_cancel_refusals_in_order),
        IN_WORLD(test_cancel_before_it_was_sent),
        IN_WORLD(test_cancel_closes_first),
        IN_WORLD(test_paid_while_cancelling),
        IN_WORLD(test_nobody_pays_in_time),
        IN_WORLD(test_lost_address_is_told_again),
        IN_WORLD(test_bad_notifications_change_nothing),
        IN_WORLD(test_wrong_amount_is_written_down_once),
        IN_WORLD(test_seen_again_is_not_sent_again),
        IN_WORLD(test_unknown_is_told_once),
        IN_WORLD(test_the_store_keeps_final_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
