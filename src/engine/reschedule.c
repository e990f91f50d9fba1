/*
 * reschedule.c: what changes the plan of what is still to come: rates, pauses, due days,
 * prepayments, re-ageing, acceleration. Exports the reschedule part of life.h. Rules R-0175 to
 * R-0190.
 */
#include "base/check.h"
#include "engine/life.h"
#include "engine/replan.h"
#include "engine/schedule.h"

static int32_t count_to_replan(const struct contract_state *state) {
    int32_t count = 0;
    for (int32_t i = 0; i < state->instalment_count; i++)
        count += is_to_replan(state, &state->instalments[i]);
    return count;
}

/* From `day` on `rate` holds; steps that began later stay. */
static void set_rate(struct contract_state *state, struct day day, struct rate rate) {
    int32_t at = 0;
    while (at < state->rate_count && day_compare(state->rates[at].from_day, day) < 0)
        at++;
    bool replaces = at < state->rate_count && day_compare(state->rates[at].from_day, day) == 0;
    if (!replaces) {
        check(state->rate_count < RATES_MAX);
        for (int32_t i = state->rate_count++; i > at; i--)
            state->rates[i] = state->rates[i - 1];
    }
    state->rates[at] = (struct rate_step){day, rate};
}

void replan(const struct terms *terms, struct contract_state *state, bool to_new_level) {
    restart_balance(terms, state);
    if (to_new_level)
        relevel(terms, state);
    project(terms, state);
    close_paid(state);
}

void change_rate(const struct terms *terms, struct contract_state *state, struct rate rate,
    enum plan_effect effect) {
    sweep_interest(terms, state);
    set_rate(state, state->day, rate);
    replan(terms, state, effect == EFFECT_LOWER_INSTALMENT);
}

void pause_interest(
    const struct terms *terms, struct contract_state *state, struct day from, int32_t days) {
    sweep_interest(terms, state);
    struct day until = day_add(from, days);
    struct rate after = contract_rate(state, until);
    int32_t kept = 0;
    for (int32_t i = 0; i < state->rate_count; i++)
        if (day_compare(state->rates[i].from_day, from) <= 0 ||
            day_compare(state->rates[i].from_day, until) > 0)
            state->rates[kept++] = state->rates[i];
    state->rate_count = kept;
    set_rate(state, from, RATE_ZERO);
    set_rate(state, until, after);
    replan(terms, state, false);
}

/* By month, a period that its amendment made odd counts its days. */
static void mark_odd_period(const struct terms *terms, struct instalment *instalment) {
    struct day whole = due_day_step(instalment->period_start, terms->period_unit,
        terms->period_length, 1, schedule_month_end(terms));
    instalment->by_days = day_compare(whole, instalment->scheduled_day) != 0;
}

/*
 * What a period bore so far was gathered as months × days, or as days alone: when its new end makes
 * it count the other way, that becomes the other (R-0142). With decimals of factors it is as it was
 * rounded, whatever it was counted by.
 */
static void recount_interest(
    const struct terms *terms, struct instalment *instalment, int32_t before, int32_t after) {
    if (terms->factor_decimals == 0)
        instalment->interest_time =
            instalment->interest_time / (before > 0 ? before : 1) * (after > 0 ? after : 1);
}

/*
 * Moves instalment index `i` and the later regular ones: by `added_days`, or, when that is 0, to
 * `anchor` and whole periods after it.
 */
static void set_days(const struct terms *terms, struct contract_state *state, int32_t i,
    struct day anchor, int32_t added_days) {
    struct day previous = state->instalments[i].period_start;
    int32_t k = 0;
    for (; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (instalment->kind != INSTALMENT_REGULAR)
            continue;
        struct day day = added_days > 0 ? day_add(instalment->scheduled_day, added_days)
                                        : due_day_step(anchor, terms->period_unit,
                                              terms->period_length, k, schedule_month_end(terms));
        touch_base(state, instalment);
        struct period period = instalment_period(terms, state, i);
        int32_t months = period_months(terms, &period);
        instalment->period_start = previous;
        instalment->scheduled_day = day;
        instalment->due_day = schedule_working_day(terms, day);
        if (k == 0)
            mark_odd_period(terms, instalment);
        period = instalment_period(terms, state, i);
        recount_interest(terms, instalment, months, period_months(terms, &period));
        previous = day;
        k++;
    }
}

void change_due_day(
    const struct terms *terms, struct contract_state *state, int32_t number, struct day due_day) {
    if (number > state->instalment_count) /* uncovered: only a replay lacks the row */
        return;
    if (!is_to_replan(state, &state->instalments[number - 1])) /* uncovered: only a replay */
        return;
    sweep_interest(terms, state);
    set_days(terms, state, number - 1, due_day, 0);
    replan(terms, state, false);
}

void move_instalments(
    const struct terms *terms, struct contract_state *state, int32_t number, int32_t days) {
    if (number > state->instalment_count || !is_to_replan(state, &state->instalments[number - 1]))
        return;
    sweep_interest(terms, state);
    set_days(terms, state, number - 1, DAY_NONE, days);
    replan(terms, state, false);
}

void prepay_principal(const struct terms *terms, struct contract_state *state, struct money amount,
    enum plan_effect effect) {
    struct instalment *row =
        append_instalment(state, INSTALMENT_PREPAYMENT, state->day, state->day, state->day);
    sweep_interest(terms, state);
    row->charged[COMPONENT_PRINCIPAL] = amount;
    row->paid[COMPONENT_PRINCIPAL] = amount;
    row->settled_day = state->day;
    state->interest_balance = money_subtract(state->interest_balance, amount);
    replan(terms, state, effect == EFFECT_LOWER_INSTALMENT);
}

/* Takes what is owed of a component off an instalment; returns it. */
static struct money take_owed(
    struct contract_state *state, struct instalment *instalment, enum component component) {
    struct money owed = instalment_owed(instalment, component);
    touch_base(state, instalment);
    instalment->charged[component] = money_subtract(instalment->charged[component], owed);
    if (component == COMPONENT_PENALTY) {
        instalment->penalty_base_days = 0;
        instalment->compound_base_days = 0;
        instalment->penalty_mark_day = DAY_NONE;
        instalment->penalty_mark_base_days = 0;
        instalment->late_fee = MONEY_ZERO;
        instalment->added_penalty = instalment->charged[COMPONENT_PENALTY];
    }
    return owed;
}

/* What was taken off some instalments, on its way to others. */
struct moved {
    struct money amounts[COMPONENT_COUNT];
};

/* Components from `first` on, in the order of the enum. */
static void move_out(struct contract_state *state, struct instalment *instalment,
    enum component first, struct moved *moved) {
    if (instalment->kind == INSTALMENT_REGULAR)
        instalment->level = MONEY_ZERO;
    /* Its period bore this interest all the same: it is charged elsewhere. */
    instalment->moved_interest =
        money_subtract(instalment->moved_interest, instalment_owed(instalment, COMPONENT_INTEREST));
    for (int c = first; c < COMPONENT_COUNT; c++)
        moved->amounts[c] =
            money_add(moved->amounts[c], take_owed(state, instalment, (enum component)c));
    close_if_paid(state, instalment);
}

/* Puts all but principal on the coming instalments in equal parts, the last one takes the rest. */
static void move_in(struct contract_state *state, const struct moved *moved) {
    int32_t count = count_to_replan(state);
    int32_t place = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!is_to_replan(state, instalment))
            continue;
        place++;
        struct money part[COMPONENT_COUNT];
        for (int c = 0; c < COMPONENT_COUNT; c++) {
            int64_t even = moved->amounts[c].fen / count;
            part[c] = money_fen(place < count ? even : moved->amounts[c].fen - even * (count - 1));
        }
        instalment->moved_interest =
            money_add(instalment->moved_interest, part[COMPONENT_INTEREST]);
        instalment->charged[COMPONENT_INTEREST] =
            money_add(instalment->charged[COMPONENT_INTEREST], part[COMPONENT_INTEREST]);
        instalment->charged[COMPONENT_FEE] =
            money_add(instalment->charged[COMPONENT_FEE], part[COMPONENT_FEE]);
        instalment->added_fee = money_add(instalment->added_fee, part[COMPONENT_FEE]);
        instalment->added_penalty = money_add(instalment->added_penalty, part[COMPONENT_PENALTY]);
        instalment->charged[COMPONENT_PENALTY] =
            money_add(instalment->charged[COMPONENT_PENALTY], part[COMPONENT_PENALTY]);
    }
}

/* Lets the interest that is charged be no more than what has accrued so far. */
static void end_interest_today(const struct terms *terms, struct contract_state *state) {
    struct settle_keep keep[INSTALMENTS_MAX];
    struct terms by_day = *terms;
    by_day.settle_rule = SETTLE_BY_DAY;
    settle_keep_by_rule(&by_day, state, keep);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!is_to_replan(state, instalment))
            continue;
        touch_base(state, instalment);
        instalment->charged[COMPONENT_INTEREST] =
            money_add(keep[i].interest, instalment->waived[COMPONENT_INTEREST]);
    }
}

void re_age(
    const struct terms *terms, struct contract_state *state, int32_t count, struct day first_day) {
    struct moved moved = {0};
    sweep_interest(terms, state);
    end_interest_today(terms, state);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (day_is_none(instalment->settled_day))
            move_out(state, instalment, COMPONENT_PENALTY, &moved);
        if (instalment->kind == INSTALMENT_REGULAR)
            instalment->kind = INSTALMENT_REPLACED;
    }
    struct day previous = state->day;
    for (int32_t k = 0; k < count; k++) {
        struct day day = due_day_step(
            first_day, terms->period_unit, terms->period_length, k, schedule_month_end(terms));
        struct instalment *row = append_instalment(
            state, INSTALMENT_REGULAR, previous, day, schedule_working_day(terms, day));
        if (k == 0)
            mark_odd_period(terms, row);
        previous = day;
    }
    state->interest_balance = moved.amounts[COMPONENT_PRINCIPAL];
    move_in(state, &moved);
    replan(terms, state, true);
}

/* Without interest nothing is to be solved: equal parts, the last instalment takes the rest. */
static void add_principal_evenly(
    const struct terms *terms, struct contract_state *state, struct money total) {
    int32_t count = count_to_replan(state);
    struct money left = total;
    int32_t place = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!is_to_replan(state, instalment))
            continue;
        struct money part =
            ++place == count ? left : money_min(left, even_part(terms, total, count));
        touch_base(state, instalment);
        instalment->charged[COMPONENT_PRINCIPAL] =
            money_add(instalment->charged[COMPONENT_PRINCIPAL], part);
        if (money_is_positive(instalment->level))
            instalment->level = money_add(instalment->level, part);
        left = money_subtract(left, part);
    }
}

void re_amortise(const struct terms *terms, struct contract_state *state) {
    struct moved moved = {0};
    if (count_to_replan(state) == 0)
        return;
    sweep_interest(terms, state);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!day_is_none(instalment->settled_day) || is_to_replan(state, instalment) ||
            day_compare(instalment->due_day, state->day) > 0)
            continue;
        /* What is scheduled later, but was due before a holiday, has not left the plan's balance.
         */
        if (day_compare(instalment->scheduled_day, state->day) <= 0) /* uncovered: rare holidays */
            state->interest_balance = money_add(
                state->interest_balance, instalment_owed(instalment, COMPONENT_PRINCIPAL));
        move_out(state, instalment, COMPONENT_INTEREST, &moved);
    }
    move_in(state, &moved);
    bool bears_interest = contract_rate(state, state->day).per_billion > 0;
    if (!bears_interest)
        add_principal_evenly(terms, state, moved.amounts[COMPONENT_PRINCIPAL]);
    replan(terms, state, bears_interest);
}

void accelerate(const struct terms *terms, struct contract_state *state) {
    sweep_interest(terms, state);
    end_interest_today(terms, state);
    state->accelerated_day = state->day;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!day_is_none(instalment->settled_day) ||
            day_compare(instalment->due_day, state->day) <= 0)
            continue;
        touch_base(state, instalment);
        instalment->due_day = state->day;
        close_if_paid(state, instalment);
    }
}
