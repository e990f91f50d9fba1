/*
 * verifier.h: reads all customers, range by range, on several threads: what `fenqi verify` and
 * `fenqi rebuild` do. Exports: struct verifier_options, struct verifier_progress, verifier_run().
 *
 * Every range is read from a snapshot of its own, on a read-only connection of its thread; memory
 * is that of one range a thread. Whoever writes meanwhile is neither kept waiting nor taken for a
 * difference.
 */
#ifndef FENQI_JOB_VERIFIER_H
#define FENQI_JOB_VERIFIER_H

#include "codec/vault.h"
#include "service/verify_books.h"

struct verifier_progress {
    int64_t customers, planned; /* looked at, and how many there are; planned may grow */
    int64_t differences;
    bool through;
};

/*
 * difference is told every difference as it is found, progress a few times a second and once at
 * the end, on the calling thread; false stops. The two are never called at the same time.
 */
struct verifier_options {
    struct store *store;
    enum books_scope scope;
    const struct vault *vault; /* whose signed roots are held against the journal; NULL: none */
    bool mend;                 /* what is derived and differs is written anew */
    int32_t threads;           /* 0: as many as there are cores */
    void (*difference)(void *context, const char *text);
    bool (*progress)(void *context, const struct verifier_progress *progress); /* or NULL */
    void *context;
};

/* The first failure ends it, and so does progress(): *report is of what was looked at. */
enum status verifier_run(const struct verifier_options *options, struct books_report *report,
    struct fault *fault) FENQI_MUST_USE;

#endif
