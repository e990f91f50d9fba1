/* day_end_scheduler.c: runs the day-ends that staff ask for. See day_end.h. */
#include "job/day_end.h"

#include "base/check.h"
#include "service/bell.h"
#include "service/request_day_end.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LOOK_EVERY_MS = 2000 };

struct day_end_scheduler {
    struct store *store;
    enum channel_mode mode;
    struct worker_log log;
    atomic_bool stopping;
    pthread_t thread;
};

static enum status requested_unit(struct tx *tx, void *context) {
    return requested_day_end(tx, context);
}

static enum status clear_unit(struct tx *tx, void *context) {
    const struct day *day = context;
    return clear_day_end_request(tx, *day);
}

static enum status fulfil_unit(struct tx *tx, void *context) {
    const struct day *day = context;
    return fulfil_day_end_request(tx, *day);
}

static bool go_on(void *context, const struct day_end_progress *progress) {
    (void)progress;
    struct day_end_scheduler *scheduler = context;
    return !atomic_load(&scheduler->stopping);
}

static void run_requested(struct day_end_scheduler *scheduler) {
    struct day day = DAY_NONE;
    struct fault fault = {0};
    if (store_read(scheduler->store, NULL, requested_unit, &day, &fault) != STATUS_OK ||
        day_is_none(day))
        return;
    struct day_end_options options = {.store = scheduler->store,
        .mode = scheduler->mode,
        .requested = true,
        .progress = go_on,
        .context = scheduler};
    enum status status = day_end_run(&options, day, &fault);
    worker_say(
        &scheduler->log, status == STATUS_OK ? "day_end_done" : "day_end_failed", fault.text);
    /* Stopped with the process: the wish stays and the next start goes on. */
    if (atomic_load(&scheduler->stopping))
        return;
    unit_function end = status == STATUS_OK ? fulfil_unit : clear_unit;
    if (store_run(scheduler->store, STORE_NO_KEY, NULL, end, &day, &fault) != STATUS_OK)
        worker_say(&scheduler->log, "day_end_request_stays", fault.text);
}

static void *work(void *context) {
    struct day_end_scheduler *scheduler = context;
    uint64_t seen = 0;
    while (!atomic_load(&scheduler->stopping)) {
        run_requested(scheduler);
        bell_wait(BELL_DAY_END, &seen, LOOK_EVERY_MS);
    }
    return NULL;
}

struct day_end_scheduler *day_end_scheduler_start(
    struct store *store, enum channel_mode mode, struct worker_log log) {
    struct day_end_scheduler *scheduler = calloc(1, sizeof *scheduler);
    check(scheduler);
    scheduler->store = store;
    scheduler->mode = mode;
    scheduler->log = log;
    check(pthread_create(&scheduler->thread, NULL, work, scheduler) == 0);
    return scheduler;
}

void day_end_scheduler_stop(struct day_end_scheduler *scheduler) {
    if (!scheduler)
        return;
    atomic_store(&scheduler->stopping, true);
    bell_ring(BELL_DAY_END);
    pthread_join(scheduler->thread, NULL);
    free(scheduler);
}
