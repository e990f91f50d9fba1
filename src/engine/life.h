/*
 * life.h: the parts of contract_step(), for the engine's own files. Exports: penalty_base(),
 * penalty_raw(), penalty_start(), touch_base(), close_if_paid(), refresh_states(),
 * allocate(), settle_keep(), settle(), refund_goods(), waive(), extend(), extension_cost(),
 * close_contract_if_settled().
 *
 * All work on a state that is already as of the event's day, on valid terms, and never refuse.
 */
#ifndef FENQI_ENGINE_LIFE_H
#define FENQI_ENGINE_LIFE_H

#include "engine/contract.h"

/* accrual.c */

/* What of the instalment bears penalty while it is overdue. */
struct money penalty_base(const struct terms *terms, const struct instalment *instalment);

/* Penalty at `base_days` before late fee and cap. */
struct money penalty_raw(const struct terms *terms, int64_t base_days);

/* The day from which an unpaid instalment bears penalty: due day, plus interest-free grace. */
struct day penalty_start(const struct terms *terms, const struct instalment *instalment);

/* To be called before anything but penalty of the instalment is paid, waived or moved. */
void touch_base(const struct contract_state *state, struct instalment *instalment);

/* Sets settled_day when nothing is left. */
void close_if_paid(const struct contract_state *state, struct instalment *instalment);

/* Recomputes instalment states and days overdue as of the state's day. */
void refresh_states(const struct terms *terms, struct contract_state *state);

/* Closes the contract when every instalment is closed; gives back cost above the cap (R-0046). */
void close_contract_if_settled(const struct terms *terms, struct contract_state *state);

/* allocation.c: spreads `amount`, returns what did not fit. */
struct money allocate(const struct terms *terms, struct contract_state *state, struct money amount,
    enum payment_target target, int32_t number);

/* settlement.c */

/* Interest and fee of one instalment that remain charged when the contract is settled today. */
struct settle_keep {
    struct money interest;
    struct money fee;
    struct money early_interest; /* inside: for a period that has not begun */
    struct money early_fee;
};

/* Fills keep[0..instalment_count) for every instalment, cap applied. */
void settle_keep(const struct terms *terms, const struct contract_state *state,
    struct settle_keep keep[INSTALMENTS_MAX]);

/* What settles today. */
struct money settle_total(
    const struct contract_state *state, const struct settle_keep keep[INSTALMENTS_MAX]);

/* Cancels what settling cancels, so that what is left is what settles. */
void settle_cancel(struct contract_state *state, const struct settle_keep keep[INSTALMENTS_MAX]);

/* amendment.c */
void waive(
    struct contract_state *state, enum component component, int32_t number, struct money amount);
struct money extension_cost(const struct terms *terms, const struct contract_state *state,
    int32_t number, int32_t days, int32_t *days_gained);
void extend(const struct terms *terms, struct contract_state *state, int32_t number, int32_t days);
void refund_goods(const struct terms *terms, struct contract_state *state, struct money amount);

#endif
