/*
 * tx.h: what a transaction is made of; internal to src/store. Exports: struct tx, struct hook,
 * tx_start(), tx_call(), tx_grown(), tx_release_hooks().
 */
#ifndef FENQI_STORE_TX_H
#define FENQI_STORE_TX_H

#include "store/driver.h"
#include "store/store.h"

struct lane;

struct hook {
    void (*function)(void *argument);
    void *argument;
    struct hook *next;
};

/* One unit's view of the transaction of its batch, or one read. */
struct tx {
    struct store *store;
    const struct driver *driver;
    struct connection *connection;
    struct lane *lane; /* where the unit runs together with others; NULL: by itself */
    struct arena *arena;
    struct arena *lasting; /* for what the hooks need */
    struct fault fault;
    struct hook *hooks; /* in the order registered */
    struct hook **hooks_end;
    int open_statements;
    int statements;     /* started so far */
    enum status broken; /* the first failure of a statement; such a unit cannot end well */
    struct log_place *log_places; /* of event_log.c: numbers given in this unit */
    bool refused;
    bool wrote; /* ran a query that may have changed something */
    bool read_only;
};

/* Makes `tx` ready for one run of one unit. */
void tx_start(struct tx *tx, struct store *store, struct connection *connection,
    struct arena *arena, bool read_only);

/* Runs `function`; the status with which its writes must be kept (OK) or undone. */
enum status tx_call(struct tx *tx, unit_function function, void *context);

/*
 * For an array of the unit's that grows by one: a longer copy when `count` is a power of two from 8
 * on, a new one for 0, else `at` itself.
 */
void *tx_grown(struct tx *tx, void *at, size_t count, size_t size);

/* Calls the after-commit hooks, in order. */
void tx_release_hooks(struct hook *hooks);

#endif
