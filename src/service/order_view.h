/*
 * order_view.h: orders as their customer (or staff) sees them today. Exports: struct order_view,
 * view_order(), load_order_views(), struct order_wish, load_order_list(), load_order_file(),
 * load_order_view(), struct orders_summary, summarise_orders(), summarise_order_list().
 */
#ifndef FENQI_SERVICE_ORDER_VIEW_H
#define FENQI_SERVICE_ORDER_VIEW_H

#include "engine/quote.h"
#include "service/order_status.h"

/* More orders than this are not looked at for one customer's list. */
enum { ORDER_VIEWS_MAX = 1000 };

/* An order, its contract as of the business date, and what is owed. */
struct order_view {
    struct order_row *row;
    enum order_status status;
    /* NULL without a contract */
    struct terms *terms;
    struct contract_state *state;
    struct due_quote *quote;
};

/* Decodes a row and works out how it stands. CORRUPT when terms or state do not decode. */
enum status view_order(struct tx *tx, struct moment moment, struct order_row *row,
    struct order_view *view) FENQI_MUST_USE;

/* All orders of a customer, newest first. One statement. */
enum status load_order_views(struct tx *tx, struct moment moment, int64_t customer_id,
    struct order_view **views, size_t *count) FENQI_MUST_USE;

/* A page of the list: below `before_id`, at most `limit` orders, in one status or in all. */
struct order_wish {
    int64_t before_id; /* INT64_MAX: the first page */
    int32_t limit;
    bool by_status;
    enum order_status status;
};

/*
 * What a page of the list needs, newest first: every order that is not over, because what is owed
 * is summed over them, and those of the page that are over, with one more when there are more.
 * *over counts all that are over. One statement, the same at any depth.
 */
enum status load_order_list(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct order_wish *wish, struct order_view **views, size_t *count,
    struct orders_over_counts *over) FENQI_MUST_USE;

/*
 * All orders of a customer, newest first, for the screen of one of them: *view is that one, NULL
 * when the customer has none such. The others have terms, state and quote only where automatic
 * repayment was ever set, and no status. One statement.
 */
enum status load_order_file(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, struct order_view **views, size_t *count,
    struct order_view **view) FENQI_MUST_USE;

/* One order with its accepted cost table; *view is NULL when the customer has none such. */
enum status load_order_view(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, struct order_view **view) FENQI_MUST_USE;

/* The one number, and the chips' counts. */
struct orders_summary {
    struct money owed_now;
    struct money overdue;
    int32_t order_count;     /* orders that owe something now */
    struct day earliest_due; /* of what is owed now; DAY_NONE: nothing is */
    int32_t days_overdue;    /* of the oldest */
    struct day next_due;     /* when nothing is owed now; DAY_NONE: nothing to come */
    struct money next_due_amount;
    int32_t next_due_count;
    int32_t counts[ORDER_STATUS_COUNT];
    int32_t all;
};

void summarise_orders(const struct order_view *views, size_t count, struct orders_summary *summary);

/* The summary over what load_order_list() gave: those that are over count as counted. */
void summarise_order_list(const struct order_view *views, size_t count,
    const struct orders_over_counts *over, struct orders_summary *summary);

#endif
