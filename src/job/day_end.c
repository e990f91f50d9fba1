/* day_end.c: the day-end. See day_end.h. */
#include "job/day_end.h"

#include "base/check.h"
#include "service/close_contract_day.h"
#include "service/expire_orders.h"
#include "service/request_day_end.h"
#include "store/setting.h"

#include <pthread.h>
#include <time.h>

enum { EXPIRED_PAGE = 100, PAGE = 256, WINDOW = 32, WAIT_MS = 60000, POLL_MS = 100 };

/* What happens to a contract on its day, in this order. */
static const struct {
    const char *name;
    day_step run;
} steps[] = {
    {"cross due days and buckets", cross_contract},
    {"remind the customer", remind_customer},
    {"collect what is due", collect_contract},
};
enum { STEP_COUNT = sizeof steps / sizeof steps[0] };

size_t day_end_step_count(void) {
    return STEP_COUNT;
}

const char *day_end_step_name(size_t index) {
    check(index < STEP_COUNT);
    return steps[index].name;
}

/* One day of a run. */
struct day_run {
    const struct day_end_options *options;
    struct day_end_progress progress;
    struct instant started_at;
    int64_t failed;
    struct fault first_fault;
};

/* One contract of a window; `latch` counts how many are still at work. */
struct latch {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int32_t count;
};
struct errand {
    struct unit unit;
    struct latch *latch;
    enum channel_mode mode;
    struct day day;
    int64_t customer_id, contract_id;
    bool done, collecting;
};

static enum status contract_unit(struct tx *tx, void *context) {
    struct errand *errand = context;
    struct moment moment;
    struct day_context day = {.mode = errand->mode};
    day_step functions[STEP_COUNT];
    for (size_t i = 0; i < STEP_COUNT; i++)
        functions[i] = steps[i].run;
    enum status status = tx_moment(tx, &moment);
    if (status == STATUS_OK)
        status = close_contract_day(
            tx, moment, errand->customer_id, errand->contract_id, functions, STEP_COUNT, &day);
    errand->done = day.contract != NULL;
    errand->collecting = day.collecting;
    return status;
}

static void contract_done(struct unit *unit) {
    struct latch *latch = ((struct errand *)unit->context)->latch;
    pthread_mutex_lock(&latch->lock);
    latch->count--;
    pthread_cond_signal(&latch->changed);
    pthread_mutex_unlock(&latch->lock);
}

static void wait_for(struct latch *latch) {
    pthread_mutex_lock(&latch->lock);
    while (latch->count > 0)
        pthread_cond_wait(&latch->changed, &latch->lock);
    pthread_mutex_unlock(&latch->lock);
}

static void note_fault(struct day_run *run, const struct errand *errand) {
    if (run->failed++ > 0)
        return;
    run->first_fault = errand->unit.fault;
    fault_wrap(&run->first_fault, "contract %lld", (long long)errand->contract_id);
}

/* A window of contracts, submitted together so that they share commits. */
static enum status run_window(struct day_run *run, const struct stored_contract *contracts,
    size_t count, struct fault *fault) {
    struct latch latch = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, (int32_t)count};
    struct errand errands[WINDOW];
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        errands[i] = (struct errand){
            .latch = &latch,
            .mode = run->options->mode,
            .day = run->progress.day,
            .customer_id = contracts[i].customer_id,
            .contract_id = contracts[i].contract_id,
        };
        errands[i].unit = (struct unit){.run = contract_unit,
            .context = &errands[i],
            .key = contracts[i].customer_id,
            .done = contract_done};
        if (store_submit(run->options->store, &errands[i].unit) != STATUS_OK) {
            /* The queue is full of customers: they go first, this one waits its turn. */
            errands[i].unit.status = store_run(run->options->store, contracts[i].customer_id, NULL,
                contract_unit, &errands[i], &errands[i].unit.fault);
            contract_done(&errands[i].unit);
        }
    }
    wait_for(&latch);
    for (size_t i = 0; i < count; i++) {
        if (errands[i].unit.status == STATUS_UNAVAILABLE)
            status = fault_set(fault, STATUS_UNAVAILABLE, "the store is closing");
        else if (errands[i].unit.status != STATUS_OK)
            note_fault(run, &errands[i]);
        run->progress.contracts += errands[i].done;
        run->progress.collections += errands[i].collecting;
    }
    return status;
}

struct page {
    struct day day;
    struct action_place place;
    struct stored_contract *contracts;
    size_t count;
};

static enum status page_unit(struct tx *tx, void *context) {
    struct page *page = context;
    return stored_contract_with_action(
        tx, page->day, page->place, PAGE, &page->contracts, &page->count);
}

static bool told(struct day_run *run) {
    return !run->options->progress || run->options->progress(run->options->context, &run->progress);
}

static enum status run_contracts(struct day_run *run, struct fault *fault) {
    struct page page = {.day = run->progress.day, .place = ACTION_PLACE_START};
    do {
        FENQI_ARENA arena = arena_create(1 << 20);
        enum status status = store_read(run->options->store, arena, page_unit, &page, fault);
        for (size_t i = 0; status == STATUS_OK && i < page.count; i += WINDOW)
            status = run_window(
                run, page.contracts + i, page.count - i < WINDOW ? page.count - i : WINDOW, fault);
        if (status != STATUS_OK)
            return status;
        if (page.count > 0) {
            const struct stored_contract *last = &page.contracts[page.count - 1];
            page.place =
                (struct action_place){last->next_action_day, last->customer_id, last->contract_id};
        }
        if (!told(run))
            return fault_set(fault, STATUS_UNAVAILABLE, "stopped; run it again to go on");
    } while (page.count == PAGE);
    return STATUS_OK;
}

static enum status count_unit(struct tx *tx, void *context) {
    struct day_end_progress *progress = context;
    return payment_count_live_autopay(tx, progress->day, &progress->waiting);
}

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the day's debits are decided, or nothing has moved for `wait_ms`. */
static enum status wait_for_collections(struct day_run *run, struct fault *fault) {
    int32_t wait_ms = run->options->wait_ms ? run->options->wait_ms : WAIT_MS;
    int64_t moved_at = clock_ms(), before = -1;
    for (;;) {
        enum status status =
            store_read(run->options->store, NULL, count_unit, &run->progress, fault);
        if (status != STATUS_OK || run->progress.waiting == 0)
            return status;
        if (run->progress.waiting != before)
            moved_at = clock_ms();
        before = run->progress.waiting;
        if (clock_ms() - moved_at > wait_ms)
            return STATUS_OK;
        if (!told(run))
            return fault_set(fault, STATUS_UNAVAILABLE, "stopped; run it again to go on");
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
    }
}

struct record_context {
    struct day_run *run;
    enum day_end_state state;
};

/* Rolls the date when the record begins: from then on "today" is this day. */
static enum status record_unit(struct tx *tx, void *context) {
    const struct record_context *record = context;
    struct day_run *run = record->run;
    bool done = record->state == DAY_END_DONE;
    struct day_end_record row = {
        .day = run->progress.day,
        .state = record->state,
        .started_at = run->started_at,
        .finished_at = done ? tx_now(tx) : (struct instant){0},
        .contract_count = run->progress.contracts,
        .collection_count = run->progress.collections,
    };
    if (done && run->failed > 0)
        row.message = arena_printf(tx_arena(tx), "%lld contracts failed, the first: %s",
            (long long)run->failed, run->first_fault.text);
    else if (done && run->progress.waiting > 0)
        row.message = arena_printf(
            tx_arena(tx), "%lld debits are still on their way", (long long)run->progress.waiting);
    struct day books;
    enum status status = setting_business_date(tx, &books);
    if (status == STATUS_OK && day_compare(books, run->progress.day) < 0)
        status = setting_save_business_date(tx, run->progress.day);
    return status == STATUS_OK ? day_end_save(tx, &row) : status;
}

static enum status expire_unit(struct tx *tx, void *context) {
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status == STATUS_OK ? expire_orders(tx, moment, EXPIRED_PAGE, context) : status;
}

/* Orders that nobody accepted in time are cancelled, and their shops told. */
static enum status run_expiry(const struct day_run *run, struct fault *fault) {
    size_t expired = EXPIRED_PAGE;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && expired == EXPIRED_PAGE)
        status = store_run(run->options->store, STORE_NO_KEY, NULL, expire_unit, &expired, fault);
    return status;
}

static enum status run_day(
    const struct day_end_options *options, struct day day, struct fault *fault) {
    struct day_run run = {
        .options = options, .progress = {.day = day}, .started_at = store_now(options->store)};
    struct record_context record = {&run, DAY_END_RUNNING};
    enum status status = store_run(options->store, STORE_NO_KEY, NULL, record_unit, &record, fault);
    if (status == STATUS_OK)
        status = run_contracts(&run, fault);
    if (status == STATUS_OK)
        status = run_expiry(&run, fault);
    if (status == STATUS_OK)
        status = wait_for_collections(&run, fault);
    if (status != STATUS_OK)
        return status;
    record.state = DAY_END_DONE;
    status = store_run(options->store, STORE_NO_KEY, NULL, record_unit, &record, fault);
    run.progress.through = true;
    (void)told(&run);
    if (status == STATUS_OK && run.failed > 0) {
        *fault = run.first_fault;
        return fault_wrap(fault, "%lld contracts failed, the first", (long long)run.failed);
    }
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
    for (; status == STATUS_OK && day_compare(books, day) <= 0; books = day_add(books, 1))
        status = run_day(options, books, fault);
    return status;
}
