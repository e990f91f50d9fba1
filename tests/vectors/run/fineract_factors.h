/*
 * fineract_factors.h: rate factors and unrounded interest to published digits. Exports:
 * factor_agrees(), table_factors().
 */
#ifndef FENQI_TESTS_VECTORS_FINERACT_FACTORS_H
#define FENQI_TESTS_VECTORS_FINERACT_FACTORS_H

#include "kind.h"

#include "base/rounding.h"

/* Whether numerator / denominator, rounded half to even, is the published decimal. */
bool factor_agrees(const char *published, int128 numerator, int128 denominator);

/*
 * A case of kind `fineract_emi` that is a table of factors of monthly periods: false when it is
 * none. "rate_factor BASIS RATE" or "fn_value BASIS RATE", "from DAY", "expected FACTOR…".
 */
bool table_factors(const struct vector_case *one, struct tally *tally);

#endif
