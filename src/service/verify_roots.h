/*
 * verify_roots.h: the signed roots of closed days held against the journal. Exports: struct
 * sealed_days, load_sealed_days(), verify_seals(), verify_sealed_day().
 */
#ifndef FENQI_SERVICE_VERIFY_ROOTS_H
#define FENQI_SERVICE_VERIFY_ROOTS_H

#include "service/seal_day.h"
#include "service/verify_books.h"

/* The rows of all closed days, in order; memory of the unit's arena. */
struct sealed_days {
    struct merkle_root *rows;
    size_t count;
};
enum status load_sealed_days(struct tx *tx, struct sealed_days *days) FENQI_MUST_USE;

/* The rows themselves: signed by this installation, each covering the one before, none left out. */
enum status verify_seals(struct tx *tx, const struct vault *vault, const struct sealed_days *days,
    struct books_page *page) FENQI_MUST_USE;

/*
 * The next page of a day's entries, until tree->done: then whether they are those of the row. What
 * is sealed does not change any more, so the pages need not be one snapshot.
 */
enum status verify_sealed_day(struct tx *tx, const struct merkle_root *row, struct day_tree *tree,
    struct books_page *page) FENQI_MUST_USE;

#endif
