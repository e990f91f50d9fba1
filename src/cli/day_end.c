/*
 * day_end.c: `fenqi day-end --date D`: moves the books to D, day by day. Exports: command_day_end.
 *
 * With --channels it brings its own channel worker, so that it needs no server beside it; with a
 * server running both work from the same outbox under leases; several of it on one database share
 * the work. Interrupted, it finishes what is under way and is simply run again.
 */
#include "job/day_end.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/progress.h"
#include "job/book_keeper.h"
#include "job/channel_worker.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char name[] = "day-end";

enum { LINE_EVERY_MS = 5000, LAST_NODE = 63 };

struct day_end_command {
    struct installation installation;
    struct day date;
    const char *mode_name, *channels_file, *notify_url;
    int64_t wait_s;
    int64_t threads;     /* 0: the day-end's own choice */
    int64_t connections; /* that write, on PostgreSQL; 0: the store's own choice */
    int64_t node;        /* unlike in processes beside it */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    (void)number;
    interrupted = 1;
}

/* What the lines of progress need to know of the past. */
struct display {
    struct day day;
    int64_t began_ms; /* this day's contracts */
    int64_t already;  /* contracts that were done then */
    int64_t said_ms;  /* the last line */
};

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* clock: rate and time left on the screen */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void print_work(const struct display *display, const struct day_end_progress *progress) {
    int64_t done = progress->contracts, planned = progress->planned;
    int64_t ms = clock_ms() - display->began_ms, fresh = done - display->already;
    if (planned > 0)
        progress_print("contracts", done, planned, fresh, ms);
    if (progress->collections > 0)
        fprintf(stderr, ", %lld debits begun", (long long)progress->collections);
    if (progress->waiting > 0)
        fprintf(stderr, ", %lld on their way", (long long)progress->waiting);
    if (done >= planned && progress->step)
        fprintf(stderr, " (%s)", progress->step);
}

static void print_end(const struct day_end_progress *progress) {
    char day[DAY_TEXT_SIZE];
    fprintf(stderr, "%s: %lld contracts, %lld debits begun, %lld on their way\n",
        day_to_text(progress->day, day), (long long)progress->contracts,
        (long long)progress->collections, (long long)progress->waiting);
    if (progress->summary && progress->contracts > 0)
        fputs(progress->summary, stderr);
}

/* On a terminal one line that is written over; else a line every few seconds; both tell the end. */
static bool show(void *context, const struct day_end_progress *progress) {
    struct display *display = context;
    bool terminal = isatty(STDERR_FILENO) != 0;
    int64_t now = clock_ms();
    if (display->day.number != progress->day.number)
        *display = (struct display){progress->day, now, progress->contracts, now};
    if (terminal)
        fprintf(stderr, "\r\033[K");
    if (progress->through) {
        print_end(progress);
    } else if (terminal || now - display->said_ms >= LINE_EVERY_MS) {
        char day[DAY_TEXT_SIZE];
        display->said_ms = now;
        fprintf(stderr, "%s: ", day_to_text(progress->day, day));
        print_work(display, progress);
        fprintf(stderr, terminal ? "" : "\n");
    }
    return !interrupted;
}

static enum status run_it(struct day_end_command *command, struct cli *cli, struct fault *fault) {
    enum channel_mode mode =
        strcmp(command->mode_name, "live") == 0 ? CHANNEL_MODE_LIVE : CHANNEL_MODE_TEST;
    struct channels *channels = NULL;
    struct channel_worker *worker = NULL;
    struct store_options store = {.node = (int32_t)command->node,
        .committer_count = (int32_t)command->connections,
        .unmapped = true};
    enum status status = installation_open(&command->installation, cli, &store, fault);
    if (status == STATUS_OK && command->channels_file) {
        struct channels_options options = {
            .path = command->channels_file, .mode = mode, .notify_base_url = command->notify_url};
        status = channels_open(&options, &channels, fault);
    }
    if (status == STATUS_OK && channels) {
        struct channel_worker_options options = {.store = command->installation.store,
            .channels = channels,
            .vault = &command->installation.vault};
        worker = channel_worker_start(&options);
    }
    if (status == STATUS_OK) {
        struct display display = {.day = DAY_NONE};
        struct day_end_options options = {.store = command->installation.store,
            .mode = mode,
            .wait_ms = (int32_t)command->wait_s * 1000,
            .threads = (int32_t)command->threads,
            .progress = show,
            .context = &display};
        status = day_end_run(&options, command->date, fault);
    }
    int64_t sealed;
    if (status == STATUS_OK)
        status = seal_closed_days(command->installation.store, &command->installation.vault,
            SEAL_WAIT_MS, &sealed, fault);
    channel_worker_stop(worker);
    channels_close(channels);
    return status;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct day_end_command command = {.node = LAST_NODE,
        .date = DAY_NONE,
        .mode_name = "test",
        .notify_url = "http://127.0.0.1:8080/api/v1"};
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(command.installation),
        {"--date", NULL, CLI_DAY, &command.date, 0, 0},
        {"--mode", "FENQI_MODE", CLI_TEXT, &command.mode_name, 0, 0},
        {"--channels", "FENQI_CHANNELS", CLI_TEXT, &command.channels_file, 0, 0},
        {"--notify-url", "FENQI_NOTIFY_URL", CLI_TEXT, &command.notify_url, 0, 0},
        {"--node", "FENQI_NODE", CLI_INTEGER, &command.node, 0, 63},
        {"--threads", NULL, CLI_INTEGER, &command.threads, 1, 64},
        {"--connections", NULL, CLI_INTEGER, &command.connections, 1, 16},
        {"--wait", NULL, CLI_INTEGER, &command.wait_s, 0, 86400},
    };
    if (!cli_parse(name, options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    if (day_is_none(command.date))
        return cli_usage(name, "--date YYYY-MM-DD is needed");
    struct sigaction action = {.sa_handler = interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct fault fault = {0};
    enum status status = run_it(&command, cli, &fault);
    installation_close(&command.installation);
    if (interrupted)
        fprintf(stderr, "%sstopped; what is done is done: run it again to go on\n",
            isatty(STDERR_FILENO) ? "\n" : "");
    if (status != STATUS_OK)
        return cli_fault(name, &fault);
    char day[DAY_TEXT_SIZE];
    printf("the books are at %s\n", day_to_text(command.date, day));
    return CLI_DONE;
}

const struct cli_command command_day_end = {"day-end",
    "--data DIR --date YYYY-MM-DD [--database URL] [--channels FILE] [--mode demo|test|live] "
    "[--threads N] [--connections N]",
    "move the books to a day and do the work of every day up to it", run};
