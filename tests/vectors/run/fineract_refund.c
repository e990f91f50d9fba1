/*
 * fineract_refund.c: interest given back with a refund. Exports life_interest_refund().
 *
 * A refund of goods takes back the interest that was earned on its amount: what is earned to the
 * day, less what would be had the amount never been drawn (the earliest drawdown first).
 */
#include "fineract_life.h"

/* Takes `amount` off the drawdowns from the first; false when one of several would vanish. */
static bool draw_less(struct life *life, struct money amount) {
    for (int32_t i = 0; i < life->count && money_is_positive(amount); i++) {
        struct transaction *one = &life->transactions[i];
        if (one->kind != TRANSACTION_DISBURSEMENT || one->reverted)
            continue;
        if (money_compare(amount, one->amount) >= 0)
            return false;
        one->amount = money_subtract(one->amount, amount);
        one->event.amount = one->amount;
        if (one->event.kind == EVENT_ACTIVATED)
            life->loan.terms.principal = one->amount;
        amount = MONEY_ZERO;
    }
    return true;
}

static struct money earned(struct life *life, struct day day) {
    if (!life_run(life, day))
        return MONEY_ZERO;
    return life_interest_earned(life, life->loan.from_drawdown ? day_add(day, 1) : day);
}

static struct money drawn_by(const struct life *life, struct day day) {
    struct money sum = MONEY_ZERO;
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].kind == TRANSACTION_DISBURSEMENT &&
            !life->transactions[i].reverted && day_compare(life->transactions[i].day, day) <= 0)
            sum = money_add(sum, life->transactions[i].amount);
    return sum;
}

bool life_interest_refund(
    struct life *life, struct day day, struct money refund, struct money *out) {
    struct life *shadow = life_new(life->arena);
    struct contract_state *state = shadow->state;
    struct contract_update *update = shadow->update;
    struct timing *timings = shadow->timings;
    *shadow = *life;
    shadow->state = state;
    shadow->update = update;
    shadow->timings = timings;
    const struct money whole = earned(shadow, day);
    *out = whole;
    if (shadow->missing)
        return false;
    if (money_compare(refund, drawn_by(life, day)) >= 0)
        return true;
    if (!draw_less(shadow, refund))
        return false;
    *out = money_subtract(whole, earned(shadow, day));
    return !shadow->missing;
}
