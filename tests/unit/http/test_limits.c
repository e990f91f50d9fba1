/* test_limits.c: what is not HTTP as we accept it, and what is too long, too large, too slow. */
#include "server_fixture.h"

#include "base/builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void hello(struct http_request *request, void *context) {
    (void)context;
    http_reply(request, 200, "text/plain", bytes_of_text("hello"));
}

static void count(struct http_request *request, void *context) {
    (void)context;
    char *text =
        arena_printf(http_request_arena(request), "%zu", http_request_body(request).length);
    http_reply(request, 200, "text/plain", bytes_of_text(text));
}

/* The error hook of the tests: the number of the error as the body. */
static void word_error(struct http_request *request, enum http_error error, void *context) {
    (void)context;
    char *text = arena_printf(http_request_arena(request), "error %d", (int)error);
    http_reply(request, http_error_status(error), "text/plain", bytes_of_text(text));
}

enum { LARGE = 3 << 20 };
static const struct http_route routes[] = {
    {HTTP_GET, "/", hello, NULL, 0},
    {HTTP_GET, "/a/{b}", hello, NULL, 0},
    {HTTP_POST, "/count", count, NULL, 1000},
    {HTTP_POST, "/large", count, NULL, LARGE},
};
static struct fixture fixture;
static char answer[20000];

static int setup(void **state) {
    (void)state;
    fixture.options = http_options_default();
    fixture.options.head_timeout_ms = 300;
    fixture.options.body_timeout_ms = 400;
    fixture.options.idle_timeout_ms = 300;
    fixture.options.write_timeout_ms = 500;
    fixture.options.connection_max = 64;
    fixture.options.error = word_error;
    fixture_start(&fixture, routes, sizeof routes / sizeof routes[0]);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fixture);
    return 0;
}

/* Sends bytes, reads one answer and sees whether the server closes. */
static int status_and_close(const char *bytes, size_t length, bool *closed) {
    int fd = client_connect(&fixture);
    client_send_n(fd, bytes, length);
    int status = client_read_answer(fd, answer, sizeof answer);
    char more[10];
    *closed = client_read_all(fd, more, sizeof more) == 0;
    close(fd);
    return status;
}

struct bad {
    const char *text;
    size_t length; /* 0: strlen */
    int status;
};

#define HOST "Host: a\r\n"
#define POST "POST /count HTTP/1.1\r\n" HOST

static const struct bad bad_requests[] = {
    /* request lines */
    {"GET\r\n\r\n", 0, 400},
    {"GET /\r\n\r\n", 0, 400},
    {"GET / HTTP/1.1\n" HOST "\r\n\r\n", 0, 400},
    {"GET  / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /  HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {" GET / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET / HTTP/1.1 \r\n" HOST "\r\n", 0, 400},
    {"GET / HTTP/1.1\r\n" HOST "\r\n"
     "\r\n\r\n",
        0, 200}, /* the control: empty lines after it are not of it */
    {"GET / http/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET / HTTP/1.10\r\n" HOST "\r\n", 0, 400},
    {"GET / HTTP/2.0\r\n" HOST "\r\n", 0, 505},
    {"GET / HTTP/1.2\r\n" HOST "\r\n", 0, 505},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 505},
    {"get / HTTP/1.1\r\n" HOST "\r\n", 0, 501},
    {"TRACE / HTTP/1.1\r\n" HOST "\r\n", 0, 501},
    {"CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n", 0, 501},
    {"G<T / HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET * HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET a HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a\\b HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /\xe5\x88\x86 HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a#b HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/../b HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%2e%2E HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/./b HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%2f HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%5c HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%00 HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%zz HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%4 HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /a/%ff HTTP/1.1\r\n" HOST "\r\n", 0, 400}, /* no UTF-8 */
    {"GET /?a=%c0%af HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET /?a=%00 HTTP/1.1\r\n" HOST "\r\n", 0, 400},
    {"GET / HTTP/1.1\r\n\0: a\r\n\r\n", 24, 400},
    {"G\0T / HTTP/1.1\r\n" HOST "\r\n", 27, 400},
    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15, 400}, /* TLS on a plain port */
    {"\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 0, 400},                /* one empty line at most */
    /* header fields */
    {"GET / HTTP/1.1\r\n\r\n", 0, 400},                         /* no Host */
    {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 0, 400},            /* two */
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 0, 400},            /* no host name */
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 0, 400},            /* nor this */
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 0, 400},             /* blank before the colon */
    {"GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 0, 400},   /* folded */
    {"GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n", 0, 400},     /* no field */
    {"GET / HTTP/1.1\r\n" HOST ": a\r\n\r\n", 0, 400},          /* no name */
    {"GET / HTTP/1.1\r\n" HOST "X: a\nY: b\r\n\r\n", 0, 400},   /* bare line feed */
    {"GET / HTTP/1.1\r\n" HOST "X: a\rY: b\r\n\r\n", 0, 400},   /* bare carriage return */
    {"GET / HTTP/1.1\r\n" HOST "X: a\x01\r\n\r\n", 0, 400},     /* control character */
    {"GET / HTTP/1.1\r\n" HOST "X: \x7f\r\n\r\n", 0, 400},      /* DEL */
    {"GET / HTTP/1.1\r\n" HOST "X\xc3\xa4: a\r\n\r\n", 0, 400}, /* a name is ASCII */
    {"GET / HTTP/1.1\r\n" HOST "Authorization: a\r\nauthorization: b\r\n\r\n", 0, 400},
    /* lengths: all the ways to make two readers see two requests */
    {POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 0, 400},
    {POST "Content-Length: +3\r\n\r\nabc", 0, 400},
    {POST "Content-Length: -1\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 0x3\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 3, 3\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 3 3\r\n\r\nabc", 0, 400},
    {POST "Content-Length:\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 3a\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 1e1\r\n\r\nabcabcabca", 0, 400},
    {POST "Content-Length: 99999999999999999999\r\n\r\nabc", 0, 413},
    {POST "Content-Length: 999999999999999\r\n\r\nabc", 0, 413},
    {POST "Content-Length: 1001\r\n\r\nabc", 0, 413},
    {POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 0, 501},
    {POST "Transfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 0, 501},
    {POST "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc", 0, 400},
    {POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 0, 413}, /* no body expected */
    {POST "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n", 0, 400},
};

static void test_bad_requests(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad_requests / sizeof bad_requests[0]; i++) {
        const struct bad *bad = &bad_requests[i];
        bool closed;
        int status = status_and_close(
            bad->text, bad->length == 0 ? strlen(bad->text) : bad->length, &closed);
        if (status != bad->status)
            fail_msg("request %zu \"%s\": %d instead of %d", i, bad->text, status, bad->status);
        if (bad->status == 200)
            continue;
        assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
        assert_non_null(strstr(answer, "\r\n\r\nerror "));
        assert_true(closed);
    }
    assert_int_equal(client_ask(&fixture, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", answer, 1000), 200);
}

static void test_absolute_form(void **state) {
    (void)state;
    assert_int_equal(client_ask(&fixture, "GET http://x:1/a/b?c=d HTTP/1.1\r\nHost: x:1\r\n\r\n",
                         answer, sizeof answer),
        200);
    assert_int_equal(
        client_ask(&fixture, "GET HTTP://x HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer),
        200);
    assert_int_equal(
        client_ask(&fixture, "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer),
        400);
    assert_int_equal(
        client_ask(&fixture, "GET http:/// HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer),
        400);
}

static void test_head_limits(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(65536);
    struct builder text = builder_start(arena, 40000);
    bool closed;
    builder_add(&text, "GET /");
    for (int i = 0; i < 5000; i++)
        builder_add_character(&text, 'a');
    builder_add(&text, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(status_and_close(text.at, text.length, &closed), 414);
    text = builder_start(arena, 40000);
    builder_add(&text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 64; i++)
        builder_printf(&text, "X-%d: 1\r\n", i);
    builder_add(&text, "\r\n");
    assert_int_equal(status_and_close(text.at, text.length, &closed), 431);
    text = builder_start(arena, 40000);
    builder_add(&text, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    for (int i = 0; i < 30000; i++)
        builder_add_character(&text, 'a');
    assert_int_equal(status_and_close(text.at, text.length, &closed), 431);
    assert_true(closed);
    /* a head that never ends and has no line end either */
    assert_int_equal(status_and_close(text.at + 30, 20000, &closed), 431);
}

static void test_bodies_up_to_the_limit(void **state) {
    (void)state;
    char head[100];
    char *body = calloc(1, LARGE);
    assert_non_null(body);
    int fd = client_connect(&fixture);
    for (int i = 0; i < 2; i++) {
        snprintf(head, sizeof head, "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
            LARGE);
        client_send(fd, head);
        client_send_n(fd, body, LARGE);
        assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
        snprintf(head, sizeof head, "\r\n\r\n%d", LARGE);
        assert_non_null(strstr(answer, head));
    }
    close(fd);
    /* one byte more is refused by its head alone, and the answer arrives though the body still
     * comes */
    fd = client_connect(&fixture);
    snprintf(head, sizeof head, "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
        LARGE + 1);
    client_send(fd, head);
    client_send_n(fd, body, LARGE);
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 413);
    close(fd);
    free(body);
}

static void test_slow_heads_and_bodies(void **state) {
    (void)state;
    /* a byte every 50 ms keeps any idle timer alive, and yet the head is cut at its limit */
    int fd = client_connect(&fixture);
    const char *text = "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n";
    for (size_t i = 0; i < strlen(text) && i < 20; i++) {
        client_send_n(fd, text + i, 1);
        usleep(50000);
    }
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 408);
    close(fd);
    fd = client_connect(&fixture);
    client_send(fd, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 408);
    close(fd);
    /* nothing at all: closed without a word */
    fd = client_connect(&fixture);
    assert_int_equal(client_read_all(fd, answer, sizeof answer), 0);
    close(fd);
    /* kept alive and idle: the same */
    fd = client_connect(&fixture);
    client_send(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
    assert_int_equal(client_read_all(fd, answer, sizeof answer), 0);
    close(fd);
}

static bool none_left(struct http_counts counts) {
    return counts.connections == 0;
}

static void test_too_many_connections(void **state) {
    (void)state;
    assert_true(wait_for_counts(&fixture, none_left));
    enum { MANY = 200 };
    int fds[MANY];
    for (int i = 0; i < MANY; i++)
        fds[i] = client_connect(&fixture);
    int refused = 0;
    for (int i = 0; i < MANY; i++) {
        client_send(fds[i], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        int status = client_read_answer(fds[i], answer, sizeof answer);
        assert_true(status == 200 || status == 503 || status == 0);
        refused += status != 200;
        close(fds[i]);
    }
    assert_true(refused >= MANY - 64 - 10);
    assert_true(wait_for_counts(&fixture, none_left));
    assert_int_equal(client_ask(&fixture, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", answer, 1000), 200);
}

/* Random damage to a good request: any answer is fine as long as the server lives and answers. */
static void test_damaged_requests(void **state) {
    (void)state;
    const char *good = "POST /count?a=b&c=%20d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                       "Cookie: a=b; c=d\r\nX-Forwarded-For: 1.2.3.4\r\n\r\nabc";
    unsigned seed = 20261122;
    for (int round = 0; round < 400; round++) {
        char text[400];
        size_t length = strlen(good);
        memcpy(text, good, length);
        for (int hits = 0; hits < 3; hits++) {
            size_t at = (size_t)rand_r(&seed) % length;
            text[at] = (char)(rand_r(&seed) & 0xff);
        }
        length -= (size_t)rand_r(&seed) % 20;
        int fd = client_connect(&fixture);
        client_send_n(fd, text, length);
        client_send(fd, "\r\n\r\n\r\n\r\n");
        char first[16];
        size_t got = client_read_all(fd, first, sizeof first);
        assert_true(got == 0 || strncmp(first, "HTTP/1.1 ", 9) == 0);
        close(fd);
    }
    assert_int_equal(client_ask(&fixture, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", answer, 1000), 200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_requests),
        cmocka_unit_test(test_absolute_form),
        cmocka_unit_test(test_head_limits),
        cmocka_unit_test(test_bodies_up_to_the_limit),
        cmocka_unit_test(test_slow_heads_and_bodies),
        cmocka_unit_test(test_too_many_connections),
        cmocka_unit_test(test_damaged_requests),
    };
    return cmocka_run_group_tests_name("http_limits", tests, setup, teardown);
}
