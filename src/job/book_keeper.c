/* book_keeper.c: what is done to the books behind everybody's back. See book_keeper.h. */
#include "job/book_keeper.h"

#include "base/check.h"
#include "service/forget_events.h"
#include "service/seal_day.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SEAL_EVERY_S = 60,
    ROUNDS_A_DAY = 24 * 60,
    PAUSE_MS = 20,
    ARENA_BLOCK = 256 * 1024,
};

/* ---- sealing ---- */

static enum status plan_unit(struct tx *tx, void *context) {
    return plan_seals(tx, context);
}

static enum status horizon_unit(struct tx *tx, void *context) {
    return commit_horizon(tx, context);
}

/* Waits until whoever had begun when the plan was made has ended. */
static enum status wait_for_writers(
    struct store *store, const struct seal_plan *plan, int32_t wait_ms, struct fault *fault) {
    for (int32_t waited = 0;; waited += PAUSE_MS) {
        int64_t horizon;
        enum status status = store_read(store, NULL, horizon_unit, &horizon, fault);
        if (status != STATUS_OK || horizon >= plan->number)
            return status;
        if (waited >= wait_ms)
            return fault_set(fault, STATUS_UNAVAILABLE, "a transaction of the day is still open");
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
}

static enum status grow_unit(struct tx *tx, void *context) {
    return grow_day_tree(tx, context);
}

struct sealing {
    const struct vault *vault;
    struct day_tree tree;
    uint8_t previous[SHA256_SIZE], digest[SHA256_SIZE];
};

static enum status seal_unit(struct tx *tx, void *context) {
    struct sealing *sealing = context;
    return seal_day(tx, sealing->vault, &sealing->tree, sealing->previous, sealing->digest);
}

static enum status seal_one(struct store *store, struct sealing *sealing, struct fault *fault) {
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !sealing->tree.done) {
        arena_reset(arena);
        status = store_read(store, arena, grow_unit, &sealing->tree, fault);
    }
    return status == STATUS_OK ? store_run(store, STORE_NO_KEY, NULL, seal_unit, sealing, fault)
                               : status;
}

enum status seal_closed_days(struct store *store, const struct vault *vault, int32_t wait_ms,
    int64_t *sealed, struct fault *fault) {
    struct seal_plan plan;
    *sealed = 0;
    enum status status = store_run(store, STORE_NO_KEY, NULL, plan_unit, &plan, fault);
    if (status != STATUS_OK || day_compare(plan.from, plan.before) >= 0)
        return status;
    status = wait_for_writers(store, &plan, wait_ms, fault);
    struct sealing sealing = {.vault = vault};
    memcpy(sealing.previous, plan.previous, SHA256_SIZE);
    for (struct day day = plan.from; status == STATUS_OK && day_compare(day, plan.before) < 0;
         day = day_add(day, 1)) {
        sealing.tree = (struct day_tree){.day = day};
        status = seal_one(store, &sealing, fault);
        memcpy(sealing.previous, sealing.digest, SHA256_SIZE);
        *sealed += status == STATUS_OK;
    }
    return status;
}

/* ---- forgetting ---- */

struct forgetting {
    struct instant now;
    struct forget_place place;
};

static enum status look_unit(struct tx *tx, void *context) {
    struct forgetting *forgetting = context;
    return plan_forgetting(tx, forgetting->now, &forgetting->place);
}

static enum status forget_unit(struct tx *tx, void *context) {
    return forget_events(tx, &((struct forgetting *)context)->place);
}

enum status forget_old_events(
    struct store *store, bool (*go_on)(void *context), void *context, struct fault *fault) {
    struct forgetting *forgetting = calloc(1, sizeof *forgetting);
    check(forgetting != NULL);
    forgetting->now = store_now(store);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !forgetting->place.done) {
        status = store_read(store, NULL, look_unit, forgetting, fault);
        if (status == STATUS_OK && forgetting->place.count > 0)
            status = store_run(store, STORE_NO_KEY, NULL, forget_unit, forgetting, fault);
        if (go_on != NULL && !go_on(context))
            break;
    }
    free(forgetting);
    return status;
}

/* ---- the thread ---- */

struct book_keeper {
    struct store *store;
    const struct vault *vault;
    struct worker_log log;
    bool stopping; /* under the lock */
    pthread_mutex_t lock;
    pthread_cond_t woken;
    pthread_t thread;
};

/* Waits, or until the keeper is to stop; false then. */
static bool wait_ms(struct book_keeper *keeper, int64_t ms) {
    struct timespec until;
    check(clock_gettime(CLOCK_REALTIME, &until) == 0);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    check(pthread_mutex_lock(&keeper->lock) == 0);
    int waited = 0;
    while (!keeper->stopping && waited == 0)
        waited = pthread_cond_timedwait(&keeper->woken, &keeper->lock, &until);
    bool on = !keeper->stopping;
    check(pthread_mutex_unlock(&keeper->lock) == 0);
    return on;
}

static bool pause_between(void *context) {
    return wait_ms(context, PAUSE_MS);
}

static void *work(void *context) {
    struct book_keeper *keeper = context;
    int64_t round = 0, sealed;
    do {
        struct fault fault = {0};
        if (seal_closed_days(keeper->store, keeper->vault, SEAL_WAIT_MS, &sealed, &fault) !=
            STATUS_OK)
            worker_say(&keeper->log, "seal_failed", fault.text);
        if (round++ % ROUNDS_A_DAY == 0 &&
            forget_old_events(keeper->store, pause_between, keeper, &fault) != STATUS_OK)
            worker_say(&keeper->log, "forget_events_failed", fault.text);
    } while (wait_ms(keeper, SEAL_EVERY_S * INT64_C(1000)));
    return NULL;
}

struct book_keeper *book_keeper_start(
    struct store *store, const struct vault *vault, struct worker_log log) {
    struct book_keeper *keeper = calloc(1, sizeof *keeper);
    check(keeper);
    keeper->store = store;
    keeper->vault = vault;
    keeper->log = log;
    check(pthread_mutex_init(&keeper->lock, NULL) == 0);
    check(pthread_cond_init(&keeper->woken, NULL) == 0);
    check(pthread_create(&keeper->thread, NULL, work, keeper) == 0);
    return keeper;
}

void book_keeper_stop(struct book_keeper *keeper) {
    if (!keeper)
        return;
    check(pthread_mutex_lock(&keeper->lock) == 0);
    keeper->stopping = true;
    check(pthread_cond_broadcast(&keeper->woken) == 0);
    check(pthread_mutex_unlock(&keeper->lock) == 0);
    check(pthread_join(keeper->thread, NULL) == 0);
    pthread_cond_destroy(&keeper->woken);
    pthread_mutex_destroy(&keeper->lock);
    free(keeper);
}
