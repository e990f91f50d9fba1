/* test_static.c: files built in and from disk: variants, caching, what is not there. */
#include "server_fixture.h"

#include "http/static.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES(text)                                                                                \
    { (const uint8_t *)(text), sizeof(text) - 1 }
static const struct http_asset assets[] = {
    {"/assets/a.js", "text/javascript", "\"js\"", BYTES("plain js"), BYTES("BROTLI")},
    {"/index.html", "text/html; charset=utf-8", "\"html\"", BYTES("<p>"), {NULL, 0}},
};
static struct http_site site = {assets, 2, NULL};

static void serve(struct http_request *request, void *context) {
    const struct http_site *from = context;
    if (!http_site_reply(request, from, http_request_path(request)))
        http_reply_error(request, HTTP_ERROR_NOT_FOUND);
}

static struct fixture fixture;
static char answer[4000];

static void start(struct http_site *from) {
    struct fault fault;
    fixture = (struct fixture){.options = http_options_default()};
    assert_int_equal(http_server_create(&fixture.options, &fixture.server, &fault), STATUS_OK);
    http_server_fallback(fixture.server, serve, from);
    assert_int_equal(http_server_listen(fixture.server, "127.0.0.1:0", &fault), STATUS_OK);
    assert_int_equal(http_server_start(fixture.server, &fault), STATUS_OK);
}

static int ask(const char *path, const char *headers) {
    char text[500];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n", path, headers);
    return client_ask(&fixture, text, answer, sizeof answer);
}

static void test_built_in(void **state) {
    (void)state;
    start(&site);
    assert_int_equal(ask("/assets/a.js", ""), 200);
    assert_non_null(strstr(answer, "\r\n\r\nplain js"));
    assert_non_null(strstr(answer, "\r\nVary: Accept-Encoding\r\n"));
    assert_non_null(strstr(answer, "\r\nCache-Control: public, max-age=31536000, immutable\r\n"));
    assert_int_equal(ask("/assets/a.js", "Accept-Encoding: gzip, br;q=0.9\r\n"), 200);
    assert_non_null(strstr(answer, "\r\nContent-Encoding: br\r\n"));
    assert_non_null(strstr(answer, "\r\n\r\nBROTLI"));
    assert_non_null(strstr(answer, "\r\nETag: \"js-br\"\r\n"));
    assert_int_equal(
        ask("/assets/a.js", "Accept-Encoding: br\r\nIf-None-Match: \"js-br\"\r\n"), 304);
    assert_int_equal(ask("/assets/a.js", "If-None-Match: \"js-br\"\r\n"), 200);
    assert_int_equal(ask("/index.html", "Accept-Encoding: br\r\n"), 200);
    assert_null(strstr(answer, "Content-Encoding"));
    assert_non_null(strstr(answer, "\r\nCache-Control: no-cache\r\n"));
    assert_int_equal(ask("/assets", ""), 404);
    assert_int_equal(ask("/", ""), 404);
    assert_int_equal(ask("/zzz", ""), 404);
    assert_true(http_site_has(&site, "/index.html"));
    assert_false(http_site_has(&site, "/index.htm"));
    fixture_stop(&fixture);
}

static void test_from_disk(void **state) {
    (void)state;
    char folder[] = "/tmp/fenqi-static-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char name[100];
    snprintf(name, sizeof name, "%s/a.css", folder);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs("p{}", file);
    fclose(file);
    struct http_site disk = {NULL, 0, folder};
    start(&disk);
    assert_int_equal(ask("/a.css", ""), 200);
    assert_non_null(strstr(answer, "\r\nContent-Type: text/css; charset=utf-8\r\n"));
    assert_non_null(strstr(answer, "\r\n\r\np{}"));
    assert_int_equal(ask("/b.css", ""), 404);
    assert_int_equal(ask("/", ""), 404); /* a folder is no file */
    assert_int_equal(ask("/%2e%2e/etc/passwd", ""), 400);
    assert_true(http_site_has(&disk, "/a.css"));
    fixture_stop(&fixture);
    unlink(name);
    rmdir(folder);
}

static void test_accepted_codings(void **state) {
    (void)state;
    assert_false(http_accepts_coding(NULL, "br"));
    assert_false(http_accepts_coding("", "br"));
    assert_true(http_accepts_coding("gzip,br", "br"));
    assert_true(http_accepts_coding("gzip;q=1.0, BR ; q=0.1", "br"));
    assert_false(http_accepts_coding("br;q=0", "br"));
    assert_false(http_accepts_coding("br;q=0.000, gzip", "br"));
    assert_false(http_accepts_coding("brotli, gbr", "br"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in),
        cmocka_unit_test(test_from_disk),
        cmocka_unit_test(test_accepted_codings),
    };
    return cmocka_run_group_tests_name("http_static", tests, NULL, NULL);
}
