/*
 * debts.h: one payment over several contracts. Exports: struct debt, spread_over_debts().
 *
 * What the customer says goes first; without it the order of the law (Civil Code of the PRC,
 * article 560). Rule R-0216.
 */
#ifndef FENQI_ENGINE_DEBTS_H
#define FENQI_ENGINE_DEBTS_H

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"

#include <stdbool.h>
#include <stdint.h>

struct debt {
    struct money owed;     /* >= 0, what of the payment this debt can take */
    bool due;              /* its day has come */
    struct money security; /* what secures it; 0 nothing */
    struct rate burden;    /* what it costs the debtor a year: penalty and interest */
    struct day due_day;
    int32_t choice; /* 1, 2, … the customer's own order; 0: not named */
};

/*
 * Spreads `amount` over debts[0..count): named ones in the customer's order, then the others by
 * the law: due before not due, less secured before more, heavier before lighter, earlier before
 * later, and equal ones in proportion to what is owed, whole fen, the remainder to the first of
 * them. Fills parts[0..count) and returns what no debt can take.
 */
struct money spread_over_debts(
    const struct debt *debts, int32_t count, struct money amount, struct money *parts);

#endif
