/*
 * closing.c: the debt is given up or changes hands. Exports the closing part of life.h. Rules
 * R-0191 to R-0195.
 */
#include "engine/life.h"
#include "engine/replan.h"

/* What the books carry as an asset becomes a loss, or the buyer's. */
static void give_up(const struct terms *terms, struct contract_state *state) {
    struct money to_date[INSTALMENTS_MAX];
    bool daily = accrues_daily(terms, state);
    if (!day_is_none(state->charged_off_day))
        return;
    if (daily)
        interest_to_date(terms, state, to_date);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        state->given_up[COMPONENT_PRINCIPAL] = money_add(
            state->given_up[COMPONENT_PRINCIPAL], instalment_owed(instalment, COMPONENT_PRINCIPAL));
        for (int c = COMPONENT_FEE; c <= COMPONENT_INTEREST; c++) {
            struct money asset = money_subtract(
                recognised(terms, state, i, (enum component)c, daily ? to_date : NULL),
                instalment->paid[c]);
            state->given_up[c] = money_add(state->given_up[c], money_max(MONEY_ZERO, asset));
        }
    }
}

void charge_off(const struct terms *terms, struct contract_state *state) {
    give_up(terms, state);
    state->charged_off_day = state->day;
    switch (terms->charge_off_rule) {
    case CHARGE_OFF_KEEP:
        break;
    case CHARGE_OFF_ZERO_INTEREST:
        pause_interest(terms, state, state->day, CONTRACT_DAYS_MAX);
        break;
    case CHARGE_OFF_ACCELERATE:
        accelerate(terms, state);
        break;
    }
}

static void cancel_everything(struct contract_state *state) {
    for (int32_t i = 0; i < state->instalment_count; i++) {
        struct instalment *instalment = &state->instalments[i];
        for (int c = 0; c < COMPONENT_COUNT; c++)
            cancel(state, instalment, (enum component)c,
                instalment_owed(instalment, (enum component)c));
        close_if_paid(state, instalment);
    }
    state->interest_balance = MONEY_ZERO;
    state->closed_day = state->day;
}

void write_off(const struct terms *terms, struct contract_state *state) {
    give_up(terms, state);
    cancel_everything(state);
    state->status = CONTRACT_WRITTEN_OFF;
}

void sell(const struct terms *terms, struct contract_state *state, struct money price) {
    give_up(terms, state);
    cancel_everything(state);
    state->sale_price = price;
    state->status = CONTRACT_SOLD;
}
