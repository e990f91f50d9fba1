/*
 * rebuild.c: `fenqi rebuild [--check]`: what is derived, held against the facts. Exports:
 * command_rebuild.
 *
 * With --check it reads snapshots and says what differs; without, it also writes the differing
 * rows anew, which may be done beside a running server. Exit code 1 when anything differed.
 */
#include "cli/commands.h"
#include "cli/report.h"
#include "service/verify_books.h"

#include <stdio.h>

struct rebuild {
    bool check_only;
    struct derived_place place;
    struct books_report report;
};

static void print_difference(void *context, const char *text) {
    (void)context;
    printf("%s\n", text);
}

static enum status check_page(struct tx *tx, void *context) {
    struct rebuild *rebuild = context;
    return check_derived(tx, print_difference, NULL, &rebuild->place, &rebuild->report);
}

static enum status mend_one(struct tx *tx, void *context) {
    return mend_derived(tx, *(const struct derived_key *)context);
}

/* Each differing contract in a unit of its customer: a server may be running beside. */
static enum status mend_page(struct store *store, struct rebuild *rebuild, struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < rebuild->place.differing_count; i++) {
        struct derived_key *key = &rebuild->place.differing[i];
        status = store_run(store, key->customer_id, NULL, mend_one, key, fault);
    }
    return status;
}

/* Page by page, each in a snapshot and memory of its own. */
static enum status rebuild_all(struct store *store, struct rebuild *rebuild, struct fault *fault) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !rebuild->place.done) {
        FENQI_ARENA arena = arena_create(1 << 20);
        status = store_read(store, arena, check_page, rebuild, fault);
        if (status == STATUS_OK && !rebuild->check_only)
            status = mend_page(store, rebuild, fault);
    }
    return status;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    struct report report = {.max_age_s = -1};
    struct rebuild rebuild = {0};
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(installation),
        REPORT_OPTIONS(report),
        {"--check", NULL, CLI_FLAG, &rebuild.check_only, 0, 0},
    };
    if (!cli_parse(
            "rebuild", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL)) {
        return CLI_USAGE;
    }
    if (report.database != NULL && !rebuild.check_only)
        return cli_usage("rebuild", "a report database is only read: --check");
    struct fault fault = {0};
    enum status status = report_open(&report, &installation, cli, &fault);
    if (status == STATUS_OK) {
        status = rebuild_all(installation.store, &rebuild, &fault);
        installation_close(&installation);
    }
    if (status != STATUS_OK) {
        return cli_fault("rebuild", &fault);
    }
    printf("%lld contracts, %lld events replayed, %lld differences\n",
        (long long)rebuild.report.contracts, (long long)rebuild.report.events,
        (long long)rebuild.report.differences);
    return rebuild.report.differences == 0 ? CLI_DONE : CLI_FOUND;
}

const struct cli_command command_rebuild = {"rebuild",
    "[--check] --database URL --data DIR [--report-database URL]",
    "hold what is derived against the facts; mend it without --check", run};
