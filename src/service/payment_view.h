/*
 * payment_view.h: a payment with everything that a screen shows of it. Exports: struct
 * payment_view, load_payment_view(), planned_payment_view(), load_payment_row(),
 * load_payment_rows().
 */
#ifndef FENQI_SERVICE_PAYMENT_VIEW_H
#define FENQI_SERVICE_PAYMENT_VIEW_H

#include "service/order_view.h"
#include "service/payment_words.h"
#include "service/plan_payment.h"
#include "store/customer_file.h"
#include "store/order.h"
#include "store/payment.h"

struct payment_view {
    struct payment *payment;
    struct funding_source *source; /* NULL: no card */
    size_t order_count;
    struct order **orders; /* that it is about */
    bool owed_known;       /* a list does not need it */
    struct money owed_now; /* of its orders, on the business date */
};

/* The whole of one payment; *view is NULL when the customer has none such. */
enum status load_payment_view(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t payment_id, struct payment_view **view) FENQI_MUST_USE;

/*
 * The view of a payment that this transaction has just begun by a plan: nothing is read again. The
 * plan's contracts are as the payment left them; `source` is its card, NULL for none.
 */
struct payment_view *planned_payment_view(struct tx *tx, struct moment moment,
    struct payment *payment, const struct payment_plan *plan, struct funding_source *source);

/* Source and orders of a payment that was loaded: what a row of the records shows. */
enum status load_payment_row(
    struct tx *tx, struct payment *payment, struct payment_view *view) FENQI_MUST_USE;

/* The same of a customer's file, without a statement: the orders are all of the customer's. */
void view_payment_of_file(struct arena *arena, const struct customer_file *file,
    const struct order_view *orders, size_t count, struct payment *payment,
    struct payment_view *view);

/* The source of that id in the file; NULL when there is none such. */
struct funding_source *source_of_file(const struct customer_file *file, int64_t id);

/*
 * The customer's records, newest first, below `before_id` (INT64_MAX: all), at most `limit`.
 * order_id 0: of any order; entry 0: of any kind.
 */
enum status load_payment_rows(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t entry,
    int64_t before_id, int32_t limit, struct payment_view **views, size_t *count) FENQI_MUST_USE;

#endif
