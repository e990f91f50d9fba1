/*
 * day_end.h: the day-end. Exports: struct day_end_options, struct day_end_progress, day_end_run(),
 * day_end_step_count(), day_end_step_name(), day_end_scheduler_start(), day_end_scheduler_stop().
 *
 * Moves the business date to a day, one day at a time, and does each day's work: an ordered table
 * of named steps, each of which begins when the one before is finished everywhere. The step that
 * closes the contracts is split into ranges of customers; any number of threads and of processes on
 * one database take ranges under a lease and take over what a dead process left. In a range each
 * contract with something to do that day (found by index) has its day in one transaction with the
 * mark that its day is done. So the run may be stopped anywhere and started again, n single days
 * are one run after n days, and nobody is locked out of paying meanwhile. After a day's contracts
 * it waits for the automatic debits of that day, which fall back to the next source by themselves
 * when a channel refuses; one that stays unknown is waited for no longer than `wait_ms` and
 * resolves later under its own value date.
 */
#ifndef FENQI_JOB_DAY_END_H
#define FENQI_JOB_DAY_END_H

#include "channel/channel.h"
#include "job/worker_log.h"
#include "store/day_end.h"
#include "store/store.h"

/* How a day stands, over all processes that work on it. */
struct day_end_progress {
    struct day day;
    const char *step;    /* the first that is not done */
    int64_t planned;     /* contracts with something to do; 0 while nobody has counted them */
    int64_t contracts;   /* of them, done or failed so far */
    int64_t collections; /* automatic debits begun */
    int64_t waiting;     /* of them, still on their way */
    bool through;        /* the day is done: told once */
    const char *report;  /* then: what it came to, JSON; else NULL */
    const char *summary; /* the same in some lines of text */
};

struct day_end_options {
    struct store *store;
    enum channel_mode mode;
    int32_t wait_ms;    /* 0: 60 s */
    int32_t threads;    /* 0: 2 */
    int32_t lease_s;    /* after which another process may go on with a range; 0: 10 s */
    int32_t range_size; /* contracts of a range; 0: by the day's work */
    bool requested;     /* staff have asked for it: no day is opened once their wish is gone */
    /* Told now and then, and at each day's end; may be NULL. Return false to stop. */
    bool (*progress)(void *context, const struct day_end_progress *progress);
    void *context;
};

/*
 * Brings the books to `day`. INVALID when the books are further already or `day` is more than 366
 * days ahead; the fault says which contract failed when one did (its day stays open and the run
 * goes on with the others). UNAVAILABLE when it was stopped: run it again to go on.
 */
enum status day_end_run(
    const struct day_end_options *options, struct day day, struct fault *fault) FENQI_MUST_USE;

/* The steps of a day, in their order: for documents and reports. */
size_t day_end_step_count(void);
const char *day_end_step_name(size_t index);

/* Runs what staff ask for by service/request_day_end, on a thread of its own. */
struct day_end_scheduler;
struct day_end_scheduler *day_end_scheduler_start(
    struct store *store, enum channel_mode mode, struct worker_log log);
void day_end_scheduler_stop(struct day_end_scheduler *scheduler);

#endif
