/*
 * accrual.c: what time does to a contract. Exports contract_advance() and the accrual part of
 * life.h.
 *
 * Accumulators are exact sums of base × days; penalty is rounded once, from the accumulator. That
 * is why advancing day by day and advancing at once give the same fen (R-0040, R-0041).
 */
#include "base/check.h"
#include "engine/cap.h"
#include "engine/delinquency.h"
#include "engine/life.h"
#include "engine/replan.h"

struct money instalment_owed(const struct instalment *instalment, enum component component) {
    return money_fen(instalment->charged[component].fen - instalment->paid[component].fen -
                     instalment->waived[component].fen);
}

struct money instalment_left(const struct instalment *instalment) {
    int64_t left = 0;
    for (int c = 0; c < COMPONENT_COUNT; c++)
        left += instalment_owed(instalment, (enum component)c).fen;
    return money_fen(left);
}

struct money contract_left(const struct contract_state *state) {
    int64_t left = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        left += instalment_left(&state->instalments[i]).fen;
    return money_fen(left);
}

struct money contract_principal_left(const struct contract_state *state) {
    int64_t left = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        left += instalment_owed(&state->instalments[i], COMPONENT_PRINCIPAL).fen;
    return money_fen(left);
}

struct money penalty_base(const struct terms *terms, const struct instalment *instalment) {
    int64_t base = 0;
    if (terms->penalty.on_principal)
        base += instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
    if (terms->penalty.on_interest)
        base += instalment_owed(instalment, COMPONENT_INTEREST).fen;
    if (terms->penalty.on_fee)
        base += instalment_owed(instalment, COMPONENT_FEE).fen;
    return money_fen(base);
}

struct rate penalty_rate(const struct terms *terms) {
    struct rate rate = terms->penalty.daily_rate;
    if (terms->penalty.contract_multiple.per_billion == 0)
        return rate;
    const int32_t year_days = terms->day_basis == DAY_BASIS_ACT_365 ? 365 : 360;
    int64_t most = divide_rounded(
        (int128)terms->annual_rate.per_billion * terms->penalty.contract_multiple.per_billion,
        (int128)RATE_UNIT * year_days, ROUND_FLOOR);
    return rate.per_billion < most ? rate : (struct rate){most};
}

struct money penalty_raw(const struct terms *terms, int64_t base_days) {
    return money_fen(multiply_divide_rounded(
        base_days, penalty_rate(terms).per_billion, RATE_UNIT, terms->rounding));
}

struct money penalty_compound(const struct terms *terms, int64_t base_days) {
    return money_fen(multiply_divide_rounded(
        base_days, terms->penalty.compound_rate.per_billion, RATE_UNIT, terms->rounding));
}

struct day penalty_start(const struct terms *terms, const struct instalment *instalment) {
    return day_add(instalment->due_day,
        terms->penalty.grace_kind == GRACE_INTEREST_FREE ? terms->penalty.grace_days : 0);
}

void touch_base(const struct contract_state *state, struct instalment *instalment) {
    if (instalment->penalty_base_days == 0)
        return;
    instalment->penalty_mark_day = state->day;
    instalment->penalty_mark_base_days = instalment->penalty_base_days;
}

void close_if_paid(const struct contract_state *state, struct instalment *instalment) {
    if (day_is_none(instalment->settled_day) && money_is_zero(instalment_left(instalment)))
        instalment->settled_day = state->day;
}

void close_paid(struct contract_state *state) {
    for (int32_t i = 0; i < state->instalment_count; i++)
        close_if_paid(state, &state->instalments[i]);
}

/* Days of from..to that lie on or after `since`. */
static int32_t days_since(struct day since, struct day from, struct day to) {
    struct day begin = day_compare(from, since) < 0 ? since : from;
    return day_compare(begin, to) < 0 ? days_between(begin, to) : 0;
}

/* The late fee of an instalment that has just become late (R-0042, R-0202). */
static struct money late_fee_of(const struct terms *terms, const struct instalment *instalment) {
    struct money fee = terms->penalty.late_fee;
    if (terms->penalty.late_fee_rate.per_billion > 0) {
        struct money base = money_subtract(
            instalment_left(instalment), instalment_owed(instalment, COMPONENT_PENALTY));
        fee = money_add(fee, money_scale(base, terms->penalty.late_fee_rate.per_billion, RATE_UNIT,
                                 terms->rounding));
    }
    if (money_is_positive(terms->penalty.late_fee_most))
        fee = money_min(fee, terms->penalty.late_fee_most);
    return fee;
}

static struct money penalty_to_date(
    const struct terms *terms, const struct instalment *instalment) {
    struct money charge =
        money_add(penalty_raw(terms, instalment->penalty_base_days), instalment->late_fee);
    if (terms->penalty.compound_rate.per_billion > 0)
        charge = money_add(charge, penalty_compound(terms, instalment->compound_base_days));
    return charge;
}

static void accrue(const struct terms *terms, const struct contract_state *state,
    struct instalment *instalment, struct day day) {
    struct day start = penalty_start(terms, instalment);
    int32_t days = days_since(start, state->day, day);
    instalment->penalty_base_days += penalty_base(terms, instalment).fen * days;
    if (terms->penalty.compound_rate.per_billion > 0)
        instalment->compound_base_days +=
            instalment_owed(instalment, COMPONENT_INTEREST).fen * days;
    bool capped = state->all_in_cap.per_billion > 0;
    if (capped) {
        struct day since =
            day_compare(state->day, instalment->due_day) < 0 ? instalment->due_day : state->day;
        instalment->overdue_allowance +=
            (int128)instalment_owed(instalment, COMPONENT_PRINCIPAL).fen *
            cap_time(terms, state, since, day) * state->all_in_cap.per_billion;
    }
    if (day_compare(day, start) > 0 && money_is_zero(instalment->late_fee))
        instalment->late_fee = late_fee_of(terms, instalment);
    struct money charge = penalty_to_date(terms, instalment);
    if (capped)
        charge = money_min(charge, cap_charge_limit(instalment->overdue_allowance));
    charge = money_add(charge, instalment->added_penalty);
    /* A lower cap from a later day on does not take back what was already owed. */
    instalment->charged[COMPONENT_PENALTY] =
        money_max(charge, instalment->charged[COMPONENT_PENALTY]);
}

static enum instalment_state state_of(
    const struct terms *terms, const struct instalment *instalment, struct day day) {
    if (!day_is_none(instalment->settled_day)) {
        struct money principal = instalment->charged[COMPONENT_PRINCIPAL];
        bool cancelled = money_is_positive(principal) &&
                         money_compare(instalment->waived[COMPONENT_PRINCIPAL], principal) == 0;
        return cancelled ? INSTALMENT_REFUNDED : INSTALMENT_SETTLED;
    }
    if (day_compare(day, instalment->due_day) > 0)
        return INSTALMENT_OVERDUE;
    struct day window = day_add(instalment->due_day, -terms->due_window_days);
    return day_compare(day, window) >= 0 ? INSTALMENT_DUE : INSTALMENT_UPCOMING;
}

void refresh_states(const struct terms *terms, struct contract_state *state) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        instalment->state = state_of(terms, instalment, state->day);
    }
    state->days_overdue = days_past_due(state, state->day);
}

/* Penalty and the cap's measure over days in which nothing else changes. */
static void pass_days(const struct terms *terms, struct contract_state *state, struct day day) {
    if (state->all_in_cap.per_billion > 0 && state->status == CONTRACT_ACTIVE)
        state->principal_allowance += (int128)contract_principal_left(state).fen *
                                      cap_time(terms, state, state->day, day) *
                                      state->all_in_cap.per_billion;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (day_is_none(instalment->settled_day) && day_compare(day, instalment->due_day) > 0)
            accrue(terms, state, instalment, day);
    }
    state->day = day;
}

static bool is_between(struct day day, struct day after, struct day before) {
    return day_compare(day, after) > 0 && day_compare(day, before) < 0;
}

/* The first day after the state's, at most `day`, on which a period ends or an instalment is due.
 */
static struct day next_period_end(const struct contract_state *state, struct day day) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (instalment->kind != INSTALMENT_REGULAR)
            continue;
        if (is_between(instalment->scheduled_day, state->day, day))
            day = instalment->scheduled_day;
        if (is_between(instalment->due_day, state->day, day))
            day = instalment->due_day;
    }
    return day;
}

static bool is_period_end(const struct contract_state *state, struct day day) {
    for (int32_t i = 0; i < state->instalment_count; i++)
        if (state->instalments[i].kind == INSTALMENT_REGULAR &&
            (day_compare(state->instalments[i].scheduled_day, day) == 0 ||
                day_compare(state->instalments[i].due_day, day) == 0))
            return true;
    return false;
}

void contract_advance(const struct terms *terms, struct contract_state *state, struct day day) {
    if (state->status == CONTRACT_NEW || day_compare(day, state->day) <= 0)
        return;
    bool recalculates =
        terms->interest_on == INTEREST_ON_OUTSTANDING && state->status == CONTRACT_ACTIVE;
    while (day_compare(state->day, day) < 0) {
        struct day to = recalculates ? next_period_end(state, day) : day;
        pass_days(terms, state, to);
        if (!recalculates)
            continue;
        project(terms, state);
        if (is_period_end(state, to)) {
            sweep_interest(terms, state);
            close_paid(state);
        }
    }
    refresh_states(terms, state);
}

void close_contract_if_settled(const struct terms *terms, struct contract_state *state) {
    int64_t cost = 0;
    if (state->status == CONTRACT_WRITTEN_OFF || state->status == CONTRACT_SOLD)
        return;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (day_is_none(instalment->settled_day))
            return;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            cost += c == COMPONENT_PRINCIPAL ? 0 : instalment->paid[c].fen;
    }
    if (state->status == CONTRACT_ACTIVE)
        state->closed_day = state->day;
    if (money_is_positive(state->refunded_by_shop) &&
        money_compare(state->refunded_by_shop, state->drawn) == 0) {
        state->status = CONTRACT_REFUNDED;
        state->rebated = money_fen(cost);
    } else if (state->status == CONTRACT_ACTIVE) {
        state->status = CONTRACT_SETTLED;
        if (state->principal_allowance > 0 || state->all_in_cap.per_billion > 0)
            state->rebated = money_max(MONEY_ZERO,
                money_subtract(money_fen(cost), cap_cost_limit(terms, state->principal_allowance)));
    }
}
