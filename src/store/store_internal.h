/*
 * store_internal.h: the store's own parts; internal to src/store. Exports: struct store, struct
 * committer, struct reader and the functions between store.c, committer.c and reader.c.
 */
#ifndef FENQI_STORE_STORE_INTERNAL_H
#define FENQI_STORE_STORE_INTERNAL_H

#include "base/id.h"
#include "store/driver.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

struct together;

/* Units in order of arrival. */
struct unit_queue {
    struct unit *first;
    struct unit **end;
    int32_t count;
};

/* A thread that owns a range of keys and the connection on which their units are committed. */
struct committer {
    struct store *store;
    struct connection *connection;
    struct arena *arena;   /* lent to units that bring none; reset after each batch */
    struct arena *scratch; /* lent to one of the background for as long as it runs */
    pthread_t thread;
    bool started;
    struct together *together; /* NULL where statements cost no round trip */
    int64_t statements;        /* started by units so far; the thread's own */
    int64_t rounds;            /* round trips of batches so far; the thread's own */
    int careful;               /* batches for which every unit has a savepoint; the thread's own */
    int64_t customers_at_us;   /* when somebody was last waited for; the thread's own */
    bool down; /* the connection is lost and could not be made anew; the thread's own */

    pthread_mutex_t lock;   /* over everything below */
    pthread_cond_t arrived; /* a unit was queued, or closing began */
    pthread_cond_t left;    /* the queue has room again */
    struct unit_queue waiting;
    struct unit_queue background;
    bool closing;
    struct store_counters counters;
};

/* A read-only connection that lies ready for the next reader. */
struct reader {
    struct connection *connection;
    struct reader *next;
};

struct store {
    struct store_options options;
    const struct driver *driver;
    struct driver_options driver_options;
    char *database; /* own copy of the URL */
    struct committer *committers;
    int32_t committer_count;

    pthread_mutex_t id_lock;
    struct id_source id_source;

    pthread_mutex_t reader_lock;
    struct reader *idle_readers;
    int32_t busy_readers;
    atomic_int_fast64_t reads, read_statements;
};

/* Connects the committer's writer and starts its thread. */
enum status committer_start(struct committer *committer, struct store *store, struct fault *fault);

/* Refuses new units, finishes the accepted ones, joins the thread, closes the connection. */
void committer_stop(struct committer *committer);

/* Queues a unit; with `wait` blocks while the queue is full instead of giving STATUS_FULL. */
enum status committer_submit(struct committer *committer, struct unit *unit, bool wait);

/* The committer that owns a key. */
struct committer *committer_of(struct store *store, int64_t key);

/* Closes the connections of idle readers; checks that no read is running. */
void readers_close(struct store *store);

#endif
