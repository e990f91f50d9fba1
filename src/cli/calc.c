/*
 * calc.c: `fenqi calc`: the engine as a filter, one JSON document a line in, one a line out.
 * Exports: command_calc.
 *
 * Answers are written whole: they gather while whole lines are at hand and go out before the next
 * read, so that a program that asks and waits gets its answer at once, and one that is stopped by a
 * signal ends between two lines. Memory is one line in, the answers gathered, one document's arena.
 */
#include "calc/calc.h"
#include "base/check.h"
#include "cli/commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GATHER = 1 << 16 };

struct filter {
    struct calc *calc;
    int64_t number; /* of the line that is read */
    bool refused;   /* any line so far */
    bool too_long;  /* the rest of this line is skipped */
    int read_error; /* errno; 0 none */
    int write_error;
    uint8_t *in; /* CALC_LINE_MAX + 1: a line of that length has not ended */
    size_t in_length;
    uint8_t *out;
    size_t out_length;
    size_t out_room;
};

static volatile sig_atomic_t stopped;

static void stop(int number) {
    (void)number;
    stopped = 1;
}

/* A read that waits is to end; writes are finished first, so nothing is restarted for us. */
static void catch_signals(void) {
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

static void write_out(struct filter *filter) {
    size_t done = 0;
    while (done < filter->out_length && filter->write_error == 0) {
        ssize_t count = write(STDOUT_FILENO, filter->out + done, filter->out_length - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            filter->write_error = errno;
    }
    filter->out_length = 0;
}

static void gather(struct filter *filter, struct calc_answer answer) {
    size_t more = answer.text.length + 1;
    if (filter->out_length + more > GATHER)
        write_out(filter);
    if (more > filter->out_room) {
        filter->out_room = more * 2;
        filter->out = realloc(filter->out, filter->out_room);
        check(filter->out != NULL);
    }
    memcpy(filter->out + filter->out_length, answer.text.at, answer.text.length);
    filter->out[filter->out_length + answer.text.length] = '\n';
    filter->out_length += more;
    filter->refused = filter->refused || answer.refused;
}

/* A line without its end; empty ones are counted and passed over. */
static void take_line(struct filter *filter, const uint8_t *line, size_t length) {
    filter->number++;
    if (filter->too_long || length > CALC_LINE_MAX) {
        filter->too_long = false;
        gather(filter, calc_line_too_long(filter->calc, filter->number));
        return;
    }
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length > 0)
        gather(filter, calc_line(filter->calc, (struct bytes){line, length}, filter->number));
}

/* Takes the whole lines that have been read and keeps what is left over. */
static void take_lines(struct filter *filter) {
    size_t at = 0;
    while (!stopped && filter->write_error == 0) {
        const uint8_t *end = memchr(filter->in + at, '\n', filter->in_length - at);
        if (end == NULL)
            break;
        size_t length = (size_t)(end - (filter->in + at));
        take_line(filter, filter->in + at, length);
        at += length + 1;
    }
    filter->in_length -= at;
    memmove(filter->in, filter->in + at, filter->in_length);
    if (filter->in_length > CALC_LINE_MAX) {
        filter->too_long = true;
        filter->in_length = 0;
    }
}

static void take_all(struct filter *filter) {
    while (!stopped && filter->write_error == 0) {
        ssize_t count = read(
            STDIN_FILENO, filter->in + filter->in_length, CALC_LINE_MAX + 1 - filter->in_length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            filter->read_error = errno;
        if (count == 0 && (filter->in_length > 0 || filter->too_long))
            take_line(filter, filter->in, filter->in_length);
        if (count <= 0)
            break;
        filter->in_length += (size_t)count;
        take_lines(filter);
        write_out(filter);
    }
    write_out(filter);
}

static int run_filter(void) {
    struct filter filter = {.calc = calc_create(), .out_room = GATHER};
    filter.in = malloc(CALC_LINE_MAX + 1);
    filter.out = malloc(GATHER);
    check(filter.in != NULL && filter.out != NULL);
    catch_signals();
    take_all(&filter);
    calc_destroy(filter.calc);
    free(filter.in);
    free(filter.out);
    struct fault fault = {0};
    if (filter.read_error != 0)
        fault_set(&fault, STATUS_IO, "cannot read: %s", strerror(filter.read_error));
    else if (filter.write_error != 0 && filter.write_error != EPIPE)
        fault_set(&fault, STATUS_IO, "cannot write: %s", strerror(filter.write_error));
    if (fault.status != STATUS_OK)
        return cli_fault("calc", &fault);
    return filter.refused ? CLI_FOUND : CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv) {
    bool schema = false;
    const struct cli_option options[] = {{"--schema", NULL, CLI_FLAG, &schema, 0, 0}};
    if (!cli_parse("calc", options, 1, argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    if (!schema)
        return run_filter();
    puts(calc_schema(cli->arena));
    return CLI_DONE;
}

const struct cli_command command_calc = {"calc", "[--schema] < DOCUMENTS",
    "answer one JSON document a line: schedules, states, quotes, rates, postings (docs/calc.md)",
    run};
