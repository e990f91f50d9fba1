/*
 * collect_due.h: automatic repayment of one contract. Exports: enum collect_outcome, struct
 * collect_due, struct collect_answer, collect_due(), collect_after_failure(), collectable(),
 * autopay_sources_read().
 *
 * What is due and unpaid is collected (not what "is due today": a missed run loses nothing), never
 * more than that, from the first source that works: a failed debit falls back to the next source.
 * Each place (contract, day, run, source) is taken once, in the transaction that begins the debit,
 * so that a run that is repeated collects nothing twice.
 */
#ifndef FENQI_SERVICE_COLLECT_DUE_H
#define FENQI_SERVICE_COLLECT_DUE_H

#include "service/begin_payment.h"
#include "store/autopay.h"

enum { AUTOPAY_SOURCES_MAX = 3, AUTOPAY_RUNS = 2 };
#define OUTBOX_KIND_AUTOPAY_RUN "autopay_run"

enum collect_outcome {
    COLLECT_BEGUN,     /* a debit is on its way */
    COLLECT_PAID,      /* the credit balance paid everything */
    COLLECT_OFF,       /* automatic repayment is off */
    COLLECT_NOTHING,   /* nothing is due and unpaid */
    COLLECT_LIVE,      /* something of it is being collected already */
    COLLECT_NO_SOURCE, /* no source that may be tried is left in this run */
    COLLECT_BREAKER,   /* it would take more than the books say is owed: stopped */
};

struct collect_due {
    struct live_contract *contract; /* as it stands afterwards, when the balance paid */
    const struct autopay *autopay;  /* NULL: to be loaded */
    enum channel_mode mode;
    int32_t run;           /* 1, 2 of the business date */
    int32_t from_position; /* 1: the first source */
};

struct collect_answer {
    enum collect_outcome outcome;
    struct money from_credit; /* paid from the credit balance at once */
    struct money debit;       /* of the debit that was begun */
};

enum status collect_due(struct tx *tx, struct moment moment, const struct collect_due *command,
    struct collect_answer *answer) FENQI_MUST_USE;

/* An automatic debit has failed: the next source, or word to the customer and a later run. */
enum status collect_after_failure(
    struct tx *tx, struct moment moment, const struct payment *payment) FENQI_MUST_USE;

/* What of a contract is due on or before the day and unpaid. */
struct money collectable(
    const struct terms *terms, const struct contract_state *state, struct day day);

/* The later run of a day, left in the outbox by collect_after_failure(). */
enum status collect_later_run(
    struct tx *tx, struct moment moment, int64_t customer_id, const char *payload) FENQI_MUST_USE;

/* The ids of autopay.sources in order; at most AUTOPAY_SOURCES_MAX. */
size_t autopay_sources_read(const char *text, int64_t ids[AUTOPAY_SOURCES_MAX]);
const char *autopay_sources_write(struct arena *arena, const int64_t *ids, size_t count);

#endif
