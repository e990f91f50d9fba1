/*
 * fineract_limits.c: where the engine and the published loans part. Exports what fineract_limits.h
 * declares.
 *
 * Each limit looks at an operation and at the loan as the engine has it before, never at a
 * published figure, and says why what follows cannot be compared.
 */
#include "fineract_limits.h"

void life_miss(struct life *life, const char *why) {
    if (!life->missing)
        life->missing = why;
}

bool life_has(const struct life *life, enum transaction_kind kind) {
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].kind == kind)
            return true;
    return false;
}

static bool is_due_day(const struct life *life, struct day day) {
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        if (life->state->instalments[i].kind == INSTALMENT_REGULAR &&
            day_compare(life->state->instalments[i].due_day, day) == 0)
            return true;
    return false;
}

/* What the engine makes of a further drawdown is another plan than the older ones' in some cases.
 */
bool limit_drawdown(struct life *life, struct day day) {
    if (!life_run(life, DAY_NONE))
        return false;
    if (money_is_positive(life_overpaid(life)))
        life_miss(life, "a further drawdown of an overpaid loan");
    if (life->drawn && day_compare(life->loan.terms.start_day, day) < 0 &&
        life->loan.terms.down_payment.per_billion > 0 && is_due_day(life, day))
        life_miss(life, "a further drawdown with a down payment on a due day");
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (one->kind != INSTALMENT_REGULAR)
            continue;
        const bool past = day_compare(one->scheduled_day, day) < 0;
        if (past && !life->loan.progressive)
            life_miss(life, "a further drawdown of the older way to plan, after a due day");
        if (!past && money_is_positive(one->paid[COMPONENT_PRINCIPAL]))
            life_miss(life, "a further drawdown when coming instalments are paid");
    }
    return !life->missing;
}

/*
 * Whether a payment spread evenly over what is to come leaves a remainder or pays interest too; on
 * the outstanding balance the engine pays nothing evenly.
 */
static bool is_uneven(
    struct life *life, enum payment_source source, struct day day, struct money amount) {
    int64_t open = 0, least = 0;
    if (terms_allocation(&life->loan.terms, source)->advance != ADVANCE_EVENLY ||
        !life_run(life, DAY_NONE))
        return false;
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        if (day_is_none(life->state->instalments[i].settled_day) &&
            day_compare(life->state->instalments[i].due_day, day) > 0) {
            const int64_t owed =
                instalment_owed(&life->state->instalments[i], COMPONENT_PRINCIPAL).fen;
            least = open++ == 0 || owed < least ? owed : least;
        }
    return open > 1 && (life->loan.terms.interest_on == INTEREST_ON_OUTSTANDING ||
                           amount.fen % open != 0 || amount.fen / open > least);
}

static bool is_last_after_down(struct life *life, enum payment_source source, struct day day) {
    const struct terms *terms = &life->loan.terms;
    return terms->interest_on == INTEREST_ON_OUTSTANDING && terms->down_payment.per_billion > 0 &&
           terms_allocation(terms, source)->advance == ADVANCE_LAST &&
           day_compare(day, terms->start_day) > 0;
}

/* Whether a coming instalment owes a charge, which has fallen due on its own day or not yet. */
static bool divides_charges(struct life *life, struct day day) {
    if (!life->loan.charges_fall_due || !life_run(life, DAY_NONE))
        return false;
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (day_compare(one->due_day, day) > 0 &&
            (money_is_positive(one->charged[COMPONENT_FEE]) ||
                money_is_positive(one->charged[COMPONENT_PENALTY])))
            return true;
    }
    return false;
}

/* Whether a payment stands that an instalment with a charge of its own due day would divide. */
static bool is_paid_before(const struct life *life, struct day due) {
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].event.kind == EVENT_PAYMENT_SETTLED &&
            life->transactions[i].has_event && day_compare(life->transactions[i].day, due) <= 0)
            return true;
    return false;
}

static bool has_later_charge(const struct life *life, struct day day) {
    for (int32_t i = 0; i < life->charge_count; i++)
        if (day_compare(life->charges[i].due, day) > 0)
            return true;
    return false;
}

bool limit_payment(
    struct life *life, enum payment_source source, struct day day, struct money amount) {
    if (source != SOURCE_CHARGE_REFUND && divides_charges(life, day))
        life_miss(life, "charges that fall due before their instalment");
    else if (life->termination && day_compare(day, life->ended_day) < 0)
        life_miss(life, "a payment dated before the debt was called in");
    else if (is_last_after_down(life, source, day))
        life_miss(life, "paying from the last instalment back, after a down payment");
    else if (is_uneven(life, source, day, amount))
        life_miss(life, "paying in advance in equal parts that do not come out even");
    return !life->missing;
}

bool limit_charge(struct life *life, struct day due) {
    if (life_has(life, TRANSACTION_CREDIT_REFUND))
        life_miss(life, "a charge after a refund of the credit balance");
    else if (life->loan.charges_fall_due && is_paid_before(life, day_add(due, 40)))
        life_miss(life, "charges that fall due before their instalment");
    else if (life->loan.progressive && life_run(life, DAY_NONE) &&
             money_is_positive(life_overpaid(life)))
        life_miss(life, "a charge on an overpaid loan");
    return !life->missing;
}

/* Ends that the engine and the published tables show in different rows. */
bool limit_end(struct life *life, struct day day, bool called_in) {
    const enum charge_off_rule rule = life->loan.terms.charge_off_rule;
    const bool on_plan = life->loan.terms.interest_on == INTEREST_ON_PLAN;
    if (!life_run(life, DAY_NONE))
        return false;
    if ((called_in || rule == CHARGE_OFF_ACCELERATE) && has_later_charge(life, day))
        life_miss(life, "charges due after the debt was called in");
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (one->kind == INSTALMENT_ADDED)
            life_miss(life, "the end of a loan with an instalment after the last");
        if (one->kind != INSTALMENT_REGULAR || day_compare(one->due_day, day) <= 0 ||
            !money_is_positive(one->paid[COMPONENT_PRINCIPAL]))
            continue;
        if (called_in)
            life_miss(life, "a debt called in when coming instalments are paid");
        else if (rule == CHARGE_OFF_ZERO_INTEREST || (on_plan && rule != CHARGE_OFF_KEEP))
            life_miss(life, "the end of interest when coming instalments are paid");
    }
    return !life->missing;
}
