/*
 * json_read.c: JSON in, over jansson.
 *
 * jansson reads into its own reference-counted tree; it is copied into the arena and given back at
 * once, so that nothing above needs to free. The depth is counted beforehand on the bytes, because
 * jansson's own limit is far too generous for a recursive reader fed by strangers.
 */
#include "codec/json_read.h"

#include "base/check.h"

#include <jansson.h>
#include <string.h>

static void free_tree(json_t **tree) {
    json_decref(*tree);
}

/* Whether brackets nest deeper than allowed; texts are skipped. */
static bool too_deep(struct bytes text) {
    int depth = 0;
    bool inside_text = false;
    for (size_t i = 0; i < text.length; i++) {
        uint8_t c = text.at[i];
        if (inside_text) {
            if (c == '\\')
                i++;
            else if (c == '"')
                inside_text = false;
        } else if (c == '"') {
            inside_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_READ_DEPTH_MAX)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

static void fill(struct arena *arena, const json_t *from, struct json_value *to);

static void fill_array(struct arena *arena, const json_t *from, struct json_value *to) {
    to->count = json_array_size(from);
    struct json_value *items = ARENA_ARRAY(arena, to->count, struct json_value);
    for (size_t i = 0; i < to->count; i++) {
        fill(arena, json_array_get(from, i), &items[i]);
        items[i].next = i + 1 < to->count ? &items[i + 1] : NULL;
    }
    to->first = to->count ? items : NULL;
}

static void fill_object(struct arena *arena, json_t *from, struct json_value *to) {
    to->count = json_object_size(from);
    struct json_value *members = ARENA_ARRAY(arena, to->count, struct json_value);
    size_t i = 0;
    const char *name;
    json_t *value;
    json_object_foreach(from, name, value) {
        fill(arena, value, &members[i]);
        members[i].name = arena_text(arena, name);
        members[i].next = i + 1 < to->count ? &members[i + 1] : NULL;
        i++;
    }
    to->first = to->count ? members : NULL;
}

static void fill(struct arena *arena, const json_t *from, struct json_value *to) {
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        to->kind = JSON_OBJECT_VALUE;
        /* jansson's iteration takes a pointer to non-const, but changes nothing. */
        fill_object(arena, json_incref((json_t *)(uintptr_t)from), to);
        json_decref((json_t *)(uintptr_t)from);
        return;
    case JSON_ARRAY:
        to->kind = JSON_ARRAY_VALUE;
        fill_array(arena, from, to);
        return;
    case JSON_STRING:
        to->kind = JSON_TEXT_VALUE;
        to->count = json_string_length(from);
        to->text = arena_text_n(arena, json_string_value(from), to->count);
        return;
    case JSON_INTEGER:
        to->kind = JSON_INTEGER_VALUE;
        to->integer = json_integer_value(from);
        return;
    case JSON_REAL:
        to->kind = JSON_REAL_VALUE;
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        to->kind = JSON_BOOLEAN_VALUE;
        to->boolean = json_is_true(from);
        return;
    case JSON_NULL:
        to->kind = JSON_NULL_VALUE;
        return;
    }
    check(false);
}

enum status json_read(
    struct arena *arena, struct bytes text, const struct json_value **out, struct fault *fault) {
    if (too_deep(text))
        return fault_set(fault, STATUS_INVALID, "more than %d levels", JSON_READ_DEPTH_MAX);
    if (text.length > 0 && memchr(text.at, '\0', text.length) != NULL)
        return fault_set(fault, STATUS_INVALID, "a NUL byte"); /* jansson would stop there */
    json_error_t error;
    __attribute__((cleanup(free_tree))) json_t *tree = json_loadb(
        (const char *)text.at, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!tree) {
        /* jansson quotes the input after " near": that part may hold a secret and stays here. */
        char *quotation = strstr(error.text, " near ");
        if (quotation)
            *quotation = '\0';
        return fault_set(
            fault, STATUS_INVALID, "line %d, column %d: %s", error.line, error.column, error.text);
    }
    struct json_value *value = ARENA_NEW(arena, struct json_value);
    fill(arena, tree, value);
    *out = value;
    return STATUS_OK;
}

const struct json_value *json_member(const struct json_value *object, const char *name) {
    if (!object || object->kind != JSON_OBJECT_VALUE)
        return NULL;
    for (const struct json_value *member = object->first; member; member = member->next)
        if (strcmp(member->name, name) == 0)
            return member;
    return NULL;
}

const char *json_member_text(const struct json_value *object, const char *name) {
    const struct json_value *member = json_member(object, name);
    return member && member->kind == JSON_TEXT_VALUE ? member->text : NULL;
}

bool json_member_integer(const struct json_value *object, const char *name, int64_t *out) {
    const struct json_value *member = json_member(object, name);
    if (!member || member->kind != JSON_INTEGER_VALUE)
        return false;
    *out = member->integer;
    return true;
}
