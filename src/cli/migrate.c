/* migrate.c: `fenqi migrate`: brings the schema forward. Exports: command_migrate. */
#include "cli/commands.h"
#include "cli/installation.h"

#include <stdio.h>

static int print_migrations(struct cli *cli, struct installation *installation) {
    struct fault fault = {0};
    struct store_migration *migrations;
    size_t count;
    enum status status =
        store_migrations(installation->store, cli->arena, &migrations, &count, &fault);
    if (status != STATUS_OK)
        return cli_fault("migrate", &fault);
    for (size_t i = 0; i < count; i++)
        printf("%04d_%s %s\n", migrations[i].number, migrations[i].name,
            migrations[i].applied ? "applied" : "missing");
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    const struct cli_option options[] = {INSTALLATION_OPTIONS(installation)};
    if (!cli_parse(
            "migrate", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    struct fault fault = {0};
    if (installation_open(&installation, cli, NULL, &fault) != STATUS_OK)
        return cli_fault("migrate", &fault);
    int code = print_migrations(cli, &installation);
    installation_close(&installation);
    return code;
}

const struct cli_command command_migrate = {
    "migrate", "--database URL --data DIR", "bring the database's schema forward", run};
