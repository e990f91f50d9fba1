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
#include "engine/schedule.h"

#include <string.h>

#define EVENT_AMOUNT_MAX_FEN (10 * PRINCIPAL_MAX_FEN)

void contract_new(struct contract_state *state) {
    memset(state, 0, sizeof *state);
    state->status = CONTRACT_NEW;
    state->day = DAY_NONE;
    state->closed_day = DAY_NONE;
}

static void activate(const struct terms *terms, struct contract_state *state) {
    struct schedule schedule;
    schedule_build(terms, &schedule);
    state->status = CONTRACT_ACTIVE;
    state->day = terms->start_day;
    state->instalment_count = schedule.count;
    for (int32_t i = 0; i < schedule.count; i++) {
        const struct schedule_row *row = &schedule.rows[i];
        struct instalment *instalment = &state->instalments[i];
        instalment->scheduled_day = row->due_day;
        instalment->due_day = row->due_day;
        instalment->settled_day = DAY_NONE;
        instalment->penalty_mark_day = DAY_NONE;
        instalment->charged[COMPONENT_PRINCIPAL] = row->principal;
        instalment->charged[COMPONENT_INTEREST] = row->interest;
        instalment->charged[COMPONENT_FEE] = row->fee;
        /* Of a cent in twelve instalments eleven owe nothing. */
        close_if_paid(state, instalment);
    }
}

static void pay(
    const struct terms *terms, struct contract_state *state, const struct contract_event *event) {
    if (event->source == SOURCE_CHANNEL)
        state->received_from_channel = money_add(state->received_from_channel, event->amount);
    else
        state->received_from_credit = money_add(state->received_from_credit, event->amount);
    enum payment_target target = event->target;
    if (target == TARGET_SETTLE && state->status == CONTRACT_ACTIVE) {
        struct settle_keep keep[INSTALMENTS_MAX];
        settle_keep(terms, state, keep);
        if (money_compare(event->amount, settle_total(state, keep)) >= 0)
            settle_cancel(state, keep);
    }
    struct money left = allocate(terms, state, event->amount, target, event->instalment);
    state->overpaid = money_add(state->overpaid, left);
}

/* Applies a fact to a state; `void_payment`: a payment that was reversed, only its day counts. */
static void apply(const struct terms *terms, struct contract_state *state,
    const struct contract_event *event, bool void_payment) {
    if (event->kind == EVENT_ACTIVATED)
        activate(terms, state);
    contract_advance(terms, state, event->day);
    switch (event->kind) {
    case EVENT_ACTIVATED:
    case EVENT_PAYMENT_REVERSED:
    case EVENT_DAY_REACHED:
        break;
    case EVENT_PAYMENT_SETTLED:
        if (!void_payment)
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
    }
    close_contract_if_settled(terms, state);
    refresh_states(terms, state);
    if (event->sequence > state->last_sequence)
        state->last_sequence = event->sequence;
}

static bool carries_amount(enum contract_event_kind kind) {
    return kind == EVENT_PAYMENT_SETTLED || kind == EVENT_WAIVED || kind == EVENT_MERCHANT_REFUNDED;
}

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
    return CONTRACT_OK;
}

static enum contract_refusal check_fields(
    const struct contract_state *state, const struct contract_event *event) {
    if (carries_amount(event->kind) &&
        (event->amount.fen < 1 || event->amount.fen > EVENT_AMOUNT_MAX_FEN))
        return CONTRACT_AMOUNT_INVALID;
    bool payment = event->kind == EVENT_PAYMENT_SETTLED;
    if (payment &&
        ((unsigned)event->target >= TARGET_COUNT || (unsigned)event->source >= SOURCE_COUNT))
        return CONTRACT_TARGET_INVALID;
    if (event->kind == EVENT_WAIVED && (unsigned)event->component >= COMPONENT_PRINCIPAL)
        return CONTRACT_TARGET_INVALID;
    bool names_one =
        event->kind == EVENT_EXTENSION_GRANTED || (payment && event->target == TARGET_INSTALMENT);
    int32_t least = names_one ? 1 : 0;
    int32_t most = names_one || event->kind == EVENT_WAIVED ? state->instalment_count : 0;
    if (event->instalment < least || event->instalment > most)
        return CONTRACT_NO_SUCH_INSTALMENT;
    return CONTRACT_OK;
}

static enum contract_refusal check_waiver(
    const struct contract_state *state, const struct contract_event *event) {
    if (state->status != CONTRACT_ACTIVE)
        return CONTRACT_CLOSED;
    int64_t owed = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        if (event->instalment == 0 || event->instalment == i + 1)
            owed += instalment_owed(&state->instalments[i], event->component).fen;
    return event->amount.fen <= owed ? CONTRACT_OK : CONTRACT_NOTHING_TO_WAIVE;
}

static enum contract_refusal check_extension(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    if (state->status != CONTRACT_ACTIVE)
        return CONTRACT_CLOSED;
    if (state->extension_count >= terms->extension.max_times || event->days < 1 ||
        event->days > terms->extension.max_days)
        return CONTRACT_EXTENSION_NOT_OFFERED;
    const struct instalment *instalment = &state->instalments[event->instalment - 1];
    if (!day_is_none(instalment->settled_day))
        return CONTRACT_EXTENSION_SETTLED;
    struct day new_due = day_add(instalment->due_day, event->days);
    return day_compare(new_due, event->day) > 0 ? CONTRACT_OK : CONTRACT_EXTENSION_TOO_SHORT;
}

/* `state` is as of the event's day and in the circumstances of that day. */
static enum contract_refusal check_circumstances(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    switch (event->kind) {
    case EVENT_ACTIVATED:
    case EVENT_PAYMENT_SETTLED:
    case EVENT_PAYMENT_REVERSED:
    case EVENT_DAY_REACHED:
        return CONTRACT_OK;
    case EVENT_WAIVED:
        return check_waiver(state, event);
    case EVENT_EXTENSION_GRANTED:
        return check_extension(terms, state, event);
    case EVENT_MERCHANT_REFUNDED:
        return state->refunded_by_shop.fen + event->amount.fen <= terms->principal.fen
                   ? CONTRACT_OK
                   : CONTRACT_REFUND_TOO_LARGE;
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
    if (event->kind == EVENT_PAYMENT_REVERSED ||
        (state->status != CONTRACT_NEW && day_compare(event->day, state->day) < 0))
        return CONTRACT_NEEDS_HISTORY;
    struct contract_state after = *state;
    contract_advance(terms, &after, event->day);
    refusal = check_circumstances(terms, &after, event);
    if (refusal != CONTRACT_OK)
        return refusal;
    apply(terms, &after, event, false);
    contract_difference(terms, state, &after, update);
    *state = after;
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
        if (event->kind == EVENT_PAYMENT_REVERSED && event->reversed_sequence == sequence)
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
        apply(terms, state, event,
            event->kind == EVENT_PAYMENT_SETTLED && is_reversed(story, event->sequence));
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
        apply(terms, state, event,
            event->kind == EVENT_PAYMENT_SETTLED && is_reversed(story, event->sequence));
    contract_advance(terms, state, stop->day);
}

static bool payment_stands(const struct story *story, uint32_t sequence) {
    for (size_t i = 0; i < story_length(story); i++) {
        const struct contract_event *event = story_at(story, i);
        if (event->sequence == sequence)
            return event->kind == EVENT_PAYMENT_SETTLED && !is_reversed(story, sequence);
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
    if (event->kind == EVENT_PAYMENT_REVERSED && !payment_stands(&past, event->reversed_sequence))
        return CONTRACT_NO_SUCH_PAYMENT;
    struct contract_state after;
    state_on_the_day(terms, &past, event, &after);
    refusal = check_circumstances(terms, &after, event);
    if (refusal == CONTRACT_OK && event->kind == EVENT_MERCHANT_REFUNDED &&
        state->refunded_by_shop.fen + event->amount.fen > terms->principal.fen)
        refusal = CONTRACT_REFUND_TOO_LARGE;
    if (refusal != CONTRACT_OK)
        return refusal;
    struct story whole = {history, count, event};
    tell(terms, &whole, &after);
    contract_difference(terms, state, &after, update);
    *state = after;
    return CONTRACT_OK;
}
