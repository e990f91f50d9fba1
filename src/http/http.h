/*
 * http.h: the HTTP/1.1 server as handlers see it. Exports: struct http_server and its life, struct
 * http_route, struct http_request with accessors and replies, park and resume, work off the loop,
 * event streams.
 *
 * One event loop per thread; a request lives on the loop that accepted its connection and its
 * handler runs there. A handler does exactly one of these before it returns: http_reply…(),
 * http_park(), http_work(), http_stream_begin(). It must not block for longer than a local read
 * takes: slow computation goes to http_work(), waiting goes to http_park().
 *
 * Requests are parsed strictly: what is not plain HTTP/1.1 (bare line feeds, folded headers, two
 * lengths, signs in numbers, any Transfer-Encoding) is refused and the connection closed, because
 * two parsers that read one request differently are how requests get smuggled past a proxy.
 */
#ifndef FENQI_HTTP_HTTP_H
#define FENQI_HTTP_HTTP_H

#include "base/arena.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;
struct http_request;
struct http_stream;

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
};
enum { HTTP_METHOD_COUNT = HTTP_OPTIONS + 1 };

/* "GET" and so on. Never NULL. */
const char *http_method_name(enum http_method method);

typedef void (*http_handler)(struct http_request *request, void *context);

/* A row of the route table. A GET route answers HEAD too. */
struct http_route {
    enum http_method method;
    const char *pattern; /* "/api/v1/orders/{order_id}"; a parameter is a whole path segment */
    http_handler handler;
    void *context;
    size_t body_limit_bytes; /* 0: a body is refused */
};

/* What the server did not like about a request, for the hook that words the answer. */
enum http_error {
    HTTP_ERROR_BAD_REQUEST,        /* 400 not HTTP as we accept it */
    HTTP_ERROR_NOT_FOUND,          /* 404 no route has this path */
    HTTP_ERROR_METHOD_NOT_ALLOWED, /* 405 the path exists for other methods; Allow is set */
    HTTP_ERROR_REQUEST_TIMEOUT,    /* 408 head or body came too slowly */
    HTTP_ERROR_BODY_TOO_LARGE,     /* 413 body over the route's limit */
    HTTP_ERROR_URI_TOO_LONG,       /* 414 */
    HTTP_ERROR_EXPECTATION,        /* 417 an Expect other than 100-continue */
    HTTP_ERROR_HEAD_TOO_LARGE,     /* 431 head over the limit or too many fields */
    HTTP_ERROR_NOT_IMPLEMENTED,    /* 501 unknown method, any Transfer-Encoding */
    HTTP_ERROR_BUSY,               /* 503 queue full, or a parked request ran out of time */
    HTTP_ERROR_VERSION,            /* 505 not HTTP/1.0 or HTTP/1.1 */
};
enum { HTTP_ERROR_COUNT = HTTP_ERROR_VERSION + 1 };

/* The status code with which an error is answered. */
int http_error_status(enum http_error error);

/* One finished request, for the access log. Texts live only during the call. */
struct http_access {
    const char *request_id;
    const char *method;
    const char *route; /* the pattern, never the path or query: those may hold secrets */
    const char *peer;
    int status;
    int64_t duration_us;
    int64_t bytes_in;
    int64_t bytes_out;
    bool departed; /* the client had gone before the answer was made: status is 499 */
    void *user;    /* as set by http_request_set_user() */
};

/* How a server behaves. Start from http_options_default(). Times in milliseconds. */
struct http_options {
    int loop_count;           /* event loops; default one per core */
    int worker_count;         /* threads of http_work(); default 2 */
    int work_queue_max;       /* jobs waiting for a worker; beyond, 503 */
    int connection_max;       /* open connections over all loops; beyond, 503 and close */
    size_t head_limit_bytes;  /* request line and header fields together */
    int64_t head_timeout_ms;  /* from the first byte to the end of the head, however it trickles */
    int64_t body_timeout_ms;  /* from the end of the head to the end of the body */
    int64_t idle_timeout_ms;  /* a kept-alive connection without a request */
    int64_t park_timeout_ms;  /* a parked request without its own limit */
    int64_t write_timeout_ms; /* an answer of which the client takes nothing */
    int64_t stop_timeout_ms;  /* how long a graceful stop waits for parked requests */
    size_t stream_backlog_max_bytes; /* unsent bytes at which a slow stream reader is dropped */
    bool trust_forwarded_for; /* the peer is a proxy of ours: take the client from its header */
    const char *server_name;  /* the Server header */
    const char *tls_certificate_file; /* both or neither: TLS on TCP listeners */
    const char *tls_key_file;
    /* Words an error: must reply. NULL: a plain text. Runs on the loop. */
    void (*error)(struct http_request *request, enum http_error error, void *context);
    void *error_context;
    /* Told of each answered request, on the loop; must be quick. May be NULL. */
    void (*access)(const struct http_access *access, void *context);
    void *access_context;
};

struct http_options http_options_default(void);

/* ---- life of a server ---- */

/* A server that does not listen yet. `options` texts must outlive it. */
enum status http_server_create(const struct http_options *options, struct http_server **out,
    struct fault *fault) FENQI_MUST_USE;

/*
 * Adds routes; before http_server_start() only. Patterns, contexts must outlive the server. Two
 * routes with the same method and shape are a bug.
 */
void http_server_add(struct http_server *server, const struct http_route *routes, size_t count);

/* Handles GET of paths that no route has (static files, pages). Others still answer 404 and 405. */
void http_server_fallback(struct http_server *server, http_handler handler, void *context);

/*
 * Opens a listening socket: "127.0.0.1:8080", "[::]:8080", "127.0.0.1:0" (any free port) or
 * "unix:/run/fenqi.sock" (mode 0660, replaced when stale). May be called several times.
 */
enum status http_server_listen(
    struct http_server *server, const char *address, struct fault *fault) FENQI_MUST_USE;

/* The TCP port of the first TCP listener, 0 when there is none. */
int http_server_port(const struct http_server *server);

/* Starts loops and workers as threads of their own. */
enum status http_server_start(struct http_server *server, struct fault *fault) FENQI_MUST_USE;

/*
 * Graceful stop: no new connections, idle ones closed, streams ended, parked and working requests
 * answered, all within stop_timeout_ms; then threads are joined. Returns when nothing runs any
 * more.
 */
void http_server_stop(struct http_server *server);

/*
 * Frees a server that never started or was stopped. Requests that outlasted a stop's time limit
 * must have been resumed by now; they are freed without their `after`. NULL is allowed.
 */
void http_server_destroy(struct http_server *server);

/* Calls `visit` for each route in the order of addition. */
void http_server_routes(const struct http_server *server,
    void (*visit)(const struct http_route *route, void *context), void *context);

/* Numbers for status pages and tests; may be a moment old. */
struct http_counts {
    int64_t connections;
    int64_t parked;
    int64_t streams;
    int64_t requests;
};
struct http_counts http_server_counts(const struct http_server *server);

/* ---- the request; every text lives as long as the request ---- */

enum http_method http_request_method(const struct http_request *request);
/* Whether the client asked by HEAD; the method above then says GET. */
bool http_request_is_head(const struct http_request *request);
/* The decoded path, without the query. Slashes are only those of the wire; "%2F" is refused. */
const char *http_request_path(const struct http_request *request);
/* The pattern of the route; NULL in a fallback or before routing. */
const char *http_request_route(const struct http_request *request);
/* A path parameter, decoded. NULL when the pattern has none of that name. */
const char *http_request_parameter(const struct http_request *request, const char *name);
/* A query parameter, decoded, the first of that name. NULL when absent. */
const char *http_request_query(struct http_request *request, const char *name);
/* How many query parameters there are, and each: to refuse unknown ones. */
size_t http_request_query_count(struct http_request *request);
const char *http_request_query_name(struct http_request *request, size_t index);
/* A header field by name, any case. NULL when absent. */
const char *http_request_header(const struct http_request *request, const char *name);
/* A cookie's value. NULL when absent. */
const char *http_request_cookie(struct http_request *request, const char *name);
struct bytes http_request_body(const struct http_request *request);
/* The client's address, "203.0.113.7", "2001:db8::1" or "unix". Never NULL. */
const char *http_request_peer(const struct http_request *request);
/* Whether the client's side of the way is encrypted (TLS here or at a trusted proxy). */
bool http_request_is_secure(const struct http_request *request);
/* A name for this request, sent back as X-Request-Id and given to the access hook. */
const char *http_request_id(const struct http_request *request);
/*
 * Memory until the request has been answered. Ask for it on the loop; while the request is parked
 * or at work it belongs to whom it was given to, and the loop leaves it alone until http_resume().
 */
struct arena *http_request_arena(struct http_request *request);
struct http_server *http_request_server(const struct http_request *request);
/* Whether the client has gone; an answer would be thrown away. On the loop only. */
bool http_request_is_departed(const struct http_request *request);
/* A slot of the layer above, kept with the request. */
void http_request_set_user(struct http_request *request, void *user);
void *http_request_user(const struct http_request *request);

/* ---- the reply; on the request's loop only ---- */

/* A header of the answer; call before the reply. A line end in `value` is a bug. */
void http_reply_header(struct http_request *request, const char *name, const char *value);

/* Answers; the request must not be used afterwards. `content_type` NULL when the body is empty. */
void http_reply(
    struct http_request *request, int status, const char *content_type, struct bytes body);

/* As http_reply() with bytes that live as long as the server: they are not copied. */
void http_reply_static(
    struct http_request *request, int status, const char *content_type, struct bytes body);

/* Answers with the error hook's words. */
void http_reply_error(struct http_request *request, enum http_error error);

/*
 * Sets ETag to `etag` (with its quotes) and, when the client's If-None-Match has it, answers 304
 * and returns true: nothing more to do.
 */
bool http_reply_not_modified(struct http_request *request, const char *etag);

/* Whether a list as in If-Match or If-None-Match names `etag`; "*" names any. */
bool http_etag_listed(const char *list, const char *etag);

/* ---- waiting ---- */

typedef void (*http_after)(struct http_request *request, void *context);

/*
 * Keeps the request open without a thread. After `timeout_ms` (0: the server's park_timeout_ms), or
 * when the client departs before, the loop calls `expired`, which must reply (to nobody, when the
 * client has gone); with NULL a timeout is answered with HTTP_ERROR_BUSY. In any case a later
 * http_resume() is still due, exactly once, and its answer is thrown away; the request stays alive
 * until then.
 */
void http_park(
    struct http_request *request, int64_t timeout_ms, http_after expired, void *expired_context);

/*
 * From any thread, exactly once after http_park(): `after` runs on the request's loop and replies
 * (or parks again). It runs also when the client has gone or was answered by the timeout, so that
 * what hangs on the request is released; replies are then thrown away.
 */
void http_resume(struct http_request *request, http_after after, void *context);

/*
 * Runs `work` on a worker thread and then `after` on the loop, which replies. When too much waits
 * already, answers HTTP_ERROR_BUSY at once and calls neither; returns false then.
 */
bool http_work(struct http_request *request, http_after work, http_after after, void *context);

/* ---- event streams (text/event-stream or any endless answer) ---- */

struct http_stream_options {
    const char *content_type; /* NULL: text/event-stream; charset=utf-8 */
    const char *heartbeat;    /* sent when nothing else was for heartbeat_ms; NULL: none */
    int64_t heartbeat_ms;
    bool
        poke_on_heartbeat; /* call `poked` first; the heartbeat goes out when it has sent nothing */
    /* On the loop, after http_stream_poke(); pokes that come together run it once. */
    void (*poked)(struct http_stream *stream, void *context);
    /* On the loop, once, when the stream is over for whatever reason; frees `context`. */
    void (*closed)(struct http_stream *stream, void *context);
    void *context;
};

/*
 * Turns the request into a stream: status 200 and headers go out, the request and its arena end
 * when the handler returns. Texts of the options must outlive the stream. A client of HTTP/1.0 gets
 * it without chunks. NULL when the client has departed: the request is over, nothing will be
 * called.
 */
struct http_stream *http_stream_begin(
    struct http_request *request, const struct http_stream_options *options);

/* Sends bytes (copied). On the loop. False when the reader was too slow and the stream is ending.
 */
bool http_stream_send(struct http_stream *stream, struct bytes bytes);

/*
 * From any thread: have `poked` run on the stream's loop. The caller must know that the stream is
 * not yet closed (hold the lock that its `closed` callback takes).
 */
void http_stream_poke(struct http_stream *stream);

/* Ends the stream. On the loop; `closed` runs before it returns or soon after. */
void http_stream_end(struct http_stream *stream);

#endif
