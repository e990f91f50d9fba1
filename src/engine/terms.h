/*
 * terms.h: what a contract agrees, as data. Exports: struct terms and its parts,
 * terms_defaults(), terms_validate(), enum terms_refusal.
 *
 * Terms are frozen at acceptance and never edited afterwards. Nothing that is not in them can be
 * charged. A field that is zero means that the thing was not agreed, so that terms that name only
 * method, principal, count, rate and start day are complete after terms_defaults(). Rules:
 * spec/rules.md R-0001 to R-0010, R-0140 to R-0160.
 */
#ifndef FENQI_ENGINE_TERMS_H
#define FENQI_ENGINE_TERMS_H

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"
#include "base/rounding.h"
#include "engine/calendar.h"
#include "engine/due_day.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PLAN_INSTALMENTS_MAX = 360, /* that terms may agree */
    INSTALMENTS_MAX = 400, /* that a contract may have: down payments, prepayments … included */
    CONTRACT_DAYS_MAX = 36525,
    PLAN_STEPS_MAX = 12,
    CUSTOM_ROWS_MAX = 60,
    RATE_STEPS_MAX = 16, /* in the terms */
    RATES_MAX = 32,      /* over a contract's life */
    CHARGE_TERMS_MAX = 8,
    ALLOCATION_OVERRIDES_MAX = 4,
};
#define PRINCIPAL_MAX_FEN INT64_C(1000000000000) /* 10 billion yuan */

enum method {
    METHOD_EQUAL_INSTALMENT, /* 等额本息 */
    METHOD_EQUAL_PRINCIPAL,  /* 等额本金 */
    METHOD_INTEREST_ONLY,    /* 先息后本: principal in the last instalment */
    METHOD_INTEREST_FREE,    /* 免息: principal only */
    METHOD_FEE_PER_PERIOD,   /* 按期手续费: fee on the original principal each period */
    METHOD_FLAT,    /* 等本等息: interest on the original principal, principal in shares */
    METHOD_BULLET,  /* 一次还本付息: everything in the last instalment */
    METHOD_BALLOON, /* 气球贷: level instalments down to `balloon`, paid with the last */
    METHOD_STEPPED, /* level instalments times the shares of `steps` */
    METHOD_CUSTOM,  /* due days and principals of `custom` */
};
enum { METHOD_COUNT = METHOD_CUSTOM + 1 };

/* How a period's days become a part of a year: day_count.h says each of them exactly. */
enum day_basis {
    DAY_BASIS_BY_MONTH, /* whole periods by calendar months; part of one: its days over its length
                         */
    DAY_BASIS_ACT_365,
    DAY_BASIS_ACT_360,
    DAY_BASIS_ACT_ACT_ISDA,     /* days of leap years / 366, others / 365 */
    DAY_BASIS_ACT_ACT_YEAR_END, /* the same, 31 December being the new year's first day */
    DAY_BASIS_ACT_ACT_LEAP_DAY, /* / 366 only for periods that hold 29 February */
    DAY_BASIS_30_360_US,
    DAY_BASIS_30_360_ISDA,
    DAY_BASIS_30E_360,
    DAY_BASIS_ACT_364,
};
enum { DAY_BASIS_COUNT = DAY_BASIS_ACT_364 + 1 };

/* How equal instalments are levelled when periods differ in length (R-0006). */
enum level_plan {
    LEVEL_PLAN_EVEN, /* totals are equal: the instalment discounts with each period's own rate */
    LEVEL_PLAN_BY_MONTH, /* principals as if by month; interest of the actual days is added */
};
enum { LEVEL_PLAN_COUNT = LEVEL_PLAN_BY_MONTH + 1 };

/* What interest is computed on (R-0141). */
enum interest_on {
    INTEREST_ON_PLAN,        /* the balance as agreed: paying early or late changes nothing */
    INTEREST_ON_OUTSTANDING, /* the balance as it really is, day by day */
};
enum { INTEREST_ON_COUNT = INTEREST_ON_OUTSTANDING + 1 };

enum due_rule {
    DUE_RULE_ORDER_ANNIVERSARY, /* start day + k periods, month ends clamped */
    DUE_RULE_ACCOUNT_DAY,       /* the account day of the k-th month after the start */
    DUE_RULE_MONTH_END,         /* as the anniversary; from a month's end always to months' ends */
    DUE_RULE_ROLL_TO_FIRST,     /* as the anniversary; a day that the month lacks is the next 1st */
};
enum { DUE_RULE_COUNT = DUE_RULE_ROLL_TO_FIRST + 1 };

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

/* Which of the instalments that are not yet due a payment in advance pays first (R-0212). */
enum advance_rule {
    ADVANCE_NEXT,   /* the next one, then the one after it */
    ADVANCE_LAST,   /* the last one, then the one before it: the plan gets shorter */
    ADVANCE_EVENLY, /* all of them in equal parts: instalments get lower */
};
enum { ADVANCE_RULE_COUNT = ADVANCE_EVENLY + 1 };

/*
 * The order in which a payment pays. Each pair of class and component occurs exactly once, and the
 * steps of one class stand together. Horizontal finishes an instalment (its components in the order
 * of its class) before the next one; vertical finishes a step over all instalments before the next.
 */
struct allocation_order {
    struct allocation_step steps[ALLOCATION_STEPS];
    bool vertical;
    enum advance_rule advance;
};

/* Whose money a payment is; each may have its own order. */
enum payment_source {
    SOURCE_CHANNEL,         /* the customer's, through a payment channel */
    SOURCE_CREDIT_BALANCE,  /* the customer's, from the credit balance */
    SOURCE_GOODWILL,        /* the operator's */
    SOURCE_SHOP,            /* the shop's: goods taken back, as money and not as a new plan */
    SOURCE_INTEREST_REFUND, /* interest given back */
    SOURCE_CHARGE_REFUND,   /* a charge given back */
    SOURCE_DOWN_PAYMENT,    /* the customer's, at once with the drawdown */
};
enum { SOURCE_COUNT = SOURCE_DOWN_PAYMENT + 1 };

struct allocation_override {
    enum payment_source source;
    struct allocation_order order;
};

struct penalty_terms {
    struct rate daily_rate; /* of the base, a day; 0 none */
    bool on_principal;      /* the base: what of an overdue instalment bears penalty */
    bool on_interest;
    bool on_fee;
    int32_t grace_days; /* 0 none */
    enum grace_kind grace_kind;
    struct money late_fee;      /* once per overdue instalment, after interest-free grace; 0 none */
    struct rate late_fee_rate;  /* of what is overdue of the instalment, besides late_fee */
    struct money late_fee_most; /* ceiling of late_fee and late_fee_rate together; 0 none */
    struct rate compound_rate;  /* a day, on overdue interest (复利); 0 none */
    struct rate contract_multiple; /* ceiling: penalty a year ≤ this × annual_rate; 0 none */
};

struct extension_terms {
    int32_t max_times;      /* over the contract's life; 0: no extension */
    int32_t max_days;       /* each time */
    struct money fee;       /* fixed, each time */
    struct rate daily_rate; /* of what is left of the instalment, for each day gained */
};

struct plan_step {
    int32_t from_instalment; /* ascending; the first is 1 */
    struct rate share;       /* of the level amount; RATE_UNIT is all of it */
};

struct custom_row {
    struct day due_day; /* ascending, after the start day */
    struct money principal;
};

struct rate_step {
    struct day from_day; /* ascending; annual_rate holds before the first */
    struct rate annual_rate;
};

enum charge_time {
    CHARGE_UP_FRONT,       /* due on the start day, in an instalment of its own */
    CHARGE_PER_INSTALMENT, /* with every regular instalment */
    CHARGE_ON_DRAWDOWN,    /* due on the day of each drawdown */
};
enum { CHARGE_TIME_COUNT = CHARGE_ON_DRAWDOWN + 1 };

enum charge_base {
    CHARGE_BASE_FIXED,                /* `fixed` */
    CHARGE_BASE_PRINCIPAL,            /* rate × principal drawn */
    CHARGE_BASE_INSTALMENT_PRINCIPAL, /* rate × the instalment's principal */
    CHARGE_BASE_INSTALMENT_INTEREST,  /* rate × the instalment's interest */
    CHARGE_BASE_INSTALMENT,           /* rate × both */
};
enum { CHARGE_BASE_COUNT = CHARGE_BASE_INSTALMENT + 1 };

/* A cost of the accepted cost table besides interest; always of the fee component. */
struct charge_terms {
    enum charge_time time;
    enum charge_base base;
    struct money fixed;
    struct rate rate;
    struct money least; /* 0 none */
    struct money most;  /* 0 none */
};

/* Who bears part of the interest for the customer (贴息). */
struct subsidy_terms {
    struct rate share; /* of each instalment's interest that the shop pays; 0 none */
};

/* What happens to interest when the contract is charged off. */
enum charge_off_rule {
    CHARGE_OFF_KEEP,          /* the plan stays */
    CHARGE_OFF_ZERO_INTEREST, /* no interest from that day on */
    CHARGE_OFF_ACCELERATE,    /* the same, and everything is due that day */
};
enum { CHARGE_OFF_RULE_COUNT = CHARGE_OFF_ACCELERATE + 1 };

/* When interest and fees become income in the books. */
enum recognition {
    RECOGNISED_WHEN_DUE,
    RECOGNISED_DAILY, /* by difference of rounded cumulative values */
};
enum { RECOGNITION_COUNT = RECOGNISED_DAILY + 1 };

struct terms {
    enum method method;
    struct money principal;      /* of the first drawdown; with several, see drawdown_limit */
    int32_t instalment_count;    /* 1..PLAN_INSTALMENTS_MAX */
    struct rate annual_rate;     /* nominal; 0 for methods without interest */
    struct rate period_fee_rate; /* of the original principal; 0 for methods without fee */
    enum fee_quote fee_quote;
    enum day_basis day_basis;
    enum level_plan level_plan;
    enum interest_on interest_on;
    bool overdue_bears_interest; /* on outstanding: what is overdue goes on bearing interest */
    bool first_period_by_days;   /* by-month basis: the first period counts actual days / 360 */
    struct day start_day;        /* interest runs from this day on, inclusive */
    struct day first_due_day;    /* DAY_NONE: from the due-day rule */
    enum due_rule due_rule;
    int32_t account_day; /* 1..31 with DUE_RULE_ACCOUNT_DAY, else 0 */
    enum period_unit period_unit;
    int32_t period_length;     /* units a period, 1.. */
    enum roll_rule due_roll;   /* where a due day goes that is no working day in China; interest
                                  keeps to the scheduled day */
    int32_t holidays_known_to; /* the last year whose holidays were published at acceptance */
    enum rounding rounding;    /* interest, fees, penalty, the level instalment */
    enum rounding principal_rounding; /* division of the principal */
    enum remainder_place remainder;
    struct money multiple;     /* the level instalment or share is a multiple of it; 0 of a fen */
    int32_t level_adjustments; /* times the level is moved to bring the last one near; 0..3 */
    int32_t factor_decimals;   /* each period's rate is rounded half-even to these; 0 exact */
    struct money instalment_least; /* refuse a plan whose usual instalment is lower; 0 none */
    int32_t principal_grace_count; /* the first instalments without principal */
    int32_t interest_free_count;   /* the first instalments without interest */
    struct money balloon;          /* METHOD_BALLOON: principal left for the last instalment */
    int32_t step_count;
    struct plan_step steps[PLAN_STEPS_MAX]; /* METHOD_STEPPED */
    int32_t custom_count;
    struct custom_row custom[CUSTOM_ROWS_MAX]; /* METHOD_CUSTOM */
    int32_t rate_step_count;
    struct rate_step rate_steps[RATE_STEPS_MAX];
    struct rate down_payment;    /* of each drawdown, due the same day; 0 none */
    struct money drawdown_limit; /* all drawdowns together; 0: only the first */
    int32_t charge_count;
    struct charge_terms charges[CHARGE_TERMS_MAX];
    struct subsidy_terms subsidy;
    struct penalty_terms penalty;
    struct rate all_in_cap; /* a year, over everything charged; 0 none */
    enum settle_rule settle_rule;
    struct extension_terms extension;
    struct allocation_order allocation;
    int32_t override_count;
    struct allocation_override overrides[ALLOCATION_OVERRIDES_MAX];
    int32_t principal_first_days; /* days overdue after which principal goes first */
    enum component credit_order[COMPONENT_COUNT]; /* what a charged-back payment owes again */
    enum charge_off_rule charge_off_rule;
    enum recognition recognition;
    int32_t
        non_accrual_days; /* days overdue after which interest is no income until paid; 0 never */
    int32_t due_window_days; /* an instalment counts as due this many days before its day */
    int32_t notice_days;     /* the reminder goes out this many days before the due day */
    int32_t retry_days;      /* a failed debit is tried again on this many days after it */
};

/* Why terms cannot be: each names the field. In the order in which they are checked. */
enum terms_refusal {
    TERMS_OK,
    TERMS_METHOD_UNKNOWN,
    TERMS_PRINCIPAL_OUT_OF_RANGE,        /* 1..PRINCIPAL_MAX_FEN */
    TERMS_INSTALMENT_COUNT_OUT_OF_RANGE, /* 1..PLAN_INSTALMENTS_MAX; custom: as many as rows */
    TERMS_ANNUAL_RATE_OUT_OF_RANGE,      /* 0..100 %; 0 with methods that charge no interest */
    TERMS_FEE_QUOTE_UNKNOWN,
    TERMS_PERIOD_FEE_RATE_OUT_OF_RANGE, /* 0..10 %, total 0..100 %; 0 without METHOD_FEE_PER_PERIOD
                                         */
    TERMS_DAY_BASIS_UNKNOWN,
    TERMS_LEVEL_PLAN_UNKNOWN,
    TERMS_INTEREST_ON_UNKNOWN,    /* also: outstanding, with flat, fee per period or bullet */
    TERMS_START_DAY_OUT_OF_RANGE, /* 2000-01-01..2200-12-31 */
    TERMS_DUE_RULE_UNKNOWN,
    TERMS_ACCOUNT_DAY_OUT_OF_RANGE,
    TERMS_PERIOD_OUT_OF_RANGE, /* unit, 1..366 units; account day and month end want months */
    TERMS_DUE_ROLL_UNKNOWN,
    TERMS_DOWN_PAYMENT_OUT_OF_RANGE, /* 0..below 100 % */
    TERMS_ROUNDING_UNKNOWN,
    TERMS_MULTIPLE_OUT_OF_RANGE,      /* 0..principal */
    TERMS_CUSTOM_INVALID,             /* days not ascending, principals not the principal */
    TERMS_FIRST_DUE_DAY_OUT_OF_RANGE, /* 1..92 days and not over twice a period after the start */
    TERMS_PRINCIPAL_ROUNDING_UNKNOWN,
    TERMS_REMAINDER_UNKNOWN, /* also: first with methods whose instalments are level */
    TERMS_LEVEL_ADJUSTMENTS_OUT_OF_RANGE,
    TERMS_FACTOR_DECIMALS_OUT_OF_RANGE, /* 0, 6..17 */
    TERMS_PRINCIPAL_GRACE_OUT_OF_RANGE, /* 0..count - 1 */
    TERMS_INTEREST_FREE_OUT_OF_RANGE,   /* 0..count */
    TERMS_BALLOON_OUT_OF_RANGE,         /* 0..principal, 0 without METHOD_BALLOON */
    TERMS_STEPS_INVALID,                /* from instalment 1, ascending, shares 0..1000 % */
    TERMS_RATE_STEPS_INVALID,           /* ascending, after the start, 0..100 % */
    TERMS_DRAWDOWN_LIMIT_OUT_OF_RANGE,  /* 0, or principal..PRINCIPAL_MAX_FEN */
    TERMS_CHARGES_INVALID,
    TERMS_SUBSIDY_OUT_OF_RANGE,      /* 0..100 % */
    TERMS_PENALTY_RATE_OUT_OF_RANGE, /* 0..1 % a day */
    TERMS_GRACE_DAYS_OUT_OF_RANGE,   /* 0..30 */
    TERMS_GRACE_KIND_UNKNOWN,
    TERMS_LATE_FEE_OUT_OF_RANGE,        /* 0..principal; rate 0..100 % */
    TERMS_PENALTY_CEILING_OUT_OF_RANGE, /* contract multiple 0..1000 % */
    TERMS_CAP_OUT_OF_RANGE,             /* 0..100 % */
    TERMS_SETTLE_RULE_UNKNOWN,
    TERMS_EXTENSION_OUT_OF_RANGE, /* times 0..12, days 0..180, fee 0..principal, rate 0..1 % */
    TERMS_ALLOCATION_INVALID,
    TERMS_CREDIT_ORDER_INVALID,     /* each component once */
    TERMS_RECOGNITION_UNKNOWN,      /* also: the charge-off rule */
    TERMS_NON_ACCRUAL_OUT_OF_RANGE, /* 0..3660; also principal first after */
    TERMS_DUE_WINDOW_OUT_OF_RANGE,  /* 0..28 */
    TERMS_NOTICE_DAYS_OUT_OF_RANGE, /* 0..28 */
    TERMS_RETRY_DAYS_OUT_OF_RANGE,  /* 0..90 */
    TERMS_INSTALMENT_BELOW_LEAST,
    TERMS_COST_OVER_CAP, /* performing normally already costs more than all_in_cap */
};
enum { TERMS_REFUSAL_COUNT = TERMS_COST_OVER_CAP + 1 };

/*
 * The product's conventions where nothing else was agreed: half-up to the fen per item per period,
 * last instalment absorbs, by month, order anniversary, interest on the plan, no grace, penalty on
 * principal and interest at rate 0, settlement by day, no extension, 费用 → 罚息 → 利息 → 本金
 * oldest instalment first, window 7 days, notice 3 days, 3 retry days. Method, principal, count,
 * rates and start day are left zero for the caller.
 */
struct terms terms_defaults(void);

/* The first thing wrong with `terms`, or TERMS_OK. Every other function wants valid terms. */
enum terms_refusal terms_validate(const struct terms *terms);

/* "principal", "annual_rate" …: the field that a refusal is about; "" for TERMS_OK. */
const char *terms_refusal_field(enum terms_refusal refusal);

/* The order in which money from `source` pays. */
const struct allocation_order *terms_allocation(
    const struct terms *terms, enum payment_source source);

/* Whether the method charges interest at annual_rate. */
bool method_bears_interest(enum method method);

/* Whether the method's instalments are solved to a level (total the same, or by steps). */
bool method_is_level(enum method method);

#endif
