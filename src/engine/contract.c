/*
 * contract.c: events in, state out. Exports contract_new(), contract_step(),
 * contract_step_with_history(), contract_replay() and the names of contract.h.
 *
 * Checking and applying are apart: apply() never refuses, because a replay after a back-dated event
 * may meet a fact in circumstances in which it would not be accepted today (a waiver of penalty
 * that no longer exists waives nothing).
 */
#include "engine/contract.h"

#include "base/check.h"
#include "engine/life.h"
#include "engine/replan.h"

#include <string.h>

#define EVENT_AMOUNT_MAX_FEN (10 * PRINCIPAL_MAX_FEN)
enum { DAYS_MOVED_MAX = 3660, RE_AGE_COUNT_MAX = 120 };

void contract_new(struct contract_state *state) {
    memset(state, 0, offsetof(struct contract_state, instalments));
    state->status = CONTRACT_NEW;
    state->day = DAY_NONE;
    state->closed_day = DAY_NONE;
    state->charged_off_day = DAY_NONE;
    state->accelerated_day = DAY_NONE;
    state->interest_mark_day = DAY_NONE;
}

void contract_copy(struct contract_state *to, const struct contract_state *from) {
    memcpy(to, from,
        offsetof(struct contract_state, instalments) +
            (size_t)from->instalment_count * sizeof from->instalments[0]);
}

static bool tries_to_settle(
    const struct contract_state *state, const struct contract_event *event) {
    return event->target == TARGET_SETTLE && state->status == CONTRACT_ACTIVE;
}

/* What coming instalments can still take as principal out of their plan. */
static struct money prepayable(const struct contract_state *state) {
    int64_t sum = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (instalment->kind == INSTALMENT_REGULAR && day_is_none(instalment->settled_day) &&
            day_compare(instalment->scheduled_day, state->day) > 0)
            sum += instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
    }
    return state->instalment_count < INSTALMENTS_MAX ? money_fen(sum) : MONEY_ZERO;
}

static void count_recovered(const struct contract_state *before, struct contract_state *state) {
    if (day_is_none(state->charged_off_day))
        return;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        int64_t paid = 0;
        for (int32_t i = 0; i < state->instalment_count; i++)
            paid += state->instalments[i].paid[c].fen;
        for (int32_t i = 0; i < before->instalment_count; i++)
            paid -= before->instalments[i].paid[c].fen;
        state->recovered[c] = money_add(state->recovered[c], money_fen(paid));
    }
}

static void pay(
    const struct terms *terms, struct contract_state *state, const struct contract_event *event) {
    struct contract_state before;
    contract_copy(&before, state);
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
    for (int32_t i = 0; i < state->instalment_count; i++)
        close_if_paid(state, &state->instalments[i]);
    count_recovered(&before, state);
    state->overpaid = money_add(state->overpaid, left);
}

/* What the event does, whatever the circumstances; most do nothing on a closed contract. */
static void act(
    const struct terms *terms, struct contract_state *state, const struct contract_event *event) {
    bool active = state->status == CONTRACT_ACTIVE;
    switch (event->kind) {
    case EVENT_ACTIVATED:
    case EVENT_REVERSED:
    case EVENT_DAY_REACHED:
        break;
    case EVENT_PAYMENT_SETTLED:
        pay(terms, state, event);
        break;
    case EVENT_WAIVED:
        waive(state, event->component, event->instalment, event->amount);
        break;
    case EVENT_EXTENSION_GRANTED:
        extend(terms, state, event->instalment, event->days);
        break;
    case EVENT_MERCHANT_REFUNDED:
        refund_goods(terms, state, event->amount);
        break;
    case EVENT_DRAWN_DOWN:
        draw_down(terms, state, event->amount);
        break;
    case EVENT_CHARGE_ADDED:
        add_charge(state, event->component, event->other_day, event->amount);
        break;
    case EVENT_CHARGED_BACK:
        charge_back(terms, state, event->amount);
        break;
    case EVENT_CAP_CHANGED:
        state->all_in_cap = event->rate;
        break;
    case EVENT_RATE_CHANGED:
        if (active)
            change_rate(terms, state, event->rate, event->effect);
        break;
    case EVENT_INTEREST_PAUSED:
        if (active)
            pause_interest(terms, state, event->other_day, event->days);
        break;
    case EVENT_DUE_DAY_CHANGED:
        if (active)
            change_due_day(terms, state, event->instalment, event->other_day);
        break;
    case EVENT_PAUSED:
        if (active)
            move_instalments(terms, state, event->instalment, event->days);
        break;
    case EVENT_RE_AGED:
        if (active)
            re_age(terms, state, event->count, event->other_day);
        break;
    case EVENT_RE_AMORTISED:
        if (active)
            re_amortise(terms, state);
        break;
    case EVENT_ACCELERATED:
        if (active)
            accelerate(terms, state);
        break;
    case EVENT_CHARGED_OFF:
        if (active)
            charge_off(terms, state);
        break;
    case EVENT_WRITTEN_OFF:
        if (active)
            write_off(terms, state);
        break;
    case EVENT_SOLD:
        if (active)
            sell(terms, state, event->amount);
        break;
    }
}

/* Applies a fact to a state; `is_void`: it was reversed, only its day and its number count. */
static void apply(const struct terms *terms, struct contract_state *state,
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

/* What each kind of event says, by which its form is checked. */
struct form {
    bool amount;     /* 1..EVENT_AMOUNT_MAX_FEN */
    bool other_day;  /* not before the event's day */
    bool rate;       /* 0..100 % */
    int32_t days;    /* most; 0: says none */
    int32_t count;   /* most; 0: says none */
    bool instalment; /* one that must be named */
};

static const struct form forms[EVENT_KIND_COUNT] = {
    [EVENT_PAYMENT_SETTLED] = {.amount = true},
    [EVENT_WAIVED] = {.amount = true},
    [EVENT_EXTENSION_GRANTED] = {.instalment = true},
    [EVENT_MERCHANT_REFUNDED] = {.amount = true},
    [EVENT_DRAWN_DOWN] = {.amount = true},
    [EVENT_CHARGE_ADDED] = {.amount = true, .other_day = true},
    [EVENT_CHARGED_BACK] = {.amount = true},
    [EVENT_RATE_CHANGED] = {.rate = true},
    [EVENT_INTEREST_PAUSED] = {.other_day = true, .days = DAYS_MOVED_MAX},
    [EVENT_DUE_DAY_CHANGED] = {.other_day = true, .instalment = true},
    [EVENT_PAUSED] = {.days = DAYS_MOVED_MAX, .instalment = true},
    [EVENT_RE_AGED] = {.other_day = true, .count = RE_AGE_COUNT_MAX},
    [EVENT_CAP_CHANGED] = {.rate = true},
};

/* What can be said without the state as of the event's day. */
static enum contract_refusal check_form(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    if (event->sequence != state->last_sequence + 1)
        return CONTRACT_SEQUENCE_NOT_NEXT;
    if (event->kind == EVENT_ACTIVATED) {
        if (state->status != CONTRACT_NEW)
            return CONTRACT_ALREADY_ACTIVATED;
        return day_compare(event->day, terms->start_day) == 0 ? CONTRACT_OK
                                                              : CONTRACT_DAY_OUT_OF_RANGE;
    }
    if (state->status == CONTRACT_NEW || day_compare(event->day, terms->start_day) < 0)
        return CONTRACT_NOT_ACTIVATED;
    if (event->day.number > terms->start_day.number + CONTRACT_DAYS_MAX)
        return CONTRACT_DAY_OUT_OF_RANGE;
    const struct form *form = &forms[event->kind];
    if (form->other_day &&
        (day_compare(event->other_day, event->day) < 0 ||
            event->other_day.number > terms->start_day.number + CONTRACT_DAYS_MAX))
        return CONTRACT_DAY_OUT_OF_RANGE;
    return CONTRACT_OK;
}

static bool target_is_valid(const struct contract_event *event) {
    bool fee_or_penalty =
        event->component == COMPONENT_FEE || event->component == COMPONENT_PENALTY;
    if (event->kind == EVENT_WAIVED)
        return (unsigned)event->component < COMPONENT_PRINCIPAL;
    if (event->kind == EVENT_CHARGE_ADDED)
        return fee_or_penalty;
    if (event->kind == EVENT_RATE_CHANGED)
        return (unsigned)event->effect < PLAN_EFFECT_COUNT;
    return event->kind != EVENT_PAYMENT_SETTLED ||
           ((unsigned)event->target < TARGET_COUNT && (unsigned)event->source < SOURCE_COUNT &&
               (unsigned)event->effect < PLAN_EFFECT_COUNT);
}

static enum contract_refusal check_fields(
    const struct contract_state *state, const struct contract_event *event) {
    const struct form *form = &forms[event->kind];
    if (form->amount && (event->amount.fen < 1 || event->amount.fen > EVENT_AMOUNT_MAX_FEN))
        return CONTRACT_AMOUNT_INVALID;
    if (event->kind == EVENT_SOLD &&
        (event->amount.fen < 0 || event->amount.fen > EVENT_AMOUNT_MAX_FEN))
        return CONTRACT_AMOUNT_INVALID;
    if (!target_is_valid(event))
        return CONTRACT_TARGET_INVALID;
    if (form->rate && (event->rate.per_billion < 0 || event->rate.per_billion > RATE_UNIT))
        return CONTRACT_RATE_INVALID;
    if ((form->days > 0 && (event->days < 1 || event->days > form->days)) ||
        (form->count > 0 && (event->count < 1 || event->count > form->count)))
        return CONTRACT_COUNT_INVALID;
    bool payment = event->kind == EVENT_PAYMENT_SETTLED;
    bool names_one = form->instalment || (payment && event->target == TARGET_INSTALMENT);
    int32_t least = names_one ? 1 : 0;
    int32_t most = names_one || event->kind == EVENT_WAIVED ? state->instalment_count : 0;
    if (event->instalment < least || event->instalment > most)
        return CONTRACT_NO_SUCH_INSTALMENT;
    return CONTRACT_OK;
}

static enum contract_refusal check_waiver(
    const struct contract_state *state, const struct contract_event *event) {
    int64_t owed = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        if (event->instalment == 0 || event->instalment == i + 1)
            owed += instalment_owed(&state->instalments[i], event->component).fen;
    return event->amount.fen <= owed ? CONTRACT_OK : CONTRACT_NOTHING_TO_WAIVE;
}

static enum contract_refusal check_extension(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    if (state->extension_count >= terms->extension.max_times || event->days < 1 ||
        event->days > terms->extension.max_days)
        return CONTRACT_EXTENSION_NOT_OFFERED;
    const struct instalment *instalment = &state->instalments[event->instalment - 1];
    if (!day_is_none(instalment->settled_day))
        return CONTRACT_EXTENSION_SETTLED;
    struct day new_due = day_add(instalment->due_day, event->days);
    return day_compare(new_due, event->day) > 0 ? CONTRACT_OK : CONTRACT_EXTENSION_TOO_SHORT;
}

/* The last day of the regular instalments. */
static struct day plan_end(const struct contract_state *state) {
    struct day end = DAY_NONE;
    for (int32_t i = 0; i < state->instalment_count; i++)
        if (state->instalments[i].kind == INSTALMENT_REGULAR)
            end = state->instalments[i].scheduled_day;
    return end;
}

static enum contract_refusal check_drawdown(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    if (state->status != CONTRACT_ACTIVE && state->status != CONTRACT_SETTLED)
        return CONTRACT_CLOSED;
    if (state->drawn.fen + event->amount.fen > terms->drawdown_limit.fen ||
        day_compare(event->day, plan_end(state)) >= 0)
        return CONTRACT_DRAWDOWN_NOT_OFFERED;
    return CONTRACT_OK;
}

/* The instalment is regular, open and still to come; with a new day, that lies in its order. */
static enum contract_refusal check_moving(
    const struct contract_state *state, const struct contract_event *event) {
    const struct instalment *instalment = &state->instalments[event->instalment - 1];
    if (instalment->kind != INSTALMENT_REGULAR)
        return CONTRACT_NO_SUCH_INSTALMENT;
    if (!day_is_none(instalment->settled_day))
        return CONTRACT_EXTENSION_SETTLED;
    if (day_compare(instalment->scheduled_day, event->day) <= 0)
        return CONTRACT_EXTENSION_TOO_SHORT;
    if (event->kind == EVENT_DUE_DAY_CHANGED &&
        (day_compare(event->other_day, event->day) <= 0 ||
            day_compare(event->other_day, instalment->period_start) <= 0))
        return CONTRACT_DAY_OUT_OF_RANGE;
    return CONTRACT_OK;
}

static enum contract_refusal check_charge_back(
    const struct contract_state *state, const struct contract_event *event) {
    int64_t received = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        received += state->received[s].fen;
    for (int32_t i = 0; i < state->instalment_count; i++)
        for (int c = 0; c < COMPONENT_COUNT; c++)
            received -= state->instalments[i].charged_back[c].fen;
    if (state->status != CONTRACT_ACTIVE && state->status != CONTRACT_SETTLED)
        return CONTRACT_CLOSED;
    return event->amount.fen <= received ? CONTRACT_OK : CONTRACT_CHARGE_BACK_TOO_LARGE;
}

static enum contract_refusal check_refund(
    const struct contract_state *state, const struct contract_event *event) {
    if (!day_is_none(state->charged_off_day) || state->status == CONTRACT_WRITTEN_OFF ||
        state->status == CONTRACT_SOLD)
        return CONTRACT_CLOSED;
    return state->refunded_by_shop.fen + event->amount.fen <= state->drawn.fen
               ? CONTRACT_OK
               : CONTRACT_REFUND_TOO_LARGE;
}

/* Instalments and rates that the event may add fit. */
static enum contract_refusal check_room(
    const struct contract_state *state, const struct contract_event *event) {
    int32_t rows = event->kind == EVENT_RE_AGED ? event->count : 2;
    bool adds_rates = event->kind == EVENT_RATE_CHANGED || event->kind == EVENT_INTEREST_PAUSED ||
                      event->kind == EVENT_CHARGED_OFF;
    if (state->instalment_count + rows > INSTALMENTS_MAX ||
        (adds_rates && state->rate_count + 2 > RATES_MAX))
        return CONTRACT_NO_ROOM;
    return CONTRACT_OK;
}

/* `state` is as of the event's day and in the circumstances of that day. */
static enum contract_refusal check_circumstances(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    enum contract_refusal room = check_room(state, event);
    enum contract_refusal open = state->status == CONTRACT_ACTIVE ? CONTRACT_OK : CONTRACT_CLOSED;
    switch (event->kind) {
    case EVENT_ACTIVATED:
    case EVENT_PAYMENT_SETTLED:
    case EVENT_REVERSED:
    case EVENT_DAY_REACHED:
        return CONTRACT_OK;
    case EVENT_WAIVED:
        return open == CONTRACT_OK ? check_waiver(state, event) : open;
    case EVENT_EXTENSION_GRANTED:
        return open == CONTRACT_OK ? check_extension(terms, state, event) : open;
    case EVENT_MERCHANT_REFUNDED:
        return check_refund(state, event);
    case EVENT_DRAWN_DOWN:
        return room == CONTRACT_OK ? check_drawdown(terms, state, event) : room;
    case EVENT_CHARGED_BACK:
        return room == CONTRACT_OK ? check_charge_back(state, event) : room;
    case EVENT_CHARGE_ADDED:
        if (state->status == CONTRACT_SETTLED)
            return room;
        return open == CONTRACT_OK ? room : open;
    case EVENT_DUE_DAY_CHANGED:
    case EVENT_PAUSED:
        return open == CONTRACT_OK ? check_moving(state, event) : open;
    case EVENT_CHARGED_OFF:
        if (!day_is_none(state->charged_off_day))
            return CONTRACT_CLOSED;
        return open == CONTRACT_OK ? room : open;
    case EVENT_RATE_CHANGED:
    case EVENT_INTEREST_PAUSED:
    case EVENT_RE_AGED:
    case EVENT_RE_AMORTISED:
    case EVENT_ACCELERATED:
    case EVENT_WRITTEN_OFF:
    case EVENT_SOLD:
    case EVENT_CAP_CHANGED:
        return open == CONTRACT_OK ? room : open;
    }
    check(false);
    return CONTRACT_OK;
}

static enum contract_refusal check_event(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    check((unsigned)event->kind < EVENT_KIND_COUNT);
    enum contract_refusal refusal = check_form(terms, state, event);
    return refusal != CONTRACT_OK || event->kind == EVENT_ACTIVATED ? refusal
                                                                    : check_fields(state, event);
}

enum contract_refusal contract_step(const struct terms *terms, struct contract_state *state,
    const struct contract_event *event, struct contract_update *update) {
    enum contract_refusal refusal = check_event(terms, state, event);
    if (refusal != CONTRACT_OK)
        return refusal;
    if (event->kind == EVENT_REVERSED ||
        (state->status != CONTRACT_NEW && day_compare(event->day, state->day) < 0))
        return CONTRACT_NEEDS_HISTORY;
    struct contract_state after;
    contract_copy(&after, state);
    contract_advance(terms, &after, event->day);
    refusal = check_circumstances(terms, &after, event);
    if (refusal != CONTRACT_OK)
        return refusal;
    apply(terms, &after, event, false);
    contract_difference(terms, state, &after, update);
    contract_copy(state, &after);
    return CONTRACT_OK;
}

/* The events of a contract, with one more after them that need not be stored yet. */
struct story {
    const struct contract_event *events;
    size_t count;
    const struct contract_event *last; /* NULL: none */
};

static const struct contract_event *story_at(const struct story *story, size_t i) {
    return i < story->count ? &story->events[i] : story->last;
}

static size_t story_length(const struct story *story) {
    return story->count + (story->last != NULL ? 1 : 0);
}

static bool is_reversed(const struct story *story, uint32_t sequence) {
    for (size_t i = 0; i < story_length(story); i++) {
        const struct contract_event *event = story_at(story, i);
        if (event->kind == EVENT_REVERSED && event->reversed_sequence == sequence)
            return true;
    }
    return false;
}

static bool comes_after(const struct contract_event *event, const struct contract_event *other) {
    int order = day_compare(event->day, other->day);
    return order > 0 || (order == 0 && event->sequence > other->sequence);
}

/* The event that follows `previous` in the order (day, sequence); NULL at the end. */
static const struct contract_event *story_next(
    const struct story *story, const struct contract_event *previous) {
    const struct contract_event *next = NULL;
    for (size_t i = 0; i < story_length(story); i++) {
        const struct contract_event *event = story_at(story, i);
        if ((previous == NULL || comes_after(event, previous)) &&
            (next == NULL || comes_after(next, event)))
            next = event;
    }
    return next;
}

static void tell(
    const struct terms *terms, const struct story *story, struct contract_state *state) {
    contract_new(state);
    const struct contract_event *event = NULL;
    while ((event = story_next(story, event)) != NULL)
        apply(terms, state, event, is_reversed(story, event->sequence));
}

void contract_replay(const struct terms *terms, const struct contract_event *events, size_t count,
    struct contract_state *state) {
    struct story story = {events, count, NULL};
    tell(terms, &story, state);
}

/* The state on the event's own day, after the facts that stand before it. */
static void state_on_the_day(const struct terms *terms, const struct story *story,
    const struct contract_event *stop, struct contract_state *state) {
    contract_new(state);
    const struct contract_event *event = NULL;
    while ((event = story_next(story, event)) != NULL && !comes_after(event, stop))
        apply(terms, state, event, is_reversed(story, event->sequence));
    contract_advance(terms, state, stop->day);
}

/* Whether an event of that kind may be declared not to have happened. */
static bool can_be_reversed(enum contract_event_kind kind) {
    return kind != EVENT_ACTIVATED && kind != EVENT_REVERSED && kind != EVENT_DAY_REACHED;
}

static bool event_stands(const struct story *story, uint32_t sequence) {
    for (size_t i = 0; i < story_length(story); i++) {
        const struct contract_event *event = story_at(story, i);
        if (event->sequence == sequence)
            return can_be_reversed(event->kind) && !is_reversed(story, sequence);
    }
    return false;
}

enum contract_refusal contract_step_with_history(const struct terms *terms,
    const struct contract_event *history, size_t count, struct contract_state *state,
    const struct contract_event *event, struct contract_update *update) {
    enum contract_refusal refusal = contract_step(terms, state, event, update);
    if (refusal != CONTRACT_NEEDS_HISTORY)
        return refusal;
    struct story past = {history, count, NULL};
    if (event->kind == EVENT_REVERSED && !event_stands(&past, event->reversed_sequence))
        return CONTRACT_NO_SUCH_PAYMENT;
    struct contract_state after;
    state_on_the_day(terms, &past, event, &after);
    refusal = check_circumstances(terms, &after, event);
    if (refusal == CONTRACT_OK && event->kind == EVENT_MERCHANT_REFUNDED &&
        state->refunded_by_shop.fen + event->amount.fen > state->drawn.fen)
        refusal = CONTRACT_REFUND_TOO_LARGE;
    if (refusal != CONTRACT_OK)
        return refusal;
    struct story whole = {history, count, event};
    tell(terms, &whole, &after);
    contract_difference(terms, state, &after, update);
    contract_copy(state, &after);
    return CONTRACT_OK;
}
