/* message.c: requests, answers, forms. Exports what message.h declares. */
#include "sandbox/message.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes percent-encoding (and `+` in forms). NULL on a broken escape or a NUL. */
static char *url_decode(struct arena *arena, const char *text, size_t length, bool form) {
    char *plain = arena_allocate(arena, length + 1);
    size_t end = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%') {
            if (length - i < 3)
                return NULL;
            int high = hex_value(text[i + 1]);
            int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0 || high + low == 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        plain[end++] = c;
    }
    return plain;
}

bool fields_read(struct arena *arena, struct bytes text, bool decode, struct fields *out) {
    const char *at = (const char *)text.at;
    size_t left = text.length;
    memset(out, 0, sizeof *out);
    while (left > 0) {
        const char *stop = memchr(at, '&', left);
        size_t length = stop == NULL ? left : (size_t)(stop - at);
        const char *equals = memchr(at, '=', length);
        size_t name_length = equals == NULL ? length : (size_t)(equals - at);
        const char *value = equals == NULL ? at + length : equals + 1;
        size_t value_length = (size_t)(at + length - value);
        if (length > 0) {
            char *name = decode ? url_decode(arena, at, name_length, true)
                                : arena_text_n(arena, at, name_length);
            char *content = decode ? url_decode(arena, value, value_length, true)
                                   : arena_text_n(arena, value, value_length);
            if (name == NULL || content == NULL || out->count == FIELDS_MAX ||
                fields_get(out, name) != NULL)
                return false;
            out->at[out->count++] = (struct field){name, content};
        }
        if (stop == NULL)
            break;
        left -= length + 1;
        at = stop + 1;
    }
    return true;
}

bool request_target(struct request *request, const char *target) {
    request->target = arena_text(request->arena, target);
    if (target[0] != '/')
        return false;
    size_t path_length = strcspn(target, "?");
    const char *query = target[path_length] == '?' ? target + path_length + 1 : "";
    request->path = url_decode(request->arena, target, path_length, false);
    return request->path != NULL &&
           fields_read(request->arena, bytes_of_text(query), true, &request->query);
}

const char *request_header(const struct request *request, const char *name) {
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

const char *fields_get(const struct fields *fields, const char *name) {
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->at[i].name, name) == 0)
            return fields->at[i].value;
    }
    return NULL;
}

const char *fields_text(const struct fields *fields, const char *name) {
    const char *value = fields_get(fields, name);
    return value == NULL ? "" : value;
}

void fields_set(struct fields *fields, const char *name, const char *value) {
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->at[i].name, name) == 0) {
            fields->at[i].value = value;
            return;
        }
    }
    check(fields->count < FIELDS_MAX);
    fields->at[fields->count++] = (struct field){name, value};
}

bool integer_read(const char *text, int64_t *out) {
    if (text == NULL || text[0] == '\0' || strlen(text) > 18 ||
        strspn(text, "0123456789") != strlen(text))
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

char *url_encode(struct arena *arena, const char *text) {
    struct builder builder = builder_start(arena, strlen(text) + 16);
    for (const char *at = text; *at != '\0'; at++) {
        bool plain = (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') ||
                     (*at >= '0' && *at <= '9') || strchr("-_.~", *at) != NULL;
        if (plain)
            builder_add_character(&builder, *at);
        else
            builder_printf(&builder, "%%%02X", (unsigned)(unsigned char)*at);
    }
    return builder_text(&builder);
}

char *html_escape(struct arena *arena, const char *text) {
    struct builder builder = builder_start(arena, strlen(text) + 16);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '&')
            builder_add(&builder, "&amp;");
        else if (*at == '<')
            builder_add(&builder, "&lt;");
        else if (*at == '>')
            builder_add(&builder, "&gt;");
        else if (*at == '"')
            builder_add(&builder, "&quot;");
        else if (*at == '\'')
            builder_add(&builder, "&#39;");
        else
            builder_add_character(&builder, *at);
    }
    return builder_text(&builder);
}

void answer_header(struct answer *answer, const char *name, const char *value) {
    check(answer->header_count < sizeof answer->headers / sizeof answer->headers[0]);
    answer->headers[answer->header_count++] = (struct field){name, value};
}

void answer_text(struct answer *answer, int status, const char *content_type, const char *text) {
    answer->status = status;
    answer->content_type = content_type;
    answer->body = bytes_of_text(text);
}

void answer_redirect(struct answer *answer, const char *location) {
    answer_text(answer, 303, "text/plain; charset=utf-8", "");
    answer_header(answer, "Location", location);
}

char *instant_plain(struct arena *arena, struct instant instant) {
    char day[DAY_TEXT_SIZE];
    int32_t second = instant_second_of_day(instant, ZONE_SHANGHAI);
    day_to_text(instant_to_day(instant, ZONE_SHANGHAI), day);
    return arena_printf(
        arena, "%s %02d:%02d:%02d", day, second / 3600, second / 60 % 60, second % 60);
}

char *instant_offset(struct arena *arena, struct instant instant) {
    char *text = instant_plain(arena, instant);
    text[10] = 'T';
    return arena_printf(arena, "%s+08:00", text);
}
