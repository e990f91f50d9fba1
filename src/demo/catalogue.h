/*
 * catalogue.h: what the demo shop sells, to whom. Exports: struct demo_goods and
 * the tables of goods, surnames and given names.
 *
 * All of it is made up. Phone numbers are 199 0000 0000 + n, a block that no operator has given
 * out.
 */
#ifndef FENQI_DEMO_CATALOGUE_H
#define FENQI_DEMO_CATALOGUE_H

#include "base/money.h"
#include "base/rate.h"

struct demo_goods {
    const char *name;
    struct money price; /* of one piece */
};

extern const struct demo_goods demo_goods[];
extern const size_t demo_goods_count;

/* Small things that make an order of several lines. */
extern const struct demo_goods demo_extras[];
extern const size_t demo_extras_count;

extern const char *const demo_surnames[];
extern const size_t demo_surnames_count;
extern const char *const demo_given_names[];
extern const size_t demo_given_names_count;

#define DEMO_SHOP_CODE "demo"
#define DEMO_SHOP_NAME "山水数码商城"

#endif
