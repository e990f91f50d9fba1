/*
 * router.c: from a path to its route. Exports: router_…() of internal.h.
 *
 * A tree of path segments. A literal segment wins over a parameter, and when it leads nowhere the
 * parameter is tried.
 */
#include "http/internal.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

struct node {
    char *literal; /* NULL: a parameter */
    struct node *children;
    struct node *next;
    const struct route *routes[HTTP_METHOD_COUNT];
    bool terminal;
};

struct router {
    struct node root;
    struct arena *arena;
    struct route *listed[1024];
    size_t count;
};

struct router *router_create(void) {
    struct router *router = calloc(1, sizeof *router);
    check(router != NULL);
    router->arena = arena_create(ARENA_BLOCK);
    return router;
}

void router_destroy(struct router *router) {
    if (router == NULL)
        return;
    arena_destroy(router->arena);
    free(router);
}

/* The child for a segment of a pattern, made when missing. */
static struct node *child(struct router *router, struct node *node, const char *segment) {
    struct node **at = &node->children;
    for (; *at != NULL; at = &(*at)->next) {
        bool same = segment == NULL
                        ? (*at)->literal == NULL
                        : (*at)->literal != NULL && strcmp((*at)->literal, segment) == 0;
        if (same)
            return *at;
    }
    *at = ARENA_NEW(router->arena, struct node);
    (*at)->literal = arena_text(router->arena, segment);
    return *at;
}

void router_add(struct router *router, const struct http_route *public) {
    check(router->count < sizeof router->listed / sizeof router->listed[0]);
    check(public->pattern[0] == '/' && public->handler != NULL);
    check(public->method != HTTP_HEAD);
    struct route *route = ARENA_NEW(router->arena, struct route);
    route->public = *public;
    struct node *node = &router->root;
    const char *at = public->pattern;
    for (size_t depth = 0; *at != '\0' && strcmp(at, "/") != 0; depth++) {
        check(*at == '/' && depth < HTTP_SEGMENTS_MAX);
        at++;
        size_t length = strcspn(at, "/");
        char *segment = arena_text_n(router->arena, at, length);
        if (segment[0] == '{') {
            check(length > 2 && segment[length - 1] == '}');
            segment[length - 1] = '\0';
            route->names[depth] = segment + 1;
            node = child(router, node, NULL);
        } else {
            node = child(router, node, segment);
        }
        at += length;
    }
    check(node->routes[public->method] == NULL); /* two routes of one shape */
    node->routes[public->method] = route;
    node->terminal = true;
    router->listed[router->count++] = route;
}

static const struct node *find(const struct node *node, const char *const *segments, size_t count) {
    if (count == 0)
        return node->terminal ? node : NULL;
    const struct node *parameter = NULL;
    for (const struct node *at = node->children; at != NULL; at = at->next) {
        if (at->literal == NULL) {
            parameter = at;
        } else if (strcmp(at->literal, segments[0]) == 0) {
            const struct node *found = find(at, segments + 1, count - 1);
            if (found != NULL)
                return found;
        }
    }
    if (parameter == NULL || segments[0][0] == '\0')
        return NULL;
    return find(parameter, segments + 1, count - 1);
}

const struct route *router_find(const struct router *router, enum http_method method,
    const char *const *segments, size_t count, unsigned *allowed) {
    *allowed = 0;
    const struct node *node = find(&router->root, segments, count);
    if (node == NULL)
        return NULL;
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (node->routes[i] != NULL)
            *allowed |= 1u << i;
    }
    if ((*allowed & 1u << HTTP_GET) != 0)
        *allowed |= 1u << HTTP_HEAD;
    return node->routes[method == HTTP_HEAD ? HTTP_GET : method];
}

void router_each(const struct router *router,
    void (*visit)(const struct http_route *route, void *context), void *context) {
    for (size_t i = 0; i < router->count; i++)
        visit(&router->listed[i]->public, context);
}
