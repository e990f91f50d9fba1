/*
 * autopay_write.h: automatic repayment as JSON, shared by orders, payments and its own screen.
 * Exports: funding_source_ref_write(), autopay_plan_write(), autopay_failure_write(),
 * autopay_brief_write().
 */
#ifndef FENQI_API_AUTOPAY_WRITE_H
#define FENQI_API_AUTOPAY_WRITE_H

#include "base/json_write.h"
#include "service/load_autopay.h"

/* A FundingSourceRef: label first; `source` NULL is the credit balance. */
void funding_source_ref_write(
    struct json *json, const char *name, struct arena *arena, const struct funding_source *source);

/* An AutopayAttempt. */
void autopay_plan_write(
    struct json *json, const char *name, struct arena *arena, const struct autopay_plan *plan);

/* An AutopayFailure; null when no debit failed that is still to be cured. */
void autopay_failure_write(
    struct json *json, const char *name, struct arena *arena, const struct autopay_view *view);

/* An AutopayState: automatic repayment in brief. */
void autopay_brief_write(
    struct json *json, const char *name, struct arena *arena, const struct autopay_view *view);

#endif
