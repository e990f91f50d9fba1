/*
 * small_lives.h: every small life. Exports: struct small_life, small_lives().
 *
 * Every principal of 1 to 200 fen in 1 to 4 instalments by every method, with two payments: each of
 * some amounts, days and targets at which something turns (nothing left over, a fen short, a fen
 * too much, on the day, late), and then the first one reversed. Where one fen is a large part of
 * everything, a rounding that does not add up shows at once.
 */
#ifndef FENQI_TESTS_LAWS_SMALL_LIVES_H
#define FENQI_TESTS_LAWS_SMALL_LIVES_H

#include "engine/contract.h"

enum { SMALL_EVENTS_MAX = 3 };

struct small_life {
    long number;
    struct terms terms;
    int event_count; /* after activation; sequences are left to the caller */
    struct contract_event events[SMALL_EVENTS_MAX];
};

/* Calls `live` for every life whose number is `part` modulo `parts`; returns how many. */
long small_lives(long part, long parts, void (*live)(const struct small_life *life));

#endif
