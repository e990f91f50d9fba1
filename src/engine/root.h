/*
 * root.h: where a function of the logarithm of 1 + rate is zero. Exports: struct balance,
 * balance_function, root_find().
 */
#ifndef FENQI_ENGINE_ROOT_H
#define FENQI_ENGINE_ROOT_H

#include "base/real.h"

/* A sum and the sum of its terms' absolute values, by which the sum counts as zero or not. */
struct balance {
    struct real value;
    struct real magnitude;
};

typedef struct balance balance_function(const void *context, struct real x);

/*
 * The zero of `function` that a search outward from `start` meets first, within ±limit (start
 * itself lies there). What is returned is an x at which |value| <= 2^-96 × magnitude, or at which
 * the value changes its sign within 2^-110 × max(|x|, 2^-60). Returns false when no change of sign
 * is met.
 */
bool root_find(balance_function *function, const void *context, struct real start,
    struct real limit, struct real *root);

#endif
