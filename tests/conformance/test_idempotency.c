/* test_idempotency.c: idempotency keys on the database under test. */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/idempotency.h"

#include <pthread.h>
#include <semaphore.h>

static const struct instant noon = {INT64_C(1770000000000000)};

struct meeting {
    sem_t looked, saved;
};

struct request {
    struct idempotency key;
    enum idempotency_outcome outcome;
    int answer_status; /* saved when NEW; 0: the unit fails instead */
    const char *answer;
    struct meeting *met; /* NULL: alone */
};

static enum status handle(struct tx *tx, void *context) {
    struct request *request = context;
    enum status status = idempotency_find(tx, &request->key, &request->outcome);
    if (status != STATUS_OK || request->outcome != IDEMPOTENCY_NEW)
        return status;
    if (request->answer_status == 0) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    if (request->met) { /* lets another unit with the same key be faster, once */
        struct meeting *meeting = request->met;
        request->met = NULL;
        sem_post(&meeting->looked);
        sem_wait(&meeting->saved);
    }
    return idempotency_save(tx, &request->key, noon, request->answer_status, request->answer);
}

static struct request request_of(
    enum idempotency_scope scope, int64_t scope_id, const char *key, const char *body) {
    struct request request = {.key = {.scope = scope, .scope_id = scope_id, .key = key}};
    sha256(bytes_of_text(body), request.key.body_hash);
    request.answer_status = 201;
    request.answer = "{\"payment\":1}";
    return request;
}

static void test_a_key_is_answered_once(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct request first = request_of(IDEMPOTENCY_CUSTOMER, 5, "k1", "pay 1");
    run_ok(database, handle, &first);
    assert_int_equal(first.outcome, IDEMPOTENCY_NEW);

    struct request again = request_of(IDEMPOTENCY_CUSTOMER, 5, "k1", "pay 1");
    again.answer = "another answer";
    run_ok(database, handle, &again);
    assert_int_equal(again.outcome, IDEMPOTENCY_REPEATED);
    assert_int_equal(again.key.answer_status, 201);
    assert_string_equal(again.key.answer_body, "{\"payment\":1}");

    struct request other_body = request_of(IDEMPOTENCY_CUSTOMER, 5, "k1", "pay 2");
    run_ok(database, handle, &other_body);
    assert_int_equal(other_body.outcome, IDEMPOTENCY_MISMATCH);

    struct request others[] = {
        request_of(IDEMPOTENCY_CUSTOMER, 6, "k1", "pay 1"),
        request_of(IDEMPOTENCY_SHOP, 5, "k1", "pay 1"),
        request_of(IDEMPOTENCY_CUSTOMER, 5, "K1", "pay 1"),
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        run_ok(database, handle, &others[i]);
        assert_int_equal(others[i].outcome, IDEMPOTENCY_NEW);
    }
    database_destroy(database);
}

static void test_a_refused_request_leaves_its_key_free(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct request refused = request_of(IDEMPOTENCY_STAFF, 5, "k", "body");
    refused.answer_status = 0;
    run_ok(database, handle, &refused);
    assert_int_equal(refused.outcome, IDEMPOTENCY_NEW);
    struct request again = request_of(IDEMPOTENCY_STAFF, 5, "k", "other body");
    run_ok(database, handle, &again);
    assert_int_equal(again.outcome, IDEMPOTENCY_NEW);
    database_destroy(database);
}

struct handling {
    struct store *store;
    struct request *request;
    enum status status;
};

static void *handle_elsewhere(void *context) {
    struct handling *handling = context;
    struct fault fault = {0};
    handling->status = store_run(handling->store, 1, NULL, handle, handling->request, &fault);
    return NULL;
}

/* Two units of one shop's key, for two customers, by two processes, both before either has saved.
 */
static void test_one_of_two_at_once_answers(void **state) {
    (void)state;
    if (!database_is_postgres())
        return; /* SQLite has one writer: a unit sees what came before it */
    struct database *database = database_create(NULL);
    struct store_options options = {.database = database->url, .node = 1};
    struct store *other;
    struct fault fault = {0};
    assert_int_equal(store_open(&options, &other, &fault), STATUS_OK);
    struct meeting meeting;
    sem_init(&meeting.looked, 0, 0);
    sem_init(&meeting.saved, 0, 0);
    struct request slow = request_of(IDEMPOTENCY_SHOP, 5, "k1", "pay 1");
    slow.met = &meeting;
    struct request quick = request_of(IDEMPOTENCY_SHOP, 5, "k1", "pay 1");
    quick.answer = "the quick one's";
    struct handling handling = {other, &slow, STATUS_IO};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, handle_elsewhere, &handling), 0);
    sem_wait(&meeting.looked);
    assert_int_equal(store_run(database->store, 2, NULL, handle, &quick, &fault), STATUS_OK);
    assert_int_equal(quick.outcome, IDEMPOTENCY_NEW);
    sem_post(&meeting.saved);
    pthread_join(thread, NULL);
    assert_int_equal(handling.status, STATUS_OK);
    assert_int_equal(slow.outcome, IDEMPOTENCY_REPEATED);
    assert_int_equal(store_counters(other).retries, 1);
    assert_int_equal(database_number(database, "SELECT count(*) FROM idempotency"), 1);
    store_close(other);
    database_destroy(database);
}

struct key_walk {
    struct idempotency_place after, last;
    struct instant before;
    int32_t limit, count, old;
    int64_t deleted;
};

static enum status walk_keys(struct tx *tx, void *context) {
    struct key_walk *walk = context;
    walk->last = walk->after;
    return idempotency_walk(tx, &walk->last, walk->before, walk->limit, &walk->count, &walk->old);
}

static enum status forget_keys(struct tx *tx, void *context) {
    struct key_walk *walk = context;
    return idempotency_forget(tx, &walk->after, &walk->last, walk->before, &walk->deleted);
}

static void test_old_keys_are_forgotten_piece_by_piece(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct request requests[] = {
        request_of(IDEMPOTENCY_CUSTOMER, 5, "a", "body"),
        request_of(IDEMPOTENCY_SHOP, 5, "a", "body"),
        request_of(IDEMPOTENCY_SHOP, 5, "b", "body"),
        request_of(IDEMPOTENCY_SHOP, 6, "a", "body"),
    };
    for (size_t i = 0; i < 4; i++)
        run_ok(database, handle, &requests[i]);
    struct key_walk walk = {.after = {0, 0, ""}, .before = noon, .limit = 3};
    read_ok(database, walk_keys, &walk);
    assert_int_equal(walk.count, 3);
    assert_int_equal(walk.old, 0); /* used at noon, not before */
    walk.before = instant_add_seconds(noon, 1);
    read_ok(database, walk_keys, &walk);
    assert_int_equal(walk.old, 3);
    assert_int_equal(walk.last.scope, IDEMPOTENCY_SHOP);
    assert_string_equal(walk.last.key, "b");
    run_ok(database, forget_keys, &walk);
    assert_int_equal(walk.deleted, 3);
    walk.after = walk.last;
    read_ok(database, walk_keys, &walk);
    assert_int_equal(walk.count, 1);
    walk.before = noon;
    run_ok(database, forget_keys, &walk);
    assert_int_equal(walk.deleted, 0);
    walk.after = walk.last;
    read_ok(database, walk_keys, &walk);
    assert_int_equal(walk.count, 0);
    run_ok(database, handle, &requests[2]);
    assert_int_equal(requests[2].outcome, IDEMPOTENCY_NEW);
    run_ok(database, handle, &requests[3]);
    assert_int_equal(requests[3].outcome, IDEMPOTENCY_REPEATED);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_is_answered_once),
        cmocka_unit_test(test_a_refused_request_leaves_its_key_free),
        cmocka_unit_test(test_one_of_two_at_once_answers),
        cmocka_unit_test(test_old_keys_are_forgotten_piece_by_piece),
    };
    return cmocka_run_group_tests_name("conformance_idempotency", tests, NULL, NULL);
}
