/* verifier.c: reads all customers, range by range, on several threads. See verifier.h. */
#include "job/verifier.h"

#include "base/check.h"
#include "service/verify_roots.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    CUSTOMERS_A_RANGE = 400,
    ARENA_BLOCK = 1 << 20,
    THREADS_MOST = 64,
    PROGRESS_MS = 250,
};

struct verifier {
    const struct verifier_options *options;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t ended;
    int64_t after; /* customers up to this one are taken */
    bool exhausted;
    const struct sealed_days *days;
    size_t next_day;
    struct books_report report;
    struct verifier_progress progress;
    int32_t running;
    bool stopping;
    enum status status; /* the first failure */
    struct fault fault;
};

struct worker {
    struct verifier *verifier;
    pthread_t thread;
    struct arena *arena;
    struct books_page page;
    bool has_range;
    struct customer_range range;
    struct day_tree tree;
    const struct merkle_root *row;
};

static void lock(struct verifier *verifier) {
    check(pthread_mutex_lock(&verifier->lock) == 0);
}

static void unlock(struct verifier *verifier) {
    check(pthread_mutex_unlock(&verifier->lock) == 0);
}

/* ---- what one thread does ---- */

static bool go_on(struct verifier *verifier) {
    lock(verifier);
    bool stopping = verifier->stopping;
    unlock(verifier);
    return !stopping;
}

/* Adds what a page came to, and tells it. */
static void tell(struct worker *worker, enum status status, const struct fault *fault) {
    struct verifier *verifier = worker->verifier;
    lock(verifier);
    if (status == STATUS_OK) {
        books_report_add(&verifier->report, &worker->page.report);
        verifier->progress.differences = verifier->report.differences;
        for (const struct difference *at = worker->page.first; at != NULL; at = at->next)
            verifier->options->difference(verifier->options->context, at->text);
    } else if (verifier->status == STATUS_OK) {
        verifier->status = status;
        verifier->fault = *fault;
    }
    verifier->stopping = verifier->stopping || status != STATUS_OK;
    unlock(verifier);
}

/* The next range nobody has; false when there is none. A snapshot read again keeps its range. */
static enum status take_range(struct tx *tx, struct worker *worker) {
    struct verifier *verifier = worker->verifier;
    enum status status = STATUS_OK;
    if (worker->has_range)
        return STATUS_OK;
    lock(verifier);
    if (!verifier->exhausted) {
        status = customer_range_next(tx, verifier->after, CUSTOMERS_A_RANGE, &worker->range);
        worker->has_range = status == STATUS_OK;
    }
    if (worker->has_range) {
        verifier->after = worker->range.last;
        verifier->exhausted = worker->range.last == INT64_MAX;
    }
    unlock(verifier);
    return status;
}

static enum status range_unit(struct tx *tx, void *context) {
    struct worker *worker = context;
    enum status status = take_range(tx, worker);
    if (status != STATUS_OK || !worker->has_range)
        return status;
    return verify_customers(tx, worker->range, worker->verifier->options->scope, &worker->page);
}

static enum status mend_unit(struct tx *tx, void *context) {
    return mend_derived(tx, *(const struct derived_key *)context);
}

/* Each differing contract in a unit of its customer: a server may be running beside. */
static enum status mend(struct worker *worker, struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < worker->page.differing_count; i++) {
        struct derived_key *key = &worker->page.differing[i];
        status = store_run(
            worker->verifier->options->store, key->customer_id, NULL, mend_unit, key, fault);
    }
    return status;
}

/* False when all ranges are taken. */
static bool verify_range(struct worker *worker) {
    struct verifier *verifier = worker->verifier;
    struct fault fault = {0};
    worker->has_range = false;
    worker->page = (struct books_page){0};
    arena_reset(worker->arena);
    enum status status =
        store_read(verifier->options->store, worker->arena, range_unit, worker, &fault);
    if (status == STATUS_OK && verifier->options->mend)
        status = mend(worker, &fault);
    tell(worker, status, &fault);
    if (!worker->has_range)
        return false;
    lock(verifier);
    verifier->progress.customers += CUSTOMERS_A_RANGE;
    unlock(verifier);
    return status == STATUS_OK;
}

static enum status day_unit(struct tx *tx, void *context) {
    struct worker *worker = context;
    return verify_sealed_day(tx, worker->row, &worker->tree, &worker->page);
}

/* False when all days are taken. */
static bool verify_day(struct worker *worker) {
    struct verifier *verifier = worker->verifier;
    enum status status = STATUS_OK;
    struct fault fault = {0};
    lock(verifier);
    bool more = verifier->next_day < verifier->days->count;
    if (more)
        worker->row = &verifier->days->rows[verifier->next_day++];
    unlock(verifier);
    worker->tree = (struct day_tree){0};
    while (more && status == STATUS_OK && !worker->tree.done && go_on(verifier)) {
        arena_reset(worker->arena);
        status = store_read(verifier->options->store, worker->arena, day_unit, worker, &fault);
        tell(worker, status, &fault);
    }
    return more && status == STATUS_OK;
}

static void *work(void *context) {
    struct worker *worker = context;
    struct verifier *verifier = worker->verifier;
    worker->arena = arena_create(ARENA_BLOCK);
    while (go_on(verifier) && verify_day(worker))
        continue;
    while (go_on(verifier) && verify_range(worker))
        continue;
    arena_destroy(worker->arena);
    lock(verifier);
    verifier->running--;
    check(pthread_cond_signal(&verifier->ended) == 0);
    unlock(verifier);
    return NULL;
}

/* ---- all of them ---- */

static int32_t thread_count(const struct verifier_options *options) {
    long cores = options->threads > 0 ? options->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return (int32_t)(cores < 1 ? 1 : cores > THREADS_MOST ? THREADS_MOST : cores);
}

static void show(struct verifier *verifier, bool through) {
    const struct verifier_options *options = verifier->options;
    struct verifier_progress *progress = &verifier->progress;
    progress->through = through;
    if (through || progress->customers > progress->planned)
        progress->customers = progress->planned;
    if (options->progress != NULL && !options->progress(options->context, progress))
        verifier->stopping = true;
}

/* Waits for the threads; tells how far they are. */
static void watch(struct verifier *verifier) {
    lock(verifier);
    while (verifier->running > 0) {
        struct timespec until;
        check(clock_gettime(CLOCK_REALTIME, &until) == 0); /* clock: pace of the progress line */
        int64_t ns = until.tv_nsec + PROGRESS_MS * 1000000;
        until.tv_sec += ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        pthread_cond_timedwait(&verifier->ended, &verifier->lock, &until);
        if (verifier->running > 0)
            show(verifier, false);
    }
    show(verifier, true);
    unlock(verifier);
}

static void run_threads(struct verifier *verifier) {
    int32_t count = thread_count(verifier->options);
    struct worker *workers = calloc((size_t)count, sizeof *workers);
    check(workers != NULL);
    verifier->running = count;
    for (int32_t i = 0; i < count; i++) {
        workers[i].verifier = verifier;
        check(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    watch(verifier);
    for (int32_t i = 0; i < count; i++)
        check(pthread_join(workers[i].thread, NULL) == 0);
    free(workers);
}

/* What is known before the first range: how many customers, and which days are sealed. */
struct plan {
    const struct vault *vault;
    int64_t customers;
    struct sealed_days days;
    struct books_page page;
};

static enum status plan_unit(struct tx *tx, void *context) {
    struct plan *plan = context;
    plan->days = (struct sealed_days){0};
    plan->page = (struct books_page){0};
    enum status status = customer_count(tx, &plan->customers);
    if (status == STATUS_OK && plan->vault != NULL)
        status = load_sealed_days(tx, &plan->days);
    if (status == STATUS_OK && plan->vault != NULL)
        status = verify_seals(tx, plan->vault, &plan->days, &plan->page);
    return status;
}

enum status verifier_run(
    const struct verifier_options *options, struct books_report *report, struct fault *fault) {
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    struct plan plan = {.vault = options->vault};
    *report = (struct books_report){0};
    enum status status = store_read(options->store, arena, plan_unit, &plan, fault);
    if (status != STATUS_OK)
        return status;
    struct verifier verifier = {.options = options,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .ended = PTHREAD_COND_INITIALIZER,
        .after = INT64_MIN,
        .days = &plan.days,
        .report = plan.page.report,
        .progress = {.planned = plan.customers, .differences = plan.page.report.differences}};
    for (const struct difference *at = plan.page.first; at != NULL; at = at->next)
        options->difference(options->context, at->text);
    run_threads(&verifier);
    *report = verifier.report;
    if (report->debits != report->credits) {
        options->difference(options->context, "all debits do not equal all credits");
        report->differences++;
    }
    if (verifier.status != STATUS_OK && fault != NULL)
        *fault = verifier.fault;
    return verifier.status;
}
