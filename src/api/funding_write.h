/*
 * funding_write.h: funding sources as JSON. Exports: funding_source_write(),
 * funding_source_id_text(), funding_source_id_read(); references are in autopay_write.h.
 */
#ifndef FENQI_API_FUNDING_WRITE_H
#define FENQI_API_FUNDING_WRITE_H

#include "base/json_write.h"
#include "store/funding_source.h"

/* The public number of a source; "credit_balance" for id 0. In `arena`. */
const char *funding_source_id_text(struct arena *arena, int64_t customer_id, int64_t id);

/* A FundingSourceId of this customer; false when it is none. */
bool funding_source_id_read(const char *text, int64_t customer_id, int64_t *id);

/* A FundingSource; `source` NULL is the credit balance, which holds `balance`. */
void funding_source_write(struct json *json, const char *name, struct arena *arena,
    int64_t customer_id, const struct funding_source *source, struct money balance,
    bool used_by_autopay);

#endif
