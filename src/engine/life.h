/*
 * life.h: the parts of contract_step(), for the engine's own files. Exports what stands under the
 * files' names below.
 *
 * All work on a state that is already as of the event's day, on valid terms, and never refuse.
 */
#ifndef FENQI_ENGINE_LIFE_H
#define FENQI_ENGINE_LIFE_H

#include "engine/contract.h"

/* quote.c: `state` moved to `day`, into `then`. */
void state_on(const struct terms *terms, const struct contract_state *state, struct day day,
    struct contract_state *then);

/* event_check.c: form and fields of an event, then what the day's circumstances allow. */
enum contract_refusal check_event(const struct terms *terms, const struct contract_state *state,
    const struct contract_event *event);
enum contract_refusal check_circumstances(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event);

/* event_check.c: whether the instalments and rates that the event may add fit. */
bool has_room(const struct contract_state *state, const struct contract_event *event);

/* apply.c: applies a fact; `is_void`: it was reversed, only its day and its number count. */
void apply_event(const struct terms *terms, struct contract_state *state,
    const struct contract_event *event, bool is_void);

/* accrual.c */

/* What of the instalment bears penalty while it is overdue. */
struct money penalty_base(const struct terms *terms, const struct instalment *instalment);

/* The daily rate of penalty, under the ceiling of the contract's own rate (R-0201). */
struct rate penalty_rate(const struct terms *terms);

/* Penalty of the accumulators before late fee, added penalties and cap. */
struct money penalty_raw(const struct terms *terms, int64_t base_days);

/* Penalty on overdue interest, where the terms compound it. */
struct money penalty_compound(const struct terms *terms, int64_t base_days);

/* The day from which an unpaid instalment bears penalty: due day, plus interest-free grace. */
struct day penalty_start(const struct terms *terms, const struct instalment *instalment);

/* To be called before anything but penalty of the instalment is paid, waived or moved. */
void touch_base(const struct contract_state *state, struct instalment *instalment);

/* Sets settled_day when nothing is left; of one instalment, of all. */
void close_if_paid(const struct contract_state *state, struct instalment *instalment);
void close_paid(struct contract_state *state);

/* Recomputes instalment states and days overdue as of the state's day. */
void refresh_states(const struct terms *terms, struct contract_state *state);

/* Closes the contract when every instalment is closed; gives back cost above the cap (R-0046). */
void close_contract_if_settled(const struct terms *terms, struct contract_state *state);

/*
 * allocation.c: spreads `amount` by the order of its source, returns what did not fit. `settles`:
 * what settling cancels is cancelled already.
 */
struct money allocate(const struct terms *terms, struct contract_state *state, struct money amount,
    enum payment_source source, enum payment_target target, int32_t number, bool settles);

/* The rows by scheduled day, then by number: how rules go through them "by number" (R-0140). */
void order_by_day(const struct contract_state *state, int32_t order[INSTALMENTS_MAX]);

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

/* The same before the cap cuts it: what has accrued, where nothing is settled. */
void settle_keep_by_rule(const struct terms *terms, const struct contract_state *state,
    struct settle_keep keep[INSTALMENTS_MAX]);

/* What settles today. */
struct money settle_total(
    const struct contract_state *state, const struct settle_keep keep[INSTALMENTS_MAX]);

/* Cancels what settling cancels, so that what is left is what settles. */
void settle_cancel(struct contract_state *state, const struct settle_keep keep[INSTALMENTS_MAX]);

/* amendment.c */
void cancel(struct contract_state *state, struct instalment *instalment, enum component component,
    struct money amount);
void waive(
    struct contract_state *state, enum component component, int32_t number, struct money amount);
struct money extension_cost(const struct terms *terms, const struct contract_state *state,
    int32_t number, int32_t days, int32_t *days_gained);
void extend(const struct terms *terms, struct contract_state *state, int32_t number, int32_t days);
void refund_goods(const struct terms *terms, struct contract_state *state, struct money amount);

/* drawing.c: activation, drawdowns, charges, charge-backs */
void activate(const struct terms *terms, struct contract_state *state);
void draw_down(const struct terms *terms, struct contract_state *state, struct money amount);
void add_charge(struct contract_state *state, enum component component, struct day due_day,
    struct money amount);
void charge_back(const struct terms *terms, struct contract_state *state, struct money amount,
    const struct money parts[COMPONENT_COUNT]);
/* A fresh open instalment at the end of the list, which has room for it. */
struct instalment *append_instalment(struct contract_state *state, enum instalment_kind kind,
    struct day period_start, struct day scheduled_day, struct day due_day);

/* reschedule.c: what changes the plan of what is still to come */

/* After a sweep and a change: solves anew what is to come, or only derives it anew. */
void replan(const struct terms *terms, struct contract_state *state, bool to_new_level);
void change_rate(const struct terms *terms, struct contract_state *state, struct rate rate,
    enum plan_effect effect);
void pause_interest(
    const struct terms *terms, struct contract_state *state, struct day from, int32_t days);
void change_due_day(
    const struct terms *terms, struct contract_state *state, int32_t number, struct day due_day);
void move_instalments(
    const struct terms *terms, struct contract_state *state, int32_t number, int32_t days);
void prepay_principal(const struct terms *terms, struct contract_state *state, struct money amount,
    enum plan_effect effect);
void re_age(
    const struct terms *terms, struct contract_state *state, int32_t count, struct day first_day);
void re_amortise(const struct terms *terms, struct contract_state *state);
void accelerate(const struct terms *terms, struct contract_state *state);

/* closing.c: the debt is given up or changes hands */
void charge_off(const struct terms *terms, struct contract_state *state);
void write_off(const struct terms *terms, struct contract_state *state);
void sell(const struct terms *terms, struct contract_state *state, struct money price);

/*
 * difference.c: of instalment index `i`, the interest or fee that is income by now (R-0220).
 * `to_date`: interest_to_date() where accrues_daily(), else NULL.
 */
struct money recognised(const struct terms *terms, const struct contract_state *state, int32_t i,
    enum component component, const struct money *to_date);
bool accrues_daily(const struct terms *terms, const struct contract_state *state);

#endif
