/*
 * child.h: a program of the database's own, run as a child; internal to src/store. Exports:
 * struct child, child_start(), child_end().
 */
#ifndef FENQI_STORE_CHILD_H
#define FENQI_STORE_CHILD_H

#include "base/arena.h"

#include <stdio.h>
#include <sys/types.h>

struct child {
    const char *name;
    pid_t process;
    FILE *output; /* its standard output; NULL unless asked for */
    FILE *complaints;
};

/*
 * Starts argv[0] (looked for in PATH) with `environment` beside our own: "NAME=VALUE" texts, where
 * a password belongs rather than in argv. UNAVAILABLE when it is not installed.
 */
enum status child_start(struct child *child, const char *const *argv,
    const char *const *environment, bool with_output, struct fault *fault) FENQI_MUST_USE;

/* Waits for the end; IO with the first line that it complained by, unless it ended with code 0. */
enum status child_end(struct child *child, struct fault *fault) FENQI_MUST_USE;

#endif
