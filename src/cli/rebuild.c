/*
 * rebuild.c: `fenqi rebuild [--check]`: what is derived, held against the facts. Exports:
 * command_rebuild.
 *
 * With --check it reads snapshots and says what differs; without, it also writes the differing
 * rows anew, which may be done beside a running server. Exit code 1 when anything differed.
 */
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "job/verifier.h"

#include <stdio.h>

static void print_difference(void *context, const char *text) {
    progress_clear(context);
    printf("%s\n", text);
    fflush(stdout);
}

static bool show(void *context, const struct verifier_progress *now) {
    if (now->through)
        progress_clear(context);
    else
        progress_show(context, now->customers, now->planned, now->differences);
    return true;
}

static enum status rebuild_all(
    struct store *store, bool check_only, struct books_report *found, struct fault *fault) {
    struct progress progress;
    struct verifier_options options = {.store = store,
        .scope = BOOKS_DERIVED,
        .mend = !check_only,
        .difference = print_difference,
        .progress = show,
        .context = &progress};
    progress_start(&progress, "customers");
    return verifier_run(&options, found, fault);
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    struct report report = {.max_age_s = -1};
    bool check_only = false;
    struct books_report found;
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(installation),
        REPORT_OPTIONS(report),
        {"--check", NULL, CLI_FLAG, &check_only, 0, 0},
    };
    if (!cli_parse(
            "rebuild", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL)) {
        return CLI_USAGE;
    }
    if (report.database != NULL && !check_only)
        return cli_usage("rebuild", "a report database is only read: --check");
    struct fault fault = {0};
    enum status status = report_open(&report, &installation, cli, &fault);
    if (status == STATUS_OK) {
        status = rebuild_all(installation.store, check_only, &found, &fault);
        installation_close(&installation);
    }
    if (status != STATUS_OK) {
        return cli_fault("rebuild", &fault);
    }
    printf("%lld contracts, %lld events replayed, %lld differences\n", (long long)found.contracts,
        (long long)found.events, (long long)found.differences);
    return found.differences == 0 ? CLI_DONE : CLI_FOUND;
}

const struct cli_command command_rebuild = {"rebuild",
    "[--check] --database URL --data DIR [--report-database URL]",
    "hold what is derived against the facts; mend it without --check", run};
