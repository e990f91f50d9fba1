/*
 * day_end_ranges.c: who works on which part of a day. Exports day_open(), range_next(),
 * range_release(), range_keep(), plan_ranges(), day_progress() of day_end_internal.h.
 *
 * Ranges change only in units with the key STORE_NO_KEY, which run one by one over all processes:
 * two never take the same one. A lease that its owner does not renew ends by itself.
 */
#include "job/day_end_internal.h"
#include "service/request_day_end.h"
#include "store/contract_action.h"
#include "store/setting.h"

#include "base/check.h"

#include <time.h>

enum {
    LEASE_S = 10,
    KEEP_EVERY_MS = 1000,
    RANGES_AIMED_AT = 128,
    RANGE_LEAST = 1024,
    RANGE_MOST = 8192,
    RANGES_MOST = 16384, /* 134 million contracts of one day */
};

int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the beginning of a day ---- */

struct opening {
    struct day_run *run;
    bool first; /* the day that the books were at when the run began: done or not, look again */
    struct day target;
    enum day_opening answer;
};

static enum status lay_out_steps(struct tx *tx, struct day day) {
    static const enum day_step_number alone[] = {STEP_PLAN, STEP_ORDERS, STEP_DEBITS};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof alone / sizeof alone[0]; i++) {
        struct day_end_range range = {.day = day, .step = (int32_t)alone[i]};
        status = day_end_range_insert(tx, &range);
    }
    return status;
}

/* Whether the wish that this run goes after still stands: who fulfilled it has taken it away. */
static enum status still_wanted(struct tx *tx, const struct opening *opening, bool *wanted) {
    struct day wish = opening->target;
    enum status status =
        opening->run->options->requested ? requested_day_end(tx, &wish) : STATUS_OK;
    *wanted = wish.number == opening->target.number;
    return status;
}

static enum status look_at(
    struct tx *tx, struct opening *opening, struct day books, const struct day_end_record *record) {
    struct day day = opening->run->day;
    bool wanted = false, before_open = false;
    enum status status = still_wanted(tx, opening, &wanted);
    if (status == STATUS_OK && day_compare(books, day) < 0)
        status = day_end_is_open(tx, books, &before_open);
    if (status != STATUS_OK)
        return status;
    if (!wanted)
        opening->answer = DAY_NOT_WANTED;
    else if (day_compare(books, day) > 0)
        opening->answer = DAY_OVER;
    else if (before_open)
        opening->answer = DAY_BEFORE_IS_OPEN;
    else if (record && record->state == DAY_END_RUNNING)
        opening->answer = DAY_JOINED;
    else
        opening->answer = record && !opening->first ? DAY_OVER : DAY_OPENED;
    return STATUS_OK;
}

/* Rolls the date when the day begins: from then on "today" is this day. */
static enum status open_unit(struct tx *tx, void *context) {
    struct opening *opening = context;
    struct day day = opening->run->day, books;
    struct day_end_record *record;
    enum status status = setting_business_date(tx, &books);
    if (status == STATUS_OK)
        status = day_end_load(tx, day, &record);
    if (status == STATUS_OK)
        status = look_at(tx, opening, books, record);
    if (status != STATUS_OK || opening->answer != DAY_OPENED)
        return status;
    struct day_end_record fresh = {.day = day, .started_at = tx_now(tx)};
    if (record)
        fresh = *record;
    fresh.state = DAY_END_RUNNING;
    fresh.finished_at = (struct instant){0};
    status = day_end_save(tx, &fresh);
    if (status == STATUS_OK && day_compare(books, day) < 0)
        status = setting_save_business_date(tx, day);
    return status == STATUS_OK ? lay_out_steps(tx, day) : status;
}

enum status day_open(struct day_run *run, struct day target, bool first, enum day_opening *answer,
    struct fault *fault) {
    struct opening opening = {.run = run, .target = target, .first = first};
    enum status status =
        store_run(run->options->store, STORE_NO_KEY, NULL, open_unit, &opening, fault);
    *answer = opening.answer;
    return status;
}

/* ---- taking, keeping, giving back ---- */

static struct instant lease_end(const struct day_run *run, struct instant now) {
    return instant_add_seconds(now, run->options->lease_s ? run->options->lease_s : LEASE_S);
}

/* The row of the range in our hands; NULL when it is ours no more. */
static struct day_end_range *own_row(
    const struct range_work *work, struct day_end_range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (ranges[i].step == work->range.step && ranges[i].number == work->range.number)
            return !ranges[i].done && ranges[i].owner == work->run->owner ? &ranges[i] : NULL;
    return NULL;
}

/* What was counted goes into the row. */
static void note_counts(const struct range_work *work, struct day_end_range *row) {
    row->counts = work->range.counts;
    row->planned = work->range.planned;
    row->fault = work->range.fault;
}

struct step_by {
    struct range_work *work;
    struct range_work taken;
    bool done;
    enum next_range next;
};

/* The first free range of the first step that is not done. */
static struct day_end_range *free_row(
    struct day_end_range *ranges, size_t count, struct instant now, enum next_range *next) {
    *next = NEXT_NONE;
    for (size_t i = 0; i < count; i++) {
        struct day_end_range *row = &ranges[i];
        if (*next == NEXT_WAIT && row->step != ranges[i - 1].step)
            break; /* the step before is not finished everywhere */
        if (row->done)
            continue;
        *next = NEXT_WAIT;
        if (row->owner == 0 || instant_compare(row->lease_until, now) < 0) {
            *next = NEXT_RANGE;
            return row;
        }
    }
    return NULL;
}

static enum status take(struct tx *tx, const struct day_run *run, struct day_end_range *row) {
    struct instant now = tx_now(tx);
    if (row->owner != 0)
        row->counts.interrupted++;
    row->owner = run->owner;
    row->lease_until = lease_end(run, now);
    if (row->started_at.us == 0)
        row->started_at = now;
    return day_end_range_save(tx, row);
}

static enum status next_unit(struct tx *tx, void *context) {
    struct step_by *step = context;
    struct range_work *work = step->work;
    struct day_end_range *ranges;
    size_t count;
    enum status status = day_end_range_list(tx, work->run->day, &ranges, &count);
    if (status != STATUS_OK)
        return status;
    struct day_end_range *own =
        work->range.owner != 0 && !work->lost ? own_row(work, ranges, count) : NULL;
    if (own && step->done) {
        note_counts(work, own);
        own->done = true;
        own->owner = 0;
        own->finished_at = tx_now(tx);
        status = day_end_range_save(tx, own);
    }
    struct day_end_range *row = free_row(ranges, count, tx_now(tx), &step->next);
    if (status != STATUS_OK || !row)
        return status;
    step->taken.range = *row;
    status = take(tx, work->run, row);
    step->taken.range = *row;
    return status;
}

enum status range_next(
    struct range_work *work, bool done, enum next_range *next, struct fault *fault) {
    struct step_by step = {.work = work, .done = done};
    FENQI_ARENA arena = arena_create(1 << 16);
    enum status status =
        store_run(work->run->options->store, STORE_NO_KEY, arena, next_unit, &step, fault);
    *next = step.next;
    if (status != STATUS_OK)
        return status;
    work->range = step.next == NEXT_RANGE ? step.taken.range : (struct day_end_range){0};
    work->lost = false;
    work->kept_at_ms = monotonic_ms();
    work->fault.text[0] = '\0';
    if (work->range.fault) {
        fault_set(&work->fault, STATUS_INVALID, "%s", work->range.fault);
        work->range.fault = work->fault.text;
    }
    return STATUS_OK;
}

static enum status release_unit(struct tx *tx, void *context) {
    const struct range_work *work = context;
    struct day_end_range *ranges;
    size_t count;
    enum status status = day_end_range_list(tx, work->run->day, &ranges, &count);
    struct day_end_range *own = status == STATUS_OK ? own_row(work, ranges, count) : NULL;
    if (!own)
        return status;
    note_counts(work, own);
    own->owner = 0;
    return day_end_range_save(tx, own);
}

enum status range_release(struct range_work *work, struct fault *fault) {
    if (work->range.owner == 0 || work->lost)
        return STATUS_OK;
    return store_run(work->run->options->store, STORE_NO_KEY, NULL, release_unit, work, fault);
}

static enum status keep_unit(struct tx *tx, void *context) {
    struct range_work *work = context;
    struct day_end_range *ranges;
    size_t count;
    enum status status = day_end_range_list(tx, work->run->day, &ranges, &count);
    struct day_end_range *own = status == STATUS_OK ? own_row(work, ranges, count) : NULL;
    work->lost = status == STATUS_OK && !own;
    if (!own)
        return status;
    note_counts(work, own);
    own->lease_until = lease_end(work->run, tx_now(tx));
    return day_end_range_save(tx, own);
}

enum status range_keep(struct range_work *work, struct fault *fault) {
    int64_t now = monotonic_ms();
    if (now - work->kept_at_ms < KEEP_EVERY_MS)
        return STATUS_OK;
    work->kept_at_ms = now;
    return store_run(work->run->options->store, STORE_NO_KEY, NULL, keep_unit, work, fault);
}

/* ---- the plan ---- */

struct planning {
    struct range_work *work;
    int64_t contracts;
    int64_t *customers; /* where ranges begin, but the first */
    size_t count;
    int64_t size;
};

static enum status split_unit(struct tx *tx, void *context) {
    struct planning *planning = context;
    const struct day_run *run = planning->work->run;
    enum status status = contract_action_count(tx, run->day, &planning->contracts);
    int64_t size = planning->contracts / RANGES_AIMED_AT;
    size = size < RANGE_LEAST ? RANGE_LEAST : size > RANGE_MOST ? RANGE_MOST : size;
    planning->size = run->options->range_size ? run->options->range_size : size;
    if (status != STATUS_OK || planning->contracts <= planning->size)
        return status;
    return contract_action_boundaries(
        tx, run->day, planning->size, RANGES_MOST, &planning->customers, &planning->count);
}

static enum status lay_out_unit(struct tx *tx, void *context) {
    const struct planning *planning = context;
    struct range_work *work = planning->work;
    struct day_end_range *ranges;
    size_t count;
    enum status status = day_end_range_list(tx, work->run->day, &ranges, &count);
    work->lost = status == STATUS_OK && !own_row(work, ranges, count);
    bool planned = count > 0 && ranges[count > 1].step == STEP_CONTRACTS;
    if (status != STATUS_OK || work->lost || planned || planning->contracts == 0)
        return status; /* planned: by a process that died before it could say so */
    int64_t left = planning->contracts;
    for (size_t i = 0; status == STATUS_OK && i <= planning->count; i++) {
        bool last = i == planning->count;
        struct day_end_range range = {.day = work->run->day,
            .step = STEP_CONTRACTS,
            .number = (int32_t)i,
            .first_customer = i == 0 ? INT64_MIN : planning->customers[i - 1],
            .end_customer = last ? INT64_MAX : planning->customers[i],
            .planned = last || left < planning->size ? left : planning->size};
        left -= range.planned;
        status = day_end_range_insert(tx, &range);
    }
    return status;
}

enum status plan_ranges(struct range_work *work, struct fault *fault) {
    FENQI_ARENA arena = arena_create(1 << 16);
    struct planning planning = {.work = work};
    struct store *store = work->run->options->store;
    enum status status = store_read(store, arena, split_unit, &planning, fault);
    if (status == STATUS_OK)
        status = store_run(store, STORE_NO_KEY, arena, lay_out_unit, &planning, fault);
    return status;
}

/* ---- how it stands ---- */

struct look {
    struct day_run *run;
    struct day_end_progress *progress;
};

static enum status look_unit(struct tx *tx, void *context) {
    const struct look *look = context;
    struct day_end_progress *progress = look->progress;
    struct day_end_range *ranges;
    size_t count;
    enum status status = day_end_range_list(tx, look->run->day, &ranges, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    progress->planned = progress->contracts = progress->collections = 0;
    progress->step = NULL;
    for (size_t i = 0; i < count; i++) {
        progress->planned += ranges[i].planned;
        progress->contracts += ranges[i].counts.contracts + ranges[i].counts.failed;
        progress->collections += ranges[i].counts.debits;
        if (!ranges[i].done && !progress->step)
            progress->step = day_end_step_name((size_t)ranges[i].step);
    }
    return STATUS_OK;
}

enum status day_progress(
    struct day_run *run, struct day_end_progress *progress, struct fault *fault) {
    struct look look = {run, progress};
    progress->waiting = atomic_load(&run->waiting);
    return store_read(run->options->store, NULL, look_unit, &look, fault);
}
