/*
 * stream.c: event streams. Exports: http_stream_…() of http.h, stream_…() of internal.h.
 *
 * A stream holds its connection and a small struct, no arena and no thread. `closed` is called from
 * the loop's own stack only, never from inside a send; the struct is freed when it has been called
 * and no poke is on its way.
 */
#include "http/internal.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void free_when_over(struct http_stream *stream) {
    if (stream->closed && !atomic_load(&stream->poke_pending))
        free(stream);
}

void stream_connection_gone(struct http_stream *stream) {
    stream->connection = NULL;
    atomic_fetch_sub(&stream->loop->stream_total, 1);
    if (stream->options.closed != NULL)
        stream->options.closed(stream, stream->options.context);
    stream->closed = true;
    free_when_over(stream);
}

static void on_poke(struct inbox_item *item) {
    struct http_stream *stream = (struct http_stream *)item;
    atomic_store(&stream->poke_pending, false);
    if (stream->closed) {
        free_when_over(stream);
        return;
    }
    bool alive = !stream->ended && stream->connection->state == CONNECTION_STREAM;
    if (alive && stream->options.poked != NULL)
        stream->options.poked(stream, stream->options.context);
}

void http_stream_poke(struct http_stream *stream) {
    if (!atomic_exchange(&stream->poke_pending, true))
        loop_post(stream->loop, &stream->inbox);
}

static void beat_later(struct http_stream *stream) {
    stream->heartbeat_due_us = stream->options.heartbeat == NULL
                                   ? INT64_MAX
                                   : monotonic_us() + stream->options.heartbeat_ms * 1000;
}

struct http_stream *http_stream_begin(
    struct http_request *request, const struct http_stream_options *options) {
    if (http_request_is_departed(request) || request->overtaken || request->is_head) {
        http_reply(request, 200, options->content_type, (struct bytes){NULL, 0});
        return NULL;
    }
    struct connection *connection = request->connection;
    struct http_stream *stream = calloc(1, sizeof *stream);
    check(stream != NULL);
    stream->inbox.run = on_poke;
    stream->loop = request->loop;
    stream->connection = connection;
    stream->options = *options;
    stream->chunked = request->head.version_minor == 1;
    beat_later(stream);
    atomic_fetch_add(&stream->loop->stream_total, 1);
    const char *type =
        options->content_type == NULL ? "text/event-stream; charset=utf-8" : options->content_type;
    request->close = true;
    struct bytes head = reply_head(request, 200, type, -1,
        stream->chunked ? "Transfer-Encoding: chunked\r\nX-Accel-Buffering: no\r\n"
                        : "X-Accel-Buffering: no\r\n");
    request->answered = true;
    request->connection = NULL;
    reply_logged(request, 200, (int64_t)head.length);
    connection->request = NULL;
    connection->stream = stream;
    connection->state = CONNECTION_STREAM;
    connection->deadline_us = INT64_MAX;
    connection_send(connection, head, (struct bytes){NULL, 0}, false);
    return stream;
}

bool http_stream_send(struct http_stream *stream, struct bytes bytes) {
    struct connection *connection = stream->connection;
    if (connection == NULL || stream->ended || connection->state != CONNECTION_STREAM)
        return false;
    if (bytes.length == 0)
        return true;
    if (connection_unsent(connection) + bytes.length >
        stream->loop->server->options.stream_backlog_max_bytes) {
        connection_doom(connection);
        return false;
    }
    beat_later(stream);
    if (!stream->chunked) {
        connection_send(connection, bytes, (struct bytes){NULL, 0}, false);
    } else {
        char size[20];
        int length = snprintf(size, sizeof size, "%zx\r\n", bytes.length);
        connection_send(
            connection, (struct bytes){(const uint8_t *)size, (size_t)length}, bytes, false);
        connection_send(connection, bytes_of_text("\r\n"), (struct bytes){NULL, 0}, false);
    }
    return connection->state == CONNECTION_STREAM;
}

void http_stream_end(struct http_stream *stream) {
    struct connection *connection = stream->connection;
    if (connection == NULL || stream->ended)
        return;
    stream->ended = true;
    if (connection->state != CONNECTION_STREAM)
        return;
    if (stream->chunked)
        connection_send(connection, bytes_of_text("0\r\n\r\n"), (struct bytes){NULL, 0}, false);
    connection_finish(connection);
}

void stream_tick(struct http_stream *stream, int64_t now_us) {
    if (now_us < stream->heartbeat_due_us)
        return;
    if (stream->options.poke_on_heartbeat && stream->options.poked != NULL)
        stream->options.poked(stream, stream->options.context);
    if (now_us >= stream->heartbeat_due_us)
        http_stream_send(stream, bytes_of_text(stream->options.heartbeat));
}
