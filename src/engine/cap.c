/* cap.c: the all-in cap's measure. Exports what cap.h declares. */
#include "engine/cap.h"

#include "base/check.h"
#include "engine/day_count.h"
#include "engine/replan.h"

int64_t period_day_weight(const struct terms *terms, const struct period *period) {
    if (period == NULL)
        return divide_rounded(
            RATE_UNIT, terms->day_basis == DAY_BASIS_ACT_360 ? 360 : 365, ROUND_CEILING);
    struct year_fraction fraction = year_of_period(terms, period);
    int32_t days = days_between(period->start, period->end);
    return divide_rounded(
        (int128)RATE_UNIT * fraction.numerator, (int128)fraction.denominator * days, ROUND_CEILING);
}

int64_t cap_time(
    const struct terms *terms, const struct contract_state *state, struct day from, struct day to) {
    int64_t weight = 0;
    for (int32_t i = 0; i < state->instalment_count && day_compare(from, to) < 0; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (instalment->kind != INSTALMENT_REGULAR ||
            day_compare(from, instalment->scheduled_day) >= 0)
            continue;
        struct period period = instalment_period(terms, state, i);
        struct day until = day_compare(to, period.end) < 0 ? to : period.end;
        weight += days_between(from, until) * period_day_weight(terms, &period);
        from = until;
    }
    if (day_compare(from, to) < 0)
        weight += days_between(from, to) * period_day_weight(terms, NULL);
    return weight;
}

struct money cap_charge_limit(int128 allowance) {
    return money_fen(divide_rounded(allowance, (int128)RATE_UNIT * RATE_UNIT, ROUND_FLOOR));
}

struct money cap_cost_limit(const struct terms *terms, int128 allowance) {
    /* Each instalment's cost is rounded once, by up to a fen in the coarsest mode. */
    return money_add(cap_charge_limit(allowance), money_fen(terms->instalment_count));
}
