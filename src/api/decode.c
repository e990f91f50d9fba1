/* decode.c: see decode.h. */
#include "api/decode.h"

#include "base/check.h"
#include "base/public_number.h"

#include <string.h>
#include <strings.h>

static const char *path_of(struct decoder *decoder, const char *name) {
    if (decoder->path[0] == '\0')
        return name;
    return arena_printf(decoder->call->arena, "%s.%s", decoder->path, name);
}

/* Records the first problem, here and in every decoder around this one. */
static void fail_at(struct decoder *decoder, enum problem_code code, const char *path) {
    if (!decoder->failed)
        call_problem(decoder->call, code, path);
    for (struct decoder *at = decoder; at != NULL; at = at->up)
        at->failed = true;
}

void decode_problem(struct decoder *decoder, const char *name, enum problem_code code) {
    fail_at(decoder, code, path_of(decoder, name));
}

static bool is_json(const char *content_type) {
    static const char json[] = "application/json";
    if (content_type == NULL || strncasecmp(content_type, json, sizeof json - 1) != 0)
        return false;
    char after = content_type[sizeof json - 1];
    return after == '\0' || after == ';' || after == ' ';
}

bool call_body(struct call *call, struct decoder *out) {
    *out = (struct decoder){.call = call, .path = ""};
    if (!is_json(http_request_header(call->http, "Content-Type"))) {
        fail_at(out, PROBLEM_MEDIA_TYPE_UNSUPPORTED, NULL);
        return false;
    }
    struct fault fault = {0};
    const struct json_value *value = NULL;
    if (json_read(call->arena, http_request_body(call->http), &value, &fault) != STATUS_OK) {
        bool duplicate = strstr(fault.text, "uplicate") != NULL;
        call_log(call, "json", fault.text);
        fail_at(out, duplicate ? PROBLEM_FIELD_DUPLICATE : PROBLEM_MALFORMED_JSON, NULL);
        return false;
    }
    if (value->kind != JSON_OBJECT_VALUE) {
        fail_at(out, PROBLEM_FIELD_TYPE, NULL);
        return false;
    }
    if (value->count > DECODE_MEMBERS_MAX) {
        fail_at(out, PROBLEM_FIELD_UNKNOWN, NULL);
        return false;
    }
    out->object = value;
    return true;
}

bool decode_end(struct decoder *decoder) {
    if (decoder->failed)
        return false;
    size_t position = 0;
    for (const struct json_value *at = decoder->object->first; at != NULL; at = at->next) {
        if ((decoder->known & UINT64_C(1) << position) == 0) {
            decode_problem(decoder, at->name, PROBLEM_FIELD_UNKNOWN);
            return false;
        }
        position++;
    }
    return true;
}

/* The member, marked as known; NULL when absent, null, or after a failure. */
static const struct json_value *member(struct decoder *decoder, const char *name) {
    if (decoder->failed || decoder->object == NULL)
        return NULL;
    size_t position = 0;
    for (const struct json_value *at = decoder->object->first; at != NULL; at = at->next) {
        if (strcmp(at->name, name) == 0) {
            decoder->known |= UINT64_C(1) << position;
            return at->kind == JSON_NULL_VALUE ? NULL : at;
        }
        position++;
    }
    return NULL;
}

/* As member() of a kind; NULL with the problem given when missing though `required`, or of another.
 */
static const struct json_value *typed(
    struct decoder *decoder, const char *name, enum json_kind kind, bool required) {
    const struct json_value *value = member(decoder, name);
    if (value == NULL) {
        if (required && !decoder->failed)
            decode_problem(decoder, name, PROBLEM_FIELD_MISSING);
        return NULL;
    }
    if (value->kind != kind) {
        decode_problem(decoder, name, PROBLEM_FIELD_TYPE);
        return NULL;
    }
    return value;
}

bool decode_has(struct decoder *decoder, const char *name) {
    return member(decoder, name) != NULL;
}

/* Length in bytes and no control characters but line feed and tab. */
static bool is_plain_text(const struct json_value *value, size_t least, size_t most) {
    if (value->count < least || value->count > most)
        return false;
    for (const unsigned char *at = (const unsigned char *)value->text; *at != '\0'; at++) {
        if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f)
            return false;
    }
    return true;
}

static const char *text_of(
    struct decoder *decoder, const char *name, size_t least, size_t most, bool required) {
    const struct json_value *value = typed(decoder, name, JSON_TEXT_VALUE, required);
    if (value == NULL)
        return NULL;
    if (!is_plain_text(value, least, most)) {
        decode_problem(decoder, name, PROBLEM_FIELD_INVALID);
        return NULL;
    }
    return value->text;
}

const char *decode_text(struct decoder *decoder, const char *name, size_t least, size_t most) {
    const char *text = text_of(decoder, name, least, most, true);
    return text == NULL ? "" : text;
}

const char *decode_text_or_null(
    struct decoder *decoder, const char *name, size_t least, size_t most) {
    return text_of(decoder, name, least, most, false);
}

static int64_t integer_of(struct decoder *decoder, const char *name, int64_t low, int64_t high,
    int64_t otherwise, bool required) {
    const struct json_value *value = typed(decoder, name, JSON_INTEGER_VALUE, required);
    if (value == NULL)
        return otherwise;
    if (value->integer < low || value->integer > high) {
        decode_problem(decoder, name, PROBLEM_FIELD_INVALID);
        return otherwise;
    }
    return value->integer;
}

int64_t decode_integer(struct decoder *decoder, const char *name, int64_t low, int64_t high) {
    return integer_of(decoder, name, low, high, low, true);
}

int64_t decode_integer_or(
    struct decoder *decoder, const char *name, int64_t low, int64_t high, int64_t otherwise) {
    return integer_of(decoder, name, low, high, otherwise, false);
}

struct money decode_money(struct decoder *decoder, const char *name, int64_t low, int64_t high) {
    check(money_in_range(low) && money_in_range(high));
    return money_fen(integer_of(decoder, name, low, high, low, true));
}

bool decode_boolean(struct decoder *decoder, const char *name) {
    const struct json_value *value = typed(decoder, name, JSON_BOOLEAN_VALUE, true);
    return value != NULL && value->boolean;
}

bool decode_boolean_or(struct decoder *decoder, const char *name, bool otherwise) {
    const struct json_value *value = typed(decoder, name, JSON_BOOLEAN_VALUE, false);
    return value == NULL ? otherwise : value->boolean;
}

static struct day day_of(struct decoder *decoder, const char *name, bool required) {
    const struct json_value *value = typed(decoder, name, JSON_TEXT_VALUE, required);
    struct day day = DAY_NONE;
    if (value != NULL && !day_from_text(value->text, value->count, &day))
        decode_problem(decoder, name, PROBLEM_FIELD_INVALID);
    return day;
}

struct day decode_day(struct decoder *decoder, const char *name) {
    return day_of(decoder, name, true);
}

struct day decode_day_or_none(struct decoder *decoder, const char *name) {
    return day_of(decoder, name, false);
}

int decode_choice(struct decoder *decoder, const char *name, const char *const *choices) {
    const struct json_value *value = typed(decoder, name, JSON_TEXT_VALUE, true);
    if (value == NULL)
        return 0;
    for (int i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], value->text) == 0)
            return i;
    }
    decode_problem(decoder, name, PROBLEM_FIELD_INVALID);
    return 0;
}

bool decode_number(struct decoder *decoder, const char *name, int kind, struct public_number *out) {
    *out = (struct public_number){0};
    const struct json_value *value = typed(decoder, name, JSON_TEXT_VALUE, true);
    if (value == NULL)
        return false;
    if (public_number_read(value->text, (enum public_number_kind)kind, out))
        return true;
    decode_problem(decoder, name, PROBLEM_FIELD_INVALID);
    return false;
}

/* A decoder of an object inside; one that has failed already when `value` is NULL. */
static struct decoder inside(
    struct decoder *decoder, const struct json_value *value, const char *path) {
    struct decoder child = {.call = decoder->call,
        .object = value,
        .path = path,
        .up = decoder,
        .failed = value == NULL};
    if (value != NULL && value->count > DECODE_MEMBERS_MAX)
        fail_at(&child, PROBLEM_FIELD_UNKNOWN, path);
    return child;
}

struct decoder decode_object(struct decoder *decoder, const char *name) {
    const struct json_value *value = typed(decoder, name, JSON_OBJECT_VALUE, true);
    return inside(decoder, value, path_of(decoder, name));
}

size_t decode_array(
    struct decoder *decoder, const char *name, size_t least, size_t most, struct decoder *items) {
    const struct json_value *value = typed(decoder, name, JSON_ARRAY_VALUE, true);
    *items = (struct decoder){.call = decoder->call,
        .path = path_of(decoder, name),
        .up = decoder,
        .failed = value == NULL};
    if (value == NULL)
        return 0;
    if (value->count < least || value->count > most) {
        decode_problem(decoder, name, PROBLEM_FIELD_INVALID);
        items->failed = true;
        return 0;
    }
    items->next_item = value->first;
    return value->count;
}

/* The next item of an array when it is of `kind`; *path is where it stands. */
static const struct json_value *next_item(
    struct decoder *items, enum json_kind kind, const char **path) {
    *path = arena_printf(items->call->arena, "%s[%zu]", items->path, items->item++);
    if (items->failed)
        return NULL;
    const struct json_value *value = items->next_item;
    check(value != NULL);
    items->next_item = value->next;
    if (value->kind == kind)
        return value;
    fail_at(items, PROBLEM_FIELD_TYPE, *path);
    return NULL;
}

struct decoder decode_next_object(struct decoder *items) {
    const char *path;
    const struct json_value *value = next_item(items, JSON_OBJECT_VALUE, &path);
    return inside(items, value, path);
}

const char *decode_next_text(struct decoder *items, size_t least, size_t most) {
    const char *path;
    const struct json_value *value = next_item(items, JSON_TEXT_VALUE, &path);
    if (value == NULL)
        return "";
    if (!is_plain_text(value, least, most)) {
        fail_at(items, PROBLEM_FIELD_INVALID, path);
        return "";
    }
    return value->text;
}
