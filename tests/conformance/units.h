/*
 * units.h: units of work for tests. Exports: struct pair with save_pair, load_pair; struct counter
 * with add_one; struct gate with gate_*; run_ok(), run_for(), read_ok().
 */
#ifndef FENQI_TESTS_CONFORMANCE_UNITS_H
#define FENQI_TESTS_CONFORMANCE_UNITS_H

#include "database.h"

#include <semaphore.h>

/* A setting to be saved, or found. */
struct pair {
    const char *name;
    const char *value;
    char *found;
};

enum status save_pair(struct tx *tx, void *context);
enum status load_pair(struct tx *tx, void *context);

/* Reads setting `name` as a number and writes it back one higher: loses updates if anything can. */
struct counter {
    const char *name;
    long long value; /* what it became */
};

enum status add_one(struct tx *tx, void *context);

/* The number in a setting; 0 when nobody set it. */
long long counter_value(struct database *database, const char *name);

/* Runs a unit that must succeed; its memory is the database's arena. */
void run_ok(struct database *database, unit_function run, void *context);

/* Runs a unit and gives its status; the text goes to *fault. */
enum status run_for(
    struct database *database, unit_function run, void *context, struct fault *fault);

/* Reads on a snapshot; must succeed. */
void read_ok(struct database *database, unit_function run, void *context);

/* A unit that holds its committer until it is opened: what is submitted meanwhile is one batch. */
struct gate {
    struct unit unit;
    sem_t started;
    sem_t open;
    sem_t ended;
};

void gate_close(struct gate *gate, struct store *store, int64_t key);
void gate_open(struct gate *gate);

#endif
