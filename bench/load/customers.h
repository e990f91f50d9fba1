/*
 * customers.h: for whom the load generator acts. Exports: struct customer_line, struct customers,
 * customers_read(), customers_pick().
 *
 * The file is what bench/portfolio writes: cookie, CSRF token, order number, tab-separated.
 */
#ifndef FENQI_BENCH_CUSTOMERS_H
#define FENQI_BENCH_CUSTOMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct customer_line {
    const char *cookie;
    const char *csrf;
    const char *order;
};

struct customers {
    char *text;
    struct customer_line *lines;
    size_t count;
};

/* False, with a line on standard error, when the file cannot be read or holds nobody. */
bool customers_read(const char *path, struct customers *customers);

/* Anybody, or with `skewed` in 80 of 100 cases one of the first hundredth. */
const struct customer_line *customers_pick(
    const struct customers *customers, bool skewed, uint64_t *random);

/* SplitMix64. */
uint64_t random_next(uint64_t *random);

#endif
