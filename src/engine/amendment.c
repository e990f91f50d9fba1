/*
 * amendment.c: waivers, extensions, returned goods. Exports the amendment part of life.h. Rules
 * R-0057 to R-0062.
 */
#include "base/check.h"
#include "engine/cap.h"
#include "engine/life.h"
#include "engine/replan.h"

void cancel(struct contract_state *state, struct instalment *instalment, enum component component,
    struct money amount) {
    if (money_is_zero(amount))
        return;
    if (component != COMPONENT_PENALTY)
        touch_base(state, instalment);
    instalment->waived[component] = money_add(instalment->waived[component], amount);
}

void waive(
    struct contract_state *state, enum component component, int32_t number, struct money amount) {
    int32_t order[INSTALMENTS_MAX];
    order_by_day(state, order);
    for (int32_t at = 0; at < state->instalment_count; at++) {
        struct instalment *instalment = &state->instalments[order[at]];
        if (number != 0 && number != order[at] + 1)
            continue;
        struct money part = money_min(amount, instalment_owed(instalment, component));
        cancel(state, instalment, component, part);
        amount = money_subtract(amount, part);
        close_if_paid(state, instalment);
    }
}

struct money extension_cost(const struct terms *terms, const struct contract_state *state,
    int32_t number, int32_t days, int32_t *days_gained) {
    const struct instalment *instalment = &state->instalments[number - 1];
    struct day new_due = day_add(instalment->due_day, days);
    struct day from =
        day_compare(state->day, instalment->due_day) > 0 ? state->day : instalment->due_day;
    int32_t gained = 0;
    if (day_compare(from, new_due) < 0) /* uncovered: only a replay meets a shorter one */
        gained = days_between(from, new_due);
    *days_gained = gained;
    struct money cost = money_add(terms->extension.fee,
        money_fen(divide_rounded((int128)instalment_left(instalment).fen *
                                     terms->extension.daily_rate.per_billion * gained,
            RATE_UNIT, terms->rounding)));
    if (state->all_in_cap.per_billion > 0) {
        int128 allowance = (int128)instalment_owed(instalment, COMPONENT_PRINCIPAL).fen *
                           cap_time(terms, state, from, new_due) * state->all_in_cap.per_billion;
        cost = money_min(cost, cap_charge_limit(allowance));
    }
    return cost;
}

void extend(const struct terms *terms, struct contract_state *state, int32_t number, int32_t days) {
    if (number > state->instalment_count)
        return;
    struct instalment *instalment = &state->instalments[number - 1];
    if (!day_is_none(instalment->settled_day))
        return;
    int32_t gained;
    struct money cost = extension_cost(terms, state, number, days, &gained);
    touch_base(state, instalment);
    instalment->due_day = day_add(instalment->due_day, days);
    instalment->charged[COMPONENT_FEE] = money_add(instalment->charged[COMPONENT_FEE], cost);
    instalment->extension_fee = money_add(instalment->extension_fee, cost);
    state->extension_count++;
}

/* Principal charged and not cancelled, of instalment i and those that come after it. */
static void balances(const struct contract_state *state, int64_t balance[INSTALMENTS_MAX]) {
    int32_t order[INSTALMENTS_MAX];
    order_by_day(state, order);
    int64_t sum = 0;
    for (int32_t at = state->instalment_count - 1; at >= 0; at--) {
        const struct instalment *instalment = &state->instalments[order[at]];
        sum += instalment->charged[COMPONENT_PRINCIPAL].fen -
               instalment->waived[COMPONENT_PRINCIPAL].fen;
        balance[order[at]] = sum;
    }
}

/* Lowers one charge to `numerator`/`denominator` of itself, not below what is paid. */
static void scale_charge(const struct terms *terms, struct contract_state *state,
    struct instalment *instalment, enum component component, struct money fixed, int64_t numerator,
    int64_t denominator) {
    struct money net =
        money_subtract(instalment->charged[component], instalment->waived[component]);
    struct money kept = money_min(net, fixed);
    struct money scaled =
        money_scale(money_subtract(net, kept), numerator, denominator, terms->rounding);
    struct money target = money_max(money_add(kept, scaled), instalment->paid[component]);
    cancel(state, instalment, component, money_subtract(net, target));
}

/* All but principal: what a refund covers of that is cancelled already. */
static void cancel_costs(struct contract_state *state, struct instalment *instalment) {
    for (int c = 0; c < COMPONENT_PRINCIPAL; c++)
        cancel(
            state, instalment, (enum component)c, instalment_owed(instalment, (enum component)c));
}

/* Cancels principal from the last instalment back; returns what was no longer owed. */
static struct money cancel_principal(struct contract_state *state, struct money amount) {
    struct money left = amount;
    int32_t order[INSTALMENTS_MAX];
    order_by_day(state, order);
    for (int32_t at = state->instalment_count - 1; at >= 0; at--) {
        struct instalment *instalment = &state->instalments[order[at]];
        struct money part = money_min(left, instalment_owed(instalment, COMPONENT_PRINCIPAL));
        /* What is not yet due is no longer lent: it leaves the balance that bears interest. */
        if (day_compare(instalment->scheduled_day, state->day) > 0)
            state->interest_balance =
                money_max(MONEY_ZERO, money_subtract(state->interest_balance, part));
        cancel(state, instalment, COMPONENT_PRINCIPAL, part);
        left = money_subtract(left, part);
    }
    return left;
}

/* Interest and fee of the open instalments to come follow the principal (R-0062). */
static void scale_costs(const struct terms *terms, struct contract_state *state,
    const int64_t *before, const int64_t *after, int64_t price_before, int64_t price_after) {
    bool scales = terms->interest_on == INTEREST_ON_PLAN;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!day_is_none(instalment->settled_day))
            continue;
        if (price_after == 0) {
            cancel_costs(state, instalment);
        } else if (day_compare(instalment->scheduled_day, state->day) > 0) {
            if (before[i] > 0 && scales)
                scale_charge(
                    terms, state, instalment, COMPONENT_INTEREST, MONEY_ZERO, after[i], before[i]);
            scale_charge(terms, state, instalment, COMPONENT_FEE,
                money_add(instalment->extension_fee, instalment->added_fee), price_after,
                price_before);
        }
    }
}

void refund_goods(const struct terms *terms, struct contract_state *state, struct money amount) {
    int64_t before[INSTALMENTS_MAX];
    int64_t after[INSTALMENTS_MAX];
    int64_t price_before = state->drawn.fen - state->refunded_by_shop.fen;
    int64_t price_after = price_before - amount.fen;
    sweep_interest(terms, state);
    balances(state, before);
    struct money paid_before = cancel_principal(state, amount);
    balances(state, after);
    state->refund_to_customer = money_add(state->refund_to_customer, paid_before);
    state->refunded_by_shop = money_add(state->refunded_by_shop, amount);
    scale_costs(terms, state, before, after, price_before, price_after);
    restart_balance(terms, state);
    if (terms->interest_on == INTEREST_ON_OUTSTANDING && price_after > 0)
        project(terms, state);
    close_paid(state);
}
