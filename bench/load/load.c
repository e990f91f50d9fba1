/*
 * load.c: the program `load`: a load generator on one thread (epoll, keep-alive).
 *
 * Each of --connections sends a request, waits for the answer, (rests --pause us,) sends the next.
 *   --kind repay    POST /api/v1/payments: --amount fen of the customer's order from the balance
 *   --kind order    GET /api/v1/orders/NUMBER
 *   --kind get      GET of --path without a cookie
 * What comes before --warmup ms have passed is not counted; what comes after the end counts for the
 * times, not for the rate. Prints one JSON object, times in microseconds. Exits with 1 when it
 * could not run, not because of bad answers.
 */
#include "cli/cli.h"
#include "customers.h"
#include "samples.h"
#include "talk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

enum { EVENTS_AT_ONCE = 256, PATIENCE_S = 10, SECOND_US = 1000000, LONG_US = SECOND_US };

struct load {
    const char *kind;
    const char *path;
    const char *customers_file;
    int64_t port, connections, pause_us, amount, seed;
    int64_t milliseconds, warmup_ms;
    bool skewed;

    struct customers customers;
    uint64_t random;
    uint64_t key; /* of the last Idempotency-Key */
    int epoll;
    struct talk *talks;
    /* those that rest, in the order in which they go on */
    struct talk **resting;
    int64_t *rest_until;
    size_t rest_first, rest_count;

    int64_t count_from, count_until;
    struct samples samples;
    int64_t good, answered, bad, broken, refused_busy, slow;
    int out; /* requests without an answer yet */
    char first_bad[SHOWN_MOST + 32];
};

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* ---- requests ---- */

static int write_repay(struct load *load, char *out) {
    const struct customer_line *customer =
        customers_pick(&load->customers, load->skewed, &load->random);
    char body[512];
    int length = snprintf(body, sizeof body,
        "{\"purpose\":{\"kind\":\"amount\",\"order_ids\":[\"%s\"],\"amount_fen\":%" PRId64
        "},\"method\":{\"kind\":\"credit_balance\"},\"expected_amount_fen\":%" PRId64 "}",
        customer->order, load->amount, load->amount);
    return snprintf(out, REQUEST_MOST,
        "POST /api/v1/payments HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: fenqi_session=%s\r\n"
        "X-CSRF-Token: %s\r\nIdempotency-Key: bench-%016" PRIx64 "\r\nContent-Type: "
        "application/json\r\nContent-Length: %d\r\n\r\n%s",
        (int)load->port, customer->cookie, customer->csrf, load->key++, length, body);
}

static int write_order(struct load *load, char *out) {
    const struct customer_line *customer =
        customers_pick(&load->customers, load->skewed, &load->random);
    return snprintf(out, REQUEST_MOST,
        "GET /api/v1/orders/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: fenqi_session=%s\r\n\r\n",
        customer->order, (int)load->port, customer->cookie);
}

static int write_get(struct load *load, char *out) {
    return snprintf(out, REQUEST_MOST, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", load->path,
        (int)load->port);
}

static int write_request(struct load *load, char *out) {
    if (strcmp(load->kind, "repay") == 0)
        return write_repay(load, out);
    return strcmp(load->kind, "order") == 0 ? write_order(load, out) : write_get(load, out);
}

/* ---- one connection ---- */

static void watch(struct load *load, struct talk *talk, int operation, bool writing) {
    struct epoll_event event = {.events = writing ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = talk};
    epoll_ctl(load->epoll, operation, talk->fd, &event);
}

static void lose(struct load *load, struct talk *talk) {
    if (talk->waiting)
        load->out--;
    if (talk->waiting && now_us() < load->count_until)
        load->broken++;
    talk_close(talk);
    if (now_us() < load->count_until && talk_open(talk, (int)load->port))
        watch(load, talk, EPOLL_CTL_ADD, true);
}

static void ask(struct load *load, struct talk *talk) {
    talk->request_length = (size_t)write_request(load, talk->request);
    talk->sent = 0;
    talk->waiting = true;
    talk->began_us = now_us();
    load->out++;
    enum talk_step step = talk_say(talk);
    if (step == TALK_BROKEN)
        lose(load, talk);
    else if (step == TALK_MORE)
        watch(load, talk, EPOLL_CTL_MOD, true);
}

static void rest(struct load *load, struct talk *talk, int64_t until) {
    size_t at = (load->rest_first + load->rest_count++) % (size_t)load->connections;
    load->resting[at] = talk;
    load->rest_until[at] = until;
}

static void count_answer(struct load *load, const struct talk *talk, int64_t now) {
    load->answered++;
    if (now < load->count_from)
        return;
    if (talk->status >= 200 && talk->status < 300) {
        load->good += now < load->count_until;
        samples_add(&load->samples, now - talk->began_us);
        load->slow += now - talk->began_us > LONG_US;
        return;
    }
    load->bad++;
    load->refused_busy += talk->status == 503;
    if (load->first_bad[0] == '\0')
        snprintf(load->first_bad, sizeof load->first_bad, "%d %s", talk->status, talk->shown);
}

static void answered(struct load *load, struct talk *talk) {
    int64_t now = now_us();
    count_answer(load, talk, now);
    talk->waiting = false;
    load->out--;
    if (talk->close) {
        lose(load, talk);
    } else if (now < load->count_until) {
        if (load->pause_us > 0)
            rest(load, talk, now + load->pause_us);
        else
            ask(load, talk);
    }
}

static void serve_event(struct load *load, struct talk *talk, uint32_t events) {
    if (talk->fd < 0)
        return;
    if ((events & EPOLLOUT) != 0) {
        watch(load, talk, EPOLL_CTL_MOD, false);
        if (!talk->waiting) {
            ask(load, talk);
        } else if (talk_say(talk) == TALK_BROKEN) {
            lose(load, talk);
            return;
        }
    }
    if (talk->fd >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        enum talk_step step = talk_hear(talk);
        if (step == TALK_BROKEN)
            lose(load, talk);
        else if (step == TALK_DONE)
            answered(load, talk);
    }
}

static void wake_rested(struct load *load) {
    int64_t now = now_us();
    while (load->rest_count > 0 && load->rest_until[load->rest_first] <= now) {
        struct talk *talk = load->resting[load->rest_first];
        load->rest_first = (load->rest_first + 1) % (size_t)load->connections;
        load->rest_count--;
        if (talk->fd >= 0 && now < load->count_until)
            ask(load, talk);
    }
}

/* ---- the run ---- */

static bool start(struct load *load) {
    load->talks = calloc((size_t)load->connections, sizeof load->talks[0]);
    load->resting = calloc((size_t)load->connections, sizeof load->resting[0]);
    load->rest_until = calloc((size_t)load->connections, sizeof load->rest_until[0]);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (load->talks == NULL || load->resting == NULL || load->rest_until == NULL || load->epoll < 0)
        return false;
    for (int64_t i = 0; i < load->connections; i++) {
        if (!talk_open(&load->talks[i], (int)load->port)) {
            fprintf(stderr, "load: connection %" PRId64 ": %s\n", i, strerror(errno));
            return false;
        }
        watch(load, &load->talks[i], EPOLL_CTL_ADD, true);
    }
    load->count_from = now_us() + load->warmup_ms * 1000;
    load->count_until = load->count_from + load->milliseconds * 1000;
    return true;
}

static void work(struct load *load) {
    struct epoll_event events[EVENTS_AT_ONCE];
    for (;;) {
        int64_t now = now_us();
        bool over = now >= load->count_until;
        if ((over && load->out == 0) || now > load->count_until + PATIENCE_S * SECOND_US)
            return;
        int count = epoll_wait(load->epoll, events, EVENTS_AT_ONCE, load->rest_count > 0 ? 1 : 20);
        for (int i = 0; i < count; i++)
            serve_event(load, events[i].data.ptr, events[i].events);
        wake_rested(load);
    }
}

static void print_text(const char *text) {
    for (const char *at = text; *at != '\0'; at++)
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if ((unsigned char)*at >= 0x20)
            putchar(*at);
}

static void print(const struct load *load) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const struct samples *samples = &load->samples;
    double seconds = (double)load->milliseconds / 1000;
    printf("{\"good\":%" PRId64 ",\"answered\":%" PRId64
           ",\"seconds\":%.3f,\"per_second\":%.1f,\"p50_us\":%" PRId64 ",\"p99_us\":%" PRId64
           ",\"max_us\":%" PRId64 ",\"over_a_second\":%" PRId64 ",\"bad\":%" PRId64
           ",\"busy\":%" PRId64 ",\"broken\":%" PRId64 ",\"unanswered\":%d"
           ",\"cpu_s\":%.3f,\"first_bad\":\"",
        load->good, load->answered, seconds, (double)load->good / seconds,
        samples_share(samples, 500000), samples_share(samples, 990000), samples->largest,
        load->slow, load->bad, load->refused_busy, load->broken, load->out,
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    print_text(load->first_bad);
    printf("\"}\n");
}

static bool read_options(struct load *load, int argc, char **argv) {
    *load = (struct load){.kind = "repay",
        .path = "/",
        .connections = 1,
        .milliseconds = 1000,
        .amount = 100,
        .seed = 1};
    const struct cli_option options[] = {
        {"--kind", NULL, CLI_TEXT, &load->kind, 0, 0},
        {"--path", NULL, CLI_TEXT, &load->path, 0, 0},
        {"--customers", NULL, CLI_TEXT, &load->customers_file, 0, 0},
        {"--skewed", NULL, CLI_FLAG, &load->skewed, 0, 0},
        {"--port", NULL, CLI_INTEGER, &load->port, 1, 65535},
        {"--connections", NULL, CLI_INTEGER, &load->connections, 1, 20000},
        {"--pause", NULL, CLI_INTEGER, &load->pause_us, 0, 10 * SECOND_US},
        {"--amount", NULL, CLI_INTEGER, &load->amount, 100, 100000},
        {"--seed", NULL, CLI_INTEGER, &load->seed, 0, INT32_MAX},
        {"--milliseconds", NULL, CLI_INTEGER, &load->milliseconds, 1, 600000},
        {"--warmup", NULL, CLI_INTEGER, &load->warmup_ms, 0, 60000},
    };
    return cli_parse("load", options, sizeof options / sizeof options[0], argc - 1, argv + 1, NULL,
               0, NULL) &&
           load->port > 0;
}

int main(int argc, char **argv) {
    static struct load load;
    if (!read_options(&load, argc, argv)) {
        fprintf(stderr, "load: see the head of bench/load/load.c for the options\n");
        return CLI_USAGE;
    }
    bool needs_customers = strcmp(load.kind, "get") != 0;
    if (needs_customers &&
        (load.customers_file == NULL || !customers_read(load.customers_file, &load.customers)))
        return 1;
    load.random = (uint64_t)load.seed;
    /* keys of other runs on the same database are others */
    load.key = (uint64_t)now_us() << 20;
    if (!start(&load))
        return 1;
    work(&load);
    print(&load);
    return 0;
}
