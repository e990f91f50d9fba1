/*
 * drawing.c: what a contract owes comes to be: activation, drawdowns, charges, charge-backs.
 * Exports the drawing part of life.h. Rules R-0150 to R-0153, R-0171 to R-0174.
 */
#include "base/check.h"
#include "engine/life.h"
#include "engine/replan.h"
#include "engine/schedule.h"

#include <string.h>

struct instalment *append_instalment(struct contract_state *state, enum instalment_kind kind,
    struct day period_start, struct day scheduled_day, struct day due_day) {
    check(state->instalment_count < INSTALMENTS_MAX);
    struct instalment *instalment = &state->instalments[state->instalment_count++];
    memset(instalment, 0, sizeof *instalment);
    instalment->kind = kind;
    instalment->period_start = period_start;
    instalment->scheduled_day = scheduled_day;
    instalment->due_day = due_day;
    instalment->settled_day = DAY_NONE;
    instalment->penalty_mark_day = DAY_NONE;
    return instalment;
}

void activate(const struct terms *terms, struct contract_state *state) {
    struct schedule schedule;
    struct rate_step room[RATE_STEPS_MAX + 1];
    schedule_build(terms, &schedule);
    struct rates rates = terms_rates(terms, room);
    state->status = CONTRACT_ACTIVE;
    state->day = terms->start_day;
    state->drawn = terms->principal;
    state->all_in_cap = terms->all_in_cap;
    state->interest_mark_day = terms->start_day;
    state->interest_balance =
        terms->interest_on == INTEREST_ON_OUTSTANDING ? terms->principal : schedule.rows[0].opening;
    state->rate_count = rates.count;
    for (int32_t i = 0; i < rates.count; i++)
        state->rates[i] = rates.steps[i];
    for (int32_t i = 0; i < schedule.count; i++) {
        const struct schedule_row *row = &schedule.rows[i];
        struct instalment *instalment =
            append_instalment(state, row->kind, row->period.start, row->period.end, row->due_day);
        instalment->by_days = row->period.by_days;
        instalment->level = row->level;
        instalment->charged[COMPONENT_PRINCIPAL] = row->principal;
        instalment->charged[COMPONENT_INTEREST] = row->interest;
        instalment->charged[COMPONENT_FEE] = row->fee;
        instalment->subsidy = row->subsidy;
        /* Of a cent in twelve instalments eleven owe nothing. */
        close_if_paid(state, instalment);
    }
}

static void reopen_contract(struct contract_state *state) {
    if (state->status != CONTRACT_SETTLED)
        return;
    state->status = CONTRACT_ACTIVE;
    state->closed_day = DAY_NONE;
    state->rebated = MONEY_ZERO;
}

/*
 * Instalments to come that were closed can take principal again: with interest on the outstanding
 * balance all of them, on the plan those of which nothing was paid or cancelled.
 */
static void reopen_coming(const struct terms *terms, struct contract_state *state) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        int64_t paid = 0;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            paid += instalment->paid[c].fen + instalment->waived[c].fen;
        if (instalment->kind == INSTALMENT_REGULAR &&
            (paid == 0 || terms->interest_on == INTEREST_ON_OUTSTANDING) &&
            day_compare(instalment->scheduled_day, state->day) > 0)
            instalment->settled_day = DAY_NONE;
    }
}

/* The regular instalment in whose period `day` lies; NULL after the last one. */
static struct instalment *instalment_of_day(struct contract_state *state, struct day day) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (instalment->kind == INSTALMENT_REGULAR &&
            day_compare(day, instalment->scheduled_day) <= 0)
            return instalment;
    }
    return NULL;
}

/* The row after the last instalment, due on the latest of the days that it was needed for. */
static struct instalment *added_instalment(struct contract_state *state, struct day day) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (instalment->kind != INSTALMENT_ADDED)
            continue;
        if (day_compare(instalment->due_day, day) < 0) {
            touch_base(state, instalment);
            instalment->period_start = day;
            instalment->scheduled_day = day;
            instalment->due_day = day;
        }
        return instalment;
    }
    return append_instalment(state, INSTALMENT_ADDED, day, day, day);
}

/* Drawn principal for which no instalment is open any more is due at the plan's end. */
static void place_rest(struct contract_state *state) {
    int64_t rest = principal_outstanding(state).fen - contract_principal_left(state).fen;
    struct day end = state->day;
    for (int32_t i = 0; i < state->instalment_count; i++)
        if (state->instalments[i].kind == INSTALMENT_REGULAR &&
            day_compare(state->instalments[i].scheduled_day, end) > 0)
            end = state->instalments[i].scheduled_day;
    if (rest <= 0)
        return;
    struct instalment *row = added_instalment(state, end);
    row->settled_day = DAY_NONE;
    row->charged[COMPONENT_PRINCIPAL] =
        money_add(row->charged[COMPONENT_PRINCIPAL], money_fen(rest));
}

void draw_down(const struct terms *terms, struct contract_state *state, struct money amount) {
    struct money down = down_payment_of(terms, amount);
    struct money charge = charge_amount(terms, CHARGE_ON_DRAWDOWN, amount, MONEY_ZERO, MONEY_ZERO);
    sweep_interest(terms, state);
    reopen_contract(state);
    reopen_coming(terms, state);
    state->drawn = money_add(state->drawn, amount);
    state->interest_balance = money_add(state->interest_balance, money_subtract(amount, down));
    if (money_is_positive(down)) {
        struct instalment *row =
            append_instalment(state, INSTALMENT_DOWN_PAYMENT, state->day, state->day, state->day);
        row->charged[COMPONENT_PRINCIPAL] = down;
    }
    if (money_is_positive(charge)) {
        struct instalment *row =
            append_instalment(state, INSTALMENT_UP_FRONT, state->day, state->day, state->day);
        row->charged[COMPONENT_FEE] = charge;
    }
    replan(terms, state, true);
    place_rest(state);
}

void add_charge(struct contract_state *state, enum component component, struct day due_day,
    struct money amount) {
    struct instalment *instalment = instalment_of_day(state, due_day);
    if (instalment == NULL)
        instalment = added_instalment(state, due_day);
    reopen_contract(state);
    instalment->settled_day = DAY_NONE;
    touch_base(state, instalment);
    instalment->charged[component] = money_add(instalment->charged[component], amount);
    if (component == COMPONENT_PENALTY)
        instalment->added_penalty = money_add(instalment->added_penalty, amount);
    else
        instalment->added_fee = money_add(instalment->added_fee, amount);
}

/* What has been paid of a component and has not gone back. */
static struct money standing(const struct contract_state *state, enum component component) {
    int64_t sum = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        sum += state->instalments[i].paid[component].fen -
               state->instalments[i].charged_back[component].fen;
    return money_fen(sum > 0 ? sum : 0);
}

static void owe_again(struct contract_state *state, struct instalment *instalment,
    enum component component, struct money part) {
    if (component == COMPONENT_PRINCIPAL)
        state->interest_balance = money_add(state->interest_balance, part);
    instalment->charged[component] = money_add(instalment->charged[component], part);
    instalment->charged_back[component] = money_add(instalment->charged_back[component], part);
    if (component == COMPONENT_PRINCIPAL && money_is_positive(instalment->level))
        instalment->level = money_add(instalment->level, part);
    if (component == COMPONENT_PENALTY)
        instalment->added_penalty = money_add(instalment->added_penalty, part);
    if (component == COMPONENT_FEE)
        instalment->added_fee = money_add(instalment->added_fee, part);
}

static bool parts_given(const struct money parts[COMPONENT_COUNT]) {
    for (int c = 0; c < COMPONENT_COUNT; c++)
        if (!money_is_zero(parts[c]))
            return true;
    return false;
}

void charge_back(const struct terms *terms, struct contract_state *state, struct money amount,
    const struct money parts[COMPONENT_COUNT]) {
    sweep_interest(terms, state);
    struct instalment *instalment = instalment_of_day(state, day_add(state->day, 1));
    if (instalment == NULL) /* on the last instalment's own day it is that one */
        instalment = instalment_of_day(state, state->day);
    if (instalment == NULL)
        instalment = added_instalment(state, state->day);
    reopen_contract(state);
    instalment->settled_day = DAY_NONE;
    touch_base(state, instalment);
    bool stated = parts_given(parts);
    struct money left = amount;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        enum component component = terms->credit_order[c];
        struct money part = stated ? parts[component] : money_min(left, standing(state, component));
        owe_again(state, instalment, component, part);
        left = money_subtract(left, part);
    }
    /* What had become credit balance is owed as principal: the customer has it there. */
    owe_again(state, instalment, COMPONENT_PRINCIPAL, left);
    if (terms->interest_on == INTEREST_ON_OUTSTANDING)
        replan(terms, state, false);
    else
        close_paid(state);
}
