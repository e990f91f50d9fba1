/*
 * apply.c: what a fact does to a state. Exports apply_event().
 *
 * Nothing here refuses: a replay after a back-dated event may meet a fact in circumstances in which
 * it would not be accepted today, and then it does what still can be done (R-0027).
 */
#include "base/check.h"
#include "engine/life.h"
#include "engine/replan.h"

static bool tries_to_settle(
    const struct contract_state *state, const struct contract_event *event) {
    return event->target == TARGET_SETTLE && state->status == CONTRACT_ACTIVE;
}

/* What coming instalments can still take as principal out of their plan. */
static struct money prepayable(const struct contract_state *state) {
    int64_t sum = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (is_to_replan(state, instalment))
            sum += instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
    }
    return state->instalment_count < INSTALMENTS_MAX ? money_fen(sum) : MONEY_ZERO;
}

/* Of every component, what has been paid in all. */
static void sum_paid(const struct contract_state *state, int64_t paid_fen[COMPONENT_COUNT]) {
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        paid_fen[c] = 0;
        for (int32_t i = 0; i < state->instalment_count; i++)
            paid_fen[c] += state->instalments[i].paid[c].fen;
    }
}

static void pay(
    const struct terms *terms, struct contract_state *state, const struct contract_event *event) {
    int64_t paid_before[COMPONENT_COUNT];
    int64_t paid_after[COMPONENT_COUNT];
    bool recovers = !day_is_none(state->charged_off_day);
    if (recovers)
        sum_paid(state, paid_before);
    bool recalculates =
        terms->interest_on == INTEREST_ON_OUTSTANDING && state->status == CONTRACT_ACTIVE;
    state->received[event->source] = money_add(state->received[event->source], event->amount);
    bool settles = false;
    if (recalculates)
        sweep_interest(terms, state);
    if (tries_to_settle(state, event)) {
        struct settle_keep keep[INSTALMENTS_MAX];
        settle_keep(terms, state, keep);
        settles = money_compare(event->amount, settle_total(state, keep)) >= 0;
        if (settles)
            settle_cancel(state, keep);
    }
    struct money left = allocate(
        terms, state, event->amount, event->source, event->target, event->instalment, settles);
    if (recalculates) {
        restart_balance(terms, state);
        project(terms, state);
    }
    if (event->target == TARGET_PRINCIPAL && state->status == CONTRACT_ACTIVE) {
        struct money part = money_min(left, prepayable(state));
        if (money_is_positive(part))
            prepay_principal(terms, state, part, event->effect);
        left = money_subtract(left, part);
    }
    close_paid(state);
    if (recovers) {
        sum_paid(state, paid_after);
        for (int c = 0; c < COMPONENT_COUNT; c++)
            state->recovered[c] =
                money_add(state->recovered[c], money_fen(paid_after[c] - paid_before[c]));
    }
    state->overpaid = money_add(state->overpaid, left);
}

/* Amendments of the plan and of the debt itself: nothing on a contract that is not active. */
static void amend(
    const struct terms *terms, struct contract_state *state, const struct contract_event *event) {
    if (state->status != CONTRACT_ACTIVE)
        return;
    switch (event->kind) { /* uncovered: act() brings amendments only */
    case EVENT_RATE_CHANGED:
        change_rate(terms, state, event->rate, event->effect);
        return;
    case EVENT_INTEREST_PAUSED:
        pause_interest(terms, state, event->other_day, event->days);
        return;
    case EVENT_DUE_DAY_CHANGED:
        change_due_day(terms, state, event->instalment, event->other_day);
        return;
    case EVENT_PAUSED:
        move_instalments(terms, state, event->instalment, event->days);
        return;
    case EVENT_RE_AGED:
        re_age(terms, state, event->count, event->other_day);
        return;
    case EVENT_RE_AMORTISED:
        re_amortise(terms, state);
        return;
    case EVENT_ACCELERATED:
        accelerate(terms, state);
        return;
    case EVENT_CHARGED_OFF:
        charge_off(terms, state);
        return;
    case EVENT_WRITTEN_OFF:
        write_off(terms, state);
        return;
    case EVENT_SOLD:
        sell(terms, state, event->amount);
        return;
    case EVENT_ACTIVATED:
    case EVENT_PAYMENT_SETTLED:
    case EVENT_REVERSED:
    case EVENT_WAIVED:
    case EVENT_EXTENSION_GRANTED:
    case EVENT_MERCHANT_REFUNDED:
    case EVENT_DAY_REACHED:
    case EVENT_DRAWN_DOWN:
    case EVENT_CHARGE_ADDED:
    case EVENT_CHARGED_BACK:
    case EVENT_CAP_CHANGED:
        break;
    }
    check(!"an amendment");
}

/* The debt is still the customer's and the books': more can be owed, goods can come back. */
static bool can_still_owe(const struct contract_state *state) {
    return state->status == CONTRACT_ACTIVE || state->status == CONTRACT_SETTLED;
}

static bool can_be_unwound(const struct contract_state *state) {
    return day_is_none(state->charged_off_day) && state->status != CONTRACT_WRITTEN_OFF &&
           state->status != CONTRACT_SOLD;
}

/* What the event does, if the circumstances still let it (R-0027). */
static void act(
    const struct terms *terms, struct contract_state *state, const struct contract_event *event) {
    if (!has_room(state, event))
        return;
    switch (event->kind) {
    case EVENT_ACTIVATED:
    case EVENT_REVERSED:
    case EVENT_DAY_REACHED:
        return;
    case EVENT_PAYMENT_SETTLED:
        pay(terms, state, event);
        return;
    case EVENT_WAIVED:
        waive(state, event->component, event->instalment, event->amount);
        return;
    case EVENT_EXTENSION_GRANTED:
        extend(terms, state, event->instalment, event->days);
        return;
    case EVENT_MERCHANT_REFUNDED:
        if (can_be_unwound(state))
            refund_goods(terms, state, event->amount);
        return;
    case EVENT_DRAWN_DOWN:
        if (can_still_owe(state))
            draw_down(terms, state, event->amount);
        return;
    case EVENT_CHARGE_ADDED:
        if (can_still_owe(state))
            add_charge(state, event->component, event->other_day, event->amount);
        return;
    case EVENT_CHARGED_BACK:
        if (can_still_owe(state))
            charge_back(terms, state, event->amount, event->parts);
        return;
    case EVENT_CAP_CHANGED:
        state->all_in_cap = event->rate;
        return;
    case EVENT_RATE_CHANGED:
    case EVENT_INTEREST_PAUSED:
    case EVENT_DUE_DAY_CHANGED:
    case EVENT_PAUSED:
    case EVENT_RE_AGED:
    case EVENT_RE_AMORTISED:
    case EVENT_ACCELERATED:
    case EVENT_CHARGED_OFF:
    case EVENT_WRITTEN_OFF:
    case EVENT_SOLD:
        amend(terms, state, event);
        return;
    }
}

/* Applies a fact to a state; `is_void`: it was reversed, only its day and its number count. */
void apply_event(const struct terms *terms, struct contract_state *state,
    const struct contract_event *event, bool is_void) {
    if (event->kind == EVENT_ACTIVATED)
        activate(terms, state);
    contract_advance(terms, state, event->day);
    if (!is_void)
        act(terms, state, event);
    close_contract_if_settled(terms, state);
    refresh_states(terms, state);
    if (event->sequence > state->last_sequence)
        state->last_sequence = event->sequence;
}
