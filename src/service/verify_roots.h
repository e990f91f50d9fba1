/*
 * verify_roots.h: the signed roots of closed days held against the journal. Exports: struct
 * roots_place, check_roots().
 */
#ifndef FENQI_SERVICE_VERIFY_ROOTS_H
#define FENQI_SERVICE_VERIFY_ROOTS_H

#include "service/seal_day.h"
#include "service/verify_books.h"

/* How far check_roots() has come. Starts as all zero. */
struct roots_place {
    bool begun, inside, done;
    struct merkle_root row; /* of the day under way */
    struct day_tree tree;
    uint8_t digest[SHA256_SIZE]; /* of the day before */
};

/*
 * The next page of a day's entries, day after day: each closed day's root is the one over its
 * entries, is signed by this installation, and covers the day before; no day is left out.
 */
enum status check_roots(struct tx *tx, const struct vault *vault, books_difference tell,
    void *context, struct roots_place *place, struct books_report *report) FENQI_MUST_USE;

#endif
