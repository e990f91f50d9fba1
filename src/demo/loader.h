/*
 * loader.h: what the files of the demo's loader share. Exports: struct loader, the steps of a day.
 * Internal to src/demo.
 */
#ifndef FENQI_DEMO_LOADER_H
#define FENQI_DEMO_LOADER_H

#include "demo/load_demo.h"
#include "service/begin_payment.h"

struct loader {
    const struct demo_options *options;
    struct arena *arena; /* of the plan: lives until the end */
    struct demo_plan *plan;
    struct demo_result *result;
    struct dice dice; /* chance of what is not planned: a card without money */
    struct payment_rails rails;
    const char *password_hash;
    int64_t shop_id;
    int64_t reviewer_id;
    int32_t next_day; /* of the plan */
    int32_t until_day;
};

/* The clock and the business date of now. */
struct moment loader_moment(const struct loader *loader, int32_t day);

/* Moves the clock on; never back. */
void loader_set_clock(const struct loader *loader, int32_t day, int32_t second_of_day);

/* Shop, key, products, staff. */
enum status make_shop(struct tx *tx, struct loader *loader) FENQI_MUST_USE;

/* Performs one action of the plan. */
enum status perform_action(struct tx *tx, struct loader *loader, int32_t day,
    const struct demo_action *action) FENQI_MUST_USE;

/* Does what the outbox holds for the channels and is due, until nothing is. */
enum status work_outbox(struct tx *tx, struct loader *loader, int32_t day) FENQI_MUST_USE;

#endif
