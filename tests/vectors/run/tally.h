/*
 * tally.h: counting what came out as published. Exports: struct tally, tally_total(),
 * tally_take_in(), tally_print_reasons().
 *
 * A tally holds no pointer that dies with the process that counts, so that it can lie in shared
 * memory: a case that ends its process leaves what was counted before it.
 */
#ifndef FENQI_TESTS_VECTORS_TALLY_H
#define FENQI_TESTS_VECTORS_TALLY_H

#include "kind.h"

#include <stdio.h>

enum { TALLY_REASONS_MAX = 200, TALLY_REASON_SIZE = 120 };

struct tally_reason {
    int32_t count;
    char text[TALLY_REASON_SIZE];
};

struct tally {
    int32_t reproduced, wrong, not_expressible;
    int32_t reason_count;
    struct tally_reason reasons[TALLY_REASONS_MAX];
    /* For messages, set by the runner. */
    char file[200];
    char case_id[120];
    int32_t said, say_at_most;
};

/* Expectations told so far. */
int32_t tally_total(const struct tally *tally);

/* Adds the counts and reasons of `part`. */
void tally_take_in(struct tally *sum, const struct tally *part);

/* A line a reason, most frequent first, each begun by `indent`. */
void tally_print_reasons(const struct tally *tally, FILE *out, const char *indent);

#endif
