/*
 * message.h: a request that came in and the answer that goes out, free of any HTTP library. Exports
 * struct request, struct answer, form and query fields.
 *
 * The provider's logic is a function from request and time to answer and book; the server around it
 * only moves bytes, so that tests can run the protocol without a socket.
 */
#ifndef FENQI_SANDBOX_MESSAGE_H
#define FENQI_SANDBOX_MESSAGE_H

#include "base/arena.h"
#include "base/builder.h"
#include "base/day.h"

enum { HEADERS_MAX = 48, FIELDS_MAX = 64 };

struct field {
    const char *name;
    const char *value;
};

struct fields {
    size_t count;
    struct field at[FIELDS_MAX];
};

struct request {
    struct arena *arena;
    struct instant now;
    const char *method;
    const char *target; /* path and query exactly as sent */
    const char *path;   /* decoded */
    struct fields query;
    size_t header_count;
    struct field headers[HEADERS_MAX];
    struct bytes body;
};

/* What happens to an answer on its way to the client. */
enum delivery {
    DELIVERY_SEND,
    DELIVERY_HANG,  /* no answer at all until the client gives up */
    DELIVERY_RESET, /* the connection is closed without an answer */
};

struct answer {
    int status;
    const char *content_type;
    size_t header_count;
    struct field headers[12];
    struct bytes body;
    enum delivery delivery;
    bool forge_signature; /* a planned trouble: the provider's signature is spoiled */
    int64_t delay_ms;
};

/* Splits `target` into path and query. False when it is not a path or has too many fields. */
bool request_target(struct request *request, const char *target);

/* A header by case-insensitive name; NULL when absent. */
const char *request_header(const struct request *request, const char *name);

/* Reads `a=1&b=2`; `decode` undoes percent-encoding and `+`. False when there are too many fields,
 * a name twice, or a broken escape. */
bool fields_read(struct arena *arena, struct bytes text, bool decode, struct fields *out);

/* NULL when absent. */
const char *fields_get(const struct fields *fields, const char *name);

/* "" when absent. */
const char *fields_text(const struct fields *fields, const char *name);

void fields_set(struct fields *fields, const char *name, const char *value);

/* A decimal integer without sign or leading blank; false on anything else. */
bool integer_read(const char *text, int64_t *out);

/* Percent-encodes for a query or form value. */
char *url_encode(struct arena *arena, const char *text);

/* Escapes for HTML text and attribute values. */
char *html_escape(struct arena *arena, const char *text);

void answer_header(struct answer *answer, const char *name, const char *value);
void answer_text(struct answer *answer, int status, const char *content_type, const char *text);

/* 303 See Other. */
void answer_redirect(struct answer *answer, const char *location);

/* "2026-11-22 10:20:30" in Shanghai, as the acquirer writes times. */
char *instant_plain(struct arena *arena, struct instant instant);

/* "2026-11-22T10:20:30+08:00", as WeChat Pay writes times. */
char *instant_offset(struct arena *arena, struct instant instant);

#endif
