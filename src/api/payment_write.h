/*
 * payment_write.h: payments as JSON. Exports: payment_write(), payment_summary_write(),
 * payment_ref_write(), purpose_write(), order_ref_write(), allocation_write().
 */
#ifndef FENQI_API_PAYMENT_WRITE_H
#define FENQI_API_PAYMENT_WRITE_H

#include "base/json_write.h"
#include "service/payment_view.h"

/* A Payment: the whole of it. `now` decides whether its action still stands. */
void payment_write(struct json *json, const char *name, struct arena *arena, struct instant now,
    const struct payment_view *view);

/* A PaymentSummary: a row of the records. */
void payment_summary_write(
    struct json *json, const char *name, struct arena *arena, const struct payment_view *view);

/* A PaymentRef; null for NULL. */
void payment_ref_write(struct json *json, const char *name, const struct payment *payment);

/* An OrderRef. */
void order_ref_write(struct json *json, const char *name, const struct order *order);

/* A PaymentPurpose. */
void purpose_write(struct json *json, const char *name, int64_t customer_id,
    enum payment_purpose kind, const int64_t *order_ids, size_t count, struct money amount);

/* AllocationLines of the orders given. */
void allocation_write(struct json *json, const char *name, int64_t customer_id,
    const struct payment_allocation *allocations, size_t count, struct order **orders,
    size_t order_count);

#endif
