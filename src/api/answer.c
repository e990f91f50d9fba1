/*
 * answer.c: what a resource says and asks through its call. Exports: call_json() … call_log() of
 * api.h.
 */
#include "api/call_own.h"

#include "api/rate_limit.h"
#include "base/check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void call_json(struct call *call, int status, struct json *json) {
    call->reply.status = status;
    call->reply.content_type = "application/json; charset=utf-8";
    call->reply.body = bytes_of_text(json_text(json));
}

void call_no_content(struct call *call) {
    call->reply.status = 204;
    call->reply.content_type = NULL;
    call->reply.body = (struct bytes){NULL, 0};
}

void call_bytes(struct call *call, int status, const char *content_type, struct bytes body) {
    call->reply.status = status;
    call->reply.content_type = content_type;
    call->reply.body = body;
}

void call_problem_values(struct call *call, enum problem_code code, const char *field,
    const struct problem_value *values, size_t count) {
    call->reply.status = problem_find(code)->http;
    call->reply.content_type = PROBLEM_CONTENT_TYPE;
    call->reply.problem = code;
    call->reply.etag = NULL;
    call->reply.body =
        problem_write(call->arena, code, field, http_request_id(call->http), values, count);
}

void call_problem(struct call *call, enum problem_code code, const char *field) {
    call_problem_values(call, code, field, NULL, 0);
}

void call_fault(struct call *call, const struct fault *fault) {
    call_log(call, "fault",
        arena_printf(call->arena, "%s: %s", status_name(fault->status), fault->text));
    if (fault->status == STATUS_CORRUPT || fault->status == STATUS_INVALID ||
        fault->status == STATUS_NOT_FOUND) {
        call_problem(call, PROBLEM_INTERNAL, NULL);
        return;
    }
    if (fault->status == STATUS_DAMAGED)
        storage_health_note(&call->api->storage, fault->status);
    bool storage = fault->status == STATUS_IO || fault->status == STATUS_DENIED ||
                   fault->status == STATUS_DAMAGED ||
                   (fault->status == STATUS_FULL && call->own->queued);
    call_header(call, "Retry-After", storage ? "10" : "1");
    call_problem(call, storage ? PROBLEM_STORAGE_UNAVAILABLE : PROBLEM_BUSY, NULL);
}

void call_header(struct call *call, const char *name, const char *value) {
    struct call_header *header = ARENA_NEW(call->arena, struct call_header);
    header->name = arena_text(call->arena, name);
    header->value = arena_text(call->arena, value);
    header->next = call->reply.headers;
    call->reply.headers = header;
}

void call_etag(struct call *call, const char *etag) {
    call->reply.etag = arena_text(call->arena, etag);
    call_header(call, "ETag", etag);
    call_header(call, "Cache-Control", "private, no-cache");
}

void call_cookie(struct call *call, const char *name, const char *value, int64_t max_age_s,
    const char *same_site) {
    call_header(call, "Set-Cookie",
        arena_printf(call->arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=%s%s",
            name, value, max_age_s, same_site, call->api->config.secure_cookies ? "; Secure" : ""));
}

const char *call_parameter(const struct call *call, const char *name) {
    const char *value = http_request_parameter(call->http, name);
    check(value != NULL);
    return value;
}

const char *call_query(struct call *call, const char *name) {
    return http_request_query(call->http, name);
}

/* Digits with an optional minus sign, at most 18 of them; false otherwise. */
static bool read_integer(const char *text, int64_t *out) {
    const char *digits = text[0] == '-' ? text + 1 : text;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 18 || digits[length] != '\0')
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

bool call_query_integer(struct call *call, const char *name, int64_t low, int64_t high,
    int64_t otherwise, int64_t *out) {
    *out = otherwise;
    const char *text = call_query(call, name);
    if (text == NULL)
        return true;
    int64_t value;
    if (!read_integer(text, &value) || value < low || value > high) {
        call_problem(call, PROBLEM_FIELD_INVALID, name);
        return false;
    }
    *out = value;
    return true;
}

bool call_query_known(struct call *call, const char *const *names) {
    for (size_t i = 0; i < http_request_query_count(call->http); i++) {
        const char *given = http_request_query_name(call->http, i);
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, given) != 0)
            name++;
        if (*name == NULL) {
            call_problem(call, PROBLEM_FIELD_UNKNOWN, given);
            return false;
        }
    }
    return true;
}

/* ---- limits ---- */

bool call_take(struct call *call, const char *name, struct bytes key, int burst, int period_s) {
    int scale = call->api->config.rate_scale;
    if (scale == 0)
        return true;
    struct rate_limit limit = {name, burst * scale, period_s * INT64_C(1000000) / scale};
    struct rate_state state = rate_limiter_take(call->api->limiter, &limit, key, rate_clock_us());
    if (state.allowed)
        return true;
    int64_t wait_s = (state.wait_us + 999999) / 1000000;
    wait_s = wait_s < 1 ? 1 : wait_s;
    char *seconds = arena_printf(call->arena, "%" PRId64, wait_s);
    call_header(call, "Retry-After", seconds);
    struct problem_value values[] = {{"seconds", seconds}};
    call_problem_values(call, PROBLEM_RATE_LIMITED, NULL, values, 1);
    return false;
}

/* ---- log ---- */

void call_log(struct call *call, const char *name, const char *value) {
    struct call_log_member *member = ARENA_NEW(call->arena, struct call_log_member);
    member->name = name;
    member->value = arena_text(call->arena, value);
    member->next = call->log;
    call->log = member;
}
