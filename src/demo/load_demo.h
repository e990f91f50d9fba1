/*
 * load_demo.h: makes the demo shop, its customers and fifteen months of their life. Exports: struct
 * demo_options, struct demo_result, demo_load(), DEMO_PASSWORD.
 *
 * Nothing is inserted by hand: day by day the shop orders, customers register, accept, bind cards,
 * pay and ask for time, and the day-end does its work, all by the use cases that the server runs.
 * Only what a payment channel would answer is played (stand_in.h). The same seed, number and day
 * give the same demo.
 */
#ifndef FENQI_DEMO_LOAD_DEMO_H
#define FENQI_DEMO_LOAD_DEMO_H

#include "channel/channel.h"
#include "codec/vault.h"
#include "demo/plan.h"
#include "store/store.h"

#define DEMO_PASSWORD "fenqi-demo-2026" /* of every demo login */

struct demo_options {
    struct store *store; /* opened with demo_clock() of `now` and a repeatable entropy */
    const struct vault *vault;
    struct instant *now;       /* the clock that the store reads; moved by the loader */
    struct instant real_now;   /* for exchanges with a real channel */
    struct channels *channels; /* cards are bound by it; NULL: played */
    int32_t customers;
    uint64_t seed;
    struct day today;
    const char *webhook_url;                                    /* NULL: the shop is not told */
    void (*progress)(void *context, int32_t day, int32_t days); /* may be NULL */
    void *context;
};

struct demo_staff {
    const char *login, *name;
    const char *role;
};
extern const struct demo_staff demo_staff[];
extern const size_t demo_staff_count;

struct demo_result {
    const struct demo_plan *plan; /* customers and orders, with their ids */
    const char *api_key;
    const char *webhook_secret; /* as Standard Webhooks writes it: whsec_… */
    int32_t orders, contracts, payments, refunds;
};

/*
 * Fills an empty database. CONFLICT when it has a business date or the demo's shop already. Texts
 * of the result live in `arena`.
 */
enum status demo_load(struct arena *arena, const struct demo_options *options,
    struct demo_result *result, struct fault *fault) FENQI_MUST_USE;

/* For store_options.clock with `now` as its context. */
struct instant demo_clock(void *now);

#endif
