/* static.c: see static.h. */
#include "http/static.h"

#include "base/builder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DISK_FILE_MAX = 16 << 20 };

bool http_accepts_coding(const char *header, const char *coding) {
    size_t length = strlen(coding);
    while (header != NULL && *header != '\0') {
        header += strspn(header, " \t,");
        size_t token = strcspn(header, " \t,;");
        bool same = token == length && strncasecmp(header, coding, length) == 0;
        const char *rest = header + token;
        size_t parameters = strcspn(rest, ",");
        if (same) {
            /* ";q=0", ";q=0.0" and so on refuse it */
            const char *q = memchr(rest, '=', parameters);
            return q == NULL || strtod(q + 1, NULL) > 0;
        }
        header = rest + parameters;
    }
    return false;
}

static const char *type_of(const char *path) {
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
        {".json", "application/json"}, {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"}, {".png", "image/png"}, {".ico", "image/x-icon"},
        {".txt", "text/plain; charset=utf-8"}, {".woff2", "font/woff2"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    }
    return "application/octet-stream";
}

static int compare_path(const void *path, const void *asset) {
    return strcmp(path, ((const struct http_asset *)asset)->path);
}

static const struct http_asset *find(const struct http_site *site, const char *path) {
    if (site->count == 0)
        return NULL;
    return bsearch(path, site->assets, site->count, sizeof site->assets[0], compare_path);
}

static void cache_headers(struct http_request *request, const char *path) {
    bool hashed = strncmp(path, "/assets/", 8) == 0;
    http_reply_header(
        request, "Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
}

static bool reply_built_in(
    struct http_request *request, const struct http_site *site, const char *path) {
    const struct http_asset *asset = find(site, path);
    if (asset == NULL)
        return false;
    bool brotli = asset->brotli.length > 0 &&
                  http_accepts_coding(http_request_header(request, "Accept-Encoding"), "br");
    cache_headers(request, path);
    if (asset->brotli.length > 0)
        http_reply_header(request, "Vary", "Accept-Encoding");
    const char *etag = asset->etag;
    if (brotli) {
        etag = arena_printf(
            http_request_arena(request), "%.*s-br\"", (int)strlen(asset->etag) - 1, asset->etag);
        http_reply_header(request, "Content-Encoding", "br");
    }
    if (!http_reply_not_modified(request, etag))
        http_reply_static(request, 200, asset->content_type, brotli ? asset->brotli : asset->plain);
    return true;
}

/* The bytes of a regular file in the arena; false when there is none or it is too large. */
static bool read_file(struct arena *arena, const char *name, struct bytes *out) {
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    struct stat found;
    bool fits = fstat(fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_size < DISK_FILE_MAX;
    size_t length = 0;
    if (fits) {
        uint8_t *at = arena_allocate(arena, (size_t)found.st_size + 1);
        ssize_t n = 1;
        while (n > 0 && length < (size_t)found.st_size) {
            n = read(fd, at + length, (size_t)found.st_size - length);
            length += n > 0 ? (size_t)n : 0;
        }
        *out = (struct bytes){at, length};
    }
    close(fd);
    return fits;
}

static bool reply_from_disk(
    struct http_request *request, const struct http_site *site, const char *path) {
    struct arena *arena = http_request_arena(request);
    struct bytes content;
    /* a request's path holds no "..", no NUL and no encoded slash (parse.c) */
    if (!read_file(arena, arena_printf(arena, "%s%s", site->directory, path), &content))
        return false;
    http_reply_header(request, "Cache-Control", "no-cache");
    http_reply(request, 200, type_of(path), content);
    return true;
}

bool http_site_reply(struct http_request *request, const struct http_site *site, const char *path) {
    return site->directory != NULL ? reply_from_disk(request, site, path)
                                   : reply_built_in(request, site, path);
}

bool http_site_has(const struct http_site *site, const char *path) {
    if (site->directory == NULL)
        return find(site, path) != NULL;
    FENQI_ARENA arena = arena_create(512);
    struct stat found;
    return stat(arena_printf(arena, "%s%s", site->directory, path), &found) == 0 &&
           S_ISREG(found.st_mode);
}
