/*
 * books_check.h: what the parts of `fenqi verify` share: the rows of a range of customers, and how
 * a difference is told. Exports: struct check, struct chain_sums, struct source_sums, struct name,
 * check_start(), plus(), differ(), name_of(), contract_name(), chain_name(), contract_place(),
 * verify_journal(), verify_payments(), verify_derived().
 */
#ifndef FENQI_SERVICE_BOOKS_CHECK_H
#define FENQI_SERVICE_BOOKS_CHECK_H

#include "base/public_number.h"
#include "service/verify_books.h"
#include "store/credit_balance.h"
#include "store/journal.h"
#include "store/stored_contract.h"

/* What the entries of a contract's chain, or of a customer's own, come to. */
struct chain_sums {
    struct journal_end end;
    int64_t net[ACCOUNT_COUNT]; /* debits minus credits, fen */
};

/* What the entries that one thing caused moved; at first one row an entry, in any order. */
struct source_sums {
    int64_t customer_id, source_id;
    int64_t channel, credit; /* debits minus credits, fen */
    bool explained;          /* a payment of that number was seen */
};

/* A range under way. All arrays are in the order of their keys. */
struct check {
    struct tx *tx;
    struct books_page *page;
    struct stored_contract *contracts;
    struct chain_sums *sums; /* one a contract */
    size_t contract_count;
    struct stored_event *events;
    size_t event_count;
    struct source_sums *sources;
    size_t source_count, source_room;
};

void check_start(struct check *check, struct tx *tx, struct books_page *page);

/* Sums of what may be anything: wraps round where money_add() would end the program. */
int64_t plus(int64_t a, int64_t b);

/* Counts a difference and notes it; the text is cut after 239 bytes. */
void differ(const struct check *check, const char *format, ...) FENQI_PRINTF(2, 3);

/* "P…", by which staff find it; bare numbers when they cannot be ones of ours. */
struct name {
    char text[64];
};
struct name name_of(enum public_number_kind kind, int64_t customer_id, int64_t id);
/* "order D…" */
struct name contract_name(const struct stored_contract *contract);
/* The same of a chain of entries or a contract that events are of; chain 0: "customer 17". */
struct name chain_name(const struct check *check, int64_t customer_id, int64_t chain_id);

/* The place of a contract in check->contracts; contract_count when it has none. */
size_t contract_place(const struct check *check, int64_t customer_id, int64_t contract_id);

/* Reads and checks the journal and the credit balances; fills sums and sources. */
enum status verify_journal(struct check *check, struct customer_range range) FENQI_MUST_USE;

/* Reads and checks payments and collections against contracts, events and sources. */
enum status verify_payments(struct check *check, struct customer_range range) FENQI_MUST_USE;

/* Checks what is derived; with sums also that the journal is what the events come to. */
enum status verify_derived(struct check *check, bool with_sums) FENQI_MUST_USE;

#endif
