/*
 * generate.h: seeded random contracts and events. Exports: struct dice, dice_of(),
 * dice_of_bytes(), roll(), once_in(), random_terms(), try_random_terms(), random_event().
 */
#ifndef FENQI_TESTS_LAWS_GENERATE_H
#define FENQI_TESTS_LAWS_GENERATE_H

#include "engine/contract.h"

/* Dice rolled by a seed, or by bytes that a fuzzer chose. */
struct dice {
    uint64_t state;
    const uint8_t *bytes; /* NULL: by the seed */
    size_t left;
    bool wide; /* terms and events beyond the usual too (wide.h) */
};

/* Dice of a seed; equal seeds roll equal. */
struct dice dice_of(uint64_t seed);

/* Dice that take what they roll from `bytes`; when these end, every roll is the least. */
struct dice dice_of_bytes(const uint8_t *bytes, size_t count);

/* least..most, both included. */
int64_t roll(struct dice *dice, int64_t least, int64_t most);

/* true once in `times`. */
bool once_in(struct dice *dice, int64_t times);

/* Valid terms of every kind; amounts from a fen to a million yuan, many of them small. */
struct terms random_terms(struct dice *dice);

/* The same, but one try: false when what was rolled is refused. */
bool try_random_terms(struct dice *dice, struct terms *terms);

/*
 * A next event for `state`: mostly on or after its day, sometimes back-dated, sometimes one that
 * will be refused. `count` events stand before it.
 */
struct contract_event random_event(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, const struct contract_event *events, size_t count);

#endif
