/*
 * json_write.h: JSON out, appended and never a tree. Exports: struct json and its functions.
 *
 *     struct json json = json_start(arena);
 *     json_open(&json, NULL, '{');
 *     json_money(&json, "owed_now_fen", owed);
 *     json_open(&json, "items", '[');
 *     ...
 *     json_close(&json); json_close(&json);
 *     reply(json_text(&json));
 *
 * `name` is the member's name inside an object and NULL inside an array or at the top. Depth is
 * bounded by JSON_DEPTH_MAX; misuse (a name in an array, a close too many) is a bug and checked.
 */
#ifndef FENQI_BASE_JSON_WRITE_H
#define FENQI_BASE_JSON_WRITE_H

#include "base/builder.h"
#include "base/day.h"
#include "base/money.h"

enum { JSON_DEPTH_MAX = 24 };

struct json {
    struct builder builder;
    int depth;
    char closing[JSON_DEPTH_MAX];
    bool first[JSON_DEPTH_MAX + 1];
};

struct json json_start(struct arena *arena);
/* The same with room for a text that is known to be long, which then is not moved as it grows. */
struct json json_start_with_room(struct arena *arena, size_t room);
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json);
/* A NULL text is written as null. Invalid UTF-8 is written as U+FFFD. */
void json_string(struct json *json, const char *name, const char *text);
void json_string_n(struct json *json, const char *name, const char *text, size_t length);
void json_integer(struct json *json, const char *name, int64_t value);
void json_boolean(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);
void json_money(struct json *json, const char *name, struct money value);
/* DAY_NONE is written as null. */
void json_day(struct json *json, const char *name, struct day value);
/* Zero is written as null; Asia/Shanghai. */
void json_instant(struct json *json, const char *name, struct instant value);
/* A 64-bit id as a decimal string, for readers that keep only 53 bits. */
void json_id(struct json *json, const char *name, int64_t value);
/* `text` is already JSON (stored earlier by us). */
void json_raw(struct json *json, const char *name, const char *text);
/* The finished document; checks that everything is closed. */
char *json_text(struct json *json);

#endif
