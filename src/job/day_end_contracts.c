/*
 * day_end_contracts.c: closes the contracts of one range of a day. Exports close_range() of
 * day_end_internal.h.
 *
 * Keys come in pages by the index; each contract is a unit of its own, and many are under way at a
 * time, so that the committer makes full batches of them. They are background units: whatever a
 * customer waits for goes before them.
 */
#include "job/day_end_internal.h"
#include "service/close_contract_day.h"
#include "store/contract_action.h"

#include "base/check.h"

#include <stdlib.h>
#include <time.h>

enum {
    PAGE = 1024,
    WINDOW = 512, /* contracts under way, of one worker */
    REST_MS = 1,
};

/* What happens to a contract on its day, in this order. */
static const day_step contract_steps[] = {cross_contract, remind_customer, collect_contract};
enum { CONTRACT_STEP_COUNT = sizeof contract_steps / sizeof contract_steps[0] };

struct errand {
    struct unit unit;
    struct pipe *pipe;
    struct contract_key key;
    struct day_end_counts counts; /* of this contract, set anew by each run of the unit */
    struct errand *next;
};

/* The contracts of a range that are under way. */
struct pipe {
    struct range_work *work;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct errand *ended; /* to be looked at; under the lock */
    int32_t under_way;    /* the worker's own, as all below */
    struct errand *free;
    struct fault fault; /* why no more may be begun */
    struct errand errands[WINDOW];
};

/* ---- one contract ---- */

static struct day_end_counts counts_of(const struct day_context *day) {
    struct day_end_counts counts = {
        .contracts = day->contract != NULL,
        .notices = day->notices,
        .due = money_is_positive(day->due),
        .due_fen = day->due.fen,
        .credit = money_is_positive(day->credit),
        .credit_fen = day->credit.fen,
        .debits = money_is_positive(day->debit),
        .debit_fen = day->debit.fen,
    };
    if (day->bucket_crossed)
        counts.crossed[day->from_bucket][day->to_bucket] = 1;
    return counts;
}

static enum status contract_unit(struct tx *tx, void *context) {
    struct errand *errand = context;
    struct moment moment;
    struct day_context day = {.mode = errand->pipe->work->run->options->mode};
    enum status status = tx_moment(tx, &moment);
    if (status == STATUS_OK)
        status = close_contract_day(tx, moment, errand->key.customer_id, errand->key.contract_id,
            contract_steps, CONTRACT_STEP_COUNT, &day);
    errand->counts = counts_of(&day);
    return status;
}

static void contract_done(struct unit *unit) {
    struct errand *errand = unit->context;
    struct pipe *pipe = errand->pipe;
    pthread_mutex_lock(&pipe->lock);
    errand->next = pipe->ended;
    if (!pipe->ended) /* else it has been told */
        pthread_cond_signal(&pipe->changed);
    pipe->ended = errand;
    pthread_mutex_unlock(&pipe->lock);
}

/* ---- many ---- */

static void note_failure(struct range_work *work, const struct errand *errand) {
    work->range.counts.failed++;
    if (work->range.fault)
        return;
    work->fault = errand->unit.fault;
    fault_wrap(&work->fault, "contract %lld", (long long)errand->key.contract_id);
    work->range.fault = work->fault.text;
}

static void settle(struct pipe *pipe, struct errand *errand) {
    struct range_work *work = pipe->work;
    pipe->under_way--;
    if (errand->unit.status == STATUS_OK)
        day_end_add(&work->range.counts, &errand->counts);
    else if (errand->unit.status == STATUS_UNAVAILABLE)
        pipe->fault = errand->unit.fault; /* the store is closing, or the database is away */
    else
        note_failure(work, errand);
    errand->next = pipe->free;
    pipe->free = errand;
}

/* Looks at what has ended; waits until fewer than `most` are under way. */
static void collect(struct pipe *pipe, int32_t most) {
    for (;;) {
        pthread_mutex_lock(&pipe->lock);
        while (!pipe->ended && pipe->under_way >= most && pipe->under_way > 0)
            pthread_cond_wait(&pipe->changed, &pipe->lock);
        struct errand *ended = pipe->ended;
        pipe->ended = NULL;
        pthread_mutex_unlock(&pipe->lock);
        while (ended) {
            struct errand *next = ended->next;
            settle(pipe, ended);
            ended = next;
        }
        if (pipe->under_way < most || pipe->under_way == 0)
            return;
    }
}

static enum status begin(struct pipe *pipe, struct contract_key key) {
    collect(pipe, WINDOW);
    struct errand *errand = pipe->free;
    check(errand);
    pipe->free = errand->next;
    *errand = (struct errand){.pipe = pipe, .key = key};
    errand->unit = (struct unit){.run = contract_unit,
        .context = errand,
        .key = key.customer_id,
        .background = true,
        .done = contract_done};
    enum status status;
    /* The queue is full of customers: they go first. */
    while ((status = store_submit(pipe->work->run->options->store, &errand->unit)) == STATUS_FULL)
        nanosleep(&(struct timespec){.tv_nsec = REST_MS * 1000000L}, NULL);
    if (status == STATUS_OK) {
        pipe->under_way++;
        return STATUS_OK;
    }
    errand->next = pipe->free;
    pipe->free = errand;
    return fault_set(&pipe->fault, STATUS_UNAVAILABLE, "the store is closing");
}

/* ---- the range ---- */

struct page {
    const struct range_work *work;
    struct day day; /* the pending day that it is about; DAY_NONE before the first */
    struct contract_key after;
    struct contract_key *keys;
    size_t count;
};

/* The next page of the pending day, or the first one of the next pending day. */
static enum status page_unit(struct tx *tx, void *context) {
    struct page *page = context;
    const struct day_end_range *range = &page->work->range;
    enum status status = STATUS_OK;
    page->count = 0;
    if (!day_is_none(page->day))
        status = contract_action_page(
            tx, page->day, page->after, range->end_customer, PAGE, &page->keys, &page->count);
    while (status == STATUS_OK && page->count == 0) {
        status = contract_action_next_day(tx, page->day, range->day, &page->day);
        if (status != STATUS_OK || day_is_none(page->day))
            break;
        page->after = (struct contract_key){range->first_customer, INT64_MIN};
        status = contract_action_page(
            tx, page->day, page->after, range->end_customer, PAGE, &page->keys, &page->count);
    }
    return status;
}

static bool to_stop(const struct pipe *pipe) {
    return pipe->fault.text[0] != '\0' || pipe->work->lost ||
           atomic_load(&pipe->work->run->stopping);
}

static enum status run_page(struct pipe *pipe, struct page *page, struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < page->count && !to_stop(pipe); i++) {
        if (begin(pipe, page->keys[i]) != STATUS_OK)
            break;
        page->after = page->keys[i];
        status = range_keep(pipe->work, fault);
    }
    return status;
}

static enum status run_pages(struct pipe *pipe, struct fault *fault) {
    struct page page = {.work = pipe->work, .day = DAY_NONE};
    FENQI_ARENA arena = arena_create(1 << 16);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !to_stop(pipe)) {
        arena_reset(arena);
        status = store_read(pipe->work->run->options->store, arena, page_unit, &page, fault);
        if (status != STATUS_OK || page.count == 0)
            break;
        status = run_page(pipe, &page, fault);
    }
    collect(pipe, 0);
    return status;
}

enum status close_range(struct range_work *work, struct fault *fault) {
    struct pipe *pipe = calloc(1, sizeof *pipe);
    check(pipe);
    pipe->work = work;
    pthread_mutex_init(&pipe->lock, NULL);
    pthread_cond_init(&pipe->changed, NULL);
    for (int i = 0; i < WINDOW; i++) {
        pipe->errands[i].next = pipe->free;
        pipe->free = &pipe->errands[i];
    }
    enum status status = run_pages(pipe, fault);
    if (status == STATUS_OK && pipe->fault.text[0] != '\0') {
        *fault = pipe->fault;
        status = fault->status;
    }
    pthread_cond_destroy(&pipe->changed);
    pthread_mutex_destroy(&pipe->lock);
    free(pipe);
    return status;
}
