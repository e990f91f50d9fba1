/*
 * test_bank_card.c: binding, confirming, testing and removing bank cards. Refusals stand in the
 * order of their enums.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "service/bind_card.h"
#include "store/outbox.h"

#include <string.h>

static const char card_number[] = "6222020000000000000"; /* made up; right check digit */
static const char identity[] = "11010519491231002X";     /* the standard's own example */

/* ---- binding ---- */

struct binding {
    struct bind_card command;
    struct bind_card_answer answer;
};

static enum status bind_it(struct tx *tx, struct moment moment, void *context) {
    struct binding *binding = context;
    enum status status = bind_card(tx, moment, &binding->command, &binding->answer);
    if (status == STATUS_OK && binding->answer.outcome != BIND_CARD_OK)
        tx_refuse(tx);
    return status;
}

static struct bind_card command_of(struct world *world) {
    return (struct bind_card){
        .customer_id = world->customer_id,
        .vault = &world->vault,
        .rails = world->rails,
        .card_number = card_number,
        .name = "张三",
        .identity_number = identity,
        .phone = "19900000001",
    };
}

static struct bind_card_answer bind(struct world *world, struct bind_card command) {
    struct binding binding = {.command = command};
    assert_int_equal(world_run(world, bind_it, &binding), STATUS_OK);
    return binding.answer;
}

struct confirming {
    struct world *world;
    int64_t id;
    const char *code;
    enum confirm_card_outcome outcome;
};

static enum status confirm_it(struct tx *tx, struct moment moment, void *context) {
    struct confirming *confirming = context;
    return confirm_card(tx, moment, &confirming->world->vault, confirming->world->customer_id,
        confirming->id, confirming->code, &confirming->outcome);
}

static enum confirm_card_outcome confirm(struct world *world, int64_t id) {
    struct confirming confirming = {world, id, "123456", CONFIRM_CARD_OK};
    assert_int_equal(world_run(world, confirm_it, &confirming), STATUS_OK);
    return confirming.outcome;
}

struct unbinding {
    int64_t customer_id, id;
    enum unbind_card_outcome outcome;
};

static enum status unbind_it(struct tx *tx, struct moment moment, void *context) {
    struct unbinding *unbinding = context;
    return unbind_card(tx, moment, unbinding->customer_id, unbinding->id, &unbinding->outcome);
}

static enum unbind_card_outcome unbind(struct world *world, int64_t id) {
    struct unbinding unbinding = {world->customer_id, id, UNBIND_CARD_OK};
    assert_int_equal(world_run(world, unbind_it, &unbinding), STATUS_OK);
    return unbinding.outcome;
}

struct looking {
    int64_t customer_id, id;
    struct funding_source *source;
};

static enum status look_at(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct looking *looking = context;
    return funding_source_load(tx, looking->customer_id, looking->id, &looking->source);
}

static struct funding_source source_of(struct world *world, int64_t id) {
    struct looking looking = {world->customer_id, id, NULL};
    assert_int_equal(world_run(world, look_at, &looking), STATUS_OK);
    assert_non_null(looking.source);
    return *looking.source;
}

/* The bank: sends the SMS, confirms, and sees the card's data in clear only in these requests. */
static struct channel_answer bank(struct world *world, const struct channel_request *request) {
    struct channel_answer answer = answer_of(world->answer_state);
    answer.failure = world->answer_failure;
    if (request->operation == CHANNEL_BIND_START && answer.state == CHANNEL_SUCCEEDED) {
        assert_string_equal(request->card_number, card_number);
        assert_string_equal(request->identity_number, identity);
        answer.state = CHANNEL_ACCEPTED;
        answer.bind_ref = "UC-1";
    }
    if (request->operation == CHANNEL_BIND_CONFIRM) {
        assert_string_equal(request->bind_ref, "UC-1");
        assert_string_equal(request->sms_code, "123456");
        answer.protocol_no = "PN-1";
    }
    if (request->operation == CHANNEL_BIND_QUERY)
        answer.protocol_no = "PN-2";
    if (request->operation == CHANNEL_DEBIT)
        answer.amount = request->amount;
    return answer;
}

static int64_t removed_id;

/* The customer removes the card while the confirmation is at the bank. */
static struct channel_answer bank_while_removed(
    struct world *world, const struct channel_request *request) {
    if (request->operation == CHANNEL_BIND_CONFIRM)
        assert_int_equal(unbind(world, removed_id), UNBIND_CARD_OK);
    return bank(world, request);
}

static void test_bind_refusals_in_order(void **state) {
    struct world *world = *state;
    struct bind_card command = command_of(world);
    command.card_number = "6222020000000000001";
    assert_int_equal(bind(world, command).outcome, BIND_CARD_NUMBER_INVALID);
    command.card_number = "5200000000000007";
    assert_int_equal(bind(world, command).outcome, BIND_CARD_NOT_SUPPORTED);
    command = command_of(world);
    command.identity_number = "110105194912310021";
    assert_int_equal(bind(world, command).outcome, BIND_CARD_IDENTITY_INVALID);
    command = command_of(world);
    command.name = "李四";
    assert_int_equal(bind(world, command).outcome, BIND_CARD_NAME_MISMATCH);
    command = command_of(world);
    command.rails.card = false;
    assert_int_equal(bind(world, command).outcome, BIND_CARD_CHANNEL_UNAVAILABLE);
    assert_int_equal(bind(world, command_of(world)).outcome, BIND_CARD_OK);
    assert_int_equal(bind(world, command_of(world)).outcome, BIND_CARD_CODE_TOO_SOON);
}

static void test_bind_and_confirm(void **state) {
    struct world *world = *state;
    world->channel = bank;
    struct bind_card_answer bound = bind(world, command_of(world));
    assert_int_equal(bound.outcome, BIND_CARD_OK);
    int64_t id = bound.source->funding_source_id;
    assert_int_equal(confirm(world, id), CONFIRM_CARD_CHANNEL_UNAVAILABLE);
    work_once(world);
    assert_int_equal(source_of(world, id).bind_state, BIND_CODE_SENT);
    assert_int_equal(confirm(world, id), CONFIRM_CARD_OK);
    assert_int_equal(confirm(world, id), CONFIRM_CARD_ALREADY);
    work_once(world);
    struct funding_source source = source_of(world, id);
    assert_int_equal(source.state, FUNDING_SOURCE_ACTIVE);
    assert_string_equal(source.tail, "0000");
    assert_string_equal(source.bank_code, "ICBC");
    assert_int_equal(source.card_sealed.length, 0); /* forgotten as soon as it is decided */
    assert_int_equal(bind(world, command_of(world)).outcome, BIND_CARD_ALREADY_BOUND);
    /* A lost answer: asked whether the agreement stands, not confirmed again. */
    assert_int_equal(world->asked, 2);
}

static void test_confirm_refusals_in_order(void **state) {
    struct world *world = *state;
    world->channel = bank;
    assert_int_equal(confirm(world, 42), CONFIRM_CARD_NOT_FOUND);
    int64_t id = bind(world, command_of(world)).source->funding_source_id;
    work_once(world);
    world->answer_state = CHANNEL_FAILED;
    world->answer_failure = CHANNEL_FAILURE_CODE_WRONG;
    for (int i = 0; i < CODE_WRONG_MOST; i++) {
        assert_int_equal(confirm(world, id), CONFIRM_CARD_OK);
        work_once(world);
        assert_int_equal(source_of(world, id).failure, CHANNEL_FAILURE_CODE_WRONG);
    }
    assert_int_equal(confirm(world, id), CONFIRM_CARD_CODE_LOCKED);
    world_wait(world, CODE_RESEND_AFTER_S);
    world->answer_state = CHANNEL_SUCCEEDED;
    assert_int_equal(bind(world, command_of(world)).outcome, BIND_CARD_OK);
    work_once(world);
    world_wait(world, CODE_LIFETIME_S + 1);
    assert_int_equal(confirm(world, id), CONFIRM_CARD_CODE_EXPIRED);
}

static void test_lost_confirmation_is_asked_about(void **state) {
    struct world *world = *state;
    world->channel = bank;
    int64_t id = bind(world, command_of(world)).source->funding_source_id;
    work_once(world);
    assert_int_equal(confirm(world, id), CONFIRM_CARD_OK);
    world->answer_state = CHANNEL_UNKNOWN;
    work_once(world);
    assert_int_equal(source_of(world, id).bind_state, BIND_CONFIRMING);
    world->answer_state = CHANNEL_SUCCEEDED;
    world_wait(world, 10);
    work_once(world);
    assert_int_equal(world->operations[world->asked - 1], CHANNEL_BIND_QUERY);
    assert_int_equal(source_of(world, id).state, FUNDING_SOURCE_ACTIVE);
}

/* ---- a worker that was too slow ---- */

struct late {
    struct world *world;
    const struct outbox_item *item;
    struct channel_task task;
    struct channel_answer answer;
};

static enum status take_one(struct tx *tx, void *context) {
    return outbox_take(tx, OUTBOX_CHANNEL, tx_now(tx), 60, 1, context);
}

static enum status prepare_late(struct tx *tx, struct moment moment, void *context) {
    struct late *late = context;
    return prepare_channel_task(tx, moment, &late->world->vault, late->item, &late->task);
}

static enum status finish_late(struct tx *tx, struct moment moment, void *context) {
    struct late *late = context;
    return finish_channel_task(
        tx, moment, &late->world->vault, late->item, &late->task, &late->answer);
}

static void test_answer_of_a_lost_lease_is_void(void **state) {
    struct world *world = *state;
    world->channel = bank;
    int64_t id = bind(world, command_of(world)).source->funding_source_id;
    struct outbox_batch batch = {0};
    run_ok(world->database, take_one, &batch);
    assert_int_equal(batch.count, 1);
    struct late late = {.world = world, .item = &batch.items[0]};
    assert_int_equal(world_run(world, prepare_late, &late), STATUS_OK);
    world_wait(world, 61); /* the lease ends; another worker does it all */
    work_once(world);
    assert_int_equal(confirm(world, id), CONFIRM_CARD_OK);
    work_once(world);
    assert_int_equal(source_of(world, id).state, FUNDING_SOURCE_ACTIVE);
    late.answer = answer_of(CHANNEL_FAILED);
    late.answer.failure = CHANNEL_FAILURE_IDENTITY;
    assert_int_equal(world_run(world, finish_late, &late), STATUS_OK);
    struct funding_source source = source_of(world, id);
    assert_int_equal(source.bind_state, BIND_DONE);
    assert_int_equal(source.failure, CHANNEL_FAILURE_NONE);
}

static void test_removed_while_the_bank_confirms(void **state) {
    struct world *world = *state;
    world->channel = bank_while_removed;
    int64_t id = removed_id = bind(world, command_of(world)).source->funding_source_id;
    work_once(world);
    assert_int_equal(confirm(world, id), CONFIRM_CARD_OK);
    work_once(world); /* the customer takes the card away before the bank has answered */
    assert_int_equal(source_of(world, id).state, FUNDING_SOURCE_REMOVED);
    work_once(world);
    assert_int_equal(world->operations[world->asked - 1], CHANNEL_UNBIND);
    assert_int_equal(source_of(world, id).state, FUNDING_SOURCE_REMOVED);
    assert_int_equal(source_of(world, id).protocol_sealed.length, 0);
}

/* ---- the test of a source ---- */

struct testing {
    int64_t customer_id, id;
    struct autopay_test test;
    enum test_debit_outcome outcome;
};

static enum status test_it(struct tx *tx, struct moment moment, void *context) {
    struct testing *testing = context;
    return test_debit(
        tx, moment, testing->customer_id, testing->id, &testing->test, &testing->outcome);
}

static enum test_debit_outcome test_source(struct world *world, int64_t id) {
    struct testing testing = {.customer_id = world->customer_id, .id = id};
    assert_int_equal(world_run(world, test_it, &testing), STATUS_OK);
    return testing.outcome;
}

static void test_test_refusals_in_order(void **state) {
    struct world *world = *state;
    world->channel = bank;
    assert_int_equal(test_source(world, 42), TEST_DEBIT_NOT_FOUND);
    assert_int_equal(test_source(world, 0), TEST_DEBIT_OK);
    assert_int_equal(test_source(world, 0), TEST_DEBIT_TOO_SOON);
    assert_int_equal(test_source(world, world->card_id), TEST_DEBIT_OK);
    world->answer_state = CHANNEL_ABSENT; /* the bank knows no such agreement */
    work_once(world);
    assert_int_equal(source_of(world, world->card_id).failure, CHANNEL_FAILURE_MANDATE_GONE);
    world_wait(world, 60);
    assert_int_equal(test_source(world, world->card_id), TEST_DEBIT_UNUSABLE);
}

#define IN_WORLD(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_bind_refusals_in_order),
        IN_WORLD(test_bind_and_confirm),
        IN_WORLD(test_confirm_refusals_in_order),
        IN_WORLD(test_lost_confirmation_is_asked_about),
        IN_WORLD(test_removed_while_the_bank_confirms),
        IN_WORLD(test_answer_of_a_lost_lease_is_void),
        IN_WORLD(test_test_refusals_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
