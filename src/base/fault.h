/*
 * fault.h: failures of the environment. Exports: enum status, struct fault, fault_set(),
 * fault_wrap(), status_name().
 *
 * A status says that the world did not do its part (disk, database, network, memory, a file of bad
 * bytes). It is neither a bug (check.h) nor a refusal (the outcome enum of a use case). The detail
 * travels beside it in a bounded text that each caller on the way up may put its own words before.
 * Codes, their HTTP status, exit code and whether a retry helps stand in spec/status.tsv.
 */
#ifndef FENQI_BASE_FAULT_H
#define FENQI_BASE_FAULT_H

#include <stdbool.h>

enum status {
    STATUS_OK = 0,
    STATUS_INVALID,     /* input from outside (file, configuration, wire) is not what it must be */
    STATUS_NOT_FOUND,   /* a named thing of the environment (file, row asked by key) is not there */
    STATUS_IO,          /* reading or writing failed */
    STATUS_FULL,        /* no space left, or a bounded queue is full */
    STATUS_UNAVAILABLE, /* the other side cannot be reached or is shutting down */
    STATUS_TIMEOUT,     /* the other side did not answer in time: its state is unknown */
    STATUS_CONFLICT,    /* a concurrent change won, or a unique key stands already: try again */
    STATUS_CORRUPT,     /* stored data contradicts itself */
    STATUS_DENIED,      /* the environment refused us: permission, signature, authentication */
    STATUS_DAMAGED,     /* what the database lies in (a page, an index) is not what it wrote */
};
enum { STATUS_COUNT = STATUS_DAMAGED + 1 };

/* The detail of a failure. `text` is always NUL-terminated, cut when too long. Never secrets. */
struct fault {
    enum status status;
    char text[400];
};

#define FENQI_MUST_USE __attribute__((warn_unused_result))
#define FENQI_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))

/* Records `status` with a formatted text and returns it. `fault` may be NULL. */
enum status fault_set(struct fault *fault, enum status status, const char *format, ...)
    FENQI_PRINTF(3, 4);

/* Puts formatted words and ": " before the text already there; returns the status it holds. */
enum status fault_wrap(struct fault *fault, const char *format, ...) FENQI_PRINTF(2, 3);

/* The name of a status as in spec/status.tsv, e.g. "unavailable". Never NULL. */
const char *status_name(enum status status);

/* Whether the same call may succeed later without anything being changed by the caller. */
bool status_retry(enum status status);

/* The process exit code with which a command reports this status (sysexits.h values). */
int status_exit_code(enum status status);

/* The HTTP status with which an API answer reports this status. */
int status_http(enum status status);

#endif
