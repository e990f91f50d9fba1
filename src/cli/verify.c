/*
 * verify.c: `fenqi verify`: the journal's balance, its chains of hashes, the credit balances, and
 * the life of every payment.
 * Exports: command_verify.
 */
#include "cli/commands.h"
#include "cli/installation.h"
#include "service/verify_payments.h"

#include <stdio.h>

static void print_difference(void *context, const char *text) {
    (void)context;
    printf("%s\n", text);
}

static enum status unit(struct tx *tx, void *context) {
    struct books_report *report = context;
    *report = (struct books_report){0};
    enum status status = check_books(tx, print_difference, NULL, report);
    return status == STATUS_OK ? check_payments(tx, print_difference, NULL, report) : status;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    const struct cli_option options[] = {INSTALLATION_OPTIONS(installation)};
    if (!cli_parse(
            "verify", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL)) {
        return CLI_USAGE;
    }
    struct fault fault = {0};
    struct books_report report = {0};
    enum status status = installation_open(&installation, cli, NULL, &fault);
    if (status == STATUS_OK) {
        status = store_read(installation.store, cli->arena, unit, &report, &fault);
        installation_close(&installation);
    }
    if (status != STATUS_OK) {
        return cli_fault("verify", &fault);
    }
    printf("%lld entries in %lld chains, %lld payments, %lld differences\n",
        (long long)report.entries, (long long)report.chains, (long long)report.payments,
        (long long)report.differences);
    return report.differences == 0 ? CLI_DONE : CLI_FOUND;
}

const struct cli_command command_verify = {"verify", "--database URL --data DIR",
    "check the journal (balance, chains of hashes, credit balances) and every payment's life", run};
