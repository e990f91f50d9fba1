/*
 * template.h: contracts that are made by the real use cases, to be copied. Exports: struct
 * shop_floor, struct template, shop_floor_make(), template_make(), template_load().
 */
#ifndef FENQI_BENCH_TEMPLATE_H
#define FENQI_BENCH_TEMPLATE_H

#include "codec/vault.h"
#include "service/apply_contract_event.h"
#include "store/journal.h"
#include "store/order.h"
#include "store/product.h"
#include "store/stored_contract.h"

/* The shop that all orders are of. */
struct shop_floor {
    const struct vault *vault;
    int64_t shop_id;
};

/* One contract as it stands in the database, with everything that belongs to it. */
struct template {
    int64_t customer_id;
    struct order *order;
    struct live_contract *contract;
    struct accepted_cost_table *table;
    struct stored_event *events;
    size_t event_count;
    struct journal_list entries;
    struct day first_due;
};

/* Shop and product. */
enum status shop_floor_make(
    struct tx *tx, struct moment moment, struct shop_floor *floor) FENQI_MUST_USE;

/*
 * A customer orders and accepts 12 instalments on `start` and lives, without paying anything, up
 * to the end of the day-end of `until`. `number` tells the customers apart.
 */
enum status template_make(struct tx *tx, const struct shop_floor *floor, int32_t number,
    struct day start, struct day until, struct template *template) FENQI_MUST_USE;

/* Loads what template_make() made, into the transaction's arena. */
enum status template_load(struct tx *tx, struct template *template) FENQI_MUST_USE;

/* A phone number of a block that no operator has given out; 12 bytes. */
void phone_of(int64_t number, char phone[12]);

#endif
