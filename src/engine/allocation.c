/* allocation.c: how a payment is spread over the debt. Exports allocate(). Rules R-0030 to R-0033.
 */
#include "base/check.h"
#include "engine/life.h"

/* A payment under way. */
struct spread {
    const struct terms *terms;
    struct contract_state *state;
    struct money left;
    int32_t number; /* only this instalment; 0: any */
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

static void pay_component(
    struct spread *spread, struct instalment *instalment, enum component component) {
    struct money part = money_min(instalment_owed(instalment, component), spread->left);
    if (money_is_zero(part))
        return;
    if (component != COMPONENT_PENALTY)
        touch_base(spread->state, instalment);
    instalment->paid[component] = money_add(instalment->paid[component], part);
    spread->left = money_subtract(spread->left, part);
}

/* Whether instalment index `i` is open, in the class, and meant by the payment. */
static bool is_meant(const struct spread *spread, int32_t i, enum due_class class) {
    const struct instalment *instalment = &spread->state->instalments[i];
    return day_is_none(instalment->settled_day) &&
           (spread->number == 0 || spread->number == i + 1) &&
           class_of(spread->terms, instalment, spread->state->day) == class;
}

/* One class's steps: an instalment after the other, or a component after the other. */
static void pay_class(struct spread *spread, const struct allocation_step *steps, bool vertical) {
    struct contract_state *state = spread->state;
    enum due_class class = steps[0].due_class;
    int32_t outer = vertical ? COMPONENT_COUNT : state->instalment_count;
    int32_t inner = vertical ? state->instalment_count : COMPONENT_COUNT;
    for (int32_t a = 0; a < outer && money_is_positive(spread->left); a++)
        for (int32_t b = 0; b < inner && money_is_positive(spread->left); b++) {
            int32_t i = vertical ? b : a;
            int32_t step = vertical ? a : b;
            if (is_meant(spread, i, class))
                pay_component(spread, &state->instalments[i], steps[step].component);
        }
}

struct money allocate(const struct terms *terms, struct contract_state *state, struct money amount,
    enum payment_target target, int32_t number) {
    struct spread spread = {
        .terms = terms,
        .state = state,
        .left = amount,
        .number = target == TARGET_INSTALMENT ? number : 0,
    };
    const struct allocation_order *order = &terms->allocation;
    for (int first = 0; first < ALLOCATION_STEPS; first += COMPONENT_COUNT)
        if (takes_class(target, order->steps[first].due_class))
            pay_class(&spread, &order->steps[first], order->vertical);
    for (int32_t i = 0; i < state->instalment_count; i++)
        close_if_paid(state, &state->instalments[i]);
    return spread.left;
}
