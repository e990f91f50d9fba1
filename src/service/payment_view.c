/* payment_view.c: a payment with everything shown of it. Exports what payment_view.h declares. */
#include "service/payment_view.h"

#include "engine/quote.h"
#include "service/apply_contract_event.h"
#include "service/plan_payment.h"
#include "service/tell_payment.h"

/* Rows of the same list that were loaded before: what they have is not loaded again. */
struct rows {
    const struct payment_view *views;
    size_t count;
};

static enum status find_order(struct tx *tx, const struct rows *before, int64_t customer_id,
    int64_t order_id, struct order **order) {
    for (size_t i = before->count; i-- > 0;)
        for (size_t j = 0; j < before->views[i].order_count; j++)
            if (before->views[i].orders[j]->order_id == order_id) {
                *order = before->views[i].orders[j];
                return STATUS_OK;
            }
    return order_load(tx, customer_id, order_id, order);
}

static enum status find_source(
    struct tx *tx, const struct rows *before, struct payment_view *view) {
    int64_t wanted = view->payment->funding_source_id;
    for (size_t i = 0; i < before->count; i++) {
        struct funding_source *known = before->views[i].source;
        if (known != NULL && view->payment->method == PAY_BY_BANK_CARD &&
            known->funding_source_id == wanted) {
            view->source = known;
            return STATUS_OK;
        }
    }
    return payment_source(tx, view->payment, &view->source);
}

/* The orders of its parts, or of its purpose where it has none. */
static enum status load_orders(
    struct tx *tx, const struct rows *before, struct payment_view *view) {
    const struct payment *payment = view->payment;
    size_t part_count = payment->part_count;
    int64_t *named = NULL;
    size_t named_count =
        part_count == 0 ? purpose_orders_read(tx_arena(tx), payment->purpose_orders, &named) : 0;
    size_t most = part_count > named_count ? part_count : named_count;
    view->orders = ARENA_ARRAY(tx_arena(tx), most + 1, struct order *);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < most && status == STATUS_OK; i++) {
        int64_t order_id = part_count > 0 ? payment->parts[i].order_id : named[i];
        struct order *order;
        status = find_order(tx, before, payment->customer_id, order_id, &order);
        if (status == STATUS_OK && order != NULL)
            view->orders[view->order_count++] = order;
    }
    return status;
}

static enum status load_row(
    struct tx *tx, const struct rows *before, struct payment *payment, struct payment_view *view) {
    *view = (struct payment_view){.payment = payment};
    enum status status = find_source(tx, before, view);
    return status == STATUS_OK ? load_orders(tx, before, view) : status;
}

enum status load_payment_row(struct tx *tx, struct payment *payment, struct payment_view *view) {
    return load_row(tx, &(struct rows){NULL, 0}, payment, view);
}

struct funding_source *source_of_file(const struct customer_file *file, int64_t id) {
    for (size_t i = 0; i < file->source_count; i++)
        if (file->sources[i].funding_source_id == id)
            return &file->sources[i];
    return NULL;
}

void view_payment_of_file(struct arena *arena, const struct customer_file *file,
    const struct order_view *orders, size_t count, struct payment *payment,
    struct payment_view *view) {
    *view = (struct payment_view){.payment = payment};
    if (payment->method == PAY_BY_BANK_CARD)
        view->source = source_of_file(file, payment->funding_source_id);
    size_t parts = payment->part_count;
    int64_t *named = NULL;
    size_t most = parts > 0 ? parts : purpose_orders_read(arena, payment->purpose_orders, &named);
    view->orders = ARENA_ARRAY(arena, most + 1, struct order *);
    for (size_t i = 0; i < most; i++) {
        int64_t order_id = parts > 0 ? payment->parts[i].order_id : named[i];
        for (size_t j = 0; j < count; j++)
            if (orders[j].row->order.order_id == order_id)
                view->orders[view->order_count++] = &orders[j].row->order;
    }
}

/* What its orders owe on the business date. */
static enum status load_owed(struct tx *tx, struct moment moment, struct payment_view *view) {
    enum status status = STATUS_OK;
    for (size_t i = 0; i < view->order_count && status == STATUS_OK; i++) {
        const struct order *order = view->orders[i];
        struct live_contract *contract;
        if (order->contract_id == 0)
            continue;
        status = load_contract(tx, order->customer_id, order->contract_id, &contract);
        if (status != STATUS_OK || contract == NULL)
            continue;
        struct due_quote quote;
        quote_due(&contract->terms, &contract->state, moment.business_date, &quote);
        view->owed_now = money_add(view->owed_now, quote.owed_now);
        view->owed_known = true;
    }
    return status;
}

enum status load_payment_view(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t payment_id, struct payment_view **view) {
    *view = NULL;
    struct payment *payment;
    enum status status = payment_load(tx, customer_id, payment_id, &payment);
    if (status != STATUS_OK || payment == NULL)
        return status;
    *view = ARENA_NEW(tx_arena(tx), struct payment_view);
    status = load_payment_row(tx, payment, *view);
    return status == STATUS_OK ? load_owed(tx, moment, *view) : status;
}

struct payment_view *planned_payment_view(struct tx *tx, struct moment moment,
    struct payment *payment, const struct payment_plan *plan, struct funding_source *source) {
    struct payment_view *view = ARENA_NEW(tx_arena(tx), struct payment_view);
    *view = (struct payment_view){.payment = payment, .source = source};
    view->orders = ARENA_ARRAY(tx_arena(tx), plan->part_count + 1, struct order *);
    for (size_t i = 0; i < plan->part_count; i++) {
        const struct planned_part *part = &plan->parts[i];
        if (!money_is_positive(part->amount))
            continue;
        struct due_quote quote;
        quote_due(&part->contract->terms, &part->contract->state, moment.business_date, &quote);
        view->orders[view->order_count++] = part->order;
        view->owed_now = money_add(view->owed_now, quote.owed_now);
        view->owed_known = true;
    }
    return view;
}

enum status load_payment_rows(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t entry,
    int64_t before_id, int32_t limit, struct payment_view **views, size_t *count) {
    struct payment *payments;
    enum status status =
        payment_page(tx, customer_id, order_id, entry, before_id, limit, &payments, count);
    if (status != STATUS_OK)
        return status;
    *views = ARENA_ARRAY(tx_arena(tx), *count + 1, struct payment_view);
    for (size_t i = 0; i < *count && status == STATUS_OK; i++)
        status = load_row(tx, &(struct rows){*views, i}, &payments[i], &(*views)[i]);
    return status;
}
