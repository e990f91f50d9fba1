/* test_events.c: GET /events: resuming, waking, long polls, ended sessions. */
#include "frame_fixture.h"

#include "api/events.h"
#include "store/event_log.h"
#include "store/session.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CUSTOMER = 7654321 };
static struct frame frame;

static int setup(void **state) {
    (void)state;
    frame_start(&frame, event_routes, 0);
    frame_log_in(&frame, CUSTOMER);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    frame_stop(&frame);
    return 0;
}

static enum status append(struct tx *tx, void *context) {
    return event_log_append(tx, tx_now(tx), CUSTOMER, "n", context);
}

static void add_event(const char *payload) {
    struct fault fault = {0};
    char copy[100];
    snprintf(copy, sizeof copy, "%s", payload);
    if (store_run(frame.api.store, CUSTOMER, NULL, append, copy, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

static enum status end_session(struct tx *tx, void *context) {
    bool deleted;
    (void)context;
    return session_delete(tx, CUSTOMER, CUSTOMER + 1, &deleted);
}

static int open_stream(const char *query, const char *headers) {
    char text[500];
    snprintf(text, sizeof text, "GET /api/v1/events%s HTTP/1.1\r\nHost: a\r\n%s%s\r\n", query,
        frame.cookie, headers);
    int fd = client_connect(&frame.http);
    client_send(fd, text);
    return fd;
}

/* Reads on until the text has come. */
static bool read_until(int fd, const char *text) {
    size_t length = 0;
    frame.answer[0] = '\0';
    while (strstr(frame.answer, text) == NULL && length + 1 < sizeof frame.answer) {
        ssize_t n = recv(fd, frame.answer + length, sizeof frame.answer - 1 - length, 0);
        if (n <= 0)
            return false;
        length += (size_t)n;
        frame.answer[length] = '\0';
    }
    return true;
}

static void test_stream_from_now_on(void **state) {
    (void)state;
    add_event("\"old\":true");
    int fd = open_stream("", "");
    assert_true(read_until(fd, "event: hb\ndata: {\"number\":0,\"kind\":\"hb\"}\n\n"));
    assert_true(frame_has(&frame, "HTTP/1.1 200 OK"));
    assert_true(frame_has(&frame, "Content-Type: text/event-stream"));
    assert_true(frame_has(&frame, "Cache-Control: no-store"));
    add_event("\"text\":\"分期\"");
    assert_true(read_until(
        fd, "id: 2\nevent: n\ndata: {\"number\":2,\"kind\":\"n\",\"text\":\"分期\"}\n\n"));
    assert_false(frame_has(&frame, "old"));
    event_hub_whisper(frame.api.events, CUSTOMER, "t", "\"typing\":{\"by\":\"staff\"}");
    assert_true(read_until(
        fd, "event: t\ndata: {\"number\":2,\"kind\":\"t\",\"typing\":{\"by\":\"staff\"}}\n\n"));
    assert_false(frame_has(&frame, "id: "));
    close(fd);
}

static void test_stream_resumes(void **state) {
    (void)state;
    for (int i = 0; i < 250; i++)
        add_event("");
    int fd = open_stream("?after=240", "");
    assert_true(read_until(fd, "id: 250\n"));
    assert_false(frame_has(&frame, "id: 240\n"));
    assert_true(frame_has(&frame, "id: 241\nevent: n\ndata: {\"number\":241,\"kind\":\"n\"}\n\n"));
    close(fd);
    fd = open_stream("?after=0", "Last-Event-ID: 30\r\n"); /* the header wins */
    assert_true(read_until(fd, "id: 250\n"));
    assert_false(frame_has(&frame, "id: 30\n"));
    assert_true(frame_has(&frame, "id: 31\n"));
    close(fd);
    fd = open_stream("?after=9999", ""); /* a number of another life */
    assert_true(
        read_until(fd, "id: 250\nevent: reset\ndata: {\"number\":250,\"kind\":\"reset\"}\n\n"));
    add_event("");
    assert_true(read_until(fd, "id: 251\n"));
    close(fd);
}

static enum status forget(struct tx *tx, void *context) {
    return event_log_forget(tx, CUSTOMER, *(int64_t *)context);
}

/* Events 1 to 9 are forgotten: who has heard 9 goes on, who has heard less must begin anew. */
static void test_a_gap_is_told(void **state) {
    (void)state;
    for (int i = 0; i < 12; i++)
        add_event("");
    int64_t first = 10;
    struct fault fault = {0};
    assert_int_equal(store_run(frame.api.store, CUSTOMER, NULL, forget, &first, &fault), STATUS_OK);
    int fd = open_stream("?after=9", "");
    assert_true(read_until(fd, "id: 12\n"));
    assert_true(frame_has(&frame, "id: 10\n"));
    assert_false(frame_has(&frame, "reset"));
    close(fd);
    static const char told[] = "id: 12\nevent: reset\ndata: {\"number\":12,\"kind\":\"reset\"}\n\n";
    fd = open_stream("", "Last-Event-ID: 8\r\n");
    assert_true(read_until(fd, told));
    assert_false(frame_has(&frame, "id: 10\n")); /* everything is fetched again anyway */
    add_event("");
    assert_true(read_until(fd, "id: 13\n"));
    close(fd);
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=20&after=3", frame.cookie, NULL), 200);
    assert_true(
        frame_has(&frame, "{\"events\":[{\"number\":13,\"kind\":\"reset\"}],\"last_number\":13}"));
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=20&after=99", frame.cookie, NULL), 200);
    assert_true(
        frame_has(&frame, "{\"events\":[{\"number\":13,\"kind\":\"reset\"}],\"last_number\":13}"));
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=0&after=12", frame.cookie, NULL), 200);
    assert_true(
        frame_has(&frame, "{\"events\":[{\"number\":13,\"kind\":\"n\"}],\"last_number\":13}"));
}

static void test_stream_ends_with_its_session(void **state) {
    (void)state;
    int fd = open_stream("", "");
    assert_true(read_until(fd, "hb"));
    struct fault fault = {0};
    assert_int_equal(
        store_run(frame.api.store, CUSTOMER, NULL, end_session, NULL, &fault), STATUS_OK);
    add_event("\"after\":1");
    client_read_all(fd, frame.answer, sizeof frame.answer); /* until the server ends it */
    assert_false(frame_has(&frame, "after"));
    close(fd);
    assert_int_equal(frame_ask(&frame, "GET", "/events", frame.cookie, NULL), 401);
}

static void test_oldest_of_many_streams_ends(void **state) {
    (void)state;
    int fds[13];
    for (int i = 0; i < 13; i++) {
        fds[i] = open_stream("", "");
        assert_true(read_until(fds[i], "hb"));
        if (i == 0) { /* the greeting comes before it is counted: let it be the oldest for sure */
            add_event("\"first\":1");
            assert_true(read_until(fds[0], "\"first\":1"));
        }
    }
    client_read_all(fds[0], frame.answer, sizeof frame.answer);
    add_event("\"x\":1");
    for (int i = 1; i < 13; i++)
        assert_true(read_until(fds[i], "\"x\":1"));
    for (int i = 0; i < 13; i++)
        close(fds[i]);
}

static void *append_later(void *context) {
    (void)context;
    usleep(100000);
    add_event("\"late\":1");
    return NULL;
}

static void test_long_polls(void **state) {
    (void)state;
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=0", frame.cookie, NULL), 200);
    assert_true(frame_has(&frame, "{\"events\":[],\"last_number\":0}"));
    add_event("\"a\":1");
    add_event("\"b\":2");
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=20&after=0", frame.cookie, NULL), 200);
    assert_true(frame_has(&frame, "{\"events\":[{\"number\":1,\"kind\":\"n\",\"a\":1},"
                                  "{\"number\":2,\"kind\":\"n\",\"b\":2}],\"last_number\":2}"));
    assert_true(frame_has(&frame, "Content-Type: application/json"));
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, append_later, NULL), 0);
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=20&after=2", frame.cookie, NULL), 200);
    assert_true(frame_has(&frame, "[{\"number\":3,\"kind\":\"n\",\"late\":1}],\"last_number\":3}"));
    pthread_join(thread, NULL);
    /* the time passes and nothing has come */
    assert_int_equal(frame_ask(&frame, "GET", "/events?wait=1&after=3", frame.cookie, NULL), 200);
    assert_true(frame_has(&frame, "{\"events\":[],\"last_number\":3}"));
}

static bool nothing_parked(struct http_counts counts) {
    return counts.parked == 0;
}

static bool one_parked(struct http_counts counts) {
    return counts.parked == 1;
}

static void test_departed_poll_is_forgotten(void **state) {
    (void)state;
    int fd = open_stream("?wait=25", "");
    assert_true(wait_for_counts(&frame.http, one_parked));
    close(fd);
    assert_true(wait_for_counts(&frame.http, nothing_parked));
    add_event("\"a\":1"); /* wakes nobody and hurts nobody */
}

static void test_wrong_queries(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "after=-1", "after=x", "wait=26", "wait=-1", "x=1", "after=99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char path[60];
        snprintf(path, sizeof path, "/events?%s", wrong[i]);
        assert_int_equal(frame_ask(&frame, "GET", path, frame.cookie, NULL), 400);
    }
    assert_int_equal(frame_ask(&frame, "GET", "/staff/events", frame.cookie, NULL), 401);
}

/* Many users, many commits, streams that come and go: for the thread sanitizer. */
static void *flood(void *context) {
    (void)context;
    for (int i = 0; i < 200; i++) {
        add_event("\"f\":1");
        event_hub_whisper(frame.api.events, CUSTOMER, "t", "\"typing\":{}");
    }
    return NULL;
}

static void test_commits_race_with_streams(void **state) {
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, flood, NULL), 0);
    for (int i = 0; i < 30; i++) {
        int fd = open_stream(i % 3 == 2 ? "?wait=5" : "?after=0", "");
        if (i % 2 == 0)
            read_until(fd, "number");
        close(fd);
    }
    int fd = open_stream("?after=0", "");
    assert_true(read_until(fd, "id: 200\n"));
    close(fd);
    pthread_join(thread, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stream_from_now_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stream_resumes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_gap_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stream_ends_with_its_session, setup, teardown),
        cmocka_unit_test_setup_teardown(test_oldest_of_many_streams_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_polls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_departed_poll_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_queries, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commits_race_with_streams, setup, teardown),
    };
    return cmocka_run_group_tests_name("frame_events", tests, NULL, NULL);
}
