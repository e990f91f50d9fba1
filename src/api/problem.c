/* problem.c: see problem.h. */
#include "api/problem.h"

#include "base/check.h"
#include "base/json_write.h"

#include <string.h>

static const struct problem problems[PROBLEM_COUNT] = {
#include "problem_table.inc"
};

const struct problem *problem_find(enum problem_code code) {
    check(code > PROBLEM_NONE && (int)code < PROBLEM_COUNT);
    return &problems[code];
}

/* The value whose {name} stands at `at`, or NULL; *length is the length of "{name}". */
static const char *value_at(
    const char *at, const struct problem_value *values, size_t count, size_t *length) {
    const char *end = strchr(at, '}');
    if (end == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t name_length = strlen(values[i].name);
        if ((size_t)(end - at) == name_length + 1 &&
            memcmp(at + 1, values[i].name, name_length) == 0) {
            *length = name_length + 2;
            return values[i].value;
        }
    }
    return NULL;
}

static const char *fill(
    struct arena *arena, const char *text, const struct problem_value *values, size_t count) {
    if (count == 0 || strchr(text, '{') == NULL)
        return text;
    struct builder builder = builder_start(arena, 256);
    while (*text != '\0') {
        size_t length = 0;
        const char *value = *text == '{' ? value_at(text, values, count, &length) : NULL;
        if (value != NULL) {
            builder_add(&builder, value);
            text += length;
        } else {
            builder_add_character(&builder, *text++);
        }
    }
    return builder_text(&builder);
}

struct bytes problem_write(struct arena *arena, enum problem_code code, const char *field,
    const char *instance, const struct problem_value *values, size_t count) {
    const struct problem *problem = problem_find(code);
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "type", arena_printf(arena, "/problems/%s", problem->code));
    json_string(&json, "title", problem->title_zh);
    json_string(&json, "title_en", problem->title_en);
    json_integer(&json, "status", problem->http);
    json_string(&json, "code", problem->code);
    json_string(&json, "detail", fill(arena, problem->detail_zh, values, count));
    json_string(&json, "detail_en", fill(arena, problem->detail_en, values, count));
    if (field != NULL)
        json_string(&json, "field", field);
    json_string(&json, "instance", instance);
    json_close(&json);
    return bytes_of_text(json_text(&json));
}
