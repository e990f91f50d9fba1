/*
 * terms.h: what a contract agrees, as data. Exports: struct terms and its parts,
 * terms_defaults(), terms_validate(), enum terms_refusal.
 *
 * Terms are frozen at acceptance and never edited afterwards. Nothing that is not in them can be
 * charged. Rules: spec/rules.md R-0001 to R-0010.
 */
#ifndef FENQI_ENGINE_TERMS_H
#define FENQI_ENGINE_TERMS_H

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"
#include "base/rounding.h"

#include <stdbool.h>
#include <stdint.h>

enum { INSTALMENTS_MAX = 60, CONTRACT_DAYS_MAX = 36525 };
#define PRINCIPAL_MAX_FEN INT64_C(1000000000000) /* 10 billion yuan */

enum method {
    METHOD_EQUAL_INSTALMENT, /* 等额本息 */
    METHOD_EQUAL_PRINCIPAL,  /* 等额本金 */
    METHOD_INTEREST_ONLY,    /* 先息后本: principal in the last instalment */
    METHOD_INTEREST_FREE,    /* 免息: principal only */
    METHOD_FEE_PER_PERIOD,   /* 按期手续费: fee on the original principal each period */
};
enum { METHOD_COUNT = METHOD_FEE_PER_PERIOD + 1 };

enum day_basis {
    DAY_BASIS_BY_MONTH, /* each period is 1/12 of a year */
    DAY_BASIS_ACT_365,  /* actual days / 365 */
    DAY_BASIS_ACT_360,  /* actual days / 360 */
};
enum { DAY_BASIS_COUNT = DAY_BASIS_ACT_360 + 1 };

/* How equal instalments are levelled when periods differ in length (R-0006). */
enum level_plan {
    LEVEL_PLAN_EVEN, /* totals are equal: the instalment discounts with each period's own rate */
    LEVEL_PLAN_BY_MONTH, /* principals as if by month; interest of the actual days is added */
};
enum { LEVEL_PLAN_COUNT = LEVEL_PLAN_BY_MONTH + 1 };

enum due_rule {
    DUE_RULE_ORDER_ANNIVERSARY, /* start day + k months, month ends clamped */
    DUE_RULE_ACCOUNT_DAY,       /* the account day of the k-th month after the start */
};
enum { DUE_RULE_COUNT = DUE_RULE_ACCOUNT_DAY + 1 };

enum fee_quote {
    FEE_QUOTE_PER_PERIOD, /* period_fee_rate × principal, each period */
    FEE_QUOTE_TOTAL,      /* period_fee_rate is of the whole term; split evenly, remainder placed */
};
enum { FEE_QUOTE_COUNT = FEE_QUOTE_TOTAL + 1 };

enum remainder_place { REMAINDER_LAST, REMAINDER_FIRST };
enum { REMAINDER_COUNT = REMAINDER_FIRST + 1 };

enum grace_kind {
    GRACE_REPORTING_ONLY, /* penalty runs; only the credit report waits */
    GRACE_INTEREST_FREE,  /* the days of grace bear no penalty either */
};
enum { GRACE_KIND_COUNT = GRACE_INTEREST_FREE + 1 };

/* What early settlement charges for time that has not passed (R-0050). */
enum settle_rule {
    SETTLE_BY_DAY,         /* interest and fee of the current period by day, later ones nothing */
    SETTLE_CURRENT_PERIOD, /* current period in full, later ones nothing */
    SETTLE_REMAINING_FEES, /* interest by day, fees of every remaining period in full */
    SETTLE_FULL,           /* interest and fees of every remaining period in full */
};
enum { SETTLE_RULE_COUNT = SETTLE_FULL + 1 };

/* The four parts of a debt. Arrays indexed by component are in this order everywhere. */
enum component { COMPONENT_PENALTY, COMPONENT_FEE, COMPONENT_INTEREST, COMPONENT_PRINCIPAL };
enum { COMPONENT_COUNT = COMPONENT_PRINCIPAL + 1 };

enum due_class { DUE_CLASS_OVERDUE, DUE_CLASS_DUE, DUE_CLASS_IN_ADVANCE };
enum { DUE_CLASS_COUNT = DUE_CLASS_IN_ADVANCE + 1 };

struct allocation_step {
    enum due_class due_class;
    enum component component;
};
enum { ALLOCATION_STEPS = DUE_CLASS_COUNT * COMPONENT_COUNT };

/*
 * The order in which a payment pays. Each pair of class and component occurs exactly once, and the
 * steps of one class stand together. Horizontal finishes an instalment (its components in the order
 * of its class) before the next one; vertical finishes a step over all instalments before the next.
 */
struct allocation_order {
    struct allocation_step steps[ALLOCATION_STEPS];
    bool vertical;
};

struct penalty_terms {
    struct rate daily_rate; /* of the base, a day; 0 none */
    bool on_principal;      /* the base: what of an overdue instalment bears penalty */
    bool on_interest;
    bool on_fee;
    int32_t grace_days; /* 0 none */
    enum grace_kind grace_kind;
    struct money late_fee; /* once per overdue instalment, after interest-free grace; 0 none */
};

struct extension_terms {
    int32_t max_times;      /* over the contract's life; 0: no extension */
    int32_t max_days;       /* each time */
    struct money fee;       /* fixed, each time */
    struct rate daily_rate; /* of what is left of the instalment, for each day gained */
};

struct terms {
    enum method method;
    struct money principal;
    int32_t instalment_count;    /* 1..INSTALMENTS_MAX */
    struct rate annual_rate;     /* nominal; 0 for methods without interest */
    struct rate period_fee_rate; /* of the original principal; 0 for methods without fee */
    enum fee_quote fee_quote;
    enum day_basis day_basis;
    enum level_plan level_plan;
    bool first_period_by_days; /* by-month basis: the first period counts actual days / 360 */
    struct day start_day;      /* interest runs from this day on, inclusive */
    struct day first_due_day;  /* DAY_NONE: from the due-day rule */
    enum due_rule due_rule;
    int32_t account_day;              /* 1..31 with DUE_RULE_ACCOUNT_DAY, else 0 */
    enum rounding rounding;           /* interest, fees, penalty, the level instalment */
    enum rounding principal_rounding; /* division of the principal */
    enum remainder_place remainder;
    struct penalty_terms penalty;
    struct rate all_in_cap; /* a year, over everything charged; 0 none */
    enum settle_rule settle_rule;
    struct extension_terms extension;
    struct allocation_order allocation;
    int32_t due_window_days; /* an instalment counts as due this many days before its day */
    int32_t notice_days;     /* the reminder goes out this many days before the due day */
    int32_t retry_days;      /* a failed debit is tried again on this many days after it */
};

/* Why terms cannot be: each names the field. In the order in which they are checked. */
enum terms_refusal {
    TERMS_OK,
    TERMS_METHOD_UNKNOWN,
    TERMS_PRINCIPAL_OUT_OF_RANGE,        /* 1..PRINCIPAL_MAX_FEN */
    TERMS_INSTALMENT_COUNT_OUT_OF_RANGE, /* 1..INSTALMENTS_MAX */
    TERMS_ANNUAL_RATE_OUT_OF_RANGE,      /* 0..100 %; 0 with methods that charge no interest */
    TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE,  /* 0..10 %, total 0..100 %; 0 without METHOD_FEE_PER_PERIOD
                                          */
    TERMS_FEE_QUOTE_UNKNOWN,
    TERMS_DAY_BASIS_UNKNOWN,
    TERMS_LEVEL_PLAN_UNKNOWN,
    TERMS_START_DAY_OUT_OF_RANGE, /* 2000-01-01..2200-12-31 */
    TERMS_DUE_RULE_UNKNOWN,
    TERMS_ACCOUNT_DAY_OUT_OF_RANGE,
    TERMS_FIRST_DUE_DAY_OUT_OF_RANGE, /* 1..92 days after the start */
    TERMS_ROUNDING_UNKNOWN,
    TERMS_PRINCIPAL_ROUNDING_UNKNOWN,
    TERMS_REMAINDER_UNKNOWN,         /* also: first with equal instalments */
    TERMS_PENALTY_RATE_OUT_OF_RANGE, /* 0..1 % a day */
    TERMS_GRACE_DAYS_OUT_OF_RANGE,   /* 0..30 */
    TERMS_GRACE_KIND_UNKNOWN,
    TERMS_LATE_FEE_OUT_OF_RANGE, /* 0..principal */
    TERMS_CAP_OUT_OF_RANGE,      /* 0..100 % */
    TERMS_SETTLE_RULE_UNKNOWN,
    TERMS_EXTENSION_OUT_OF_RANGE, /* times 0..12, days 0..180, fee 0..principal, rate 0..1 % */
    TERMS_ALLOCATION_INVALID,
    TERMS_DUE_WINDOW_OUT_OF_RANGE,  /* 0..28 */
    TERMS_NOTICE_DAYS_OUT_OF_RANGE, /* 0..28 */
    TERMS_RETRY_DAYS_OUT_OF_RANGE,  /* 0..90 */
    TERMS_COST_OVER_CAP,            /* performing normally already costs more than all_in_cap */
};
enum { TERMS_REFUSAL_COUNT = TERMS_COST_OVER_CAP + 1 };

/*
 * The product's conventions where nothing else was agreed: half-up to the fen per item per period,
 * last instalment absorbs, by month, order anniversary, no grace, penalty on principal and interest
 * at rate 0, settlement by day, no extension, 费用 → 罚息 → 利息 → 本金 oldest instalment first,
 * window 7 days, notice 3 days, 3 retry days. Method, principal, count, rates and start day are
 * left zero for the caller.
 */
struct terms terms_defaults(void);

/* The first thing wrong with `terms`, or TERMS_OK. Every other function wants valid terms. */
enum terms_refusal terms_validate(const struct terms *terms);

/* "principal", "annual_rate" …: the field that a refusal is about; "" for TERMS_OK. */
const char *terms_refusal_field(enum terms_refusal refusal);

#endif
