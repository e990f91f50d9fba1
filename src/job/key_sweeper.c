/* key_sweeper.c: forgets old idempotency keys. See key_sweeper.h. */
#include "job/key_sweeper.h"

#include "base/check.h"
#include "store/idempotency.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { PIECE = 500, EVERY_S = 3600, PAUSE_MS = 20, ARENA_BLOCK = 64 * 1024 };

struct key_sweeper {
    struct store *store;
    struct worker_log log;
    bool stopping; /* under the lock */
    pthread_mutex_t lock;
    pthread_cond_t woken;
    pthread_t thread;
};

/* A stretch of keys in their order. */
struct stretch {
    struct idempotency_place after, last;
    struct instant before;
    int32_t piece, count, old;
    int64_t deleted;
};

static enum status look_unit(struct tx *tx, void *context) {
    struct stretch *stretch = context;
    stretch->last = stretch->after;
    return idempotency_walk(
        tx, &stretch->last, stretch->before, stretch->piece, &stretch->count, &stretch->old);
}

static enum status forget_unit(struct tx *tx, void *context) {
    struct stretch *stretch = context;
    return idempotency_forget(
        tx, &stretch->after, &stretch->last, stretch->before, &stretch->deleted);
}

enum status sweep_idempotency_keys(struct store *store, struct instant now, int32_t piece,
    bool (*go_on)(void *context), void *context, int64_t *forgotten, struct fault *fault) {
    /* two arenas by turns: the place where one piece ends is where the next begins */
    struct arena *arenas[] = {arena_create(ARENA_BLOCK), arena_create(ARENA_BLOCK)};
    struct stretch stretch = {
        .after = {0, 0, ""}, .before = instant_add_seconds(now, -IDEMPOTENCY_KEPT_S)};
    stretch.piece = piece;
    *forgotten = 0;
    enum status status = STATUS_OK;
    for (int turn = 0; status == STATUS_OK; turn = !turn) {
        arena_reset(arenas[turn]);
        status = store_read(store, arenas[turn], look_unit, &stretch, fault);
        if (status != STATUS_OK || stretch.count == 0)
            break;
        stretch.deleted = 0;
        if (stretch.old > 0)
            status = store_run(store, STORE_NO_KEY, NULL, forget_unit, &stretch, fault);
        *forgotten += stretch.deleted;
        stretch.after = stretch.last;
        if (go_on != NULL && !go_on(context))
            break;
    }
    arena_destroy(arenas[0]);
    arena_destroy(arenas[1]);
    return status;
}

/* Waits, or until the sweeper is to stop; false then. */
static bool wait_ms(struct key_sweeper *sweeper, int64_t ms) {
    struct timespec until;
    check(clock_gettime(CLOCK_REALTIME, &until) == 0);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    check(pthread_mutex_lock(&sweeper->lock) == 0);
    int waited = 0;
    while (!sweeper->stopping && waited == 0)
        waited = pthread_cond_timedwait(&sweeper->woken, &sweeper->lock, &until);
    bool on = !sweeper->stopping;
    check(pthread_mutex_unlock(&sweeper->lock) == 0);
    return on;
}

static bool pause_between(void *context) {
    return wait_ms(context, PAUSE_MS);
}

static void *work(void *context) {
    struct key_sweeper *sweeper = context;
    do {
        struct fault fault = {0};
        int64_t forgotten;
        if (sweep_idempotency_keys(sweeper->store, store_now(sweeper->store), PIECE, pause_between,
                sweeper, &forgotten, &fault) != STATUS_OK)
            worker_say(&sweeper->log, "key_sweep_failed", fault.text);
    } while (wait_ms(sweeper, EVERY_S * INT64_C(1000)));
    return NULL;
}

struct key_sweeper *key_sweeper_start(struct store *store, struct worker_log log) {
    struct key_sweeper *sweeper = calloc(1, sizeof *sweeper);
    check(sweeper);
    sweeper->store = store;
    sweeper->log = log;
    check(pthread_mutex_init(&sweeper->lock, NULL) == 0);
    check(pthread_cond_init(&sweeper->woken, NULL) == 0);
    check(pthread_create(&sweeper->thread, NULL, work, sweeper) == 0);
    return sweeper;
}

void key_sweeper_stop(struct key_sweeper *sweeper) {
    if (!sweeper)
        return;
    check(pthread_mutex_lock(&sweeper->lock) == 0);
    sweeper->stopping = true;
    check(pthread_cond_broadcast(&sweeper->woken) == 0);
    check(pthread_mutex_unlock(&sweeper->lock) == 0);
    check(pthread_join(sweeper->thread, NULL) == 0);
    pthread_cond_destroy(&sweeper->woken);
    pthread_mutex_destroy(&sweeper->lock);
    free(sweeper);
}
