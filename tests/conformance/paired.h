/*
 * paired.h: a unit that leaves three traces, to see whether it was done once, wholly, or not at
 * all. Exports: struct paired, paired_run(), paired_check().
 */
#ifndef FENQI_TESTS_CONFORMANCE_PAIRED_H
#define FENQI_TESTS_CONFORMANCE_PAIRED_H

#include "units.h"

/* Unit `number` of user `number % PAIRED_USERS`: an audit record, an event, a counter one higher.
 */
struct paired {
    int32_t number;
    enum status status;
    bool committed; /* its after-commit hook ran */
};

enum { PAIRED_USERS = 3 };

/* A unit_function over struct paired. */
enum status paired_run(struct tx *tx, void *context);

/*
 * Fails the test unless every unit in the database is there wholly and once, and those of
 * `acknowledged` (numbers) are all there. Gives how many units are there.
 */
long long paired_check(struct database *database, const int32_t *acknowledged, size_t count);

#endif
