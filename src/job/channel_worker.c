/* channel_worker.c: performs what the outbox holds for payment channels. See channel_worker.h. */
#include "job/channel_worker.h"

#include "base/check.h"
#include "service/bell.h"
#include "service/channel_task.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    THREADS = 4,
    THREADS_MAX = 64,
    BATCH = 2,
    LEASE_S = 60, /* longer than a batch of exchanges that all time out */
    LOOK_EVERY_MS = 1000,
    REFRESH_EVERY_S = 6 * 3600,
    ARENA_BLOCK = 64 * 1024,
};

struct channel_worker {
    struct channel_worker_options options;
    atomic_bool stopping;
    atomic_llong refreshed_at_s;
    int32_t thread_count;
    pthread_t threads[THREADS_MAX];
};

struct take {
    struct instant now;
    int32_t lease_s;
    struct outbox_batch batch;
};

static enum status take_unit(struct tx *tx, void *context) {
    struct take *take = context;
    return outbox_take(tx, OUTBOX_CHANNEL, tx_now(tx), take->lease_s, BATCH, &take->batch);
}

static enum status release_unit(struct tx *tx, void *context) {
    (void)context;
    return outbox_release(tx, OUTBOX_CHANNEL, tx_now(tx), LEASE_S);
}

/* One item on its way through. */
struct errand {
    const struct channel_worker *worker;
    const struct outbox_item *item;
    struct channel_task task;
    struct channel_answer answer;
};

static enum status prepare_unit(struct tx *tx, void *context) {
    struct errand *errand = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status == STATUS_OK ? prepare_channel_task(tx, moment, errand->worker->options.vault,
                                     errand->item, &errand->task)
                               : status;
}

static enum status finish_unit(struct tx *tx, void *context) {
    struct errand *errand = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status == STATUS_OK ? finish_channel_task(tx, moment, errand->worker->options.vault,
                                     errand->item, &errand->task, &errand->answer)
                               : status;
}

static bool is_question(enum channel_operation operation) {
    return operation == CHANNEL_QUERY || operation == CHANNEL_REFUND_QUERY ||
           operation == CHANNEL_BIND_QUERY;
}

/*
 * A request that could not even be made (no such channel here, wrong mode) moved nothing: a
 * question stays unanswered, anything else has failed for good.
 */
static struct channel_answer unmade(enum channel_operation operation) {
    struct channel_answer answer = {
        .state = is_question(operation) ? CHANNEL_UNKNOWN : CHANNEL_FAILED,
        .failure = is_question(operation) ? CHANNEL_FAILURE_NONE : CHANNEL_FAILURE_GATEWAY,
        .provider_code = "",
        .provider_text = "no channel for this",
        .reason_zh = "",
        .reason_en = "",
        .action_url = "",
        .transaction_id = "",
        .bind_ref = "",
        .protocol_no = "",
        .bank_code = "",
    };
    return answer;
}

static void ask_channel(struct errand *errand, struct arena *arena) {
    const struct channel_worker_options *options = &errand->worker->options;
    struct fault fault = {0};
    struct instant now = store_now(options->store);
    if (errand->task.close_first) {
        /* Whatever this answers, the question after it decides. */
        struct channel_request closing = errand->task.request;
        closing.operation = CHANNEL_CLOSE;
        struct channel_answer ignored;
        if (channel_perform(options->channels, arena, &closing, now, &ignored, &fault) != STATUS_OK)
            worker_say(&options->log, "channel_close", fault.text);
    }
    if (channel_perform(options->channels, arena, &errand->task.request, now, &errand->answer,
            &fault) != STATUS_OK) {
        worker_say(&options->log, "channel_unmade", fault.text);
        errand->answer = unmade(errand->task.request.operation);
    }
    if (errand->answer.state == CHANNEL_UNKNOWN)
        worker_say(&options->log, "channel_unknown", errand->answer.provider_text);
}

static void run_errand(struct channel_worker *worker, const struct outbox_item *item) {
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    struct errand *errand = ARENA_NEW(arena, struct errand);
    errand->worker = worker;
    errand->item = item;
    struct fault fault = {0};
    enum status status =
        store_run(worker->options.store, item->customer_id, arena, prepare_unit, errand, &fault);
    if (status == STATUS_OK && errand->task.needed) {
        ask_channel(errand, arena);
        status =
            store_run(worker->options.store, item->customer_id, arena, finish_unit, errand, &fault);
    }
    /* The lease ends by itself and the item is tried again. */
    if (status != STATUS_OK)
        worker_say(&worker->options.log, "channel_task_failed", fault.text);
}

/* Every few hours one of the threads fetches what providers rotate. */
static void refresh(struct channel_worker *worker, struct arena *arena) {
    struct instant now = store_now(worker->options.store);
    long long now_s = now.us / US_PER_SECOND;
    long long last_s = atomic_load(&worker->refreshed_at_s);
    if (now_s - last_s < REFRESH_EVERY_S ||
        !atomic_compare_exchange_strong(&worker->refreshed_at_s, &last_s, now_s))
        return;
    channels_refresh(worker->options.channels, arena, now);
}

static enum status next_unit(struct tx *tx, void *context) {
    return outbox_next_due(tx, OUTBOX_CHANNEL, context);
}

/* How long until the next item is due: 0 now, LOOK_EVERY_MS at most. Reads only: an idle worker
 * writes nothing. */
static int32_t wait_ms(struct channel_worker *worker, struct arena *arena) {
    struct instant next = {0};
    struct fault fault = {0};
    if (store_read(worker->options.store, arena, next_unit, &next, &fault) != STATUS_OK) {
        worker_say(&worker->options.log, "outbox_unreadable", fault.text);
        return LOOK_EVERY_MS;
    }
    int64_t ms = (next.us - store_now(worker->options.store).us + 999) / 1000;
    if (next.us == 0 || ms > LOOK_EVERY_MS)
        return LOOK_EVERY_MS;
    return ms > 0 ? (int32_t)ms : 0;
}

static void *work(void *context) {
    struct channel_worker *worker = context;
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    uint64_t seen = 0;
    while (!atomic_load(&worker->stopping)) {
        arena_reset(arena);
        refresh(worker, arena);
        int32_t ms = wait_ms(worker, arena);
        if (ms > 0) {
            bell_wait(BELL_CHANNEL, &seen, ms);
            continue;
        }
        struct take take = {.lease_s = worker->options.lease_s};
        struct fault fault = {0};
        if (store_run(worker->options.store, STORE_NO_KEY, arena, take_unit, &take, &fault) !=
            STATUS_OK) {
            worker_say(&worker->options.log, "outbox_take_failed", fault.text);
            bell_wait(BELL_CHANNEL, &seen, LOOK_EVERY_MS);
            continue;
        }
        for (size_t i = 0; i < take.batch.count && !atomic_load(&worker->stopping); i++)
            run_errand(worker, &take.batch.items[i]);
    }
    return NULL;
}

struct channel_worker *channel_worker_start(const struct channel_worker_options *options) {
    struct channel_worker *worker = calloc(1, sizeof *worker);
    check(worker);
    worker->options = *options;
    worker->thread_count = options->thread_count ? options->thread_count : THREADS;
    if (worker->options.lease_s == 0)
        worker->options.lease_s = LEASE_S;
    check(worker->thread_count > 0 && worker->thread_count <= THREADS_MAX);
    struct fault fault = {0};
    if (!options->shared &&
        store_run(options->store, STORE_NO_KEY, NULL, release_unit, NULL, &fault) != STATUS_OK)
        worker_say(&options->log, "outbox_release_failed", fault.text);
    for (int32_t i = 0; i < worker->thread_count; i++)
        check(pthread_create(&worker->threads[i], NULL, work, worker) == 0);
    return worker;
}

void channel_worker_stop(struct channel_worker *worker) {
    if (!worker)
        return;
    atomic_store(&worker->stopping, true);
    bell_ring(BELL_CHANNEL);
    for (int32_t i = 0; i < worker->thread_count; i++)
        pthread_join(worker->threads[i], NULL);
    free(worker);
}
