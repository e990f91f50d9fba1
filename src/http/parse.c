/*
 * parse.c: see parse.h.
 *
 * RFC 9112, read as narrowly as it allows: only CR LF ends a line, one space separates, no folded
 * fields, no blank before a colon, no control characters, one Host, one Content-Length of digits,
 * no Transfer-Encoding. Whatever a proxy before us could read differently is refused.
 */
#include "http/parse.h"

#include "base/builder.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

struct cursor {
    struct arena *arena;
    char *at;
    char *end;
    struct http_head *head;
    enum http_error *error;
};

static bool fail(struct cursor *cursor, enum http_error error) {
    *cursor->error = error;
    return false;
}

size_t http_parse_end(const uint8_t *at, size_t length, size_t searched) {
    size_t from = searched > 3 ? searched - 3 : 0;
    const uint8_t *found = memmem(at + from, length - from, "\r\n\r\n", 4);
    return found == NULL ? 0 : (size_t)(found - at) + 4;
}

/* A set of bytes: byte c is in it when bit c % 64 of word c / 64 is set. */
struct byte_set {
    uint64_t words[4];
};

static inline bool has(const struct byte_set *set, char c) {
    return (set->words[(unsigned char)c / 64] >> ((unsigned char)c % 64) & 1) != 0;
}

/* tchar of RFC 9110: digits, letters and !#$%&'*+-.^_`|~ */
static const struct byte_set token_bytes = {{UINT64_C(0x03ff6cfa00000000),
    UINT64_C(0x57ffffffc7fffffe), UINT64_C(0x0000000000000000), UINT64_C(0x0000000000000000)}};

/* What may stand in a target: visible ASCII without "<>\^`{|}# */
static const struct byte_set target_bytes = {{UINT64_C(0xaffffff200000000),
    UINT64_C(0x47fffffeafffffff), UINT64_C(0x0000000000000000), UINT64_C(0x0000000000000000)}};

static bool is_token(const char *text) {
    const char *at = text;
    while (has(&token_bytes, *at))
        at++;
    return at > text && *at == '\0';
}

/* Whether two names of fields are the same; most differ in the first letter. */
static inline bool is_name(const char *a, const char *b) {
    return ((*a ^ *b) & ~0x20) == 0 && strcasecmp(a, b) == 0;
}

/* What may stand in a line: no control character but the tab. */
static inline bool is_clean(unsigned char c) {
    return (c >= 0x20 && c != 0x7f) || c == '\t';
}

/* The next line, NUL-terminated in place; NULL with the error set when it is not clean. */
static char *next_line(struct cursor *cursor) {
    char *line = cursor->at;
    char *at = line;
    while (at < cursor->end && is_clean((unsigned char)*at))
        at++;
    if (cursor->end - at >= 2 && at[0] == '\r' && at[1] == '\n') {
        *at = '\0';
        cursor->at = at + 2;
        return line;
    }
    fail(cursor, HTTP_ERROR_BAD_REQUEST);
    return NULL;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/*
 * Decodes %XX (and '+' in queries) of [at, end) into a fresh text. NULL when an escape is broken,
 * stands for NUL or, in a path, for a slash or backslash, or when the result is not UTF-8.
 */
static char *decode(struct arena *arena, const char *at, const char *end, bool in_query) {
    char *text = arena_allocate(arena, (size_t)(end - at) + 1);
    char *out = text;
    while (at < end) {
        if (*at == '%') {
            int high = end - at > 2 ? hex_digit(at[1]) : -1;
            int low = high >= 0 ? hex_digit(at[2]) : -1;
            if (low < 0)
                return NULL;
            int byte = high * 16 + low;
            if (byte == 0 || (!in_query && (byte == '/' || byte == '\\')))
                return NULL;
            *out++ = (char)byte;
            at += 3;
        } else {
            *out++ = in_query && *at == '+' ? ' ' : *at;
            at++;
        }
    }
    *out = '\0';
    return utf8_is_valid(text, (size_t)(out - text)) ? text : NULL;
}

/* Splits and decodes the path; "." and ".." are refused rather than resolved. */
static bool parse_path(struct cursor *cursor, const char *at, const char *end) {
    struct http_head *head = cursor->head;
    struct builder path = builder_start(cursor->arena, (size_t)(end - at) + 1);
    while (at < end) {
        at++; /* the slash */
        const char *stop = memchr(at, '/', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        char *segment = decode(cursor->arena, at, stop, false);
        if (segment == NULL || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
            return fail(cursor, HTTP_ERROR_BAD_REQUEST);
        builder_add_character(&path, '/');
        builder_add(&path, segment);
        if (head->segment_count == HTTP_SEGMENTS_MAX)
            return fail(cursor, HTTP_ERROR_URI_TOO_LONG);
        bool root = head->segment_count == 0 && stop == end && *segment == '\0';
        if (!root)
            head->segments[head->segment_count++] = segment;
        at = stop;
    }
    head->path = builder_text(&path);
    return true;
}

static bool parse_query(struct cursor *cursor, const char *at, const char *end) {
    struct http_head *head = cursor->head;
    while (at < end) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        if (stop > at) {
            const char *equals = memchr(at, '=', (size_t)(stop - at));
            const char *name_end = equals == NULL ? stop : equals;
            char *name = decode(cursor->arena, at, name_end, true);
            char *value = decode(cursor->arena, equals == NULL ? stop : equals + 1, stop, true);
            if (name == NULL || value == NULL || head->query_count == HTTP_QUERY_MAX)
                return fail(cursor, HTTP_ERROR_BAD_REQUEST);
            head->query[head->query_count++] = (struct http_field){name, value};
        }
        at = stop + 1;
    }
    return true;
}

static bool parse_target(struct cursor *cursor, char *target) {
    size_t length = strlen(target);
    if (length > HTTP_TARGET_MAX)
        return fail(cursor, HTTP_ERROR_URI_TOO_LONG);
    for (size_t i = 0; i < length; i++) {
        if (!has(&target_bytes, target[i]))
            return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    }
    /* absolute-form, as proxies send it; which host it names is not our concern */
    size_t scheme = strncasecmp(target, "http://", 7) == 0    ? 7
                    : strncasecmp(target, "https://", 8) == 0 ? 8
                                                              : 0;
    if (scheme > 0) {
        size_t authority = strcspn(target + scheme, "/?");
        if (authority == 0)
            return fail(cursor, HTTP_ERROR_BAD_REQUEST);
        target += scheme + authority;
        if (*target != '/') /* "http://host?x" or "http://host" */
            target = arena_printf(cursor->arena, "/%s", target);
    }
    if (*target != '/')
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    char *query = strchr(target, '?');
    char *end = target + strlen(target);
    return parse_path(cursor, target, query == NULL ? end : query) &&
           (query == NULL || parse_query(cursor, query + 1, end));
}

static bool parse_method(struct cursor *cursor, const char *name) {
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (strcmp(name, http_method_name((enum http_method)i)) == 0) {
            cursor->head->method = (enum http_method)i;
            return true;
        }
    }
    return fail(cursor, is_token(name) ? HTTP_ERROR_NOT_IMPLEMENTED : HTTP_ERROR_BAD_REQUEST);
}

static bool parse_version(struct cursor *cursor, const char *version) {
    bool shaped = strlen(version) == 8 && strncmp(version, "HTTP/", 5) == 0 && version[5] >= '0' &&
                  version[5] <= '9' && version[6] == '.' && version[7] >= '0' && version[7] <= '9';
    if (!shaped)
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    if (version[5] != '1' || version[7] > '1')
        return fail(cursor, HTTP_ERROR_VERSION);
    cursor->head->version_minor = version[7] - '0';
    return true;
}

static bool parse_request_line(struct cursor *cursor) {
    char *line = next_line(cursor);
    if (line == NULL)
        return false;
    char *target = strchr(line, ' ');
    if (target == NULL)
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    *target++ = '\0';
    char *version = strchr(target, ' ');
    if (version == NULL)
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    *version++ = '\0';
    return parse_version(cursor, version) && parse_method(cursor, line) &&
           parse_target(cursor, target);
}

static bool parse_field(struct cursor *cursor, char *line) {
    struct http_head *head = cursor->head;
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    *colon = '\0';
    if (!is_token(line)) /* an empty name, a blank before the colon, a folded line */
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t length = strlen(value);
    while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
        value[--length] = '\0';
    if (head->field_count == HTTP_FIELDS_MAX)
        return fail(cursor, HTTP_ERROR_HEAD_TOO_LARGE);
    head->fields[head->field_count++] = (struct http_field){line, value};
    return true;
}

/* Fields of which two would let two readers see two requests, or confuse ours. */
static bool check_singles(struct cursor *cursor) {
    static const char *const singles[] = {"Host", "Content-Length", "Content-Type", "Authorization",
        "Idempotency-Key", "If-Match", "If-None-Match", "X-CSRF-Token", "Origin", "Expect",
        "Last-Event-ID"};
    const struct http_head *head = cursor->head;
    for (size_t s = 0; s < sizeof singles / sizeof singles[0]; s++) {
        int seen = 0;
        for (size_t i = 0; i < head->field_count; i++)
            seen += is_name(head->fields[i].name, singles[s]);
        if (seen > 1)
            return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    }
    return true;
}

static bool parse_length(struct cursor *cursor) {
    struct http_head *head = cursor->head;
    const char *length = http_head_field(head, "Content-Length");
    const char *coding = http_head_field(head, "Transfer-Encoding");
    if (coding != NULL)
        return fail(cursor, length != NULL ? HTTP_ERROR_BAD_REQUEST : HTTP_ERROR_NOT_IMPLEMENTED);
    if (length == NULL)
        return true;
    size_t digits = strspn(length, "0123456789");
    if (digits == 0 || length[digits] != '\0')
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    if (digits > 15)
        return fail(cursor, HTTP_ERROR_BODY_TOO_LARGE);
    for (const char *at = length; *at != '\0'; at++)
        head->content_length = head->content_length * 10 + (*at - '0');
    head->has_length = true;
    return true;
}

/* Whether a comma-separated list of tokens has `token`. */
static bool list_has(const char *list, const char *token) {
    size_t length = strlen(token);
    while (*list != '\0') {
        list += strspn(list, " \t,");
        size_t item = strcspn(list, " \t,");
        if (item == length && strncasecmp(list, token, length) == 0)
            return true;
        list += item;
    }
    return false;
}

static bool parse_semantics(struct cursor *cursor) {
    struct http_head *head = cursor->head;
    const char *host = http_head_field(head, "Host");
    if (head->version_minor == 1 && host == NULL)
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    if (host != NULL && strpbrk(host, " \t,/?@\\") != NULL)
        return fail(cursor, HTTP_ERROR_BAD_REQUEST);
    head->keep_alive = head->version_minor == 1;
    for (size_t i = 0; i < head->field_count; i++) {
        if (is_name(head->fields[i].name, "Connection") && list_has(head->fields[i].value, "close"))
            head->keep_alive = false;
    }
    const char *expect = http_head_field(head, "Expect");
    if (expect != NULL && head->version_minor == 1) {
        if (strcasecmp(expect, "100-continue") != 0)
            return fail(cursor, HTTP_ERROR_EXPECTATION);
        head->expect_continue = true;
    }
    return true;
}

bool http_parse_head(struct arena *arena, char *text, size_t length, struct http_head *head,
    enum http_error *error) {
    *head = (struct http_head){.path = "/"};
    struct cursor cursor = {arena, text, text + length, head, error};
    if (!parse_request_line(&cursor))
        return false;
    for (;;) {
        char *line = next_line(&cursor);
        if (line == NULL)
            return false;
        if (*line == '\0')
            break;
        if (!parse_field(&cursor, line))
            return false;
    }
    return check_singles(&cursor) && parse_length(&cursor) && parse_semantics(&cursor);
}

const char *http_head_field(const struct http_head *head, const char *name) {
    for (size_t i = 0; i < head->field_count; i++) {
        if (is_name(head->fields[i].name, name))
            return head->fields[i].value;
    }
    return NULL;
}
