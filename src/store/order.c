/*
 * order.c: orders and the directories that find them. See order.h.
 */
#include "store/order.h"

#include "store/statement.h"
#include "store/tx.h"

#include <stdlib.h>
#include <string.h>

enum { ORDER_COLUMNS = 19 };

static void read_order(struct statement *statement, struct order *order) {
    order->customer_id = statement_integer(statement, 0);
    order->order_id = statement_integer(statement, 1);
    order->shop_id = statement_integer(statement, 2);
    order->shop_order_no = statement_text(statement, 3);
    order->product_code = statement_text(statement, 4);
    order->product_version = statement_integer32(statement, 5);
    order->title = statement_text(statement, 6);
    order->goods = statement_text(statement, 7);
    order->amount = statement_money(statement, 8);
    order->state = (enum order_state)statement_integer32(statement, 9);
    order->placed_at = statement_instant(statement, 10);
    order->placed_on = statement_day(statement, 11);
    order->expires_at = statement_instant(statement, 12);
    order->accepted_at = statement_instant(statement, 13);
    order->contract_id = statement_integer(statement, 14);
    order->instalment_count = statement_integer32(statement, 15);
    order->refunded = statement_money(statement, 16);
    order->return_url = statement_text(statement, 17);
    order->checkout_token = statement_text(statement, 18);
}

static void read_row(struct statement *statement, struct order_row *row) {
    read_order(statement, &row->order);
    row->shop_name = statement_text(statement, ORDER_COLUMNS);
    row->product_name_zh = statement_text(statement, ORDER_COLUMNS + 1);
    row->product_name_en = statement_text(statement, ORDER_COLUMNS + 2);
    row->product_method = statement_integer32(statement, ORDER_COLUMNS + 3);
    row->terms = statement_bytes(statement, ORDER_COLUMNS + 4);
    row->state = statement_bytes(statement, ORDER_COLUMNS + 5);
    row->event_count = statement_integer32(statement, ORDER_COLUMNS + 7);
    row->last_event_day = statement_day(statement, ORDER_COLUMNS + 8);
}

enum status order_insert(struct tx *tx, const struct order *order) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_INSERT);
    statement_bind_integer(statement, 1, order->customer_id);
    statement_bind_integer(statement, 2, order->order_id);
    statement_bind_integer(statement, 3, order->shop_id);
    statement_bind_text(statement, 4, order->shop_order_no);
    statement_bind_text(statement, 5, order->product_code);
    statement_bind_integer(statement, 6, order->product_version);
    statement_bind_text(statement, 7, order->title);
    statement_bind_text(statement, 8, order->goods);
    statement_bind_money(statement, 9, order->amount);
    statement_bind_integer(statement, 10, order->state);
    statement_bind_instant(statement, 11, order->placed_at);
    statement_bind_day(statement, 12, order->placed_on);
    statement_bind_instant(statement, 13, order->expires_at);
    statement_bind_instant(statement, 14, order->accepted_at);
    statement_bind_integer(statement, 15, order->contract_id);
    statement_bind_integer(statement, 16, order->instalment_count);
    statement_bind_money(statement, 17, order->refunded);
    statement_bind_text(statement, 18, order->return_url);
    statement_bind_text(statement, 19, order->checkout_token);
    return statement_run(statement);
}

enum status order_save(struct tx *tx, const struct order *order) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_SAVE);
    statement_bind_integer(statement, 1, order->customer_id);
    statement_bind_integer(statement, 2, order->order_id);
    statement_bind_integer(statement, 3, order->state);
    statement_bind_instant(statement, 4, order->accepted_at);
    statement_bind_integer(statement, 5, order->contract_id);
    statement_bind_integer(statement, 6, order->instalment_count);
    statement_bind_money(statement, 7, order->refunded);
    return statement_run(statement);
}

enum status order_cancel(struct tx *tx, const struct order *order, bool *cancelled) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_CANCEL);
    statement_bind_integer(statement, 1, order->customer_id);
    statement_bind_integer(statement, 2, order->order_id);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    *cancelled = changed == 1;
    return status;
}

static struct statement *start_load(struct tx *tx, int64_t customer_id, int64_t order_id) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, order_id);
    return statement;
}

void order_foresee(struct tx *tx, int64_t customer_id, int64_t order_id) {
    statement_foresee(start_load(tx, customer_id, order_id));
}

enum status order_load(struct tx *tx, int64_t customer_id, int64_t order_id, struct order **order) {
    struct statement *statement = start_load(tx, customer_id, order_id);
    *order = NULL;
    if (statement_step(statement)) {
        *order = ARENA_NEW(tx_arena(tx), struct order);
        read_order(statement, *order);
    }
    return statement_end(statement);
}

enum status order_expired(
    struct tx *tx, struct instant now, int32_t limit, struct order **orders, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_EXPIRED);
    statement_bind_instant(statement, 1, now);
    statement_bind_integer(statement, 2, limit);
    *orders = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct order);
    *count = 0;
    while (*count < (size_t)limit && statement_step(statement)) {
        read_order(statement, &(*orders)[(*count)++]);
    }
    return statement_end(statement);
}

static void read_table(struct statement *statement, struct order_row *row) {
    row->cost_table = statement_text(statement, ORDER_COLUMNS + 9);
    row->cost_table_hash = statement_text(statement, ORDER_COLUMNS + 10);
    row->cost_table_accepted_at = statement_instant(statement, ORDER_COLUMNS + 11);
}

/* Rows in the arena, as many as come. */
struct order_rows {
    struct order_row *at;
    size_t count, room;
};

static struct order_row *next_row(struct tx *tx, struct order_rows *rows) {
    if (rows->count == rows->room) {
        size_t room = rows->room == 0 ? 16 : rows->room * 2;
        struct order_row *more = ARENA_ARRAY(tx_arena(tx), room, struct order_row);
        if (rows->count > 0)
            memcpy(more, rows->at, rows->count * sizeof *more);
        *rows = (struct order_rows){more, rows->count, room};
    }
    return &rows->at[rows->count++];
}

/* Reads all rows of a started statement into an array in the arena. */
static enum status read_rows(struct tx *tx, struct statement *statement, bool with_table,
    struct order_row **out, size_t *count) {
    struct order_rows rows = {0};
    while (statement_step(statement)) {
        struct order_row *row = next_row(tx, &rows);
        read_row(statement, row);
        if (with_table)
            read_table(statement, row);
    }
    *out = rows.at;
    *count = rows.count;
    return statement_end(statement);
}

static int newest_first(const void *left, const void *right) {
    int64_t a = ((const struct order_row *)left)->order.order_id;
    int64_t b = ((const struct order_row *)right)->order.order_id;
    return (a < b) - (a > b);
}

/* $4 of order_list.sql. */
static int64_t over_parameter(enum orders_over over) {
    switch (over) {
    case ORDERS_OVER_NONE:
        return -1;
    case ORDERS_OVER_ALL:
        return 0;
    case ORDERS_OVER_CANCELLED:
        return 1;
    case ORDERS_OVER_SETTLED:
        return 2;
    case ORDERS_OVER_REFUNDED:
        return 3;
    }
    return -1;
}

enum status order_list(struct tx *tx, int64_t customer_id, enum orders_over over, int64_t before_id,
    int32_t limit, struct order_row **out, size_t *count, struct orders_over_counts *counts) {
    enum { KIND = ORDER_COLUMNS + 9, KIND_COUNTS = 3 };
    struct statement *statement = statement_start(tx, QUERY_ORDER_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, before_id);
    statement_bind_integer(statement, 3, limit);
    statement_bind_integer(statement, 4, over_parameter(over));
    *counts = (struct orders_over_counts){0};
    struct order_rows rows = {0};
    while (statement_step(statement)) {
        if (statement_integer32(statement, KIND) == KIND_COUNTS)
            *counts = (struct orders_over_counts){statement_integer32(statement, 8),
                statement_integer32(statement, 10), statement_integer32(statement, 12)};
        else
            read_row(statement, next_row(tx, &rows));
    }
    *out = rows.at;
    *count = rows.count;
    if (rows.count > 1)
        qsort(rows.at, rows.count, sizeof *rows.at, newest_first);
    return statement_end(statement);
}

enum status order_page(struct tx *tx, int64_t customer_id, int64_t before_id, int32_t limit,
    struct order_row **rows, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_PAGE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, before_id);
    statement_bind_integer(statement, 3, limit);
    return read_rows(tx, statement, false, rows, count);
}

enum status order_file(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t limit,
    struct order_row **rows, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_FILE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, order_id);
    statement_bind_integer(statement, 3, limit);
    return read_rows(tx, statement, true, rows, count);
}

enum status order_detail(
    struct tx *tx, int64_t customer_id, int64_t order_id, struct order_row **row) {
    struct statement *statement = statement_start(tx, QUERY_ORDER_DETAIL);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, order_id);
    *row = NULL;
    if (statement_step(statement)) {
        *row = ARENA_NEW(tx_arena(tx), struct order_row);
        read_row(statement, *row);
        read_table(statement, *row);
    }
    return statement_end(statement);
}

static void read_source(struct statement *statement, struct funding_source *source) {
    *source = (struct funding_source){
        .customer_id = statement_integer(statement, 0),
        .funding_source_id = statement_integer(statement, 1),
        .single_limit = statement_money(statement, 2),
        .bank_code = statement_text(statement, 3),
        .tail = statement_text(statement, 4),
        .state = (enum funding_source_state)statement_integer32(statement, 5),
        .phone_masked = statement_text(statement, 6),
        .daily_limit = statement_money(statement, 8),
        .mode = statement_integer32(statement, 9),
        .created_at = statement_instant(statement, 10),
        .bind_state = (enum bind_state)statement_integer32(statement, 11),
        .bound_at = statement_instant(statement, 12),
        .removed_at = statement_instant(statement, 13),
        .code_sent_at = statement_instant(statement, 14),
        .failure = statement_integer32(statement, 15),
        .wrong_codes = statement_integer32(statement, 16),
    };
}

enum status order_company(struct tx *tx, int64_t customer_id, int64_t first, int64_t last,
    struct order_company *company) {
    enum { KIND = ORDER_COLUMNS, KIND_ORDER = 1 };
    *company = (struct order_company){0};
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_COMPANY);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, first);
    statement_bind_integer(statement, 3, last);
    while (statement_step(statement)) {
        if (statement_integer32(statement, KIND) == KIND_ORDER) {
            company->orders =
                tx_grown(tx, company->orders, company->order_count, sizeof *company->orders);
            read_order(statement, &company->orders[company->order_count++]);
        } else {
            company->sources =
                tx_grown(tx, company->sources, company->source_count, sizeof *company->sources);
            read_source(statement, &company->sources[company->source_count++]);
        }
    }
    return statement_end(statement);
}

enum status shop_order_reserve(struct tx *tx, int64_t shop_id, const char *shop_order_no,
    const struct shop_order_place *place, bool *taken) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_ORDER_DIRECTORY_RESERVE);
    statement_bind_integer(statement, 1, shop_id);
    statement_bind_text(statement, 2, shop_order_no);
    statement_bind_integer(statement, 3, place->customer_id);
    statement_bind_integer(statement, 4, place->order_id);
    statement_bind_text(statement, 5, place->body_hash);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    *taken = changed == 0;
    return status;
}

enum status shop_order_find(
    struct tx *tx, int64_t shop_id, const char *shop_order_no, struct shop_order_place **place) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_ORDER_DIRECTORY_LOAD);
    statement_bind_integer(statement, 1, shop_id);
    statement_bind_text(statement, 2, shop_order_no);
    *place = NULL;
    if (statement_step(statement)) {
        *place = ARENA_NEW(tx_arena(tx), struct shop_order_place);
        (*place)->customer_id = statement_integer(statement, 0);
        (*place)->order_id = statement_integer(statement, 1);
        (*place)->body_hash = statement_text(statement, 2);
    }
    return statement_end(statement);
}

enum status checkout_insert(
    struct tx *tx, const char *token, int64_t customer_id, int64_t order_id) {
    struct statement *statement = statement_start(tx, QUERY_CHECKOUT_DIRECTORY_INSERT);
    statement_bind_text(statement, 1, token);
    statement_bind_integer(statement, 2, customer_id);
    statement_bind_integer(statement, 3, order_id);
    return statement_run(statement);
}

enum status checkout_find(
    struct tx *tx, const char *token, int64_t *customer_id, int64_t *order_id) {
    struct statement *statement = statement_start(tx, QUERY_CHECKOUT_DIRECTORY_LOAD);
    statement_bind_text(statement, 1, token);
    *customer_id = *order_id = 0;
    if (statement_step(statement)) {
        *customer_id = statement_integer(statement, 0);
        *order_id = statement_integer(statement, 1);
    }
    return statement_end(statement);
}
