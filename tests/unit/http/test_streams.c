/* test_streams.c: event streams: order, heartbeats, slow readers, departures, many of them. */
#include "server_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STREAMS_MAX = 4096, IDLE_STREAMS = 1000 };

struct watcher {
    struct http_stream *stream;
    int told;
};

/* The test's hub: the lock that `closed` takes guards every poke. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watcher *watchers[STREAMS_MAX];
static int watcher_count;
static int number; /* how many events there are */
static atomic_int closed_count;
static bool large;

static void closed(struct http_stream *stream, void *context) {
    (void)stream;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < watcher_count; i++) {
        if (watchers[i] == context) {
            watchers[i] = watchers[--watcher_count];
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    free(context);
    atomic_fetch_add(&closed_count, 1);
}

static void poked(struct http_stream *stream, void *context) {
    struct watcher *watcher = context;
    pthread_mutex_lock(&lock);
    int until = number;
    pthread_mutex_unlock(&lock);
    static char filler[8192];
    memset(filler, 'x', sizeof filler - 1);
    while (watcher->told < until) {
        FENQI_ARENA arena = arena_create(16384);
        watcher->told++;
        if (!http_stream_send(stream, bytes_of_text(arena_printf(arena, "id: %d\ndata: %s\n\n",
                                          watcher->told, large ? filler : "x"))))
            return;
    }
}

static void begin(struct http_request *request, void *context) {
    (void)context;
    struct watcher *watcher = calloc(1, sizeof *watcher);
    assert_non_null(watcher);
    const struct http_stream_options options = {.heartbeat = ": beat\n\n",
        .heartbeat_ms = 150,
        .poked = poked,
        .closed = closed,
        .context = watcher};
    watcher->stream = http_stream_begin(request, &options);
    if (watcher->stream == NULL) {
        free(watcher);
        return;
    }
    pthread_mutex_lock(&lock);
    watchers[watcher_count++] = watcher;
    pthread_mutex_unlock(&lock);
    poked(watcher->stream, watcher); /* what came before the registration */
}

static void hello(struct http_request *request, void *context) {
    (void)context;
    http_reply(request, 200, "text/plain", bytes_of_text("hello"));
}

/* From the test's thread, as a committer would. */
static void add_event(void) {
    pthread_mutex_lock(&lock);
    number++;
    for (int i = 0; i < watcher_count; i++)
        http_stream_poke(watchers[i]->stream);
    pthread_mutex_unlock(&lock);
}

static const struct http_route routes[] = {
    {HTTP_GET, "/events", begin, NULL, 0},
    {HTTP_GET, "/", hello, NULL, 0},
};
static struct fixture fixture;
static char answer[70000];

static int setup(void **state) {
    (void)state;
    number = 0;
    large = false;
    atomic_store(&closed_count, 0);
    fixture = (struct fixture){.options = http_options_default()};
    fixture.options.loop_count = 2;
    fixture.options.idle_timeout_ms = 400; /* ticks every 100 ms */
    fixture.options.write_timeout_ms = 5000;
    fixture.options.stop_timeout_ms = 2000;
    fixture_start(&fixture, routes, sizeof routes / sizeof routes[0]);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fixture);
    assert_int_equal(watcher_count, 0); /* every stream was closed */
    return 0;
}

static bool one_stream(struct http_counts counts) {
    return counts.streams == 1;
}

static bool no_stream(struct http_counts counts) {
    return counts.streams == 0;
}

static int open_stream(void) {
    int fd = client_connect(&fixture);
    client_send(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, 400), 200);
    return fd;
}

/* Reads chunks until `text` has come; what was read is in answer. */
static bool read_until(int fd, const char *text) {
    size_t length = 0;
    answer[0] = '\0';
    while (strstr(answer, text) == NULL && length + 1 < sizeof answer) {
        ssize_t n = recv(fd, answer + length, sizeof answer - 1 - length, 0);
        if (n <= 0)
            return false;
        length += (size_t)n;
        answer[length] = '\0';
    }
    return strstr(answer, text) != NULL;
}

static void test_head_and_order_of_events(void **state) {
    (void)state;
    int fd = client_connect(&fixture);
    client_send(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
    assert_non_null(strstr(answer, "\r\nContent-Type: text/event-stream; charset=utf-8\r\n"));
    assert_non_null(strstr(answer, "\r\nX-Accel-Buffering: no\r\n"));
    assert_non_null(strstr(answer, "\r\nTransfer-Encoding: chunked\r\n"));
    assert_true(wait_for_counts(&fixture, one_stream));
    for (int i = 0; i < 500; i++)
        add_event();
    assert_true(read_until(fd, "id: 500\n"));
    int last = 0;
    for (const char *at = strstr(answer, "id: "); at != NULL; at = strstr(at + 1, "id: ")) {
        assert_int_equal(strtol(at + 4, NULL, 10), last + 1);
        last++;
    }
    assert_int_equal(last, 500);
    close(fd);
    assert_true(wait_for_counts(&fixture, no_stream));
    assert_int_equal(atomic_load(&closed_count), 1);
}

static void test_heartbeat(void **state) {
    (void)state;
    int fd = open_stream();
    assert_true(read_until(fd, ": beat\n\n"));
    assert_true(read_until(fd, ": beat\n\n"));
    close(fd);
}

static void test_old_and_head_clients(void **state) {
    (void)state;
    int fd = client_connect(&fixture);
    client_send(fd, "GET /events HTTP/1.0\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
    assert_null(strstr(answer, "chunked"));
    add_event();
    assert_true(read_until(fd, "id: 1\ndata: x\n\n"));
    close(fd);
    assert_int_equal(
        client_ask(&fixture, "HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n", answer, 500), 200);
    assert_true(wait_for_counts(&fixture, no_stream));
}

static void test_slow_reader_is_dropped(void **state) {
    (void)state;
    large = true;
    int slow = client_connect(&fixture);
    int room = 4096;
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    client_send(slow, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(wait_for_counts(&fixture, one_stream));
    int quick = open_stream();
    for (int i = 0; i < 2000 && atomic_load(&closed_count) == 0; i++) {
        add_event();
        char text[32];
        snprintf(text, sizeof text, "id: %d\n", i + 1);
        assert_true(read_until(quick, text)); /* the quick one is not held up */
        while (strstr(answer, "xx\n\n") == NULL && read_until(quick, "\n\n")) {
        }
    }
    assert_int_equal(atomic_load(&closed_count), 1);
    assert_true(wait_for_counts(&fixture, one_stream));
    close(slow);
    close(quick);
}

static int64_t resident_kb(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    long total = 0;
    long resident = 0;
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &total, &resident), 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static bool all_streams(struct http_counts counts) {
    return counts.streams == IDLE_STREAMS;
}

static void test_a_thousand_idle_streams(void **state) {
    (void)state;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < IDLE_STREAMS * 2 + 100)
        skip();
    static int fds[IDLE_STREAMS];
    int64_t before_kb = resident_kb();
    for (int i = 0; i < IDLE_STREAMS; i++)
        fds[i] = open_stream();
    assert_true(wait_for_counts(&fixture, all_streams));
    int64_t each_bytes = (resident_kb() - before_kb) * 1024 / IDLE_STREAMS;
    print_message("# %ld bytes a stream, client's side included\n", (long)each_bytes);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_true(each_bytes < 4096); /* shadow memory counts otherwise */
#endif
    /* they cost other requests nothing that a client would notice */
    for (int i = 0; i < 100; i++)
        assert_int_equal(
            client_ask(&fixture, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", answer, 500), 200);
    add_event();
    for (int i = 0; i < IDLE_STREAMS; i++)
        assert_true(read_until(fds[i], "id: 1\n"));
    for (int i = 0; i < IDLE_STREAMS; i++)
        close(fds[i]);
    assert_true(wait_for_counts(&fixture, no_stream));
    assert_int_equal(atomic_load(&closed_count), IDLE_STREAMS);
}

static void *stop(void *context) {
    http_server_stop(((struct fixture *)context)->server);
    return NULL;
}

static void test_pokes_race_with_departures_and_stop(void **state) {
    (void)state;
    for (int round = 0; round < 30; round++) {
        int fds[8];
        for (int i = 0; i < 8; i++)
            fds[i] = open_stream();
        for (int i = 0; i < 8; i++) {
            add_event();
            close(fds[i]);
            add_event();
        }
    }
    int fd = open_stream();
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop, &fixture), 0);
    for (int i = 0; i < 1000; i++)
        add_event();
    while (recv(fd, answer, sizeof answer, 0) > 0) {
    }
    close(fd);
    pthread_join(stopper, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_head_and_order_of_events, setup, teardown),
        cmocka_unit_test_setup_teardown(test_heartbeat, setup, teardown),
        cmocka_unit_test_setup_teardown(test_old_and_head_clients, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slow_reader_is_dropped, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_thousand_idle_streams, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pokes_race_with_departures_and_stop, setup, teardown),
    };
    return cmocka_run_group_tests_name("http_streams", tests, NULL, NULL);
}
