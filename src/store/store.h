/*
 * store.h: durable facts, as a use case sees them. Exports: struct store, struct store_options,
 * struct unit, store_open/close/migrate, store_submit, store_run, store_read, store_now and the
 * functions of a transaction, tx_*.
 *
 * A *unit of work* is a function that decides and writes inside one transaction. It runs on a
 * committer thread, which takes the waiting units as one batch, keeps each apart, commits
 * once and only then releases the answers: an acknowledged unit is on disk. A unit sees what the
 * units before it in the batch did. Units with the same key never run at the same time, in this
 * process or in another one, so what a unit has loaded of its customer cannot change under it.
 *
 *     static enum status pay(struct tx *tx, void *context) {
 *         struct pay_request *request = context;
 *         struct moment moment;
 *         enum status status = tx_moment(tx, &moment);
 *         if (status == STATUS_OK)
 *             status = take_payment(tx, moment, &request->command, &request->answer, tx_fault(tx));
 *         if (status == STATUS_OK && request->answer.outcome != TAKE_PAYMENT_OK)
 *             tx_refuse(tx);
 *         return status;
 *     }
 *
 * A unit function may be called more than once: when the database rejects the batch, each unit is
 * run again alone. So it must set its whole answer each time and touch nothing outside the
 * transaction but its own context; everything else waits in tx_on_commit().
 *
 * Tables and statements are seen only inside src/store: other rooms call the aggregates
 * (store/setting.h, store/outbox.h, ...), one file each, which run prepared queries by
 * statement.h. A use case loads what it needs, decides in memory, saves; it does not mind whether
 * an aggregate writes at once or together with those of the rest of the batch.
 */
#ifndef FENQI_STORE_STORE_H
#define FENQI_STORE_STORE_H

#include "base/arena.h"
#include "base/day.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct tx;

/* STATUS_OK to keep the writes (unless tx_refuse() was called); anything else rolls them back. */
typedef enum status (*unit_function)(struct tx *tx, void *context);

/* Key of units that belong to no customer: settings, directories, imports. They run one by one. */
enum { STORE_NO_KEY = 0 };

/*
 * A submitted unit. Who fills what:
 *   run, context, key   the caller, before store_submit()
 *   background          the caller: nobody waits for this one, which goes behind those that do
 *   arena               the caller, or NULL: then the store lends one that lives until done
 * returns, to one of the background until it has run done, waiter        the caller; done is called
 * exactly once, on a committer thread: be quick, hand over to your own loop, do not call
 * store_run/store_read in it status, fault       the store: how the unit ended; fault has the
 * detail unless STATUS_OK refused             the store: tx_refuse() was called, so nothing was
 * written (status is OK) next                private to the store The unit belongs to the store
 * from store_submit() until done is called.
 */
struct unit {
    unit_function run;
    void *context;
    int64_t key; /* customer_id, or STORE_NO_KEY */
    bool background;
    struct arena *arena;
    void (*done)(struct unit *unit);
    void *waiter;
    enum status status;
    struct fault fault;
    bool refused;
    struct unit *next;
};

/*
 * What a store is made with. Zero or NULL means the value in brackets.
 * clock, entropy and their contexts are the process's only sources of time and randomness here;
 * tests and the demo's generator pass ones that repeat. They are called from any thread.
 */
struct store_options {
    const char *database;                   /* "sqlite:PATH", a plain path, or "postgres://..." */
    struct instant (*clock)(void *context); /* [the system's clock] */
    void *clock_context;
    void (*entropy)(void *context, void *buffer, size_t size); /* [libsodium's] */
    void *entropy_context;
    /* Told after each commit of every user whose event log grew; quick, thread-safe. May be NULL.
     */
    void (*event_told)(void *context, int64_t user_id);
    void *event_told_context;
    int32_t node;            /* of ids: 1..63, unlike in processes that share a database [drawn] */
    int32_t queue_limit;     /* units waiting per committer [4096] */
    int32_t batch_limit;     /* units committed together [64] */
    int32_t committer_count; /* PostgreSQL only; SQLite has one writer [2] */
    int32_t shard_count; /* PostgreSQL: of the distributed tables; a batch is of one shard [1] */
    int32_t busy_timeout_ms;  /* how long to wait for another process's write [10000] */
    int32_t log_frames;       /* SQLite: pages in the log from which it is copied away [8192] */
    int32_t query_timeout_ms; /* PostgreSQL: longest single statement [30000] */
    bool read_only;           /* no committers: only store_read() works, and nothing is migrated */
    bool pooled;   /* PostgreSQL behind PgBouncer's transaction pooling: no state of a session */
    bool unmapped; /* SQLite: read by calls; a run through the database does not hold all of it */
};

/*
 * Opens the database, connects a writer and starts the committers (neither when it is read only).
 * *store is NULL unless STATUS_OK. Errors: INVALID (not a database address), NOT_FOUND (folder of
 * the file), UNAVAILABLE (no server), DENIED, CORRUPT (not a database, or a damaged one), IO. It
 * does not migrate.
 */
enum status store_open(
    const struct store_options *options, struct store **store, struct fault *fault) FENQI_MUST_USE;

/*
 * Finishes every unit that was accepted, calls their done, then closes. New units are refused from
 * the moment this is called. NULL is allowed.
 */
void store_close(struct store *store);

/*
 * Brings the schema forward to this binary's, each migration in one transaction, recorded with its
 * checksum. Safe to call at every start and from several processes; store/migrations.h tells
 * beforehand what it would do. Errors: INVALID when the database is newer than the binary or an
 * applied migration differs from the binary's; else as store_open.
 */
enum status store_migrate(struct store *store, struct fault *fault) FENQI_MUST_USE;

/*
 * Queues a unit and returns at once. STATUS_OK: unit->done will be called, once. STATUS_FULL: the
 * queue is full, STATUS_UNAVAILABLE: the store is closing; in both cases nothing was queued and
 * done is not called.
 */
enum status store_submit(struct store *store, struct unit *unit) FENQI_MUST_USE;

/*
 * Submits and waits: for jobs, commands and tests, never on a loop or committer thread. Waits for
 * room when the queue is full. DENIED when the store is read only. `key` is as in struct unit;
 * `arena` is where tx_arena() allocates, so that what was read outlives the unit (NULL: it does
 * not). Gives the function's status, or what became of the commit.
 */
enum status store_run(struct store *store, int64_t key, struct arena *arena, unit_function run,
    void *context, struct fault *fault) FENQI_MUST_USE;

/*
 * Runs `run` on this thread over a read-only snapshot, on a connection of its own; never waits for
 * a write and sees everything acknowledged before. Writing in it gives STATUS_DENIED. `arena` as
 * for store_run().
 */
enum status store_read(struct store *store, struct arena *arena, unit_function run, void *context,
    struct fault *fault) FENQI_MUST_USE;

/* The clock that the store was opened with. */
struct instant store_now(struct store *store);

/* "sqlite" or "postgres". */
const char *store_driver_name(const struct store *store);

/* Counters since opening, for /metrics and tests. */
struct store_counters {
    int64_t units;           /* units finished, refused ones included */
    int64_t batches;         /* commits that carried them */
    int64_t retries;         /* units that had to run again alone */
    int64_t largest;         /* units in the largest batch */
    int64_t reconnects;      /* lost connections made anew */
    int64_t reads;           /* snapshots read */
    int64_t read_statements; /* statements run in them */
    int64_t statements;      /* started inside units */
    int64_t rounds;          /* round trips of batches whose units ran together */
};
struct store_counters store_counters(struct store *store);

/* ---- inside a unit ---- */

/* The unit's arena: what is put there lives as long as the answer needs it (see struct unit). */
struct arena *tx_arena(struct tx *tx);

/* Where the functions of the store put the detail of a failure of this transaction. Never NULL. */
struct fault *tx_fault(struct tx *tx);

/* The clock's reading. A use case is given its moment; only the edges ask for it here. */
struct instant tx_now(struct tx *tx);

/*
 * The moment for a use case: the clock and the business date stored in the setting of that name.
 * NOT_FOUND when no business date was ever set.
 */
enum status tx_moment(struct tx *tx, struct moment *moment) FENQI_MUST_USE;

/* A new time-ordered id, unlike any other of this process. */
int64_t tx_new_id(struct tx *tx, struct instant now);

/* Random bytes for tokens and keys. */
void tx_random(struct tx *tx, void *buffer, size_t size);

/* Marks the unit as refused: its writes will be rolled back, its answer is still given. */
void tx_refuse(struct tx *tx);

/*
 * After the commit, and only then, calls function(argument) on the committer thread, before the
 * unit's done, in the order registered. For waking workers and event streams.
 */
void tx_on_commit(struct tx *tx, void (*function)(void *argument), void *argument);

#endif
