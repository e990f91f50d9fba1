/*
 * progress.h: how far a long command is, on the screen. Exports: struct progress, progress_start(),
 * progress_print(), progress_show(), progress_clear().
 *
 * On a terminal one line on standard error that is written over; else a line every few seconds.
 */
#ifndef FENQI_CLI_PROGRESS_H
#define FENQI_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "customers" */
    int64_t began_ms, said_ms;
    bool terminal;
    bool shown; /* a line that is to be written over */
};

void progress_start(struct progress *progress, const char *what);

/*
 * "[#####     ]  45 %  12345 of 27000 customers, 3210 a second, 5 s left", without an end of line.
 * `fresh` of what is done was done in the last `ms`.
 */
void progress_print(const char *what, int64_t done, int64_t planned, int64_t fresh, int64_t ms);

/* The line of what was done since progress_start(); and how much was found. */
void progress_show(struct progress *progress, int64_t done, int64_t planned, int64_t differences);

/* Takes the line away, for something else to be printed. */
void progress_clear(struct progress *progress);

#endif
