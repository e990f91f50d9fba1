/*
 * level.h: the level instalment of plain plans, quickly and exactly. Exports: level_quickly().
 *
 * For plans whose rows all take the same level and repay everything. The general way stands in
 * schedule.c; where both answer they answer the same. Rule: R-0006.
 */
#ifndef FENQI_ENGINE_LEVEL_H
#define FENQI_ENGINE_LEVEL_H

#include "engine/interest.h"

/*
 * opening ÷ Σ of the discount factors of `count` rows, rounded: computed twice with errors that are
 * bounded from both sides. False when the bounds round apart, a row bears nothing or a growth does
 * not fit 62 bits: then it is the general way's to answer.
 */
bool level_quickly(struct money opening, const struct growth *growths, int32_t count,
    enum rounding rounding, struct money *level);

#endif
