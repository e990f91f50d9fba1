/*
 * generate.h: seeded random contracts and events. Exports: struct dice, roll(), pick(),
 * random_terms(), random_event().
 */
#ifndef FENQI_TESTS_LAWS_GENERATE_H
#define FENQI_TESTS_LAWS_GENERATE_H

#include "engine/contract.h"

struct dice {
    uint64_t state;
};

/* Dice of a seed; equal seeds roll equal. */
struct dice dice_of(uint64_t seed);

/* least..most, both included. */
int64_t roll(struct dice *dice, int64_t least, int64_t most);

/* true once in `times`. */
bool once_in(struct dice *dice, int64_t times);

/* Valid terms of every kind; amounts from a fen to a million yuan, many of them small. */
struct terms random_terms(struct dice *dice);

/*
 * A next event for `state`: mostly on or after its day, sometimes back-dated, sometimes one that
 * will be refused. `count` events stand before it.
 */
struct contract_event random_event(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, const struct contract_event *events, size_t count);

#endif
