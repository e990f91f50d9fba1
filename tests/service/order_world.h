/*
 * order_world.h: a shop with a product, for tests of orders. Exports: struct shop_world and what
 * acts on it.
 *
 * Days and the clock are the test's: business date 2026-03-31 to begin with, ten in the morning.
 */
#ifndef FENQI_TESTS_SERVICE_ORDER_WORLD_H
#define FENQI_TESTS_SERVICE_ORDER_WORLD_H

#include "../conformance/units.h"

#include "service/accept_checkout.h"
#include "service/apply_contract_event.h"
#include "service/create_order.h"
#include "service/extension.h"
#include "service/refund_order.h"

struct shop_world {
    struct database *database;
    struct vault vault;
    struct instant clock;
    int64_t shop_id;
};

int shop_world_set_up(void **state);
int shop_world_tear_down(void **state);

void shop_world_set_date(struct shop_world *world, struct day day);

/* Runs `function` in a unit with the moment of the world; its status must be OK. */
typedef enum status (*shop_function)(struct tx *tx, struct moment moment, void *context);
void shop_world_run(struct shop_world *world, shop_function function, void *context);

/* An order of 3000 yuan for one phone that create_order takes, under `number`. */
struct create_order order_command(struct shop_world *world, const char *number);
struct create_order_answer place(struct shop_world *world, struct create_order command);

/* An acceptance of `order` in `count` instalments with the table that would be shown today. */
struct accept_checkout accept_command(
    struct shop_world *world, const struct order *order, int32_t count);
struct accept_checkout_answer accept(struct shop_world *world, struct accept_checkout command);

/* place() and accept() in 6 instalments, both must be taken. */
struct order *accepted_order(struct shop_world *world, const char *number);

struct refund_order_answer give_back(struct shop_world *world, struct refund_order command);
struct request_extension_answer ask(struct shop_world *world, struct request_extension command);
struct decide_extension_answer decide(struct shop_world *world, struct decide_extension command);

/* The contract as stored. */
struct live_contract *contract_of(struct shop_world *world, const struct order *order);

/* Pays `amount` of an order's contract on the business date, as settling a payment does. */
void pay(struct shop_world *world, const struct order *order, struct money amount);

/* Applies any event; the answer of apply_contract_event. */
struct applied_event *apply(
    struct shop_world *world, const struct order *order, struct contract_event event);

/* Differences that rebuild --check and verify find; with `mend`, rebuild mends. */
int64_t count_differences(struct shop_world *world, bool mend);

#endif
