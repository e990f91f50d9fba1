/* settlement.c: early settlement 提前结清. Exports the settle part of life.h. R-0050 to R-0054. */
#include "base/check.h"
#include "engine/cap.h"
#include "engine/life.h"
#include "engine/replan.h"

/* How far the period of an instalment has gone. */
struct progress {
    int32_t elapsed; /* 0..length */
    int32_t length;
};

static struct progress progress_of(
    const struct terms *terms, const struct contract_state *state, int32_t i) {
    struct day start =
        terms->method == METHOD_BULLET ? terms->start_day : state->instalments[i].period_start;
    int32_t length = days_between(start, state->instalments[i].scheduled_day);
    if (length == 0) /* a down payment, an added instalment: all of it is due */
        return (struct progress){1, 1};
    int32_t elapsed = days_between(start, state->day);
    return (struct progress){elapsed < 0 ? 0 : elapsed > length ? length : elapsed, length};
}

static struct money by_day(const struct terms *terms, struct money whole, struct progress p) {
    return money_scale(whole, p.elapsed, p.length, terms->rounding);
}

static struct money current_in_full(struct money whole, struct progress p) {
    return p.elapsed > 0 ? whole : MONEY_ZERO;
}

static struct money kept_interest(
    const struct terms *terms, struct money whole, struct money to_date, struct progress p) {
    switch (terms->settle_rule) {
    case SETTLE_BY_DAY:
    case SETTLE_REMAINING_FEES:
        return terms->interest_on == INTEREST_ON_OUTSTANDING ? to_date : by_day(terms, whole, p);
    case SETTLE_CURRENT_PERIOD:
        return current_in_full(whole, p);
    case SETTLE_FULL:
        return whole;
    }
    check(false);
    return whole;
}

static struct money kept_fee(const struct terms *terms, struct money whole, struct progress p) {
    switch (terms->settle_rule) {
    case SETTLE_BY_DAY:
        return by_day(terms, whole, p);
    case SETTLE_CURRENT_PERIOD:
        return current_in_full(whole, p);
    case SETTLE_REMAINING_FEES:
    case SETTLE_FULL:
        return whole;
    }
    check(false);
    return whole;
}

static struct money net_charge(const struct instalment *instalment, enum component component) {
    return money_subtract(instalment->charged[component], instalment->waived[component]);
}

static struct settle_keep keep_of(const struct terms *terms, const struct instalment *instalment,
    struct money to_date, struct progress progress) {
    struct money interest = net_charge(instalment, COMPONENT_INTEREST);
    struct money fee = net_charge(instalment, COMPONENT_FEE);
    /* What an extension or an added charge costs was agreed for itself and stays. */
    struct money extension =
        money_min(fee, money_add(instalment->extension_fee, instalment->added_fee));
    struct settle_keep keep;
    keep.interest =
        money_max(money_min(interest, kept_interest(terms, interest, to_date, progress)),
            instalment->paid[COMPONENT_INTEREST]);
    keep.fee =
        money_max(money_add(extension, kept_fee(terms, money_subtract(fee, extension), progress)),
            instalment->paid[COMPONENT_FEE]);
    bool begun = progress.elapsed > 0;
    keep.early_interest = begun ? MONEY_ZERO : keep.interest;
    keep.early_fee =
        begun ? MONEY_ZERO : money_max(MONEY_ZERO, money_subtract(keep.fee, extension));
    return keep;
}

/* Takes up to `excess` off `kept`, not below what is paid. Returns what could not be taken. */
static struct money cut(struct money *kept, struct money paid, struct money excess) {
    struct money part = money_min(excess, money_subtract(*kept, paid));
    *kept = money_subtract(*kept, part);
    return money_subtract(excess, part);
}

/* Cuts the cost of settling to the cap, from the last instalment back (R-0054). */
static void keep_under_cap(const struct terms *terms, const struct contract_state *state,
    struct settle_keep keep[INSTALMENTS_MAX]) {
    struct money cost = MONEY_ZERO;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        cost = money_add(cost, money_add(keep[i].interest, keep[i].fee));
        cost = money_add(cost, net_charge(&state->instalments[i], COMPONENT_PENALTY));
    }
    struct money excess = money_max(
        MONEY_ZERO, money_subtract(cost, cap_cost_limit(terms, state->principal_allowance)));
    int32_t order[INSTALMENTS_MAX];
    order_by_day(state, order);
    for (int32_t at = state->instalment_count - 1; at >= 0 && money_is_positive(excess); at--) {
        int32_t i = order[at];
        const struct instalment *instalment = &state->instalments[i];
        excess = cut(&keep[i].fee, instalment->paid[COMPONENT_FEE], excess);
        excess = cut(&keep[i].interest, instalment->paid[COMPONENT_INTEREST], excess);
        keep[i].early_fee = money_min(keep[i].early_fee, keep[i].fee);
        keep[i].early_interest = money_min(keep[i].early_interest, keep[i].interest);
    }
}

void settle_keep_by_rule(const struct terms *terms, const struct contract_state *state,
    struct settle_keep keep[INSTALMENTS_MAX]) {
    struct money to_date[INSTALMENTS_MAX];
    if (terms->interest_on == INTEREST_ON_OUTSTANDING)
        interest_to_date(terms, state, to_date);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        struct money so_far = MONEY_ZERO;
        if (terms->interest_on == INTEREST_ON_OUTSTANDING)
            so_far = money_max(
                MONEY_ZERO, money_subtract(to_date[i], instalment->waived[COMPONENT_INTEREST]));
        if (day_is_none(instalment->settled_day))
            keep[i] = keep_of(terms, instalment, so_far, progress_of(terms, state, i));
        else
            keep[i] = (struct settle_keep){
                .interest = net_charge(instalment, COMPONENT_INTEREST),
                .fee = net_charge(instalment, COMPONENT_FEE),
            };
    }
}

void settle_keep(const struct terms *terms, const struct contract_state *state,
    struct settle_keep keep[INSTALMENTS_MAX]) {
    settle_keep_by_rule(terms, state, keep);
    if (state->all_in_cap.per_billion > 0)
        keep_under_cap(terms, state, keep);
}

struct money settle_total(
    const struct contract_state *state, const struct settle_keep keep[INSTALMENTS_MAX]) {
    int64_t total = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        total += instalment_owed(instalment, COMPONENT_PRINCIPAL).fen;
        total += instalment_owed(instalment, COMPONENT_PENALTY).fen;
        total += keep[i].interest.fen - instalment->paid[COMPONENT_INTEREST].fen;
        total += keep[i].fee.fen - instalment->paid[COMPONENT_FEE].fen;
    }
    return money_fen(total);
}

void settle_cancel(struct contract_state *state, const struct settle_keep keep[INSTALMENTS_MAX]) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        if (!day_is_none(instalment->settled_day))
            continue;
        touch_base(state, instalment);
        instalment->waived[COMPONENT_INTEREST] =
            money_subtract(instalment->charged[COMPONENT_INTEREST], keep[i].interest);
        instalment->waived[COMPONENT_FEE] =
            money_subtract(instalment->charged[COMPONENT_FEE], keep[i].fee);
    }
}
