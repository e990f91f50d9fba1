/*
 * explain.h: why a figure is what it is. Exports: enum explain_kind, struct explain_line,
 * struct explanation, explain_instalment(), explain_settle(), explain_extension().
 *
 * The lines of an explanation add up to its total. Words are made by others from the kind; base,
 * rate and days are the numbers to put into them (0 where the kind has none).
 */
#ifndef FENQI_ENGINE_EXPLAIN_H
#define FENQI_ENGINE_EXPLAIN_H

#include "engine/quote.h"

enum explain_kind {
    EXPLAIN_PRINCIPAL,
    EXPLAIN_INTEREST_MONTH, /* base opening balance, annual rate, one month */
    EXPLAIN_INTEREST_DAYS,  /* base opening balance, annual rate, days */
    EXPLAIN_FEE,            /* base original principal, period rate */
    EXPLAIN_PENALTY,        /* base overdue amount, daily rate, days */
    EXPLAIN_PENALTY_BEFORE, /* penalty from before the base last changed */
    EXPLAIN_LATE_FEE,
    EXPLAIN_PENALTY_CAPPED,   /* negative: what the all-in cap cut off; rate the cap */
    EXPLAIN_EXTENSION_FEE,    /* base what was left, daily rate, days gained (0: fixed part) */
    EXPLAIN_INTEREST_MOVED,   /* of other instalments: re-aged, or charged back */
    EXPLAIN_ADDED_FEE,        /* charges added later */
    EXPLAIN_PENALTY_COMPOUND, /* on overdue interest, daily rate */
    EXPLAIN_ADDED_PENALTY,    /* penalties charged by the case */
    EXPLAIN_PAID,             /* negative */
    EXPLAIN_WAIVED,           /* negative */
    /* Settlement only; amounts are what is still to be paid. */
    EXPLAIN_INTEREST_PAST,    /* of periods that are over */
    EXPLAIN_INTEREST_TO_DATE, /* base the running period's interest, days of it so far */
    EXPLAIN_EARLY_INTEREST,   /* of periods that have not begun */
    EXPLAIN_FEE_PAST,
    EXPLAIN_FEE_TO_DATE,
    EXPLAIN_EARLY_FEE,
    EXPLAIN_PENALTY_TOTAL,
};
enum { EXPLAIN_KIND_COUNT = EXPLAIN_PENALTY_TOTAL + 1, EXPLAIN_LINES_MAX = 16 };

struct explain_line {
    enum explain_kind kind;
    int32_t instalment; /* 1-based; 0 for lines over several */
    struct money base;
    struct rate rate; /* of a year, a period or a day, by the kind */
    int32_t days;
    struct money amount;
};

struct explanation {
    struct money total;
    int32_t count;
    struct explain_line lines[EXPLAIN_LINES_MAX];
};

/* What is left of instalment `number` on `day`. */
void explain_instalment(const struct terms *terms, const struct contract_state *state,
    struct day day, int32_t number, struct explanation *explanation);

/* What settles the contract on `day`, over all instalments together. */
void explain_settle(const struct terms *terms, const struct contract_state *state, struct day day,
    struct explanation *explanation);

/* What an extension costs. */
void explain_extension(const struct terms *terms, const struct contract_state *state,
    struct day day, int32_t number, int32_t days, struct explanation *explanation);

/* "principal", "interest_month" …: stable key for the texts. */
const char *explain_kind_name(enum explain_kind kind);

#endif
