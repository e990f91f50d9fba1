/*
 * product.h: what instalment plans are on offer. Exports: struct product, struct product_term and
 * queries.
 *
 * A version of a product is never edited; a contract keeps its own terms, so that a new version
 * touches nobody who has accepted an older one.
 */
#ifndef FENQI_STORE_PRODUCT_H
#define FENQI_STORE_PRODUCT_H

#include "base/money.h"
#include "base/rate.h"
#include "store/store.h"

/* A number of instalments on offer, with its rates (0 where the method has none). */
struct product_term {
    int32_t instalment_count;
    struct rate annual_rate;
    struct rate period_fee_rate;
};

struct product {
    const char *code; /* "equal-1440" */
    int32_t version;  /* 1, 2, … */
    const char *name_zh, *name_en;
    int32_t method;     /* enum method of the engine */
    struct bytes terms; /* engine/encoding of the part that is the same for every order */
    struct money min_amount, max_amount;
    const char *lender_zh, *lender_en; /* who lends and collects */
    bool active;
    struct product_term *terms_on_offer; /* ascending; filled by product_newest() and _load() */
    size_t term_count;
};

/* The version sold now, with its terms; *product is NULL when there is none. */
enum status product_newest(
    struct tx *tx, const char *code, struct product **product) FENQI_MUST_USE;
enum status product_load(
    struct tx *tx, const char *code, int32_t version, struct product **product) FENQI_MUST_USE;

/* Inserts a version and its terms. CONFLICT when the version stands already. */
enum status product_insert(
    struct tx *tx, const struct product *product, struct instant now) FENQI_MUST_USE;

#endif
