/* test_waiting.c: parked requests, resumes from other threads, work, departed clients, stopping. */
#include "server_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a thread that resumes what is parked, as a committer does ---- */

enum { QUEUE = 4096 };
struct resumer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    struct http_request *queue[QUEUE];
    int count;
    bool held; /* keeps what is queued */
    bool stop;
};
static struct resumer resumer;
static atomic_int afters;
static atomic_int expiries;

static void after_park(struct http_request *request, void *context) {
    (void)context;
    atomic_fetch_add(&afters, 1);
    char *text = http_request_user(request);
    http_reply(request, 200, "text/plain", bytes_of_text(text));
}

static void *resume_all(void *context) {
    (void)context;
    pthread_mutex_lock(&resumer.lock);
    while (!resumer.stop || resumer.count > 0) {
        if (resumer.count == 0 || (resumer.held && !resumer.stop)) {
            pthread_cond_wait(&resumer.ready, &resumer.lock);
            continue;
        }
        struct http_request *request = resumer.queue[--resumer.count];
        pthread_mutex_unlock(&resumer.lock);
        /* the parked request is ours: its arena and slot may be written here */
        char *text = http_request_user(request);
        text[0] = 'R';
        /* what the request says stays readable, also when its client has gone */
        assert_string_equal(http_request_peer(request), "127.0.0.1");
        assert_string_equal(http_request_header(request, "host"), "a");
        http_resume(request, after_park, NULL);
        pthread_mutex_lock(&resumer.lock);
    }
    pthread_mutex_unlock(&resumer.lock);
    return NULL;
}

static void hold(bool held) {
    pthread_mutex_lock(&resumer.lock);
    resumer.held = held;
    pthread_cond_signal(&resumer.ready);
    pthread_mutex_unlock(&resumer.lock);
}

static void expired(struct http_request *request, void *context) {
    (void)context;
    atomic_fetch_add(&expiries, 1);
    http_reply(request, 202, "text/plain", bytes_of_text("later"));
}

static void park_for(struct http_request *request, int64_t timeout_ms, http_after after_time) {
    char *text =
        arena_printf(http_request_arena(request), "-%s", http_request_parameter(request, "n"));
    http_request_set_user(request, text);
    http_park(request, timeout_ms, after_time, NULL);
    pthread_mutex_lock(&resumer.lock);
    assert_true(resumer.count < QUEUE);
    resumer.queue[resumer.count++] = request;
    pthread_cond_signal(&resumer.ready);
    pthread_mutex_unlock(&resumer.lock);
}

static void park(struct http_request *request, void *context) {
    (void)context;
    park_for(request, 0, NULL);
}

static void park_briefly(struct http_request *request, void *context) {
    (void)context;
    park_for(request, 100, expired);
}

static void work(struct http_request *request, void *context) {
    (void)request;
    usleep(20000);
    char *text = context;
    text[0] = 'W';
}

static void after_work(struct http_request *request, void *context) {
    http_reply(request, 200, "text/plain", bytes_of_text(context));
}

static void start_work(struct http_request *request, void *context) {
    (void)context;
    char *text =
        arena_printf(http_request_arena(request), "-%s", http_request_parameter(request, "n"));
    http_work(request, work, after_work, text);
}

static const struct http_route routes[] = {
    {HTTP_POST, "/park/{n}", park, NULL, 100},
    {HTTP_GET, "/brief/{n}", park_briefly, NULL, 0},
    {HTTP_GET, "/toil/{n}", start_work, NULL, 0},
};
static struct fixture fixture;
static char answer[4000];

static int setup(void **state) {
    (void)state;
    pthread_mutex_init(&resumer.lock, NULL);
    pthread_cond_init(&resumer.ready, NULL);
    resumer.stop = false;
    resumer.held = false;
    atomic_store(&afters, 0);
    atomic_store(&expiries, 0);
    assert_int_equal(pthread_create(&resumer.thread, NULL, resume_all, NULL), 0);
    fixture = (struct fixture){.options = http_options_default()};
    fixture.options.loop_count = 3;
    fixture.options.park_timeout_ms = 400;
    fixture.options.stop_timeout_ms = 2000;
    fixture.options.work_queue_max = 8;
    fixture_start(&fixture, routes, sizeof routes / sizeof routes[0]);
    return 0;
}

static void stop_resumer(void) {
    pthread_mutex_lock(&resumer.lock);
    resumer.stop = true;
    pthread_cond_signal(&resumer.ready);
    pthread_mutex_unlock(&resumer.lock);
    pthread_join(resumer.thread, NULL);
}

static int teardown(void **state) {
    (void)state;
    http_server_stop(fixture.server);
    stop_resumer();
    http_server_destroy(fixture.server);
    return 0;
}

static bool nothing_parked(struct http_counts counts) {
    return counts.parked == 0;
}

static bool nothing_open(struct http_counts counts) {
    return counts.connections == 0;
}

static bool eight_parked(struct http_counts counts) {
    return counts.parked == 8;
}

static void *hammer(void *context) {
    const struct fixture *target = context;
    char text[4000];
    int fd = client_connect(target);
    for (int i = 0; i < 200; i++) {
        char request[100];
        snprintf(request, sizeof request,
            "POST /park/%d HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", i);
        client_send(fd, request);
        char body[20];
        snprintf(body, sizeof body, "\r\n\r\nR%d", i);
        if (client_read_answer(fd, text, sizeof text) != 200 || strstr(text, body) == NULL)
            return context;
    }
    close(fd);
    return NULL;
}

static void test_parked_requests_come_back(void **state) {
    (void)state;
    enum { CLIENTS = 8 };
    pthread_t clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, hammer, &fixture), 0);
    for (int i = 0; i < CLIENTS; i++) {
        void *failed = NULL;
        pthread_join(clients[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(atomic_load(&afters), CLIENTS * 200);
    assert_true(wait_for_counts(&fixture, nothing_parked));
}

static void test_pipelined_behind_a_parked_one(void **state) {
    (void)state;
    hold(true);
    int fd = client_connect(&fixture);
    for (int i = 0; i < 5; i++) {
        char request[100];
        snprintf(request, sizeof request, "POST /park/%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
        client_send(fd, request);
    }
    usleep(50000);
    assert_int_equal(http_server_counts(fixture.server).parked, 1); /* one at a time */
    hold(false);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
        assert_int_equal(strstr(answer, "\r\n\r\n")[5], '0' + i);
    }
    close(fd);
}

static void test_timeout_answers_and_late_resume_is_thrown_away(void **state) {
    (void)state;
    hold(true);
    int fd = client_connect(&fixture);
    client_send(fd, "POST /park/1 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 503);
    client_send(fd, "GET /brief/2 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 202);
    assert_non_null(strstr(answer, "\r\n\r\nlater"));
    assert_int_equal(http_server_counts(fixture.server).parked, 2);
    assert_int_equal(atomic_load(&afters), 0);
    hold(false);
    assert_true(wait_for_counts(&fixture, nothing_parked));
    assert_int_equal(atomic_load(&afters), 2);
    /* the connection goes on with its next request, not with a stale answer */
    client_send(fd, "GET /toil/3 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
    assert_non_null(strstr(answer, "\r\n\r\nW3"));
    close(fd);
}

static void test_departed_clients_are_noticed_at_once(void **state) {
    (void)state;
    hold(true);
    int fds[8];
    for (int i = 0; i < 8; i++) {
        fds[i] = client_connect(&fixture);
        client_send(fds[i], i % 2 == 0 ? "POST /park/1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                       : "GET /brief/1 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    assert_true(wait_for_counts(&fixture, eight_parked));
    for (int i = 0; i < 8; i++)
        close(fds[i]);
    assert_true(wait_for_counts(&fixture, nothing_open));
    assert_int_equal(atomic_load(&expiries), 4); /* told early, without waiting for the time */
    assert_int_equal(http_server_counts(fixture.server).parked, 8); /* until they come home */
    hold(false);
    assert_true(wait_for_counts(&fixture, nothing_parked));
    assert_int_equal(atomic_load(&afters), 8);
}

static void test_work_and_its_bounded_queue(void **state) {
    (void)state;
    enum { MANY = 40 };
    int fds[MANY];
    for (int i = 0; i < MANY; i++) {
        fds[i] = client_connect(&fixture);
        client_send(fds[i], "GET /toil/7 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    int done = 0;
    int busy = 0;
    for (int i = 0; i < MANY; i++) {
        int status = client_read_answer(fds[i], answer, sizeof answer);
        done += status == 200;
        busy += status == 503;
        close(fds[i]);
    }
    assert_int_equal(done + busy, MANY);
    assert_true(done >= 8); /* what the queue holds, at least */
    assert_true(busy >= 1);
}

static void *release_later(void *context) {
    (void)context;
    usleep(100000);
    hold(false);
    return NULL;
}

static void test_stop_waits_for_parked_requests(void **state) {
    (void)state;
    hold(true);
    int fd = client_connect(&fixture);
    client_send(fd, "POST /park/9 HTTP/1.1\r\nHost: a\r\n\r\n");
    int idle = client_connect(&fixture);
    while (http_server_counts(fixture.server).parked == 0)
        usleep(1000);
    pthread_t releaser;
    assert_int_equal(pthread_create(&releaser, NULL, release_later, NULL), 0);
    http_server_stop(fixture.server);
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 200);
    assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
    assert_int_equal(client_read_all(idle, answer, sizeof answer), 0);
    close(fd);
    close(idle);
    pthread_join(releaser, NULL);
}

static void test_stop_is_bounded(void **state) {
    (void)state;
    hold(true); /* nobody resumes before the stop gives up */
    int fd = client_connect(&fixture);
    client_send(fd, "POST /park/9 HTTP/1.1\r\nHost: a\r\n\r\n");
    while (http_server_counts(fixture.server).parked == 0)
        usleep(1000);
    http_server_stop(fixture.server);
    assert_int_equal(client_read_answer(fd, answer, sizeof answer), 503);
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_parked_requests_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pipelined_behind_a_parked_one, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_timeout_answers_and_late_resume_is_thrown_away, setup, teardown),
        cmocka_unit_test_setup_teardown(test_departed_clients_are_noticed_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_work_and_its_bounded_queue, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop_waits_for_parked_requests, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop_is_bounded, setup, teardown),
    };
    return cmocka_run_group_tests_name("http_waiting", tests, NULL, NULL);
}
