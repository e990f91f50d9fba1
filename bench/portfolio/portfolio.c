/*
 * portfolio.c: the program `portfolio`: fills an empty database with N customers of one contract
 * each, for measurements.
 *
 * For each due day one contract is made by the real use cases and lives through the day-ends up to
 * the business date; the others are copies of these through the store's aggregates, with ids,
 * chains of hashes, sessions and credit balances of their own. --idle adds contracts that have
 * nothing to do on --due-day. --lean leaves the accepted cost
 * tables out, more than half of the bytes, for what never reads them. The same options give the
 * same rows, but for the day of the sessions. To --out goes one line a customer: session cookie,
 * CSRF token, number of the order, ids of customer, order and contract, separated by tabs.
 */
#include "base/check.h"
#include "base/public_number.h"
#include "cli/installation.h"
#include "copy.h"
#include "demo/dice.h"
#include "job/book_keeper.h"
#include "store/setting.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    CONTRACTS_A_UNIT = 2000,
    DAYS_BEFORE = 25, /* how old what is overdue is at most */
    DAYS_AFTER = 29,  /* when what is not due yet is due at the latest */
    TEMPLATES_MOST = 128,
    SESSION_DAYS = 30,
    PER_MILLE = 1000,
};

static const char name[] = "portfolio";

struct portfolio {
    struct installation installation;
    const char *out_path;
    struct day business_date;
    struct day due_day;
    int64_t contracts;
    int64_t idle; /* more of them that have nothing to do on due_day */
    int64_t due_per_mille;
    int64_t overdue_per_mille;
    int64_t autopay_per_mille;
    int64_t credit_fen;
    int64_t seed;
    bool lean;

    struct shop_floor floor;
    struct template templates[TEMPLATES_MOST];
    int32_t template_count;
    /* the templates that are overdue on due_day, due on it, due later */
    int32_t overdue[TEMPLATES_MOST], due[TEMPLATES_MOST], later[TEMPLATES_MOST];
    int32_t overdue_count, due_count, later_count;
    int32_t resting[TEMPLATES_MOST], resting_count; /* those due later with nothing to do on it */

    struct copy_options copies;
    struct dice dice;
    FILE *out;
    int64_t made;
    int64_t until; /* of the running unit */
};

static struct instant wall_clock(void *context) {
    (void)context;
    struct timespec now;
    check(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (struct instant){(int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000};
}

/* ---- templates ---- */

static enum status begin(struct tx *tx, void *context) {
    struct portfolio *portfolio = context;
    struct day first = day_add(portfolio->due_day, -DAYS_BEFORE - 32);
    struct moment moment = {day_start(first, ZONE_SHANGHAI), first};
    portfolio->floor.vault = &portfolio->installation.vault;
    enum status status = setting_save_business_date(tx, portfolio->business_date);
    return status == STATUS_OK ? shop_floor_make(tx, moment, &portfolio->floor) : status;
}

static enum status make_templates(struct tx *tx, void *context) {
    struct portfolio *portfolio = context;
    portfolio->template_count = 0;
    struct day first = day_add(portfolio->due_day, -DAYS_BEFORE - 31);
    enum status status = STATUS_OK;
    for (struct day start = first;
         status == STATUS_OK && day_compare(start, portfolio->business_date) <= 0;
         start = day_add(start, 1)) {
        int32_t number = portfolio->template_count++;
        check(number < TEMPLATES_MOST);
        status = template_make(tx, &portfolio->floor, number, start, portfolio->business_date,
            &portfolio->templates[number]);
    }
    return status;
}

static enum status load_templates(struct tx *tx, void *context) {
    struct portfolio *portfolio = context;
    enum status status = STATUS_OK;
    for (int32_t i = 0; status == STATUS_OK && i < portfolio->template_count; i++) {
        struct template *template = &portfolio->templates[i];
        status = template_load(tx, template);
        if (status != STATUS_OK)
            return status;
        int32_t ahead = days_between(portfolio->due_day, template->first_due);
        if (ahead == 0)
            portfolio->due[portfolio->due_count++] = i;
        else if (ahead < 0 && ahead >= -DAYS_BEFORE)
            portfolio->overdue[portfolio->overdue_count++] = i;
        else if (ahead > 0 && ahead <= DAYS_AFTER)
            portfolio->later[portfolio->later_count++] = i;
        if (ahead > 0 && ahead <= DAYS_AFTER &&
            day_compare(template->contract->stored->next_action_day, portfolio->due_day) > 0)
            portfolio->resting[portfolio->resting_count++] = i;
    }
    check(portfolio->overdue_count > 0 && portfolio->resting_count > 0);
    if (portfolio->due_count == 0)
        return fault_set(tx_fault(tx), STATUS_INVALID, "no plan has an instalment due on that day");
    return status;
}

/* ---- copies ---- */

static const struct template *choose(struct portfolio *portfolio) {
    int32_t throw = dice_between(&portfolio->dice, 0, PER_MILLE - 1);
    const int32_t *among = portfolio->later;
    int32_t count = portfolio->later_count;
    if (portfolio->made >= portfolio->contracts) {
        among = portfolio->resting;
        count = portfolio->resting_count;
    } else if (throw < portfolio->due_per_mille) {
        among = portfolio->due;
        count = portfolio->due_count;
    } else if (throw < portfolio->due_per_mille + portfolio->overdue_per_mille) {
        among = portfolio->overdue;
        count = portfolio->overdue_count;
    }
    return &portfolio->templates[among[dice_between(&portfolio->dice, 0, count - 1)]];
}

static bool write_line(struct portfolio *portfolio, const struct copied *copied) {
    char number[PUBLIC_NUMBER_SIZE];
    public_number_write(PUBLIC_ORDER, copied->customer_id, copied->order_id, number);
    return fprintf(portfolio->out, "%s\t%s\t%s\t%lld\t%lld\t%lld\n", copied->cookie, copied->csrf,
               number, (long long)copied->customer_id, (long long)copied->order_id,
               (long long)copied->contract_id) > 0;
}

static enum status copy_some(struct tx *tx, void *context) {
    struct portfolio *portfolio = context;
    enum status status = STATUS_OK;
    if (portfolio->made >= portfolio->until)
        return fault_set(tx_fault(tx), STATUS_CONFLICT, "somebody else uses this database");
    while (status == STATUS_OK && portfolio->made < portfolio->until) {
        const struct template *template = choose(portfolio);
        bool autopay =
            dice_between(&portfolio->dice, 0, PER_MILLE - 1) < portfolio->autopay_per_mille;
        struct copied copied;
        status = copy_template(
            tx, &portfolio->copies, template, TEMPLATES_MOST + portfolio->made, autopay, &copied);
        if (status == STATUS_OK && !write_line(portfolio, &copied))
            status = fault_set(tx_fault(tx), STATUS_IO, "cannot write %s", portfolio->out_path);
        portfolio->made++;
    }
    return status;
}

static enum status fill(struct portfolio *portfolio, struct fault *fault) {
    struct store *store = portfolio->installation.store;
    FENQI_ARENA kept = arena_create(1 << 20);
    enum status status = store_run(store, STORE_NO_KEY, NULL, begin, portfolio, fault);
    if (status == STATUS_OK)
        status = store_run(store, STORE_NO_KEY, NULL, make_templates, portfolio, fault);
    if (status == STATUS_OK)
        status = store_read(store, kept, load_templates, portfolio, fault);
    struct instant today =
        day_start(instant_to_day(wall_clock(NULL), ZONE_SHANGHAI), ZONE_SHANGHAI);
    portfolio->copies = (struct copy_options){
        .floor = &portfolio->floor,
        .business_date = portfolio->business_date,
        .credit = {portfolio->credit_fen},
        .logged_in = today,
        .lean = portfolio->lean,
        .session_end = instant_add_seconds(today, SESSION_DAYS * 86400),
    };
    int64_t all = portfolio->contracts + portfolio->idle;
    while (status == STATUS_OK && portfolio->made < all) {
        FENQI_ARENA arena = arena_create(1 << 20);
        int64_t until = portfolio->made + CONTRACTS_A_UNIT;
        portfolio->until = until < all ? until : all;
        status = store_run(store, STORE_NO_KEY, arena, copy_some, portfolio, fault);
    }
    /* as the day-ends of the days before have left them */
    int64_t sealed;
    return status == STATUS_OK ? seal_closed_days(store, &portfolio->installation.vault,
                                     SEAL_WAIT_MS, &sealed, fault)
                               : status;
}

/* ---- the program ---- */

static bool read_options(struct portfolio *portfolio, int argc, char **argv) {
    struct day today = instant_to_day(wall_clock(NULL), ZONE_SHANGHAI);
    portfolio->business_date = today;
    portfolio->due_day = DAY_NONE;
    portfolio->contracts = 1000;
    portfolio->due_per_mille = 33;
    portfolio->overdue_per_mille = 30;
    portfolio->credit_fen = 10000000;
    portfolio->seed = 1;
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(portfolio->installation),
        {"--out", NULL, CLI_TEXT, &portfolio->out_path, 0, 0},
        {"--contracts", NULL, CLI_INTEGER, &portfolio->contracts, 1, 20000000},
        {"--idle", NULL, CLI_INTEGER, &portfolio->idle, 0, 20000000},
        {"--business-date", NULL, CLI_DAY, &portfolio->business_date, 0, 0},
        {"--due-day", NULL, CLI_DAY, &portfolio->due_day, 0, 0},
        {"--due-per-mille", NULL, CLI_INTEGER, &portfolio->due_per_mille, 0, PER_MILLE},
        {"--overdue-per-mille", NULL, CLI_INTEGER, &portfolio->overdue_per_mille, 0, PER_MILLE},
        {"--autopay-per-mille", NULL, CLI_INTEGER, &portfolio->autopay_per_mille, 0, PER_MILLE},
        {"--credit", NULL, CLI_INTEGER, &portfolio->credit_fen, 1, 1000000000},
        {"--lean", NULL, CLI_FLAG, &portfolio->lean, 0, 0},
        {"--seed", NULL, CLI_INTEGER, &portfolio->seed, 0, INT32_MAX},
    };
    if (!cli_parse(name, options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL))
        return false;
    if (day_is_none(portfolio->due_day))
        portfolio->due_day = portfolio->business_date;
    if (portfolio->out_path == NULL || portfolio->installation.data == NULL) {
        cli_usage(name, "--data DIR and --out FILE are needed");
        return false;
    }
    return true;
}

int main(int argc, char **argv) {
    umask(0077);
    static struct portfolio portfolio;
    if (!read_options(&portfolio, argc - 1, argv + 1))
        return CLI_USAGE;
    FENQI_ARENA arena = arena_create(1 << 16);
    struct dice entropy = {(uint64_t)portfolio.seed};
    struct cli cli = {.program = name,
        .version = "",
        .clock = wall_clock,
        .entropy = dice_fill,
        .entropy_context = &entropy,
        .arena = arena};
    portfolio.dice = (struct dice){(uint64_t)portfolio.seed + 1};
    portfolio.out = fopen(portfolio.out_path, "we");
    if (portfolio.out == NULL)
        return cli_usage(name, "cannot write %s", portfolio.out_path);
    struct fault fault = {0};
    struct instant began = wall_clock(NULL);
    enum status status = installation_open(&portfolio.installation, &cli, NULL, &fault);
    if (status == STATUS_OK)
        status = fill(&portfolio, &fault);
    installation_close(&portfolio.installation);
    bool written = fclose(portfolio.out) == 0;
    if (status != STATUS_OK)
        return cli_fault(name, &fault);
    double seconds = (double)(wall_clock(NULL).us - began.us) / 1e6;
    printf("%lld contracts in %.1f s\n", (long long)portfolio.made, seconds);
    return written ? CLI_DONE : CLI_FOUND;
}
