/*
 * order.h: orders and the directories that find them. Exports: enum order_state, struct order,
 * struct order_row, enum orders_over, struct orders_over_counts, struct order_company and their
 * queries.
 */
#ifndef FENQI_STORE_ORDER_H
#define FENQI_STORE_ORDER_H

#include "base/money.h"
#include "store/funding_source.h"
#include "store/store.h"

/* What the order itself knows; running, due, overdue, settled come from its contract and the day.
 * Stored as integers: never renumber. */
enum order_state {
    ORDER_PENDING = 1,   /* the customer has not accepted yet */
    ORDER_ACCEPTED = 2,  /* a contract stands */
    ORDER_CANCELLED = 3, /* not accepted in time */
};

struct order {
    int64_t customer_id;
    int64_t order_id;
    int64_t shop_id;
    const char *shop_order_no;
    const char *product_code;
    int32_t product_version;
    const char *title; /* name of the first goods line, 等 n 件 when there are more */
    const char *goods; /* JSON: [{"name","quantity","amount_fen"}, …] */
    struct money amount;
    enum order_state state;
    struct instant placed_at;
    struct day placed_on;
    struct instant expires_at;
    struct instant accepted_at; /* 0 until accepted */
    int64_t contract_id;        /* 0 until accepted */
    int32_t instalment_count;   /* 0 until accepted */
    struct money refunded;
    const char *return_url; /* NULL: the shop gave none */
    const char *checkout_token;
};

/* An order with what a list or the detail screen reads beside it, from one statement. */
struct order_row {
    struct order order;
    const char *shop_name;
    const char *product_name_zh, *product_name_en;
    int32_t product_method;
    struct bytes terms, state; /* of the contract; empty without one */
    int32_t event_count;       /* the contract's version, for ETags */
    struct day last_event_day;
    const char *cost_table; /* JSON; only order_detail() fills it; NULL without contract */
    const char *cost_table_hash;
    struct instant cost_table_accepted_at;
};

enum status order_insert(struct tx *tx, const struct order *order) FENQI_MUST_USE;

/* Saves state, accepted_at, contract_id, instalment_count and refunded; nothing else can change. */
enum status order_save(struct tx *tx, const struct order *order) FENQI_MUST_USE;

/* *cancelled is false, and nothing changes, when the order does not wait any more. */
enum status order_cancel(struct tx *tx, const struct order *order, bool *cancelled) FENQI_MUST_USE;

/* *order is NULL when the customer has no such order. */
enum status order_load(
    struct tx *tx, int64_t customer_id, int64_t order_id, struct order **order) FENQI_MUST_USE;
void order_foresee(struct tx *tx, int64_t customer_id, int64_t order_id);

/* Pending orders whose time was up before `now`, the oldest first, at most `limit`. */
enum status order_expired(struct tx *tx, struct instant now, int32_t limit, struct order **orders,
    size_t *count) FENQI_MUST_USE;

/* The customer's orders with id below `before_id` (INT64_MAX: all), newest first, at most `limit`.
 */
enum status order_page(struct tx *tx, int64_t customer_id, int64_t before_id, int32_t limit,
    struct order_row **rows, size_t *count) FENQI_MUST_USE;

/* Which of a customer's orders that are over come with a list. */
enum orders_over {
    ORDERS_OVER_NONE,
    ORDERS_OVER_ALL,
    ORDERS_OVER_SETTLED,
    ORDERS_OVER_REFUNDED,
    ORDERS_OVER_CANCELLED,
};

struct orders_over_counts {
    int32_t settled, refunded, cancelled;
};

/*
 * For a list, newest first: every order that is not over, and of those that are over at most
 * `limit` with ids below `before_id`; and how many are over in all. A page costs the same at any
 * depth.
 */
enum status order_list(struct tx *tx, int64_t customer_id, enum orders_over over, int64_t before_id,
    int32_t limit, struct order_row **rows, size_t *count,
    struct orders_over_counts *counts) FENQI_MUST_USE;

/*
 * All orders of a customer, newest first, at most `limit`: the one of order_id with everything
 * beside it, the others with their contract only where automatic repayment was ever set.
 */
enum status order_file(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t limit,
    struct order_row **rows, size_t *count) FENQI_MUST_USE;

/* One order with everything beside it; *row is NULL when the customer has no such order. */
enum status order_detail(
    struct tx *tx, int64_t customer_id, int64_t order_id, struct order_row **row) FENQI_MUST_USE;

/* What the rows of a list of payments name. */
struct order_company {
    struct order *orders;
    size_t order_count;
    struct funding_source *sources; /* without what is sealed */
    size_t source_count;
};

/* The orders from `first` to `last` and all funding sources of a customer. One statement. */
enum status order_company(struct tx *tx, int64_t customer_id, int64_t first, int64_t last,
    struct order_company *company) FENQI_MUST_USE;

/* Where the order under a shop's own number is. */
struct shop_order_place {
    int64_t customer_id;
    int64_t order_id;
    const char *body_hash; /* SHA-256 hex of what the shop sent */
};

/* Takes the number; *taken is true when it already stood, and nothing was written. */
enum status shop_order_reserve(struct tx *tx, int64_t shop_id, const char *shop_order_no,
    const struct shop_order_place *place, bool *taken) FENQI_MUST_USE;

/* *place is NULL when the shop has no such order. */
enum status shop_order_find(struct tx *tx, int64_t shop_id, const char *shop_order_no,
    struct shop_order_place **place) FENQI_MUST_USE;

enum status checkout_insert(
    struct tx *tx, const char *token, int64_t customer_id, int64_t order_id) FENQI_MUST_USE;

/* *customer_id is 0 when there is no such token. */
enum status checkout_find(
    struct tx *tx, const char *token, int64_t *customer_id, int64_t *order_id) FENQI_MUST_USE;

#endif
