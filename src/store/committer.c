/*
 * committer.c: many units, one commit. Exports committer_start/stop/submit and committer_of.
 *
 * The thread takes whatever is waiting as one batch, up to the limit; a lone unit is committed at
 * once. A unit that refuses or fails takes nothing with it: on PostgreSQL each holds its writes
 * back (together.h), on SQLite the batch is run again with a savepoint around each when one has
 * written and refuses, which few do; after the one commit the answers are released in order of
 * arrival. What the database rejects (a conflict, a commit that failed, a lost connection) is run
 * again, each unit alone in a transaction of its own, until it succeeds or has had its attempts.
 */
#include "store/batch.h"

#include "base/check.h"
#include "store/shard.h"
#include "store/together.h"
#include "store/tx.h"

#include <stdlib.h>
#include <time.h>

enum {
    CONFLICT_ATTEMPTS = 4,
    CONNECTION_ATTEMPTS = 6,
    RECONNECT_ATTEMPTS = 6,
    LENT_ARENA_BLOCK = 64 * 1024,
    SCRATCH_BLOCK = 1024 * 1024,
    CAREFUL_BATCHES = 16, /* after one that was spoilt */
    BACKGROUND_SHARE = 8,
    BACKGROUND_TOGETHER = 256, /* as many share their round trips where statements cost one */
    BACKGROUND_BESIDE = 16,    /* … so many while customers come */
    QUIET_US = 500000,         /* nobody has come for so long */
    BACKGROUND_MOST = 1024,    /* units of the background that share a commit */
    BACKGROUND_US = 30000,     /* for so long: another process may be waiting to write */
    BESIDE_US = 8000,          /* … beside customers: they wait for its commit */
    REST_US = 1500,
    GATHER_SHARE = 8, /* of what the last batch took */
    GATHER_MOST_US = 1000,
};

/* The units that share a commit. */
struct batch {
    struct attempt *attempts;
    size_t count, room;
    bool background; /* nobody waits for any of them */
    int64_t until_us;
    int64_t took_us; /* the last one */
};

static int64_t clock_us(void) {
    struct timespec now;
    check(clock_gettime(CLOCK_MONOTONIC, &now) == 0); /* clock: how long a batch takes */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Each owns a range of the hash by which a distributed database cuts its shards: whole shards. */
struct committer *committer_of(struct store *store, int64_t key) {
    return &store->committers[shard_of(key, store->committer_count)];
}

static void pause_ms(int64_t ms) {
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* How often a unit is run in all before this failure is its answer. */
static int attempts_for(const struct committer *committer, enum status status) {
    if (status == STATUS_CONFLICT)
        return CONFLICT_ATTEMPTS;
    if (status == STATUS_UNAVAILABLE && committer->store->driver->remote)
        return CONNECTION_ATTEMPTS;
    return 1;
}

static void settle(struct unit *unit, enum status status, const struct fault *fault) {
    unit->status = status;
    if (status != STATUS_OK) {
        unit->fault = *fault;
        unit->refused = false;
    }
}

void attempt_run(struct committer *committer, struct attempt *attempt, struct lane *lane,
    struct arena *scratch) {
    struct unit *unit = attempt->unit;
    struct arena *lent = unit->background ? scratch : committer->arena;
    struct tx tx;
    tx_start(&tx, committer->store, committer->connection, unit->arena != NULL ? unit->arena : lent,
        false);
    tx.lasting = unit->arena != NULL ? unit->arena : committer->arena;
    tx.lane = lane;
    unit->fault.text[0] = '\0';
    settle(unit, tx_call(&tx, unit->run, unit->context), &tx.fault);
    unit->refused = unit->status == STATUS_OK && tx.refused;
    attempt->hooks = unit->status == STATUS_OK && !unit->refused ? tx.hooks : NULL;
    attempt->wrote = tx.wrote;
    committer->statements += tx.statements;
    if (unit->background)
        arena_reset(scratch);
}

bool attempt_is_kept(const struct attempt *attempt) {
    return attempt->unit->status == STATUS_OK && !attempt->unit->refused;
}

static void release(struct committer *committer, struct attempt *attempt) {
    check(pthread_mutex_lock(&committer->lock) == 0);
    committer->counters.units++;
    check(pthread_mutex_unlock(&committer->lock) == 0);
    tx_release_hooks(attempt->hooks);
    struct unit *unit = attempt->unit;
    attempt->unit = NULL; /* from here on it is the caller's again, and may be gone */
    unit->done(unit);
}

static int compare_keys(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Begins, then locks the keys of the attempts in order. No transaction is open after a failure. */
static enum status begin(struct committer *committer, const struct attempt *attempts, size_t count,
    struct fault *fault) {
    const struct driver *driver = committer->store->driver;
    int64_t *keys = ARENA_ARRAY(committer->arena, count, int64_t);
    for (size_t i = 0; i < count; i++)
        keys[i] = attempts[i].unit->key;
    qsort(keys, count, sizeof *keys, compare_keys);
    size_t unlike = 0;
    for (size_t i = 0; i < count; i++)
        if (unlike == 0 || keys[unlike - 1] != keys[i])
            keys[unlike++] = keys[i];
    enum status status = driver->begin(committer->connection, fault);
    if (status != STATUS_OK)
        return status;
    status = driver->lock(committer->connection, keys, unlike, fault);
    if (status != STATUS_OK)
        driver->rollback(committer->connection);
    return status;
}

/* One whole transaction for one unit; its answer is settled, but may be worth another attempt. */
static void run_alone_once(struct committer *committer, struct attempt *attempt) {
    const struct driver *driver = committer->store->driver;
    struct fault fault = {.status = STATUS_OK};
    attempt->hooks = NULL;
    enum status status = begin(committer, attempt, 1, &fault);
    if (status == STATUS_OK) {
        attempt_run(committer, attempt, NULL, committer->scratch);
        if (!attempt_is_kept(attempt)) {
            driver->rollback(committer->connection);
            return;
        }
        status = driver->commit(committer->connection, &fault);
    }
    if (status != STATUS_OK) {
        attempt->hooks = NULL;
        settle(attempt->unit, status, &fault);
    }
}

/*
 * Makes a lost connection anew. The first time it is patient for some seconds; once the database is
 * known to be down it only knocks, so that what waits is told at once. False: still down.
 */
static bool recover(struct committer *committer) {
    struct fault ignored; /* each unit has its own, from what it was doing */
    int patience = committer->down ? 1 : RECONNECT_ATTEMPTS;
    for (int number = 0; number < patience; number++) {
        if (number > 0)
            pause_ms(INT64_C(50) << number);
        if (committer->store->driver->reconnect(committer->connection, &ignored) != STATUS_OK)
            continue;
        check(pthread_mutex_lock(&committer->lock) == 0);
        committer->counters.reconnects++;
        check(pthread_mutex_unlock(&committer->lock) == 0);
        committer->down = false;
        return true;
    }
    committer->down = true;
    return false;
}

/* Runs one unit until it has its answer, then releases it. `done_before`: attempts in the batch. */
static void run_alone(struct committer *committer, struct attempt *attempt, int done_before) {
    int number = done_before + 1;
    for (;; number++) {
        run_alone_once(committer, attempt);
        enum status status = attempt->unit->status;
        if (number >= attempts_for(committer, status))
            break;
        if (status == STATUS_UNAVAILABLE && (committer->down || !recover(committer)))
            break;
    }
    check(pthread_mutex_lock(&committer->lock) == 0);
    committer->counters.batches++;
    committer->counters.retries += number - 1;
    check(pthread_mutex_unlock(&committer->lock) == 0);
    release(committer, attempt);
}

/* ---- the queues ---- */

static void put(struct unit_queue *queue, struct unit *unit) {
    unit->next = NULL;
    *queue->end = unit;
    queue->end = &unit->next;
    queue->count++;
}

/* Takes out the unit that `place` points to. */
static struct unit *take_at(struct unit_queue *queue, struct unit **place) {
    struct unit *unit = *place;
    *place = unit->next;
    if (unit->next == NULL)
        queue->end = place;
    queue->count--;
    return unit;
}

/*
 * Whether a unit may stand beside the first of the batch: a transaction over several shards of a
 * distributed database is committed in two phases.
 */
static bool fits(
    const struct committer *committer, const struct batch *batch, const struct unit *unit) {
    int32_t shards = committer->store->options.shard_count;
    return shards <= 1 || batch->count == 0 ||
           shard_of(batch->attempts[0].unit->key, shards) == shard_of(unit->key, shards);
}

/* Takes from a queue into the batch, so many at most; what does not fit keeps its order. */
static void take_from(
    const struct committer *committer, struct unit_queue *queue, struct batch *batch, size_t most) {
    struct unit **place = &queue->first;
    while (*place != NULL && batch->count < batch->room && most > 0) {
        if (!fits(committer, batch, *place)) {
            place = &(*place)->next;
            continue;
        }
        batch->attempts[batch->count++] = (struct attempt){.unit = take_at(queue, place)};
        most--;
    }
}

/*
 * A moment in which another process may have the database: SQLite's lock is not fair, and a batch
 * of the background follows upon the other.
 */
static void rest(struct committer *committer) {
    struct timespec until;
    check(clock_gettime(CLOCK_REALTIME, &until) == 0); /* clock: how long to wait, nothing else */
    until.tv_nsec += REST_US * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (committer->waiting.first == NULL && !committer->closing &&
           pthread_cond_timedwait(&committer->arrived, &committer->lock, &until) == 0)
        continue;
}

/* Remembers when a customer was last waited for; what has no key is work of our own. */
static void note_customers(struct committer *committer, const struct batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        const struct unit *unit = batch->attempts[i].unit;
        if (!unit->background && unit->key != STORE_NO_KEY)
            committer->customers_at_us = clock_us();
    }
}

static bool is_quiet(const struct committer *committer) {
    return clock_us() - committer->customers_at_us > QUIET_US;
}

/*
 * Waits a little before the next batch, where a batch costs much by itself and the last one was
 * shared: whoever was just answered then comes along, in place of two half batches that take turns.
 * A lone client waits for nothing, nor does work of the background.
 */
static void gather(struct committer *committer, const struct batch *last) {
    size_t waiting = (size_t)committer->waiting.count;
    bool full = waiting >= (size_t)committer->store->options.batch_limit;
    bool lone = waiting == 0 || last->count <= 1;
    if (committer->together == NULL || lone || full || committer->closing)
        return;
    int64_t us = last->took_us / GATHER_SHARE;
    us = us < GATHER_MOST_US ? us : GATHER_MOST_US;
    check(pthread_mutex_unlock(&committer->lock) == 0);
    nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
    check(pthread_mutex_lock(&committer->lock) == 0);
}

/*
 * Waits for units and takes what is there; nothing when closing and nothing is left. Where somebody
 * waits for an answer, work of the background has a small part of the batch, so that the batch is
 * short and yet the work goes on.
 */
static void take(struct committer *committer, struct batch *batch) {
    struct unit_queue *waiting = &committer->waiting, *background = &committer->background;
    size_t limit = (size_t)committer->store->options.batch_limit;
    bool remote = committer->store->driver->remote;
    check(pthread_mutex_lock(&committer->lock) == 0);
    if (batch->background && batch->count > 0 && !remote)
        rest(committer);
    while (waiting->first == NULL && background->first == NULL && !committer->closing)
        check(pthread_cond_wait(&committer->arrived, &committer->lock) == 0);
    gather(committer, batch);
    batch->count = 0;
    take_from(committer, waiting, batch, limit);
    batch->background = batch->count == 0;
    note_customers(committer, batch);
    if (batch->background)
        take_from(committer, background, batch,
            !remote               ? BACKGROUND_SHARE
            : is_quiet(committer) ? BACKGROUND_TOGETHER
                                  : BACKGROUND_BESIDE); /* who comes waits for all of them */
    else if (batch->count + BACKGROUND_SHARE <= limit)
        take_from(committer, background, batch, BACKGROUND_SHARE);
    check(pthread_cond_broadcast(&committer->left) == 0);
    check(pthread_mutex_unlock(&committer->lock) == 0);
}

/*
 * A batch of the background goes on for a while, so that many units share a commit; whoever arrives
 * with somebody waiting is taken in at once, and then the batch ends.
 */
static void grow(struct committer *committer, struct batch *batch) {
    if (!batch->background)
        return;
    check(pthread_mutex_lock(&committer->lock) == 0);
    batch->background = committer->waiting.first == NULL;
    if (!batch->background)
        take_from(
            committer, &committer->waiting, batch, (size_t)committer->store->options.batch_limit);
    else if (clock_us() < batch->until_us)
        take_from(committer, &committer->background, batch, BACKGROUND_SHARE);
    check(pthread_mutex_unlock(&committer->lock) == 0);
    if (!batch->background)
        note_customers(committer, batch);
}

/* ---- a batch ---- */

enum ran {
    RAN_WELL,
    RAN_SPOILT, /* what a unit wrote that is not to be kept stands among the rest */
    RAN_LOST    /* the transaction as a whole is gone */
};

static enum ran run_bare(struct committer *committer, struct attempt *attempt) {
    attempt_run(committer, attempt, NULL, committer->scratch);
    if (!committer->store->driver->in_transaction(committer->connection))
        return RAN_LOST;
    return attempt->wrote && !attempt_is_kept(attempt) ? RAN_SPOILT : RAN_WELL;
}

static enum ran run_in_savepoint(
    struct committer *committer, struct attempt *attempt, struct fault *fault) {
    const struct driver *driver = committer->store->driver;
    struct connection *connection = committer->connection;
    if (driver->savepoint(connection, fault) != STATUS_OK)
        return RAN_LOST;
    if (run_bare(committer, attempt) == RAN_LOST)
        return RAN_LOST;
    enum status status = attempt_is_kept(attempt) ? driver->savepoint_keep(connection, fault)
                                                  : driver->savepoint_undo(connection, fault);
    return status == STATUS_OK ? RAN_WELL : RAN_LOST;
}

/*
 * Runs every unit. A savepoint makes the database copy each page before a unit changes it, so units
 * have none unless one of late was undone (`committer->careful`).
 */
static enum ran run_units(struct committer *committer, struct batch *batch, struct fault *fault) {
    struct attempt *attempts = batch->attempts;
    for (size_t i = 0; i < batch->count; i++) {
        enum ran ran = committer->careful > 0 ? run_in_savepoint(committer, &attempts[i], fault)
                                              : run_bare(committer, &attempts[i]);
        if (ran != RAN_WELL)
            return ran;
        attempts[i].again = attempts_for(committer, attempts[i].unit->status) > 1;
        if (i + 1 == batch->count)
            grow(committer, batch);
    }
    return RAN_WELL;
}

/* Gives all units of the batch one fate: another run each, alone, or this failure. */
static void share_fate(
    struct committer *committer, struct batch *batch, bool again, const struct fault *fault) {
    struct attempt *attempts = batch->attempts;
    if (fault->status == STATUS_UNAVAILABLE && again && !recover(committer))
        again = false;
    for (size_t i = 0; i < batch->count; i++) {
        attempts[i].hooks = NULL;
        attempts[i].again = again;
        if (!again)
            settle(attempts[i].unit, fault->status, fault);
    }
}

/* Begins a transaction and runs the batch in it; one that was spoilt is run once more, carefully.
 */
static enum ran begin_and_run(
    struct committer *committer, struct batch *batch, enum status *begun, struct fault *fault) {
    enum ran ran = RAN_LOST;
    committer->careful -= committer->careful > 0 ? 1 : 0;
    for (;;) {
        *begun = begin(committer, batch->attempts, batch->count, fault);
        if (*begun != STATUS_OK)
            return RAN_LOST;
        batch->until_us = clock_us() + (is_quiet(committer) ? BACKGROUND_US : BESIDE_US);
        ran = run_units(committer, batch, fault);
        if (ran == RAN_WELL)
            return ran;
        committer->store->driver->rollback(committer->connection);
        if (ran == RAN_LOST)
            return ran;
        committer->careful = CAREFUL_BATCHES;
    }
}

/*
 * One transaction for the whole batch. Afterwards every unit has its answer or is marked to be run
 * again. An answer that the batch gave rests on what the units before it did: when the batch falls,
 * it falls with it, refusals too.
 */
static void commit_batch(struct committer *committer, struct batch *batch) {
    const struct driver *driver = committer->store->driver;
    struct fault fault = {.status = STATUS_OK};
    enum status status;
    if (begin_and_run(committer, batch, &status, &fault) != RAN_WELL) {
        share_fate(
            committer, batch, status == STATUS_OK || attempts_for(committer, status) > 1, &fault);
        return;
    }
    status = driver->commit(committer->connection, &fault);
    if (status != STATUS_OK)
        share_fate(committer, batch, attempts_for(committer, status) > 1, &fault);
}

/*
 * The same with the units side by side. What made the batch fall is one unit's matter, so each is
 * run again alone, unless nobody knows whether the commit went through.
 */
static void commit_together(struct committer *committer, struct batch *batch) {
    struct fault fault = {.status = STATUS_OK};
    enum status status = together_run(committer->together, batch->attempts, batch->count, &fault);
    if (status != STATUS_OK) {
        share_fate(committer, batch, status != STATUS_TIMEOUT, &fault);
        return;
    }
    for (size_t i = 0; i < batch->count; i++)
        batch->attempts[i].again = attempts_for(committer, batch->attempts[i].unit->status) > 1;
}

/* Those whom somebody waits for first. */
static void release_all(struct committer *committer, const struct batch *batch) {
    for (int background = 0; background <= 1; background++)
        for (size_t i = 0; i < batch->count; i++) {
            struct attempt *attempt = &batch->attempts[i];
            if (attempt->unit != NULL && !attempt->again && attempt->unit->background == background)
                release(committer, attempt);
        }
}

static void run_batch(struct committer *committer, struct batch *batch) {
    if (committer->down)
        recover(committer);
    if (committer->together != NULL) {
        commit_together(committer, batch);
    } else if (batch->count > 1) {
        commit_batch(committer, batch);
    } else {
        run_alone(committer, &batch->attempts[0], 0);
        return;
    }
    check(pthread_mutex_lock(&committer->lock) == 0);
    committer->counters.batches++;
    if ((int64_t)batch->count > committer->counters.largest)
        committer->counters.largest = (int64_t)batch->count;
    check(pthread_mutex_unlock(&committer->lock) == 0);
    release_all(committer, batch);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->attempts[i].again)
            run_alone(committer, &batch->attempts[i], 1);
}

static void count_statements(struct committer *committer) {
    check(pthread_mutex_lock(&committer->lock) == 0);
    committer->counters.statements = committer->statements;
    committer->counters.rounds = committer->rounds;
    check(pthread_mutex_unlock(&committer->lock) == 0);
}

static void *committer_main(void *argument) {
    struct committer *committer = argument;
    pthread_setname_np(pthread_self(), "committer");
    struct batch batch = {.room = (size_t)committer->store->options.batch_limit + BACKGROUND_MOST};
    batch.attempts = calloc(batch.room, sizeof *batch.attempts);
    check(batch.attempts != NULL);
    for (;;) {
        take(committer, &batch);
        if (batch.count == 0)
            break;
        int64_t began = clock_us();
        run_batch(committer, &batch);
        batch.took_us = clock_us() - began;
        count_statements(committer);
        arena_reset(committer->arena);
    }
    free(batch.attempts);
    return NULL;
}

enum status committer_start(struct committer *committer, struct store *store, struct fault *fault) {
    committer->store = store;
    committer->waiting.end = &committer->waiting.first;
    committer->background.end = &committer->background.first;
    check(pthread_mutex_init(&committer->lock, NULL) == 0);
    check(pthread_cond_init(&committer->arrived, NULL) == 0);
    check(pthread_cond_init(&committer->left, NULL) == 0);
    committer->arena = arena_create(LENT_ARENA_BLOCK);
    committer->scratch = arena_create(SCRATCH_BLOCK);
    enum status status =
        store->driver->open(&store->driver_options, DRIVER_WRITER, &committer->connection, fault);
    if (status != STATUS_OK)
        return status;
    if (store->driver->exchange != NULL)
        committer->together =
            together_create(committer, (size_t)store->options.batch_limit + BACKGROUND_TOGETHER);
    check(pthread_create(&committer->thread, NULL, committer_main, committer) == 0);
    committer->started = true;
    return STATUS_OK;
}

void committer_stop(struct committer *committer) {
    if (committer->store == NULL)
        return; /* opening failed before its turn */
    check(pthread_mutex_lock(&committer->lock) == 0);
    committer->closing = true;
    check(pthread_cond_broadcast(&committer->arrived) == 0);
    check(pthread_cond_broadcast(&committer->left) == 0);
    check(pthread_mutex_unlock(&committer->lock) == 0);
    if (committer->started)
        check(pthread_join(committer->thread, NULL) == 0);
    together_destroy(committer->together);
    committer->store->driver->close(committer->connection);
    arena_destroy(committer->arena);
    arena_destroy(committer->scratch);
    pthread_cond_destroy(&committer->left);
    pthread_cond_destroy(&committer->arrived);
    pthread_mutex_destroy(&committer->lock);
}

enum status committer_submit(struct committer *committer, struct unit *unit, bool wait) {
    int32_t limit = committer->store->options.queue_limit;
    struct unit_queue *queue = unit->background ? &committer->background : &committer->waiting;
    enum status status = STATUS_OK;
    check(pthread_mutex_lock(&committer->lock) == 0);
    while (wait && queue->count >= limit && !committer->closing)
        check(pthread_cond_wait(&committer->left, &committer->lock) == 0);
    if (committer->closing) {
        status = STATUS_UNAVAILABLE;
    } else if (queue->count >= limit) {
        status = STATUS_FULL;
    } else {
        put(queue, unit);
        check(pthread_cond_signal(&committer->arrived) == 0);
    }
    check(pthread_mutex_unlock(&committer->lock) == 0);
    return status;
}
