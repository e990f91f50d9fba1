/*
 * cap.h: the all-in cap's measure of principal and time. Exports: period_day_weight(),
 * cap_time(), cap_charge_limit(), cap_cost_limit().
 *
 * Principal-time is fen × parts per billion of a year. A day weighs what the contract's own day
 * basis gives it, rounded up, so that a contract at exactly the cap performs normally (R-0044).
 */
#ifndef FENQI_ENGINE_CAP_H
#define FENQI_ENGINE_CAP_H

#include "engine/contract.h"

/* Weight of one day of period `number` (1-based, `days` long); number 0: after the last period. */
int64_t period_day_weight(const struct terms *terms, int32_t number, int32_t days);

/* Weight of the days from..to (to excluded), by the scheduled periods; 0 when none or no cap. */
int64_t cap_time(
    const struct terms *terms, const struct contract_state *state, struct day from, struct day to);

/* The most that may be charged on default for `principal_time`; only with a cap. */
struct money cap_charge_limit(const struct terms *terms, int128 principal_time);

/* The most that a contract may cost over its life; only with a cap. */
struct money cap_cost_limit(const struct terms *terms, int128 principal_time);

#endif
