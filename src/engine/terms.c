/* terms.c: defaults and validation of terms. Exports what terms.h declares. */
#include "engine/terms.h"

#include "base/check.h"
#include "engine/cap.h"
#include "engine/schedule.h"

#define ANNUAL_RATE_MAX RATE_UNIT
#define PERIOD_FEE_RATE_MAX (RATE_UNIT / 10)
#define DAILY_RATE_MAX (RATE_UNIT / 100)
#define SHARE_MAX (10 * RATE_UNIT)
#define MULTIPLE_MAX_FEN INT64_C(100000000)
enum {
    START_YEAR_MIN = 2000,
    START_YEAR_MAX = 2200,
    FIRST_PERIOD_DAYS_MAX = 92,
    PERIOD_UNITS_MAX = 366,
    PLAN_DAYS_MAX = 20000, /* about 55 years, all penalties and extensions after it */
    GRACE_DAYS_MAX = 30,
    EXTENSION_TIMES_MAX = 12,
    EXTENSION_DAYS_MAX = 180,
    WINDOW_DAYS_MAX = 28,
    RETRY_DAYS_MAX = 90,
    LATE_DAYS_MAX = 3660,
    ADJUSTMENTS_MAX = 3,
    FACTOR_DECIMALS_MIN = 6,
    FACTOR_DECIMALS_MAX = 17, /* 65 years at 100 % fit 63 bits */
};

static bool rate_within(struct rate rate, int64_t most) {
    return rate.per_billion >= 0 && rate.per_billion <= most;
}

static bool within(int32_t value, int32_t least, int32_t most) {
    return value >= least && value <= most;
}

static bool amount_within(struct money amount, int64_t most_fen) {
    return amount.fen >= 0 && amount.fen <= most_fen;
}

bool method_bears_interest(enum method method) {
    return method != METHOD_INTEREST_FREE && method != METHOD_FEE_PER_PERIOD;
}

bool method_is_level(enum method method) {
    return method == METHOD_EQUAL_INSTALMENT || method == METHOD_BALLOON ||
           method == METHOD_STEPPED;
}

static enum terms_refusal check_amounts(const struct terms *terms) {
    if ((unsigned)terms->method >= METHOD_COUNT)
        return TERMS_METHOD_UNKNOWN;
    if (terms->principal.fen < 1 || terms->principal.fen > PRINCIPAL_MAX_FEN)
        return TERMS_PRINCIPAL_OUT_OF_RANGE;
    bool custom = terms->method == METHOD_CUSTOM;
    if (!within(terms->instalment_count, 1, PLAN_INSTALMENTS_MAX) ||
        (custom && terms->instalment_count != terms->custom_count))
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

static enum terms_refusal check_bases(const struct terms *terms) {
    if ((unsigned)terms->day_basis >= DAY_BASIS_COUNT)
        return TERMS_DAY_BASIS_UNKNOWN;
    if ((unsigned)terms->level_plan >= LEVEL_PLAN_COUNT)
        return TERMS_LEVEL_PLAN_UNKNOWN;
    bool outstanding = terms->interest_on == INTEREST_ON_OUTSTANDING;
    if ((unsigned)terms->interest_on >= INTEREST_ON_COUNT ||
        (outstanding && (terms->method == METHOD_FLAT || terms->method == METHOD_BULLET ||
                            terms->level_plan != LEVEL_PLAN_EVEN)))
        return TERMS_INTEREST_ON_UNKNOWN;
    if (terms->start_day.number < day_from_civil(START_YEAR_MIN, 1, 1).number ||
        terms->start_day.number > day_from_civil(START_YEAR_MAX, 12, 31).number)
        return TERMS_START_DAY_OUT_OF_RANGE;
    return TERMS_OK;
}

/* Custom days ascend from the start day and the principals are what the down payment leaves. */
static bool custom_is_valid(const struct terms *terms) {
    if (terms->method != METHOD_CUSTOM)
        return terms->custom_count == 0;
    struct day before = terms->start_day;
    int64_t sum = down_payment_of(terms, terms->principal).fen;
    for (int32_t i = 0; i < terms->custom_count; i++) {
        const struct custom_row *row = &terms->custom[i];
        if (day_compare(row->due_day, before) <= 0 || row->principal.fen < 0 ||
            row->principal.fen > PRINCIPAL_MAX_FEN ||
            row->due_day.number - terms->start_day.number > PLAN_DAYS_MAX)
            return false;
        before = row->due_day;
        sum += row->principal.fen;
    }
    return sum == terms->principal.fen;
}

static bool period_is_valid(const struct terms *terms) {
    bool months = terms->period_unit == PERIOD_MONTH;
    if ((unsigned)terms->period_unit >= PERIOD_UNIT_COUNT ||
        !within(terms->period_length, 1, PERIOD_UNITS_MAX))
        return false;
    if (terms->due_rule == DUE_RULE_ACCOUNT_DAY && !months)
        return false;
    static const int32_t days[PERIOD_UNIT_COUNT] = {31, 1, 7, 366};
    return (int64_t)terms->instalment_count * terms->period_length * days[terms->period_unit] <=
           PLAN_DAYS_MAX;
}

/* 1..92 days, or up to two periods where these are longer. */
static bool first_due_day_is_valid(const struct terms *terms) {
    int32_t first = days_between(terms->start_day, schedule_due_day(terms, 1));
    int32_t two = days_between(terms->start_day, due_day_step(terms->start_day, terms->period_unit,
                                                     terms->period_length, 2, MONTH_END_CLAMP));
    return terms->method == METHOD_CUSTOM ||
           within(first, 1, two > FIRST_PERIOD_DAYS_MAX ? two : FIRST_PERIOD_DAYS_MAX);
}

static enum terms_refusal check_days(const struct terms *terms) {
    if ((unsigned)terms->due_rule >= DUE_RULE_COUNT)
        return TERMS_DUE_RULE_UNKNOWN;
    bool by_account_day = terms->due_rule == DUE_RULE_ACCOUNT_DAY;
    if (by_account_day ? !within(terms->account_day, 1, 31) : terms->account_day != 0)
        return TERMS_ACCOUNT_DAY_OUT_OF_RANGE;
    if (!period_is_valid(terms))
        return TERMS_PERIOD_OUT_OF_RANGE;
    if ((unsigned)terms->due_roll >= ROLL_RULE_COUNT)
        return TERMS_DUE_ROLL_UNKNOWN;
    if (!rate_within(terms->down_payment, RATE_UNIT - 1))
        return TERMS_DOWN_PAYMENT_OUT_OF_RANGE;
    if ((unsigned)terms->rounding >= ROUNDING_COUNT)
        return TERMS_ROUNDING_UNKNOWN;
    if (!amount_within(terms->multiple, MULTIPLE_MAX_FEN) ||
        terms->multiple.fen > terms->principal.fen)
        return TERMS_MULTIPLE_OUT_OF_RANGE;
    if (!custom_is_valid(terms))
        return TERMS_CUSTOM_INVALID;
    if (!first_due_day_is_valid(terms))
        return TERMS_FIRST_DUE_DAY_OUT_OF_RANGE;
    return TERMS_OK;
}

static enum terms_refusal check_shape(const struct terms *terms) {
    if ((unsigned)terms->principal_rounding >= ROUNDING_COUNT)
        return TERMS_PRINCIPAL_ROUNDING_UNKNOWN;
    /* A level plan has no even share whose remainder could stand first. */
    if ((unsigned)terms->remainder >= REMAINDER_COUNT ||
        (terms->remainder == REMAINDER_FIRST && method_is_level(terms->method)))
        return TERMS_REMAINDER_UNKNOWN;
    if (!within(terms->level_adjustments, 0, ADJUSTMENTS_MAX))
        return TERMS_LEVEL_ADJUSTMENTS_OUT_OF_RANGE;
    if (terms->factor_decimals != 0 &&
        !within(terms->factor_decimals, FACTOR_DECIMALS_MIN, FACTOR_DECIMALS_MAX))
        return TERMS_FACTOR_DECIMALS_OUT_OF_RANGE;
    if (!within(terms->principal_grace_count, 0, terms->instalment_count - 1))
        return TERMS_PRINCIPAL_GRACE_OUT_OF_RANGE;
    if (!within(terms->interest_free_count, 0, terms->instalment_count))
        return TERMS_INTEREST_FREE_OUT_OF_RANGE;
    if (!amount_within(terms->balloon, terms->method == METHOD_BALLOON ? terms->principal.fen : 0))
        return TERMS_BALLOON_OUT_OF_RANGE;
    return TERMS_OK;
}

static bool steps_are_valid(const struct terms *terms) {
    if (terms->method != METHOD_STEPPED)
        return terms->step_count == 0;
    if (!within(terms->step_count, 1, PLAN_STEPS_MAX) || terms->steps[0].from_instalment != 1)
        return false;
    for (int32_t i = 0; i < terms->step_count; i++)
        if (terms->steps[i].share.per_billion < 1 ||
            terms->steps[i].share.per_billion > SHARE_MAX ||
            (i > 0 && terms->steps[i].from_instalment <= terms->steps[i - 1].from_instalment))
            return false;
    return true;
}

static bool rate_steps_are_valid(const struct terms *terms) {
    if (!within(terms->rate_step_count, 0, RATE_STEPS_MAX))
        return false;
    struct day before = terms->start_day;
    for (int32_t i = 0; i < terms->rate_step_count; i++) {
        const struct rate_step *step = &terms->rate_steps[i];
        if (day_compare(step->from_day, before) <= 0 ||
            !rate_within(
                step->annual_rate, method_bears_interest(terms->method) ? ANNUAL_RATE_MAX : 0))
            return false;
        before = step->from_day;
    }
    return true;
}

static bool charges_are_valid(const struct terms *terms) {
    if (!within(terms->charge_count, 0, CHARGE_TERMS_MAX))
        return false;
    for (int32_t i = 0; i < terms->charge_count; i++) {
        const struct charge_terms *charge = &terms->charges[i];
        bool of_instalment = charge->base == CHARGE_BASE_INSTALMENT ||
                             charge->base == CHARGE_BASE_INSTALMENT_INTEREST ||
                             charge->base == CHARGE_BASE_INSTALMENT_PRINCIPAL;
        if ((unsigned)charge->time >= CHARGE_TIME_COUNT ||
            (unsigned)charge->base >= CHARGE_BASE_COUNT ||
            (of_instalment && charge->time != CHARGE_PER_INSTALMENT) ||
            !amount_within(charge->fixed, terms->principal.fen) ||
            !rate_within(charge->rate, RATE_UNIT) ||
            !amount_within(charge->least, terms->principal.fen) ||
            !amount_within(charge->most, PRINCIPAL_MAX_FEN))
            return false;
    }
    return true;
}

static enum terms_refusal check_drawing(const struct terms *terms) {
    if (!steps_are_valid(terms))
        return TERMS_STEPS_INVALID;
    if (!rate_steps_are_valid(terms))
        return TERMS_RATE_STEPS_INVALID;
    if (terms->drawdown_limit.fen != 0 && (terms->drawdown_limit.fen < terms->principal.fen ||
                                              terms->drawdown_limit.fen > PRINCIPAL_MAX_FEN))
        return TERMS_DRAWDOWN_LIMIT_OUT_OF_RANGE;
    if (!charges_are_valid(terms))
        return TERMS_CHARGES_INVALID;
    if (!rate_within(terms->subsidy.share, RATE_UNIT))
        return TERMS_SUBSIDY_OUT_OF_RANGE;
    return TERMS_OK;
}

static enum terms_refusal check_contingent(const struct terms *terms) {
    const struct penalty_terms *penalty = &terms->penalty;
    if (!rate_within(penalty->daily_rate, DAILY_RATE_MAX) ||
        !rate_within(penalty->compound_rate, DAILY_RATE_MAX))
        return TERMS_PENALTY_RATE_OUT_OF_RANGE;
    if (!within(penalty->grace_days, 0, GRACE_DAYS_MAX))
        return TERMS_GRACE_DAYS_OUT_OF_RANGE;
    if ((unsigned)penalty->grace_kind >= GRACE_KIND_COUNT)
        return TERMS_GRACE_KIND_UNKNOWN;
    if (!amount_within(penalty->late_fee, terms->principal.fen) ||
        !amount_within(penalty->late_fee_most, PRINCIPAL_MAX_FEN) ||
        !rate_within(penalty->late_fee_rate, RATE_UNIT))
        return TERMS_LATE_FEE_OUT_OF_RANGE;
    if (!rate_within(penalty->contract_multiple, SHARE_MAX))
        return TERMS_PENALTY_CEILING_OUT_OF_RANGE;
    if (!rate_within(terms->all_in_cap, RATE_UNIT))
        return TERMS_CAP_OUT_OF_RANGE;
    if ((unsigned)terms->settle_rule >= SETTLE_RULE_COUNT)
        return TERMS_SETTLE_RULE_UNKNOWN;
    if (!within(terms->extension.max_times, 0, EXTENSION_TIMES_MAX) ||
        !within(terms->extension.max_days, 0, EXTENSION_DAYS_MAX) ||
        !amount_within(terms->extension.fee, terms->principal.fen) ||
        !rate_within(terms->extension.daily_rate, DAILY_RATE_MAX))
        return TERMS_EXTENSION_OUT_OF_RANGE;
    return TERMS_OK;
}

/* Every pair exactly once and the steps of a class together. */
static bool order_is_valid(const struct allocation_order *order) {
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
    return seen == (1u << ALLOCATION_STEPS) - 1 && (unsigned)order->advance < ADVANCE_RULE_COUNT;
}

static bool allocation_is_valid(const struct terms *terms) {
    if (!order_is_valid(&terms->allocation) ||
        !within(terms->override_count, 0, ALLOCATION_OVERRIDES_MAX))
        return false;
    for (int32_t i = 0; i < terms->override_count; i++)
        if ((unsigned)terms->overrides[i].source >= SOURCE_COUNT ||
            !order_is_valid(&terms->overrides[i].order))
            return false;
    return true;
}

static bool credit_order_is_valid(const struct terms *terms) {
    unsigned seen = 0;
    for (int c = 0; c < COMPONENT_COUNT; c++)
        if ((unsigned)terms->credit_order[c] < COMPONENT_COUNT)
            seen |= 1u << (unsigned)terms->credit_order[c];
    return seen == (1u << COMPONENT_COUNT) - 1;
}

static enum terms_refusal check_service(const struct terms *terms) {
    if (!allocation_is_valid(terms))
        return TERMS_ALLOCATION_INVALID;
    if (!credit_order_is_valid(terms))
        return TERMS_CREDIT_ORDER_INVALID;
    if ((unsigned)terms->recognition >= RECOGNITION_COUNT ||
        (unsigned)terms->charge_off_rule >= CHARGE_OFF_RULE_COUNT)
        return TERMS_RECOGNITION_UNKNOWN;
    if (!within(terms->non_accrual_days, 0, LATE_DAYS_MAX) ||
        !within(terms->principal_first_days, 0, LATE_DAYS_MAX))
        return TERMS_NON_ACCRUAL_OUT_OF_RANGE;
    if (!within(terms->due_window_days, 0, WINDOW_DAYS_MAX))
        return TERMS_DUE_WINDOW_OUT_OF_RANGE;
    if (!within(terms->notice_days, 0, WINDOW_DAYS_MAX))
        return TERMS_NOTICE_DAYS_OUT_OF_RANGE;
    if (!within(terms->retry_days, 0, RETRY_DAYS_MAX))
        return TERMS_RETRY_DAYS_OUT_OF_RANGE;
    return TERMS_OK;
}

/* Performing normally must fit under the cap by the measure that closes the contract (R-0045,
 * R-0046). */
static bool cost_over_cap(const struct terms *terms, const struct schedule *schedule) {
    if (terms->all_in_cap.per_billion == 0)
        return false;
    int128 allowance = 0;
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        const struct schedule_row *row = &schedule->rows[i];
        allowance += (int128)row->opening.fen * days_between(row->period.start, row->period.end) *
                     period_day_weight(terms, &row->period) * terms->all_in_cap.per_billion;
    }
    return money_compare(schedule_total_cost(schedule), cap_cost_limit(terms, allowance)) > 0;
}

static bool below_least(const struct terms *terms, const struct schedule *schedule) {
    const struct schedule_row *first = &schedule->rows[0];
    return first->principal.fen + first->interest.fen + first->fee.fen <
           terms->instalment_least.fen;
}

enum terms_refusal terms_validate(const struct terms *terms) {
    static enum terms_refusal (*const checks[])(const struct terms *) = {check_amounts, check_bases,
        check_days, check_shape, check_drawing, check_contingent, check_service};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        enum terms_refusal refusal = checks[i](terms);
        if (refusal != TERMS_OK)
            return refusal;
    }
    if (terms->instalment_least.fen == 0 && terms->all_in_cap.per_billion == 0)
        return TERMS_OK;
    struct schedule schedule;
    schedule_build(terms, &schedule);
    if (below_least(terms, &schedule))
        return TERMS_INSTALMENT_BELOW_LEAST;
    return cost_over_cap(terms, &schedule) ? TERMS_COST_OVER_CAP : TERMS_OK;
}

struct terms terms_defaults(void) {
    struct terms terms = {
        .first_due_day = DAY_NONE,
        .period_unit = PERIOD_MONTH,
        .period_length = 1,
        .overdue_bears_interest = true,
        .rounding = ROUND_HALF_UP,
        .principal_rounding = ROUND_HALF_UP,
        .penalty = {.on_principal = true, .on_interest = true},
        .credit_order = {COMPONENT_PRINCIPAL, COMPONENT_INTEREST, COMPONENT_FEE, COMPONENT_PENALTY},
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

const struct allocation_order *terms_allocation(
    const struct terms *terms, enum payment_source source) {
    for (int32_t i = 0; i < terms->override_count; i++)
        if (terms->overrides[i].source == source)
            return &terms->overrides[i].order;
    return &terms->allocation;
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
        [TERMS_INTEREST_ON_UNKNOWN] = "interest_on",
        [TERMS_START_DAY_OUT_OF_RANGE] = "start_day",
        [TERMS_DUE_RULE_UNKNOWN] = "due_rule",
        [TERMS_ACCOUNT_DAY_OUT_OF_RANGE] = "account_day",
        [TERMS_PERIOD_OUT_OF_RANGE] = "period_length",
        [TERMS_DUE_ROLL_UNKNOWN] = "due_roll",
        [TERMS_CUSTOM_INVALID] = "custom",
        [TERMS_FIRST_DUE_DAY_OUT_OF_RANGE] = "first_due_day",
        [TERMS_ROUNDING_UNKNOWN] = "rounding",
        [TERMS_PRINCIPAL_ROUNDING_UNKNOWN] = "principal_rounding",
        [TERMS_REMAINDER_UNKNOWN] = "remainder",
        [TERMS_MULTIPLE_OUT_OF_RANGE] = "multiple",
        [TERMS_LEVEL_ADJUSTMENTS_OUT_OF_RANGE] = "level_adjustments",
        [TERMS_FACTOR_DECIMALS_OUT_OF_RANGE] = "factor_decimals",
        [TERMS_PRINCIPAL_GRACE_OUT_OF_RANGE] = "principal_grace_count",
        [TERMS_INTEREST_FREE_OUT_OF_RANGE] = "interest_free_count",
        [TERMS_BALLOON_OUT_OF_RANGE] = "balloon",
        [TERMS_STEPS_INVALID] = "steps",
        [TERMS_RATE_STEPS_INVALID] = "rate_steps",
        [TERMS_DOWN_PAYMENT_OUT_OF_RANGE] = "down_payment",
        [TERMS_DRAWDOWN_LIMIT_OUT_OF_RANGE] = "drawdown_limit",
        [TERMS_CHARGES_INVALID] = "charges",
        [TERMS_SUBSIDY_OUT_OF_RANGE] = "subsidy",
        [TERMS_PENALTY_RATE_OUT_OF_RANGE] = "penalty.daily_rate",
        [TERMS_GRACE_DAYS_OUT_OF_RANGE] = "penalty.grace_days",
        [TERMS_GRACE_KIND_UNKNOWN] = "penalty.grace_kind",
        [TERMS_LATE_FEE_OUT_OF_RANGE] = "penalty.late_fee",
        [TERMS_PENALTY_CEILING_OUT_OF_RANGE] = "penalty.contract_multiple",
        [TERMS_CAP_OUT_OF_RANGE] = "all_in_cap",
        [TERMS_SETTLE_RULE_UNKNOWN] = "settle_rule",
        [TERMS_EXTENSION_OUT_OF_RANGE] = "extension",
        [TERMS_ALLOCATION_INVALID] = "allocation",
        [TERMS_CREDIT_ORDER_INVALID] = "credit_order",
        [TERMS_RECOGNITION_UNKNOWN] = "recognition",
        [TERMS_NON_ACCRUAL_OUT_OF_RANGE] = "non_accrual_days",
        [TERMS_DUE_WINDOW_OUT_OF_RANGE] = "due_window_days",
        [TERMS_NOTICE_DAYS_OUT_OF_RANGE] = "notice_days",
        [TERMS_RETRY_DAYS_OUT_OF_RANGE] = "retry_days",
        [TERMS_INSTALMENT_BELOW_LEAST] = "instalment_least",
        [TERMS_COST_OVER_CAP] = "all_in_cap",
    };
    check((unsigned)refusal < TERMS_REFUSAL_COUNT);
    return fields[refusal];
}
