/*
 * fields.c: the tables of fields. Exports what fields.h declares.
 *
 * Ranges here keep a value inside what the encoding and the arithmetic hold; what makes sense
 * together is terms_validate()'s and contract_step()'s to say.
 */
#include "engine/fields.h"

#include "base/check.h"

#include <string.h>

enum {
    COUNT_MOST = 100000,
    CALENDAR_BEGIN = -25567, /* 1900-01-01, where base/day.h begins */
    CALENDAR_END = 2932896,  /* 9999-12-31 */
};
#define RATE_MOST (100 * RATE_UNIT)
#define MONEY_MOST (10 * PRINCIPAL_MAX_FEN)

static const char *const method_names[] = {"equal_instalment", "equal_principal", "interest_only",
    "interest_free", "fee_per_period", "flat", "bullet", "balloon", "stepped", "custom"};
static const char *const fee_quote_names[] = {"per_period", "total"};
static const char *const day_basis_names[] = {"by_month", "act_365", "act_360", "act_act_isda",
    "act_act_year_end", "act_act_leap_day", "30_360_us", "30_360_isda", "30e_360", "act_364"};
static const char *const level_plan_names[] = {"even", "by_month"};
static const char *const interest_on_names[] = {"plan", "outstanding"};
static const char *const due_rule_names[] = {
    "order_anniversary", "account_day", "month_end", "roll_to_first"};
static const char *const period_unit_names[] = {"month", "day", "week", "year"};
static const char *const roll_names[] = {"none", "following", "modified_following",
    "modified_following_half_month", "preceding", "modified_preceding", "nearest"};
static const char *const rounding_names[] = {
    "half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"};
static const char *const remainder_names[] = {"last", "first"};
static const char *const charge_time_names[] = {"up_front", "per_instalment", "on_drawdown"};
static const char *const charge_base_names[] = {
    "fixed", "principal", "instalment_principal", "instalment_interest", "instalment"};
static const char *const grace_names[] = {"reporting_only", "interest_free"};
static const char *const settle_names[] = {"by_day", "current_period", "remaining_fees", "full"};
static const char *const due_class_names[] = {"overdue", "due", "in_advance"};
static const char *const component_names[] = {"penalty", "fee", "interest", "principal"};
static const char *const advance_names[] = {"next", "last", "evenly"};
static const char *const source_names[] = {"channel", "credit_balance", "goodwill", "shop",
    "interest_refund", "charge_refund", "down_payment"};
static const char *const charge_off_names[] = {"keep", "zero_interest", "accelerate"};
static const char *const recognition_names[] = {"when_due", "daily"};
static const char *const event_kind_names[] = {"activated", "payment_settled", "reversed", "waived",
    "extension_granted", "merchant_refunded", "day_reached", "drawn_down", "charge_added",
    "charged_back", "rate_changed", "interest_paused", "due_day_changed", "paused", "re_aged",
    "re_amortised", "accelerated", "charged_off", "written_off", "sold", "cap_changed"};
static const char *const target_names[] = {
    "overdue", "due", "instalment", "order", "in_advance", "settle", "principal"};
static const char *const effect_names[] = {"lower_instalment", "fewer_instalments"};

#define TABLE(rows)                                                                                \
    { (int32_t)(sizeof(rows) / sizeof((rows)[0])), (rows) }
#define BOOL(type, member)                                                                         \
    { .name = #member, .kind = FIELD_BOOL, .offset = offsetof(type, member), .most = 1 }
#define INTEGER(type, member, low, high)                                                           \
    {                                                                                              \
        .name = #member, .kind = FIELD_INTEGER, .offset = offsetof(type, member), .least = (low),  \
        .most = (high)                                                                             \
    }
#define SEQUENCE(type, member)                                                                     \
    {                                                                                              \
        .name = #member, .kind = FIELD_SEQUENCE, .offset = offsetof(type, member),                 \
        .most = UINT32_MAX                                                                         \
    }
#define MONEY(type, member)                                                                        \
    { .name = #member, .kind = FIELD_MONEY, .offset = offsetof(type, member), .most = MONEY_MOST }
#define RATE(type, member)                                                                         \
    { .name = #member, .kind = FIELD_RATE, .offset = offsetof(type, member), .most = RATE_MOST }
#define DAY(type, member)                                                                          \
    { .name = #member, .kind = FIELD_DAY, .offset = offsetof(type, member) }
#define OPTIONAL_DAY(type, member)                                                                 \
    { .name = #member, .kind = FIELD_DAY, .offset = offsetof(type, member), .optional = true }
#define ENUM(type, member, list)                                                                   \
    {                                                                                              \
        .name = #member, .kind = FIELD_ENUM, .offset = offsetof(type, member),                     \
        .most = (int64_t)(sizeof(list) / sizeof((list)[0])) - 1, .names = (list)                   \
    }
#define GROUP(type, member, table)                                                                 \
    { .name = #member, .kind = FIELD_GROUP, .offset = offsetof(type, member), .part = &(table) }
#define LIST(type, member, counter, room, element, table)                                          \
    {                                                                                              \
        .name = #member, .kind = FIELD_LIST, .offset = offsetof(type, member), .most = (room),     \
        .count_offset = offsetof(type, counter), .stride = sizeof(element), .part = &(table)       \
    }
#define FIXED_LIST(type, member, room, element, table)                                             \
    {                                                                                              \
        .name = #member, .kind = FIELD_LIST, .offset = offsetof(type, member), .most = (room),     \
        .stride = sizeof(element), .part = &(table), .fixed = true                                 \
    }

static const struct field allocation_step_rows[] = {
    ENUM(struct allocation_step, due_class, due_class_names),
    ENUM(struct allocation_step, component, component_names),
};
static const struct field_table allocation_step_table = TABLE(allocation_step_rows);

static const struct field allocation_rows[] = {
    FIXED_LIST(struct allocation_order, steps, ALLOCATION_STEPS, struct allocation_step,
        allocation_step_table),
    BOOL(struct allocation_order, vertical),
    ENUM(struct allocation_order, advance, advance_names),
};
static const struct field_table allocation_table = TABLE(allocation_rows);

static const struct field override_rows[] = {
    ENUM(struct allocation_override, source, source_names),
    GROUP(struct allocation_override, order, allocation_table),
};
static const struct field_table override_table = TABLE(override_rows);

static const struct field penalty_rows[] = {
    RATE(struct penalty_terms, daily_rate),
    BOOL(struct penalty_terms, on_principal),
    BOOL(struct penalty_terms, on_interest),
    BOOL(struct penalty_terms, on_fee),
    INTEGER(struct penalty_terms, grace_days, 0, COUNT_MOST),
    ENUM(struct penalty_terms, grace_kind, grace_names),
    MONEY(struct penalty_terms, late_fee),
    RATE(struct penalty_terms, late_fee_rate),
    MONEY(struct penalty_terms, late_fee_most),
    RATE(struct penalty_terms, compound_rate),
    RATE(struct penalty_terms, contract_multiple),
};
static const struct field_table penalty_table = TABLE(penalty_rows);

static const struct field extension_rows[] = {
    INTEGER(struct extension_terms, max_times, 0, COUNT_MOST),
    INTEGER(struct extension_terms, max_days, 0, COUNT_MOST),
    MONEY(struct extension_terms, fee),
    RATE(struct extension_terms, daily_rate),
};
static const struct field_table extension_table = TABLE(extension_rows);

static const struct field step_rows[] = {
    INTEGER(struct plan_step, from_instalment, 0, COUNT_MOST),
    RATE(struct plan_step, share),
};
static const struct field_table step_table = TABLE(step_rows);

static const struct field custom_rows[] = {
    DAY(struct custom_row, due_day),
    MONEY(struct custom_row, principal),
};
static const struct field_table custom_table = TABLE(custom_rows);

static const struct field rate_step_rows[] = {
    DAY(struct rate_step, from_day),
    RATE(struct rate_step, annual_rate),
};
static const struct field_table rate_step_table = TABLE(rate_step_rows);

static const struct field charge_rows[] = {
    ENUM(struct charge_terms, time, charge_time_names),
    ENUM(struct charge_terms, base, charge_base_names),
    MONEY(struct charge_terms, fixed),
    RATE(struct charge_terms, rate),
    MONEY(struct charge_terms, least),
    MONEY(struct charge_terms, most),
};
static const struct field_table charge_table = TABLE(charge_rows);

static const struct field subsidy_rows[] = {RATE(struct subsidy_terms, share)};
static const struct field_table subsidy_table = TABLE(subsidy_rows);

static const struct field credit_rows[] = {{.name = "component",
    .kind = FIELD_ENUM,
    .most = COMPONENT_COUNT - 1,
    .names = component_names}};
static const struct field_table credit_table = TABLE(credit_rows);

static const struct field terms_rows[] = {
    ENUM(struct terms, method, method_names),
    MONEY(struct terms, principal),
    INTEGER(struct terms, instalment_count, 0, COUNT_MOST),
    RATE(struct terms, annual_rate),
    RATE(struct terms, period_fee_rate),
    ENUM(struct terms, fee_quote, fee_quote_names),
    ENUM(struct terms, day_basis, day_basis_names),
    ENUM(struct terms, level_plan, level_plan_names),
    ENUM(struct terms, interest_on, interest_on_names),
    BOOL(struct terms, overdue_bears_interest),
    BOOL(struct terms, first_period_by_days),
    DAY(struct terms, start_day),
    OPTIONAL_DAY(struct terms, first_due_day),
    ENUM(struct terms, due_rule, due_rule_names),
    INTEGER(struct terms, account_day, 0, 31),
    ENUM(struct terms, period_unit, period_unit_names),
    INTEGER(struct terms, period_length, 0, COUNT_MOST),
    ENUM(struct terms, due_roll, roll_names),
    INTEGER(struct terms, holidays_known_to, 0, COUNT_MOST),
    ENUM(struct terms, rounding, rounding_names),
    ENUM(struct terms, principal_rounding, rounding_names),
    ENUM(struct terms, remainder, remainder_names),
    MONEY(struct terms, multiple),
    INTEGER(struct terms, level_adjustments, 0, COUNT_MOST),
    INTEGER(struct terms, factor_decimals, 0, COUNT_MOST),
    MONEY(struct terms, instalment_least),
    INTEGER(struct terms, principal_grace_count, 0, COUNT_MOST),
    INTEGER(struct terms, interest_free_count, 0, COUNT_MOST),
    MONEY(struct terms, balloon),
    LIST(struct terms, steps, step_count, PLAN_STEPS_MAX, struct plan_step, step_table),
    LIST(struct terms, custom, custom_count, CUSTOM_ROWS_MAX, struct custom_row, custom_table),
    LIST(struct terms, rate_steps, rate_step_count, RATE_STEPS_MAX, struct rate_step,
        rate_step_table),
    RATE(struct terms, down_payment),
    MONEY(struct terms, drawdown_limit),
    LIST(struct terms, charges, charge_count, CHARGE_TERMS_MAX, struct charge_terms, charge_table),
    GROUP(struct terms, subsidy, subsidy_table),
    GROUP(struct terms, penalty, penalty_table),
    RATE(struct terms, all_in_cap),
    ENUM(struct terms, settle_rule, settle_names),
    GROUP(struct terms, extension, extension_table),
    GROUP(struct terms, allocation, allocation_table),
    LIST(struct terms, overrides, override_count, ALLOCATION_OVERRIDES_MAX,
        struct allocation_override, override_table),
    INTEGER(struct terms, principal_first_days, 0, COUNT_MOST),
    FIXED_LIST(struct terms, credit_order, COMPONENT_COUNT, enum component, credit_table),
    ENUM(struct terms, charge_off_rule, charge_off_names),
    ENUM(struct terms, recognition, recognition_names),
    INTEGER(struct terms, non_accrual_days, 0, COUNT_MOST),
    INTEGER(struct terms, due_window_days, 0, COUNT_MOST),
    INTEGER(struct terms, notice_days, 0, COUNT_MOST),
    INTEGER(struct terms, retry_days, 0, COUNT_MOST),
};
const struct field_table terms_fields = TABLE(terms_rows);

static const struct field part_rows[] = {
    {.name = "amount", .kind = FIELD_MONEY, .most = MONEY_MOST}};
static const struct field_table part_table = TABLE(part_rows);

static const struct field event_rows[] = {
    ENUM(struct contract_event, kind, event_kind_names),
    SEQUENCE(struct contract_event, sequence),
    DAY(struct contract_event, day),
    MONEY(struct contract_event, amount),
    ENUM(struct contract_event, target, target_names),
    ENUM(struct contract_event, source, source_names),
    ENUM(struct contract_event, effect, effect_names),
    INTEGER(struct contract_event, instalment, 0, COUNT_MOST),
    ENUM(struct contract_event, component, component_names),
    INTEGER(struct contract_event, days, 0, COUNT_MOST),
    DAY(struct contract_event, other_day),
    INTEGER(struct contract_event, count, 0, COUNT_MOST),
    RATE(struct contract_event, rate),
    SEQUENCE(struct contract_event, reversed_sequence),
    FIXED_LIST(struct contract_event, parts, COMPONENT_COUNT, struct money, part_table),
};
const struct field_table event_fields = TABLE(event_rows);

int64_t field_integer(const struct field *field, const void *object) {
    const char *at = (const char *)object + field->offset;
    switch (field->kind) { /* uncovered: lists and groups have no one value */
    case FIELD_BOOL:
        return *(const bool *)at;
    case FIELD_INTEGER:
        return *(const int32_t *)(const void *)at;
    case FIELD_SEQUENCE:
        return *(const uint32_t *)(const void *)at;
    case FIELD_MONEY:
        return ((const struct money *)(const void *)at)->fen;
    case FIELD_RATE:
        return ((const struct rate *)(const void *)at)->per_billion;
    case FIELD_DAY:
        return ((const struct day *)(const void *)at)->number;
    case FIELD_ENUM: {
        unsigned value; /* every enum of ours is as wide as unsigned */
        memcpy(&value, at, sizeof value);
        return value;
    }
    case FIELD_LIST:
    case FIELD_GROUP:
        break;
    }
    check(false);
    return 0;
}

bool field_takes(const struct field *field, int64_t value) {
    if (field->kind == FIELD_DAY)
        return (value >= CALENDAR_BEGIN && value <= CALENDAR_END) ||
               (field->optional && value == INT32_MIN);
    return value >= field->least && value <= field->most;
}

void field_set_integer(const struct field *field, void *object, int64_t value) {
    char *at = (char *)object + field->offset;
    check(field_takes(field, value));
    switch (field->kind) { /* uncovered: lists and groups have no one value */
    case FIELD_BOOL:
        *(bool *)at = value != 0;
        return;
    case FIELD_INTEGER:
        *(int32_t *)(void *)at = (int32_t)value;
        return;
    case FIELD_SEQUENCE:
        *(uint32_t *)(void *)at = (uint32_t)value;
        return;
    case FIELD_MONEY:
        ((struct money *)(void *)at)->fen = value;
        return;
    case FIELD_RATE:
        ((struct rate *)(void *)at)->per_billion = value;
        return;
    case FIELD_DAY:
        ((struct day *)(void *)at)->number = (int32_t)value;
        return;
    case FIELD_ENUM: {
        unsigned narrow = (unsigned)value;
        memcpy(at, &narrow, sizeof narrow);
        return;
    }
    case FIELD_LIST:
    case FIELD_GROUP:
        break;
    }
    check(false);
}

const char *method_name(enum method method) {
    check((unsigned)method < METHOD_COUNT);
    return method_names[method];
}
