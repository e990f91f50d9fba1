/* payment_view.c: a payment with everything shown of it. Exports what payment_view.h declares. */
#include "service/payment_view.h"

#include "engine/quote.h"
#include "service/apply_contract_event.h"
#include "service/plan_payment.h"
#include "service/tell_payment.h"

/* The ids of the orders of a payment: of its parts, or of its purpose where it has none. */
static size_t orders_of(struct arena *arena, const struct payment *payment, int64_t **ids) {
    if (payment->part_count == 0)
        return purpose_orders_read(arena, payment->purpose_orders, ids);
    *ids = ARENA_ARRAY(arena, payment->part_count, int64_t);
    for (size_t i = 0; i < payment->part_count; i++)
        (*ids)[i] = payment->parts[i].order_id;
    return payment->part_count;
}

enum status load_payment_row(struct tx *tx, struct payment *payment, struct payment_view *view) {
    *view = (struct payment_view){.payment = payment};
    enum status status = payment_source(tx, payment, &view->source);
    int64_t *ids = NULL;
    size_t most = orders_of(tx_arena(tx), payment, &ids);
    view->orders = ARENA_ARRAY(tx_arena(tx), most + 1, struct order *);
    for (size_t i = 0; i < most && status == STATUS_OK; i++) {
        struct order *order;
        status = order_load(tx, payment->customer_id, ids[i], &order);
        if (status == STATUS_OK && order != NULL)
            view->orders[view->order_count++] = order;
    }
    return status;
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

/* Gives a row of the list what it names. */
static void view_in_company(struct arena *arena, const struct order_company *company,
    struct payment *payment, struct payment_view *view) {
    *view = (struct payment_view){.payment = payment};
    for (size_t i = 0; i < company->source_count; i++)
        if (payment->method == PAY_BY_BANK_CARD &&
            company->sources[i].funding_source_id == payment->funding_source_id)
            view->source = &company->sources[i];
    int64_t *ids = NULL;
    size_t most = orders_of(arena, payment, &ids);
    view->orders = ARENA_ARRAY(arena, most + 1, struct order *);
    for (size_t i = 0; i < most; i++)
        for (size_t j = 0; j < company->order_count; j++)
            if (company->orders[j].order_id == ids[i])
                view->orders[view->order_count++] = &company->orders[j];
}

enum status load_payment_rows(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t entry,
    int64_t before_id, int32_t limit, struct payment_view **views, size_t *count) {
    struct payment *payments;
    enum status status =
        payment_page(tx, customer_id, order_id, entry, before_id, limit, &payments, count);
    if (status != STATUS_OK)
        return status;
    int64_t first = INT64_MAX, last = 0;
    for (size_t i = 0; i < *count; i++) {
        int64_t *ids = NULL;
        size_t most = orders_of(tx_arena(tx), &payments[i], &ids);
        for (size_t j = 0; j < most; j++) {
            first = ids[j] < first ? ids[j] : first;
            last = ids[j] > last ? ids[j] : last;
        }
    }
    struct order_company company = {0};
    if (*count > 0)
        status = order_company(tx, customer_id, first, last, &company);
    *views = ARENA_ARRAY(tx_arena(tx), *count + 1, struct payment_view);
    for (size_t i = 0; i < *count && status == STATUS_OK; i++)
        view_in_company(tx_arena(tx), &company, &payments[i], &(*views)[i]);
    return status;
}
