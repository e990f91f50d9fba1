/*
 * parse.h: the head of an HTTP/1.1 request, strictly. Exports: struct http_head, http_parse_head(),
 * http_parse_end(). Pure: no sockets, no clock; memory comes from the arena.
 */
#ifndef FENQI_HTTP_PARSE_H
#define FENQI_HTTP_PARSE_H

#include "http/http.h"

enum {
    HTTP_FIELDS_MAX = 64,
    HTTP_SEGMENTS_MAX = 16,
    HTTP_QUERY_MAX = 32,
    HTTP_TARGET_MAX = 4096,
};

struct http_field {
    const char *name;
    const char *value;
};

/* A request's head. Texts are in the arena; the struct is usable (empty) also after an error. */
struct http_head {
    enum http_method method;
    int version_minor;                       /* 0 or 1 of HTTP/1.x */
    const char *path;                        /* decoded; never NULL */
    const char *segments[HTTP_SEGMENTS_MAX]; /* decoded; "/" has none, "/a/" has "a" and "" */
    size_t segment_count;
    struct http_field query[HTTP_QUERY_MAX]; /* decoded */
    size_t query_count;
    struct http_field fields[HTTP_FIELDS_MAX]; /* values without surrounding blanks */
    size_t field_count;
    bool has_length;
    int64_t content_length; /* 0 without has_length */
    bool keep_alive;
    bool expect_continue;
};

/* The bytes up to and including the empty line, or 0 when it has not come yet. */
size_t http_parse_end(const uint8_t *at, size_t length, size_t searched);

/*
 * Parses `text` (arena memory, as long as http_parse_end() said; it is changed in place). True, or
 * false with the error in *error and whatever was understood in *head.
 */
bool http_parse_head(
    struct arena *arena, char *text, size_t length, struct http_head *head, enum http_error *error);

/* A field by name, any case; NULL when absent. */
const char *http_head_field(const struct http_head *head, const char *name);

#endif
