/* test_routes.c: routes, parameters, queries, replies, keep-alive, pipelining. */
#include "server_fixture.h"

#include "base/builder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void hello(struct http_request *request, void *context) {
    http_reply(request, 200, "text/plain", bytes_of_text(context));
}

static void order(struct http_request *request, void *context) {
    (void)context;
    const char *q = http_request_query(request, "q");
    const char *cookie = http_request_cookie(request, "fenqi_session");
    struct builder text = builder_start(http_request_arena(request), 64);
    builder_printf(&text, "id=%s q=%s cookie=%s route=%s missing=%s",
        http_request_parameter(request, "order_id"), q == NULL ? "-" : q,
        cookie == NULL ? "-" : cookie, http_request_route(request),
        http_request_parameter(request, "nothing") == NULL ? "none" : "some");
    http_reply_header(request, "X-Extra", "1");
    http_reply(request, 200, "text/plain", builder_bytes(&text));
}

static void echo(struct http_request *request, void *context) {
    (void)context;
    http_reply(request, 201, "text/plain", http_request_body(request));
}

static void tagged(struct http_request *request, void *context) {
    (void)context;
    if (!http_reply_not_modified(request, "\"v1\""))
        http_reply(request, 200, "text/plain", bytes_of_text("fresh"));
}

static void empty(struct http_request *request, void *context) {
    (void)context;
    http_reply(request, 204, NULL, (struct bytes){NULL, 0});
}

static void fallback(struct http_request *request, void *context) {
    (void)context;
    http_reply(request, 200, "text/html", bytes_of_text(http_request_path(request)));
}

static char sessions_text[] = "one";
static char current_text[] = "current";
static const struct http_route routes[] = {
    {HTTP_GET, "/", hello, sessions_text, 0},
    {HTTP_GET, "/orders/{order_id}", order, NULL, 0},
    {HTTP_POST, "/echo", echo, NULL, 1000},
    {HTTP_GET, "/tagged", tagged, NULL, 0},
    {HTTP_DELETE, "/sessions/{id}", hello, sessions_text, 0},
    {HTTP_DELETE, "/sessions/current", hello, current_text, 0},
    {HTTP_PUT, "/sessions/current", empty, NULL, 0},
};
static struct fixture fixture;
static char answer[20000];

static int ask(const char *text) {
    return client_ask(&fixture, text, answer, sizeof answer);
}

static int setup(void **state) {
    (void)state;
    fixture_start(&fixture, routes, sizeof routes / sizeof routes[0]);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fixture);
    return 0;
}

#define END " HTTP/1.1\r\nHost: a\r\n\r\n"

static void test_parameters_query_and_cookie(void **state) {
    (void)state;
    assert_int_equal(ask("GET /orders/D%C3%A91?x=1&q=a+b%26c HTTP/1.1\r\nHost: a\r\n"
                         "Cookie: a=1; fenqi_session=secret; b=2\r\n\r\n"),
        200);
    assert_non_null(
        strstr(answer, "id=D\xc3\xa9"
                       "1 q=a b&c cookie=secret route=/orders/{order_id} missing=none"));
    assert_non_null(strstr(answer, "\r\nX-Extra: 1\r\n"));
    assert_non_null(strstr(answer, "\r\nDate: "));
    assert_non_null(strstr(answer, "\r\nX-Request-Id: "));
    assert_non_null(strstr(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
    pthread_mutex_lock(&fixture.lock);
    assert_string_equal(fixture.last_route, "/orders/{order_id}");
    assert_int_equal(fixture.last_status, 200);
    pthread_mutex_unlock(&fixture.lock);
}

static void test_literal_wins_over_parameter(void **state) {
    (void)state;
    assert_int_equal(ask("DELETE /sessions/current" END), 200);
    assert_non_null(strstr(answer, "\r\n\r\ncurrent"));
    assert_int_equal(ask("DELETE /sessions/77" END), 200);
    assert_non_null(strstr(answer, "\r\n\r\none"));
}

static void test_not_found_and_method_not_allowed(void **state) {
    (void)state;
    assert_int_equal(ask("GET /nothing" END), 404);
    assert_int_equal(ask("GET /orders" END), 404);
    assert_int_equal(ask("GET /orders/" END), 404);
    assert_int_equal(ask("GET /orders/1/2" END), 404);
    assert_int_equal(ask("POST /tagged" END), 405);
    assert_non_null(strstr(answer, "\r\nAllow: GET, HEAD\r\n"));
    assert_int_equal(ask("GET /sessions/current" END), 405);
    assert_non_null(strstr(answer, "\r\nAllow: PUT, DELETE\r\n"));
    assert_int_equal(ask("OPTIONS /echo" END), 405);
    /* refused before the body is read, whatever its length */
    assert_int_equal(ask("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"), 404);
    assert_int_equal(ask("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"), 405);
}

static void test_head_and_empty_answers(void **state) {
    (void)state;
    int fd = client_connect(&fixture);
    client_send(fd, "HEAD /orders/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    client_read_all(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(answer, "\r\nContent-Length: "));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    close(fd);
    assert_int_equal(ask("PUT /sessions/current" END), 204);
    assert_null(strstr(answer, "Content-Length"));
}

static void test_etag(void **state) {
    (void)state;
    assert_int_equal(ask("GET /tagged" END), 200);
    assert_non_null(strstr(answer, "\r\nETag: \"v1\"\r\n"));
    assert_int_equal(
        ask("GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"v0\", W/\"v1\"\r\n\r\n"), 304);
    assert_int_equal(ask("GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"v0\"\r\n\r\n"), 200);
    assert_true(http_etag_listed("*", "\"x\""));
    assert_false(http_etag_listed("\"xy\"", "\"x\""));
    assert_false(http_etag_listed("\"x", "\"x\""));
}

static void test_keep_alive_and_close(void **state) {
    (void)state;
    int fd = client_connect(&fixture);
    for (int i = 0; i < 50; i++) {
        client_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        assert_int_equal(client_read_answer(fd, answer, sizeof answer), 201);
        assert_non_null(strstr(answer, "\r\n\r\nhello"));
        assert_null(strstr(answer, "Connection: close"));
    }
    client_send(fd, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive, Close\r\n\r\n");
    client_read_all(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
    close(fd);
    fd = client_connect(&fixture);
    client_send(fd, "GET / HTTP/1.0\r\n\r\n"); /* no Host, and closed after the answer */
    client_read_all(fd, answer, sizeof answer);
    assert_non_null(strstr(answer, "HTTP/1.1 200 OK"));
    close(fd);
}

static void test_pipelining_keeps_order(void **state) {
    (void)state;
    enum { COUNT = 100 };
    char requests[COUNT * 80] = "";
    for (int i = 0; i < COUNT; i++) {
        size_t used = strlen(requests);
        snprintf(requests + used, sizeof requests - used,
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n%03d", i);
    }
    int fd = client_connect(&fixture);
    client_send(fd, requests);
    for (int i = 0; i < COUNT; i++) {
        char body[12];
        snprintf(body, sizeof body, "%03d", i);
        assert_int_equal(client_read_answer(fd, answer, sizeof answer), 201);
        assert_string_equal(strstr(answer, "\r\n\r\n") + 4, body);
    }
    close(fd);
}

static void test_trickled_request(void **state) {
    (void)state;
    const char *text = "\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    int fd = client_connect(&fixture);
    for (size_t i = 0; i < strlen(text); i++) {
        client_send_n(fd, text + i, 1);
        usleep(300);
    }
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 201);
    assert_non_null(strstr(answer, "\r\n\r\nhello"));
    close(fd);
}

static void test_expect_continue(void **state) {
    (void)state;
    int fd = client_connect(&fixture);
    client_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                    "Expect: 100-continue\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 100);
    client_send(fd, "hello");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 201);
    close(fd);
    assert_int_equal(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n"
                         "Expect: 100-continue\r\n\r\n"),
        413);
    assert_int_equal(ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n"), 417);
}

static void test_fallback_takes_get_only(void **state) {
    (void)state;
    struct fixture other = {0};
    struct fault fault;
    other.options = http_options_default();
    assert_int_equal(http_server_create(&other.options, &other.server, &fault), STATUS_OK);
    http_server_add(other.server, routes, sizeof routes / sizeof routes[0]);
    http_server_fallback(other.server, fallback, NULL);
    assert_int_equal(http_server_listen(other.server, "127.0.0.1:0", &fault), STATUS_OK);
    assert_int_equal(http_server_start(other.server, &fault), STATUS_OK);
    assert_int_equal(client_ask(&other, "GET /a/b%20c" END, answer, sizeof answer), 200);
    assert_non_null(strstr(answer, "\r\n\r\n/a/b c"));
    assert_int_equal(client_ask(&other, "POST /a/b" END, answer, sizeof answer), 404);
    assert_int_equal(client_ask(&other, "POST /tagged" END, answer, sizeof answer), 405);
    fixture_stop(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_query_and_cookie),
        cmocka_unit_test(test_literal_wins_over_parameter),
        cmocka_unit_test(test_not_found_and_method_not_allowed),
        cmocka_unit_test(test_head_and_empty_answers),
        cmocka_unit_test(test_etag),
        cmocka_unit_test(test_keep_alive_and_close),
        cmocka_unit_test(test_pipelining_keeps_order),
        cmocka_unit_test(test_trickled_request),
        cmocka_unit_test(test_expect_continue),
        cmocka_unit_test(test_fallback_takes_get_only),
    };
    return cmocka_run_group_tests_name("http_routes", tests, setup, teardown);
}
