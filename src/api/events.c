/*
 * events.c: GET /events and GET /staff/events: a user's numbered log as a stream of server-sent
 * events or as long polls, and the hub that wakes them. Exports: event_routes, event_hub_…().
 *
 * The order that loses nothing: subscribe, then read; a commit in between wakes a reader that finds
 * nothing new, never the other way round. Each delivery looks at the session again, so a stream
 * ends when its session does.
 */
#include "api/events.h"

#include "api/call_own.h"
#include "api/resources.h"
#include "base/check.h"
#include "service/authenticate.h"
#include "store/event_log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    STRIPES = 1024,
    READ_AT_ONCE = 100,
    HEARTBEAT_MS = 20000,
    STREAMS_PER_CUSTOMER = 12, /* tabs and devices; beyond, the oldest ends */
    COOKIE_MAX = 128,
};

static const char heartbeat[] = "event: hb\ndata: {\"number\":0,\"kind\":\"hb\"}\n\n";

struct subscription {
    struct subscription *next; /* of the stripe, newest first */
    struct api *api;
    int64_t user_id;
    bool is_staff;
    char cookie[COOKIE_MAX]; /* whose session must stay alive */
    int64_t after;           /* the last number told */
    struct http_stream *stream;
    struct call *poll; /* a long poll instead of a stream */
    bool fired;        /* the poll has been resumed */
    bool evicted;      /* too many streams of one user: this one ends */
    char *passing;     /* an event that is not stored, waiting to be sent: "KIND MEMBERS" */
};

struct stripe {
    pthread_mutex_t lock;
    struct subscription *first;
};

struct event_hub {
    struct stripe stripes[STRIPES];
    atomic_bool closing;
};

struct event_hub *event_hub_create(void) {
    struct event_hub *hub = calloc(1, sizeof *hub);
    check(hub != NULL);
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_init(&hub->stripes[i].lock, NULL);
    return hub;
}

void event_hub_destroy(struct event_hub *hub) {
    if (hub == NULL)
        return;
    for (int i = 0; i < STRIPES; i++) {
        check(hub->stripes[i].first == NULL);
        pthread_mutex_destroy(&hub->stripes[i].lock);
    }
    free(hub);
}

static struct stripe *lock_stripe(struct event_hub *hub, int64_t user_id) {
    uint64_t hash = (uint64_t)user_id * UINT64_C(0x9e3779b97f4a7c15);
    struct stripe *stripe = &hub->stripes[hash >> 54];
    pthread_mutex_lock(&stripe->lock);
    return stripe;
}

/* ---- waking ---- */

static void answer_poll(struct http_request *request, void *context);

/* Under the lock. */
static void wake(struct subscription *subscription) {
    if (subscription->stream != NULL) {
        http_stream_poke(subscription->stream);
    } else if (!subscription->fired) {
        subscription->fired = true;
        http_resume(subscription->poll->http, answer_poll, subscription);
    }
}

void event_hub_tell(struct event_hub *hub, int64_t user_id) {
    struct stripe *stripe = lock_stripe(hub, user_id);
    for (struct subscription *at = stripe->first; at != NULL; at = at->next) {
        if (at->user_id == user_id)
            wake(at);
    }
    pthread_mutex_unlock(&stripe->lock);
}

void event_hub_close(struct event_hub *hub) {
    atomic_store(&hub->closing, true);
    for (int i = 0; i < STRIPES; i++) {
        struct stripe *stripe = &hub->stripes[i];
        pthread_mutex_lock(&stripe->lock);
        for (struct subscription *at = stripe->first; at != NULL; at = at->next)
            wake(at);
        pthread_mutex_unlock(&stripe->lock);
    }
}

void event_hub_whisper(
    struct event_hub *hub, int64_t user_id, const char *kind, const char *payload) {
    struct stripe *stripe = lock_stripe(hub, user_id);
    for (struct subscription *at = stripe->first; at != NULL; at = at->next) {
        if (at->user_id != user_id || at->stream == NULL)
            continue;
        FENQI_ARENA arena = arena_create(512);
        char *text = strdup(arena_printf(arena, "%s %s", kind, payload));
        check(text != NULL);
        free(at->passing); /* one that has not gone out yet is stale */
        at->passing = text;
        wake(at);
    }
    pthread_mutex_unlock(&stripe->lock);
}

/* Adds a subscription; the oldest stream of a customer with too many is told to end. */
static void subscribe(struct subscription *subscription) {
    struct stripe *stripe = lock_stripe(subscription->api->events, subscription->user_id);
    subscription->next = stripe->first;
    stripe->first = subscription;
    int streams = 0;
    struct subscription *oldest = NULL;
    for (struct subscription *at = stripe->first; at != NULL; at = at->next) {
        if (at->user_id == subscription->user_id && at->stream != NULL && !at->evicted) {
            streams++;
            oldest = at;
        }
    }
    if (streams > STREAMS_PER_CUSTOMER && !subscription->is_staff) {
        oldest->evicted = true;
        wake(oldest);
    }
    pthread_mutex_unlock(&stripe->lock);
}

/* Takes a subscription out; whether it had fired. Nobody wakes it afterwards. */
static bool unsubscribe(struct subscription *subscription) {
    struct stripe *stripe = lock_stripe(subscription->api->events, subscription->user_id);
    struct subscription **at = &stripe->first;
    while (*at != NULL && *at != subscription)
        at = &(*at)->next;
    if (*at != NULL)
        *at = subscription->next;
    bool fired = subscription->fired;
    pthread_mutex_unlock(&stripe->lock);
    return fired;
}

/* ---- reading ---- */

struct reading {
    struct api *api;
    const char *cookie;
    bool is_staff;
    int64_t user_id;
    int64_t after;
    bool resumes;         /* somebody comes back: look whether the log still has what follows */
    bool lost;            /* it has not: the client must fetch everything again */
    struct caller caller; /* nobody: the session has ended */
    struct log_event *events;
    size_t count;
    int64_t last;
};

/*
 * Events are forgotten after some days (service/forget_events.h), and a log may be of an earlier
 * life of the database: who comes back after either has missed what nobody can tell any more.
 */
static enum status look_for_gap(struct tx *tx, struct reading *reading) {
    int64_t first = 0;
    enum status status = STATUS_OK;
    if (reading->resumes && reading->after >= 0 && reading->after < reading->last)
        status = event_log_first(tx, reading->user_id, &first);
    reading->lost =
        reading->resumes && (reading->after > reading->last || first > reading->after + 1);
    if (reading->lost)
        reading->after = reading->last;
    return status;
}

static enum status read_log(struct tx *tx, void *context) {
    struct reading *reading = context;
    struct caller *caller = &reading->caller;
    struct instant now = reading->api->clock(reading->api->clock_context);
    enum status status = reading->is_staff
                             ? authenticate_staff(tx, now, reading->cookie, caller)
                             : authenticate_customer(tx, now, reading->cookie, caller);
    if (status != STATUS_OK)
        return status;
    if (caller->id == 0)
        return STATUS_OK;
    status = event_log_last(tx, reading->user_id, &reading->last);
    if (status == STATUS_OK)
        status = look_for_gap(tx, reading);
    if (status != STATUS_OK || reading->after < 0 || reading->last <= reading->after)
        return status;
    return event_log_read(
        tx, reading->user_id, reading->after, READ_AT_ONCE, &reading->events, &reading->count);
}

static struct reading reading_of(const struct subscription *subscription) {
    return (struct reading){.api = subscription->api,
        .cookie = subscription->cookie,
        .is_staff = subscription->is_staff,
        .user_id = subscription->user_id,
        .after = subscription->after};
}

/* {"number":N,"kind":K,...} */
static void add_event(struct builder *builder, const struct log_event *event) {
    builder_printf(builder, "{\"number\":%" PRId64 ",\"kind\":\"%s\"", event->number, event->kind);
    if (event->payload != NULL && event->payload[0] != '\0') {
        builder_add_character(builder, ',');
        builder_add(builder, event->payload);
    }
    builder_add_character(builder, '}');
}

/* ---- streams ---- */

static char *take_passing(struct subscription *subscription, bool *evicted) {
    struct stripe *stripe = lock_stripe(subscription->api->events, subscription->user_id);
    char *passing = subscription->passing;
    subscription->passing = NULL;
    *evicted = subscription->evicted;
    pthread_mutex_unlock(&stripe->lock);
    return passing;
}

/* Sends what the log has after the last number told. False when the stream is to end. */
static bool deliver_stored(struct subscription *subscription, struct http_stream *stream) {
    size_t count = READ_AT_ONCE;
    while (count == READ_AT_ONCE) {
        FENQI_ARENA arena = arena_create(4096);
        struct reading reading = reading_of(subscription);
        struct fault fault = {0};
        enum status status =
            store_read(subscription->api->store, arena, read_log, &reading, &fault);
        if (status != STATUS_OK || reading.caller.id == 0)
            return false; /* the client comes again and finds out */
        struct builder text = builder_start(arena, 1024);
        for (size_t i = 0; i < reading.count; i++) {
            builder_printf(&text, "id: %" PRId64 "\nevent: %s\ndata: ", reading.events[i].number,
                reading.events[i].kind);
            add_event(&text, &reading.events[i]);
            builder_add(&text, "\n\n");
            subscription->after = reading.events[i].number;
        }
        if (!http_stream_send(stream, builder_bytes(&text)))
            return false;
        count = reading.count;
    }
    return true;
}

static void deliver(struct http_stream *stream, void *context) {
    struct subscription *subscription = context;
    bool evicted;
    char *passing = take_passing(subscription, &evicted);
    bool alive = !evicted && deliver_stored(subscription, stream);
    if (alive && passing != NULL) {
        FENQI_ARENA arena = arena_create(1024);
        int kind = (int)strcspn(passing, " "); /* "KIND MEMBERS", as event_hub_whisper() left it */
        char *text = arena_printf(arena,
            "event: %.*s\ndata: {\"number\":%" PRId64 ",\"kind\":\"%.*s\",%s}\n\n", kind, passing,
            subscription->after, kind, passing, passing + kind + 1);
        http_stream_send(stream, bytes_of_text(text));
    }
    free(passing);
    if (!alive)
        http_stream_end(stream);
}

static void stream_closed(struct http_stream *stream, void *context) {
    (void)stream;
    struct subscription *subscription = context;
    unsubscribe(subscription);
    free(subscription->passing);
    free(subscription);
}

/* Goes on where the reading stands, and says when something is lost before that. */
static void begin_stream(
    struct call *call, struct subscription *subscription, const struct reading *first) {
    static const struct http_stream_options options = {.heartbeat = heartbeat,
        .heartbeat_ms = HEARTBEAT_MS,
        .poke_on_heartbeat = true,
        .poked = deliver,
        .closed = stream_closed};
    struct http_stream_options own = options;
    own.context = subscription;
    call_take_over(call);
    http_reply_header(call->http, "Cache-Control", "no-store");
    struct http_stream *stream = http_stream_begin(call->http, &own);
    if (stream == NULL) {
        free(subscription);
        return;
    }
    subscription->stream = stream;
    subscription->poll = NULL;
    FENQI_ARENA arena = arena_create(512);
    char *hello = arena_printf(arena, "retry: 2000\n\n%s", heartbeat);
    if (first->lost)
        hello = arena_printf(arena,
            "%sid: %" PRId64 "\nevent: reset\ndata: {\"number\":%" PRId64
            ",\"kind\":\"reset\"}\n\n",
            hello, first->last, first->last);
    http_stream_send(stream, bytes_of_text(hello));
    subscribe(subscription);
    deliver(stream, subscription);
}

/* ---- long polls ---- */

static void write_events(struct call *call, const struct reading *reading) {
    struct builder text = builder_start(call->arena, 1024);
    builder_add(&text, "{\"events\":[");
    int64_t last = reading->after < 0 ? reading->last : reading->after;
    if (reading->lost)
        builder_printf(&text, "{\"number\":%" PRId64 ",\"kind\":\"reset\"}", last);
    for (size_t i = 0; i < reading->count; i++) {
        if (i > 0)
            builder_add_character(&text, ',');
        add_event(&text, &reading->events[i]);
        last = reading->events[i].number;
    }
    builder_printf(&text, "],\"last_number\":%" PRId64 "}", last);
    call_bytes(call, 200, "application/json; charset=utf-8", builder_bytes(&text));
}

/* On the loop: answers a poll with what there is by now. */
static void answer_poll(struct http_request *request, void *context) {
    (void)request;
    struct subscription *subscription = context;
    unsubscribe(subscription);
    struct call *call = subscription->poll;
    struct reading reading = reading_of(subscription);
    struct fault fault = {0};
    enum status status = store_read(call->api->store, call->arena, read_log, &reading, &fault);
    free(subscription);
    if (status != STATUS_OK)
        call_fault(call, &fault);
    else if (reading.caller.id == 0)
        call_problem(call, PROBLEM_NOT_LOGGED_IN, NULL);
    else
        write_events(call, &reading);
    call_send(call);
}

/* The time is over or the client has gone: answers with nothing new and brings the request home. */
static void poll_expired(struct http_request *request, void *context) {
    struct subscription *subscription = context;
    http_reply_header(request, "Cache-Control", "no-store");
    struct arena *arena = http_request_arena(request);
    char *text =
        arena_printf(arena, "{\"events\":[],\"last_number\":%" PRId64 "}", subscription->after);
    http_reply(request, 200, "application/json; charset=utf-8", bytes_of_text(text));
    struct stripe *stripe = lock_stripe(subscription->api->events, subscription->user_id);
    wake(subscription);
    pthread_mutex_unlock(&stripe->lock);
}

static void begin_poll(struct call *call, struct subscription *subscription, int64_t wait_s,
    const struct reading *first) {
    if (first->count > 0 || wait_s == 0 || first->lost) {
        write_events(call, first);
        free(subscription);
        return;
    }
    call_take_over(call);
    subscription->poll = call;
    http_park(call->http, wait_s * 1000, poll_expired, subscription);
    subscribe(subscription);
    /* an event may have come between the read and the subscription */
    struct reading again = reading_of(subscription);
    struct fault fault = {0};
    FENQI_ARENA arena = arena_create(4096);
    enum status status = store_read(call->api->store, arena, read_log, &again, &fault);
    bool closing = atomic_load(&call->api->events->closing);
    if (status != STATUS_OK || again.caller.id == 0 || again.count > 0 || closing) {
        struct stripe *stripe = lock_stripe(call->api->events, subscription->user_id);
        wake(subscription);
        pthread_mutex_unlock(&stripe->lock);
    }
}

/* ---- the routes ---- */

/* A number of the log as a browser sends it back; false when it is none. */
static bool read_number(const char *text, int64_t *out) {
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 16 || text[length] != '\0')
        return false;
    *out = strtoll(text, NULL, 10);
    return *out <= MONEY_MAX_FEN; /* 2^53 - 1: exact in JavaScript, as the contract says */
}

/* Where to go on: Last-Event-ID, ?after, or -1 for from now on. */
static bool read_position(struct call *call, int64_t *after) {
    static const char *const known[] = {"after", "wait", NULL};
    *after = -1;
    if (!call_query_known(call, known))
        return false;
    const char *header = http_request_header(call->http, "Last-Event-ID");
    const char *query = call_query(call, "after");
    if (header != NULL && header[0] != '\0' && read_number(header, after))
        return true;
    if (query != NULL && !read_number(query, after)) {
        call_problem(call, PROBLEM_FIELD_INVALID, "after");
        return false;
    }
    return true;
}

static void follow(struct call *call, int64_t user_id, bool is_staff) {
    int64_t after;
    int64_t wait_s;
    if (!read_position(call, &after) || !call_query_integer(call, "wait", 0, 25, -1, &wait_s))
        return;
    const char *cookie = call->own->cookie;
    check(cookie != NULL && strlen(cookie) < COOKIE_MAX); /* it has just been read as a token */
    struct subscription *subscription = calloc(1, sizeof *subscription);
    check(subscription != NULL);
    subscription->api = call->api;
    subscription->user_id = user_id;
    subscription->is_staff = is_staff;
    subscription->after = after;
    memcpy(subscription->cookie, cookie, strlen(cookie) + 1);
    struct reading reading = reading_of(subscription);
    reading.resumes = true;
    struct fault fault = {0};
    enum status status = store_read(call->api->store, call->arena, read_log, &reading, &fault);
    if (status == STATUS_OK)
        call_adopt(call, &reading.caller);
    else
        call_fail(call, &fault);
    if (call->reply.status != 0) {
        free(subscription);
    } else {
        subscription->after = reading.after < 0 ? reading.last : reading.after;
        if (wait_s >= 0)
            begin_poll(call, subscription, wait_s, &reading);
        else
            begin_stream(call, subscription, &reading);
    }
}

static void follow_customer(struct call *call) {
    follow(call, call->customer_id, false);
}

static void follow_staff(struct call *call) {
    follow(call, EVENT_LOG_STAFF, true);
}

const struct api_route event_routes[] = {
    {HTTP_GET, "/events", follow_customer, .caller = API_CUSTOMER},
    {HTTP_GET, "/staff/events", follow_staff, .caller = API_STAFF},
    API_ROUTES_END,
};
