/*
 * fineract_loan.h: the conventions of a published loan as our terms. Exports: struct
 * fineract_loan, fineract_loan_line(), fineract_loan_terms().
 */
#ifndef FENQI_TESTS_VECTORS_FINERACT_LOAN_H
#define FENQI_TESTS_VECTORS_FINERACT_LOAN_H

#include "kind.h"

#include "engine/terms.h"

/* One loan. What our terms have no field for stands beside them. */
struct fineract_loan {
    struct terms terms;        /* principal and start day are set by the first drawdown */
    const char *missing;       /* why the terms cannot say what was agreed; NULL when they can */
    const char *later_missing; /* the same, of what matters only once time has passed */
    bool stated;               /* a "loan" line was read */
    bool progressive;          /* the newer of the two ways to plan */
    bool by_period;            /* interest "same as repayment period": by month whatever the days */
    bool flat;
    bool equal_principal;
    bool from_drawdown; /* the drawdown day itself bears the new year's day count */
    bool leap_day_only;
    bool auto_down_payment;
    bool recalculates;      /* interest on what is really outstanding */
    bool accrual_activity;  /* a summary row for every instalment that falls due */
    bool refunds_interest;  /* a refund of goods gives interest back by itself */
    bool pays_interest_out; /* a payout refund too */
    bool compounds;
    bool from_application; /* due days are counted from it */
    bool charges_fall_due; /* on their own day, before their instalment */
    bool credits_in_order; /* what a charge-back owes again is told by an order of components */
    bool whole_units;      /* every amount is in whole units of the currency */
    bool actual_year, actual_month;
    int32_t year_days;
};

/* Reads one line that states the loan; false when the line is not such a one. */
bool fineract_loan_line(struct fineract_loan *loan, const struct vector_line *line);

/* Complete terms for a first drawdown. False, loan->missing set, when they cannot be. */
bool fineract_loan_terms(struct fineract_loan *loan, struct day day, struct money amount);

/* Another rule for what is paid in advance, from now on ("advance_rule KIND RULE"). */
void fineract_loan_advance_rule(struct fineract_loan *loan, const struct vector_line *line);

#endif
