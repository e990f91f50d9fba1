/*
 * allocation.c: how a payment is spread over the debt. Exports allocate(). Rules R-0030 to R-0033,
 * R-0210 to R-0216.
 */
#include "base/check.h"
#include "engine/life.h"
#include "engine/replan.h"

/* A payment under way. */
struct spread {
    const struct terms *terms;
    struct contract_state *state;
    struct money left;
    int32_t number;       /* only this instalment; 0: any */
    const int32_t *order; /* indices of instalments, by day */
};

static enum due_class class_of(
    const struct terms *terms, const struct instalment *instalment, struct day day) {
    if (day_compare(day, instalment->due_day) > 0)
        return DUE_CLASS_OVERDUE;
    struct day window = day_add(instalment->due_day, -terms->due_window_days);
    return day_compare(day, window) >= 0 ? DUE_CLASS_DUE : DUE_CLASS_IN_ADVANCE;
}

static bool takes_class(enum payment_target target, enum due_class class) {
    switch (target) {
    case TARGET_OVERDUE:
        return class == DUE_CLASS_OVERDUE;
    case TARGET_DUE:
    case TARGET_PRINCIPAL:
        return class != DUE_CLASS_IN_ADVANCE;
    case TARGET_IN_ADVANCE:
        return class == DUE_CLASS_IN_ADVANCE;
    case TARGET_INSTALMENT:
    case TARGET_ORDER:
    case TARGET_SETTLE:
        return true;
    }
    check(false);
    return false;
}

static void pay_component(struct spread *spread, struct instalment *instalment,
    enum component component, struct money most) {
    struct money part =
        money_min(most, money_min(instalment_owed(instalment, component), spread->left));
    if (money_is_zero(part))
        return;
    if (component != COMPONENT_PENALTY)
        touch_base(spread->state, instalment);
    instalment->paid[component] = money_add(instalment->paid[component], part);
    spread->left = money_subtract(spread->left, part);
}

/* Whether instalment index `i` is open, in the class, and meant by the payment. */
static bool is_open_of(const struct spread *spread, int32_t i, enum due_class class) {
    const struct instalment *instalment = &spread->state->instalments[i];
    return day_is_none(instalment->settled_day) &&
           class_of(spread->terms, instalment, spread->state->day) == class;
}

static bool is_meant(const struct spread *spread, int32_t i, enum due_class class) {
    return (spread->number == 0 || spread->number == i + 1) && is_open_of(spread, i, class);
}

/* One class's steps: an instalment after the other, or a component after the other. */
static void pay_class(
    struct spread *spread, const struct allocation_step *steps, bool vertical, bool backwards) {
    struct contract_state *state = spread->state;
    enum due_class class = steps[0].due_class;
    int32_t count = state->instalment_count;
    int32_t outer = vertical ? COMPONENT_COUNT : count;
    int32_t inner = vertical ? count : COMPONENT_COUNT;
    for (int32_t a = 0; a < outer && money_is_positive(spread->left); a++)
        for (int32_t b = 0; b < inner && money_is_positive(spread->left); b++) {
            int32_t at = vertical ? b : a;
            int32_t i = spread->order[backwards ? count - 1 - at : at];
            int32_t step = vertical ? a : b;
            if (is_meant(spread, i, class))
                pay_component(spread, &state->instalments[i], steps[step].component, spread->left);
        }
}

/* The same, in equal parts to every instalment of the class, again while something is left. */
static void pay_class_evenly(struct spread *spread, const struct allocation_step *steps) {
    struct contract_state *state = spread->state;
    enum due_class class = steps[0].due_class;
    for (;;) {
        int32_t open = 0;
        struct money before = spread->left;
        for (int32_t i = 0; i < state->instalment_count; i++)
            open += is_meant(spread, i, class) &&
                    money_is_positive(instalment_left(&state->instalments[i]));
        if (open == 0 || money_is_zero(spread->left))
            return;
        int64_t part = spread->left.fen / open;
        int64_t rest = spread->left.fen % open; /* what rounding leaves goes to the last */
        for (int32_t at = 0; at < state->instalment_count; at++) {
            struct instalment *instalment = &state->instalments[spread->order[at]];
            if (!is_meant(spread, spread->order[at], class) ||
                money_is_zero(instalment_left(instalment)))
                continue;
            struct money most = money_fen(open == 1 ? part + rest : part);
            open--;
            for (int step = 0; step < COMPONENT_COUNT; step++) {
                struct money held = spread->left;
                pay_component(spread, instalment, steps[step].component, most);
                most = money_subtract(most, money_subtract(held, spread->left));
            }
        }
        check(money_compare(spread->left, before) < 0); /* the last one at least took something */
    }
}

/* Its period is not over: what it is charged can still change. */
static bool is_to_come(const struct contract_state *state, const struct instalment *instalment) {
    return instalment->kind == INSTALMENT_REGULAR &&
           day_compare(instalment->scheduled_day, state->day) >= 0;
}

/* Principal that the open coming instalments have to take together, whichever is paid. */
static int64_t room_in_advance(const struct spread *spread, int32_t *count) {
    const struct contract_state *state = spread->state;
    int64_t room = 0;
    *count = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        if (is_to_come(state, &state->instalments[i]) &&
            is_open_of(spread, i, DUE_CLASS_IN_ADVANCE)) {
            room += instalment_owed(&state->instalments[i], COMPONENT_PRINCIPAL).fen;
            (*count)++;
        }
    return room;
}

/*
 * With interest on the outstanding balance: one instalment after the other, each bearing interest
 * to today only; when all principal is paid, the instalments behind have nothing left (R-0213).
 */
static void pay_in_advance(
    struct spread *spread, const struct allocation_step *steps, bool backwards) {
    struct contract_state *state = spread->state;
    int32_t count = state->instalment_count;
    int32_t behind;
    int64_t room = room_in_advance(spread, &behind);
    struct money to_date[INSTALMENTS_MAX];
    interest_to_date(spread->terms, state, to_date);
    for (int32_t at = 0; at < count; at++) {
        int32_t i = spread->order[backwards ? count - 1 - at : at];
        struct instalment *instalment = &state->instalments[i];
        if (!is_meant(spread, i, DUE_CLASS_IN_ADVANCE))
            continue;
        bool clips = is_to_come(state, instalment);
        bool nothing_left = money_is_zero(spread->left);
        if (nothing_left && (room > 0 || !clips)) /* uncovered: other rows are due at once */
            continue;
        if (clips) {
            clip_in_advance(instalment, to_date[i], money_fen(room), --behind == 0);
            room -= instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
        }
        int64_t owed = instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
        for (int step = 0; step < COMPONENT_COUNT; step++)
            pay_component(spread, instalment, steps[step].component, spread->left);
        if (clips && money_is_positive(instalment_left(instalment)))
            room += owed; /* not finished: nothing behind it may close */
    }
}

/* Principal first in every class, when the contract has been late for long (R-0215). */
static struct allocation_order principal_first(const struct allocation_order *order) {
    struct allocation_order changed = *order;
    for (int first = 0; first < ALLOCATION_STEPS; first += COMPONENT_COUNT) {
        int to = first;
        changed.steps[to++].component = COMPONENT_PRINCIPAL;
        for (int i = first; i < first + COMPONENT_COUNT; i++)
            if (order->steps[i].component != COMPONENT_PRINCIPAL)
                changed.steps[to++].component = order->steps[i].component;
    }
    return changed;
}

void order_by_day(const struct contract_state *state, int32_t order[INSTALMENTS_MAX]) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        int32_t at = i;
        while (at > 0 && day_compare(state->instalments[order[at - 1]].scheduled_day,
                             state->instalments[i].scheduled_day) > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

struct money allocate(const struct terms *terms, struct contract_state *state, struct money amount,
    enum payment_source source, enum payment_target target, int32_t number, bool settles) {
    int32_t order_of[INSTALMENTS_MAX];
    order_by_day(state, order_of);
    struct spread spread = {
        .terms = terms,
        .state = state,
        .left = amount,
        .number = target == TARGET_INSTALMENT ? number : 0,
        .order = order_of,
    };
    struct allocation_order order = *terms_allocation(terms, source);
    if (terms->principal_first_days > 0 && state->days_overdue > terms->principal_first_days)
        order = principal_first(&order);
    for (int first = 0; first < ALLOCATION_STEPS; first += COMPONENT_COUNT) {
        enum due_class class = order.steps[first].due_class;
        if (!takes_class(target, class) || money_is_zero(spread.left))
            continue;
        bool in_advance = class == DUE_CLASS_IN_ADVANCE;
        if (in_advance && terms->interest_on == INTEREST_ON_OUTSTANDING && !settles)
            pay_in_advance(&spread, &order.steps[first], order.advance == ADVANCE_LAST);
        else if (in_advance && order.advance == ADVANCE_EVENLY)
            pay_class_evenly(&spread, &order.steps[first]);
        else
            pay_class(&spread, &order.steps[first], order.vertical,
                in_advance && order.advance == ADVANCE_LAST);
    }
    close_paid(state);
    return spread.left;
}
