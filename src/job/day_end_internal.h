/*
 * day_end_internal.h: the day-end's own parts. Exports: struct day_run, struct range_work, the
 * functions between day_end.c, day_end_ranges.c, day_end_contracts.c and day_end_report.c.
 */
#ifndef FENQI_JOB_DAY_END_INTERNAL_H
#define FENQI_JOB_DAY_END_INTERNAL_H

#include "job/day_end.h"

#include <pthread.h>
#include <stdatomic.h>

/* The steps of a day. Stored in the ranges: only while a day is under way. */
enum day_step_number { STEP_PLAN, STEP_CONTRACTS, STEP_ORDERS, STEP_DEBITS };
enum { DAY_STEP_COUNT = STEP_DEBITS + 1 };

/* One day in one process; its workers share it. */
struct day_run {
    const struct day_end_options *options;
    struct day day;
    int64_t owner; /* this run's name on its leases */
    atomic_bool stopping;
    atomic_llong waiting; /* debits still on their way */
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t changed;
    int32_t workers;    /* that have not ended */
    struct fault fault; /* of the first worker that had to give up */
};

/* A range in the hands of a worker. */
struct range_work {
    struct day_run *run;
    struct day_end_range range;
    struct fault fault; /* of its first contract that failed in our hands */
    int64_t kept_at_ms; /* when the lease was last renewed */
    bool lost;          /* somebody has taken it over: nothing of it is ours to save */
};

enum day_opening {
    DAY_OPENED,
    DAY_JOINED, /* an earlier run has opened it, or another process */
    DAY_OVER,
    DAY_BEFORE_IS_OPEN, /* another process looks at it again: it has to end first */
    DAY_NOT_WANTED,     /* the wish of staff has been fulfilled or replaced meanwhile */
};

/*
 * Begins a day on the way to `target`: rolls the date and lays out its steps. A day that is done is
 * opened again when it is the `first` of a run.
 */
enum status day_open(struct day_run *run, struct day target, bool first, enum day_opening *answer,
    struct fault *fault);

enum next_range { NEXT_RANGE, NEXT_WAIT, NEXT_NONE };

/*
 * Marks `work` done when it has a range that is still ours (`done` false: gives it back instead),
 * and takes the next range that is free. NEXT_WAIT: all that is left is in other hands.
 */
enum status range_next(
    struct range_work *work, bool done, enum next_range *next, struct fault *fault);
enum status range_release(struct range_work *work, struct fault *fault);

/* Renews the lease and saves the counts, if it is time to. Sets work->lost. */
enum status range_keep(struct range_work *work, struct fault *fault);

/* The step that splits the day's contracts into ranges. */
enum status plan_ranges(struct range_work *work, struct fault *fault);

/* The step that closes the contracts of a range. */
enum status close_range(struct range_work *work, struct fault *fault);

/* Sums what all processes have saved. */
enum status day_progress(
    struct day_run *run, struct day_end_progress *progress, struct fault *fault);

/* Ends a day whose ranges are all done: report and record. Harmless to repeat. */
struct day_closing {
    int64_t contracts, debits, failed;
    int64_t waiting;    /* debits still on their way, of this day and before */
    const char *fault;  /* of the first contract that failed, in `arena` */
    const char *report; /* in `arena`; NULL when another process has closed the day */
    const char *summary;
};
enum status day_close(
    struct day_run *run, struct arena *arena, struct day_closing *closing, struct fault *fault);

int64_t monotonic_ms(void);

#endif
