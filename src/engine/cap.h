/*
 * cap.h: the all-in cap's measure of principal and time. Exports: period_day_weight(),
 * cap_time(), cap_charge_limit(), cap_cost_limit().
 *
 * Time is in parts per billion of a year; an allowance is fen × time × cap, so that a cap that
 * changes counts for its own days only. A day weighs what the contract's own day basis gives it,
 * rounded up, so that a contract at exactly the cap performs normally (R-0044).
 */
#ifndef FENQI_ENGINE_CAP_H
#define FENQI_ENGINE_CAP_H

#include "engine/contract.h"
#include "engine/interest.h"

/* Weight of one day of a period; NULL: after the last period. */
int64_t period_day_weight(const struct terms *terms, const struct period *period);

/* Weight of the days from..to (to excluded), by the scheduled periods; 0 when none. */
int64_t cap_time(
    const struct terms *terms, const struct contract_state *state, struct day from, struct day to);

/* The most that may be charged for `allowance`. */
struct money cap_charge_limit(int128 allowance);

/* The most that a contract may cost over its life. */
struct money cap_cost_limit(const struct terms *terms, int128 allowance);

#endif
