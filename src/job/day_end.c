/*
 * day_end.c: the days, their steps and the workers that do them. See day_end.h.
 *
 * Workers take ranges (day_end_ranges.c) until the day has none; the calling thread tells how it
 * goes and asks whether to stop.
 */
#include "job/day_end.h"

#include "base/check.h"
#include "job/day_end_internal.h"
#include "service/expire_orders.h"
#include "service/request_day_end.h"
#include "store/payment.h"
#include "store/setting.h"

#include <stdlib.h>
#include <time.h>

enum {
    EXPIRED_PAGE = 100,
    WAIT_MS = 60000,
    POLL_MS = 100,
    TELL_EVERY_MS = 250,
    THREADS = 2,
    THREADS_MOST = 64,
};

static enum status expire_step(struct range_work *work, struct fault *fault);
static enum status debits_step(struct range_work *work, struct fault *fault);

static const struct {
    const char *name;
    enum status (*run)(struct range_work *work, struct fault *fault);
} steps[DAY_STEP_COUNT] = {
    [STEP_PLAN] = {"plan", plan_ranges},
    [STEP_CONTRACTS] = {"contracts", close_range},
    [STEP_ORDERS] = {"expire orders", expire_step},
    [STEP_DEBITS] = {"wait for debits", debits_step},
};

size_t day_end_step_count(void) {
    return DAY_STEP_COUNT;
}

const char *day_end_step_name(size_t index) {
    check(index < DAY_STEP_COUNT);
    return steps[index].name;
}

/* ---- the steps that are not split ---- */

static enum status expire_unit(struct tx *tx, void *context) {
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status == STATUS_OK ? expire_orders(tx, moment, EXPIRED_PAGE, context) : status;
}

/* Orders that nobody accepted in time are cancelled, and their shops told. */
static enum status expire_step(struct range_work *work, struct fault *fault) {
    size_t expired = EXPIRED_PAGE;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && expired == EXPIRED_PAGE && !work->lost &&
           !atomic_load(&work->run->stopping)) {
        status =
            store_run(work->run->options->store, STORE_NO_KEY, NULL, expire_unit, &expired, fault);
        work->range.counts.orders_expired += status == STATUS_OK ? (int64_t)expired : 0;
        if (status == STATUS_OK)
            status = range_keep(work, fault);
    }
    return status;
}

struct debit_count {
    struct day day;
    int64_t waiting;
};

static enum status count_unit(struct tx *tx, void *context) {
    struct debit_count *count = context;
    return payment_count_live_autopay(tx, count->day, &count->waiting);
}

static void sleep_ms(int64_t ms) {
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

/* Waits until the day's debits are decided, or nothing has moved for `wait_ms`. */
static enum status debits_step(struct range_work *work, struct fault *fault) {
    const struct day_end_options *options = work->run->options;
    int32_t wait_ms = options->wait_ms ? options->wait_ms : WAIT_MS;
    int64_t moved_at = monotonic_ms(), before = -1;
    while (!work->lost && !atomic_load(&work->run->stopping)) {
        struct debit_count count = {.day = work->run->day};
        enum status status = store_read(options->store, NULL, count_unit, &count, fault);
        if (status == STATUS_OK)
            status = range_keep(work, fault);
        atomic_store(&work->run->waiting, count.waiting);
        if (status != STATUS_OK || count.waiting == 0)
            return status;
        if (count.waiting != before)
            moved_at = monotonic_ms();
        before = count.waiting;
        if (monotonic_ms() - moved_at > wait_ms)
            break;
        sleep_ms(POLL_MS < wait_ms ? POLL_MS : wait_ms);
    }
    return STATUS_OK;
}

/* ---- the workers of one day ---- */

/* Sleeps a moment, unless somebody has news. */
static void rest(struct day_run *run, int64_t ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until); /* clock: how long to wait, nothing else */
    int64_t ns = until.tv_nsec + ms * 1000000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    pthread_cond_timedwait(&run->changed, &run->lock, &until);
}

static void give_up(struct day_run *run, const struct fault *fault) {
    pthread_mutex_lock(&run->lock);
    if (run->fault.status == STATUS_OK)
        run->fault = *fault;
    pthread_mutex_unlock(&run->lock);
    atomic_store(&run->stopping, true);
}

/* Does ranges until there are none, or until it is told to stop. */
static enum status work_through(struct range_work *work, struct fault *fault) {
    struct day_run *run = work->run;
    enum next_range next = NEXT_RANGE;
    enum status status = range_next(work, false, &next, fault);
    while (status == STATUS_OK && next != NEXT_NONE && !atomic_load(&run->stopping)) {
        if (next == NEXT_RANGE) {
            status = steps[work->range.step].run(work, fault);
        } else {
            pthread_mutex_lock(&run->lock);
            rest(run, POLL_MS);
            pthread_mutex_unlock(&run->lock);
        }
        if (status == STATUS_OK && !atomic_load(&run->stopping)) {
            status = range_next(work, true, &next, fault);
            pthread_mutex_lock(&run->lock);
            pthread_cond_broadcast(&run->changed);
            pthread_mutex_unlock(&run->lock);
        }
    }
    return status;
}

static void *work(void *context) {
    struct day_run *run = context;
    struct range_work *work = calloc(1, sizeof *work);
    check(work);
    work->run = run;
    struct fault fault = {0}, ignored;
    if (work_through(work, &fault) != STATUS_OK)
        give_up(run, &fault);
    /* When even this fails the lease ends by itself. */
    if (atomic_load(&run->stopping) && range_release(work, &ignored) != STATUS_OK)
        give_up(run, &ignored);
    free(work);
    pthread_mutex_lock(&run->lock);
    run->workers--;
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static bool told(struct day_run *run, const struct day_end_progress *progress) {
    return !run->options->progress || run->options->progress(run->options->context, progress);
}

/* Tells how it goes until the workers have ended. */
static bool watch(struct day_run *run, struct day_end_progress *progress) {
    bool stopped = false;
    struct fault ignored;
    pthread_mutex_lock(&run->lock);
    while (run->workers > 0) {
        pthread_mutex_unlock(&run->lock);
        if (!stopped && run->options->progress &&
            day_progress(run, progress, &ignored) == STATUS_OK && !told(run, progress)) {
            stopped = true;
            atomic_store(&run->stopping, true);
        }
        pthread_mutex_lock(&run->lock);
        int64_t until = monotonic_ms() + TELL_EVERY_MS;
        while (run->workers > 0 && monotonic_ms() < until)
            rest(run, until - monotonic_ms());
    }
    pthread_mutex_unlock(&run->lock);
    return stopped;
}

static enum status run_workers(
    struct day_run *run, struct day_end_progress *progress, struct fault *fault) {
    pthread_t threads[THREADS_MOST];
    int32_t count = run->options->threads ? run->options->threads : THREADS;
    check(count >= 1 && count <= THREADS_MOST);
    run->workers = count;
    for (int32_t i = 0; i < count; i++)
        check(pthread_create(&threads[i], NULL, work, run) == 0);
    bool stopped = watch(run, progress);
    for (int32_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    if (run->fault.status != STATUS_OK) {
        *fault = run->fault;
        return fault->status;
    }
    return stopped ? fault_set(fault, STATUS_UNAVAILABLE, "stopped; run it again to go on")
                   : STATUS_OK;
}

static enum status close_day(
    struct day_run *run, struct day_end_progress *progress, struct fault *fault) {
    FENQI_ARENA arena = arena_create(1 << 16);
    struct day_closing closing;
    enum status status = day_close(run, arena, &closing, fault);
    if (status != STATUS_OK)
        return status;
    progress->through = true;
    progress->step = NULL;
    if (closing.report) {
        progress->waiting = closing.waiting;
        progress->report = closing.report;
        progress->summary = closing.summary;
        progress->contracts = closing.contracts + closing.failed;
        progress->collections = closing.debits;
    }
    (void)told(run, progress);
    if (closing.failed > 0)
        return fault_set(fault, STATUS_INVALID, "%lld contracts failed, the first: %s",
            (long long)closing.failed, closing.fault ? closing.fault : "unknown");
    return STATUS_OK;
}

static enum status owner_unit(struct tx *tx, void *context) {
    int64_t *owner = context;
    tx_random(tx, owner, sizeof *owner);
    *owner = (*owner & INT64_MAX) | 1; /* 0 is nobody */
    return STATUS_OK;
}

static enum status run_day(const struct day_end_options *options, struct day day, struct day target,
    bool first, enum day_opening *opening, struct fault *fault) {
    struct day_run run = {.options = options, .day = day};
    struct day_end_progress progress = {.day = day};
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.changed, NULL);
    enum status status = store_read(options->store, NULL, owner_unit, &run.owner, fault);
    if (status == STATUS_OK)
        status = day_open(&run, target, first, opening, fault);
    bool open = status == STATUS_OK && (*opening == DAY_OPENED || *opening == DAY_JOINED);
    if (open)
        status = run_workers(&run, &progress, fault);
    if (status == STATUS_OK && open)
        status = close_day(&run, &progress, fault);
    pthread_cond_destroy(&run.changed);
    pthread_mutex_destroy(&run.lock);
    return status;
}

static enum status books_unit(struct tx *tx, void *context) {
    return setting_business_date(tx, context);
}

enum status day_end_run(
    const struct day_end_options *options, struct day day, struct fault *fault) {
    struct day books;
    enum status status = store_run(options->store, STORE_NO_KEY, NULL, books_unit, &books, fault);
    if (status != STATUS_OK)
        return status;
    char text[DAY_TEXT_SIZE];
    int32_t ahead = days_between(books, day);
    if (ahead < 0)
        return fault_set(
            fault, STATUS_INVALID, "the books are at %s already", day_to_text(books, text));
    if (ahead > DAY_END_DAYS_MOST)
        return fault_set(fault, STATUS_INVALID, "more than %d days after %s", DAY_END_DAYS_MOST,
            day_to_text(books, text));
    /* In a test the books may run ahead; real customers are not charged before their day. */
    struct day today = instant_to_day(store_now(options->store), ZONE_SHANGHAI);
    if (options->mode == CHANNEL_MODE_LIVE && day_compare(day, today) > 0)
        return fault_set(
            fault, STATUS_INVALID, "the calendar is only at %s", day_to_text(today, text));
    /* What an earlier run of the present day left undone comes first. */
    bool first = true;
    enum day_opening opening = DAY_OVER;
    while (status == STATUS_OK && opening != DAY_NOT_WANTED && day_compare(books, day) <= 0) {
        status = run_day(options, books, day, first, &opening, fault);
        first = false;
        books = day_add(books, opening == DAY_BEFORE_IS_OPEN ? -1 : 1);
    }
    return status;
}
