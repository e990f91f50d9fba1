/* server.c: libevent around the sandbox. Exports server_run(). */
#include "sandbox/server.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

enum {
    BODY_MAX = 1 << 20,
    HEADERS_SIZE_MAX = 32768,
    HANG_SECONDS = 120,
    NOTIFY_TIMEOUT_SECONDS = 5,
    IN_FLIGHT_MAX = 32,
    IN_FLIGHT_PAUSE_US = 20000,
};

LIST_HEAD(parked_list, parked);
LIST_HEAD(sending_list, sending);

struct server {
    struct event_base *base;
    struct evhttp *http;
    struct event *wake;
    struct sandbox sandbox;
    struct parked_list parked;
    struct sending_list sendings;
    int in_flight;
};

/* A request whose answer waits for its time. */
struct parked {
    LIST_ENTRY(parked) entry;
    struct server *server;
    struct evhttp_request *http;
    struct event *timer;
    struct arena *arena;
    struct answer answer;
};

/* A notification on its way. */
struct sending {
    LIST_ENTRY(sending) entry;
    struct server *server;
    struct evhttp_connection *connection; /* frees itself when it is done */
    int64_t id;
};

static struct instant clock_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (struct instant){(int64_t)time.tv_sec * US_PER_SECOND + time.tv_nsec / 1000};
}

/* Sets the one timer to the next thing that is due. */
static void arm(struct server *server) {
    int64_t wait_us = sandbox_next_wake(&server->sandbox).us;
    if (wait_us == INT64_MAX) {
        event_del(server->wake);
        return;
    }
    wait_us -= clock_now().us;
    wait_us = wait_us < 0 ? 0 : wait_us;
    if (wait_us > US_PER_DAY)
        wait_us = US_PER_DAY;
    /* What is due may wait for the one before it, which is on its way. */
    if (server->in_flight > 0 && wait_us < IN_FLIGHT_PAUSE_US)
        wait_us = IN_FLIGHT_PAUSE_US;
    struct timeval wait = {wait_us / US_PER_SECOND, wait_us % US_PER_SECOND};
    event_add(server->wake, &wait);
}

static void free_connection(evutil_socket_t socket, short what, void *argument) {
    (void)socket;
    (void)what;
    evhttp_connection_free(argument);
}

static void sent(struct evhttp_request *http, void *argument) {
    struct sending *sending = argument;
    struct server *server = sending->server;
    /* libevent frees a connection that was used, but not one that could not be made. */
    if (http != NULL && evhttp_request_get_response_code(http) == 0)
        event_base_once(server->base, -1, EV_TIMEOUT, free_connection, sending->connection, NULL);
    int status = 0;
    struct bytes body = {(const uint8_t *)"", 0};
    if (http != NULL && evhttp_request_get_response_code(http) != 0) {
        struct evbuffer *buffer = evhttp_request_get_input_buffer(http);
        status = evhttp_request_get_response_code(http);
        body.length = evbuffer_get_length(buffer);
        if (body.length > 0)
            body.at = evbuffer_pullup(buffer, -1);
    }
    sandbox_notified(&server->sandbox, clock_now(), sending->id, status, body);
    server->in_flight--;
    LIST_REMOVE(sending, entry);
    free(sending);
    arm(server);
}

/* Sends one. A URL that cannot be reached counts as unanswered. */
static void send_notification(struct server *server, const struct outgoing *out) {
    struct evhttp_uri *uri = evhttp_uri_parse(out->url);
    const char *host = uri == NULL ? NULL : evhttp_uri_get_host(uri);
    const char *scheme = uri == NULL ? NULL : evhttp_uri_get_scheme(uri);
    if (host == NULL || scheme == NULL || strcmp(scheme, "http") != 0) {
        sandbox_notified(&server->sandbox, clock_now(), out->id, 0, (struct bytes){NULL, 0});
        if (uri != NULL)
            evhttp_uri_free(uri);
        return;
    }
    int port = evhttp_uri_get_port(uri) < 0 ? 80 : evhttp_uri_get_port(uri);
    const char *path = evhttp_uri_get_path(uri);
    struct sending *sending = calloc(1, sizeof *sending);
    check(sending != NULL);
    sending->server = server;
    sending->id = out->id;
    struct evhttp_connection *connection =
        evhttp_connection_base_new(server->base, NULL, host, (unsigned short)port);
    check(connection != NULL);
    evhttp_connection_set_timeout(connection, NOTIFY_TIMEOUT_SECONDS);
    evhttp_connection_set_max_body_size(connection, BODY_MAX);
    evhttp_connection_free_on_completion(connection);
    sending->connection = connection;
    LIST_INSERT_HEAD(&server->sendings, sending, entry);
    struct evhttp_request *http = evhttp_request_new(sent, sending);
    check(http != NULL);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(http);
    FENQI_ARENA arena = arena_create(1024);
    evhttp_add_header(headers, "Host", arena_printf(arena, "%s:%d", host, port));
    evhttp_add_header(headers, "Content-Type", out->content_type);
    evhttp_add_header(headers, "Connection", "close");
    for (size_t i = 0; i < out->header_count; i++)
        evhttp_add_header(headers, out->headers[i].name, out->headers[i].value);
    evbuffer_add(evhttp_request_get_output_buffer(http), out->body.at, out->body.length);
    server->in_flight++;
    const char *target = path == NULL || path[0] == '\0' ? "/" : path;
    const char *query = evhttp_uri_get_query(uri);
    if (query != NULL)
        target = arena_printf(arena, "%s?%s", target, query);
    /* On failure libevent has called `sent` or freed the request; either way it is accounted. */
    if (evhttp_make_request(connection, http, EVHTTP_REQ_POST, target) != 0)
        server->in_flight--;
    evhttp_uri_free(uri);
}

static void wake(evutil_socket_t socket, short what, void *argument) {
    (void)socket;
    (void)what;
    struct server *server = argument;
    struct outgoing out;
    sandbox_tick(&server->sandbox, clock_now());
    while (server->in_flight < IN_FLIGHT_MAX) {
        FENQI_ARENA arena = arena_create(16384);
        if (!sandbox_next_notification(&server->sandbox, arena, clock_now(), &out))
            break;
        send_notification(server, &out);
    }
    /* With a full window the next answer arms the timer again. */
    if (server->in_flight < IN_FLIGHT_MAX)
        arm(server);
}

static void release(struct parked *parked) {
    LIST_REMOVE(parked, entry);
    if (parked->timer != NULL)
        event_free(parked->timer);
    arena_destroy(parked->arena);
    free(parked);
}

static void reply(struct parked *parked) {
    const struct answer *answer = &parked->answer;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(parked->http);
    struct evbuffer *buffer = evbuffer_new();
    check(buffer != NULL);
    evhttp_add_header(headers, "Content-Type", answer->content_type);
    for (size_t i = 0; i < answer->header_count; i++)
        evhttp_add_header(headers, answer->headers[i].name, answer->headers[i].value);
    evbuffer_add(buffer, answer->body.at, answer->body.length);
    /* Frees the request also when its client has gone meanwhile. */
    evhttp_send_reply(parked->http, answer->status, NULL, buffer);
    evbuffer_free(buffer);
}

/* Closes the connection without an answer. */
static void drop(struct evhttp_request *http) {
    struct evhttp_connection *connection = evhttp_request_get_connection(http);
    if (connection != NULL)
        evhttp_connection_free(connection);
    else
        evhttp_request_free(http);
}

static void unpark(evutil_socket_t socket, short what, void *argument) {
    (void)socket;
    (void)what;
    struct parked *parked = argument;
    if (parked->answer.delivery == DELIVERY_SEND)
        reply(parked);
    else
        drop(parked->http);
    release(parked);
}

/* Copies a libevent request. False when it is not one that is served. */
static bool read_request(struct evhttp_request *http, struct arena *arena, struct request *out) {
    *out = (struct request){.arena = arena, .now = clock_now()};
    out->method = evhttp_request_get_command(http) == EVHTTP_REQ_POST ? "POST" : "GET";
    struct evkeyval *header;
    TAILQ_FOREACH(header, evhttp_request_get_input_headers(http), next) {
        if (out->header_count == HEADERS_MAX)
            return false;
        out->headers[out->header_count++] =
            (struct field){arena_text(arena, header->key), arena_text(arena, header->value)};
    }
    struct evbuffer *buffer = evhttp_request_get_input_buffer(http);
    size_t length = evbuffer_get_length(buffer);
    uint8_t *body = arena_allocate(arena, length + 1);
    evbuffer_remove(buffer, body, length);
    out->body = (struct bytes){body, length};
    return request_target(out, evhttp_request_get_uri(http));
}

static void serve(struct evhttp_request *http, void *argument) {
    struct server *server = argument;
    struct parked *parked = calloc(1, sizeof *parked);
    check(parked != NULL);
    parked->server = server;
    parked->http = http;
    parked->arena = arena_create(16384);
    LIST_INSERT_HEAD(&server->parked, parked, entry);
    struct request request;
    if (read_request(http, parked->arena, &request))
        sandbox_handle(&server->sandbox, &request, &parked->answer);
    else
        answer_text(&parked->answer, 400, "text/plain; charset=utf-8", "bad request\n");
    arm(server);
    if (parked->answer.delivery == DELIVERY_SEND && parked->answer.delay_ms == 0) {
        reply(parked);
        release(parked);
        return;
    }
    struct timeval wait = {parked->answer.delay_ms / 1000, parked->answer.delay_ms % 1000 * 1000};
    if (parked->answer.delivery == DELIVERY_HANG)
        wait = (struct timeval){HANG_SECONDS, 0};
    parked->timer = evtimer_new(server->base, unpark, parked);
    check(parked->timer != NULL);
    event_add(parked->timer, &wait);
}

static void stop(evutil_socket_t number, short what, void *argument) {
    (void)number;
    (void)what;
    event_base_loopexit(argument, NULL);
}

/* Binds; the port in use comes back in *port. */
static enum status listen_on(struct server *server, const struct server_options *options,
    uint16_t *port, struct fault *fault) {
    struct evhttp_bound_socket *bound =
        evhttp_bind_socket_with_handle(server->http, options->address, options->port);
    if (bound == NULL)
        return fault_set(
            fault, STATUS_IO, "cannot listen on %s:%u", options->address, (unsigned)options->port);
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    check(
        getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &length) == 0);
    *port = ntohs(address.sin_port);
    return STATUS_OK;
}

static void close_server(struct server *server) {
    /* Their requests belong to connections, which evhttp_free() ends. */
    while (!LIST_EMPTY(&server->parked))
        release(LIST_FIRST(&server->parked));
    while (!LIST_EMPTY(&server->sendings)) {
        struct sending *sending = LIST_FIRST(&server->sendings);
        LIST_REMOVE(sending, entry);
        evhttp_connection_free(sending->connection);
        free(sending);
    }
    if (server->wake != NULL)
        event_free(server->wake);
    if (server->http != NULL)
        evhttp_free(server->http);
    if (server->base != NULL)
        event_base_free(server->base);
}

enum status server_run(const struct server_options *options, struct fault *fault) {
    struct server server = {.base = event_base_new()};
    FENQI_ARENA arena = arena_create(512);
    uint16_t port = 0;
    check(server.base != NULL);
    signal(SIGPIPE, SIG_IGN);
    server.http = evhttp_new(server.base);
    server.wake = evtimer_new(server.base, wake, &server);
    check(server.http != NULL && server.wake != NULL);
    evhttp_set_allowed_methods(server.http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    evhttp_set_max_body_size(server.http, BODY_MAX);
    evhttp_set_max_headers_size(server.http, HEADERS_SIZE_MAX);
    evhttp_set_gencb(server.http, serve, &server);
    enum status status = listen_on(&server, options, &port, fault);
    struct sandbox_options inner = options->sandbox;
    inner.base_url = arena_printf(arena, "http://%s:%u", options->address, (unsigned)port);
    if (status == STATUS_OK)
        status = sandbox_open(&server.sandbox, &inner, clock_now(), fault);
    if (status == STATUS_OK) {
        struct event *terminate = evsignal_new(server.base, SIGTERM, stop, server.base);
        struct event *interrupt = evsignal_new(server.base, SIGINT, stop, server.base);
        check(terminate != NULL && interrupt != NULL);
        event_add(terminate, NULL);
        event_add(interrupt, NULL);
        arm(&server);
        printf("listening %s\n", inner.base_url);
        fflush(stdout);
        event_base_dispatch(server.base);
        event_free(terminate);
        event_free(interrupt);
        sandbox_close(&server.sandbox);
    }
    close_server(&server);
    return status;
}
