/*
 * streams.c: the program `streams`: holds event streams open that nothing happens on.
 *
 *     streams PORT CUSTOMERS COUNT
 *
 * Opens COUNT streams (GET /api/v1/events), one a customer as long as there are enough, a few at a
 * time; prints "open N" when the heads of all have come, reads what comes, and ends when its
 * standard input does. It uses next to no CPU meanwhile.
 */
#include "customers.h"
#include "talk.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { AT_ONCE = 200, EVENTS_AT_ONCE = 256, PATIENCE_MS = 20000 };

static struct customers customers;
static int port, epoll;
static size_t count, asked, open_count;

static bool ask(struct talk *talk, size_t number) {
    const struct customer_line *customer = &customers.lines[number % customers.count];
    if (!talk_open(talk, port))
        return false;
    talk->request_length = (size_t)snprintf(talk->request, REQUEST_MOST,
        "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n"
        "Cookie: fenqi_session=%s\r\n\r\n",
        port, customer->cookie);
    talk->sent = 0;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u64 = number};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, talk->fd, &event) == 0;
}

/* The head's first line has come, or what follows an open stream's head. */
static bool hear(int fd, bool *open) {
    char buffer[4096];
    ssize_t got = read(fd, buffer, sizeof buffer - 1);
    if (got <= 0)
        return false;
    buffer[got] = '\0';
    if (!*open && strncmp(buffer, "HTTP/1.1 200", 12) != 0) {
        fprintf(stderr, "streams: %.*s\n", (int)strcspn(buffer, "\r\n"), buffer);
        return false;
    }
    open_count += !*open;
    *open = true;
    return true;
}

/* What is kept of a stream once it is asked for: 15,000 talks would be 100 MB. */
struct kept {
    int fd;
    bool open;
};

static bool serve(struct kept *kept, struct talk *talks, const struct epoll_event *event) {
    size_t number = (size_t)event->data.u64;
    struct talk *talk = &talks[number % AT_ONCE];
    if ((event->events & EPOLLOUT) != 0 && !kept[number].open) {
        if (talk_say(talk) == TALK_BROKEN)
            return false;
        struct epoll_event reading = {.events = EPOLLIN, .data.u64 = number};
        if (talk->sent == talk->request_length)
            epoll_ctl(epoll, EPOLL_CTL_MOD, talk->fd, &reading);
    }
    return (event->events & EPOLLIN) == 0 || hear(kept[number].fd, &kept[number].open);
}

/* Asks for more while fewer than AT_ONCE wait for their heads. */
static bool ask_more(struct kept *kept, struct talk *talks) {
    while (asked < count && asked - open_count < AT_ONCE &&
           (asked < AT_ONCE || kept[asked - AT_ONCE].open)) {
        struct talk *talk = &talks[asked % AT_ONCE];
        if (!ask(talk, asked)) {
            perror("streams: connecting");
            return false;
        }
        kept[asked++].fd = talk->fd;
    }
    return true;
}

static bool hold(struct kept *kept, struct talk *talks) {
    bool said = false;
    for (;;) {
        struct epoll_event events[EVENTS_AT_ONCE];
        if (!ask_more(kept, talks))
            return false;
        if (open_count == count && !said) {
            printf("open %zu\n", open_count);
            fflush(stdout);
            said = true;
        }
        struct pollfd ends[] = {{.fd = epoll, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
        if (poll(ends, 2, said ? -1 : PATIENCE_MS) == 0) {
            fprintf(
                stderr, "streams: %zu of %zu open, then nothing more came\n", open_count, count);
            return false;
        }
        if (ends[1].revents != 0)
            return true;
        int got = epoll_wait(epoll, events, EVENTS_AT_ONCE, 0);
        for (int i = 0; i < got; i++)
            if (!serve(kept, talks, &events[i])) {
                fprintf(stderr, "streams: stream %zu is lost\n", (size_t)events[i].data.u64);
                return false;
            }
    }
}

int main(int argc, char **argv) {
    if (argc != 4 || !customers_read(argv[2], &customers))
        return 2;
    port = (int)strtol(argv[1], NULL, 10);
    count = (size_t)strtol(argv[3], NULL, 10);
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct kept *kept = calloc(count + 1, sizeof *kept);
    struct talk *talks = calloc(AT_ONCE, sizeof *talks);
    bool good = kept != NULL && talks != NULL && epoll >= 0 && hold(kept, talks);
    free(kept);
    free(talks);
    return good ? 0 : 1;
}
