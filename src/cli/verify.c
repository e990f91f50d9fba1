/*
 * verify.c: `fenqi verify`: the journal's balance, its chains of hashes, the credit balances, and
 * the life of every payment.
 * Exports: command_verify.
 */
#include "cli/commands.h"
#include "cli/report.h"
#include "service/verify_payments.h"
#include "service/verify_roots.h"

#include <stdio.h>

static void print_difference(void *context, const char *text) {
    (void)context;
    printf("%s\n", text);
}

struct verify {
    const struct vault *vault;
    struct roots_place roots;
    struct books_place place;
    struct books_report report;
};

static enum status books_unit(struct tx *tx, void *context) {
    struct verify *verify = context;
    return check_books(tx, print_difference, NULL, &verify->place, &verify->report);
}

static enum status payments_unit(struct tx *tx, void *context) {
    struct verify *verify = context;
    return check_payments(tx, print_difference, NULL, &verify->report);
}

static enum status roots_unit(struct tx *tx, void *context) {
    struct verify *verify = context;
    return check_roots(tx, verify->vault, print_difference, NULL, &verify->roots, &verify->report);
}

/* The journal page by page, each in a snapshot and memory of its own; then the payments. */
static enum status verify_all(struct store *store, struct verify *verify, struct fault *fault) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !verify->place.done) {
        FENQI_ARENA arena = arena_create(1 << 20);
        status = store_read(store, arena, books_unit, verify, fault);
    }
    while (status == STATUS_OK && !verify->roots.done)
        status = store_read(store, NULL, roots_unit, verify, fault);
    FENQI_ARENA arena = arena_create(1 << 20);
    return status == STATUS_OK ? store_read(store, arena, payments_unit, verify, fault) : status;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    struct report report = {.max_age_s = -1};
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(installation), REPORT_OPTIONS(report)};
    if (!cli_parse(
            "verify", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL)) {
        return CLI_USAGE;
    }
    struct fault fault = {0};
    struct verify verify = {.vault = &installation.vault};
    enum status status = report_open(&report, &installation, cli, &fault);
    if (status == STATUS_OK) {
        status = verify_all(installation.store, &verify, &fault);
        installation_close(&installation);
    }
    if (status != STATUS_OK) {
        return cli_fault("verify", &fault);
    }
    printf("%lld entries in %lld chains, %lld payments, %lld differences\n",
        (long long)verify.report.entries, (long long)verify.report.chains,
        (long long)verify.report.payments, (long long)verify.report.differences);
    return verify.report.differences == 0 ? CLI_DONE : CLI_FOUND;
}

const struct cli_command command_verify = {"verify",
    "--database URL --data DIR [--report-database URL [--max-age SECONDS]]",
    "check the journal (balance, chains of hashes, credit balances) and every payment's life", run};
