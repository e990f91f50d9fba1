/* generate.c: seeded random contracts and events. Exports what generate.h declares. */
#include "generate.h"

#include "engine/quote.h"
#include "wide.h"

#include <string.h>

struct dice dice_of(uint64_t seed) {
    return (struct dice){.state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1};
}

struct dice dice_of_bytes(const uint8_t *bytes, size_t count) {
    return (struct dice){.bytes = bytes, .left = count};
}

/* As many bytes as `range` needs, the last one first; fewer when they end. */
static uint64_t taken(struct dice *dice, uint64_t range) {
    uint64_t value = 0;
    for (uint64_t room = 1; room < range && dice->left > 0; room <<= 8) {
        value = value << 8 | dice->bytes[--dice->left];
        if (room >> 55 != 0)
            break;
    }
    return value;
}

/* splitmix64 */
static uint64_t next(struct dice *dice) {
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int64_t roll(struct dice *dice, int64_t least, int64_t most) {
    uint64_t range = (uint64_t)(most - least + 1);
    return least + (int64_t)((dice->bytes != NULL ? taken(dice, range) : next(dice)) % range);
}

bool once_in(struct dice *dice, int64_t times) {
    return roll(dice, 1, times) == 1;
}

static void shuffle_allocation(struct dice *dice, struct allocation_order *order) {
    for (int first = 0; first < ALLOCATION_STEPS; first += COMPONENT_COUNT)
        for (int i = COMPONENT_COUNT - 1; i > 0; i--) {
            int j = (int)roll(dice, 0, i);
            enum component kept = order->steps[first + i].component;
            order->steps[first + i].component = order->steps[first + j].component;
            order->steps[first + j].component = kept;
        }
    order->vertical = once_in(dice, 3);
}

static void random_penalty(struct dice *dice, struct terms *terms) {
    terms->penalty.daily_rate.per_billion = roll(dice, 0, 4) * 250000;
    terms->penalty.on_principal = !once_in(dice, 8);
    terms->penalty.on_interest = !once_in(dice, 3);
    terms->penalty.on_fee = once_in(dice, 3);
    if (once_in(dice, 3)) {
        terms->penalty.grace_days = (int32_t)roll(dice, 0, 5);
        terms->penalty.grace_kind = (enum grace_kind)roll(dice, 0, 1);
    }
    if (once_in(dice, 4))
        terms->penalty.late_fee =
            money_fen(roll(dice, 0, terms->principal.fen < 2000 ? terms->principal.fen : 2000));
    if (once_in(dice, 2))
        terms->all_in_cap.per_billion = roll(dice, 12, 36) * 10000000;
}

static void random_amendments(struct dice *dice, struct terms *terms) {
    terms->settle_rule = (enum settle_rule)roll(dice, 0, SETTLE_RULE_COUNT - 1);
    terms->extension.max_times = (int32_t)roll(dice, 0, 2);
    terms->extension.max_days = (int32_t)roll(dice, 0, 40);
    if (once_in(dice, 2)) {
        int64_t most = terms->principal.fen < 1000 ? terms->principal.fen : 1000;
        terms->extension.fee = money_fen(roll(dice, 0, most));
        terms->extension.daily_rate.per_billion = roll(dice, 0, 2) * 250000;
    }
    terms->due_window_days = (int32_t)roll(dice, 0, 10);
    if (once_in(dice, 2))
        shuffle_allocation(dice, &terms->allocation);
}

static struct terms random_draft(struct dice *dice) {
    static const int64_t sizes[] = {9, 99, 9999, 999999, 99999999};
    static const int32_t counts[] = {1, 2, 3, 6, 9, 12, 24, 60};
    struct terms terms = terms_defaults();
    terms.method = (enum method)roll(dice, 0, METHOD_FEE_PER_PERIOD);
    terms.principal = money_fen(roll(dice, 1, sizes[roll(dice, 0, 4)]));
    terms.instalment_count = counts[roll(dice, 0, once_in(dice, 10) ? 7 : 5)];
    if (terms.method <= METHOD_INTEREST_ONLY)
        terms.annual_rate.per_billion = roll(dice, 0, 240) * 1000000;
    if (terms.method == METHOD_FEE_PER_PERIOD) {
        terms.fee_quote = (enum fee_quote)roll(dice, 0, 1);
        terms.period_fee_rate.per_billion =
            roll(dice, 0, 900) * (terms.fee_quote == FEE_QUOTE_TOTAL ? 100000 : 10000);
    }
    terms.day_basis = (enum day_basis)roll(dice, 0, DAY_BASIS_COUNT - 1);
    terms.level_plan = (enum level_plan)roll(dice, 0, 1);
    terms.first_period_by_days = once_in(dice, 2);
    terms.start_day = day_add(day_from_civil(2023, 1, 1), (int32_t)roll(dice, 0, 2000));
    if (once_in(dice, 3)) {
        terms.due_rule = DUE_RULE_ACCOUNT_DAY;
        terms.account_day = (int32_t)roll(dice, 1, 31);
    }
    if (once_in(dice, 6))
        terms.first_due_day = day_add(terms.start_day, (int32_t)roll(dice, 1, 60));
    terms.rounding =
        once_in(dice, 3) ? (enum rounding)roll(dice, 0, ROUNDING_COUNT - 1) : ROUND_HALF_UP;
    terms.principal_rounding = (enum rounding)roll(dice, 0, ROUNDING_COUNT - 1);
    if (terms.method != METHOD_EQUAL_INSTALMENT && once_in(dice, 3))
        terms.remainder = REMAINDER_FIRST;
    random_penalty(dice, &terms);
    random_amendments(dice, &terms);
    if (dice->wide && !once_in(dice, 4))
        widen_terms(dice, &terms);
    return terms;
}

struct terms random_terms(struct dice *dice) {
    struct terms terms = random_draft(dice);
    while (terms_validate(&terms) != TERMS_OK)
        terms = random_draft(dice);
    return terms;
}

bool try_random_terms(struct dice *dice, struct terms *terms) {
    *terms = random_draft(dice);
    return terms_validate(terms) == TERMS_OK;
}

static struct money random_amount(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, struct day day) {
    static struct due_quote quote;
    quote_due(terms, state, day, &quote);
    int64_t left = quote.left.fen;
    switch (roll(dice, 0, 4)) {
    case 0:
        return money_max(money_fen(1), quote.owed_now);
    case 1:
        return money_max(money_fen(1), quote.overdue);
    case 2:
        return money_fen(roll(dice, 1, 1 + left / 4));
    case 3:
        return money_fen(roll(dice, 1, 2 * left + 2));
    default: /* foreign: a number from the dice */
        return money_fen(roll(dice, 0, 20));
    }
}

static struct contract_event random_payment(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, struct day day) {
    struct contract_event event = {.kind = EVENT_PAYMENT_SETTLED};
    event.target = (enum payment_target)roll(dice, 0, TARGET_COUNT - 1);
    event.source = (enum payment_source)roll(dice, 0, 1);
    event.amount = random_amount(dice, terms, state, day);
    if (dice->wide) {
        event.source = (enum payment_source)roll(dice, 0, SOURCE_COUNT - 1);
        event.effect = (enum plan_effect)roll(dice, 0, PLAN_EFFECT_COUNT - 1);
    }
    if (event.target == TARGET_INSTALMENT)
        event.instalment = (int32_t)roll(dice, 1, terms->instalment_count);
    if (event.target == TARGET_SETTLE) {
        struct settle_quote quote;
        quote_settle(terms, state, day, &quote);
        if (!once_in(dice, 4) && quote.total.fen > 0)
            event.amount = quote.total;
    }
    return event;
}

static struct day random_day(
    struct dice *dice, const struct terms *terms, const struct contract_state *state) {
    if (once_in(dice, 8)) {
        int32_t lived = days_between(terms->start_day, state->day);
        return day_add(terms->start_day, (int32_t)roll(dice, 0, lived));
    }
    if (once_in(dice, 3)) {
        struct day next_due =
            state->instalments[roll(dice, 0, state->instalment_count - 1)].due_day;
        if (day_compare(next_due, state->day) > 0)
            return next_due;
    }
    return day_add(state->day, (int32_t)roll(dice, 0, once_in(dice, 4) ? 90 : 25));
}

struct contract_event random_event(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, const struct contract_event *events, size_t count) {
    struct day day = random_day(dice, terms, state);
    struct day asked = day_compare(day, state->day) < 0 ? state->day : day;
    struct contract_event event = {.kind = EVENT_DAY_REACHED};
    int64_t what = roll(dice, 0, 19);
    if (dice->wide && once_in(dice, 4)) {
        event = wide_event(dice, terms, state, asked);
    } else if (what < 11) {
        event = random_payment(dice, terms, state, asked);
    } else if (what < 13 && count > 1) {
        event.kind = EVENT_REVERSED;
        event.reversed_sequence = events[roll(dice, 1, (int64_t)count - 1)].sequence;
    } else if (what < 15) {
        event.kind = EVENT_WAIVED;
        event.component = (enum component)roll(dice, 0, COMPONENT_INTEREST);
        event.amount = money_fen(roll(dice, 1, 300));
        event.instalment = once_in(dice, 2) ? 0 : (int32_t)roll(dice, 1, terms->instalment_count);
    } else if (what < 17) {
        event.kind = EVENT_EXTENSION_GRANTED;
        event.instalment = (int32_t)roll(dice, 1, terms->instalment_count);
        event.days = (int32_t)roll(dice, 1, 40);
    } else if (what < 18) {
        event.kind = EVENT_MERCHANT_REFUNDED;
        int64_t price = state->drawn.fen - state->refunded_by_shop.fen;
        event.amount = money_fen(once_in(dice, 2) ? price : roll(dice, 1, price + 1));
    }
    event.day = day;
    event.sequence = state->last_sequence + 1;
    return event;
}
