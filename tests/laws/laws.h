/*
 * laws.h: what holds for every contract's life. Exports: enum law, law_text(), law_told(),
 * struct life, life_begin(), life_happen(), life_end(), life_print(), same_state().
 *
 * A life is begun with valid terms, told events, and ended; the laws are held on the way. Who uses
 * it says in law_told() what becomes of a law that is broken: the random and exhaustive lives of
 * run_laws count, the fuzzer stops.
 */
#ifndef FENQI_TESTS_LAWS_LAWS_H
#define FENQI_TESTS_LAWS_LAWS_H

#include "generate.h"
#include "ledger/trial_balance.h"

#include <stdio.h>

enum { EVENTS_MAX = 40 };

#define LAWS(LAW)                                                                                  \
    LAW(PLAN_SUMS, "the plan's principals are the principal, its parts are what is owed")          \
    LAW(REPLAY, "replaying all events gives the state kept step by step")                          \
    LAW(NOTHING_NEGATIVE, "nothing owed, paid or waived is negative")                              \
    LAW(CONSERVATION, "received = paid + overpaid; lent = paid + returned + owed")                 \
    LAW(BOOKS, "every entry balances and the books say what the state says")                       \
    LAW(UPDATE, "an update's lines are the difference of the states")                              \
    LAW(REFUSAL, "a refused event changes nothing")                                                \
    LAW(REVERSAL, "a payment that is reversed was never made")                                     \
    LAW(TIME, "day by day is the same as at once")                                                 \
    LAW(MORE, "paying more never leaves more owed")                                                \
    LAW(QUOTE, "what a quote says is what is charged")                                             \
    LAW(CAP, "the cap holds over everything charged")                                              \
    LAW(EXPLAINED, "explanations add up")                                                          \
    LAW(ENCODING, "encodings come back, broken ones are refused")                                  \
    LAW(ACTION, "nothing crosses between two action days")

enum law {
#define LAW(name, text) LAW_##name,
    LAWS(LAW)
#undef LAW
};
enum { LAW_COUNT = LAW_ACTION + 1 };

const char *law_text(enum law law);

/* Defined by the program: hears of every time that a law was held, at the given line of laws. */
void law_told(enum law law, bool holds, int line);

struct life {
    struct terms terms;
    struct contract_state state;
    struct contract_event events[EVENTS_MAX];
    size_t count;
    struct trial_balance balance;
    bool replays_each; /* hold the law of replay after each event, not only at the end */
    bool usual;        /* nothing of wide.h has been agreed or has happened */
};

/* A life with these valid terms, activated. */
void life_begin(struct life *life, const struct terms *terms, bool replays_each);

/* What the event was answered; a refused one leaves no trace. There must be room for it. */
enum contract_refusal life_happen(struct life *life, const struct contract_event *event);

/* Holds the laws of replay and reversal: what the events alone decide. */
void life_end(struct life *life);

/* Holds the laws of time, quotes, explanations and encodings at the end, where `dice` says. */
void life_ask(struct life *life, struct dice *dice);

/* Prints the life as a text case that run_cases plays, each line after `prefix`. */
void life_print(FILE *out, const struct life *life, const char *name, const char *prefix);

bool same_state(const struct contract_state *a, const struct contract_state *b);

#endif
