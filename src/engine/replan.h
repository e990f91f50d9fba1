/*
 * replan.h: interest and principal of what is still to come. Exports: sweep_interest(), project(),
 * relevel(), interest_to_date(), clip_in_advance(), instalment_period(), state_rates(),
 * is_to_replan(), principal_outstanding(), restart_balance().
 *
 * With interest on the plan nothing here is needed until the plan changes; with interest on the
 * outstanding balance it runs at every event and every period's end. Rules: R-0141 to R-0149.
 */
#ifndef FENQI_ENGINE_REPLAN_H
#define FENQI_ENGINE_REPLAN_H

#include "engine/contract.h"
#include "engine/interest.h"

struct period instalment_period(
    const struct terms *terms, const struct contract_state *state, int32_t i);
struct rates state_rates(const struct contract_state *state);

/*
 * Whether the instalment is one of those that a new plan is made of: regular, open, its period and
 * its due day not over, and not due by the plan today.
 */
bool is_to_replan(const struct contract_state *state, const struct instalment *instalment);

/* Drawn and charged back, less what was paid and cancelled of it. */
struct money principal_outstanding(const struct contract_state *state);

/*
 * Brings the exact sums of interest up to the state's day on the balance as it was so far. To be
 * called before anything that changes the balance, the rates or the periods.
 */
void sweep_interest(const struct terms *terms, struct contract_state *state);

/* Sets the balance that bears interest from the state's day on, after principal has changed. */
void restart_balance(const struct terms *terms, struct contract_state *state);

/*
 * Derives charged interest and principal of the open regular instalments that are not past, as if
 * all that is overdue were paid today and the rest on its day.
 */
void project(const struct terms *terms, struct contract_state *state);

/* Solves the open regular instalments that are still to come to a new level or new shares. */
void relevel(const struct terms *terms, struct contract_state *state);

/* What each instalment's interest would be if nothing bore interest after the state's day. */
void interest_to_date(const struct terms *terms, const struct contract_state *state,
    struct money to_date[INSTALMENTS_MAX]);

/*
 * With interest on the outstanding balance: lets an instalment that is paid in advance take
 * interest only up to today and principal for the rest of its level, at most `room`; all of that
 * when it is the last one that is open.
 */
void clip_in_advance(
    struct instalment *instalment, struct money interest_to_date, struct money room, bool is_last);

#endif
