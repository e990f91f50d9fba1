/*
 * verify_books.h: the books and what is derived, held against the facts. Exports: books_difference,
 * struct books_report, struct derived_place, struct books_place, check_derived(), mend_derived(),
 * check_books().
 *
 * One page a call, so that a large portfolio needs no more memory than a small one: start with a
 * place of zeros and call with it again, each time in a transaction of its own, until it is done.
 * Each difference is told in one line.
 */
#ifndef FENQI_SERVICE_VERIFY_BOOKS_H
#define FENQI_SERVICE_VERIFY_BOOKS_H

#include "base/money.h"
#include "store/journal.h"

/* Told for each difference; the text lives during the call. */
typedef void (*books_difference)(void *context, const char *text);

struct books_report {
    int64_t contracts;   /* looked at */
    int64_t events;      /* replayed */
    int64_t entries;     /* of the journal */
    int64_t chains;      /* of hashes */
    int64_t payments;    /* looked at by check_payments() */
    int64_t days;        /* whose signed roots were looked at */
    int64_t differences; /* 0: all is well */
};

enum { DERIVED_PAGE = 100 };

struct derived_key {
    int64_t customer_id, contract_id;
};

/* How far check_derived() has come, and which contracts of its last page differ. */
struct derived_place {
    struct derived_key key;
    struct derived_key differing[DERIVED_PAGE];
    size_t differing_count;
    bool done;
};

/*
 * Replays the next contracts from their terms and events and compares state and derived columns
 * with what is stored.
 */
enum status check_derived(struct tx *tx, books_difference tell, void *context,
    struct derived_place *place, struct books_report *report) FENQI_MUST_USE;

/*
 * Writes state and derived columns of one contract anew where they differ from its events: in a
 * unit of its customer, so that nothing that is happening to the contract is overwritten.
 */
enum status mend_derived(struct tx *tx, struct derived_key key) FENQI_MUST_USE;

/* How far check_books() has come. */
struct books_place {
    struct journal_key key;
    struct journal_end end; /* the entry before */
    struct money credit;    /* of the customer so far */
    bool done;
};

/*
 * Every entry balances and follows from the one before it by its hash; each customer's credit
 * balance is what the journal says; at the end, all debits equal all credits.
 */
enum status check_books(struct tx *tx, books_difference tell, void *context,
    struct books_place *place, struct books_report *report) FENQI_MUST_USE;

#endif
