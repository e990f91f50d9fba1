/*
 * contract.c: events in, state out. Exports contract_new(), contract_copy(),
 * contract_step(), contract_step_with_history(), contract_replay().
 *
 * Checking and applying are apart: apply() never refuses, because a replay after a back-dated event
 * may meet a fact in circumstances in which it would not be accepted today (a waiver of penalty
 * that no longer exists waives nothing).
 */
#include "engine/contract.h"

#include "base/check.h"
#include "engine/life.h"

#include <string.h>

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
    apply_event(terms, &after, event, false);
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
        apply_event(terms, state, event, is_reversed(story, event->sequence));
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
        apply_event(terms, state, event, is_reversed(story, event->sequence));
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
