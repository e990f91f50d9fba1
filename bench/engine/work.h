/*
 * work.h: what the engine's benchmarks do. Exports: struct plan_work, struct payment_work and
 * their functions.
 *
 * Inputs vary from one call to the next (principal, rate, start day; how far the contract has come,
 * what is paid and when), so that no figure rests on one lucky branch or one short division.
 */
#ifndef FENQI_BENCH_ENGINE_WORK_H
#define FENQI_BENCH_ENGINE_WORK_H

#include "engine/contract.h"
#include "engine/schedule.h"
#include "floor.h"

enum { INSTALMENTS = 12, PLANS = 64, PAYMENTS = 16 };

/* Plans to build: the same loans for the engine and for the yardstick. */
struct plan_work {
    struct terms terms[PLANS];
    struct floor_terms floor_terms[PLANS];
    struct schedule schedule;
    struct floor_plan floor_plan;
};

void plan_work_prepare(struct plan_work *work);

/* Each of the loans once. */
void plan_work_floor(void *work);
void plan_work_schedule(void *work);

/* Payments to book: contracts in mid-life, each with the payment that comes next. */
struct payment_work {
    struct terms terms[PAYMENTS];
    struct contract_state before[PAYMENTS];
    struct contract_event events[PAYMENTS];
    struct contract_state states[PAYMENTS]; /* what the steps work on */
    struct contract_update update;
};

void payment_work_prepare(struct payment_work *work);

/* Puts the states back to before the payments; not part of what is measured. */
void payment_work_reset(void *work);

/* Each of the payments once. */
void payment_work_step(void *work);

#endif
