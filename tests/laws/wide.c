/* wide.c: rare agreements and rare events. Exports what wide.h declares. */
#include "wide.h"

static int64_t part_of(struct dice *dice, int64_t whole) {
    return roll(dice, 0, whole < 2000 ? whole : 2000);
}

static void widen_method(struct dice *dice, struct terms *terms) {
    static const enum method methods[] = {
        METHOD_FLAT, METHOD_BULLET, METHOD_BALLOON, METHOD_STEPPED, METHOD_CUSTOM};
    terms->method = methods[roll(dice, 0, 4)];
    terms->period_fee_rate = RATE_ZERO;
    terms->remainder = REMAINDER_LAST;
    if (terms->method == METHOD_BALLOON)
        terms->balloon = money_fen(roll(dice, 0, terms->principal.fen));
    if (terms->method == METHOD_STEPPED) {
        terms->step_count = terms->instalment_count < 3 ? 1 : (int32_t)roll(dice, 1, 3);
        for (int32_t i = 0; i < terms->step_count; i++)
            terms->steps[i] = (struct plan_step){i + 1, {roll(dice, 1, 30) * 100000000}};
    }
    if (terms->method == METHOD_CUSTOM) {
        struct day day = terms->start_day;
        int64_t left = terms->principal.fen;
        terms->custom_count = terms->instalment_count = (int32_t)roll(dice, 1, 8);
        for (int32_t i = 0; i < terms->custom_count; i++) {
            day = day_add(day, (int32_t)roll(dice, 1, 70));
            int64_t part = i + 1 == terms->custom_count ? left : roll(dice, 0, left);
            terms->custom[i] = (struct custom_row){day, money_fen(part)};
            left -= part;
        }
    }
}

static void widen_interest(struct dice *dice, struct terms *terms) {
    terms->interest_on = INTEREST_ON_OUTSTANDING;
    terms->level_plan = LEVEL_PLAN_EVEN;
    terms->overdue_bears_interest = once_in(dice, 2);
}

static void widen_periods(struct dice *dice, struct terms *terms) {
    terms->due_rule = (enum due_rule)roll(dice, 0, DUE_RULE_COUNT - 1);
    terms->account_day = terms->due_rule == DUE_RULE_ACCOUNT_DAY ? (int32_t)roll(dice, 1, 31) : 0;
    terms->first_due_day = DAY_NONE;
    terms->day_basis = (enum day_basis)roll(dice, 0, DAY_BASIS_COUNT - 1);
    if (once_in(dice, 2)) {
        terms->period_unit = (enum period_unit)roll(dice, 0, PERIOD_UNIT_COUNT - 1);
        terms->period_length = (int32_t)roll(dice, 1, 4);
    }
    if (once_in(dice, 3)) {
        terms->due_roll = (enum roll_rule)roll(dice, 0, ROLL_RULE_COUNT - 1);
        terms->holidays_known_to = (int32_t)roll(dice, 2022, 2026);
    }
}

static void widen_rates(struct dice *dice, struct terms *terms) {
    struct day day = terms->start_day;
    if (!method_bears_interest(terms->method))
        return;
    terms->rate_step_count = (int32_t)roll(dice, 1, 3);
    for (int32_t i = 0; i < terms->rate_step_count; i++) {
        day = day_add(day, (int32_t)roll(dice, 1, 120));
        terms->rate_steps[i] = (struct rate_step){day, {roll(dice, 0, 240) * 1000000}};
    }
}

static void widen_shape(struct dice *dice, struct terms *terms) {
    if (once_in(dice, 2))
        terms->multiple = money_fen(part_of(dice, terms->principal.fen));
    terms->level_adjustments = (int32_t)roll(dice, 0, 3);
    terms->factor_decimals = once_in(dice, 2) ? 0 : (int32_t)roll(dice, 6, 17);
    terms->principal_grace_count = (int32_t)roll(dice, 0, terms->instalment_count / 2);
    terms->interest_free_count = (int32_t)roll(dice, 0, terms->instalment_count / 2);
}

static void widen_charges(struct dice *dice, struct terms *terms) {
    terms->charge_count = (int32_t)roll(dice, 1, 3);
    for (int32_t i = 0; i < terms->charge_count; i++)
        terms->charges[i] = (struct charge_terms){
            .time = (enum charge_time)roll(dice, 0, CHARGE_TIME_COUNT - 1),
            .base = (enum charge_base)roll(dice, 0, CHARGE_BASE_COUNT - 1),
            .fixed = money_fen(part_of(dice, terms->principal.fen)),
            .rate = {roll(dice, 0, 30) * 1000000},
        };
    if (once_in(dice, 3))
        terms->subsidy.share.per_billion = roll(dice, 0, 10) * 100000000;
}

static void widen_drawing(struct dice *dice, struct terms *terms) {
    if (once_in(dice, 2))
        terms->down_payment.per_billion = roll(dice, 0, 50) * 10000000;
    else if (terms->method != METHOD_CUSTOM)
        terms->drawdown_limit = money_fen(terms->principal.fen * roll(dice, 1, 3));
}

static void widen_default(struct dice *dice, struct terms *terms) {
    terms->penalty.late_fee_rate.per_billion = roll(dice, 0, 5) * 10000000;
    terms->penalty.late_fee_most = money_fen(part_of(dice, terms->principal.fen));
    terms->penalty.compound_rate.per_billion = roll(dice, 0, 3) * 250000;
    terms->penalty.contract_multiple.per_billion = roll(dice, 0, 4) * 500000000;
    terms->charge_off_rule = (enum charge_off_rule)roll(dice, 0, CHARGE_OFF_RULE_COUNT - 1);
    terms->principal_first_days = (int32_t)roll(dice, 0, 60);
}

static void widen_books(struct dice *dice, struct terms *terms) {
    terms->recognition = (enum recognition)roll(dice, 0, RECOGNITION_COUNT - 1);
    terms->non_accrual_days = once_in(dice, 2) ? 0 : (int32_t)roll(dice, 1, 90);
}

static void widen_allocation(struct dice *dice, struct terms *terms) {
    terms->allocation.advance = (enum advance_rule)roll(dice, 0, ADVANCE_RULE_COUNT - 1);
    terms->override_count = 1;
    terms->overrides[0] = (struct allocation_override){
        (enum payment_source)roll(dice, 0, SOURCE_COUNT - 1), terms->allocation};
    terms->overrides[0].order.vertical = once_in(dice, 2);
}

void widen_terms(struct dice *dice, struct terms *terms) {
    static void (*const ways[])(struct dice *, struct terms *) = {widen_method, widen_interest,
        widen_periods, widen_rates, widen_shape, widen_charges, widen_drawing, widen_default,
        widen_books, widen_allocation};
    const int64_t last = (int64_t)(sizeof ways / sizeof ways[0]) - 1;
    for (int64_t times = roll(dice, 1, 3); times > 0; times--)
        ways[roll(dice, 0, last)](dice, terms);
}

struct contract_event wide_event(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, struct day day) {
    static const enum contract_event_kind kinds[] = {EVENT_DRAWN_DOWN, EVENT_CHARGE_ADDED,
        EVENT_CHARGED_BACK, EVENT_RATE_CHANGED, EVENT_INTEREST_PAUSED, EVENT_DUE_DAY_CHANGED,
        EVENT_PAUSED, EVENT_RE_AGED, EVENT_RE_AMORTISED, EVENT_ACCELERATED, EVENT_CHARGED_OFF,
        EVENT_WRITTEN_OFF, EVENT_SOLD, EVENT_CAP_CHANGED};
    const int64_t last = (int64_t)(sizeof kinds / sizeof kinds[0]) - 1;
    struct contract_event event = {.kind = kinds[roll(dice, 0, last)]};
    switch (event.kind) {
    case EVENT_DRAWN_DOWN:
    case EVENT_CHARGED_BACK:
    case EVENT_SOLD:
        event.amount = money_fen(roll(dice, 1, 1 + terms->principal.fen / 2));
        break;
    case EVENT_CHARGE_ADDED:
        event.amount = money_fen(roll(dice, 1, 500));
        event.component = once_in(dice, 2) ? COMPONENT_FEE : COMPONENT_PENALTY;
        event.other_day = day_add(day, (int32_t)roll(dice, 0, 60));
        break;
    case EVENT_RATE_CHANGED:
        event.rate.per_billion = roll(dice, 0, 360) * 1000000;
        event.effect = (enum plan_effect)roll(dice, 0, PLAN_EFFECT_COUNT - 1);
        break;
    case EVENT_INTEREST_PAUSED:
        event.other_day = day_add(day, (int32_t)roll(dice, 0, 30));
        event.days = (int32_t)roll(dice, 1, 60);
        break;
    case EVENT_DUE_DAY_CHANGED:
        event.instalment = (int32_t)roll(dice, 1, state->instalment_count);
        event.other_day =
            day_add(state->instalments[event.instalment - 1].due_day, (int32_t)roll(dice, -15, 40));
        break;
    case EVENT_PAUSED:
        event.instalment = (int32_t)roll(dice, 1, state->instalment_count);
        event.days = (int32_t)roll(dice, 1, 60);
        break;
    case EVENT_RE_AGED:
        event.count = (int32_t)roll(dice, 1, 12);
        event.other_day = day_add(day, (int32_t)roll(dice, 1, 40));
        break;
    case EVENT_CAP_CHANGED:
        event.rate.per_billion = roll(dice, 12, 36) * 10000000;
        break;
    case EVENT_ACTIVATED:
    case EVENT_PAYMENT_SETTLED:
    case EVENT_REVERSED:
    case EVENT_WAIVED:
    case EVENT_EXTENSION_GRANTED:
    case EVENT_MERCHANT_REFUNDED:
    case EVENT_DAY_REACHED:
    case EVENT_RE_AMORTISED:
    case EVENT_ACCELERATED:
    case EVENT_CHARGED_OFF:
    case EVENT_WRITTEN_OFF:
        break;
    }
    return event;
}
