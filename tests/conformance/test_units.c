/*
 * test_units.c: units of work, batches, savepoints, answers and the queue, on the database under
 * test.
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/shard.h"

#include "store/audit.h"
#include "store/setting.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void test_a_unit_is_read_back(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct pair pair = {"greeting", "你好 𠮷", NULL};
    read_ok(database, load_pair, &pair);
    assert_null(pair.found);
    run_ok(database, save_pair, &pair);
    read_ok(database, load_pair, &pair);
    assert_string_equal(pair.found, pair.value);
    database_close(database);
    database_open(database, NULL);
    pair.found = NULL;
    read_ok(database, load_pair, &pair);
    assert_string_equal(pair.found, pair.value);
    database_destroy(database);
}

static void test_text_that_is_not_utf8_is_invalid(void **state) {
    (void)state;
    static const char *const texts[] = {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xe4\xbd", "ok\x80", "\xf8\x88\x80\x80\x80"};
    struct database *database = database_create(NULL);
    struct fault fault;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct pair pair = {"name", texts[i], NULL};
        assert_int_equal(run_for(database, save_pair, &pair, &fault), STATUS_INVALID);
    }
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM setting"), 0);
    database_destroy(database);
}

/* What save_and() does after its write. */
enum ending { END_WELL, REFUSE, FAIL, CONFLICT, SWALLOW_CONFLICT };

/* A unit of the batch tests: writes a setting, looks at another, ends in its own way. */
struct step {
    const char *name;
    const char *looks_at;
    enum ending ending;
    bool saw;
    int runs;
    int order; /* in which the answer came, from 1 */
    bool committed;
    struct unit unit;
};

static atomic_int answers;

static void remember_commit(void *argument) {
    struct step *step = argument;
    assert_int_equal(step->order, 0);
    step->committed = true;
}

static enum status insert_twice(struct tx *tx) {
    struct audit_record record = {.customer_id = 1,
        .audit_id = 99,
        .actor_kind = ACTOR_SYSTEM,
        .action = "test",
        .subject = "",
        .created_at = {1}};
    enum status status = audit_insert(tx, &record);
    return status == STATUS_OK ? audit_insert(tx, &record) : status;
}

static enum status save_and(struct tx *tx, void *context) {
    struct step *step = context;
    char *found = NULL;
    step->runs++;
    enum status status = setting_save(tx, step->name, "written");
    if (status == STATUS_OK && step->looks_at != NULL)
        status = setting_load(tx, step->looks_at, &found);
    step->saw = found != NULL;
    tx_on_commit(tx, remember_commit, step);
    if (status != STATUS_OK)
        return status;
    switch (step->ending) {
    case END_WELL:
        return STATUS_OK;
    case REFUSE:
        tx_refuse(tx);
        return STATUS_OK;
    case FAIL:
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND, "no such thing");
    case CONFLICT:
        return insert_twice(tx);
    case SWALLOW_CONFLICT:
        return insert_twice(tx) == STATUS_OK ? STATUS_IO : STATUS_OK;
    }
    return STATUS_INVALID;
}

static void answered(struct unit *unit) {
    struct step *step = unit->waiter;
    step->order = atomic_fetch_add(&answers, 1) + 1;
}

static void submit_for(struct database *database, struct step *step, int64_t key) {
    step->unit = (struct unit){.run = save_and,
        .context = step,
        .key = key,
        .arena = database->arena,
        .done = answered,
        .waiter = step};
    assert_int_equal(store_submit(database->store, &step->unit), STATUS_OK);
}

static void submit(struct database *database, struct step *step) {
    submit_for(database, step, 7);
}

static bool is_saved(struct database *database, const char *name) {
    struct pair pair = {.name = name};
    read_ok(database, load_pair, &pair);
    return pair.found != NULL;
}

static void test_a_batch_keeps_what_its_units_decide(void **state) {
    (void)state;
    struct step steps[] = {
        {.name = "a"},
        {.name = "b", .looks_at = "a"},
        {.name = "c", .ending = REFUSE},
        {.name = "d", .looks_at = "c"},
        {.name = "e", .ending = FAIL},
        {.name = "f", .looks_at = "e"},
        {.name = "g", .ending = CONFLICT},
        {.name = "h", .looks_at = "g"},
        {.name = "i", .ending = SWALLOW_CONFLICT},
        {.name = "j", .looks_at = "b"},
    };
    enum { COUNT = sizeof steps / sizeof steps[0] };
    struct database *database = database_create(NULL);
    struct gate gate;
    atomic_store(&answers, 0);
    gate_close(&gate, database->store, 7);
    for (int i = 0; i < COUNT; i++)
        submit(database, &steps[i]);
    gate_open(&gate);
    database_close(database); /* finishes what was accepted */
    database_open(database, NULL);
    assert_int_equal(atomic_load(&answers), COUNT);

    static const char kept[] = "abdfhj";
    int last_order = 0;
    for (int i = 0; i < COUNT; i++) {
        bool keep = strchr(kept, steps[i].name[0]) != NULL;
        assert_int_equal(is_saved(database, steps[i].name), keep);
        assert_int_equal(steps[i].committed, keep);
        if (steps[i].ending != CONFLICT && steps[i].ending != SWALLOW_CONFLICT) {
            assert_true(steps[i].order > last_order);
            last_order = steps[i].order;
            /* once more where one among them is rejected, or has written and is not kept */
            assert_in_range(steps[i].runs, 1, 2);
        } else {
            assert_int_equal(steps[i].unit.status, STATUS_CONFLICT);
            assert_true(steps[i].runs > 1);
        }
    }
    assert_true(steps[1].saw && steps[9].saw);
    assert_false(steps[3].saw || steps[5].saw || steps[7].saw);
    assert_true(steps[2].unit.refused);
    assert_int_equal(steps[2].unit.status, STATUS_OK);
    assert_int_equal(steps[4].unit.status, STATUS_NOT_FOUND);
    assert_string_equal(steps[4].unit.fault.text, "no such thing");
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM audit"), 0);
    database_destroy(database);
}

static void test_waiting_units_are_one_commit(void **state) {
    (void)state;
    static char names[20][8];
    struct step steps[20] = {0};
    struct store_options options = {.batch_limit = 16};
    struct database *database = database_create(&options);
    struct gate gate;
    atomic_store(&answers, 0);
    gate_close(&gate, database->store, 7);
    for (int i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        steps[i].name = names[i];
        submit(database, &steps[i]);
    }
    int64_t before = store_counters(database->store).batches;
    gate_open(&gate);
    struct pair pair = {.name = "last", .value = "x"};
    run_ok(database, save_pair, &pair); /* after all of them: same key */
    struct store_counters counters = store_counters(database->store);
    assert_int_equal(counters.largest, 16);
    assert_in_range(counters.batches - before, 3, 4); /* the gate, 16, 4 with or without "last" */
    for (int i = 0; i < 20; i++)
        assert_int_equal(steps[i].order, i + 1);
    database_destroy(database);
}

/* On a distributed database: batches of one shard each, in which nobody overtakes his shard. */
static void test_a_batch_is_of_one_shard(void **state) {
    (void)state;
    enum { SHARDS = 4, COUNT = 40 };
    static char names[COUNT][8];
    struct step steps[COUNT] = {0};
    struct store_options options = {.shard_count = SHARDS, .committer_count = 1};
    struct database *database = database_create(&options);
    struct gate gate;
    atomic_store(&answers, 0);
    gate_close(&gate, database->store, 7);
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        steps[i].name = names[i];
        submit_for(database, &steps[i], i + 1);
    }
    int64_t before = store_counters(database->store).batches;
    gate_open(&gate);
    while (atomic_load(&answers) < COUNT)
        usleep(1000);
    assert_int_equal(store_counters(database->store).batches - before, 1 + SHARDS); /* the gate's */
    int shard_at[COUNT + 1], last_in[SHARDS] = {0}, changes = 0;
    for (int i = 0; i < COUNT; i++) {
        int shard = shard_of(i + 1, SHARDS);
        shard_at[steps[i].order] = shard;
        assert_true(steps[i].order > last_in[shard]);
        last_in[shard] = steps[i].order;
    }
    for (int order = 2; order <= COUNT; order++)
        changes += shard_at[order] != shard_at[order - 1] ? 1 : 0;
    assert_int_equal(changes, SHARDS - 1);
    database_destroy(database);
}

static void test_a_lone_unit_is_committed_alone(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    for (int i = 0; i < 20; i++) {
        struct counter counter = {.name = "n"};
        run_ok(database, add_one, &counter);
        assert_int_equal(counter.value, i + 1);
    }
    assert_int_equal(store_counters(database->store).batches, 20);
    assert_int_equal(store_counters(database->store).units, 20);
    database_destroy(database);
}

static void test_a_full_queue_says_so_at_once(void **state) {
    (void)state;
    struct store_options options = {.queue_limit = 3};
    struct database *database = database_create(&options);
    struct step steps[4] = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
    struct gate gate;
    atomic_store(&answers, 0);
    gate_close(&gate, database->store, 7);
    for (int i = 0; i < 3; i++)
        submit(database, &steps[i]);
    steps[3].unit = (struct unit){
        .run = save_and, .context = &steps[3], .key = 7, .done = answered, .waiter = &steps[3]};
    assert_int_equal(store_submit(database->store, &steps[3].unit), STATUS_FULL);
    gate_open(&gate);
    database_close(database);
    assert_int_equal(atomic_load(&answers), 3);
    assert_int_equal(steps[3].order, 0);
    assert_int_equal(steps[3].runs, 0);
    database_destroy(database);
}

/*
 * A chain of units, each submitted by the done of the one before: it goes on until the store, which
 * is closed meanwhile, takes no more.
 */
struct chain {
    struct store *store;
    struct counter counter;
    struct unit unit;
    int accepted;
    enum status last;
};

static void submit_next(struct unit *unit) {
    struct chain *chain = unit->waiter;
    chain->last = store_submit(chain->store, &chain->unit);
    if (chain->last == STATUS_OK)
        chain->accepted++;
}

static void test_closing_finishes_the_accepted_and_takes_no_more(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct chain chain = {.store = database->store, .counter = {.name = "links"}};
    chain.unit = (struct unit){
        .run = add_one, .context = &chain.counter, .key = 7, .done = submit_next, .waiter = &chain};
    submit_next(&chain.unit);
    database_close(database);
    assert_int_equal(chain.last, STATUS_UNAVAILABLE);
    assert_true(chain.accepted >= 1);
    database_open(database, NULL);
    assert_int_equal(counter_value(database, "links"), chain.accepted);
    database_destroy(database);
}

static enum status write_in_read(struct tx *tx, void *context) {
    return setting_save(tx, "x", context);
}

static void test_a_read_cannot_write(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct fault fault = {0};
    char value[] = "1";
    assert_int_equal(
        store_read(database->store, NULL, write_in_read, value, &fault), STATUS_DENIED);
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM setting"), 0);
    struct pair pair = {"x", "2", NULL};
    run_ok(database, save_pair, &pair);
    read_ok(database, load_pair, &pair); /* the connection is still good */
    assert_string_equal(pair.found, "2");
    database_destroy(database);
}

static void test_without_migrations_the_fault_names_the_table(void **state) {
    (void)state;
    struct database *database = database_prepare();
    database_open(database, NULL);
    struct pair pair = {"x", "1", NULL};
    struct fault fault;
    assert_int_equal(run_for(database, save_pair, &pair, &fault), STATUS_CORRUPT);
    assert_non_null(strstr(fault.text, "setting"));
    database_destroy(database);
}

enum { THREADS = 6, UNITS_EACH = 25 };

static void *add_many(void *argument) {
    struct database *database = argument;
    for (int i = 0; i < UNITS_EACH; i++) {
        struct counter counter = {.name = "shared"};
        struct fault fault = {0};
        enum status status = store_run(database->store, 7, NULL, add_one, &counter, &fault);
        if (status != STATUS_OK) {
            print_error("%s\n", fault.text);
            return database;
        }
    }
    return NULL;
}

static void test_units_of_one_key_never_lose_an_update(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, database), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failure;
        pthread_join(threads[i], &failure);
        assert_null(failure);
    }
    assert_int_equal(counter_value(database, "shared"), THREADS * UNITS_EACH);
    database_destroy(database);
}

/* Two stores on one database, as two processes would be. */
static void test_two_stores_keep_a_key_apart(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct database other = *database;
    database_open(&other, NULL);
    pthread_t threads[2];
    assert_int_equal(pthread_create(&threads[0], NULL, add_many, database), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, add_many, &other), 0);
    for (int i = 0; i < 2; i++) {
        void *failure;
        pthread_join(threads[i], &failure);
        assert_null(failure);
    }
    database_close(&other);
    assert_int_equal(counter_value(database, "shared"), 2 * UNITS_EACH);
    database_destroy(database);
}

static struct instant fixed_clock(void *context) {
    return *(struct instant *)context;
}

static void count_entropy(void *context, void *buffer, size_t size) {
    unsigned char *next = context;
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)buffer)[i] = (*next)++;
}

struct drawn {
    int64_t ids[3];
    uint8_t random[4];
    struct moment moment;
};

static enum status draw(struct tx *tx, void *context) {
    struct drawn *drawn = context;
    enum status status = setting_save_business_date(tx, day_from_civil(2026, 3, 1));
    if (status == STATUS_OK)
        status = tx_moment(tx, &drawn->moment);
    for (int i = 0; i < 3; i++)
        drawn->ids[i] = tx_new_id(tx, drawn->moment.now);
    tx_random(tx, drawn->random, sizeof drawn->random);
    return status;
}

static void test_clock_ids_and_entropy_are_given(void **state) {
    (void)state;
    struct instant clock = day_start(day_from_civil(2026, 2, 28), ZONE_SHANGHAI);
    unsigned char next = 5;
    struct store_options options = {.clock = fixed_clock,
        .clock_context = &clock,
        .entropy = count_entropy,
        .entropy_context = &next,
        .node = 3};
    struct database *database = database_create(&options);
    struct drawn drawn;
    run_ok(database, draw, &drawn);
    assert_int_equal(drawn.moment.now.us, clock.us);
    assert_int_equal(drawn.moment.business_date.number, day_from_civil(2026, 3, 1).number);
    assert_true(drawn.ids[0] < drawn.ids[1] && drawn.ids[1] < drawn.ids[2]);
    assert_int_equal(drawn.ids[0] >> 15 & 63, 3);
    assert_memory_equal(drawn.random, "\10\11\12\13", 4); /* three went into the ids */
    database_destroy(database);
}

enum { RECORDS = 20 };

static enum status record_some(struct tx *tx, void *context) {
    enum status status = STATUS_OK;
    (void)context;
    for (int i = 0; status == STATUS_OK && i < RECORDS; i++) {
        struct audit_record record = {.customer_id = 7,
            .audit_id = tx_new_id(tx, tx_now(tx)),
            .actor_kind = ACTOR_SYSTEM,
            .action = "clock",
            .subject = "",
            .created_at = tx_now(tx)};
        status = audit_insert(tx, &record);
    }
    return status;
}

/* A server that starts again lives the same millisecond a second time. */
static void test_ids_stay_unlike_when_the_clock_went_back(void **state) {
    (void)state;
    struct instant clock = day_start(day_from_civil(2026, 2, 28), ZONE_SHANGHAI);
    struct store_options options = {.clock = fixed_clock, .clock_context = &clock};
    struct database *database = database_create(&options);
    run_ok(database, record_some, NULL);
    database_close(database);
    database_wait_alone(database);
    options.database = NULL;
    database_open(database, &options);
    run_ok(database, record_some, NULL);
    assert_int_equal(store_counters(database->store).retries, 0);
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM audit"), 2 * RECORDS);
    database_destroy(database);
}

static void test_addresses_that_cannot_be(void **state) {
    (void)state;
    static const struct {
        const char *database;
        enum status status;
    } rows[] = {
        {"sqlite:", STATUS_INVALID},
        {"mysql://x", STATUS_INVALID},
        {"sqlite:/nonexistent/folder/x.db", STATUS_NOT_FOUND},
        {"postgres://nobody@127.0.0.1:1/x", STATUS_UNAVAILABLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct store_options options = {.database = rows[i].database};
        struct store *store;
        struct fault fault = {0};
        enum status status = store_open(&options, &store, &fault);
        if (status != rows[i].status)
            print_error("%s: %s (%s)\n", rows[i].database, fault.text, status_name(status));
        assert_null(store);
        assert_int_equal(status, rows[i].status);
        assert_true(fault.text[0] != '\0');
    }
}

static void test_a_file_of_something_else_is_damaged(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = database_prepare();
    FILE *file = fopen(database->url + strlen("sqlite:"), "w");
    for (int i = 0; i < 1000; i++)
        fputs("This is a diary, not a database.\n", file);
    assert_int_equal(fclose(file), 0);
    struct store_options options = {.database = database->url};
    struct fault fault = {0};
    assert_int_equal(store_open(&options, &database->store, &fault), STATUS_DAMAGED);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_unit_is_read_back),
        cmocka_unit_test(test_text_that_is_not_utf8_is_invalid),
        cmocka_unit_test(test_a_batch_keeps_what_its_units_decide),
        cmocka_unit_test(test_waiting_units_are_one_commit),
        cmocka_unit_test(test_a_batch_is_of_one_shard),
        cmocka_unit_test(test_a_lone_unit_is_committed_alone),
        cmocka_unit_test(test_a_full_queue_says_so_at_once),
        cmocka_unit_test(test_closing_finishes_the_accepted_and_takes_no_more),
        cmocka_unit_test(test_a_read_cannot_write),
        cmocka_unit_test(test_without_migrations_the_fault_names_the_table),
        cmocka_unit_test(test_units_of_one_key_never_lose_an_update),
        cmocka_unit_test(test_two_stores_keep_a_key_apart),
        cmocka_unit_test(test_clock_ids_and_entropy_are_given),
        cmocka_unit_test(test_ids_stay_unlike_when_the_clock_went_back),
        cmocka_unit_test(test_addresses_that_cannot_be),
        cmocka_unit_test(test_a_file_of_something_else_is_damaged),
    };
    return cmocka_run_group_tests_name("conformance_units", tests, NULL, NULL);
}
