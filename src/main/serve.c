/*
 * serve.c: `fenqi serve`: migrates, serves the API and the web apps until SIGTERM or SIGINT.
 * Exports: command_serve.
 */
#include "api/api.h"
#include "api/code_sender.h"
#include "api/events.h"
#include "api/rate_limit.h"
#include "api/receipts.h"
#include "base/check.h"
#include "channel/channel.h"
#include "cli/installation.h"
#include "job/book_keeper.h"
#include "job/channel_worker.h"
#include "job/day_end.h"
#include "job/key_sweeper.h"
#include "job/webhook_sender.h"
#include "main/log.h"
#include "main/main.h"
#include "main/role.h"
#include "service/bell.h"
#include "store/setting.h"
#include "store/wire.h"

#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char name[] = "serve";

struct serve {
    struct cli *cli;
    struct installation installation;
    const char *listen; /* "HOST:PORT" or "unix:PATH"; else bind and port */
    const char *bind;
    int64_t port;
    const char *mode_name;
    const char *role_name;
    enum role role;
    int64_t node;      /* -1: not given */
    struct wire *wire; /* NULL: this process is alone */
    const char *public_url;
    const char *channels_file;
    const char *web_root;
    const char *tls_certificate;
    const char *tls_key;
    int64_t loops;
    int64_t rate_scale; /* -1: by mode */
    const char *service_phone, *service_hours;
    int64_t shards;  /* of a distributed database */
    int64_t lease_s; /* 0: the worker's own */
    bool trust_forwarded;
    bool quiet; /* no line per request */
    struct http_server *server;
    struct api api;
    sigset_t signals; /* that end it */
    struct channel_worker *channel_worker;
    struct webhook_sender *webhook_sender;
    struct day_end_scheduler *day_end;
    struct key_sweeper *key_sweeper;
    struct book_keeper *book_keeper;
};

/* ---- options ---- */

static bool read_mode(struct serve *serve) {
    static const struct {
        const char *name;
        enum api_mode mode;
    } modes[] = {{"demo", API_MODE_DEMO}, {"test", API_MODE_TEST}, {"live", API_MODE_LIVE}};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(serve->mode_name, modes[i].name) == 0) {
            serve->api.config.mode = modes[i].mode;
            return true;
        }
    }
    cli_usage(name, "--mode must be demo, test or live, not \"%s\"", serve->mode_name);
    return false;
}

static bool read_role(struct serve *serve) {
    if (!role_read(serve->role_name, &serve->role)) {
        cli_usage(name, "--role must be all, api, jobs or channel, not \"%s\"", serve->role_name);
        return false;
    }
    serve->api.config.part = role_part(serve->role);
    bool keys = serve->role == ROLE_ALL || serve->role == ROLE_CHANNEL;
    if (!keys && serve->channels_file != NULL)
        cli_usage(name, "--role %s does not read the providers' keys: only channel does",
            serve->role_name);
    else if (serve->role != ROLE_ALL && serve->node < 0)
        cli_usage(name, "--role %s needs --node N (0 to 63), unlike in the other processes",
            serve->role_name);
    else
        return true;
    return false;
}

static bool read_options(struct serve *serve, int argc, char **argv) {
    serve->bind = "127.0.0.1";
    serve->service_hours = "09:00–21:00";
    serve->port = 8080;
    serve->mode_name = "test";
    serve->role_name = "all";
    serve->node = -1;
    serve->rate_scale = -1;
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(serve->installation),
        {"--port", "FENQI_PORT", CLI_INTEGER, &serve->port, 0, 65535},
        {"--bind", "FENQI_BIND", CLI_TEXT, &serve->bind, 0, 0},
        {"--listen", "FENQI_LISTEN", CLI_TEXT, &serve->listen, 0, 0},
        {"--mode", "FENQI_MODE", CLI_TEXT, &serve->mode_name, 0, 0},
        {"--role", "FENQI_ROLE", CLI_TEXT, &serve->role_name, 0, 0},
        {"--node", "FENQI_NODE", CLI_INTEGER, &serve->node, 0, 63},
        {"--service-phone", "FENQI_SERVICE_PHONE", CLI_TEXT, &serve->service_phone, 0, 0},
        {"--service-hours", "FENQI_SERVICE_HOURS", CLI_TEXT, &serve->service_hours, 0, 0},
        {"--public-url", "FENQI_PUBLIC_URL", CLI_TEXT, &serve->public_url, 0, 0},
        {"--channels", "FENQI_CHANNELS", CLI_TEXT, &serve->channels_file, 0, 0},
        {"--web-root", "FENQI_WEB_ROOT", CLI_TEXT, &serve->web_root, 0, 0},
        {"--tls-cert", "FENQI_TLS_CERT", CLI_TEXT, &serve->tls_certificate, 0, 0},
        {"--tls-key", "FENQI_TLS_KEY", CLI_TEXT, &serve->tls_key, 0, 0},
        {"--loops", "FENQI_LOOPS", CLI_INTEGER, &serve->loops, 1, 64},
        {"--rate-scale", "FENQI_RATE_SCALE", CLI_INTEGER, &serve->rate_scale, 0, 1000000},
        {"--shards", "FENQI_SHARDS", CLI_INTEGER, &serve->shards, 1, 8192},
        {"--worker-lease", "FENQI_WORKER_LEASE", CLI_INTEGER, &serve->lease_s, 1, 3600},
        {"--trust-forwarded", "FENQI_TRUST_FORWARDED", CLI_FLAG, &serve->trust_forwarded, 0, 0},
        {"--quiet", "FENQI_QUIET", CLI_FLAG, &serve->quiet, 0, 0},
    };
    if (!cli_parse(name, options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL) ||
        !read_mode(serve) || !read_role(serve))
        return false;
    if ((serve->tls_certificate == NULL) != (serve->tls_key == NULL)) {
        cli_usage(name, "--tls-cert and --tls-key go together");
        return false;
    }
    if (serve->service_phone == NULL && serve->api.config.mode == API_MODE_LIVE) {
        cli_usage(name, "--mode live needs --service-phone: customers must be able to call");
        return false;
    }
    if (serve->service_phone == NULL)
        serve->service_phone = "400-000-0000"; /* nobody's: test mode only */
    return true;
}

/* ---- the parts ---- */

/* A user's log grew: his streams here are told, and the other processes. */
static void tell_streams(void *context, int64_t user_id) {
    const struct serve *serve = context;
    char word[32];
    event_hub_tell(serve->api.events, user_id);
    if (serve->wire != NULL) {
        snprintf(word, sizeof word, "e%" PRId64, user_id);
        wire_tell(serve->wire, word);
    }
}

static void tell_bell(void *context, enum bell bell) {
    char word[8];
    snprintf(word, sizeof word, "b%d", (int)bell);
    wire_tell(context, word);
}

/* What another process says: "eUSER" or "bBELL". */
static void hear(void *context, const char *word) {
    const struct serve *serve = context;
    int64_t number = strtoll(word + 1, NULL, 10);
    if (word[0] == 'e')
        event_hub_tell(serve->api.events, number);
    else if (word[0] == 'b' && number >= 0 && number < BELL_COUNT)
        bell_ring((enum bell)number);
}

/* The business date is a setting that only the day-end moves; the first start sets it to today. */
static enum status set_first_date(struct tx *tx, void *context) {
    (void)context;
    struct day day;
    enum status status = setting_business_date(tx, &day);
    if (status != STATUS_NOT_FOUND)
        return status;
    return setting_save_business_date(tx, instant_to_day(tx_now(tx), ZONE_SHANGHAI));
}

static enum status open_store(struct serve *serve, struct fault *fault) {
    struct store_options options = {.event_told = tell_streams,
        .shard_count = (int32_t)serve->shards,
        .event_told_context = serve,
        .node = serve->node < 0 ? 0 : (int32_t)serve->node};
    enum status status = installation_open(&serve->installation, serve->cli, &options, fault);
    bool shared = status == STATUS_OK &&
                  strcmp(store_driver_name(serve->installation.store), "postgres") == 0;
    if (status == STATUS_OK && serve->role != ROLE_ALL && !shared)
        status = fault_set(fault, STATUS_INVALID,
            "--role %s needs PostgreSQL: one process serves an SQLite database", serve->role_name);
    /* Behind a pooler nobody can listen, and nothing may be left in a session. */
    if (status == STATUS_OK && shared && !serve->installation.pooled) {
        serve->wire = wire_open(serve->installation.database, hear, serve);
        bell_pass_on(tell_bell, serve->wire);
    }
    if (status == STATUS_OK)
        status =
            store_run(serve->installation.store, STORE_NO_KEY, NULL, set_first_date, NULL, fault);
    return status;
}

static struct http_options server_options(struct serve *serve) {
    struct http_options options = http_options_default();
    if (serve->loops > 0)
        options.loop_count = (int)serve->loops;
    options.trust_forwarded_for = serve->trust_forwarded;
    options.tls_certificate_file = serve->tls_certificate;
    options.tls_key_file = serve->tls_key;
    options.error = api_error;
    options.error_context = &serve->api;
    options.access = serve->quiet ? NULL : log_access;
    return options;
}

static struct http_site site_of(
    struct serve *serve, const struct http_site *built_in, const char *app) {
    if (serve->web_root == NULL)
        return *built_in;
    return (struct http_site){
        .directory = arena_printf(serve->cli->arena, "%s/%s/dist", serve->web_root, app)};
}

static void configure(struct serve *serve) {
    struct api *api = &serve->api;
    api->store = serve->installation.store;
    api->server = serve->server;
    api->vault = &serve->installation.vault;
    api->clock = serve->cli->clock;
    api->clock_context = serve->cli->clock_context;
    api->arena = serve->cli->arena;
    api->config.version = serve->cli->version;
    api->config.data_directory = serve->installation.data;
    api->config.service_phone = serve->service_phone;
    api->config.service_hours = serve->service_hours;
    api->config.customer_site = site_of(serve, &web_customer_site, "customer");
    api->config.console_site = site_of(serve, &web_console_site, "console");
    /* tests, demos and their browsers all come from one address */
    api->config.rate_scale = serve->rate_scale >= 0              ? (int)serve->rate_scale
                             : api->config.mode == API_MODE_LIVE ? 1
                                                                 : 50;
}

/* Where it listens, and where browsers reach it. */
static enum status listen_on(struct serve *serve, struct fault *fault) {
    struct arena *arena = serve->cli->arena;
    const char *address = serve->listen;
    if (address == NULL)
        address = arena_printf(arena, strchr(serve->bind, ':') == NULL ? "%s:%d" : "[%s]:%d",
            serve->bind, (int)serve->port);
    enum status status = http_server_listen(serve->server, address, fault);
    if (status != STATUS_OK)
        return status;
    const char *scheme = serve->tls_certificate == NULL ? "http" : "https";
    size_t host = strrchr(address, ':') == NULL ? 0 : (size_t)(strrchr(address, ':') - address);
    const char *own = strncmp(address, "unix:", 5) == 0
                          ? address
                          : arena_printf(arena, "%s://%.*s:%d", scheme, (int)host, address,
                                http_server_port(serve->server));
    serve->api.config.public_url = serve->public_url == NULL ? own : serve->public_url;
    serve->api.config.secure_cookies = strncmp(serve->api.config.public_url, "https://", 8) == 0;
    serve->listen = own;
    return STATUS_OK;
}

/* ---- what works beside the requests ---- */

static void say(void *context, const char *event, const char *text) {
    (void)context;
    const struct log_member members[] = {{"text", text}, {NULL, NULL}};
    log_line(event, members);
}

/* The hard wall: a live process takes a live merchant file only, any other process a test one. */
static enum channel_mode channel_mode_of(const struct serve *serve) {
    return serve->api.config.mode == API_MODE_LIVE ? CHANNEL_MODE_LIVE : CHANNEL_MODE_TEST;
}

static enum status open_channels(struct serve *serve, struct fault *fault) {
    struct channels_options options = {
        .path = serve->channels_file,
        .mode = channel_mode_of(serve),
        .notify_base_url =
            arena_printf(serve->cli->arena, "%s/api/v1", serve->api.config.public_url),
    };
    enum status status = channels_open(&options, &serve->api.channels, fault);
    if (status != STATUS_OK)
        return status;
    struct store *store = serve->installation.store;
    serve->api.rails = payment_rails_of(serve->api.channels);
    switch (serve->role) {
    case ROLE_ALL:
    case ROLE_JOBS:
        return STATUS_OK;
    case ROLE_API:
        return rails_find(store, channel_mode_of(serve), &serve->api.rails, fault);
    case ROLE_CHANNEL:
        return rails_publish(store, &serve->api.rails, fault);
    }
    check(false);
    return STATUS_OK;
}

static void start_workers(struct serve *serve) {
    struct worker_log log = {.say = say};
    struct store *store = serve->installation.store;
    struct channel_worker_options channel_options = {.store = store,
        .channels = serve->api.channels,
        .vault = &serve->installation.vault,
        .lease_s = (int32_t)serve->lease_s,
        .shared = serve->role != ROLE_ALL,
        .log = log};
    struct webhook_sender_options webhook_options = {.store = store,
        .vault = &serve->installation.vault,
        .shared = serve->role != ROLE_ALL,
        .log = log};
    if (serve->role == ROLE_ALL || serve->role == ROLE_CHANNEL)
        serve->channel_worker = channel_worker_start(&channel_options);
    if (serve->role != ROLE_ALL && serve->role != ROLE_JOBS)
        return;
    serve->webhook_sender = webhook_sender_start(&webhook_options);
    serve->day_end = day_end_scheduler_start(store, channel_mode_of(serve), log);
    serve->key_sweeper = key_sweeper_start(store, log);
    serve->book_keeper = book_keeper_start(store, &serve->installation.vault, log);
}

static void stop_workers(struct serve *serve) {
    day_end_scheduler_stop(serve->day_end);
    key_sweeper_stop(serve->key_sweeper);
    book_keeper_stop(serve->book_keeper);
    channel_worker_stop(serve->channel_worker);
    webhook_sender_stop(serve->webhook_sender);
}

/* Each open stream is a descriptor: takes as many as the system lets it have. */
static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit); /* without it the lower limit stays, which is no fault */
    }
}

static void wait_for_signal(const sigset_t *signals) {
    int number = 0;
    while (sigwait(signals, &number) != 0) {
    }
    const struct log_member members[] = {{"signal", strsignal(number)}, {NULL, NULL}};
    log_line("stopping", members);
}

/* What the store did since the start, for whoever compares it with the requests. */
static void log_counters(struct serve *serve) {
    struct arena *arena = serve->cli->arena;
    struct store_counters counters = store_counters(serve->installation.store);
    const struct log_member members[] = {
        {"units", arena_printf(arena, "%lld", (long long)counters.units)},
        {"unit_statements", arena_printf(arena, "%lld", (long long)counters.statements)},
        {"batches", arena_printf(arena, "%lld", (long long)counters.batches)},
        {"rounds", arena_printf(arena, "%lld", (long long)counters.rounds)},
        {"reads", arena_printf(arena, "%lld", (long long)counters.reads)},
        {"read_statements", arena_printf(arena, "%lld", (long long)counters.read_statements)},
        {NULL, NULL},
    };
    log_line("stopped", members);
}

/* Starts, serves, stops; the store stays open until nothing runs any more. */
static enum status serve_until_signal(struct serve *serve, struct fault *fault) {
    enum status status = http_server_start(serve->server, fault);
    if (status != STATUS_OK)
        return status;
    start_workers(serve);
    printf("listening %s\n", serve->listen);
    fflush(stdout);
    wait_for_signal(&serve->signals);
    event_hub_close(serve->api.events);
    bell_pass_on(NULL, NULL);
    http_server_stop(serve->server);
    stop_workers(serve);
    log_counters(serve);
    return STATUS_OK;
}

static enum status run_parts(struct serve *serve, struct fault *fault) {
    enum status status = open_store(serve, fault);
    if (status != STATUS_OK)
        return status;
    struct http_options options = server_options(serve);
    status = http_server_create(&options, &serve->server, fault);
    if (status != STATUS_OK)
        return status;
    configure(serve);
    status = listen_on(serve, fault);
    if (status != STATUS_OK)
        return status;
    status = open_channels(serve, fault);
    if (status != STATUS_OK)
        return status;
    api_register(&serve->api);
    return serve_until_signal(serve, fault);
}

/*
 * A request's memory comes and goes in pieces of a hundred kilobytes (a contract's state): glibc
 * would give each back to the kernel and take the page faults again with the next request. It keeps
 * up to this much at the end of each heap instead.
 */
static void keep_memory(void) {
    enum { KEPT = 16 << 20, MAPPED_FROM = 4 << 20 };
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
}

static int run(struct cli *cli, int argc, char **argv) {
    struct serve serve = {.cli = cli};
    if (!read_options(&serve, argc, argv))
        return CLI_USAGE;
    /* before any thread is made: they inherit it, so that only wait_for_signal() is told */
    sigemptyset(&serve.signals);
    sigaddset(&serve.signals, SIGTERM);
    sigaddset(&serve.signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &serve.signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    keep_memory();
    raise_descriptor_limit();
    uint64_t seed;
    cli->entropy(cli->entropy_context, &seed, sizeof seed);
    serve.api.events = event_hub_create();
    serve.api.limiter = rate_limiter_create(seed);
    serve.api.receipts = receipt_desk_create();
    serve.api.demo_codes = demo_codes_create();
    struct code_sender sender = demo_codes_sender(serve.api.demo_codes);
    serve.api.code_sender = &sender;
    struct fault fault = {0};
    enum status status = run_parts(&serve, &fault);
    installation_close(&serve.installation);
    wire_close(serve.wire);
    http_server_destroy(serve.server);
    channels_close(serve.api.channels);
    receipt_desk_destroy(serve.api.receipts);
    demo_codes_destroy(serve.api.demo_codes);
    rate_limiter_destroy(serve.api.limiter);
    event_hub_destroy(serve.api.events);
    return status == STATUS_OK ? CLI_DONE : cli_fault(name, &fault);
}

const struct cli_command command_serve = {"serve",
    "--data DIR [--database URL] [--port N] [--bind ADDRESS | --listen unix:PATH] [--mode "
    "demo|test|live] [--role all|api|jobs|channel --node N] …",
    "serve the API and the web apps", run};
