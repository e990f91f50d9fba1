/*
 * migrate.c: `fenqi migrate`: brings the schema forward, says before what it would do, and spreads
 * it over many machines. Exports: command_migrate.
 */
#include "cli/commands.h"
#include "cli/installation.h"
#include "store/migrations.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHARDS = 128, MOST_SHARDS = 8192, SHORT_CHECKSUM = 12 };

struct migrate {
    struct installation installation;
    bool plan;
    bool distribute;
    int64_t shards;
};

static const char *effect_words(enum migration_effect effect) {
    switch (effect) {
    case EFFECT_NEW:
        return "nobody waits";
    case EFFECT_BRIEF:
        return "everybody waits for a moment; no row is written";
    case EFFECT_READS:
        return "reads every row; writers wait meanwhile";
    case EFFECT_ROWS:
        return "writes rows; who writes the same rows waits until the end";
    case EFFECT_REWRITES:
        return "WRITES EVERY ROW ANEW; everybody waits meanwhile";
    case EFFECT_DROPS:
        return "THE TABLE IS GONE";
    case EFFECT_UNKNOWN:
        return "NOT RECOGNISED: read sql/migrations";
    }
    return "";
}

static void print_step(const struct planned_step *step) {
    if (step->rows < 0 && step->effect != EFFECT_UNKNOWN && step->effect != EFFECT_BRIEF) {
        printf("    %s: nobody waits\n", step->text); /* the table is not there yet */
        return;
    }
    printf("    %s\n        ", step->text);
    if (step->rows >= 0)
        printf("%s has about %" PRId64 " rows; ", step->table, step->rows);
    printf("%s\n", effect_words(step->effect));
}

/* Prints every migration; how many are pending. */
static size_t print_migrations(const struct planned_migration *migrations, size_t count) {
    size_t pending = 0;
    for (size_t i = 0; i < count; i++) {
        const struct planned_migration *one = &migrations[i];
        printf("%04d_%s %.*s ", one->number, one->name, SHORT_CHECKSUM, one->checksum);
        if (one->applied) {
            char text[INSTANT_TEXT_SIZE];
            printf("applied %s\n", instant_to_text(one->applied_at, ZONE_SHANGHAI, text));
            continue;
        }
        printf("pending\n");
        for (size_t j = 0; j < one->step_count; j++)
            print_step(&one->steps[j]);
        pending++;
    }
    printf("%zu pending\n", pending);
    return pending;
}

static int plan(struct cli *cli, const char *database) {
    struct fault fault = {0};
    struct planned_migration *migrations;
    size_t count;
    if (store_migration_plan(database, cli->arena, &migrations, &count, &fault) != STATUS_OK)
        return cli_fault("migrate", &fault);
    return print_migrations(migrations, count) == 0 ? CLI_DONE : CLI_FOUND;
}

/* Prints the statements of what is not spread, or spreads it and prints what is where. */
static int distribute(struct cli *cli, const char *database, const struct migrate *migrate) {
    struct fault fault = {0};
    struct distribution_step *steps;
    size_t count, left = 0;
    enum status status = migrate->plan ? store_distribution_plan(database, (int32_t)migrate->shards,
                                             cli->arena, &steps, &count, &fault)
                                       : store_distribute(database, (int32_t)migrate->shards,
                                             cli->arena, &steps, &count, &fault);
    if (status != STATUS_OK)
        return cli_fault("migrate", &fault);
    for (size_t i = 0; i < count; i++) {
        printf("%s%s;\n", steps[i].done ? "-- done: " : "", steps[i].statement);
        left += !steps[i].done;
    }
    return left == 0 ? CLI_DONE : CLI_FOUND;
}

static int migrate_forward(struct cli *cli, struct installation *installation) {
    struct fault fault = {0};
    if (installation_open(installation, cli, NULL, &fault) != STATUS_OK)
        return cli_fault("migrate", &fault);
    int code = plan(cli, installation->database);
    installation_close(installation);
    return code;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct migrate migrate = {.shards = SHARDS};
    const struct cli_option options[] = {INSTALLATION_OPTIONS(migrate.installation),
        {"--plan", NULL, CLI_FLAG, &migrate.plan, 0, 0},
        {"--distribute", NULL, CLI_FLAG, &migrate.distribute, 0, 0},
        {"--shards", NULL, CLI_INTEGER, &migrate.shards, 1, MOST_SHARDS}};
    struct fault fault = {0};
    if (!cli_parse(
            "migrate", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    if (!migrate.plan && !migrate.distribute)
        return migrate_forward(cli, &migrate.installation);
    if (installation_address(&migrate.installation, cli, &fault) != STATUS_OK)
        return cli_fault("migrate", &fault);
    return migrate.distribute ? distribute(cli, migrate.installation.database, &migrate)
                              : plan(cli, migrate.installation.database);
}

const struct cli_command command_migrate = {"migrate",
    "--database URL --data DIR [--plan] [--distribute] [--shards N]",
    "bring the database's schema forward", run};
