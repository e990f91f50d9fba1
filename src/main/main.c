/*
 * main.c: the program `fenqi`: picks clock and randomness, finds the command, runs it.
 */
#include "main/main.h"

#include "base/check.h"
#include "cli/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

static int run_help(struct cli *cli, int argc, char **argv);
static int run_version(struct cli *cli, int argc, char **argv);

static const struct cli_command command_help = {"help", "", "this list", run_help};
static const struct cli_command command_version = {"version", "", "the version", run_version};

static const struct cli_command *const commands[] = {
    &command_serve,
    &command_backup_key,
    &command_backup,
    &command_calc,
    &command_day_end,
    &command_demo,
    &command_import,
    &command_migrate,
    &command_rebuild,
    &command_verify,
    &command_restore,
    &command_product,
    &command_shop,
    &command_staff,
    &command_routes,
    &command_version,
    &command_help,
};

static int run_help(struct cli *cli, int argc, char **argv) {
    (void)argc;
    (void)argv;
    printf("Fenqi 分期 %s\n\n", cli->version);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        printf("  fenqi %-10s %s\n%s%s%s", commands[i]->name, commands[i]->summary,
            commands[i]->arguments[0] == '\0' ? "" : "                   ", commands[i]->arguments,
            commands[i]->arguments[0] == '\0' ? "" : "\n");
    return CLI_DONE;
}

static int run_version(struct cli *cli, int argc, char **argv) {
    (void)argc;
    (void)argv;
    printf("%s\n", cli->version);
    return CLI_DONE;
}

static struct instant wall_clock(void *context) {
    (void)context;
    struct timespec now;
    check(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (struct instant){(int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000};
}

/* The kernel's randomness; it never runs dry once the machine is up. */
static void kernel_entropy(void *context, void *buffer, size_t size) {
    (void)context;
    char *at = buffer;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        check(got > 0 || errno == EINTR);
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
}

int main(int argc, char **argv) {
    umask(0077); /* keys and databases are nobody else's */
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct cli cli = {.program = "fenqi",
        .version = FENQI_VERSION,
        .clock = wall_clock,
        .entropy = kernel_entropy,
        .arena = arena_create(4096)};
    const char *name = argc < 2 ? "help" : argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    int code = -1;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0] && code < 0; i++) {
        /* a command's name may be two words: "demo load", "import orders" */
        const char *space = strchr(commands[i]->name, ' ');
        size_t first =
            space == NULL ? strlen(commands[i]->name) : (size_t)(space - commands[i]->name);
        bool same = strlen(name) == first && memcmp(name, commands[i]->name, first) == 0 &&
                    (space == NULL || (argc > 2 && strcmp(argv[2], space + 1) == 0));
        int words = space == NULL ? 2 : 3;
        if (same)
            code = commands[i]->run(
                &cli, argc > words ? argc - words : 0, argc > words ? argv + words : argv + argc);
    }
    if (code < 0)
        code = cli_usage("help", "no command \"%s\"", name);
    arena_destroy(cli.arena);
    return code;
}
