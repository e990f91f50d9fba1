/* store.c: opening, closing, running and reading. Exports what store.h declares. */
#include "store/store_internal.h"

#include "base/check.h"
#include "store/tx.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { READ_ATTEMPTS = 3, LENT_ARENA_BLOCK = 16 * 1024 };

static struct instant system_clock(void *context) {
    (void)context;
    struct timespec time;
    check(clock_gettime(CLOCK_REALTIME, &time) == 0); /* clock: the default; main may pass one */
    return (struct instant){time.tv_sec * US_PER_SECOND + time.tv_nsec / 1000};
}

static void system_entropy(void *context, void *buffer, size_t size) {
    (void)context;
    randombytes_buf(buffer, size);
}

static int32_t or_else(int32_t value, int32_t otherwise) {
    check(value >= 0);
    return value == 0 ? otherwise : value;
}

/* A copy of the options in which every bracketed value of store.h stands in for zero and NULL. */
static struct store_options completed(const struct store_options *given) {
    struct store_options options = *given;
    if (options.clock == NULL)
        options.clock = system_clock;
    if (options.entropy == NULL)
        options.entropy = system_entropy;
    options.queue_limit = or_else(options.queue_limit, 4096);
    options.batch_limit = or_else(options.batch_limit, 64);
    options.committer_count = or_else(options.committer_count, 2);
    options.shard_count = or_else(options.shard_count, 1);
    options.busy_timeout_ms = or_else(options.busy_timeout_ms, 10000);
    options.log_frames = or_else(options.log_frames, 8192);
    options.query_timeout_ms = or_else(options.query_timeout_ms, 30000);
    return options;
}

const struct driver *driver_for(const char *database, const char **address, struct fault *fault) {
    static const char scheme[] = "sqlite:";
    *address = database;
    if (strncmp(database, "postgres://", 11) == 0 || strncmp(database, "postgresql://", 13) == 0)
        return &driver_postgres;
    if (strncmp(database, scheme, strlen(scheme)) == 0)
        *address = database + strlen(scheme);
    else if (strstr(database, "://") != NULL) {
        fault_set(fault, STATUS_INVALID, "database must be sqlite:PATH or postgres://...");
        return NULL;
    }
    if (**address != '\0')
        return &driver_sqlite;
    fault_set(fault, STATUS_INVALID, "database names no file");
    return NULL;
}

static enum status start_committers(struct store *store, struct fault *fault) {
    if (store->options.read_only)
        return STATUS_OK;
    store->committer_count = store->driver->remote ? store->options.committer_count : 1;
    store->committers = calloc((size_t)store->committer_count, sizeof *store->committers);
    check(store->committers != NULL);
    for (int32_t i = 0; i < store->committer_count; i++) {
        enum status status = committer_start(&store->committers[i], store, fault);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Unlike those of another process and of this one's earlier life, whatever the clock says. */
static struct id_source source_of_ids(const struct store_options *options) {
    uint8_t drawn[3];
    options->entropy(options->entropy_context, drawn, sizeof drawn);
    return (struct id_source){.node = options->node != 0 ? options->node : drawn[0] % ID_NODES,
        .start = (drawn[1] | drawn[2] << 8) % ID_STARTS};
}

enum status store_open(
    const struct store_options *options, struct store **out, struct fault *fault) {
    *out = NULL;
    check(sodium_init() >= 0);
    const char *address;
    const struct driver *driver = driver_for(options->database, &address, fault);
    if (driver == NULL)
        return STATUS_INVALID;
    struct store *store = calloc(1, sizeof *store);
    check(store != NULL);
    store->options = completed(options);
    store->driver = driver;
    store->database = strdup(address);
    check(store->database != NULL);
    store->options.database = store->database;
    store->driver_options = (struct driver_options){.address = store->database,
        .busy_timeout_ms = store->options.busy_timeout_ms,
        .log_frames = store->options.log_frames,
        .query_timeout_ms = store->options.query_timeout_ms,
        .pooled = store->options.pooled,
        .unmapped = store->options.unmapped};
    store->id_source = source_of_ids(&store->options);
    check(pthread_mutex_init(&store->id_lock, NULL) == 0);
    check(pthread_mutex_init(&store->reader_lock, NULL) == 0);
    enum status status = start_committers(store, fault);
    if (status != STATUS_OK)
        store_close(store);
    else
        *out = store;
    return status;
}

void store_close(struct store *store) {
    if (store == NULL)
        return;
    for (int32_t i = 0; i < store->committer_count; i++)
        committer_stop(&store->committers[i]);
    readers_close(store);
    pthread_mutex_destroy(&store->reader_lock);
    pthread_mutex_destroy(&store->id_lock);
    free(store->committers);
    free(store->database);
    free(store);
}

enum status store_submit(struct store *store, struct unit *unit) {
    check(unit->run != NULL && unit->done != NULL);
    if (store->options.read_only)
        return STATUS_UNAVAILABLE;
    return committer_submit(committer_of(store, unit->key), unit, false);
}

/* What store_run() sleeps on. */
struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
};

static void wake(struct unit *unit) {
    struct waiter *waiter = unit->waiter;
    check(pthread_mutex_lock(&waiter->lock) == 0);
    waiter->done = true;
    check(pthread_cond_signal(&waiter->answered) == 0);
    check(pthread_mutex_unlock(&waiter->lock) == 0);
}

enum status store_run(struct store *store, int64_t key, struct arena *arena, unit_function run,
    void *context, struct fault *fault) {
    struct waiter waiter = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    struct unit unit = {.run = run,
        .context = context,
        .key = key,
        .arena = arena,
        .done = wake,
        .waiter = &waiter};
    if (store->options.read_only)
        return fault_set(fault, STATUS_DENIED, "the database was opened to be read only");
    if (committer_submit(committer_of(store, key), &unit, true) != STATUS_OK)
        return fault_set(fault, STATUS_UNAVAILABLE, "the store is closing");
    check(pthread_mutex_lock(&waiter.lock) == 0);
    while (!waiter.done)
        check(pthread_cond_wait(&waiter.answered, &waiter.lock) == 0);
    check(pthread_mutex_unlock(&waiter.lock) == 0);
    if (unit.status != STATUS_OK && fault != NULL)
        *fault = unit.fault;
    return unit.status;
}

/* An idle reader, or a new one. */
static enum status borrow_reader(struct store *store, struct reader **out, struct fault *fault) {
    check(pthread_mutex_lock(&store->reader_lock) == 0);
    struct reader *reader = store->idle_readers;
    if (reader != NULL)
        store->idle_readers = reader->next;
    store->busy_readers++;
    check(pthread_mutex_unlock(&store->reader_lock) == 0);
    *out = reader;
    if (reader != NULL)
        return STATUS_OK;
    *out = reader = calloc(1, sizeof *reader);
    check(reader != NULL);
    return store->driver->open(&store->driver_options, DRIVER_READER, &reader->connection, fault);
}

/* Puts the reader back, the last one used on top; one that has no connection is dropped. */
static void return_reader(struct store *store, struct reader *reader) {
    check(pthread_mutex_lock(&store->reader_lock) == 0);
    store->busy_readers--;
    if (reader->connection != NULL) {
        reader->next = store->idle_readers;
        store->idle_readers = reader;
        reader = NULL;
    }
    check(pthread_mutex_unlock(&store->reader_lock) == 0);
    free(reader);
}

void readers_close(struct store *store) {
    check(store->busy_readers == 0);
    while (store->idle_readers != NULL) {
        struct reader *reader = store->idle_readers;
        store->idle_readers = reader->next;
        store->driver->close(reader->connection);
        free(reader);
    }
}

static enum status read_once(struct store *store, struct connection *connection,
    struct arena *arena, unit_function run, void *context, struct fault *fault) {
    struct tx tx;
    tx_start(&tx, store, connection, arena, true);
    enum status status = store->driver->begin(connection, &tx.fault);
    if (status == STATUS_OK) {
        status = tx_call(&tx, run, context);
        store->driver->rollback(connection);
    }
    atomic_fetch_add(&store->reads, 1);
    atomic_fetch_add(&store->read_statements, tx.statements);
    if (status != STATUS_OK && fault != NULL)
        *fault = tx.fault;
    return status;
}

enum status store_read(struct store *store, struct arena *arena, unit_function run, void *context,
    struct fault *fault) {
    FENQI_ARENA own = arena == NULL ? arena_create(LENT_ARENA_BLOCK) : NULL;
    struct reader *reader;
    enum status status = borrow_reader(store, &reader, fault);
    for (int number = 1; status == STATUS_OK; number++) {
        status =
            read_once(store, reader->connection, arena == NULL ? own : arena, run, context, fault);
        if (status != STATUS_UNAVAILABLE || !store->driver->remote || number == READ_ATTEMPTS)
            break;
        status = store->driver->reconnect(reader->connection, fault);
    }
    return_reader(store, reader);
    return status;
}

struct instant store_now(struct store *store) {
    return store->options.clock(store->options.clock_context);
}

const char *store_driver_name(const struct store *store) {
    return store->driver->name;
}

struct store_counters store_counters(struct store *store) {
    struct store_counters sum = {.reads = atomic_load(&store->reads),
        .read_statements = atomic_load(&store->read_statements)};
    for (int32_t i = 0; i < store->committer_count; i++) {
        struct committer *committer = &store->committers[i];
        check(pthread_mutex_lock(&committer->lock) == 0);
        sum.units += committer->counters.units;
        sum.batches += committer->counters.batches;
        sum.retries += committer->counters.retries;
        sum.reconnects += committer->counters.reconnects;
        sum.statements += committer->counters.statements;
        sum.rounds += committer->counters.rounds;
        if (committer->counters.largest > sum.largest)
            sum.largest = committer->counters.largest;
        check(pthread_mutex_unlock(&committer->lock) == 0);
    }
    return sum;
}
