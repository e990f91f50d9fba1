/*
 * customer_range.h: customers from one key to another. Exports: struct customer_range,
 * EVERY_CUSTOMER, customer_range_next(), customer_count(), customer_range_bind().
 *
 * Who reads everything reads range by range: a few statements bring all rows of a few hundred
 * customers, from one snapshot. Ranges of keys leave no row out, whoever it belongs to.
 */
#ifndef FENQI_STORE_CUSTOMER_RANGE_H
#define FENQI_STORE_CUSTOMER_RANGE_H

#include "store/store.h"

struct customer_range {
    int64_t after, last; /* customer_id > after and <= last */
};

#define EVERY_CUSTOMER ((struct customer_range){INT64_MIN, INT64_MAX})

/* The range after `after` that holds `size` customers; the last one reaches to the end. */
enum status customer_range_next(
    struct tx *tx, int64_t after, int64_t size, struct customer_range *range) FENQI_MUST_USE;

enum status customer_count(struct tx *tx, int64_t *count) FENQI_MUST_USE;

/* As the parameters 1 and 2 of a statement: for files of src/store. */
struct statement;
void customer_range_bind(struct statement *statement, struct customer_range range);

#endif
