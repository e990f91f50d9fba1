/*
 * static.h: files of the web apps. Exports: struct http_asset, struct http_site, http_site_reply().
 *
 * A site is either a table built into the binary (sorted by path, with brotli variants made at
 * build time) or, for development, a folder that is read at each request.
 */
#ifndef FENQI_HTTP_STATIC_H
#define FENQI_HTTP_STATIC_H

#include "http/http.h"

struct http_asset {
    const char *path; /* below the site, "/assets/index-abc.js" */
    const char *content_type;
    const char *etag; /* with its quotes */
    struct bytes plain;
    struct bytes brotli; /* length 0: none */
};

struct http_site {
    const struct http_asset *assets; /* sorted by path in strcmp() order */
    size_t count;
    const char *directory; /* read from here instead; NULL: the table */
};

/*
 * Answers with the file at `path` below the site: ETag, 304, brotli for who takes it, immutable for
 * a year below /assets/ and no-cache elsewhere. False, nothing answered, when there is none.
 * Headers set before go out with it.
 */
bool http_site_reply(struct http_request *request, const struct http_site *site, const char *path);

/* Whether the site has the file. */
bool http_site_has(const struct http_site *site, const char *path);

/* Whether an Accept-Encoding header (may be NULL) takes `coding`. */
bool http_accepts_coding(const char *header, const char *coding);

#endif
