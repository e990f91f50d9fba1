/* json_write.c: JSON out. Exports what json_write.h declares. */
#include "base/json_write.h"

#include "base/check.h"
#include "base/utf8.h"

#include <string.h>

struct json json_start(struct arena *arena) {
    return json_start_with_room(arena, 1024);
}

struct json json_start_with_room(struct arena *arena, size_t room) {
    struct json json = {.builder = builder_start(arena, room), .depth = 0};
    json.first[0] = true;
    return json;
}

static void add_escaped(struct builder *builder, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    switch (c) {
    case '"':
        builder_add_n(builder, "\\\"", 2);
        return;
    case '\\':
        builder_add_n(builder, "\\\\", 2);
        return;
    case '\n':
        builder_add_n(builder, "\\n", 2);
        return;
    case '\r':
        builder_add_n(builder, "\\r", 2);
        return;
    case '\t':
        builder_add_n(builder, "\\t", 2);
        return;
    default: /* foreign value: any other control character */
        builder_add_n(builder, "\\u00", 4);
        builder_add_character(builder, hex[c >> 4]);
        builder_add_character(builder, hex[c & 15]);
    }
}

/* What stands for itself in a JSON text: most bytes of most texts. */
static inline bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Whether a character of three bytes, as most Chinese ones are, begins with `a`, `b`, `c`. */
static inline bool is_chinese(unsigned char a, unsigned char b, unsigned char c) {
    return a >= 0xe1 && a <= 0xec && (b & 0xc0) == 0x80 && (c & 0xc0) == 0x80;
}

/* Whether all of eight bytes are plain; no false yes. The tricks are those of the word's bytes:
 * the high bit of a byte of (x - n) & ~x is set when the byte is below n, none is set otherwise. */
static inline bool eight_are_plain(const unsigned char *bytes) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x;
    memcpy(&x, bytes, sizeof x);
    uint64_t quote = x ^ ones * '"';
    uint64_t slash = x ^ ones * '\\';
    uint64_t rubout = x ^ ones * 0x7f;
    uint64_t found = ((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) |
                     ((slash - ones) & ~slash) | ((rubout - ones) & ~rubout) | x;
    return (found & ones * 0x80) == 0;
}

/* How many bytes from the start stand for themselves; stops early at some that do. */
static size_t plain_length(const unsigned char *bytes, size_t length) {
    size_t at = 0;
    while (at < length)
        if (length - at >= 8 && eight_are_plain(bytes + at))
            at += 8;
        else if (is_plain(bytes[at]))
            at++;
        else if (length - at >= 3 && is_chinese(bytes[at], bytes[at + 1], bytes[at + 2]))
            at += 3;
        else
            break;
    return at;
}

static void add_quoted(struct builder *builder, const char *text, size_t length) {
    const unsigned char *bytes = (const unsigned char *)text;
    size_t plain = 0;
    size_t at = plain_length(bytes, length);
    if (at == length) {
        char *place = builder_room(builder, length + 2);
        place[0] = '"';
        memcpy(place + 1, text, length);
        place[length + 1] = '"';
        builder->length += length + 2;
        return;
    }
    builder_add_character(builder, '"');
    while (at < length) {
        size_t character = utf8_length(bytes + at, length - at);
        bool escape = character == 1 && (bytes[at] < 0x20 || bytes[at] == '"' || bytes[at] == '\\');
        if (character > 0 && !escape) {
            at += character;
            continue;
        }
        builder_add_n(builder, text + plain, at - plain);
        if (escape)
            add_escaped(builder, bytes[at]);
        else
            builder_add_n(builder, "\xef\xbf\xbd", 3);
        plain = ++at;
    }
    builder_add_n(builder, text + plain, length - plain);
    builder_add_character(builder, '"');
}

/* The comma and the name that go before a value. */
static void start_value(struct json *json, const char *name) {
    bool in_object = json->depth > 0 && json->closing[json->depth - 1] == '}';
    check(in_object == (name != NULL));
    check(json->depth > 0 || json->first[0]);
    if (!json->first[json->depth])
        builder_add_character(&json->builder, ',');
    json->first[json->depth] = false;
    if (name == NULL)
        return;
    size_t length = strlen(name);
    if (plain_length((const unsigned char *)name, length) == length) {
        char *place = builder_room(&json->builder, length + 3);
        place[0] = '"';
        memcpy(place + 1, name, length);
        place[length + 1] = '"';
        place[length + 2] = ':';
        json->builder.length += length + 3;
        return;
    }
    add_quoted(&json->builder, name, length);
    builder_add_character(&json->builder, ':');
}

void json_open(struct json *json, const char *name, char bracket) {
    check(bracket == '{' || bracket == '[');
    check(json->depth < JSON_DEPTH_MAX);
    start_value(json, name);
    builder_add_character(&json->builder, bracket);
    json->closing[json->depth++] = bracket == '{' ? '}' : ']';
    json->first[json->depth] = true;
}

void json_close(struct json *json) {
    check(json->depth > 0);
    builder_add_character(&json->builder, json->closing[--json->depth]);
}

void json_string(struct json *json, const char *name, const char *text) {
    if (text == NULL)
        json_null(json, name);
    else
        json_string_n(json, name, text, strlen(text));
}

void json_string_n(struct json *json, const char *name, const char *text, size_t length) {
    start_value(json, name);
    add_quoted(&json->builder, text, length);
}

void json_integer(struct json *json, const char *name, int64_t value) {
    start_value(json, name);
    builder_add_integer(&json->builder, value);
}

void json_boolean(struct json *json, const char *name, bool value) {
    start_value(json, name);
    builder_add_n(&json->builder, value ? "true" : "false", value ? 4 : 5);
}

void json_null(struct json *json, const char *name) {
    start_value(json, name);
    builder_add_n(&json->builder, "null", 4);
}

void json_money(struct json *json, const char *name, struct money value) {
    json_integer(json, name, value.fen);
}

void json_day(struct json *json, const char *name, struct day value) {
    char text[DAY_TEXT_SIZE];
    json_string(json, name, day_is_none(value) ? NULL : day_to_text(value, text));
}

void json_instant(struct json *json, const char *name, struct instant value) {
    char text[INSTANT_TEXT_SIZE];
    json_string(json, name, value.us == 0 ? NULL : instant_to_text(value, ZONE_SHANGHAI, text));
}

void json_id(struct json *json, const char *name, int64_t value) {
    start_value(json, name);
    builder_add_character(&json->builder, '"');
    builder_add_integer(&json->builder, value);
    builder_add_character(&json->builder, '"');
}

void json_raw(struct json *json, const char *name, const char *text) {
    start_value(json, name);
    builder_add(&json->builder, text);
}

char *json_text(struct json *json) {
    check(json->depth == 0 && !json->first[0]);
    return builder_text(&json->builder);
}
