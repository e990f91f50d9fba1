/* units.c: units of work for tests. Exports what units.h declares. */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>

enum status save_pair(struct tx *tx, void *context) {
    struct pair *pair = context;
    return setting_save(tx, pair->name, pair->value);
}

enum status load_pair(struct tx *tx, void *context) {
    struct pair *pair = context;
    return setting_load(tx, pair->name, &pair->found);
}

enum status add_one(struct tx *tx, void *context) {
    struct counter *counter = context;
    char *text;
    enum status status = setting_load(tx, counter->name, &text);
    if (status != STATUS_OK)
        return status;
    counter->value = (text == NULL ? 0 : strtoll(text, NULL, 10)) + 1;
    return setting_save(tx, counter->name, arena_printf(tx_arena(tx), "%lld", counter->value));
}

long long counter_value(struct database *database, const char *name) {
    struct pair pair = {.name = name};
    read_ok(database, load_pair, &pair);
    return pair.found == NULL ? 0 : strtoll(pair.found, NULL, 10);
}

enum status run_for(
    struct database *database, unit_function run, void *context, struct fault *fault) {
    *fault = (struct fault){0};
    return store_run(database->store, 7, database->arena, run, context, fault);
}

void run_ok(struct database *database, unit_function run, void *context) {
    struct fault fault;
    if (run_for(database, run, context, &fault) != STATUS_OK)
        fail_msg("%s: %s", status_name(fault.status), fault.text);
}

void read_ok(struct database *database, unit_function run, void *context) {
    struct fault fault = {0};
    if (store_read(database->store, database->arena, run, context, &fault) != STATUS_OK)
        fail_msg("%s: %s", status_name(fault.status), fault.text);
}

static enum status hold(struct tx *tx, void *context) {
    struct gate *gate = context;
    (void)tx;
    sem_post(&gate->started);
    sem_wait(&gate->open);
    return STATUS_OK;
}

static void held(struct unit *unit) {
    struct gate *gate = unit->waiter;
    sem_post(&gate->ended);
}

void gate_close(struct gate *gate, struct store *store, int64_t key) {
    sem_init(&gate->started, 0, 0);
    sem_init(&gate->open, 0, 0);
    sem_init(&gate->ended, 0, 0);
    gate->unit =
        (struct unit){.run = hold, .context = gate, .key = key, .done = held, .waiter = gate};
    assert_int_equal(store_submit(store, &gate->unit), STATUS_OK);
    sem_wait(&gate->started);
}

void gate_open(struct gate *gate) {
    sem_post(&gate->open);
    sem_wait(&gate->ended);
}
