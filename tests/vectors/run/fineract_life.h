/*
 * fineract_life.h: a published loan lived through our engine. Exports: struct life and its parts,
 * life_new(), life_do(), life_run().
 *
 * Operations become events of a contract and entries of a list of transactions, as the published
 * tables have them. life_run() replays the events that stand, by value date, and so finds what
 * each transaction paid; a transaction that was undone keeps what it showed last.
 */
#ifndef FENQI_TESTS_VECTORS_FINERACT_LIFE_H
#define FENQI_TESTS_VECTORS_FINERACT_LIFE_H

#include "fineract_loan.h"

#include "engine/contract.h"

enum { LIFE_TRANSACTIONS_MAX = 600, LIFE_CHARGES_MAX = 64, LIFE_RULES_MAX = 16 };

enum transaction_kind {
    TRANSACTION_DISBURSEMENT,
    TRANSACTION_DOWN_PAYMENT,
    TRANSACTION_REPAYMENT,
    TRANSACTION_GOODWILL,
    TRANSACTION_MERCHANT_REFUND,
    TRANSACTION_PAYOUT_REFUND,
    TRANSACTION_INTEREST_WAIVER,
    TRANSACTION_INTEREST_REFUND,
    TRANSACTION_CHARGE_ADJUSTMENT,
    TRANSACTION_CHARGEBACK,
    TRANSACTION_CREDIT_REFUND,
    TRANSACTION_CHARGE_OFF,
    TRANSACTION_TERMINATION,
    TRANSACTION_RE_AMORTISE,
    TRANSACTION_CHARGE, /* an event, but no row of the table */
    TRANSACTION_TERMS,  /* likewise: a pause, another rate or due day */
    TRANSACTION_ACCRUAL,
    TRANSACTION_ACCRUAL_ADJUSTMENT,
    TRANSACTION_ACCRUAL_ACTIVITY,
};
enum { TRANSACTION_KIND_COUNT = TRANSACTION_ACCRUAL_ACTIVITY + 1 };

struct transaction {
    enum transaction_kind kind;
    struct day day;
    struct money amount;
    bool has_event; /* accruals and summaries have none: their figures are set when made */
    bool reverted;
    bool replayed;
    bool stepped; /* by the run that is going on */
    bool fraud;   /* charged off as one */
    bool after_charge_off;
    bool shown; /* its figures were settled once: a later change of them is a replay */
    struct contract_event event;
    struct money portions[COMPONENT_COUNT];
    struct money overpaid;
    int32_t of; /* of a charge-back: which payment came back, by index; -1 none */
    struct money credit_parts[COMPONENT_COUNT];
    struct money from_credit; /* of what was overpaid before, used or given back by it */
    struct money balance;     /* principal outstanding after it */
    struct movement_line movements[MOVEMENT_COUNT];
    int32_t movement_count;
};

/* What an instalment got before and after its day, over the whole life. */
struct timing {
    struct money in_advance;
    struct money late;
};

struct life_charge {
    bool penalty;
    struct day due;
    struct day submitted;
    struct money amount;
};

struct life {
    struct fineract_loan loan;
    struct arena *arena;
    struct day today;    /* the business date */
    struct day as_of;    /* when the loan was last touched */
    struct day expected; /* day of the first drawdown as approved */
    const char *missing; /* why nothing further can be said; NULL while all was expressible */
    bool approved;
    bool termination; /* ended_day is of a debt called in */
    bool drawn;
    bool charged_off;
    bool fraud;
    bool charges_by_submitted; /* charges are earned when they are made, not when due */
    bool accrues_after_end;    /* a charge after the last instalment is earned at once */
    struct day summarised_to;
    struct day ended_day; /* charged off or called in; DAY_NONE: neither */
    const char *stale;    /* why the list of transactions cannot be compared; NULL when it can */
    bool closed;          /* everything is paid */
    struct day closed_to; /* the last day that was closed; DAY_NONE: none yet */
    int32_t count;
    struct transaction transactions[LIFE_TRANSACTIONS_MAX];
    int32_t charge_count;
    struct life_charge charges[LIFE_CHARGES_MAX];
    int32_t rule_count; /* changes of paying in advance that stand before the loan */
    const struct vector_line *rules[LIFE_RULES_MAX];
    /* Of the last life_run(): */
    struct contract_state *state;
    struct contract_update *update;
    struct timing *timings; /* an instalment each */
    struct money interest_recognised;
    struct money credit_used;
};

struct life *life_new(struct arena *arena);

/*
 * Does one operation. False when the line is none (an expectation); life->missing is set when the
 * engine cannot express it, and from then on nothing is done any more.
 */
bool life_do(struct life *life, const struct vector_line *line);

/* Replays to `until` (DAY_NONE: everything, then on to as_of). False when life->missing. */
bool life_run(struct life *life, struct day until);

/* What was paid beyond the debt and not given back, after life_run(). */
struct money life_overpaid(const struct life *life);

/* Interest earned up to `day`, after life_run() up to that day. */
struct money life_interest_earned(struct life *life, struct day day);

/* The close of a business day: what was earned up to the day before (fineract_accrual.c). */
void life_close_day(struct life *life, const struct vector_line *line);

/*
 * What a refund of `refund` on `day` gives back of the interest earned by then. False when the
 * engine cannot tell.
 */
bool life_interest_refund(
    struct life *life, struct day day, struct money refund, struct money *out);

/* Books what was earned up to `day` and was not booked yet. */
void life_book_to(struct life *life, struct day day);

/* The same without charges. */
void life_book_interest_to(struct life *life, struct day day);

/* A charge due after the last instalment, which is earned at once. */
void life_book_late_charge(struct life *life, bool penalty, struct day due, struct money amount);

/* What an event of `day` brings with it: the accruals of a loan that it ended. */
void life_after_event(struct life *life, struct day day);

/* Appends a transaction of a day; those of an event get theirs with it. */
struct transaction *life_add(
    struct life *life, enum transaction_kind kind, struct day day, struct money amount);

#endif
