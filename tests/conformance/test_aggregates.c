/*
 * test_aggregates.c: the core aggregates on the database under test: outbox, event log, audit,
 * channel messages.
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/audit.h"
#include "store/channel_message.h"
#include "store/event_log.h"
#include "store/outbox.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const struct instant noon = {INT64_C(1770000000000000)};

static struct instant later(int32_t seconds) {
    return instant_add_seconds(noon, seconds);
}

/* ---- outbox, which also shows that every type comes back as it went ---- */

static enum status put(struct tx *tx, void *context) {
    return outbox_insert(tx, context, noon);
}

struct take {
    enum outbox_lane lane;
    struct instant now;
    int32_t limit;
    struct outbox_batch batch;
};

static enum status take(struct tx *tx, void *context) {
    struct take *request = context;
    return outbox_take(tx, request->lane, request->now, 60, request->limit, &request->batch);
}

static void test_values_come_back_as_they_went(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    enum { LARGE = 1 << 20 };
    uint8_t *large = arena_allocate(database->arena, LARGE);
    for (int i = 0; i < LARGE; i++)
        large[i] = (uint8_t)(i * 31 >> 3);
    struct outbox_item items[] = {
        {.customer_id = INT64_MAX, .outbox_id = INT64_MIN, .kind = "most and least"},
        {.customer_id = -1, .outbox_id = 0, .kind = "", .payload = {large, 0}},
        {.customer_id = 1, .outbox_id = 1, .kind = "字 𠮷 ' \" \\ % $1 ?", .payload = {large, 2}},
        {.customer_id = INT64_C(1) << 53,
            .outbox_id = (INT64_C(1) << 53) + 1,
            .kind = "large",
            .payload = {large, LARGE}},
    };
    enum { COUNT = sizeof items / sizeof items[0] };
    for (int i = 0; i < COUNT; i++) {
        items[i].lane = OUTBOX_WEBHOOK;
        items[i].next_try_at = later(i - COUNT);
        run_ok(database, put, &items[i]);
    }
    struct take due = {.lane = OUTBOX_WEBHOOK, .now = noon, .limit = 10};
    run_ok(database, take, &due);
    assert_int_equal(due.batch.count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        const struct outbox_item *item = &due.batch.items[i];
        assert_true(item->customer_id == items[i].customer_id);
        assert_true(item->outbox_id == items[i].outbox_id);
        assert_string_equal(item->kind, items[i].kind);
        assert_true(bytes_equal(item->payload, items[i].payload));
        assert_non_null(item->payload.at);
        assert_true(item->created_at.us == noon.us);
        assert_null(item->last_error);
        assert_int_equal(item->attempts, 1);
    }
    database_destroy(database);
}

struct ending {
    const struct outbox_item *item;
    int how; /* 0 finish, 1 retry in 10 s, 2 give up */
    bool still_ours;
};

static enum status end(struct tx *tx, void *context) {
    struct ending *ending = context;
    switch (ending->how) { /* foreign value: a number of this test */
    case 0:
        return outbox_finish(tx, ending->item, &ending->still_ours);
    case 1:
        return outbox_retry(tx, ending->item, later(10), "busy", &ending->still_ours);
    default: /* foreign value: see above */
        return outbox_give_up(tx, ending->item, "no such shop", &ending->still_ours);
    }
}

static bool end_ok(struct database *database, const struct outbox_item *item, int how) {
    struct ending ending = {.item = item, .how = how};
    run_ok(database, end, &ending);
    return ending.still_ours;
}

static size_t take_at(struct database *database, struct take *request, struct instant now) {
    request->now = now;
    request->limit = 10;
    run_ok(database, take, request);
    return request->batch.count;
}

static enum status next_due(struct tx *tx, void *context) {
    return outbox_next_due(tx, OUTBOX_CHANNEL, context);
}

static void test_an_item_is_leased_and_comes_back(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct outbox_item item = {.customer_id = 5,
        .outbox_id = 1,
        .lane = OUTBOX_CHANNEL,
        .kind = "card_debit",
        .next_try_at = noon};
    struct instant due = {1};
    read_ok(database, next_due, &due);
    assert_int_equal(due.us, 0);
    run_ok(database, put, &item);
    read_ok(database, next_due, &due);
    assert_int_equal(due.us, noon.us);

    struct take first = {.lane = OUTBOX_CHANNEL}, second = first, third = first;
    assert_int_equal(take_at(database, &first, later(-1)), 0);
    first.lane = OUTBOX_MESSAGE;
    assert_int_equal(take_at(database, &first, noon), 0);
    first.lane = OUTBOX_CHANNEL;
    assert_int_equal(take_at(database, &first, noon), 1);
    assert_int_equal(take_at(database, &second, later(59)), 0);
    assert_int_equal(take_at(database, &second, later(60)), 1); /* the first worker has died */
    assert_int_equal(second.batch.items[0].attempts, 2);
    assert_false(end_ok(database, &first.batch.items[0], 0)); /* or was only slow */
    assert_true(end_ok(database, &second.batch.items[0], 1));
    assert_false(
        end_ok(database, &second.batch.items[0], 1) && end_ok(database, &first.batch.items[0], 0));
    assert_int_equal(take_at(database, &third, later(9)), 0);
    assert_int_equal(take_at(database, &third, later(10)), 1);
    assert_string_equal(third.batch.items[0].last_error, "busy");
    assert_int_equal(third.batch.items[0].attempts, 3);
    assert_true(end_ok(database, &third.batch.items[0], 0));
    assert_int_equal(take_at(database, &third, later(100000)), 0);
    read_ok(database, next_due, &due);
    assert_int_equal(due.us, 0);
    database_destroy(database);
}

static void test_the_longest_due_items_come_first(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    for (int i = 0; i < 5; i++) {
        struct outbox_item item = {.customer_id = 5 + i % 2,
            .outbox_id = i,
            .lane = OUTBOX_CHANNEL,
            .kind = "k",
            .next_try_at = later(-(i * 7 % 5))};
        run_ok(database, put, &item);
    }
    struct take two = {.lane = OUTBOX_CHANNEL, .now = noon, .limit = 2};
    run_ok(database, take, &two);
    assert_int_equal(two.batch.count, 2);
    assert_int_equal(two.batch.items[0].outbox_id, 2); /* 4 s overdue */
    assert_int_equal(two.batch.items[1].outbox_id, 4); /* 3 s overdue */
    assert_true(end_ok(database, &two.batch.items[0], 2));
    run_ok(database, take, &two);
    assert_int_equal(two.batch.count, 2);
    assert_int_equal(two.batch.items[0].outbox_id, 1);
    database_destroy(database);
}

struct worker {
    struct database *database;
    int taken[64];
    const char *failure;
};

static void *work(void *argument) {
    struct worker *worker = argument;
    for (int round = 0; round < 12; round++) {
        FENQI_ARENA arena = arena_create(4096);
        struct take request = {.lane = OUTBOX_CHANNEL, .now = noon, .limit = 7};
        struct fault fault = {0};
        if (store_run(worker->database->store, STORE_NO_KEY, arena, take, &request, &fault) !=
            STATUS_OK)
            worker->failure = "take failed";
        for (size_t i = 0; i < request.batch.count; i++)
            worker->taken[request.batch.items[i].outbox_id]++;
    }
    return NULL;
}

static void test_workers_never_take_the_same_item(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct database other = *database;
    database_open(&other, NULL);
    for (int i = 0; i < 64; i++) {
        struct outbox_item item = {.customer_id = i,
            .outbox_id = i,
            .lane = OUTBOX_CHANNEL,
            .kind = "k",
            .next_try_at = noon};
        run_ok(database, put, &item);
    }
    struct worker workers[2] = {{.database = database}, {.database = &other}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    database_close(&other);
    for (int i = 0; i < 64; i++)
        assert_int_equal(workers[0].taken[i] + workers[1].taken[i], 1);
    assert_null(workers[0].failure);
    assert_null(workers[1].failure);
    database_destroy(database);
}

/* ---- event log ---- */

struct appending {
    int64_t user_id;
    bool refuse;
};

static enum status append(struct tx *tx, void *context) {
    struct appending *appending = context;
    if (appending->refuse)
        tx_refuse(tx);
    return event_log_append(tx, noon, appending->user_id, "message", "\"text\":\"好\"");
}

struct events {
    int64_t user_id;
    int64_t after;
    struct log_event *items;
    size_t count;
    int64_t last;
};

static enum status read_events(struct tx *tx, void *context) {
    struct events *events = context;
    enum status status =
        event_log_read(tx, events->user_id, events->after, 1000, &events->items, &events->count);
    return status == STATUS_OK ? event_log_last(tx, events->user_id, &events->last) : status;
}

static void test_numbers_of_events_have_no_gap(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    for (int i = 0; i < 9; i++) {
        struct appending appending = {.user_id = 5, .refuse = i % 3 == 1};
        run_ok(database, append, &appending);
    }
    struct events all = {.user_id = 5}, rest = {.user_id = 5, .after = 4}, none = {.user_id = 6};
    read_ok(database, read_events, &all);
    assert_int_equal(all.count, 6);
    assert_int_equal(all.last, 6);
    for (size_t i = 0; i < all.count; i++)
        assert_int_equal(all.items[i].number, i + 1);
    assert_string_equal(all.items[0].payload, "\"text\":\"好\"");
    read_ok(database, read_events, &rest);
    assert_int_equal(rest.count, 2);
    assert_int_equal(rest.items[0].number, 5);
    read_ok(database, read_events, &none);
    assert_int_equal(none.count + (size_t)none.last, 0);
    database_destroy(database);
}

/* Three numbers in one unit, one of them silent. */
static enum status append_three(struct tx *tx, void *context) {
    int64_t *numbers = context;
    enum status status = event_log_append(tx, noon, 5, "a", "");
    for (int i = 0; status == STATUS_OK && i < 2; i++)
        status = event_log_take(tx, 5, &numbers[i]);
    for (int i = 0; status == STATUS_OK && i < 2; i++)
        status = event_log_put(tx, noon, 5, numbers[i], i == 0 ? EVENT_LOG_SILENT : "b", "");
    return status;
}

static void test_a_silent_event_holds_its_number(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    int64_t numbers[2];
    run_ok(database, append_three, numbers);
    assert_int_equal(numbers[0], 2);
    assert_int_equal(numbers[1], 3);
    struct appending appending = {.user_id = 5};
    run_ok(database, append, &appending);
    struct events all = {.user_id = 5};
    read_ok(database, read_events, &all);
    assert_int_equal(all.count, 3);
    assert_int_equal(all.items[1].number, 3);
    assert_int_equal(all.items[2].number, 4);
    assert_int_equal(all.last, 4);
    database_destroy(database);
}

static enum status page_of_logs(struct tx *tx, void *context) {
    struct events *events = context;
    struct log_row *rows;
    enum status status = event_log_page(tx, 5, 2, 3, &rows, &events->count);
    if (status == STATUS_OK && events->count == 3)
        events->last = rows[2].user_id * 100 + rows[2].number;
    return status;
}

static enum status forget(struct tx *tx, void *context) {
    (void)context;
    return event_log_forget(tx, 5, 3);
}

static void test_old_events_are_forgotten(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    for (int i = 0; i < 6; i++) {
        struct appending appending = {.user_id = 5 + i / 3};
        run_ok(database, append, &appending);
    }
    struct events page = {0}, all = {.user_id = 5};
    read_ok(database, page_of_logs, &page);
    assert_int_equal(page.last, 602);
    run_ok(database, forget, NULL);
    read_ok(database, read_events, &all);
    assert_int_equal(all.count, 1);
    assert_int_equal(all.last, 3);
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM event_log"), 4);
    database_destroy(database);
}

/* Threads of unlike keys (so of unlike committers) append to the one log that all staff share. */
struct appender {
    struct database *database;
    int64_t key;
    const char *failure;
};

static void *append_many(void *argument) {
    struct appender *appender = argument;
    for (int i = 0; i < 20; i++) {
        struct appending appending = {.user_id = EVENT_LOG_STAFF, .refuse = i % 5 == 4};
        struct fault fault = {0};
        if (store_run(appender->database->store, appender->key, NULL, append, &appending, &fault) !=
            STATUS_OK)
            appender->failure = "append failed";
    }
    return NULL;
}

static void test_a_shared_log_is_appended_from_everywhere(void **state) {
    (void)state;
    struct store_options options = {.committer_count = 4};
    struct database *database = database_create(&options);
    struct appender appenders[6];
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        appenders[i] = (struct appender){.database = database, .key = 1000 + i * 77};
        assert_int_equal(pthread_create(&threads[i], NULL, append_many, &appenders[i]), 0);
    }
    for (int i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    struct events all = {.user_id = EVENT_LOG_STAFF};
    read_ok(database, read_events, &all);
    assert_int_equal(all.count, 6 * 16);
    for (size_t i = 0; i < all.count; i++)
        assert_int_equal(all.items[i].number, i + 1);
    for (int i = 0; i < 6; i++)
        assert_null(appenders[i].failure);
    database_destroy(database);
}

/* ---- audit and channel messages ---- */

static enum status audit(struct tx *tx, void *context) {
    return audit_insert(tx, context);
}

static enum status audit_page(struct tx *tx, void *context) {
    return audit_of_customer(tx, 5, 0, 2, context);
}

static void test_the_audit_trail_reads_newest_first(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    static const char *const actions[] = {"first", "second", "third"};
    for (int i = 0; i < 3; i++) {
        struct audit_record record = {.customer_id = 5,
            .actor_kind = ACTOR_STAFF,
            .actor_id = 9,
            .action = actions[i],
            .subject = "D1",
            .detail = i == 2 ? NULL : "{}",
            .created_at = later(i)};
        run_ok(database, audit, &record);
    }
    struct audit_list list;
    read_ok(database, audit_page, &list);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].action, "third");
    assert_null(list.items[0].detail);
    assert_string_equal(list.items[1].detail, "{}");
    assert_int_equal(list.items[1].created_at.us, later(1).us);
    database_destroy(database);
}

struct notified {
    struct channel_message message;
    bool fresh;
    struct channel_message_list list;
};

static enum status receive(struct tx *tx, void *context) {
    struct notified *notified = context;
    enum status status = channel_message_insert(tx, &notified->message, &notified->fresh);
    return status != STATUS_OK ? status
                               : channel_message_of_subject(tx, 5, 50, 10, &notified->list);
}

static void test_a_notification_counts_once(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct notified notified = {.message = {.customer_id = 5,
                                    .message_id = 1,
                                    .channel = "card",
                                    .kind = "payment",
                                    .dedupe_key = "EV-1",
                                    .subject_id = 50,
                                    .received_at = noon,
                                    .body = bytes_of_text("{}")}};
    run_ok(database, receive, &notified);
    assert_true(notified.fresh);
    notified.message.message_id = 2;
    run_ok(database, receive, &notified);
    assert_false(notified.fresh);
    assert_int_equal(notified.list.count, 1);
    notified.message.channel = "wechat";
    run_ok(database, receive, &notified);
    assert_true(notified.fresh);
    assert_int_equal(notified.list.count, 2);
    assert_string_equal(notified.list.items[1].channel, "wechat");
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_back_as_they_went),
        cmocka_unit_test(test_an_item_is_leased_and_comes_back),
        cmocka_unit_test(test_the_longest_due_items_come_first),
        cmocka_unit_test(test_workers_never_take_the_same_item),
        cmocka_unit_test(test_numbers_of_events_have_no_gap),
        cmocka_unit_test(test_a_silent_event_holds_its_number),
        cmocka_unit_test(test_old_events_are_forgotten),
        cmocka_unit_test(test_a_shared_log_is_appended_from_everywhere),
        cmocka_unit_test(test_the_audit_trail_reads_newest_first),
        cmocka_unit_test(test_a_notification_counts_once),
    };
    return cmocka_run_group_tests_name("conformance_aggregates", tests, NULL, NULL);
}
