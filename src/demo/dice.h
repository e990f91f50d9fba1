/*
 * dice.h: repeatable chance for the demo. Exports: struct dice and its functions.
 *
 * SplitMix64: the same seed gives the same demo. Never for anything secret outside of a demo.
 */
#ifndef FENQI_DEMO_DICE_H
#define FENQI_DEMO_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

uint64_t dice_next(struct dice *dice);

/* A number from `low` to `high`, both included. */
int32_t dice_between(struct dice *dice, int32_t low, int32_t high);

/* True in `percent` of 100 throws. */
bool dice_chance(struct dice *dice, int32_t percent);

/* Fills `buffer`: stands in for the process's randomness while the demo is made. */
void dice_fill(void *dice, void *buffer, size_t size);

#endif
