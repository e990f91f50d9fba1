/*
 * product.c: what instalment plans are on offer. See product.h.
 */
#include "store/product.h"

#include "store/statement.h"

enum { TERMS_ON_OFFER_MAX = 60 };

static enum status read_one(struct tx *tx, struct statement *statement, struct product **product) {
    *product = NULL;
    if (statement_step(statement)) {
        struct product *found = ARENA_NEW(tx_arena(tx), struct product);
        found->code = statement_text(statement, 0);
        found->version = statement_integer32(statement, 1);
        found->name_zh = statement_text(statement, 2);
        found->name_en = statement_text(statement, 3);
        found->method = statement_integer32(statement, 4);
        found->terms = statement_bytes(statement, 5);
        found->min_amount = statement_money(statement, 6);
        found->max_amount = statement_money(statement, 7);
        found->lender_zh = statement_text(statement, 8);
        found->lender_en = statement_text(statement, 9);
        found->active = statement_boolean(statement, 10);
        *product = found;
    }
    enum status status = statement_end(statement);
    if (status != STATUS_OK || *product == NULL) {
        return status;
    }
    struct product *found = *product;
    found->terms_on_offer = ARENA_ARRAY(tx_arena(tx), TERMS_ON_OFFER_MAX, struct product_term);
    struct statement *terms = statement_start(tx, QUERY_PRODUCT_TERMS);
    statement_bind_text(terms, 1, found->code);
    statement_bind_integer(terms, 2, found->version);
    while (found->term_count < TERMS_ON_OFFER_MAX && statement_step(terms)) {
        struct product_term *term = &found->terms_on_offer[found->term_count++];
        term->instalment_count = statement_integer32(terms, 0);
        term->annual_rate = statement_rate(terms, 1);
        term->period_fee_rate = statement_rate(terms, 2);
    }
    return statement_end(terms);
}

enum status product_newest(struct tx *tx, const char *code, struct product **product) {
    struct statement *statement = statement_start(tx, QUERY_PRODUCT_NEWEST);
    statement_bind_text(statement, 1, code);
    return read_one(tx, statement, product);
}

enum status product_load(
    struct tx *tx, const char *code, int32_t version, struct product **product) {
    struct statement *statement = statement_start(tx, QUERY_PRODUCT_LOAD);
    statement_bind_text(statement, 1, code);
    statement_bind_integer(statement, 2, version);
    return read_one(tx, statement, product);
}

enum status product_insert(struct tx *tx, const struct product *product, struct instant now) {
    struct statement *statement = statement_start(tx, QUERY_PRODUCT_INSERT);
    statement_bind_text(statement, 1, product->code);
    statement_bind_integer(statement, 2, product->version);
    statement_bind_text(statement, 3, product->name_zh);
    statement_bind_text(statement, 4, product->name_en);
    statement_bind_integer(statement, 5, product->method);
    statement_bind_bytes(statement, 6, product->terms);
    statement_bind_money(statement, 7, product->min_amount);
    statement_bind_money(statement, 8, product->max_amount);
    statement_bind_text(statement, 9, product->lender_zh);
    statement_bind_text(statement, 10, product->lender_en);
    statement_bind_boolean(statement, 11, product->active);
    statement_bind_instant(statement, 12, now);
    enum status status = statement_run(statement);
    for (size_t i = 0; status == STATUS_OK && i < product->term_count; i++) {
        const struct product_term *term = &product->terms_on_offer[i];
        struct statement *insert = statement_start(tx, QUERY_PRODUCT_TERM_INSERT);
        statement_bind_text(insert, 1, product->code);
        statement_bind_integer(insert, 2, product->version);
        statement_bind_integer(insert, 3, term->instalment_count);
        statement_bind_rate(insert, 4, term->annual_rate);
        statement_bind_rate(insert, 5, term->period_fee_rate);
        status = statement_run(insert);
    }
    return status;
}
