/*
 * server.c: the server's life. Exports: http_server_…(), http_options_default() of http.h.
 */
#include "http/internal.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LISTEN_BACKLOG = 4096 };

struct http_options http_options_default(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return (struct http_options){
        .loop_count = cores < 1    ? 1
                      : cores > 64 ? 64
                                   : (int)cores,
        .worker_count = 2,
        .work_queue_max = 64,
        .connection_max = 32768,
        .head_limit_bytes = 16384,
        .head_timeout_ms = 10000,
        .body_timeout_ms = 30000,
        .idle_timeout_ms = 75000,
        .park_timeout_ms = 30000,
        .write_timeout_ms = 30000,
        .stop_timeout_ms = 10000,
        .stream_backlog_max_bytes = 262144,
        .server_name = "fenqi",
    };
}

enum status http_server_create(
    const struct http_options *options, struct http_server **out, struct fault *fault) {
    check(options->loop_count > 0 && options->worker_count > 0);
    struct http_server *server = calloc(1, sizeof *server);
    check(server != NULL);
    server->options = *options;
    server->router = router_create();
    server->loops = calloc((size_t)options->loop_count, sizeof *server->loops);
    check(server->loops != NULL);
    pthread_mutex_init(&server->work_lock, NULL);
    pthread_cond_init(&server->work_ready, NULL);
    /* names of requests only need to differ between runs of the process */
    ssize_t got = getrandom(&server->id_prefix, sizeof server->id_prefix, 0);
    check(got == sizeof server->id_prefix);
    enum status status = STATUS_OK;
    if (options->tls_certificate_file != NULL)
        status = tls_context_create(
            options->tls_certificate_file, options->tls_key_file, &server->tls, fault);
    for (int i = 0; i < options->loop_count && status == STATUS_OK; i++) {
        server->loop_count++;
        status = loop_create(&server->loops[i], server, i, fault);
    }
    *out = server;
    if (status != STATUS_OK) {
        http_server_destroy(server);
        *out = NULL;
    }
    return status;
}

void http_server_add(struct http_server *server, const struct http_route *routes, size_t count) {
    check(!server->started);
    for (size_t i = 0; i < count; i++)
        router_add(server->router, &routes[i]);
}

void http_server_fallback(struct http_server *server, http_handler handler, void *context) {
    check(!server->started);
    server->fallback = handler;
    server->fallback_context = context;
}

void http_server_routes(const struct http_server *server,
    void (*visit)(const struct http_route *route, void *context), void *context) {
    router_each(server->router, visit, context);
}

int http_server_port(const struct http_server *server) {
    return server->port;
}

/* ---- listening ---- */

static enum status listen_unix(struct http_server *server, const char *path, struct fault *fault) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) == 0 || strlen(path) >= sizeof address.sun_path)
        return fault_set(fault, STATUS_INVALID, "unix socket path \"%s\"", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    struct stat found;
    if (lstat(path, &found) == 0 && S_ISSOCK(found.st_mode)) {
        int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool alive = probe >= 0 && connect(probe, (struct sockaddr *)&address, sizeof address) == 0;
        if (probe >= 0)
            close(probe);
        if (alive)
            return fault_set(fault, STATUS_CONFLICT, "%s is in use", path);
        unlink(path); /* left by a process that is gone */
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    mode_t before = umask(0117);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    umask(before);
    if (!bound || listen(fd, LISTEN_BACKLOG) != 0) {
        enum status status =
            fault_set(fault, STATUS_UNAVAILABLE, "cannot listen on %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return status;
    }
    check(server->unix_count < LISTENERS_MAX);
    server->unix_paths[server->unix_count++] = strdup(path);
    enum status status = STATUS_OK;
    for (int i = 0; i < server->loop_count && status == STATUS_OK; i++) {
        int own = i == 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 0);
        status = own < 0 ? fault_set(fault, STATUS_FULL, "no descriptor for %s", path)
                         : loop_add_listener(&server->loops[i], own, true, false, fault);
    }
    return status;
}

static int bind_tcp(const struct addrinfo *address) {
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    int off = 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (address->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static in_port_t *port_of(struct sockaddr *address) {
    return address->sa_family == AF_INET ? &((struct sockaddr_in *)(void *)address)->sin_port
                                         : &((struct sockaddr_in6 *)(void *)address)->sin6_port;
}

/*
 * One socket per loop on the same port (SO_REUSEPORT): the kernel spreads connections. That option
 * would let a second server of ours share the port unnoticed, so a first socket is bound without
 * it.
 */
static bool is_free(const struct addrinfo *address) {
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool bound = bind(fd, address->ai_addr, address->ai_addrlen) == 0;
    close(fd);
    return bound;
}

static enum status listen_tcp_on(
    struct http_server *server, struct addrinfo *address, const char *name, struct fault *fault) {
    if (*port_of(address->ai_addr) != 0 && !is_free(address))
        return fault_set(
            fault, STATUS_UNAVAILABLE, "cannot listen on %s: %s", name, strerror(errno));
    for (int i = 0; i < server->loop_count; i++) {
        int fd = bind_tcp(address);
        if (fd < 0)
            return fault_set(
                fault, STATUS_UNAVAILABLE, "cannot listen on %s: %s", name, strerror(errno));
        if (*port_of(address->ai_addr) == 0) {
            struct sockaddr_storage bound;
            socklen_t size = sizeof bound;
            check(getsockname(fd, (struct sockaddr *)&bound, &size) == 0);
            *port_of(address->ai_addr) = *port_of((struct sockaddr *)&bound);
        }
        enum status status =
            loop_add_listener(&server->loops[i], fd, false, server->tls != NULL, fault);
        if (status != STATUS_OK)
            return status;
    }
    if (server->port == 0)
        server->port = ntohs(*port_of(address->ai_addr));
    return STATUS_OK;
}

enum status http_server_listen(
    struct http_server *server, const char *address, struct fault *fault) {
    check(!server->started);
    if (server->loops[0].listener_count == LISTENERS_MAX)
        return fault_set(fault, STATUS_FULL, "too many listening addresses");
    if (strncmp(address, "unix:", 5) == 0)
        return listen_unix(server, address + 5, fault);
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        colon[1] == '\0' || strlen(address) > 200)
        return fault_set(fault, STATUS_INVALID,
            "address \"%s\" is not HOST:PORT, [HOST]:PORT or unix:PATH", address);
    char host[256];
    bool bracketed = address[0] == '[' && colon[-1] == ']';
    size_t length = (size_t)(colon - address) - (bracketed ? 2 : 0);
    memcpy(host, address + (bracketed ? 1 : 0), length);
    host[length] = '\0';
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int failed = getaddrinfo(host, colon + 1, &hints, &found);
    if (failed != 0)
        return fault_set(
            fault, STATUS_INVALID, "address \"%s\": %s", address, gai_strerror(failed));
    enum status status = listen_tcp_on(server, found, address, fault);
    freeaddrinfo(found);
    return status;
}

/* ---- running ---- */

enum status http_server_start(struct http_server *server, struct fault *fault) {
    check(!server->started);
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    /* signals are for the thread that started us; a broken pipe is an errno */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum status status = workers_start(server, fault);
    int running = 0;
    for (int i = 0; i < server->loop_count && status == STATUS_OK; i++) {
        if (pthread_create(&server->loops[i].thread, NULL, loop_run, &server->loops[i]) != 0)
            status = fault_set(fault, STATUS_FULL, "cannot start loop thread %d", i);
        else
            running++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status == STATUS_OK) {
        server->started = true;
        return STATUS_OK;
    }
    for (int i = 0; i < running; i++) {
        loop_stop(&server->loops[i]);
        pthread_join(server->loops[i].thread, NULL);
    }
    workers_stop(server);
    return status;
}

void http_server_stop(struct http_server *server) {
    if (!server->started)
        return;
    for (int i = 0; i < server->loop_count; i++)
        loop_stop(&server->loops[i]);
    for (int i = 0; i < server->loop_count; i++)
        pthread_join(server->loops[i].thread, NULL);
    workers_stop(server);
    server->started = false;
}

void http_server_destroy(struct http_server *server) {
    if (server == NULL)
        return;
    check(!server->started);
    for (int i = 0; i < server->loop_count; i++)
        loop_destroy(&server->loops[i]);
    for (int i = 0; i < server->unix_count; i++) {
        unlink(server->unix_paths[i]);
        free(server->unix_paths[i]);
    }
    free(server->loops);
    router_destroy(server->router);
    if (server->tls != NULL)
        tls_context_destroy(server->tls);
    pthread_mutex_destroy(&server->work_lock);
    pthread_cond_destroy(&server->work_ready);
    free(server);
}

struct http_counts http_server_counts(const struct http_server *server) {
    struct http_counts counts = {0};
    for (int i = 0; i < server->loop_count; i++) {
        counts.connections += atomic_load(&server->loops[i].connection_total);
        counts.parked += atomic_load(&server->loops[i].parked_total);
        counts.streams += atomic_load(&server->loops[i].stream_total);
        counts.requests += atomic_load(&server->loops[i].request_total);
    }
    return counts;
}
