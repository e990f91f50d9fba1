/*
 * order_view.c: orders as their customer sees them today. See order_view.h.
 */
#include "service/order_view.h"

#include "engine/encoding.h"

enum status view_order(
    struct tx *tx, struct moment moment, struct order_row *row, struct order_view *view) {
    struct arena *arena = tx_arena(tx);
    *view = (struct order_view){.row = row};
    if (row->terms.at != NULL) {
        view->terms = ARENA_NEW(arena, struct terms);
        view->state = arena_room(arena, sizeof *view->state);
        view->quote = arena_room(arena, sizeof *view->quote);
        if (!terms_decode(row->terms.at, row->terms.length, view->terms) ||
            !contract_state_decode(row->state.at, row->state.length, view->state)) {
            return fault_set(tx_fault(tx), STATUS_CORRUPT, "contract %lld does not decode",
                (long long)row->order.contract_id);
        }
        struct day day = day_compare(view->state->day, moment.business_date) > 0
                             ? view->state->day
                             : moment.business_date;
        quote_due(view->terms, view->state, day, view->quote);
    }
    view->status = order_status_of(&row->order, moment.now, view->state, view->quote);
    return STATUS_OK;
}

enum status load_order_views(struct tx *tx, struct moment moment, int64_t customer_id,
    struct order_view **views, size_t *count) {
    struct order_row *rows;
    enum status status = order_page(tx, customer_id, INT64_MAX, ORDER_VIEWS_MAX, &rows, count);
    if (status != STATUS_OK) {
        return status;
    }
    *views = ARENA_ARRAY(tx_arena(tx), *count + 1, struct order_view);
    for (size_t i = 0; i < *count && status == STATUS_OK; i++) {
        status = view_order(tx, moment, &rows[i], &(*views)[i]);
    }
    return status;
}

/* Which orders that are over belong to the page. */
static enum orders_over over_of(const struct order_wish *wish) {
    if (!wish->by_status)
        return ORDERS_OVER_ALL;
    switch (wish->status) {
    case ORDER_STATUS_SETTLED:
        return ORDERS_OVER_SETTLED;
    case ORDER_STATUS_REFUNDED:
        return ORDERS_OVER_REFUNDED;
    case ORDER_STATUS_CANCELLED:
        return ORDERS_OVER_CANCELLED;
    case ORDER_STATUS_OVERDUE:
    case ORDER_STATUS_DUE:
    case ORDER_STATUS_RUNNING:
    case ORDER_STATUS_PENDING:
        break;
    }
    return ORDERS_OVER_NONE;
}

enum status load_order_list(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct order_wish *wish, struct order_view **views, size_t *count,
    struct orders_over_counts *over) {
    struct order_row *rows;
    enum status status = order_list(
        tx, customer_id, over_of(wish), wish->before_id, wish->limit + 1, &rows, count, over);
    if (status != STATUS_OK) {
        return status;
    }
    *views = ARENA_ARRAY(tx_arena(tx), *count + 1, struct order_view);
    for (size_t i = 0; i < *count && status == STATUS_OK; i++) {
        status = view_order(tx, moment, &rows[i], &(*views)[i]);
    }
    return status;
}

enum status load_order_file(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, struct order_view **views, size_t *count, struct order_view **view) {
    *view = NULL;
    struct order_row *rows;
    enum status status = order_file(tx, customer_id, order_id, ORDER_VIEWS_MAX, &rows, count);
    if (status != STATUS_OK) {
        return status;
    }
    *views = ARENA_ARRAY(tx_arena(tx), *count + 1, struct order_view);
    for (size_t i = 0; i < *count && status == STATUS_OK; i++) {
        bool wanted = rows[i].order.order_id == order_id;
        if (wanted || rows[i].terms.at != NULL) {
            status = view_order(tx, moment, &rows[i], &(*views)[i]);
        } else {
            (*views)[i].row = &rows[i];
        }
        if (wanted) {
            *view = &(*views)[i];
        }
    }
    return status;
}

enum status load_order_view(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, struct order_view **view) {
    *view = NULL;
    struct order_row *row;
    enum status status = order_detail(tx, customer_id, order_id, &row);
    if (status != STATUS_OK || row == NULL) {
        return status;
    }
    *view = ARENA_NEW(tx_arena(tx), struct order_view);
    return view_order(tx, moment, row, *view);
}

/* Adds an order's next due day to the summary: the earliest day, all orders that share it. */
static void add_next_due(struct orders_summary *summary, const struct due_quote *quote) {
    if (day_is_none(quote->next_due_day)) {
        return;
    }
    int order =
        day_is_none(summary->next_due) ? -1 : day_compare(quote->next_due_day, summary->next_due);
    if (order < 0) {
        summary->next_due = quote->next_due_day;
        summary->next_due_amount = MONEY_ZERO;
        summary->next_due_count = 0;
    }
    if (order <= 0) {
        summary->next_due_amount = money_add(summary->next_due_amount, quote->next_due);
        summary->next_due_count++;
    }
}

void summarise_orders(
    const struct order_view *views, size_t count, struct orders_summary *summary) {
    *summary = (struct orders_summary){.earliest_due = DAY_NONE, .next_due = DAY_NONE};
    for (size_t i = 0; i < count; i++) {
        const struct due_quote *quote = views[i].quote;
        summary->all++;
        summary->counts[views[i].status]++;
        if (quote == NULL) {
            continue;
        }
        if (money_is_positive(quote->owed_now)) {
            summary->owed_now = money_add(summary->owed_now, quote->owed_now);
            summary->overdue = money_add(summary->overdue, quote->overdue);
            summary->order_count++;
            if (day_is_none(summary->earliest_due) ||
                day_compare(quote->earliest_due_day, summary->earliest_due) < 0) {
                summary->earliest_due = quote->earliest_due_day;
            }
        }
        if (quote->days_overdue > summary->days_overdue) {
            summary->days_overdue = quote->days_overdue;
        }
        add_next_due(summary, quote);
    }
    if (money_is_positive(summary->owed_now)) {
        summary->next_due = DAY_NONE;
        summary->next_due_amount = MONEY_ZERO;
        summary->next_due_count = 0;
    }
}

void summarise_order_list(const struct order_view *views, size_t count,
    const struct orders_over_counts *over, struct orders_summary *summary) {
    summarise_orders(views, count, summary);
    /* those of the page were counted too; one that nobody accepted in time, but which still waits
       in its row, is over by the clock alone and not among the counted */
    int32_t cancelled_by_clock = 0;
    for (size_t i = 0; i < count; i++) {
        bool waits = views[i].row->order.state == ORDER_PENDING;
        cancelled_by_clock += waits && views[i].status == ORDER_STATUS_CANCELLED ? 1 : 0;
    }
    summary->all -= summary->counts[ORDER_STATUS_SETTLED] + summary->counts[ORDER_STATUS_REFUNDED] +
                    summary->counts[ORDER_STATUS_CANCELLED];
    summary->counts[ORDER_STATUS_SETTLED] = over->settled;
    summary->counts[ORDER_STATUS_REFUNDED] = over->refunded;
    summary->counts[ORDER_STATUS_CANCELLED] = over->cancelled + cancelled_by_clock;
    summary->all += over->settled + over->refunded + over->cancelled + cancelled_by_clock;
}
