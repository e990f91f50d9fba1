/*
 * dice.c: repeatable chance for the demo. See dice.h.
 */
#include "demo/dice.h"

#include "base/check.h"

#include <string.h>

uint64_t dice_next(struct dice *dice) {
    uint64_t mixed = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

int32_t dice_between(struct dice *dice, int32_t low, int32_t high) {
    check(low <= high);
    return low + (int32_t)(dice_next(dice) % (uint64_t)(high - low + 1));
}

bool dice_chance(struct dice *dice, int32_t percent) {
    return dice_between(dice, 1, 100) <= percent;
}

void dice_fill(void *dice, void *buffer, size_t size) {
    uint8_t *at = buffer;
    while (size > 0) {
        uint64_t word = dice_next(dice);
        size_t take = size < sizeof word ? size : sizeof word;
        memcpy(at, &word, take);
        at += take;
        size -= take;
    }
}
