/*
 * import.c: `fenqi import orders FILE.csv`. Exports: command_import.
 */
#include "base/builder.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "service/import_orders.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 64 * 1024 * 1024, READ_BYTES = 65536 };

static enum status read_file(
    struct arena *arena, const char *path, struct bytes *file, struct fault *fault) {
    FILE *in = fopen(path, "re");
    if (in == NULL) {
        return fault_set(fault, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
            "cannot open %s: %s", path, strerror(errno));
    }
    struct builder text = builder_start(arena, READ_BYTES);
    char *part = arena_allocate(arena, READ_BYTES);
    size_t got;
    while ((got = fread(part, 1, READ_BYTES, in)) > 0 && text.length <= FILE_BYTES_MAX) {
        builder_add_n(&text, part, got);
    }
    bool bad = ferror(in) != 0;
    fclose(in);
    if (bad) {
        return fault_set(fault, STATUS_IO, "cannot read %s", path);
    }
    if (text.length > FILE_BYTES_MAX) {
        return fault_set(fault, STATUS_INVALID, "%s is larger than 64 MiB", path);
    }
    *file = builder_bytes(&text);
    return STATUS_OK;
}

struct import_run {
    const struct vault *vault;
    struct import_orders import;
};

static enum status unit(struct tx *tx, void *context) {
    struct import_run *run = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    if (status == STATUS_OK) {
        status = import_orders(tx, moment, run->vault, &run->import);
    }
    if (status == STATUS_OK && run->import.problem_count > 0) {
        tx_refuse(tx);
    }
    return status;
}

static void print_problems(const char *path, const struct import_orders *import) {
    size_t shown =
        import->problem_count < IMPORT_PROBLEMS_MAX ? import->problem_count : IMPORT_PROBLEMS_MAX;
    for (size_t i = 0; i < shown; i++) {
        const struct import_problem *problem = &import->problems[i];
        fprintf(stderr, "%s:%lld", path, (long long)problem->line);
        if (problem->column > 0) {
            fprintf(stderr, ":%d", problem->column);
        }
        fprintf(stderr, ": %s%s%s / %s\n", problem->column_name,
            problem->column_name[0] == '\0' ? "" : ": ", problem->reason_zh, problem->reason_en);
    }
    if (shown < import->problem_count) {
        fprintf(stderr, "… 另有 %zu 处 / %zu more\n", import->problem_count - shown,
            import->problem_count - shown);
    }
    fprintf(stderr, "没有导入任何订单 / nothing was imported\n");
}

static int import_file(struct cli *cli, struct installation *installation, const char *path) {
    struct fault fault = {0};
    struct bytes file;
    if (read_file(cli->arena, path, &file, &fault) != STATUS_OK) {
        return cli_fault("import orders", &fault);
    }
    struct import_run run = {0};
    read_import(cli->arena, file, &run.import);
    enum status status = STATUS_OK;
    if (run.import.problem_count == 0) {
        status = installation_open(installation, cli, NULL, &fault);
        if (status == STATUS_OK) {
            run.vault = &installation->vault;
            status = store_run(installation->store, STORE_NO_KEY, cli->arena, unit, &run, &fault);
            installation_close(installation);
        }
    }
    if (status != STATUS_OK) {
        return cli_fault("import orders", &fault);
    }
    if (run.import.problem_count > 0) {
        print_problems(path, &run.import);
        return status_exit_code(STATUS_INVALID);
    }
    printf("新增 %lld，未变 %lld / created %lld, unchanged %lld\n",
        (long long)run.import.created_count, (long long)run.import.unchanged_count,
        (long long)run.import.created_count, (long long)run.import.unchanged_count);
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    const struct cli_option options[] = {INSTALLATION_OPTIONS(installation)};
    const char *rest[1];
    size_t rest_count;
    if (!cli_parse("import orders", options, sizeof options / sizeof options[0], argc, argv, rest,
            1, &rest_count)) {
        return CLI_USAGE;
    }
    if (rest_count != 1) {
        return cli_usage("import orders", "name the file: fenqi import orders FILE.csv");
    }
    return import_file(cli, &installation, rest[0]);
}

const struct cli_command command_import = {"import orders", "FILE.csv --database URL --data DIR",
    "orders from a file, all or nothing", run};
