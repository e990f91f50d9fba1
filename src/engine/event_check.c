/*
 * event_check.c: whether an event can be accepted. Exports check_event(), check_circumstances().
 *
 * The order of checks is the order of enum contract_refusal.
 */
#include "base/check.h"
#include "engine/life.h"

#define EVENT_AMOUNT_MAX_FEN (10 * PRINCIPAL_MAX_FEN)
enum { DAYS_MOVED_MAX = 3660, RE_AGE_COUNT_MAX = 120 };

/* What each kind of event says, by which its form is checked. */
struct form {
    bool amount;     /* 1..EVENT_AMOUNT_MAX_FEN */
    bool other_day;  /* not before the event's day */
    bool rate;       /* 0..100 % */
    int32_t days;    /* most; 0: says none */
    int32_t count;   /* most; 0: says none */
    bool instalment; /* one that must be named */
    int32_t rows;    /* instalments that it may add; with a count as many as that */
    int32_t rates;   /* rates that it may add */
};

static const struct form forms[EVENT_KIND_COUNT] = {
    [EVENT_PAYMENT_SETTLED] = {.amount = true},
    [EVENT_WAIVED] = {.amount = true},
    [EVENT_EXTENSION_GRANTED] = {.instalment = true},
    [EVENT_MERCHANT_REFUNDED] = {.amount = true},
    [EVENT_DRAWN_DOWN] = {.amount = true, .rows = 3}, /* down payment, charge, after the end */
    [EVENT_CHARGE_ADDED] = {.amount = true, .other_day = true, .rows = 1},
    [EVENT_CHARGED_BACK] = {.amount = true, .rows = 1},
    [EVENT_RATE_CHANGED] = {.rate = true, .rates = 1},
    [EVENT_INTEREST_PAUSED] = {.other_day = true, .days = DAYS_MOVED_MAX, .rates = 2},
    [EVENT_DUE_DAY_CHANGED] = {.other_day = true, .instalment = true},
    [EVENT_PAUSED] = {.days = DAYS_MOVED_MAX, .instalment = true},
    [EVENT_RE_AGED] = {.other_day = true, .count = RE_AGE_COUNT_MAX},
    [EVENT_CHARGED_OFF] = {.rates = 2},
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

/* None, or together the amount. */
static bool parts_are_valid(const struct contract_event *event) {
    int64_t sum = 0;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        if (event->parts[c].fen < 0 || event->parts[c].fen > EVENT_AMOUNT_MAX_FEN)
            return false;
        sum += event->parts[c].fen;
    }
    return sum == 0 || sum == event->amount.fen;
}

static enum contract_refusal check_fields(
    const struct contract_state *state, const struct contract_event *event) {
    const struct form *form = &forms[event->kind];
    if (form->amount && (event->amount.fen < 1 || event->amount.fen > EVENT_AMOUNT_MAX_FEN))
        return CONTRACT_AMOUNT_INVALID;
    if (event->kind == EVENT_SOLD &&
        (event->amount.fen < 0 || event->amount.fen > EVENT_AMOUNT_MAX_FEN))
        return CONTRACT_AMOUNT_INVALID;
    if (event->kind == EVENT_CHARGED_BACK && !parts_are_valid(event))
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

/* A new due day lies after the event and in the order of days; the instalment is a regular one. */
static enum contract_refusal check_moved(
    const struct contract_state *state, const struct contract_event *event) {
    const struct instalment *instalment = &state->instalments[event->instalment - 1];
    if (event->kind == EVENT_DUE_DAY_CHANGED &&
        (day_compare(event->other_day, event->day) <= 0 ||
            day_compare(event->other_day, instalment->period_start) <= 0))
        return CONTRACT_DAY_OUT_OF_RANGE;
    return instalment->kind == INSTALMENT_REGULAR ? CONTRACT_OK : CONTRACT_NO_SUCH_INSTALMENT;
}

/* The instalment that moves is open and still to come. */
static enum contract_refusal check_moving(
    const struct contract_state *state, const struct contract_event *event) {
    const struct instalment *instalment = &state->instalments[event->instalment - 1];
    if (!day_is_none(instalment->settled_day))
        return CONTRACT_EXTENSION_SETTLED;
    return day_compare(instalment->scheduled_day, event->day) > 0 ? CONTRACT_OK
                                                                  : CONTRACT_EXTENSION_TOO_SHORT;
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

bool has_room(const struct contract_state *state, const struct contract_event *event) {
    const struct form *form = &forms[event->kind];
    int32_t rows = form->count > 0 ? event->count : form->rows;
    return state->instalment_count + rows <= INSTALMENTS_MAX &&
           state->rate_count + form->rates <= RATES_MAX;
}

static enum contract_refusal first_of(enum contract_refusal first, enum contract_refusal second) {
    return first != CONTRACT_OK ? first : second;
}

/* `state` is as of the event's day and in the circumstances of that day. */
enum contract_refusal check_circumstances(const struct terms *terms,
    const struct contract_state *state, const struct contract_event *event) {
    enum contract_refusal room = has_room(state, event) ? CONTRACT_OK : CONTRACT_NO_ROOM;
    enum contract_refusal open = state->status == CONTRACT_ACTIVE ? CONTRACT_OK : CONTRACT_CLOSED;
    /* Back-dated, the instalment may be one that was only added later. */
    if (forms[event->kind].instalment && event->instalment > state->instalment_count)
        return CONTRACT_NO_SUCH_INSTALMENT;
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
        return first_of(check_drawdown(terms, state, event), room);
    case EVENT_CHARGED_BACK:
        return first_of(check_charge_back(state, event), room);
    case EVENT_CHARGE_ADDED:
        if (state->status == CONTRACT_SETTLED)
            return room;
        return first_of(open, room);
    case EVENT_DUE_DAY_CHANGED:
    case EVENT_PAUSED:
        return first_of(first_of(check_moved(state, event), open), check_moving(state, event));
    case EVENT_CHARGED_OFF:
        if (!day_is_none(state->charged_off_day))
            return CONTRACT_CLOSED;
        return first_of(open, room);
    case EVENT_RATE_CHANGED:
    case EVENT_INTEREST_PAUSED:
    case EVENT_RE_AGED:
    case EVENT_RE_AMORTISED:
    case EVENT_ACCELERATED:
    case EVENT_WRITTEN_OFF:
    case EVENT_SOLD:
    case EVENT_CAP_CHANGED:
        return first_of(open, room);
    }
    check(false);
    return CONTRACT_OK;
}

enum contract_refusal check_event(const struct terms *terms, const struct contract_state *state,
    const struct contract_event *event) {
    check((unsigned)event->kind < EVENT_KIND_COUNT);
    enum contract_refusal refusal = check_form(terms, state, event);
    return refusal != CONTRACT_OK || event->kind == EVENT_ACTIVATED ? refusal
                                                                    : check_fields(state, event);
}
