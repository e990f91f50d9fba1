/*
 * verify.c: `fenqi verify`: journal, chains of hashes, signed roots, credit balances, what is
 * derived, and the life of every payment. Exports: command_verify.
 *
 * It may run beside a server: it reads snapshots and writes nothing. Exit code 1 when anything
 * differs.
 */
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/prove.h"
#include "cli/report.h"
#include "job/verifier.h"

#include <stdio.h>

struct verify {
    struct installation installation;
    struct report report;
    int64_t threads; /* 0: as many as there are cores */
    struct progress progress;
};

static void print_difference(void *context, const char *text) {
    struct verify *verify = context;
    progress_clear(&verify->progress);
    printf("%s\n", text);
    fflush(stdout);
}

static bool show(void *context, const struct verifier_progress *now) {
    struct verify *verify = context;
    if (now->through)
        progress_clear(&verify->progress);
    else
        progress_show(&verify->progress, now->customers, now->planned, now->differences);
    return true;
}

static enum status verify_all(
    struct verify *verify, struct books_report *found, struct fault *fault) {
    struct verifier_options options = {.store = verify->installation.store,
        .scope = BOOKS_ALL,
        .vault = &verify->installation.vault,
        .threads = (int32_t)verify->threads,
        .difference = print_difference,
        .progress = show,
        .context = verify};
    progress_start(&verify->progress, "customers");
    return verifier_run(&options, found, fault);
}

static void print_report(const struct books_report *report) {
    if (report->debits == report->credits)
        printf("debits and credits are %lld.%02d yuan each\n", (long long)(report->debits / 100),
            (int)(report->debits % 100));
    printf("%lld contracts with %lld events, %lld entries in %lld chains, %lld sealed days, "
           "%lld payments, %lld differences\n",
        (long long)report->contracts, (long long)report->events, (long long)report->entries,
        (long long)report->chains, (long long)report->days, (long long)report->payments,
        (long long)report->differences);
}

/* The exit code; after a failure CLI_DONE. */
static int prove_it(struct verify *verify, const struct public_number *number, enum status *status,
    struct fault *fault) {
    bool proven = false;
    *status = prove(verify->installation.store, number, &proven, fault);
    return *status != STATUS_OK || proven ? CLI_DONE : CLI_FOUND;
}

static int verify_it(struct verify *verify, enum status *status, struct fault *fault) {
    struct books_report found;
    *status = verify_all(verify, &found, fault);
    if (*status == STATUS_OK)
        print_report(&found);
    return *status != STATUS_OK || found.differences == 0 ? CLI_DONE : CLI_FOUND;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct verify verify = {.report = {.max_age_s = -1}};
    const char *prove_number = NULL;
    struct public_number number;
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(verify.installation),
        REPORT_OPTIONS(verify.report),
        {"--threads", NULL, CLI_INTEGER, &verify.threads, 1, 64},
        {"--prove", NULL, CLI_TEXT, &prove_number, 0, 0},
    };
    if (!cli_parse(
            "verify", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL)) {
        return CLI_USAGE;
    }
    if (prove_number != NULL && !prove_number_read(prove_number, &number))
        return cli_usage("verify", "--prove takes the number of a payment or refund: P… or R…");
    struct fault fault = {0};
    int code = CLI_DONE;
    enum status status = report_open(&verify.report, &verify.installation, cli, &fault);
    if (status == STATUS_OK) {
        code = prove_number != NULL ? prove_it(&verify, &number, &status, &fault)
                                    : verify_it(&verify, &status, &fault);
        installation_close(&verify.installation);
    }
    return status == STATUS_OK ? code : cli_fault("verify", &fault);
}

const struct cli_command command_verify = {"verify",
    "--database URL --data DIR [--threads N] [--prove NUMBER] "
    "[--report-database URL [--max-age SECONDS]]",
    "check journal, hash chains, signed roots, balances, what is derived, every payment's life",
    run};
