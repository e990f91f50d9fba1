/*
 * ask_day_end.c: the program `ask_day_end --data DIR --database URL --date DAY`: asks for the
 * day-end as staff do; the server that runs on the database does it.
 */
#include "base/check.h"
#include "cli/installation.h"
#include "service/request_day_end.h"

#include <stdio.h>
#include <sys/random.h>
#include <time.h>

static const char name[] = "ask_day_end";

static struct instant wall_clock(void *context) {
    (void)context;
    struct timespec now;
    check(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (struct instant){(int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000};
}

static void kernel_entropy(void *context, void *buffer, size_t size) {
    (void)context;
    check(getrandom(buffer, size, 0) == (ssize_t)size);
}

static enum status ask(struct tx *tx, void *context) {
    struct moment moment;
    enum request_day_end_outcome outcome = REQUEST_DAY_END_OK;
    enum status status = tx_moment(tx, &moment);
    if (status == STATUS_OK)
        status = request_day_end(tx, moment, *(struct day *)context, &outcome);
    if (status == STATUS_OK && outcome != REQUEST_DAY_END_OK)
        status = fault_set(tx_fault(tx), STATUS_CONFLICT, "the day-end was refused (%d)", outcome);
    return status;
}

int main(int argc, char **argv) {
    struct installation installation = {0};
    struct day day = DAY_NONE;
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(installation),
        {"--date", NULL, CLI_DAY, &day, 0, 0},
    };
    if (!cli_parse(
            name, options, sizeof options / sizeof options[0], argc - 1, argv + 1, NULL, 0, NULL) ||
        day_is_none(day))
        return CLI_USAGE;
    FENQI_ARENA arena = arena_create(1 << 16);
    struct cli cli = {.program = name,
        .version = "",
        .clock = wall_clock,
        .entropy = kernel_entropy,
        .arena = arena};
    struct fault fault = {0};
    enum status status = installation_open(&installation, &cli, NULL, &fault);
    if (status == STATUS_OK)
        status = store_run(installation.store, STORE_NO_KEY, NULL, ask, &day, &fault);
    installation_close(&installation);
    return status == STATUS_OK ? CLI_DONE : cli_fault(name, &fault);
}
