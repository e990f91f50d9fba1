/* work.c: loans and payments to measure with. Exports what work.h declares. */
#include "work.h"

#include "base/check.h"

#include <string.h>

static struct terms loan(int number) {
    struct terms terms = terms_defaults();
    terms.method = METHOD_EQUAL_INSTALMENT;
    terms.principal = money_fen(100000 + INT64_C(1299721) * number);
    terms.instalment_count = INSTALMENTS;
    terms.annual_rate.per_billion = 60000000 + INT64_C(2875000) * number;
    terms.start_day = day_add(day_from_civil(2025, 1, 1), 11 * number);
    terms.penalty.daily_rate.per_billion = 500000;
    check(terms_validate(&terms) == TERMS_OK);
    return terms;
}

void plan_work_prepare(struct plan_work *work) {
    memset(work, 0, sizeof *work);
    for (int i = 0; i < PLANS; i++) {
        work->terms[i] = loan(i);
        work->floor_terms[i] = (struct floor_terms){
            .principal = (double)work->terms[i].principal.fen / 100,
            .annual_rate = (double)work->terms[i].annual_rate.per_billion / (double)RATE_UNIT,
            .count = INSTALMENTS,
        };
    }
}

/*
 * A caller looks at a plan before it asks for the next. So each call's input hangs on the result of
 * the one before, by a zero that neither compiler nor processor can know, and calls cannot overlap.
 */
static volatile int64_t hidden_zero = 0;

void plan_work_floor(void *context) {
    struct plan_work *work = context;
    double zero = (double)hidden_zero;
    double nothing = 0;
    for (int i = 0; i < PLANS; i++) {
        struct floor_terms terms = work->floor_terms[i];
        terms.annual_rate += nothing;
        floor_build(&terms, &work->floor_plan);
        nothing = work->floor_plan.rows[INSTALMENTS - 1].principal * zero;
    }
}

void plan_work_schedule(void *context) {
    struct plan_work *work = context;
    int64_t zero = hidden_zero;
    int64_t nothing = 0;
    for (int i = 0; i < PLANS; i++) {
        work->terms[i].annual_rate.per_billion += nothing;
        schedule_build(&work->terms[i], &work->schedule);
        nothing = work->schedule.rows[INSTALMENTS - 1].principal.fen & zero;
    }
}

static void happen(
    const struct terms *terms, struct contract_state *state, struct contract_event event) {
    struct contract_update update;
    event.sequence = state->last_sequence + 1;
    check(contract_step(terms, state, &event, &update) == CONTRACT_OK);
}

static struct contract_event payment(struct day day, struct money amount) {
    return (struct contract_event){
        .kind = EVENT_PAYMENT_SETTLED, .day = day, .amount = amount, .target = TARGET_ORDER};
}

/* The contract after `paid` instalments were paid on their due days. */
static struct contract_state mid_life(const struct terms *terms, int32_t paid) {
    struct contract_state state;
    contract_new(&state);
    happen(
        terms, &state, (struct contract_event){.kind = EVENT_ACTIVATED, .day = terms->start_day});
    for (int32_t i = 0; i < paid; i++)
        happen(terms, &state,
            payment(state.instalments[i].due_day, instalment_left(&state.instalments[i])));
    return state;
}

/* In turn: on the day, ten days late, a part of it, and half a year at once. */
static struct contract_event next_payment(
    const struct contract_state *state, int32_t paid, int number) {
    const struct instalment *next = &state->instalments[paid];
    struct money left = instalment_left(next);
    struct contract_event event = payment(next->due_day, left);
    switch (number % 4) {
    case 1:
        event.day = day_add(next->due_day, 10);
        break;
    case 2:
        event.amount = money_fen(left.fen / 3);
        break;
    case 3:
        event.amount = money_fen(left.fen * 6);
        break;
    }
    event.sequence = state->last_sequence + 1;
    return event;
}

void payment_work_prepare(struct payment_work *work) {
    memset(work, 0, sizeof *work);
    for (int i = 0; i < PAYMENTS; i++) {
        int32_t paid = 3 + i % 7;
        work->terms[i] = loan(i);
        work->before[i] = mid_life(&work->terms[i], paid);
        work->events[i] = next_payment(&work->before[i], paid, i);
    }
    payment_work_reset(work);
    payment_work_step(work);
    payment_work_reset(work);
}

void payment_work_reset(void *context) {
    struct payment_work *work = context;
    for (int i = 0; i < PAYMENTS; i++)
        contract_copy(&work->states[i], &work->before[i]);
}

void payment_work_step(void *context) {
    struct payment_work *work = context;
    int64_t zero = hidden_zero;
    int64_t nothing = 0;
    for (int i = 0; i < PAYMENTS; i++) {
        work->events[i].amount.fen += nothing;
        enum contract_refusal refusal =
            contract_step(&work->terms[i], &work->states[i], &work->events[i], &work->update);
        check(refusal == CONTRACT_OK);
        nothing = work->update.surplus.fen & zero;
    }
}
