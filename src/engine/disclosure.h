/*
 * disclosure.h: the cost table 综合融资成本明示表 of terms. Exports: struct disclosure,
 * disclosure_build(). Rates are solved by cost_rate.h. Rules: R-0080 to R-0082.
 */
#ifndef FENQI_ENGINE_DISCLOSURE_H
#define FENQI_ENGINE_DISCLOSURE_H

#include "engine/cost_rate.h"
#include "engine/schedule.h"

enum cost_kind {
    COST_INTEREST, /* performing normally */
    COST_PERIOD_FEE,
    COST_PENALTY,          /* on default; rate a day */
    COST_LATE_FEE,         /* on default; fixed */
    COST_EXTENSION_FEE,    /* on request; fixed, rate a day */
    COST_EARLY_SETTLEMENT, /* on request; by settle_rule; only with rules that charge for it */
};
enum { COST_KIND_COUNT = COST_EARLY_SETTLEMENT + 1 };

/* One cost. Contingent costs carry their standard, not an amount. */
struct cost_item {
    enum cost_kind kind;
    bool contingent;     /* arises only on default or on request */
    struct rate rate;    /* a year for interest, a period for fees, a day for penalty, extension */
    struct money fixed;  /* late fee, fixed extension fee */
    struct money amount; /* over the whole term when performing normally; 0 for contingent ones */
};

struct disclosure {
    struct money principal;
    int32_t instalment_count;
    struct day first_due_day;
    struct day last_due_day;
    struct money first_amount;
    struct money each_amount; /* the usual instalment: that of the second, or the only one */
    struct money last_amount;
    struct money total_cost;
    struct money total_repayment;
    struct rate irr_nominal;   /* monthly IRR × 12 */
    struct rate irr_effective; /* (1 + monthly IRR)^12 - 1 */
    struct rate actuarial;     /* Regulation Z, Appendix J: by due days, months of 30 days */
    struct rate aprc;          /* Directive 2008/48/EC: by due days, days of a year of 365 or 366 */
    struct rate simple;        /* 单利: cost ÷ Σ opening balance × 12 */
    struct rate cap;           /* all-in cap agreed; 0 none */
    int32_t item_count;
    struct cost_item items[COST_KIND_COUNT];
    struct schedule schedule;
};

/* The cost table of valid terms. */
void disclosure_build(const struct terms *terms, struct disclosure *disclosure);

/* "interest", "period_fee" …: stable key for the texts. */
const char *cost_kind_name(enum cost_kind kind);

#endif
