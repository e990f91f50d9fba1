/*
 * request.c: one request: its life, its route, what it says. Exports: http_request_…() of http.h,
 * request_…() of internal.h.
 */
#include "http/internal.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const char *const method_names[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = "GET",
    [HTTP_HEAD] = "HEAD",
    [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
};

const char *http_method_name(enum http_method method) {
    check((int)method >= 0 && (int)method < HTTP_METHOD_COUNT);
    return method_names[method];
}

/* ---- life ---- */

struct http_request *request_create(struct connection *connection) {
    struct loop *loop = connection->loop;
    struct arena *arena = loop_take_arena(loop);
    struct http_request *request = ARENA_NEW(arena, struct http_request);
    request->loop = loop;
    request->connection = connection;
    request->arena = arena;
    request->peer =
        arena_text(arena, connection->peer); /* the request may outlive its connection */
    request->secure = connection->tls != NULL;
    request->head.path = "/";
    request->started_us = monotonic_us();
    request->headers = builder_start(arena, 256);
    snprintf(request->id, sizeof request->id, "%08x%02x%010llx",
        (unsigned)(loop->server->id_prefix & 0xffffffffu), (unsigned)loop->index & 0xffu,
        (unsigned long long)++loop->request_count & 0xffffffffffull);
    atomic_fetch_add(&loop->request_total, 1);
    return request;
}

void request_destroy(struct http_request *request) {
    check(!request->waiting);
    struct loop *loop = request->loop;
    if (request->scratch != NULL)
        loop_give_arena(loop, request->scratch);
    loop_give_arena(loop, request->arena);
}

struct arena *request_loop_arena(struct http_request *request) {
    if (!request->waiting)
        return request->arena;
    if (request->scratch == NULL)
        request->scratch = loop_take_arena(request->loop);
    return request->scratch;
}

void request_run(struct http_request *request, http_after function, void *context) {
    check(!request->waiting);
    function(request, context);
    if (request->waiting)
        return;
    check(request->answered); /* a handler must reply, park, work or stream */
    request_destroy(request);
}

/* Behind a proxy of ours the last address of X-Forwarded-For is the one that the proxy saw. */
void request_resolve_peer(struct http_request *request) {
    request->is_head = request->head.method == HTTP_HEAD;
    if (request->is_head)
        request->head.method = HTTP_GET;
    if (!request->connection->trusted)
        return;
    const char *list = http_head_field(&request->head, "X-Forwarded-For");
    if (list != NULL) {
        const char *comma = strrchr(list, ',');
        const char *last = comma == NULL ? list : comma + 1;
        last += strspn(last, " \t");
        unsigned char parsed[16];
        if (inet_pton(AF_INET, last, parsed) == 1 || inet_pton(AF_INET6, last, parsed) == 1)
            request->peer = last;
    }
    const char *scheme = http_head_field(&request->head, "X-Forwarded-Proto");
    if (scheme != NULL)
        request->secure = strcmp(scheme, "https") == 0;
}

/* ---- route ---- */

static const struct route *find_route(struct http_request *request, unsigned *allowed) {
    const struct http_head *head = &request->head;
    return router_find(
        request->loop->server->router, head->method, head->segments, head->segment_count, allowed);
}

/* Answers a request that no route takes: Allow and 405, a fallback page, or 404. */
static void dispatch_unrouted(struct http_request *request) {
    const struct http_server *server = request->loop->server;
    unsigned allowed;
    find_route(request, &allowed);
    if (allowed != 0) {
        struct builder list = builder_start(request->arena, 64);
        for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
            if ((allowed & 1u << i) == 0)
                continue;
            if (list.length > 0)
                builder_add(&list, ", ");
            builder_add(&list, method_names[i]);
        }
        http_reply_header(request, "Allow", builder_text(&list));
        http_reply_error(request, HTTP_ERROR_METHOD_NOT_ALLOWED);
    } else if (server->fallback != NULL && request->head.method == HTTP_GET) {
        server->fallback(request, server->fallback_context);
    } else {
        http_reply_error(request, HTTP_ERROR_NOT_FOUND);
    }
}

static void dispatch(struct http_request *request, void *context) {
    (void)context;
    if (request->route != NULL)
        request->route->public.handler(request, request->route->public.context);
    else
        dispatch_unrouted(request);
}

void request_dispatch(struct http_request *request) {
    request_run(request, dispatch, NULL);
}

bool request_accepts_body(struct http_request *request, enum http_error *error) {
    unsigned allowed;
    request->route = find_route(request, &allowed);
    if (request->head.content_length == 0)
        return true;
    size_t limit = request->route == NULL ? 0 : request->route->public.body_limit_bytes;
    if (request->route == NULL && request->head.method != HTTP_GET)
        *error = allowed != 0 ? HTTP_ERROR_METHOD_NOT_ALLOWED : HTTP_ERROR_NOT_FOUND;
    else
        *error = HTTP_ERROR_BODY_TOO_LARGE;
    return (uint64_t)request->head.content_length <= limit;
}

/* ---- what it says ---- */

enum http_method http_request_method(const struct http_request *request) {
    return request->head.method;
}

bool http_request_is_head(const struct http_request *request) {
    return request->is_head;
}

const char *http_request_path(const struct http_request *request) {
    return request->head.path;
}

const char *http_request_route(const struct http_request *request) {
    return request->route == NULL ? NULL : request->route->public.pattern;
}

const char *http_request_parameter(const struct http_request *request, const char *name) {
    if (request->route == NULL)
        return NULL;
    for (size_t i = 0; i < request->head.segment_count; i++) {
        if (request->route->names[i] != NULL && strcmp(request->route->names[i], name) == 0)
            return request->head.segments[i];
    }
    return NULL;
}

const char *http_request_query(struct http_request *request, const char *name) {
    for (size_t i = 0; i < request->head.query_count; i++) {
        if (strcmp(request->head.query[i].name, name) == 0)
            return request->head.query[i].value;
    }
    return NULL;
}

size_t http_request_query_count(struct http_request *request) {
    return request->head.query_count;
}

const char *http_request_query_name(struct http_request *request, size_t index) {
    check(index < request->head.query_count);
    return request->head.query[index].name;
}

const char *http_request_header(const struct http_request *request, const char *name) {
    return http_head_field(&request->head, name);
}

const char *http_request_cookie(struct http_request *request, const char *name) {
    size_t name_length = strlen(name);
    for (size_t i = 0; i < request->head.field_count; i++) {
        if (strcasecmp(request->head.fields[i].name, "Cookie") != 0)
            continue;
        const char *at = request->head.fields[i].value;
        while (*at != '\0') {
            at += strspn(at, " \t;");
            size_t length = strcspn(at, ";");
            if (length > name_length && at[name_length] == '=' &&
                memcmp(at, name, name_length) == 0)
                return arena_text_n(request->arena, at + name_length + 1, length - name_length - 1);
            at += length;
        }
    }
    return NULL;
}

struct bytes http_request_body(const struct http_request *request) {
    return request->body;
}

const char *http_request_peer(const struct http_request *request) {
    return request->peer;
}

bool http_request_is_secure(const struct http_request *request) {
    return request->secure;
}

const char *http_request_id(const struct http_request *request) {
    return request->id;
}

struct arena *http_request_arena(struct http_request *request) {
    return request_loop_arena(request);
}

struct http_server *http_request_server(const struct http_request *request) {
    return request->loop->server;
}

bool http_request_is_departed(const struct http_request *request) {
    return request->connection == NULL || request->connection->state == CONNECTION_DEAD;
}

void http_request_set_user(struct http_request *request, void *user) {
    request->user = user;
}

void *http_request_user(const struct http_request *request) {
    return request->user;
}
