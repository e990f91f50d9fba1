/*
 * cli.h: the commands of `fenqi`. Exports: struct cli, struct cli_command, struct cli_option,
 * cli_parse(), cli_fault(), cli_usage(), enum cli_exit.
 *
 * One file a command. A command reads its options by a table, works, prints results to standard
 * output and ends with an exit code of spec/status.tsv; a wrong option ends it with code 2 and one
 * line that says which.
 */
#ifndef FENQI_CLI_CLI_H
#define FENQI_CLI_CLI_H

#include "base/arena.h"
#include "base/day.h"
#include "base/fault.h"

#include <stdint.h>

enum cli_exit { CLI_DONE = 0, CLI_FOUND = 1, CLI_USAGE = 2 };

/* What main hands to a command: the process's only sources of time and randomness. */
struct cli {
    const char *program; /* "fenqi" */
    const char *version;
    struct instant (*clock)(void *context);
    void *clock_context;
    void (*entropy)(void *context, void *buffer, size_t size);
    void *entropy_context;
    struct arena *arena; /* until the process ends */
};

/* argv[0] is the word after the command's name. */
struct cli_command {
    const char *name;
    const char *arguments; /* for the help: "--database URL --data DIR …" */
    const char *summary;
    int (*run)(struct cli *cli, int argc, char **argv);
};

enum cli_option_kind {
    CLI_TEXT,    /* const char * */
    CLI_INTEGER, /* int64_t, between low and high */
    CLI_DAY,     /* struct day, YYYY-MM-DD */
    CLI_FLAG,    /* bool, takes no value */
};

struct cli_option {
    const char *name;        /* "--port" */
    const char *environment; /* "FENQI_PORT" stands in when the option is absent; NULL: none */
    enum cli_option_kind kind;
    void *out; /* keeps what it holds when neither is given */
    int64_t low;
    int64_t high;
};

/*
 * Reads options (also as --name=VALUE) into their places and what is no option into
 * rest[0..most-1]. False: a line on standard error has said what is wrong, end with CLI_USAGE.
 */
bool cli_parse(const char *command, const struct cli_option *options, size_t count, int argc,
    char **argv, const char **rest, size_t most, size_t *rest_count);

/* Says "fenqi COMMAND: text" on standard error; the exit code of the fault's status. */
int cli_fault(const char *command, const struct fault *fault);

/* Says what is wrong with the use of a command; CLI_USAGE. */
int cli_usage(const char *command, const char *format, ...) FENQI_PRINTF(2, 3);

#endif
