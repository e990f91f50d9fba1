/*
 * verify_books.h: the books and what is derived, held against the facts. Exports: struct
 * books_report, books_report_add(), struct derived_key, struct books_page, enum books_scope,
 * verify_customers(), mend_derived().
 *
 * A range of customers a call, all of it read from one snapshot by one statement a table: so a
 * large portfolio needs no more memory than a small one, threads can share the ranges, and whoever
 * writes beside it makes no difference: a unit is seen whole or not at all.
 */
#ifndef FENQI_SERVICE_VERIFY_BOOKS_H
#define FENQI_SERVICE_VERIFY_BOOKS_H

#include "store/customer_range.h"

struct books_report {
    int64_t contracts;       /* looked at */
    int64_t events;          /* replayed */
    int64_t entries;         /* of the journal */
    int64_t chains;          /* of hashes */
    int64_t payments;        /* looked at */
    int64_t days;            /* whose signed roots were looked at */
    int64_t debits, credits; /* of all entries, fen: the same, when they balance */
    int64_t differences;     /* 0: all is well */
};

void books_report_add(struct books_report *sum, const struct books_report *more);

struct derived_key {
    int64_t customer_id, contract_id;
};

/* One line of text, the customer and the number that staff can look for first. */
struct difference {
    const char *text;
    struct difference *next;
};

/* What was found in a range; memory of the unit's arena. */
struct books_page {
    struct books_report report;
    struct difference *first, **end;
    struct derived_key
        *differing; /* contracts whose state or columns are not those of the events */
    size_t differing_count, differing_room;
};

enum books_scope {
    BOOKS_DERIVED, /* terms and events replayed: state and columns of every contract */
    BOOKS_JOURNAL, /* that, and the journal and the credit balances */
    BOOKS_ALL,     /* that, and the payments */
};

/*
 * What must hold for every customer of the range. Of derived columns: they are what the events make
 * of the terms, and nothing is charged that the cost table does not name. Of the journal: every
 * entry balances and follows from the one before it by its hash; a chain ends where its contract or
 * credit balance says; what a contract's entries come to is what its events come to; a credit
 * balance is its account; nothing is left in clearing. Of payments: see verify_payments.c.
 * Sets *page anew. Reads only; a row that does not decode is a difference, not a failure.
 */
enum status verify_customers(struct tx *tx, struct customer_range range, enum books_scope scope,
    struct books_page *page) FENQI_MUST_USE;

/*
 * Writes state and derived columns of one contract anew where they differ from its events: in a
 * unit of its customer, so that nothing that is happening to the contract is overwritten.
 */
enum status mend_derived(struct tx *tx, struct derived_key key) FENQI_MUST_USE;

#endif
