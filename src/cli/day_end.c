/*
 * day_end.c: `fenqi day-end --date D`: moves the books to D, day by day. Exports: command_day_end.
 *
 * With --channels it brings its own channel worker, so that it needs no server beside it; with a
 * server running both work from the same outbox under leases. Interrupted, it is simply run again.
 */
#include "job/day_end.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "job/channel_worker.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "day-end";

struct day_end_command {
    struct installation installation;
    struct day date;
    const char *mode_name, *channels_file, *notify_url;
    int64_t wait_s;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    (void)number;
    interrupted = 1;
}

/* On a terminal one line that is written over; else one line a day, when the day is through. */
static bool show(void *context, const struct day_end_progress *progress) {
    (void)context;
    char day[DAY_TEXT_SIZE];
    bool terminal = isatty(STDERR_FILENO) != 0;
    bool through = progress->through;
    if (terminal || through)
        fprintf(stderr, "%s%s: %lld contracts, %lld debits begun, %lld on their way%s",
            terminal ? "\r\033[K" : "", day_to_text(progress->day, day),
            (long long)progress->contracts, (long long)progress->collections,
            (long long)progress->waiting, through ? "\n" : "");
    return !interrupted;
}

static enum status run_it(struct day_end_command *command, struct cli *cli, struct fault *fault) {
    enum channel_mode mode =
        strcmp(command->mode_name, "live") == 0 ? CHANNEL_MODE_LIVE : CHANNEL_MODE_TEST;
    struct channels *channels = NULL;
    struct channel_worker *worker = NULL;
    enum status status = installation_open(&command->installation, cli, NULL, fault);
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
        struct day_end_options options = {.store = command->installation.store,
            .mode = mode,
            .wait_ms = (int32_t)command->wait_s * 1000,
            .progress = show};
        status = day_end_run(&options, command->date, fault);
    }
    channel_worker_stop(worker);
    channels_close(channels);
    return status;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct day_end_command command = {
        .date = DAY_NONE, .mode_name = "test", .notify_url = "http://127.0.0.1:8080/api/v1"};
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(command.installation),
        {"--date", NULL, CLI_DAY, &command.date, 0, 0},
        {"--mode", "FENQI_MODE", CLI_TEXT, &command.mode_name, 0, 0},
        {"--channels", "FENQI_CHANNELS", CLI_TEXT, &command.channels_file, 0, 0},
        {"--notify-url", "FENQI_NOTIFY_URL", CLI_TEXT, &command.notify_url, 0, 0},
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
    if (status != STATUS_OK)
        return cli_fault(name, &fault);
    char day[DAY_TEXT_SIZE];
    printf("the books are at %s\n", day_to_text(command.date, day));
    return CLI_DONE;
}

const struct cli_command command_day_end = {"day-end",
    "--data DIR --date YYYY-MM-DD [--database URL] [--channels FILE] [--mode demo|test|live]",
    "move the books to a day and do the work of every day up to it", run};
