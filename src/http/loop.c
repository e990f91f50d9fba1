/*
 * loop.c: one event loop and its thread. Exports: loop_…() and monotonic_us() of internal.h.
 *
 * Other threads speak to a loop only through its inbox (a locked list and an eventfd). A tick walks
 * the connections for deadlines: with tens of thousands of them that costs less than a timer each.
 */
#include "http/internal.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ACCEPTS_AT_ONCE = 64, TICK_MIN_MS = 20, TICK_MAX_MS = 1000 };

int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct arena *loop_take_arena(struct loop *loop) {
    if (loop->spare_count > 0)
        return loop->spare_arenas[--loop->spare_count];
    return arena_create(ARENA_BLOCK);
}

void loop_give_arena(struct loop *loop, struct arena *arena) {
    if (loop->spare_count == ARENAS_KEPT) {
        arena_destroy(arena);
        return;
    }
    arena_reset(arena);
    loop->spare_arenas[loop->spare_count++] = arena;
}

const char *loop_date(struct loop *loop) {
    time_t now = time(NULL);
    if (now != loop->date_second) {
        struct tm parts;
        gmtime_r(&now, &parts);
        strftime(loop->date, sizeof loop->date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        loop->date_second = now;
    }
    return loop->date;
}

void loop_post(struct loop *loop, struct inbox_item *item) {
    item->next = NULL;
    pthread_mutex_lock(&loop->inbox_lock);
    bool was_empty = loop->inbox_first == NULL;
    if (was_empty)
        loop->inbox_first = item;
    else
        loop->inbox_last->next = item;
    loop->inbox_last = item;
    pthread_mutex_unlock(&loop->inbox_lock);
    if (was_empty) {
        uint64_t one = 1;
        ssize_t written = write(loop->wake_fd, &one, sizeof one);
        check(written == sizeof one || errno == EAGAIN);
    }
}

void loop_drain_inbox(struct loop *loop) {
    pthread_mutex_lock(&loop->inbox_lock);
    struct inbox_item *item = loop->inbox_first;
    loop->inbox_first = NULL;
    pthread_mutex_unlock(&loop->inbox_lock);
    while (item != NULL) {
        struct inbox_item *next = item->next;
        item->run(item);
        item = next;
    }
}

static void on_wake(evutil_socket_t fd, short what, void *argument) {
    (void)what;
    uint64_t count;
    ssize_t got = read((int)fd, &count, sizeof count);
    (void)got; /* empty when two wakes met: the inbox is what counts */
    loop_drain_inbox(argument);
}

static void on_reap(evutil_socket_t fd, short what, void *argument) {
    (void)fd;
    (void)what;
    struct loop *loop = argument;
    while (loop->doomed != NULL) {
        struct connection *connection = loop->doomed;
        loop->doomed = connection->next_doomed;
        connection_destroy(connection);
    }
}

/* Answers a connection over the limit without looking at what it asks. */
static void refuse_connection(int fd) {
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                               "Connection: close\r\nContent-Length: 0\r\n\r\n";
    ssize_t sent = send(fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent; /* best effort: it is being closed either way */
    close(fd);
}

static void peer_text(const struct sockaddr_storage *address, char peer[PEER_SIZE]) {
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    if (address->ss_family == AF_INET)
        inet_ntop(AF_INET, &four->sin_addr, peer, PEER_SIZE);
    else if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        inet_ntop(AF_INET, &six->sin6_addr.s6_addr[12], peer, PEER_SIZE);
    else if (address->ss_family == AF_INET6)
        inet_ntop(AF_INET6, &six->sin6_addr, peer, PEER_SIZE);
    else
        memcpy(peer, "unix", sizeof "unix");
}

static void on_accept(evutil_socket_t fd, short what, void *argument) {
    (void)what;
    struct listener *listener = argument;
    struct loop *loop = listener->loop;
    const struct http_options *options = &loop->server->options;
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof address;
        int accepted =
            accept4((int)fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted < 0) {
            /* out of descriptors: the socket would stay readable and the loop spin; a tick later */
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
                event_del(&listener->event);
                listener->resting = true;
            }
            return;
        }
        int64_t share = options->connection_max / loop->server->loop_count;
        if (atomic_load(&loop->connection_total) >= share) {
            refuse_connection(accepted);
            continue;
        }
        int on = 1;
        if (!listener->is_unix)
            setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        char peer[PEER_SIZE];
        peer_text(&address, peer);
        connection_open(loop, accepted, peer, listener->is_unix || options->trust_forwarded_for,
            listener->is_tls);
    }
}

static void close_listeners(struct loop *loop) {
    for (int i = 0; i < loop->listener_count; i++) {
        event_del(&loop->listeners[i].event);
        close(loop->listeners[i].fd);
    }
    loop->listener_count = 0;
}

static void begin_stop(struct loop *loop, int64_t now_us) {
    loop->stopping = true;
    loop->stop_deadline_us = now_us + loop->server->options.stop_timeout_ms * 1000;
    for (int i = 0; i < loop->listener_count; i++)
        on_accept(loop->listeners[i].fd, EV_READ, &loop->listeners[i]); /* who already waits */
    close_listeners(loop);
}

/* While stopping: ends what is idle, leaves when nothing is left or the time is over. */
static void go_on_stopping(struct loop *loop, int64_t now_us) {
    bool late = now_us >= loop->stop_deadline_us;
    struct connection *next;
    for (struct connection *at = loop->connections; at != NULL; at = next) {
        next = at->next;
        if (late)
            connection_doom(at);
        else if (at->state == CONNECTION_IDLE || at->state == CONNECTION_LINGER)
            connection_stop_idle(at);
        else if (at->state == CONNECTION_STREAM && at->stream != NULL)
            http_stream_end(at->stream);
    }
    on_reap(-1, 0, loop);
    if (loop->connections == NULL && (loop->waiting == 0 || late))
        event_base_loopbreak(loop->base);
}

static void on_tick(evutil_socket_t fd, short what, void *argument) {
    (void)fd;
    (void)what;
    struct loop *loop = argument;
    int64_t now_us = monotonic_us();
    struct connection *next;
    for (struct connection *at = loop->connections; at != NULL; at = next) {
        next = at->next;
        connection_tick(at, now_us);
    }
    for (int i = 0; i < loop->listener_count; i++) {
        if (loop->listeners[i].resting)
            event_add(&loop->listeners[i].event, NULL);
        loop->listeners[i].resting = false;
    }
    if (loop->stopping)
        go_on_stopping(loop, now_us);
}

struct stop_message {
    struct inbox_item inbox;
    struct loop *loop;
};

static void on_stop_message(struct inbox_item *item) {
    struct loop *loop = ((struct stop_message *)item)->loop;
    free(item);
    begin_stop(loop, monotonic_us());
    struct timeval period = {0, TICK_MIN_MS * 1000};
    event_add(&loop->tick_event, &period);
    go_on_stopping(loop, monotonic_us());
}

void loop_stop(struct loop *loop) {
    struct stop_message *message = calloc(1, sizeof *message);
    check(message != NULL);
    *message = (struct stop_message){{NULL, on_stop_message}, loop};
    loop_post(loop, &message->inbox);
}

/* Fine enough that no limit is missed by more than a quarter. */
static struct timeval tick_period(const struct http_options *options) {
    const int64_t limits[] = {options->head_timeout_ms, options->body_timeout_ms,
        options->idle_timeout_ms, options->park_timeout_ms, options->write_timeout_ms};
    int64_t shortest = TICK_MAX_MS * 4;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        shortest = limits[i] < shortest ? limits[i] : shortest;
    int64_t period = shortest / 4 < TICK_MIN_MS ? TICK_MIN_MS : shortest / 4;
    return (struct timeval){period / 1000, (period % 1000) * 1000};
}

enum status loop_create(
    struct loop *loop, struct http_server *server, int index, struct fault *fault) {
    loop->server = server;
    loop->index = index;
    loop->wake_fd = -1;
    pthread_mutex_init(&loop->inbox_lock, NULL);
    struct event_config *config = event_config_new();
    if (config == NULL)
        return fault_set(fault, STATUS_IO, "no event configuration");
    /*
     * No change list: it would speak to epoll about a descriptor after we have closed it, when
     * another loop may already own its number; and it saves nothing where answers are written
     * directly.
     */
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop->base == NULL || loop->wake_fd < 0)
        return fault_set(fault, STATUS_IO, "event loop: %s", strerror(errno));
    event_assign(&loop->wake_event, loop->base, loop->wake_fd, EV_READ | EV_PERSIST, on_wake, loop);
    event_assign(&loop->tick_event, loop->base, -1, EV_PERSIST, on_tick, loop);
    event_assign(&loop->reap_event, loop->base, -1, 0, on_reap, loop);
    struct timeval period = tick_period(&server->options);
    if (event_add(&loop->wake_event, NULL) != 0 || event_add(&loop->tick_event, &period) != 0)
        return fault_set(fault, STATUS_IO, "event loop: cannot watch");
    return STATUS_OK;
}

enum status loop_add_listener(
    struct loop *loop, int fd, bool is_unix, bool is_tls, struct fault *fault) {
    check(loop->listener_count < LISTENERS_MAX);
    struct listener *listener = &loop->listeners[loop->listener_count];
    *listener = (struct listener){.fd = fd, .is_unix = is_unix, .is_tls = is_tls, .loop = loop};
    event_assign(&listener->event, loop->base, fd, EV_READ | EV_PERSIST, on_accept, listener);
    if (event_add(&listener->event, NULL) != 0)
        return fault_set(fault, STATUS_IO, "cannot watch a listening socket");
    loop->listener_count++;
    return STATUS_OK;
}

void *loop_run(void *argument) {
    struct loop *loop = argument;
    pthread_setname_np(pthread_self(), "http-loop");
    event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

void loop_destroy(struct loop *loop) {
    close_listeners(loop);
    for (struct connection *at = loop->connections; at != NULL; at = at->next)
        connection_doom(at);
    on_reap(-1, 0, loop);
    loop->over = true;
    loop_drain_inbox(loop);
    while (loop->spare_count > 0)
        arena_destroy(loop->spare_arenas[--loop->spare_count]);
    if (loop->base != NULL) {
        event_del(&loop->wake_event);
        event_del(&loop->tick_event);
        event_del(&loop->reap_event);
        event_base_free(loop->base);
    }
    if (loop->wake_fd >= 0)
        close(loop->wake_fd);
    pthread_mutex_destroy(&loop->inbox_lock);
}
