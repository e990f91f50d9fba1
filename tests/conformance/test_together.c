/*
 * test_together.c: batches of random units of several keys against a model that runs them one by
 * one: what each unit saw, what was kept and what was refused must be the same, whether the
 * database runs them in savepoints (SQLite) or side by side (PostgreSQL).
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/audit.h"
#include "store/setting.h"
#include "store/statement.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEYS = 9, SLOTS = 4, UNITS = 40, STEPS = 8, ROUNDS = 60, FIRST_KEY = 1001 };

enum step_kind { STEP_SAVE, STEP_LOAD, STEP_NOTE, STEP_FORESEE, STEP_KINDS };
enum unit_end { UNIT_KEPT, UNIT_REFUSED, UNIT_FAILED, UNIT_CLASHED };

/* One unit: what it does, how it ends, and what its loads gave. */
struct random_unit {
    struct unit unit;
    int key;
    int step_count;
    struct {
        enum step_kind kind;
        int slot;
        int value;
        int seen; /* STEP_LOAD: what was found, 0 for nothing */
    } steps[STEPS];
    enum unit_end end;
    int number; /* of its audit rows; unlike in every unit */
};

/* What the database must hold: a value a key and slot, and how many notes a key. */
struct model {
    int values[KEYS][SLOTS];
    long long notes;
};

static uint64_t state;

static int dice(int faces) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((state >> 33) % (uint64_t)faces);
}

static const char *name_of(struct tx *tx, int key, int slot) {
    return arena_printf(tx_arena(tx), "k%d-s%d", key, slot);
}

static enum status add_note(struct tx *tx, int key, int number) {
    return audit_insert(tx, &(struct audit_record){.customer_id = FIRST_KEY + key,
                                .audit_id = number,
                                .actor_kind = ACTOR_SYSTEM,
                                .action = "note",
                                .subject = "",
                                .created_at = {1}});
}

/* That a unit is going to load a setting: true or not, it must see no difference. */
static void foresee(struct tx *tx, const char *name) {
    struct statement *statement = statement_start(tx, QUERY_SETTING_LOAD);
    statement_bind_text(statement, 1, name);
    statement_foresee(statement);
}

static enum status do_step(struct tx *tx, struct random_unit *random, int i) {
    const char *name = name_of(tx, random->key, random->steps[i].slot);
    char *found = NULL;
    enum status status = STATUS_OK;
    switch (random->steps[i].kind) {
    case STEP_SAVE:
        return setting_save(tx, name, arena_printf(tx_arena(tx), "%d", random->steps[i].value));
    case STEP_NOTE:
        return add_note(tx, random->key, random->number * STEPS + i);
    case STEP_LOAD:
        status = setting_load(tx, name, &found);
        random->steps[i].seen = found == NULL ? 0 : (int)strtol(found, NULL, 10);
        return status;
    case STEP_FORESEE:
        foresee(tx, name);
        return STATUS_OK;
    case STEP_KINDS:
        break;
    }
    return STATUS_INVALID;
}

static enum status run_random(struct tx *tx, void *context) {
    struct random_unit *random = context;
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < random->step_count; i++)
        status = do_step(tx, random, i);
    if (status != STATUS_OK)
        return status;
    switch (random->end) {
    case UNIT_KEPT:
        return STATUS_OK;
    case UNIT_REFUSED:
        tx_refuse(tx);
        return STATUS_OK;
    case UNIT_FAILED:
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND, "as wanted");
    case UNIT_CLASHED:
        status = add_note(tx, random->key, random->number * STEPS + STEPS - 1);
        return status == STATUS_OK ? add_note(tx, random->key, random->number * STEPS + STEPS - 1)
                                   : status;
    }
    return STATUS_INVALID;
}

static void make(struct random_unit *random, int number) {
    *random = (struct random_unit){.key = dice(KEYS), .number = number};
    random->step_count = dice(STEPS);
    for (int i = 0; i < random->step_count; i++) {
        random->steps[i].kind = (enum step_kind)dice(STEP_KINDS);
        random->steps[i].slot = dice(SLOTS);
        random->steps[i].value = 1 + dice(1000000);
    }
    int end = dice(20);
    random->end = end == 0   ? UNIT_CLASHED
                  : end == 1 ? UNIT_FAILED
                  : end < 5  ? UNIT_REFUSED
                             : UNIT_KEPT;
}

/* The unit on the model; checks what it has seen. */
static void expect(struct model *model, const struct random_unit *random) {
    struct model after = *model;
    for (int i = 0; i < random->step_count; i++) {
        int *value = &after.values[random->key][random->steps[i].slot];
        if (random->steps[i].kind == STEP_SAVE)
            *value = random->steps[i].value;
        else if (random->steps[i].kind == STEP_NOTE)
            after.notes++;
        else if (random->steps[i].kind == STEP_LOAD &&
                 random->end != UNIT_CLASHED) /* which is run again after the others */
            assert_int_equal(random->steps[i].seen, *value);
    }
    static const enum status status_of[] = {
        STATUS_OK, STATUS_OK, STATUS_NOT_FOUND, STATUS_CONFLICT};
    assert_int_equal(random->unit.status, status_of[random->end]);
    assert_int_equal(random->unit.refused, random->end == UNIT_REFUSED);
    if (random->end == UNIT_KEPT)
        *model = after;
}

static void compare(struct database *database, const struct model *model) {
    for (int key = 0; key < KEYS; key++)
        for (int slot = 0; slot < SLOTS; slot++) {
            char name[40];
            snprintf(name, sizeof name, "k%d-s%d", key, slot);
            assert_int_equal(counter_value(database, name), model->values[key][slot]);
        }
    assert_int_equal(database_number(database, "SELECT COUNT(*) FROM audit"), model->notes);
}

static void ignore(struct unit *unit) {
    (void)unit;
}

/* Random units of the keys as one batch, most rounds without anything that makes a batch fall. */
static void test_random_batches_equal_one_by_one(void **unused) {
    (void)unused;
    static struct random_unit units[UNITS];
    struct model model = {0};
    struct store_options options = {.committer_count = 1};
    struct database *database = database_create(&options);
    int number = 1;
    for (int round = 0; round < ROUNDS; round++) {
        state = (uint64_t)round + 1;
        struct gate gate;
        gate_close(&gate, database->store, FIRST_KEY);
        int count = 1 + dice(UNITS);
        for (int i = 0; i < count; i++) {
            make(&units[i], number++);
            if (round % 3 != 0 && units[i].end != UNIT_KEPT)
                units[i].end = round % 3 == 1 ? UNIT_REFUSED : UNIT_KEPT;
            units[i].unit = (struct unit){.run = run_random,
                .context = &units[i],
                .key = FIRST_KEY + units[i].key,
                .done = ignore};
            assert_int_equal(store_submit(database->store, &units[i].unit), STATUS_OK);
        }
        gate_open(&gate);
        for (int key = 0; key < KEYS; key++) { /* after all of that key */
            struct fault fault = {0};
            struct pair pair = {"last", "x", NULL};
            assert_int_equal(store_run(database->store, FIRST_KEY + key, database->arena, save_pair,
                                 &pair, &fault),
                STATUS_OK);
        }
        for (int i = 0; i < count; i++)
            expect(&model, &units[i]);
        compare(database, &model);
    }
    /* the units of a round, and what is asked for after them */
    assert_in_range(store_counters(database->store).largest, 20, UNITS + KEYS);
    database_destroy(database);
}

static enum status load_three(struct tx *tx, void *context) {
    const bool *foreseen = context;
    static const char *const names[] = {"a", "b", "c"};
    enum status status = STATUS_OK;
    for (int i = 0; *foreseen && i < 3; i++)
        foresee(tx, names[i]);
    for (int i = 0; status == STATUS_OK && i < 6; i++) {
        char *found;
        status = setting_load(tx, names[i % 3], &found);
    }
    return status == STATUS_OK ? setting_save(tx, "d", "x") : status;
}

static enum status nothing(struct tx *tx, void *context) {
    (void)tx;
    (void)context;
    return STATUS_OK;
}

/* Round trips so far: they are counted behind a batch, and a unit that does nothing takes none. */
static int64_t rounds(struct database *database) {
    struct fault fault;
    assert_int_equal(
        store_run(database->store, FIRST_KEY, database->arena, nothing, NULL, &fault), STATUS_OK);
    return store_counters(database->store).rounds;
}

/* Round trips of a unit that reads three rows twice and writes one. */
static int64_t rounds_of(struct database *database, bool foreseen) {
    struct fault fault;
    int64_t before = rounds(database);
    assert_int_equal(
        store_run(database->store, FIRST_KEY, database->arena, load_three, &foreseen, &fault),
        STATUS_OK);
    return rounds(database) - before;
}

static void test_what_is_foreseen_costs_no_round_trip(void **unused) {
    (void)unused;
    struct store_options options = {.committer_count = 1};
    struct database *database = database_create(&options);
    bool postgres = database_is_postgres();
    assert_int_equal(rounds_of(database, false), postgres ? 7 : 0);
    assert_int_equal(rounds_of(database, true), postgres ? 2 : 0);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_batches_equal_one_by_one),
        cmocka_unit_test(test_what_is_foreseen_costs_no_round_trip),
    };
    return cmocka_run_group_tests_name("conformance_together", tests, NULL, NULL);
}
