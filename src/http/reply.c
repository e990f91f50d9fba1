/*
 * reply.c: answers. Exports: http_reply…(), http_etag_listed(), http_error_status() of http.h and
 * reply_…() of internal.h.
 */
#include "http/internal.h"

#include "base/check.h"

#include <string.h>

struct reason {
    int status;
    const char *text;
};

static const struct reason reasons[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"},
    {204, "No Content"}, {206, "Partial Content"}, {301, "Moved Permanently"}, {302, "Found"},
    {303, "See Other"}, {304, "Not Modified"}, {307, "Temporary Redirect"},
    {308, "Permanent Redirect"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
    {404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
    {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"}, {412, "Precondition Failed"},
    {413, "Content Too Large"}, {414, "URI Too Long"}, {415, "Unsupported Media Type"},
    {417, "Expectation Failed"}, {422, "Unprocessable Content"}, {423, "Locked"},
    {428, "Precondition Required"}, {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"},
    {501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
    {504, "Gateway Timeout"}, {505, "HTTP Version Not Supported"}};

static const char *reason_of(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Status";
}

static const int error_statuses[HTTP_ERROR_COUNT] = {
    [HTTP_ERROR_BAD_REQUEST] = 400,
    [HTTP_ERROR_NOT_FOUND] = 404,
    [HTTP_ERROR_METHOD_NOT_ALLOWED] = 405,
    [HTTP_ERROR_REQUEST_TIMEOUT] = 408,
    [HTTP_ERROR_BODY_TOO_LARGE] = 413,
    [HTTP_ERROR_URI_TOO_LONG] = 414,
    [HTTP_ERROR_EXPECTATION] = 417,
    [HTTP_ERROR_HEAD_TOO_LARGE] = 431,
    [HTTP_ERROR_NOT_IMPLEMENTED] = 501,
    [HTTP_ERROR_BUSY] = 503,
    [HTTP_ERROR_VERSION] = 505,
};

int http_error_status(enum http_error error) {
    check((int)error >= 0 && (int)error < HTTP_ERROR_COUNT);
    return error_statuses[error];
}

/* Whether an answer made now is thrown away; a second answer by mistake is a bug. */
static bool thrown_away(struct http_request *request) {
    if (request->overtaken)
        return true;
    check(!request->answered);
    if (!http_request_is_departed(request))
        return false;
    request->answered = true;
    if (request->connection != NULL)
        request->connection->request = NULL;
    request->connection = NULL;
    reply_logged(request, 499, 0);
    return true;
}

void http_reply_header(struct http_request *request, const char *name, const char *value) {
    if (request->overtaken && !request->waiting)
        return;
    check(name[strcspn(name, "\r\n:")] == '\0' && value[strcspn(value, "\r\n")] == '\0');
    if (request->headers.arena != request_loop_arena(request))
        request->headers = builder_start(request_loop_arena(request), 256);
    builder_add(&request->headers, name);
    builder_add(&request->headers, ": ");
    builder_add(&request->headers, value);
    builder_add(&request->headers, "\r\n");
}

struct bytes reply_head(struct http_request *request, int status, const char *content_type,
    int64_t content_length, const char *extra) {
    struct loop *loop = request->loop;
    struct builder head = builder_start(request_loop_arena(request), 512);
    builder_add(&head, "HTTP/1.1 ");
    builder_add_integer(&head, status);
    builder_add_character(&head, ' ');
    builder_add(&head, reason_of(status));
    builder_add(&head, "\r\nDate: ");
    builder_add(&head, loop_date(loop));
    builder_add(&head, "\r\nServer: ");
    builder_add(&head, loop->server->options.server_name);
    builder_add(&head, "\r\nX-Request-Id: ");
    builder_add(&head, request->id);
    builder_add(&head, "\r\nX-Content-Type-Options: nosniff\r\n");
    if (content_type != NULL) {
        builder_add(&head, "Content-Type: ");
        builder_add(&head, content_type);
        builder_add(&head, "\r\n");
    }
    if (content_length >= 0 && status != 204 && status != 304) {
        builder_add(&head, "Content-Length: ");
        builder_add_integer(&head, content_length);
        builder_add(&head, "\r\n");
    }
    if (request->close)
        builder_add(&head, "Connection: close\r\n");
    if (extra != NULL)
        builder_add(&head, extra);
    if (request->headers.arena == request_loop_arena(request))
        builder_add_n(&head, request->headers.at, request->headers.length);
    builder_add(&head, "\r\n");
    return builder_bytes(&head);
}

void reply_logged(struct http_request *request, int status, int64_t bytes_out) {
    const struct http_options *options = &request->loop->server->options;
    if (options->access == NULL)
        return;
    const char *route = http_request_route(request);
    struct http_access access = {
        .request_id = request->id,
        .method = request->is_head ? "HEAD" : http_method_name(request->head.method),
        .route = route == NULL ? "-" : route,
        .peer = request->peer,
        .status = status,
        .duration_us = monotonic_us() - request->started_us,
        .bytes_in = request->bytes_in,
        .bytes_out = bytes_out,
        .departed = status == 499,
        /* while it waits, what the slot points to is somebody else's to write */
        .user = request->waiting ? NULL : request->user,
    };
    options->access(&access, options->access_context);
}

static void reply(struct http_request *request, int status, const char *content_type,
    struct bytes body, bool is_static) {
    if (thrown_away(request))
        return;
    struct connection *connection = request->connection;
    request->close = request->close || !request->head.keep_alive || connection->loop->stopping;
    struct bytes head = reply_head(request, status, content_type, (int64_t)body.length, NULL);
    bool bodiless = request->is_head || status == 204 || status == 304;
    struct bytes sent = bodiless ? (struct bytes){NULL, 0} : body;
    request->answered = true;
    request->connection = NULL;
    bool close = request->close;
    reply_logged(request, status, (int64_t)(head.length + sent.length));
    connection_send(connection, head, sent, is_static);
    connection_next(connection, close);
}

void http_reply(
    struct http_request *request, int status, const char *content_type, struct bytes body) {
    reply(request, status, content_type, body, false);
}

void http_reply_static(
    struct http_request *request, int status, const char *content_type, struct bytes body) {
    reply(request, status, content_type, body, true);
}

void http_reply_error(struct http_request *request, enum http_error error) {
    const struct http_options *options = &request->loop->server->options;
    if (options->error != NULL) {
        options->error(request, error, options->error_context);
        return;
    }
    const char *text = reason_of(http_error_status(error));
    http_reply(request, http_error_status(error), "text/plain; charset=utf-8", bytes_of_text(text));
}

bool http_etag_listed(const char *list, const char *etag) {
    size_t length = strlen(etag);
    while (*list != '\0') {
        list += strspn(list, " \t,");
        if (*list == '*')
            return true;
        if (strncmp(list, "W/", 2) == 0)
            list += 2;
        size_t item = 0;
        if (*list == '"') {
            const char *end = strchr(list + 1, '"');
            item = end == NULL ? strlen(list) : (size_t)(end - list) + 1;
        } else {
            item = strcspn(list, ",");
        }
        if (item == length && memcmp(list, etag, length) == 0)
            return true;
        list += item;
    }
    return false;
}

bool http_reply_not_modified(struct http_request *request, const char *etag) {
    http_reply_header(request, "ETag", etag);
    const char *known = http_request_header(request, "If-None-Match");
    if (known == NULL || request->head.method != HTTP_GET || !http_etag_listed(known, etag))
        return false;
    http_reply(request, 304, NULL, (struct bytes){NULL, 0});
    return true;
}
