/*
 * funding_source.h: bank cards 扣款来源. Exports: enum funding_source_state, enum bind_state,
 * struct funding_source and its queries.
 *
 * What names the person or the card is sealed under the customer's key, with the row's id and the
 * labels "funding.card", "funding.bind_ref", "funding.protocol".
 */
#ifndef FENQI_STORE_FUNDING_SOURCE_H
#define FENQI_STORE_FUNDING_SOURCE_H

#include "base/money.h"
#include "store/store.h"

/* Stored as integers: never renumber. */
enum funding_source_state {
    FUNDING_SOURCE_PENDING = 1,
    FUNDING_SOURCE_ACTIVE = 2,
    FUNDING_SOURCE_UNUSABLE = 3,
    FUNDING_SOURCE_REMOVED = 4,
};
enum bind_state {
    BIND_STARTING = 1,   /* the bank is being asked to send the SMS */
    BIND_CODE_SENT = 2,  /* waits for the customer's code */
    BIND_CONFIRMING = 3, /* the code is on its way to the bank */
    BIND_DONE = 4,
    BIND_REFUSED = 5, /* see `failure`; a new start is possible */
};

struct funding_source {
    int64_t customer_id;
    int64_t funding_source_id;
    enum funding_source_state state;
    int32_t mode; /* enum channel_mode */
    const char *bank_code, *tail;
    struct bytes card_hash;
    struct bytes card_sealed; /* "number|name|identity|phone"; empty once decided */
    const char *phone_masked;
    struct bytes bind_ref_sealed;
    struct bytes protocol_sealed;
    enum bind_state bind_state;
    int32_t failure; /* enum channel_failure: why it is unusable or was refused */
    int32_t wrong_codes;
    struct instant code_sent_at;
    struct instant created_at, bound_at, removed_at;
    struct money single_limit, daily_limit; /* zero: none known */
};

enum status funding_source_insert(
    struct tx *tx, const struct funding_source *source) FENQI_MUST_USE;
enum status funding_source_save(struct tx *tx, const struct funding_source *source) FENQI_MUST_USE;

/* *source is NULL when the customer has no such source. */
enum status funding_source_load(struct tx *tx, int64_t customer_id, int64_t funding_source_id,
    struct funding_source **source) FENQI_MUST_USE;

/* Tells that the unit is going to load it (statement_foresee()). */
void funding_source_foresee(struct tx *tx, int64_t customer_id, int64_t funding_source_id);

/* All of a customer, removed ones too, the oldest first. */
enum status funding_source_list(struct tx *tx, int64_t customer_id, struct funding_source **sources,
    size_t *count) FENQI_MUST_USE;

#endif
