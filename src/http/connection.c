/*
 * connection.c: one client connection: bytes in, requests out, answers away. Exports:
 * connection_…() of internal.h.
 *
 * Nothing here frees a connection while it may be on the stack: connection_doom() puts it on a list
 * that the loop empties when the stack is gone, and only there are callbacks of the layer above
 * told.
 */
#include "http/internal.h"

#include "base/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LINGER_US = 2000000, LINGER_MAX = 16 << 20, PEEK_PIECES = 16, UNSENT_MAX = 1 << 20 };

static void on_readable(evutil_socket_t fd, short what, void *argument);
static void on_writable(evutil_socket_t fd, short what, void *argument);

/* ---- the input buffer ---- */

static size_t buffered(const struct buffer *buffer) {
    return buffer->length - buffer->start;
}

/* Room for at least `more` bytes at the end. */
static void buffer_reserve(struct buffer *buffer, size_t more) {
    if (buffer->start > 0 && buffer->room - buffer->length < more) {
        memmove(buffer->at, buffer->at + buffer->start, buffered(buffer));
        buffer->length -= buffer->start;
        buffer->start = 0;
    }
    if (buffer->room - buffer->length >= more)
        return;
    size_t room =
        buffer->room * 2 > buffer->length + more ? buffer->room * 2 : buffer->length + more;
    uint8_t *at = realloc(buffer->at, room);
    check(at != NULL);
    buffer->at = at;
    buffer->room = room;
}

/* Drops `count` bytes from the front; an empty buffer holds no memory. */
static void buffer_consume(struct buffer *buffer, size_t count) {
    check(count <= buffered(buffer));
    buffer->start += count;
    if (buffered(buffer) == 0) {
        free(buffer->at);
        *buffer = (struct buffer){0};
    }
}

/* ---- life ---- */

static void set_state(
    struct connection *connection, enum connection_state state, int64_t timeout_ms) {
    connection->state = state;
    connection->deadline_us = timeout_ms == 0 ? INT64_MAX : monotonic_us() + timeout_ms * 1000;
}

void connection_open(struct loop *loop, int fd, const char *peer, bool trusted, bool is_tls) {
    struct connection *connection = calloc(1, sizeof *connection);
    check(connection != NULL);
    connection->loop = loop;
    connection->fd = fd;
    connection->trusted = trusted;
    memcpy(connection->peer, peer, strnlen(peer, PEER_SIZE - 1));
    connection->next = loop->connections;
    if (loop->connections != NULL)
        loop->connections->previous = connection;
    loop->connections = connection;
    atomic_fetch_add(&loop->connection_total, 1);
    /* a fresh connection owes its first head at once: it has no idle time */
    set_state(connection, CONNECTION_IDLE, loop->server->options.head_timeout_ms);
    event_assign(
        &connection->read_event, loop->base, fd, EV_READ | EV_PERSIST, on_readable, connection);
    event_assign(
        &connection->write_event, loop->base, fd, EV_WRITE | EV_PERSIST, on_writable, connection);
    if (is_tls)
        connection->tls = tls_open(loop->server->tls, fd);
    if (event_add(&connection->read_event, NULL) != 0)
        connection_doom(connection);
}

void connection_doom(struct connection *connection) {
    if (connection->state == CONNECTION_DEAD)
        return;
    struct loop *loop = connection->loop;
    connection->state = CONNECTION_DEAD;
    event_del(&connection->read_event);
    event_del(&connection->write_event);
    connection->next_doomed = loop->doomed;
    loop->doomed = connection;
    event_active(&loop->reap_event, EV_TIMEOUT, 1);
}

void connection_destroy(struct connection *connection) {
    struct loop *loop = connection->loop;
    if (connection->request != NULL)
        request_departed(connection->request);
    if (connection->stream != NULL)
        stream_connection_gone(connection->stream);
    if (connection->tls != NULL)
        tls_close(connection->tls);
    close(connection->fd);
    if (connection->out != NULL)
        evbuffer_free(connection->out);
    free(connection->in.at);
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        loop->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    atomic_fetch_sub(&loop->connection_total, 1);
    free(connection);
}

/* ---- output ---- */

size_t connection_unsent(const struct connection *connection) {
    return connection->out == NULL ? 0 : evbuffer_get_length(connection->out);
}

/* Writes pieces to the socket: bytes taken, 0 when it is full, -1 when it is broken. */
static ssize_t put(struct connection *connection, struct iovec *pieces, int count) {
    ssize_t sent = 0;
    if (connection->tls != NULL) {
        for (int i = 0; i < count; i++) {
            size_t at = 0;
            while (at < pieces[i].iov_len) {
                ssize_t n = tls_write(connection->tls, (const uint8_t *)pieces[i].iov_base + at,
                    pieces[i].iov_len - at);
                if (n < 0)
                    return errno == EAGAIN ? sent : -1;
                at += (size_t)n;
                sent += n;
            }
        }
        return sent;
    }
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (size_t)count};
    do {
        sent = sendmsg(connection->fd, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    return sent;
}

static void arm_write(struct connection *connection) {
    if (connection->write_armed)
        return;
    connection->write_armed = true;
    connection->out_seen = connection_unsent(connection);
    connection->out_progress_us = monotonic_us();
    event_add(&connection->write_event, NULL);
}

static void queue(struct connection *connection, struct bytes bytes, bool is_static) {
    if (bytes.length == 0)
        return;
    if (connection->out == NULL)
        connection->out = evbuffer_new();
    check(connection->out != NULL);
    int failed = is_static
                     ? evbuffer_add_reference(connection->out, bytes.at, bytes.length, NULL, NULL)
                     : evbuffer_add(connection->out, bytes.at, bytes.length);
    check(failed == 0);
}

static struct bytes after(struct bytes bytes, size_t count) {
    return (struct bytes){bytes.at + count, bytes.length - count};
}

void connection_send(
    struct connection *connection, struct bytes first, struct bytes second, bool second_is_static) {
    if (connection->state == CONNECTION_DEAD)
        return;
    size_t sent = 0;
    if (connection_unsent(connection) == 0) {
        /* iovec has no const; sending does not write */
        struct iovec pieces[2] = {{(void *)(uintptr_t)first.at, first.length},
            {(void *)(uintptr_t)second.at, second.length}};
        ssize_t n = put(connection, pieces, second.length > 0 ? 2 : 1);
        if (n < 0) {
            connection_doom(connection);
            return;
        }
        sent = (size_t)n;
    }
    if (sent == first.length + second.length)
        return;
    if (sent < first.length) {
        queue(connection, after(first, sent), false);
        queue(connection, second, second_is_static);
    } else {
        queue(connection, after(second, sent - first.length), second_is_static);
    }
    arm_write(connection);
}

/* Sends what is queued; true when all of it has gone. */
static bool flush(struct connection *connection) {
    while (connection_unsent(connection) > 0) {
        struct evbuffer_iovec found[PEEK_PIECES];
        int count = evbuffer_peek(connection->out, -1, NULL, found, PEEK_PIECES);
        count = count > PEEK_PIECES ? PEEK_PIECES : count;
        struct iovec pieces[PEEK_PIECES];
        for (int i = 0; i < count; i++)
            pieces[i] = (struct iovec){found[i].iov_base, found[i].iov_len};
        ssize_t n = put(connection, pieces, count);
        if (n < 0) {
            connection_doom(connection);
            return false;
        }
        if (n == 0)
            return false;
        evbuffer_drain(connection->out, (size_t)n);
    }
    if (connection->write_armed) {
        connection->write_armed = false;
        event_del(&connection->write_event);
    }
    if (connection->out != NULL) {
        evbuffer_free(connection->out);
        connection->out = NULL;
    }
    return true;
}

/*
 * All has been sent and the connection is to end: shut our side and read on for a while, because
 * closing with unread input makes the kernel throw the answer away on its way to the client.
 */
static void linger(struct connection *connection) {
    if (connection->ended) {
        connection_doom(connection);
        return;
    }
    if (connection->tls != NULL)
        tls_shutdown(connection->tls);
    shutdown(connection->fd, SHUT_WR);
    connection->state = CONNECTION_LINGER;
    connection->deadline_us = monotonic_us() + LINGER_US;
    buffer_consume(&connection->in, buffered(&connection->in));
    if (connection->read_paused) {
        connection->read_paused = false;
        event_add(&connection->read_event, NULL);
    }
}

void connection_finish(struct connection *connection) {
    if (connection->state == CONNECTION_DEAD)
        return;
    connection->state = CONNECTION_CLOSING;
    connection->deadline_us = INT64_MAX; /* the write timeout watches */
    if (connection_unsent(connection) == 0)
        linger(connection);
}

static void on_writable(evutil_socket_t fd, short what, void *argument) {
    (void)fd;
    (void)what;
    struct connection *connection = argument;
    if (!flush(connection))
        return;
    if (connection->state == CONNECTION_CLOSING)
        linger(connection);
    else
        connection_process(connection); /* requests that waited for room */
    if (connection->tls != NULL && connection->state != CONNECTION_DEAD && !connection->ended)
        on_readable(connection->fd, EV_READ, connection);
}

/* ---- input ---- */

/* How many bytes may wait in the buffer in this state. */
static size_t input_limit(const struct connection *connection) {
    const struct http_options *options = &connection->loop->server->options;
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_HEAD:
        return options->head_limit_bytes + READ_STEP;
    case CONNECTION_BODY:
        return (size_t)connection->request->head.content_length + READ_STEP;
    case CONNECTION_BUSY:
        return PIPELINE_MAX;
    case CONNECTION_CLOSING:
    case CONNECTION_LINGER:
    case CONNECTION_STREAM:
    case CONNECTION_DEAD:
        return READ_STEP;
    }
    check(false);
    return 0;
}

static ssize_t get(struct connection *connection, void *at, size_t size) {
    if (connection->tls != NULL)
        return tls_read(connection->tls, at, size);
    ssize_t n;
    do {
        n = recv(connection->fd, at, size, 0);
    } while (n < 0 && errno == EINTR);
    return n;
}

static bool throws_away(const struct connection *connection) {
    return connection->state == CONNECTION_CLOSING || connection->state == CONNECTION_LINGER ||
           connection->state == CONNECTION_STREAM;
}

/*
 * The client has shut its side. One that still has answers to take gets them; a request that is
 * parked or half sent is over.
 */
static void client_ended(struct connection *connection, bool broken) {
    bool answers_left =
        connection_unsent(connection) > 0 &&
        (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_CLOSING);
    if (broken || !answers_left) {
        connection_doom(connection);
        return;
    }
    connection->ended = true;
    connection->read_paused = true;
    event_del(&connection->read_event);
    connection_finish(connection);
}

/* Reads once; false when there is nothing more to read now. */
static bool read_step(struct connection *connection) {
    struct buffer *in = &connection->in;
    if (buffered(in) >= input_limit(connection)) {
        if (!connection->read_paused)
            event_del(&connection->read_event);
        connection->read_paused = true;
        return false;
    }
    size_t step = READ_STEP;
    if (connection->state == CONNECTION_BODY)
        step = input_limit(connection) - buffered(in);
    step = step > 65536 ? 65536 : step;
    buffer_reserve(in, step);
    ssize_t n = get(connection, in->at + in->length, step);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        buffer_consume(in, 0);
        return false;
    }
    if (n <= 0) {
        buffer_consume(in, 0);
        client_ended(connection, n < 0);
        return false;
    }
    in->length += (size_t)n;
    if (throws_away(connection)) {
        connection->discarded += n;
        buffer_consume(in, buffered(in));
        if (connection->discarded > LINGER_MAX)
            connection_doom(connection);
    }
    return connection->tls != NULL || (size_t)n == step;
}

static void on_readable(evutil_socket_t fd, short what, void *argument) {
    (void)fd;
    (void)what;
    struct connection *connection = argument;
    for (int steps = 0; steps < 16 && connection->state != CONNECTION_DEAD; steps++) {
        bool more = read_step(connection);
        connection_process(connection);
        if (!more)
            return;
    }
    /* Encrypted bytes may wait inside the session where the socket does not show them. */
    if (connection->tls != NULL && connection->state != CONNECTION_DEAD)
        event_active(&connection->read_event, EV_READ, 1);
}

void connection_stop_idle(struct connection *connection) {
    if (connection->state == CONNECTION_IDLE && !connection->read_paused)
        on_readable(connection->fd, EV_READ, connection);
    if (connection->state == CONNECTION_IDLE && connection_unsent(connection) > 0)
        connection_finish(connection);
    else if (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_LINGER)
        connection_doom(connection);
}

/* Starts reading again after connection_next() made room. */
static void unpause(struct connection *connection) {
    if (!connection->read_paused || connection->ended ||
        buffered(&connection->in) >= input_limit(connection))
        return;
    connection->read_paused = false;
    event_add(&connection->read_event, NULL);
    if (connection->tls != NULL)
        event_active(&connection->read_event, EV_READ, 1);
}

/* ---- requests ---- */

static void answer_error(struct connection *connection, enum http_error error) {
    if (connection->request == NULL)
        connection->request = request_create(connection);
    connection->request->close = true;
    connection->state = CONNECTION_BUSY;
    connection->deadline_us = INT64_MAX;
    struct http_request *request = connection->request;
    http_reply_error(request, error);
    request_destroy(request);
}

/*
 * RFC 9112 2.2: an empty line before a request is forgiven, once. False when the bytes so far do
 * not yet say whether there is one, or nothing follows.
 */
static bool forgive_empty_line(struct connection *connection) {
    struct buffer *in = &connection->in;
    if (connection->forgiven || in->at[in->start] != '\r')
        return true;
    if (buffered(in) < 2)
        return false;
    if (in->at[in->start + 1] != '\n')
        return true; /* the parser refuses it */
    connection->forgiven = true;
    connection->searched = 0;
    buffer_consume(in, 2);
    return buffered(in) > 0;
}

/* Takes a head off the buffer. False when the next one is not complete or the connection ended. */
static bool take_head(struct connection *connection) {
    const struct http_options *options = &connection->loop->server->options;
    struct buffer *in = &connection->in;
    if (buffered(in) == 0)
        return false;
    if (connection->state == CONNECTION_IDLE) {
        set_state(connection, CONNECTION_HEAD, options->head_timeout_ms);
        connection->searched = 0;
        connection->forgiven = false;
    }
    if (!forgive_empty_line(connection))
        return false;
    size_t searchable =
        buffered(in) < options->head_limit_bytes ? buffered(in) : options->head_limit_bytes;
    size_t length = http_parse_end(in->at + in->start, searchable, connection->searched);
    connection->searched = searchable;
    if (length == 0) {
        if (searchable == options->head_limit_bytes)
            answer_error(connection, HTTP_ERROR_HEAD_TOO_LARGE);
        return false;
    }
    struct http_request *request = request_create(connection);
    connection->request = request;
    char *text = arena_text_n(request->arena, (const char *)in->at + in->start, length);
    enum http_error error = HTTP_ERROR_BAD_REQUEST;
    /* arena_text_n copies up to `length` bytes; a NUL inside is refused as a control character */
    if (!http_parse_head(request->arena, text, length, &request->head, &error)) {
        answer_error(connection, error);
        return false;
    }
    buffer_consume(in, length);
    request->bytes_in = (int64_t)length;
    request_resolve_peer(request);
    if (!request_accepts_body(request, &error)) {
        answer_error(connection, error);
        return false;
    }
    set_state(connection, CONNECTION_BODY, options->body_timeout_ms);
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    if (request->head.expect_continue && request->head.content_length > 0 && buffered(in) == 0)
        connection_send(connection, bytes_of_text(go_on), (struct bytes){NULL, 0}, false);
    return connection->state == CONNECTION_BODY;
}

/* Dispatches the request when its body is complete. */
static bool take_body(struct connection *connection) {
    struct http_request *request = connection->request;
    struct buffer *in = &connection->in;
    size_t length = (size_t)request->head.content_length;
    if (buffered(in) < length)
        return false;
    if (length > 0) {
        request->body = arena_bytes(request->arena, (struct bytes){in->at + in->start, length});
        buffer_consume(in, length);
        request->bytes_in += (int64_t)length;
    }
    connection->state = CONNECTION_BUSY;
    connection->deadline_us = INT64_MAX;
    request_dispatch(request);
    return true;
}

void connection_process(struct connection *connection) {
    if (connection->processing)
        return;
    connection->processing = true;
    bool more = true;
    while (more) {
        more = false;
        switch (connection->state) {
        case CONNECTION_IDLE:
        case CONNECTION_HEAD:
            /* not while the client does not take the answers it has asked for */
            more = connection_unsent(connection) < UNSENT_MAX && take_head(connection);
            break;
        case CONNECTION_BODY:
            more = take_body(connection);
            break;
        case CONNECTION_BUSY:
        case CONNECTION_STREAM:
        case CONNECTION_CLOSING:
        case CONNECTION_LINGER:
        case CONNECTION_DEAD:
            break;
        }
    }
    connection->processing = false;
    if (connection->state != CONNECTION_DEAD)
        unpause(connection);
}

void connection_next(struct connection *connection, bool close) {
    connection->request = NULL;
    if (connection->state == CONNECTION_DEAD)
        return;
    if (close || connection->loop->stopping) {
        connection_finish(connection);
        return;
    }
    set_state(connection, CONNECTION_IDLE, connection->loop->server->options.idle_timeout_ms);
    connection_process(connection);
}

/* ---- time ---- */

static void overdue(struct connection *connection) {
    switch (connection->state) {
    case CONNECTION_HEAD:
        if (buffered(&connection->in) == 0) { /* an empty line and then nothing */
            connection_doom(connection);
            return;
        }
        answer_error(connection, HTTP_ERROR_REQUEST_TIMEOUT);
        return;
    case CONNECTION_BODY:
        answer_error(connection, HTTP_ERROR_REQUEST_TIMEOUT);
        return;
    case CONNECTION_BUSY:
        connection->deadline_us = INT64_MAX;
        request_expire(connection->request);
        return;
    case CONNECTION_IDLE:
    case CONNECTION_STREAM:
    case CONNECTION_CLOSING:
    case CONNECTION_LINGER:
        connection_doom(connection);
        return;
    case CONNECTION_DEAD:
        return;
    }
}

void connection_tick(struct connection *connection, int64_t now_us) {
    if (connection->state == CONNECTION_DEAD)
        return;
    if (now_us >= connection->deadline_us)
        overdue(connection);
    if (connection->state == CONNECTION_STREAM && connection->stream != NULL)
        stream_tick(connection->stream, now_us);
    if (connection->state == CONNECTION_DEAD || !connection->write_armed)
        return;
    size_t unsent = connection_unsent(connection);
    if (unsent != connection->out_seen) {
        connection->out_seen = unsent;
        connection->out_progress_us = now_us;
    } else if (now_us - connection->out_progress_us >
               connection->loop->server->options.write_timeout_ms * 1000) {
        connection_doom(connection);
    }
}
