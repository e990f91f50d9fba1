/*
 * day_end.h: the day-end. Exports: struct day_end_options, struct day_end_progress, day_end_run(),
 * day_end_step_count(), day_end_step_name(), day_end_scheduler_start(), day_end_scheduler_stop().
 *
 * Moves the business date to a day, one day at a time, and does each day's work: an ordered table
 * of named steps for every contract that has something to do that day (found by index), each
 * contract's steps in one transaction with the mark that its day is done. So it may be stopped
 * anywhere and run again, n single days are one run after n days, and nobody is locked out of
 * paying meanwhile. After a day's contracts it waits for the automatic debits of that day, which
 * fall back to the next source by themselves when a channel refuses; one that stays unknown is
 * waited for no longer than `wait_ms` and resolves later under its own value date.
 */
#ifndef FENQI_JOB_DAY_END_H
#define FENQI_JOB_DAY_END_H

#include "channel/channel.h"
#include "job/worker_log.h"
#include "store/day_end.h"
#include "store/store.h"

struct day_end_progress {
    struct day day;
    int64_t contracts;   /* done so far, of this day */
    int64_t collections; /* automatic debits begun */
    int64_t waiting;     /* of them, still on their way */
    bool through;        /* the day is done: told once */
};

struct day_end_options {
    struct store *store;
    enum channel_mode mode;
    int32_t wait_ms; /* 0: 60 s */
    /* Told now and then, and at each day's end; may be NULL. Return false to stop. */
    bool (*progress)(void *context, const struct day_end_progress *progress);
    void *context;
};

/*
 * Brings the books to `day`. INVALID when the books are further already or `day` is more than 366
 * days ahead; the fault says which contract failed when one did (its day stays open and the run
 * goes on with the others).
 */
enum status day_end_run(
    const struct day_end_options *options, struct day day, struct fault *fault) FENQI_MUST_USE;

/* The steps, in their order: for documents and the console. */
size_t day_end_step_count(void);
const char *day_end_step_name(size_t index);

/* Runs what staff ask for by service/request_day_end, on a thread of its own. */
struct day_end_scheduler;
struct day_end_scheduler *day_end_scheduler_start(
    struct store *store, enum channel_mode mode, struct worker_log log);
void day_end_scheduler_stop(struct day_end_scheduler *scheduler);

#endif
