/* pages.c: see pages.h. */
#include "api/pages.h"

#include "api/api.h"
#include "http/static.h"

#include <string.h>

/* Nothing from anywhere but ourselves, no inline script or style, no frame around us. */
static const char content_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static const char not_built[] =
    "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>分期 Fenqi</title>"
    "<h1>网页尚未构建 · The web apps were not built</h1>"
    "<p>接口可用：<a href=\"/api/v1/status\">/api/v1/status</a> · The API works. "
    "<code>./dev build</code> builds the web apps into the server.</p></html>";

static void security_headers(struct http_request *request) {
    http_reply_header(request, "Content-Security-Policy", content_policy);
    http_reply_header(request, "Referrer-Policy", "same-origin");
    http_reply_header(request, "X-Frame-Options", "DENY");
    http_reply_header(request, "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    http_reply_header(request, "Cross-Origin-Opener-Policy", "same-origin");
    http_reply_header(request, "Cross-Origin-Resource-Policy", "same-origin");
    if (http_request_is_secure(request))
        http_reply_header(request, "Strict-Transport-Security", "max-age=31536000");
}

/* Whether the last segment names a file: such a path is never a page of an app. */
static bool names_file(const char *path) {
    const char *segment = strrchr(path, '/');
    return segment != NULL && strchr(segment, '.') != NULL;
}

static void serve(struct http_request *request, const struct http_site *site, const char *path) {
    security_headers(request);
    if (http_site_has(site, path) && http_site_reply(request, site, path))
        return;
    if (names_file(path)) {
        http_reply_error(request, HTTP_ERROR_NOT_FOUND);
        return;
    }
    if (!http_site_reply(request, site, "/index.html")) {
        http_reply_header(request, "Cache-Control", "no-store");
        http_reply(request, 200, "text/html; charset=utf-8", bytes_of_text(not_built));
    }
}

void pages_serve(struct http_request *request, void *context) {
    const struct api *api = context;
    const char *path = http_request_path(request);
    if (strncmp(path, "/api/", 5) == 0 || strcmp(path, "/api") == 0) {
        http_reply_error(request, HTTP_ERROR_NOT_FOUND);
    } else if (strcmp(path, "/console") == 0) {
        http_reply_header(request, "Location", "/console/");
        http_reply(request, 308, NULL, (struct bytes){NULL, 0});
    } else if (strncmp(path, "/console/", 9) == 0) {
        serve(request, &api->config.console_site, path + 8);
    } else {
        serve(request, &api->config.customer_site, path);
    }
}
