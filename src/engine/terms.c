/* terms.c: defaults and validation of terms. Exports what terms.h declares. */
#include "engine/terms.h"

#include "base/check.h"
#include "engine/cap.h"
#include "engine/schedule.h"

#define ANNUAL_RATE_MAX RATE_UNIT
#define PERIOD_FEE_RATE_MAX (RATE_UNIT / 10)
#define DAILY_RATE_MAX (RATE_UNIT / 100)
enum {
    START_YEAR_MIN = 2000,
    START_YEAR_MAX = 2200,
    FIRST_PERIOD_DAYS_MAX = 92,
    GRACE_DAYS_MAX = 30,
    EXTENSION_TIMES_MAX = 12,
    EXTENSION_DAYS_MAX = 180,
    WINDOW_DAYS_MAX = 28,
    RETRY_DAYS_MAX = 90,
};

static bool rate_within(struct rate rate, int64_t most) {
    return rate.per_billion >= 0 && rate.per_billion <= most;
}

static bool days_within(int32_t days, int32_t most) {
    return days >= 0 && days <= most;
}

static bool part_of_principal(const struct terms *terms, struct money amount) {
    return amount.fen >= 0 && amount.fen <= terms->principal.fen;
}

static bool method_bears_interest(enum method method) {
    switch (method) {
    case METHOD_EQUAL_INSTALMENT:
    case METHOD_EQUAL_PRINCIPAL:
    case METHOD_INTEREST_ONLY:
        return true;
    case METHOD_INTEREST_FREE:
    case METHOD_FEE_PER_PERIOD:
        return false;
    }
    return false;
}

static enum terms_refusal check_amounts(const struct terms *terms) {
    if ((unsigned)terms->method >= METHOD_COUNT)
        return TERMS_METHOD_UNKNOWN;
    if (terms->principal.fen < 1 || terms->principal.fen > PRINCIPAL_MAX_FEN)
        return TERMS_PRINCIPAL_OUT_OF_RANGE;
    if (terms->instalment_count < 1 || terms->instalment_count > INSTALMENTS_MAX)
        return TERMS_INSTALMENT_COUNT_OUT_OF_RANGE;
    if (!rate_within(
            terms->annual_rate, method_bears_interest(terms->method) ? ANNUAL_RATE_MAX : 0))
        return TERMS_ANNUAL_RATE_OUT_OF_RANGE;
    if ((unsigned)terms->fee_quote >= FEE_QUOTE_COUNT)
        return TERMS_FEE_QUOTE_UNKNOWN;
    int64_t fee_most = terms->method != METHOD_FEE_PER_PERIOD ? 0
                       : terms->fee_quote == FEE_QUOTE_TOTAL  ? RATE_UNIT
                                                              : PERIOD_FEE_RATE_MAX;
    if (!rate_within(terms->period_fee_rate, fee_most))
        return TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE;
    return TERMS_OK;
}

static enum terms_refusal check_days(const struct terms *terms) {
    if ((unsigned)terms->day_basis >= DAY_BASIS_COUNT)
        return TERMS_DAY_BASIS_UNKNOWN;
    if ((unsigned)terms->level_plan >= LEVEL_PLAN_COUNT)
        return TERMS_LEVEL_PLAN_UNKNOWN;
    if (terms->start_day.number < day_from_civil(START_YEAR_MIN, 1, 1).number ||
        terms->start_day.number > day_from_civil(START_YEAR_MAX, 12, 31).number)
        return TERMS_START_DAY_OUT_OF_RANGE;
    if ((unsigned)terms->due_rule >= DUE_RULE_COUNT)
        return TERMS_DUE_RULE_UNKNOWN;
    bool by_account_day = terms->due_rule == DUE_RULE_ACCOUNT_DAY;
    if (by_account_day ? terms->account_day < 1 || terms->account_day > 31
                       : terms->account_day != 0)
        return TERMS_ACCOUNT_DAY_OUT_OF_RANGE;
    int32_t first = days_between(terms->start_day, schedule_due_day(terms, 1));
    if (first < 1 || first > FIRST_PERIOD_DAYS_MAX)
        return TERMS_FIRST_DUE_DAY_OUT_OF_RANGE;
    if ((unsigned)terms->rounding >= ROUNDING_COUNT)
        return TERMS_ROUNDING_UNKNOWN;
    if ((unsigned)terms->principal_rounding >= ROUNDING_COUNT)
        return TERMS_PRINCIPAL_ROUNDING_UNKNOWN;
    /* A level plan has no even share whose remainder could stand first. */
    if ((unsigned)terms->remainder >= REMAINDER_COUNT ||
        (terms->remainder == REMAINDER_FIRST && terms->method == METHOD_EQUAL_INSTALMENT))
        return TERMS_REMAINDER_UNKNOWN;
    return TERMS_OK;
}

static enum terms_refusal check_contingent(const struct terms *terms) {
    if (!rate_within(terms->penalty.daily_rate, DAILY_RATE_MAX))
        return TERMS_PENALTY_RATE_OUT_OF_RANGE;
    if (!days_within(terms->penalty.grace_days, GRACE_DAYS_MAX))
        return TERMS_GRACE_DAYS_OUT_OF_RANGE;
    if ((unsigned)terms->penalty.grace_kind >= GRACE_KIND_COUNT)
        return TERMS_GRACE_KIND_UNKNOWN;
    if (!part_of_principal(terms, terms->penalty.late_fee))
        return TERMS_LATE_FEE_OUT_OF_RANGE;
    if (!rate_within(terms->all_in_cap, RATE_UNIT))
        return TERMS_CAP_OUT_OF_RANGE;
    if ((unsigned)terms->settle_rule >= SETTLE_RULE_COUNT)
        return TERMS_SETTLE_RULE_UNKNOWN;
    if (!days_within(terms->extension.max_times, EXTENSION_TIMES_MAX) ||
        !days_within(terms->extension.max_days, EXTENSION_DAYS_MAX) ||
        !part_of_principal(terms, terms->extension.fee) ||
        !rate_within(terms->extension.daily_rate, DAILY_RATE_MAX))
        return TERMS_EXTENSION_OUT_OF_RANGE;
    return TERMS_OK;
}

/* Every pair exactly once and the steps of a class together. */
static bool allocation_is_valid(const struct allocation_order *order) {
    unsigned seen = 0;
    for (int i = 0; i < ALLOCATION_STEPS; i++) {
        unsigned class = (unsigned)order->steps[i].due_class;
        unsigned component = (unsigned)order->steps[i].component;
        if (class >= DUE_CLASS_COUNT || component >= COMPONENT_COUNT)
            return false;
        if (order->steps[i].due_class != order->steps[i - i % COMPONENT_COUNT].due_class)
            return false;
        seen |= 1u << (class * COMPONENT_COUNT + component);
    }
    return seen == (1u << ALLOCATION_STEPS) - 1;
}

/* Performing normally must fit under the cap by the measure that closes the contract (R-0045,
 * R-0046). */
static bool cost_over_cap(const struct terms *terms) {
    if (terms->all_in_cap.per_billion == 0)
        return false;
    struct schedule schedule;
    schedule_build(terms, &schedule);
    int128 principal_time = 0;
    for (int32_t i = 0; i < schedule.count; i++) {
        const struct schedule_row *row = &schedule.rows[i];
        int32_t days = days_between(row->period_start, row->due_day);
        principal_time += (int128)row->opening.fen * days * period_day_weight(terms, i + 1, days);
    }
    return money_compare(schedule_total_cost(&schedule), cap_cost_limit(terms, principal_time)) > 0;
}

enum terms_refusal terms_validate(const struct terms *terms) {
    enum terms_refusal refusal = check_amounts(terms);
    if (refusal == TERMS_OK)
        refusal = check_days(terms);
    if (refusal == TERMS_OK)
        refusal = check_contingent(terms);
    if (refusal != TERMS_OK)
        return refusal;
    if (!allocation_is_valid(&terms->allocation))
        return TERMS_ALLOCATION_INVALID;
    if (!days_within(terms->due_window_days, WINDOW_DAYS_MAX))
        return TERMS_DUE_WINDOW_OUT_OF_RANGE;
    if (!days_within(terms->notice_days, WINDOW_DAYS_MAX))
        return TERMS_NOTICE_DAYS_OUT_OF_RANGE;
    if (!days_within(terms->retry_days, RETRY_DAYS_MAX))
        return TERMS_RETRY_DAYS_OUT_OF_RANGE;
    return cost_over_cap(terms) ? TERMS_COST_OVER_CAP : TERMS_OK;
}

struct terms terms_defaults(void) {
    struct terms terms = {
        .first_due_day = DAY_NONE,
        .rounding = ROUND_HALF_UP,
        .principal_rounding = ROUND_HALF_UP,
        .penalty = {.on_principal = true, .on_interest = true},
        .due_window_days = 7,
        .notice_days = 3,
        .retry_days = 3,
    };
    static const enum component order[COMPONENT_COUNT] = {
        COMPONENT_FEE, COMPONENT_PENALTY, COMPONENT_INTEREST, COMPONENT_PRINCIPAL};
    for (int i = 0; i < ALLOCATION_STEPS; i++)
        terms.allocation.steps[i] = (struct allocation_step){
            (enum due_class)(i / COMPONENT_COUNT), order[i % COMPONENT_COUNT]};
    return terms;
}

const char *terms_refusal_field(enum terms_refusal refusal) {
    static const char *const fields[TERMS_REFUSAL_COUNT] = {
        [TERMS_OK] = "",
        [TERMS_METHOD_UNKNOWN] = "method",
        [TERMS_PRINCIPAL_OUT_OF_RANGE] = "principal",
        [TERMS_INSTALMENT_COUNT_OUT_OF_RANGE] = "instalment_count",
        [TERMS_ANNUAL_RATE_OUT_OF_RANGE] = "annual_rate",
        [TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE] = "period_fee_rate",
        [TERMS_FEE_QUOTE_UNKNOWN] = "fee_quote",
        [TERMS_DAY_BASIS_UNKNOWN] = "day_basis",
        [TERMS_LEVEL_PLAN_UNKNOWN] = "level_plan",
        [TERMS_START_DAY_OUT_OF_RANGE] = "start_day",
        [TERMS_DUE_RULE_UNKNOWN] = "due_rule",
        [TERMS_ACCOUNT_DAY_OUT_OF_RANGE] = "account_day",
        [TERMS_FIRST_DUE_DAY_OUT_OF_RANGE] = "first_due_day",
        [TERMS_ROUNDING_UNKNOWN] = "rounding",
        [TERMS_PRINCIPAL_ROUNDING_UNKNOWN] = "principal_rounding",
        [TERMS_REMAINDER_UNKNOWN] = "remainder",
        [TERMS_PENALTY_RATE_OUT_OF_RANGE] = "penalty.daily_rate",
        [TERMS_GRACE_DAYS_OUT_OF_RANGE] = "penalty.grace_days",
        [TERMS_GRACE_KIND_UNKNOWN] = "penalty.grace_kind",
        [TERMS_LATE_FEE_OUT_OF_RANGE] = "penalty.late_fee",
        [TERMS_CAP_OUT_OF_RANGE] = "all_in_cap",
        [TERMS_SETTLE_RULE_UNKNOWN] = "settle_rule",
        [TERMS_EXTENSION_OUT_OF_RANGE] = "extension",
        [TERMS_ALLOCATION_INVALID] = "allocation",
        [TERMS_DUE_WINDOW_OUT_OF_RANGE] = "due_window_days",
        [TERMS_NOTICE_DAYS_OUT_OF_RANGE] = "notice_days",
        [TERMS_RETRY_DAYS_OUT_OF_RANGE] = "retry_days",
        [TERMS_COST_OVER_CAP] = "all_in_cap",
    };
    check((unsigned)refusal < TERMS_REFUSAL_COUNT);
    return fields[refusal];
}
