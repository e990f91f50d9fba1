/*
 * cost_table.h: the cost table 综合融资成本明示表 of an offer. Exports: offer_terms(), struct
 * cost_table, cost_table_build(), cost_table_rates(),
 * cost_table_write(), agreement_write().
 *
 * The table is built once, as JSON text; its SHA-256 names exactly these bytes. The customer sends
 * the hash back with the acceptance, and the same bytes are stored with the contract.
 */
#ifndef FENQI_SERVICE_COST_TABLE_H
#define FENQI_SERVICE_COST_TABLE_H

#include "base/json_write.h"
#include "engine/terms.h"
#include "store/product.h"

/* The wording of the agreement that an acceptance is given to; a change of text is a new version.
 */
#define CONSENT_VERSION "2026-11"

/*
 * The terms that `product` offers for `amount` in the `index`th number of instalments, beginning on
 * `start`. CORRUPT when the product's terms do not decode; *valid is false when these terms cannot
 * be (amount too small to divide, cost over the cap).
 */
enum status offer_terms(struct tx *tx, const struct product *product, struct money amount,
    size_t index, struct day start, struct terms *terms, bool *valid) FENQI_MUST_USE;

struct cost_table {
    int32_t instalment_count;
    const char *json; /* the object without its hash and accepted_at */
    const char *hash; /* 64 hex characters */
    int32_t items;    /* bit 1 << enum cost_kind for each cost that is named */
    struct money total_cost;
    struct money first_amount;
    struct day first_due_day;
    struct rate irr, simple;
};

/* The table of valid terms. */
struct cost_table cost_table_build(
    struct arena *arena, const struct product *product, const struct terms *terms);

/* The two rates on a stored table; zeros when the text is none of ours. */
struct cost_table_rates {
    struct rate irr, simple;
};
struct cost_table_rates cost_table_rates(const char *table_json);

/* Writes a CostTable (spec/openapi.yaml) from its stored text. accepted_at 0: null. */
void cost_table_write(struct json *json, const char *name, struct arena *arena,
    const char *table_json, const char *hash, struct instant accepted_at);

/* Writes the agreement's main points as two arrays, agreement_zh and agreement_en. */
void agreement_write(struct json *json, struct arena *arena, const struct product *product,
    const struct terms *terms);

#endif
