/* log.c: see log.h. */
#include "main/log.h"

#include "api/api.h"
#include "base/json_write.h"

#include <time.h>
#include <unistd.h>

static struct instant wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000};
}

static struct json start(struct arena *arena, const char *event) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_instant(&json, "at", wall_clock());
    json_string(&json, "event", event);
    return json;
}

/* One write, so that lines of several threads do not mix. */
static void finish(struct json *json) {
    json_close(json);
    char *text = json_text(json);
    struct bytes bytes = bytes_of_text(text);
    text[bytes.length] = '\n'; /* in the place of the NUL: the builder has room for it */
    ssize_t written = write(STDERR_FILENO, text, bytes.length + 1);
    (void)written; /* a log that cannot be written stops nothing */
}

void log_line(const char *event, const struct log_member *members) {
    FENQI_ARENA arena = arena_create(1024);
    struct json json = start(arena, event);
    for (; members->name != NULL; members++) {
        if (members->value != NULL)
            json_string(&json, members->name, members->value);
    }
    finish(&json);
}

void log_access(const struct http_access *access, void *context) {
    (void)context;
    FENQI_ARENA arena = arena_create(1024);
    struct json json = start(arena, "request");
    json_string(&json, "request", access->request_id);
    json_string(&json, "method", access->method);
    json_string(&json, "route", access->route);
    json_integer(&json, "status", access->status);
    json_integer(&json, "us", access->duration_us);
    json_integer(&json, "in", access->bytes_in);
    json_integer(&json, "out", access->bytes_out);
    json_string(&json, "peer", access->peer);
    const struct call *call = api_call_of(access);
    if (call != NULL) {
        if (call->reply.problem != PROBLEM_NONE)
            json_string(&json, "problem", problem_find(call->reply.problem)->code);
        if (call->customer_id != 0)
            json_id(&json, "customer", call->customer_id);
        if (call->staff_id != 0)
            json_id(&json, "staff", call->staff_id);
        if (call->shop_id != 0)
            json_id(&json, "shop", call->shop_id);
        for (const struct call_log_member *at = call->log; at != NULL; at = at->next)
            json_string(&json, at->name, at->value);
    }
    finish(&json);
}
