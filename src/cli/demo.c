/*
 * demo.c: `fenqi demo load`: fills an empty database with the demo shop. Exports: command_demo.
 *
 * Writes DATA/demo.json (docs/commands.md) with the logins worth trying, and prints them.
 */
#include "cli/commands.h"
#include "cli/installation.h"
#include "demo/load_demo.h"

#include "base/json_write.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CUSTOMERS = 200, CUSTOMERS_MOST = 5000, PROGRESS_AFTER_US = 2000000 };

struct demo_run {
    struct cli *cli;
    struct installation installation;
    int64_t customers;
    int64_t seed;
    struct day today;
    const char *channels;
    const char *webhook_url;
    struct instant started;
    struct instant now; /* the demo's clock */
    struct dice entropy;
    bool shown; /* a line of progress stands on the terminal */
};

static void show_progress(void *context, int32_t day, int32_t days) {
    struct demo_run *run = context;
    int64_t spent_us = run->cli->clock(run->cli->clock_context).us - run->started.us;
    if (spent_us > PROGRESS_AFTER_US) {
        fprintf(stderr, "\rfenqi demo load: day %d of %d", day, days);
        run->shown = true;
    }
}

/* What the roles of the first customers are good for. */
static const char *const notes[DEMO_SHOWN][2] = {
    {"一切正常，已开自动还款", "everything fine, automatic repayment on"},
    {"今天有一笔到期", "an instalment is due today"},
    {"逾期 3 天", "3 days overdue"},
    {"逾期 20 天", "20 days overdue"},
    {"逾期 95 天", "95 days overdue"},
    {"有退货退款", "goods were refunded"},
    {"已结清，其中一笔提前结清", "settled, one of them early"},
    {"有一笔待确认的订单", "an order waits for acceptance"},
};

static const char *logins_json(struct demo_run *run, const struct demo_result *result) {
    struct json json = json_start(run->cli->arena);
    json_open(&json, NULL, '{');
    json_day(&json, "business_date", run->today);
    json_open(&json, "customers", '[');
    for (int i = 0; i < DEMO_SHOWN; i++) {
        json_open(&json, NULL, '{');
        json_string(&json, "phone", result->plan->persons[i].phone);
        json_string(&json, "password", DEMO_PASSWORD);
        json_string(&json, "name", result->plan->persons[i].name);
        json_string(&json, "note_zh", notes[i][0]);
        json_string(&json, "note_en", notes[i][1]);
        json_close(&json);
    }
    json_close(&json);
    json_open(&json, "staff", '[');
    for (size_t i = 0; i < demo_staff_count; i++) {
        json_open(&json, NULL, '{');
        json_string(&json, "login", demo_staff[i].login);
        json_string(&json, "password", DEMO_PASSWORD);
        json_string(&json, "role", demo_staff[i].role);
        json_close(&json);
    }
    json_close(&json);
    json_open(&json, "shop", '{');
    json_string(&json, "code", DEMO_SHOP_CODE);
    json_string(&json, "api_key", result->api_key);
    json_string(&json, "webhook_secret", result->webhook_secret);
    json_open(&json, "products", '{');
    json_string(&json, "equal_instalment", demo_products[0].code);
    json_string(&json, "interest_free", demo_products[1].code);
    json_string(&json, "fee_per_period", demo_products[2].code);
    json_close(&json);
    json_close(&json);
    json_close(&json);
    return json_text(&json);
}

/* Writes the file whole or not at all, for its owner only. */
static enum status write_logins(struct demo_run *run, const char *text, struct fault *fault) {
    const char *path = arena_printf(run->cli->arena, "%s/demo.json", run->installation.data);
    const char *part = arena_printf(run->cli->arena, "%s.part", path);
    FILE *file = fopen(part, "we");
    if (file == NULL) {
        return fault_set(fault, STATUS_IO, "cannot write %s", part);
    }
    bool good = fprintf(file, "%s\n", text) > 0 && fflush(file) == 0;
    good = fclose(file) == 0 && good && rename(part, path) == 0;
    return good ? STATUS_OK : fault_set(fault, STATUS_IO, "cannot write %s", path);
}

static void print_logins(const struct demo_run *run, const struct demo_result *result) {
    char day[DAY_TEXT_SIZE];
    printf("业务日期 business date %s: %d customers, %d orders, %d contracts, %d payments by hand, "
           "%d refunds\n",
        day_to_text(run->today, day), result->plan->person_count, result->orders, result->contracts,
        result->payments, result->refunds);
    printf("密码 password of all: %s\n", DEMO_PASSWORD);
    for (int i = 0; i < DEMO_SHOWN; i++) {
        printf("  %s  %s  %s  %s\n", result->plan->persons[i].phone, result->plan->persons[i].name,
            notes[i][0], notes[i][1]);
    }
    for (size_t i = 0; i < demo_staff_count; i++) {
        printf(
            "  staff %-10s %s  %s\n", demo_staff[i].login, demo_staff[i].role, demo_staff[i].name);
    }
}

/* The keys are made by real randomness, before the demo's own takes its place. */
static enum status open_for_demo(struct demo_run *run, struct fault *fault) {
    enum status status = installation_open(&run->installation, run->cli, NULL, fault);
    if (status != STATUS_OK) {
        return status;
    }
    const char *database = run->installation.database;
    const char *data = run->installation.data;
    installation_close(&run->installation);
    run->installation = (struct installation){.database = database, .data = data};
    struct cli demo = *run->cli;
    demo.clock = demo_clock;
    demo.clock_context = &run->now;
    demo.entropy = dice_fill;
    demo.entropy_context = &run->entropy;
    return installation_open(&run->installation, &demo, NULL, fault);
}

static enum status load(struct demo_run *run, struct demo_result *result, struct fault *fault) {
    struct demo_options options = {
        .store = run->installation.store,
        .vault = &run->installation.vault,
        .now = &run->now,
        .real_now = run->started,
        .customers = (int32_t)run->customers,
        .seed = (uint64_t)run->seed,
        .today = run->today,
        .webhook_url = run->webhook_url,
        .progress = show_progress,
        .context = run,
    };
    enum status status = STATUS_OK;
    if (run->channels != NULL) {
        struct channels_options channels = {.path = run->channels,
            .mode = CHANNEL_MODE_TEST,
            .notify_base_url = "http://127.0.0.1/api/v1"}; /* nothing here is notified */
        status = channels_open(&channels, &options.channels, fault);
    }
    if (status == STATUS_OK) {
        status = demo_load(run->cli->arena, &options, result, fault);
    }
    channels_close(options.channels);
    if (run->shown) {
        fprintf(stderr, "\r\033[K");
    }
    return status;
}

static int run_load(struct cli *cli, int argc, char **argv) {
    struct demo_run run = {
        .cli = cli, .customers = CUSTOMERS, .seed = 1, .started = cli->clock(cli->clock_context)};
    run.today = instant_to_day(run.started, ZONE_SHANGHAI);
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(run.installation),
        {"--customers", NULL, CLI_INTEGER, &run.customers, DEMO_SHOWN, CUSTOMERS_MOST},
        {"--seed", NULL, CLI_INTEGER, &run.seed, 0, INT64_MAX},
        {"--date", NULL, CLI_DAY, &run.today, 0, 0},
        {"--channels", NULL, CLI_TEXT, &run.channels, 0, 0},
        {"--webhook-url", NULL, CLI_TEXT, &run.webhook_url, 0, 0},
    };
    if (!cli_parse(
            "demo load", options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL)) {
        return CLI_USAGE;
    }
    run.entropy = (struct dice){(uint64_t)run.seed + 7};
    struct fault fault = {0};
    struct demo_result result = {0};
    enum status status = open_for_demo(&run, &fault);
    if (status == STATUS_OK) {
        status = load(&run, &result, &fault);
        if (status == STATUS_OK) {
            status = write_logins(&run, logins_json(&run, &result), &fault);
        }
        installation_close(&run.installation);
    }
    if (status != STATUS_OK) {
        return cli_fault("demo load", &fault);
    }
    print_logins(&run, &result);
    return CLI_DONE;
}

const struct cli_command command_demo = {"demo load",
    "--database URL --data DIR [--customers N] [--seed N] [--date D] [--channels FILE] "
    "[--webhook-url URL]",
    "fill an empty database with the demo shop", run_load};
