/*
 * internal.h: what the files of src/http share and nobody else sees. Exports: struct http_server,
 * struct loop, struct connection, struct http_request, struct http_stream and the functions between
 * server.c, loop.c, connection.c, request.c, reply.c, wait.c, stream.c, router.c and tls.c.
 *
 * Who owns what: a loop owns its connections; a connection owns its socket and points at the
 * request it is busy with or at its stream; a request owns its arena and outlives its connection
 * when the client departs while it is parked. All of it is touched on the loop's thread only,
 * except a loop's inbox (lock), the counters (atomic) and a parked request's arena (whoever holds
 * the request).
 */
#ifndef FENQI_HTTP_INTERNAL_H
#define FENQI_HTTP_INTERNAL_H

#include "base/builder.h"
#include "http/http.h"
#include "http/parse.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum {
    LISTENERS_MAX = 8,
    PEER_SIZE = 46,
    REQUEST_ID_SIZE = 25,
    ARENA_BLOCK = 8192,
    ARENAS_KEPT = 64,
    READ_STEP = 8192,
    PIPELINE_MAX = 65536, /* bytes read ahead while a request is being answered */
};

struct tls_context;
struct tls;

/* ---- router.c ---- */

struct route {
    struct http_route public;
    const char *names[HTTP_SEGMENTS_MAX]; /* parameter names by segment, NULL for literals */
};
struct router;
struct router *router_create(void);
void router_destroy(struct router *router);
void router_add(struct router *router, const struct http_route *route);
/*
 * The route for a path's segments, NULL when there is none; *allowed then has the methods (a bit
 * each) that the path has, 0 when it is unknown.
 */
const struct route *router_find(const struct router *router, enum http_method method,
    const char *const *segments, size_t count, unsigned *allowed);
void router_each(const struct router *router,
    void (*visit)(const struct http_route *route, void *context), void *context);

/* ---- messages to a loop from other threads ---- */

struct inbox_item {
    struct inbox_item *next;
    void (*run)(struct inbox_item *item);
};

struct buffer {
    uint8_t *at;
    size_t start;  /* first byte not consumed */
    size_t length; /* bytes from at, consumed ones included */
    size_t room;
};

struct listener {
    int fd;
    bool is_unix;
    bool is_tls;
    bool resting; /* not watched until the next tick: no descriptors left */
    struct loop *loop;
    struct event event;
};

struct loop {
    struct http_server *server;
    int index;
    pthread_t thread;
    struct event_base *base;
    struct listener listeners[LISTENERS_MAX];
    int listener_count;
    int wake_fd;
    struct event wake_event;
    struct event tick_event;
    struct event reap_event;
    struct connection *connections;
    struct connection *doomed;
    pthread_mutex_t inbox_lock;
    struct inbox_item *inbox_first;
    struct inbox_item *inbox_last;
    struct arena *spare_arenas[ARENAS_KEPT];
    int spare_count;
    int64_t waiting; /* requests parked or at work, departed ones included */
    bool stopping;
    bool over; /* stopped for good: requests that come home are only freed */
    int64_t stop_deadline_us;
    int64_t date_second;
    char date[32];
    uint64_t request_count;
    atomic_int_fast64_t connection_total;
    atomic_int_fast64_t parked_total;
    atomic_int_fast64_t stream_total;
    atomic_int_fast64_t request_total;
};

enum connection_state {
    CONNECTION_IDLE,    /* between requests, nothing of the next one has come */
    CONNECTION_HEAD,    /* part of a head has come */
    CONNECTION_BODY,    /* the head is parsed, the body is coming */
    CONNECTION_BUSY,    /* a handler runs or its request is parked */
    CONNECTION_STREAM,  /* an event stream */
    CONNECTION_CLOSING, /* the last bytes go out, then it lingers */
    CONNECTION_LINGER,  /* our side is shut; what still comes is thrown away */
    CONNECTION_DEAD,    /* on the loop's doomed list */
};

struct connection {
    struct connection *next;
    struct connection *previous;
    struct connection *next_doomed;
    struct loop *loop;
    int fd;
    enum connection_state state;
    bool processing; /* connection_process() is on the stack */
    bool read_paused;
    bool ended; /* the client has shut its side: nothing more comes */
    bool write_armed;
    bool trusted; /* a proxy of ours: its forwarding headers count */
    struct tls *tls;
    struct event read_event;
    struct event write_event;
    struct buffer in;
    bool forgiven;   /* an empty line came before this request */
    size_t searched; /* bytes of `in` already searched for the end of a head */
    struct evbuffer *out;
    size_t out_seen; /* length of `out` when progress was last seen */
    int64_t out_progress_us;
    int64_t deadline_us; /* of the state; INT64_MAX: none */
    int64_t discarded;   /* bytes thrown away while lingering */
    struct http_request *request;
    struct http_stream *stream;
    char peer[PEER_SIZE];
};

struct http_request {
    struct inbox_item inbox; /* first: an item is its request */
    struct loop *loop;
    struct connection *connection; /* NULL when the client has gone */
    struct arena *arena;
    struct arena *scratch; /* of the loop, while the arena is somebody else's (see wait.c) */
    struct http_head head;
    const struct route *route;
    struct bytes body;
    const char *peer;
    bool secure;
    bool is_head;
    bool close; /* the connection ends with this answer */
    bool answered;
    bool overtaken; /* answered by the timeout: what comes later is thrown away */
    bool waiting;   /* parked or at work: an http_resume() is due */
    void *user;
    struct builder headers; /* of the answer */
    http_after expired;
    void *expired_context;
    http_after after;
    void *after_context;
    http_after work;
    struct http_request *next_work;
    int64_t started_us;
    int64_t bytes_in;
    char id[REQUEST_ID_SIZE];
};

struct http_stream {
    struct inbox_item inbox; /* first */
    struct loop *loop;
    struct connection *connection; /* NULL when over */
    struct http_stream_options options;
    int64_t heartbeat_due_us;
    bool chunked;
    bool ended; /* http_stream_end() was called */
    bool closed;
    atomic_bool poke_pending;
};

struct http_server {
    struct http_options options;
    struct router *router;
    http_handler fallback;
    void *fallback_context;
    struct tls_context *tls;
    struct loop *loops;
    int loop_count;
    int port;
    char *unix_paths[LISTENERS_MAX];
    int unix_count;
    bool started;
    uint64_t id_prefix;
    /* worker pool (wait.c) */
    pthread_t *workers;
    int worker_count;
    pthread_mutex_t work_lock;
    pthread_cond_t work_ready;
    struct http_request *work_first;
    struct http_request *work_last;
    int work_waiting;
    bool work_stopping;
};

int64_t monotonic_us(void);

/* ---- loop.c ---- */
enum status loop_create(
    struct loop *loop, struct http_server *server, int index, struct fault *fault) FENQI_MUST_USE;
void loop_destroy(struct loop *loop);
void *loop_run(void *loop);
void loop_post(struct loop *loop, struct inbox_item *item);
void loop_stop(struct loop *loop); /* from any thread */
void loop_drain_inbox(struct loop *loop);
struct arena *loop_take_arena(struct loop *loop);
void loop_give_arena(struct loop *loop, struct arena *arena);
const char *loop_date(struct loop *loop);
enum status loop_add_listener(
    struct loop *loop, int fd, bool is_unix, bool is_tls, struct fault *fault) FENQI_MUST_USE;

/* ---- connection.c ---- */
void connection_open(struct loop *loop, int fd, const char *peer, bool trusted, bool is_tls);
/* Sends two pieces; `still` second bytes are not copied. A broken connection is doomed. */
void connection_send(
    struct connection *connection, struct bytes first, struct bytes second, bool second_is_static);
size_t connection_unsent(const struct connection *connection);
/* The request has been answered: what is next on this connection. */
void connection_next(struct connection *connection, bool close);
void connection_process(struct connection *connection);
/* Ends a connection: taken apart by the loop as soon as its stack is empty. */
void connection_doom(struct connection *connection);
/* Takes a doomed connection apart. */
void connection_destroy(struct connection *connection);
/* The deadlines and progress of one connection; called by the loop's tick. */
void connection_tick(struct connection *connection, int64_t now_us);
/* While the server stops: what an idle connection has sent is still answered, then it ends. */
void connection_stop_idle(struct connection *connection);
void connection_finish(struct connection *connection); /* send what is queued, then close */

/* ---- request.c ---- */
struct http_request *request_create(struct connection *connection);
void request_destroy(struct http_request *request);
/* Finds the route of a parsed request and dispatches or answers an error. */
void request_dispatch(struct http_request *request);
bool request_accepts_body(struct http_request *request, enum http_error *error);
/* Runs a function that must answer, park or stream; frees the request when it is over. */
void request_run(struct http_request *request, http_after function, void *context);
/* Memory that the loop may use for the answer just now. */
struct arena *request_loop_arena(struct http_request *request);
void request_resolve_peer(struct http_request *request);

/* ---- reply.c ---- */
struct bytes reply_head(struct http_request *request, int status, const char *content_type,
    int64_t content_length, const char *extra);
void reply_logged(struct http_request *request, int status, int64_t bytes_out);

/* ---- wait.c ---- */
void request_expire(struct http_request *request);
void request_departed(struct http_request *request);
enum status workers_start(struct http_server *server, struct fault *fault) FENQI_MUST_USE;
void workers_stop(struct http_server *server);

/* ---- stream.c ---- */
void stream_connection_gone(struct http_stream *stream);
void stream_tick(struct http_stream *stream, int64_t now_us);

/* ---- tls.c ---- */
enum status tls_context_create(const char *certificate_file, const char *key_file,
    struct tls_context **out, struct fault *fault) FENQI_MUST_USE;
void tls_context_destroy(struct tls_context *context);
struct tls *tls_open(struct tls_context *context, int fd);
void tls_close(struct tls *tls);
void tls_shutdown(struct tls *tls);
/* As recv(2) and send(2): -1 with errno EAGAIN to try again; EPROTO for a broken session. */
ssize_t tls_read(struct tls *tls, void *buffer, size_t size);
ssize_t tls_write(struct tls *tls, const void *buffer, size_t size);

#endif
