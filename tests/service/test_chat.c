/* test_chat.c: a customer and staff talk over a real database. */
#include "../conformance/units.h"
#include "../unit/cmocka_include.h"

#include "service/chat.h"
#include "service/find_or_create_customer.h"
#include "store/event_log.h"

#include <stdio.h>
#include <string.h>

struct world {
    struct database *database;
    struct vault vault;
    struct moment moment;
    int64_t customer_id;
};

struct step {
    struct world *world;
    struct send_chat_message command;
    struct send_chat_answer sent;
    int64_t staff_id;
    int64_t number;
    enum chat_sender by;
    bool found;
    bool with_notes;
    struct chat_window window;
    struct chat_line *lines;
    size_t count;
    bool earlier;
    struct conversation conversation;
    int64_t log;
    struct log_event *events;
};

static enum status customer_unit(struct tx *tx, void *context) {
    struct world *world = context;
    struct customer customer;
    enum status status = find_or_create_customer(
        tx, world->moment, &world->vault, "19900000001", "王小明", &customer);
    world->customer_id = customer.customer_id;
    return status;
}

static int setup(void **state) {
    static struct world world;
    assert_true(vault_library_start());
    memset(&world, 0, sizeof world);
    world.database = database_create(&(struct store_options){0});
    world.moment.now = (struct instant){INT64_C(1790000000) * US_PER_SECOND};
    world.moment.business_date = instant_to_day(world.moment.now, ZONE_SHANGHAI);
    run_ok(world.database, customer_unit, &world);
    *state = &world;
    return 0;
}

static int teardown(void **state) {
    struct world *world = *state;
    database_destroy(world->database);
    return 0;
}

static enum status send_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return send_chat_message(
        tx, step->world->moment, &step->world->vault, &step->command, &step->sent);
}

static struct send_chat_answer say(struct world *world, enum chat_sender sender,
    const char *client_id, const char *text, bool note) {
    struct step step = {.world = world,
        .command = {.customer_id = world->customer_id,
            .sender = sender,
            .staff_id = sender == CHAT_STAFF ? 77 : 0,
            .staff_name = sender == CHAT_STAFF ? "李娜" : NULL,
            .client_id = client_id,
            .text = text,
            .note = note}};
    run_ok(world->database, send_unit, &step);
    return step.sent;
}

static enum status conversation_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return conversation_load(tx, step->world->customer_id, &step->conversation);
}

static struct conversation now_is(struct world *world) {
    struct step step = {.world = world};
    read_ok(world->database, conversation_unit, &step);
    return step.conversation;
}

static enum status lines_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return load_chat_lines(tx, &step->world->vault, step->world->customer_id, step->window,
        step->with_notes, &step->lines, &step->count, &step->earlier);
}

static enum status events_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return event_log_read(tx, step->log, 0, 100, &step->events, &step->count);
}

static void test_the_same_message_is_stored_once(void **state) {
    struct world *world = *state;
    struct send_chat_answer first = say(world, CHAT_CUSTOMER, "c-000001", "你好", false);
    struct send_chat_answer again = say(world, CHAT_CUSTOMER, "c-000001", "你好", false);
    assert_int_equal(again.outcome, SEND_CHAT_OK);
    assert_int_equal(again.line.number, first.line.number);
    assert_string_equal(again.line.text, "你好");
    assert_int_equal(
        say(world, CHAT_CUSTOMER, "c-000001", "别的", false).outcome, SEND_CHAT_CONFLICT);
    assert_int_equal(database_number(world->database, "SELECT COUNT(*) FROM chat_message"), 1);
}

static void test_states_follow_the_messages(void **state) {
    struct world *world = *state;
    assert_int_equal(now_is(world).state, CONVERSATION_NONE);
    say(world, CHAT_CUSTOMER, "c-000001", "有人吗", false);
    assert_int_equal(now_is(world).state, CONVERSATION_WAITING);
    say(world, CHAT_STAFF, "s-000001", "只给同事看", true);
    assert_int_equal(now_is(world).state, CONVERSATION_WAITING);
    say(world, CHAT_STAFF, "s-000002", "在的", false);
    struct conversation conversation = now_is(world);
    assert_int_equal(conversation.state, CONVERSATION_ASSIGNED);
    assert_int_equal(conversation.staff_id, 77);
    assert_int_equal(conversation.waiting_since.us, 0);
}

static void test_notes_stay_with_staff(void **state) {
    struct world *world = *state;
    say(world, CHAT_CUSTOMER, "c-000001", "你好", false);
    int64_t note = say(world, CHAT_STAFF, "s-000001", "客户很急", true).line.number;
    struct step step = {.world = world, .window = {.latest = true}};
    read_ok(world->database, lines_unit, &step);
    assert_int_equal(step.count, 1);
    step.with_notes = true;
    read_ok(world->database, lines_unit, &step);
    assert_int_equal(step.count, 2);
    assert_string_equal(step.lines[1].text, "客户很急");
    struct step log = {.world = world, .log = world->customer_id};
    read_ok(world->database, events_unit, &log);
    for (size_t i = 0; i < log.count; i++)
        assert_null(strstr(log.events[i].payload, "客户很急"));
    /* The note keeps its number, though the customer's log shows nothing there. */
    assert_int_equal(say(world, CHAT_CUSTOMER, "c-000002", "在吗", false).line.number, note + 1);
    log.log = EVENT_LOG_STAFF;
    read_ok(world->database, events_unit, &log);
    bool told = false;
    for (size_t i = 0; i < log.count; i++)
        told = told || strstr(log.events[i].payload, "客户很急") != NULL;
    assert_true(told);
}

static void test_pages_meet_without_gap(void **state) {
    struct world *world = *state;
    for (int i = 0; i < CHAT_PAGE_LINES + 7; i++) {
        char client_id[20];
        snprintf(client_id, sizeof client_id, "c-%06d", i);
        say(world, CHAT_CUSTOMER, client_id, client_id, false);
    }
    struct step step = {.world = world, .window = {.latest = true}};
    read_ok(world->database, lines_unit, &step);
    assert_int_equal(step.count, CHAT_PAGE_LINES);
    assert_true(step.earlier);
    assert_string_equal(step.lines[0].text, "c-000007");
    int64_t first = step.lines[0].number;
    step.window = (struct chat_window){.before = first};
    read_ok(world->database, lines_unit, &step);
    assert_int_equal(step.count, 7);
    assert_false(step.earlier);
    assert_string_equal(step.lines[6].text, "c-000006");
    step.window = (struct chat_window){.after = step.lines[6].number};
    read_ok(world->database, lines_unit, &step);
    assert_int_equal(step.count, CHAT_PAGE_LINES);
    assert_int_equal(step.lines[0].number, first);
}

static enum status read_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return mark_chat_read(
        tx, step->world->moment, step->world->customer_id, step->by, step->number);
}

static void test_read_marks_only_go_forward(void **state) {
    struct world *world = *state;
    int64_t number = say(world, CHAT_CUSTOMER, "c-000001", "一", false).line.number;
    struct step step = {.world = world, .by = CHAT_STAFF, .number = number + 1000};
    run_ok(world->database, read_unit, &step);
    assert_int_equal(now_is(world).read_by_staff, number);
    step.number = 0;
    run_ok(world->database, read_unit, &step);
    assert_int_equal(now_is(world).read_by_staff, number);
}

static void test_hours(void **state) {
    (void)state;
    struct day day = day_from_civil(2026, 11, 22);
    struct instant midnight = day_start(day, ZONE_SHANGHAI);
    struct chat_hours night = chat_hours(midnight);
    assert_false(night.open_now);
    assert_int_equal(night.opens_at.us, instant_add_seconds(midnight, 9 * 3600).us);
    assert_true(chat_hours(instant_add_seconds(midnight, 9 * 3600)).open_now);
    assert_true(chat_hours(instant_add_seconds(midnight, 21 * 3600 - 1)).open_now);
    struct chat_hours late = chat_hours(instant_add_seconds(midnight, 21 * 3600));
    assert_false(late.open_now);
    assert_int_equal(late.opens_at.us, instant_add_seconds(midnight, 86400 + 9 * 3600).us);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_same_message_is_stored_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_states_follow_the_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_notes_stay_with_staff, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pages_meet_without_gap, setup, teardown),
        cmocka_unit_test_setup_teardown(test_read_marks_only_go_forward, setup, teardown),
        cmocka_unit_test(test_hours),
    };
    return cmocka_run_group_tests_name("service_chat", tests, NULL, NULL);
}
