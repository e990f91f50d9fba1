/*
 * overdue_write.h: what being late means, as JSON. Exports: credit_record_write(),
 * overdue_write().
 */
#ifndef FENQI_API_OVERDUE_WRITE_H
#define FENQI_API_OVERDUE_WRITE_H

#include "base/json_write.h"
#include "service/order_view.h"
#include "store/extension_request.h"

/* A CreditRecord: what the bureau is told and when; null without a contract. */
void credit_record_write(
    struct json *json, const char *name, struct arena *arena, const struct order_view *view);

/* An OverdueInfo; null when nothing is overdue. `request`: the latest extension request or NULL. */
void overdue_write(struct json *json, const char *name, struct arena *arena,
    const struct order_view *view, const struct extension_request *request);

#endif
