/*
 * create_order.h: a shop's order, to be accepted by the customer. Exports: struct order_line,
 * enum create_order_outcome, struct create_order, struct create_order_answer, create_order(),
 * return_url_is_valid().
 *
 * The same order sent again (same shop, same number, same content) answers the order that stands.
 */
#ifndef FENQI_SERVICE_CREATE_ORDER_H
#define FENQI_SERVICE_CREATE_ORDER_H

#include "codec/vault.h"
#include "store/order.h"

/* How long a checkout page may be accepted. */
enum { CHECKOUT_LIFETIME_S = 3 * 86400 };

struct order_line {
    const char *name;
    int32_t quantity;
    struct money amount; /* of all pieces together */
};

/* In the order in which they are checked. */
enum create_order_outcome {
    CREATE_ORDER_OK,
    CREATE_ORDER_NUMBER_TAKEN,        /* the shop used the number for another order */
    CREATE_ORDER_GOODS_SUM_MISMATCH,  /* the lines do not add up to the amount */
    CREATE_ORDER_PRODUCT_NOT_FOUND,   /* or not sold any more */
    CREATE_ORDER_AMOUNT_OUT_OF_RANGE, /* outside what the product takes */
    CREATE_ORDER_PHONE_INVALID,
    CREATE_ORDER_RETURN_URL_INVALID,
};

struct create_order {
    const struct vault *vault;
    int64_t shop_id;
    const char *shop_order_no;
    const char *phone;
    const char *name; /* NULL: unknown; kept only for a customer who is new */
    const struct order_line *lines;
    size_t line_count; /* 1 or more */
    struct money amount;
    const char *product_code;
    const char *return_url; /* NULL: none */
    bool allow_plain_http;  /* demo and test: http addresses are taken too */
};

struct create_order_answer {
    enum create_order_outcome outcome;
    bool repeated;       /* it stood already */
    struct order *order; /* NULL unless OK */
};

enum status create_order(struct tx *tx, struct moment moment, const struct create_order *command,
    struct create_order_answer *answer) FENQI_MUST_USE;

/* An absolute https (or, when allowed, http) address without control characters or user. */
bool return_url_is_valid(const char *url, bool allow_plain_http);

#endif
