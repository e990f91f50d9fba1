/*
 * replan.c: interest and principal of what is still to come. Exports what replan.h declares.
 *
 * One sweep moves along the days with the balance that bears interest and gathers, for each period,
 * balance × rate × time as an exact sum (R-0142). A figure of an instalment is the rounded sum of
 * its period, with what is still missing of the period projected; what an instalment that was
 * settled early does not bear is moved to the next open one, in whole fen.
 */
#include "engine/replan.h"

#include "base/check.h"
#include "engine/schedule.h"

static bool on_outstanding(const struct terms *terms) {
    return terms->interest_on == INTEREST_ON_OUTSTANDING;
}

static bool is_regular(const struct instalment *instalment) {
    return instalment->kind == INSTALMENT_REGULAR;
}

static bool is_open(const struct instalment *instalment) {
    return day_is_none(instalment->settled_day);
}

static struct day later(struct day a, struct day b) {
    return day_compare(a, b) > 0 ? a : b;
}

struct period instalment_period(
    const struct terms *terms, const struct contract_state *state, int32_t i) {
    const struct instalment *instalment = &state->instalments[i];
    return (struct period){.start = instalment->period_start,
        .end = instalment->scheduled_day,
        .by_days = instalment->by_days,
        .interest_free = i < terms->interest_free_count};
}

struct rates state_rates(const struct contract_state *state) {
    return (struct rates){state->rate_count, state->rates};
}

struct rate contract_rate(const struct contract_state *state, struct day day) {
    struct rates rates = state_rates(state);
    return rate_on(&rates, day);
}

struct money principal_outstanding(const struct contract_state *state) {
    int64_t outstanding = state->drawn.fen;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        outstanding += instalment->charged_back[COMPONENT_PRINCIPAL].fen -
                       instalment->paid[COMPONENT_PRINCIPAL].fen -
                       instalment->waived[COMPONENT_PRINCIPAL].fen;
    }
    return money_fen(outstanding);
}

/* Principal of an instalment that the plan still counts: charged, less what was cancelled. */
static int64_t planned_principal(const struct instalment *instalment) {
    return instalment->charged[COMPONENT_PRINCIPAL].fen -
           instalment->waived[COMPONENT_PRINCIPAL].fen;
}

void sweep_interest(const struct terms *terms, struct contract_state *state) {
    struct rates rates = state_rates(state);
    struct day mark = state->interest_mark_day;
    if (day_compare(mark, state->day) >= 0)
        return;
    bool declines = !on_outstanding(terms) || !terms->overdue_bears_interest;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!is_regular(instalment) || day_compare(instalment->scheduled_day, mark) <= 0)
            continue;
        if (day_compare(instalment->period_start, state->day) >= 0)
            break;
        struct period period = instalment_period(terms, state, i);
        instalment->interest_time +=
            interest_units(terms, &rates, &period, state->interest_balance, mark, state->day);
        if (day_compare(instalment->scheduled_day, state->day) > 0 || !declines)
            continue;
        int64_t falls = on_outstanding(terms) ? instalment_owed(instalment, COMPONENT_PRINCIPAL).fen
                                              : planned_principal(instalment);
        state->interest_balance = money_fen(
            falls < state->interest_balance.fen ? state->interest_balance.fen - falls : 0);
    }
    state->interest_mark_day = state->day;
}

/* Neither its period nor its due day is over: interest can still change. */
static bool is_coming(const struct contract_state *state, const struct instalment *instalment) {
    return is_regular(instalment) && day_compare(instalment->scheduled_day, state->day) >= 0 &&
           day_compare(instalment->due_day, state->day) >= 0;
}

bool is_to_replan(const struct contract_state *state, const struct instalment *instalment) {
    return is_coming(state, instalment) && is_open(instalment) &&
           day_compare(instalment->scheduled_day, state->day) > 0;
}

/* Owed principal that is past its day (or due today, outside the plan's periods). */
static struct money overdue_principal(const struct contract_state *state) {
    int64_t sum = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        bool over = is_regular(instalment) ? !is_coming(state, instalment)
                                           : day_compare(instalment->due_day, state->day) <= 0;
        if (over)
            sum += instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
    }
    return money_fen(sum);
}

void restart_balance(const struct terms *terms, struct contract_state *state) {
    check(day_compare(state->interest_mark_day, state->day) == 0);
    if (!on_outstanding(terms))
        return;
    int64_t balance = principal_outstanding(state).fen;
    for (int32_t i = 0; i < state->instalment_count && !terms->overdue_bears_interest; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (is_regular(instalment) && day_compare(instalment->scheduled_day, state->day) <= 0)
            balance -= instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
    }
    state->interest_balance = money_fen(balance);
}

/* A projection under way, from the first instalment to the last. */
struct projection {
    const struct terms *terms;
    struct contract_state *state;
    struct rates rates;
    struct money balance; /* that bears interest, at the point that was reached after today */
    struct money room;    /* principal that the coming instalments have to take */
    int64_t paid_fen;     /* of it, what the ones not yet come to have been paid and must keep */
    int64_t carried_fen;  /* interest that an earlier instalment did not take */
    struct money flat;    /* METHOD_FLAT: what interest is computed on */
    int32_t last_open;
};

/* What flat interest is computed on: the balance as if no instalment had come yet. */
static struct money flat_base(const struct contract_state *state) {
    int64_t base = state->interest_balance.fen;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (is_regular(instalment) && day_compare(instalment->scheduled_day, state->day) <= 0)
            base += planned_principal(instalment);
    }
    return money_fen(base);
}

/* Whole interest of the period of index `i`: what was gathered, up to today, and after today. */
static struct money period_interest(const struct projection *p, int32_t i) {
    const struct contract_state *state = p->state;
    struct period period = instalment_period(p->terms, state, i);
    if (p->terms->method == METHOD_FLAT)
        return interest_of_period(p->terms, &p->rates, &period, p->flat);
    int128 units = state->instalments[i].interest_time;
    units += interest_units(p->terms, &p->rates, &period, state->interest_balance,
        state->interest_mark_day, state->day);
    units += interest_units(p->terms, &p->rates, &period, p->balance,
        later(state->day, state->interest_mark_day), period.end);
    return round_interest(p->terms, &period, units);
}

/* A bullet's interest is gathered for its last instalment. */
static struct money gather(struct projection *p, int32_t i, struct money whole) {
    whole = money_add(whole, money_fen(p->carried_fen));
    p->carried_fen = i == p->last_open ? 0 : whole.fen;
    return i == p->last_open ? whole : MONEY_ZERO;
}

static struct money charge_interest(struct projection *p, int32_t i) {
    struct instalment *instalment = &p->state->instalments[i];
    struct money whole = period_interest(p, i);
    bool bullet = p->terms->method == METHOD_BULLET;
    if (bullet)
        whole = gather(p, i, whole);
    struct money fixed =
        money_add(instalment->paid[COMPONENT_INTEREST], instalment->waived[COMPONENT_INTEREST]);
    if (money_is_positive(instalment->subsidy) || p->terms->subsidy.share.per_billion > 0) {
        instalment->subsidy =
            money_scale(whole, p->terms->subsidy.share.per_billion, RATE_UNIT, p->terms->rounding);
        whole = money_subtract(whole, instalment->subsidy);
    }
    struct money added =
        money_add(instalment->charged_back[COMPONENT_INTEREST], instalment->moved_interest);
    struct money charge = whole;
    if (!bullet) {
        charge = money_add(whole, money_fen(p->carried_fen));
        p->carried_fen = 0;
    }
    if (money_is_positive(instalment->level) && i != p->last_open &&
        money_compare(charge, instalment->level) > 0) {
        p->carried_fen = charge.fen - instalment->level.fen;
        charge = instalment->level;
    }
    charge = money_add(charge, added);
    if (money_compare(charge, fixed) < 0) {
        p->carried_fen += charge.fen - fixed.fen;
        charge = fixed;
    }
    instalment->charged[COMPONENT_INTEREST] = charge;
    return money_add(money_subtract(charge, added), instalment->subsidy);
}

static void charge_principal(struct projection *p, int32_t i, struct money interest) {
    struct instalment *instalment = &p->state->instalments[i];
    struct money *charged = &instalment->charged[COMPONENT_PRINCIPAL];
    bool whole = !on_outstanding(p->terms);
    /* On the plan what was paid stays in the plan; on the outstanding balance it is gone. */
    struct money fixed = money_add(instalment->waived[COMPONENT_PRINCIPAL],
        whole ? MONEY_ZERO : instalment->paid[COMPONENT_PRINCIPAL]);
    struct money least = whole ? instalment->paid[COMPONENT_PRINCIPAL] : MONEY_ZERO;
    struct money want = money_is_positive(instalment->level)
                            ? money_subtract(instalment->level, interest)
                            : *charged;
    want = money_max(least, money_subtract(want, fixed));
    p->paid_fen -= least.fen;
    struct money free = money_fen(p->room.fen - p->paid_fen);
    if (i == p->last_open || money_compare(want, free) > 0)
        want = money_max(least, free);
    *charged = money_add(fixed, want);
    p->room = money_max(MONEY_ZERO, money_subtract(p->room, want));
    p->balance = money_max(MONEY_ZERO, money_subtract(p->balance, want));
}

/* What a settled or past instalment's period bore and the instalment does not, goes on. */
static void carry_over(struct projection *p, int32_t i) {
    const struct instalment *instalment = &p->state->instalments[i];
    if (!on_outstanding(p->terms) && p->terms->method != METHOD_BULLET)
        return;
    struct money whole = period_interest(p, i);
    if (p->terms->subsidy.share.per_billion > 0)
        whole = money_subtract(whole, instalment->subsidy);
    p->carried_fen += whole.fen + instalment->charged_back[COMPONENT_INTEREST].fen +
                      instalment->moved_interest.fen - instalment->charged[COMPONENT_INTEREST].fen;
}

static int32_t last_open_regular(const struct contract_state *state) {
    for (int32_t i = state->instalment_count - 1; i >= 0; i--)
        if (is_coming(state, &state->instalments[i]) && is_open(&state->instalments[i]))
            return i;
    return -1;
}

/* Principal that the open coming instalments have to take, and that bears interest after today. */
static void start_projection(struct projection *p) {
    const struct contract_state *state = p->state;
    if (on_outstanding(p->terms)) {
        int64_t elsewhere = 0;
        for (int32_t i = 0; i < state->instalment_count; i++)
            if (!is_coming(state, &state->instalments[i]))
                elsewhere += instalment_owed(&state->instalments[i], COMPONENT_PRINCIPAL).fen;
        struct money outstanding = principal_outstanding(state);
        p->room = money_fen(outstanding.fen - elsewhere);
        p->balance = money_subtract(outstanding, overdue_principal(state));
        return;
    }
    int64_t settled = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (!is_regular(instalment) || day_compare(instalment->scheduled_day, state->day) <= 0)
            continue;
        if (is_open(instalment) && is_coming(state, instalment))
            p->paid_fen += instalment->paid[COMPONENT_PRINCIPAL].fen;
        else
            settled += planned_principal(instalment);
    }
    if (p->terms->method == METHOD_FLAT)
        p->flat = flat_base(state);
    p->balance = state->interest_balance;
    p->room = money_max(MONEY_ZERO, money_fen(state->interest_balance.fen - settled));
}

static void run_projection(struct projection *p) {
    const struct terms *terms = p->terms;
    struct contract_state *state = p->state;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!is_regular(instalment))
            continue;
        bool due_in_plan =
            !on_outstanding(terms) && day_compare(instalment->scheduled_day, state->day) == 0;
        if (!is_coming(state, instalment) || due_in_plan || !is_open(instalment)) {
            carry_over(p, i);
            if (!on_outstanding(terms) && day_compare(instalment->scheduled_day, state->day) > 0)
                p->balance = money_max(
                    MONEY_ZERO, money_fen(p->balance.fen - planned_principal(instalment)));
            continue;
        }
        charge_principal(p, i, charge_interest(p, i));
    }
}

void project(const struct terms *terms, struct contract_state *state) {
    struct projection p = {.terms = terms,
        .state = state,
        .rates = state_rates(state),
        .last_open = last_open_regular(state)};
    start_projection(&p);
    if (!day_is_none(state->accelerated_day))
        p.balance = MONEY_ZERO; /* all of it is due: as if paid today */
    run_projection(&p);
}

void interest_to_date(const struct terms *terms, const struct contract_state *state,
    struct money to_date[INSTALMENTS_MAX]) {
    struct contract_state ended;
    contract_copy(&ended, state);
    struct projection p = {.terms = terms,
        .state = &ended,
        .rates = state_rates(&ended),
        .last_open = last_open_regular(&ended)};
    run_projection(&p); /* nothing bears interest after today */
    for (int32_t i = 0; i < state->instalment_count; i++)
        to_date[i] = ended.instalments[i].charged[COMPONENT_INTEREST];
}

/* The open regular instalments still to come, as rows to be solved; index[] says which. */
static void rows_to_come(const struct terms *terms, const struct contract_state *state,
    struct schedule *schedule, int32_t index[INSTALMENTS_MAX]) {
    schedule->regular_count = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (!is_to_replan(state, instalment))
            continue;
        index[schedule->regular_count] = i;
        schedule->rows[schedule->regular_count++] =
            (struct schedule_row){.kind = INSTALMENT_REGULAR,
                .period = instalment_period(terms, state, i),
                .no_principal = i < terms->principal_grace_count,
                .share = schedule_share(terms, i + 1),
                .principal = instalment->charged[COMPONENT_PRINCIPAL]};
    }
    schedule->count = schedule->regular_count;
    if (schedule->count > 0) /* when only instalments of the grace are left, the last one repays */
        schedule->rows[schedule->count - 1].no_principal = false;
}

static void take_solution(const struct terms *terms, struct contract_state *state,
    const struct schedule *schedule, const int32_t index[INSTALMENTS_MAX]) {
    for (int32_t k = 0; k < schedule->count; k++) {
        struct instalment *instalment = &state->instalments[index[k]];
        instalment->level = schedule->rows[k].level;
        instalment->charged[COMPONENT_PRINCIPAL] = money_add(schedule->rows[k].principal,
            money_add(instalment->waived[COMPONENT_PRINCIPAL],
                on_outstanding(terms) ? instalment->paid[COMPONENT_PRINCIPAL] : MONEY_ZERO));
    }
}

/* Principal and interest of the last row, less the level. */
static int64_t last_differs(const struct contract_state *state, int32_t last, struct money level) {
    const struct instalment *instalment = &state->instalments[last];
    return instalment->charged[COMPONENT_PRINCIPAL].fen +
           instalment->charged[COMPONENT_INTEREST].fen + instalment->subsidy.fen - level.fen;
}

static void project_at_level(const struct terms *terms, struct contract_state *state,
    struct money level, const int32_t *index, int32_t count) {
    for (int32_t k = 0; k < count; k++)
        state->instalments[index[k]].level = level;
    project(terms, state);
}

/* R-0146 on the plan as it really is, with a period that has begun. */
static void adjust_levels(const struct terms *terms, struct contract_state *state,
    struct money level, const int32_t *index, int32_t count) {
    project(terms, state);
    for (int32_t i = 0; i < terms->level_adjustments; i++) {
        int64_t difference = last_differs(state, index[count - 1], level);
        struct money other = adjusted_level(terms, level, count, difference);
        if (money_compare(other, level) == 0)
            return;
        project_at_level(terms, state, other, index, count);
        int64_t now = last_differs(state, index[count - 1], other);
        if ((now < 0 ? -now : now) >= (difference < 0 ? -difference : difference)) {
            project_at_level(terms, state, level, index, count);
            return;
        }
        level = other;
    }
}

void relevel(const struct terms *terms, struct contract_state *state) {
    struct schedule schedule;
    int32_t index[INSTALMENTS_MAX];
    struct rates rates = state_rates(state);
    struct projection p = {.terms = terms, .state = state, .rates = rates};
    start_projection(&p);
    rows_to_come(terms, state, &schedule, index);
    if (schedule.count == 0)
        return;
    schedule_solve(terms, &rates, p.room, false, &schedule);
    take_solution(terms, state, &schedule, index);
    if (terms->level_adjustments > 0 && method_is_level(terms->method) &&
        terms->method != METHOD_STEPPED)
        adjust_levels(terms, state, schedule.rows[0].level, index, schedule.count);
}

void clip_in_advance(
    struct instalment *instalment, struct money interest_to_date, struct money room, bool is_last) {
    struct money *interest = &instalment->charged[COMPONENT_INTEREST];
    struct money *principal = &instalment->charged[COMPONENT_PRINCIPAL];
    struct money fixed =
        money_add(instalment->paid[COMPONENT_PRINCIPAL], instalment->waived[COMPONENT_PRINCIPAL]);
    *interest = interest_to_date;
    struct money whole = money_is_positive(instalment->level)
                             ? money_subtract(instalment->level, *interest)
                             : *principal;
    struct money want = money_subtract(whole, fixed);
    *principal = money_add(fixed, is_last ? room : money_min(room, money_max(MONEY_ZERO, want)));
}
