/*
 * json_read.h: JSON in. Exports: enum json_kind, struct json_value, json_read() and looking around
 * in what it read.
 *
 * Parsed once, at the boundary, into values of the arena. Strict: UTF-8 only, no duplicate member,
 * nothing after the document, at most JSON_READ_DEPTH_MAX levels, no NUL inside a text, and
 * integers are exact 64-bit ones (a number with '.' or 'e' is JSON_REAL and has no value here: no
 * floating point comes in).
 */
#ifndef FENQI_CODEC_JSON_READ_H
#define FENQI_CODEC_JSON_READ_H

#include "base/arena.h"

enum { JSON_READ_DEPTH_MAX = 16 };

enum json_kind {
    JSON_NULL_VALUE,
    JSON_BOOLEAN_VALUE,
    JSON_INTEGER_VALUE,
    JSON_REAL_VALUE,
    JSON_TEXT_VALUE,
    JSON_ARRAY_VALUE,
    JSON_OBJECT_VALUE,
};

struct json_value {
    enum json_kind kind;
    const char *name;               /* of a member; NULL in an array or at the top */
    bool boolean;                   /* BOOLEAN */
    int64_t integer;                /* INTEGER */
    const char *text;               /* TEXT */
    size_t count;                   /* ARRAY, OBJECT: how many inside; TEXT: bytes */
    const struct json_value *first; /* ARRAY, OBJECT: the first inside */
    const struct json_value *next;  /* the next beside it */
};

/* Reads a document. INVALID with line and column in the fault when it is not one. */
enum status json_read(struct arena *arena, struct bytes text, const struct json_value **out,
    struct fault *fault) FENQI_MUST_USE;

/* The member of an object, or NULL: absent, or `object` is NULL or no object. */
const struct json_value *json_member(const struct json_value *object, const char *name);

/* A member's text, or NULL: absent, null, or not a text. */
const char *json_member_text(const struct json_value *object, const char *name);

/* A member's integer; false, leaving *out alone, when absent or not an integer. */
bool json_member_integer(const struct json_value *object, const char *name, int64_t *out);

#endif
