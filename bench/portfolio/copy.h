/*
 * copy.h: customers whose contracts are copies of a template. Exports: struct copy_options, struct
 * copied, copy_template().
 */
#ifndef FENQI_BENCH_COPY_H
#define FENQI_BENCH_COPY_H

#include "template.h"

struct copy_options {
    const struct shop_floor *floor;
    struct day business_date;
    struct money credit;      /* of each customer */
    struct instant logged_in; /* of each customer's session */
    struct instant session_end;
    bool lean; /* no cost tables: less than half the size */
};

/* What a caller needs to act for the customer. */
struct copied {
    int64_t customer_id;
    int64_t order_id;
    int64_t contract_id;
    const char *cookie;
    const char *csrf;
};

/*
 * One customer with a copy of the template's order and contract, a credit balance with its entry,
 * a session, and, with `autopay`, automatic repayment from the credit balance. `number` tells the
 * customers apart.
 */
enum status copy_template(struct tx *tx, const struct copy_options *options,
    const struct template *template, int64_t number, bool autopay,
    struct copied *copied) FENQI_MUST_USE;

#endif
