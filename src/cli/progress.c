/* progress.c: how far a long command is, on the screen. See progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 24, LINE_EVERY_MS = 5000 };

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* clock: rate and time left on the screen */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(struct progress *progress, const char *what) {
    int64_t now = clock_ms();
    *progress = (struct progress){what, now, now, isatty(STDERR_FILENO) != 0, false};
}

void progress_clear(struct progress *progress) {
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
    progress->shown = false;
}

void progress_print(const char *what, int64_t done, int64_t planned, int64_t fresh, int64_t ms) {
    int64_t share = done >= planned ? 100 : done * 100 / planned;
    fputc('[', stderr);
    for (int64_t i = 0; i < BAR_WIDTH; i++)
        fputc(i < share * BAR_WIDTH / 100 ? '#' : ' ', stderr);
    fprintf(stderr, "] %3lld %%  %lld of %lld %s", (long long)share, (long long)done,
        (long long)planned, what);
    if (ms > 0 && fresh > 0)
        fprintf(stderr, ", %lld a second", (long long)(fresh * 1000 / ms));
    if (ms > 0 && fresh > 0 && done < planned)
        fprintf(stderr, ", %lld s left", (long long)((planned - done) * ms / fresh / 1000 + 1));
}

void progress_show(struct progress *progress, int64_t done, int64_t planned, int64_t differences) {
    int64_t now = clock_ms(), ms = now - progress->began_ms;
    if (planned <= 0 || (!progress->terminal && now - progress->said_ms < LINE_EVERY_MS))
        return;
    progress->said_ms = now;
    progress_clear(progress);
    progress_print(progress->what, done, planned, done, ms);
    if (differences > 0)
        fprintf(stderr, ", %lld differences", (long long)differences);
    fputs(progress->terminal ? "" : "\n", stderr);
    fflush(stderr);
    progress->shown = progress->terminal;
}
