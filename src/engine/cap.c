/* cap.c: the all-in cap's measure. Exports what cap.h declares. */
#include "engine/cap.h"

#include "base/check.h"
#include "engine/schedule.h"

int64_t period_day_weight(const struct terms *terms, int32_t number, int32_t days) {
    if (number == 0)
        return divide_rounded(
            RATE_UNIT, terms->day_basis == DAY_BASIS_ACT_360 ? 360 : 365, ROUND_CEILING);
    struct year_fraction fraction = period_fraction(terms, number, days);
    return divide_rounded(
        (int128)RATE_UNIT * fraction.numerator, (int128)fraction.denominator * days, ROUND_CEILING);
}

int64_t cap_time(
    const struct terms *terms, const struct contract_state *state, struct day from, struct day to) {
    if (terms->all_in_cap.per_billion == 0 || day_compare(from, to) >= 0)
        return 0;
    int64_t weight = 0;
    struct day period_start = terms->start_day;
    for (int32_t i = 0; i < state->instalment_count && day_compare(from, to) < 0; i++) {
        struct day period_end = state->instalments[i].scheduled_day;
        if (day_compare(from, period_end) < 0) {
            struct day until = day_compare(to, period_end) < 0 ? to : period_end;
            int32_t length = days_between(period_start, period_end);
            weight += days_between(from, until) * period_day_weight(terms, i + 1, length);
            from = until;
        }
        period_start = period_end;
    }
    if (day_compare(from, to) < 0)
        weight += days_between(from, to) * period_day_weight(terms, 0, 0);
    return weight;
}

struct money cap_charge_limit(const struct terms *terms, int128 principal_time) {
    check(terms->all_in_cap.per_billion > 0);
    return money_fen(divide_rounded(principal_time * terms->all_in_cap.per_billion,
        (int128)RATE_UNIT * RATE_UNIT, ROUND_FLOOR));
}

struct money cap_cost_limit(const struct terms *terms, int128 principal_time) {
    /* Each instalment's cost is rounded once, by up to a fen in the coarsest mode. */
    return money_add(cap_charge_limit(terms, principal_time), money_fen(terms->instalment_count));
}
