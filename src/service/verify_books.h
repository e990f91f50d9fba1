/*
 * verify_books.h: the books and what is derived, held against the facts. Exports: struct
 * books_difference, struct books_report, check_derived(), check_books().
 *
 * Reads only, page by page. Each difference is told in one line; nothing is mended here.
 */
#ifndef FENQI_SERVICE_VERIFY_BOOKS_H
#define FENQI_SERVICE_VERIFY_BOOKS_H

#include "store/store.h"

/* Told for each difference; the text lives during the call. */
typedef void (*books_difference)(void *context, const char *text);

struct books_report {
    int64_t contracts;   /* looked at */
    int64_t events;      /* replayed */
    int64_t entries;     /* of the journal */
    int64_t chains;      /* of hashes */
    int64_t payments;    /* looked at by check_payments() */
    int64_t differences; /* 0: all is well */
};

/*
 * Replays every contract from its terms and events and compares state, derived columns and
 * instalment rows with what is stored. With `mend` the differing rows are written anew.
 */
enum status check_derived(struct tx *tx, bool mend, books_difference tell, void *context,
    struct books_report *report) FENQI_MUST_USE;

/*
 * Every entry balances and follows from the one before it by its hash; all debits equal all
 * credits; each customer's credit balance is what the journal says.
 */
enum status check_books(struct tx *tx, books_difference tell, void *context,
    struct books_report *report) FENQI_MUST_USE;

#endif
