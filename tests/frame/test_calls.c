/* test_calls.c: who may call, what is done once, what fails, what is too often. */
#include "frame_fixture.h"

#include "api/call_own.h"
#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct frame frame;

/* ---- a use case that counts in a setting ---- */

struct counting {
    int64_t count;
    bool refuse;
    enum status fail;
};

static enum status load_count(struct tx *tx, int64_t *count) {
    char *text;
    enum status status = setting_load(tx, "test_count", &text);
    *count = status == STATUS_OK && text != NULL ? strtoll(text, NULL, 10) : 0;
    return status;
}

static enum status count_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    struct counting *counting = call->state;
    enum status status = load_count(tx, &counting->count);
    if (status != STATUS_OK)
        return status;
    counting->count++;
    char text[30];
    snprintf(text, sizeof text, "%lld", (long long)counting->count);
    status = setting_save(tx, "test_count", text);
    if (status == STATUS_OK && counting->fail != STATUS_OK)
        return fault_set(fault, counting->fail, "the secret detail");
    if (counting->refuse)
        tx_refuse(tx);
    return status;
}

static void count_answer(struct call *call) {
    struct counting *counting = call->state;
    if (counting->refuse) {
        call_problem(call, PROBLEM_NOTHING_OWED, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_integer(&json, "count", counting->count);
    json_close(&json);
    call_header(call, "X-Counted", "yes");
    call_json(call, 201, &json);
}

/* The body chooses: "r" refuses, "u" and "c" fail, else counts. */
static void count(struct call *call) {
    struct counting *counting = ARENA_NEW(call->arena, struct counting);
    struct bytes body = http_request_body(call->http);
    char first = body.length > 1 ? (char)body.at[1] : ' ';
    counting->refuse = first == 'r';
    counting->fail = first == 'u' ? STATUS_UNAVAILABLE : first == 'c' ? STATUS_CORRUPT : STATUS_OK;
    call->state = counting;
    call_write(call, call->customer_id, count_unit, count_answer);
}

static enum status read_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct counting *counting = call->state;
    return load_count(tx, &counting->count);
}

static void read_answer(struct call *call) {
    struct counting *counting = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_integer(&json, "count", counting->count);
    json_close(&json);
    call_etag(call, arena_printf(call->arena, "\"%lld\"", (long long)counting->count));
    call_json(call, 200, &json);
}

static void read_count(struct call *call) {
    call->state = ARENA_NEW(call->arena, struct counting);
    call_read(call, read_unit, read_answer);
}

/* On a worker: something slow; then a write. */
static void slow_work(struct call *call) {
    usleep(2000);
    struct counting *counting = call->state;
    counting->count = -1;
}

static void then_count(struct call *call) {
    call_write(call, STORE_NO_KEY, count_unit, count_answer);
}

static void work(struct call *call) {
    call->state = ARENA_NEW(call->arena, struct counting);
    call_work(call, slow_work, then_count);
}

static void ping(struct call *call) {
    call_no_content(call);
}

static void bounded(struct call *call) {
    if (call_take(call, "phone", bytes_of_text("13800000001"), 2, 60))
        call_no_content(call);
}

static const struct api_route routes[] = {
    {HTTP_POST, "/counts", count, API_CUSTOMER, .idempotent = true},
    {HTTP_GET, "/counts", read_count, API_CUSTOMER},
    {HTTP_POST, "/plain", count, API_CUSTOMER},
    {HTTP_POST, "/work", work, API_PUBLIC},
    {HTTP_POST, "/login", ping, API_PUBLIC, .rate = API_RATE_SLOW},
    {HTTP_GET, "/bounded", bounded, API_PUBLIC},
    {HTTP_GET, "/shop", ping, API_SHOP},
    {HTTP_GET, "/staff", ping, API_STAFF},
    {HTTP_POST, "/notify", ping, API_CHANNEL, .rate = API_RATE_SLOW},
    API_ROUTES_END,
};

static int setup(void **state) {
    (void)state;
    frame_start(&frame, routes, 0);
    frame_log_in(&frame, 1234567);
    return 0;
}

static int setup_limited(void **state) {
    (void)state;
    frame_start(&frame, routes, 1);
    frame_log_in(&frame, 1234567);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    frame_stop(&frame);
    return 0;
}

static int post(const char *path, const char *key, const char *body) {
    char headers[600];
    snprintf(headers, sizeof headers, "%s%s%s%s%s", frame.cookie, frame.csrf,
        key == NULL ? "" : "Idempotency-Key: ", key == NULL ? "" : key, key == NULL ? "" : "\r\n");
    return frame_ask(&frame, "POST", path, headers, body);
}

static void test_who_may_call(void **state) {
    (void)state;
    assert_int_equal(frame_ask(&frame, "GET", "/counts", "", NULL), 401);
    assert_true(frame_has(&frame, "\"code\":\"not_logged_in\""));
    assert_int_equal(
        frame_ask(&frame, "GET", "/counts", "Cookie: fenqi_session=abc\r\n", NULL), 401);
    assert_int_equal(frame_ask(&frame, "GET", "/counts", frame.cookie, NULL), 200);
    /* a good session with another secret */
    char forged[200];
    snprintf(forged, sizeof forged, "%s", frame.cookie);
    forged[strlen(forged) - 6] = forged[strlen(forged) - 6] == 'A' ? 'B' : 'A';
    assert_int_equal(frame_ask(&frame, "GET", "/counts", forged, NULL), 401);
    /* a change of state needs the token of the same session */
    assert_int_equal(frame_ask(&frame, "POST", "/plain", frame.cookie, "{}"), 403);
    assert_true(frame_has(&frame, "\"code\":\"csrf_invalid\""));
    char headers[500];
    snprintf(headers, sizeof headers, "%sX-CSRF-Token: %s\r\n", frame.cookie, "wrong");
    assert_int_equal(frame_ask(&frame, "POST", "/plain", headers, "{}"), 403);
    assert_int_equal(post("/plain", NULL, "{}"), 201);
    /* another site's page cannot make the browser call */
    snprintf(
        headers, sizeof headers, "%s%sSec-Fetch-Site: cross-site\r\n", frame.cookie, frame.csrf);
    assert_int_equal(frame_ask(&frame, "POST", "/plain", headers, "{}"), 403);
    assert_true(frame_has(&frame, "\"code\":\"origin_invalid\""));
    assert_int_equal(frame_ask(&frame, "GET", "/shop", "", NULL), 401);
    assert_true(frame_has(&frame, "\"code\":\"not_logged_in\""));
    assert_true(frame_has(&frame, "WWW-Authenticate: Bearer"));
    assert_int_equal(frame_ask(&frame, "GET", "/shop", "Authorization: Bearer x\r\n", NULL), 401);
    assert_int_equal(frame_ask(&frame, "GET", "/staff", frame.cookie, NULL), 401);
    assert_int_equal(frame_ask(&frame, "POST", "/notify", "", "{}"), 204);
}

static void test_done_once(void **state) {
    (void)state;
    assert_int_equal(post("/counts", NULL, "{}"), 400);
    assert_true(frame_has(&frame, "\"code\":\"idempotency_key_required\""));
    assert_int_equal(post("/counts", "short", "{}"), 400);
    assert_int_equal(post("/counts", "has a blank in it 123", "{}"), 400);
    assert_int_equal(post("/counts", "key-0000000000001", "{}"), 201);
    assert_true(frame_has(&frame, "{\"count\":1}"));
    assert_true(frame_has(&frame, "X-Counted: yes"));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(post("/counts", "key-0000000000001", "{}"), 201);
        assert_true(frame_has(&frame, "{\"count\":1}"));
        assert_true(frame_has(&frame, "Idempotent-Replayed: true"));
    }
    assert_int_equal(post("/counts", "key-0000000000001", "{ }"), 422);
    assert_true(frame_has(&frame, "\"code\":\"idempotency_key_reused\""));
    assert_int_equal(post("/counts", "key-0000000000002", "{}"), 201);
    assert_true(frame_has(&frame, "{\"count\":2}"));
    /* a refusal writes nothing and leaves the key free */
    assert_int_equal(post("/counts", "key-0000000000003", "{refuse}"), 409);
    assert_int_equal(post("/counts", "key-0000000000003", "{}"), 201);
    assert_true(frame_has(&frame, "{\"count\":3}"));
    /* so does a failure */
    assert_int_equal(post("/counts", "key-0000000000004", "{corrupt}"), 500);
    assert_int_equal(post("/counts", "key-0000000000004", "{}"), 201);
    assert_true(frame_has(&frame, "{\"count\":4}"));
}

static void *same_key(void *context) {
    int *status = context;
    struct frame own = frame;
    char text[1000];
    snprintf(text, sizeof text,
        "POST /api/v1/counts HTTP/1.1\r\nHost: a\r\n%s%sIdempotency-Key: key-of-all-of-us-1\r\n"
        "Content-Length: 2\r\n\r\n{}",
        own.cookie, own.csrf);
    *status = client_ask(&own.http, text, own.answer, sizeof own.answer);
    if (*status == 201 && strstr(own.answer, "{\"count\":1}") == NULL)
        *status = -1;
    return NULL;
}

static void test_done_once_at_the_same_time(void **state) {
    (void)state;
    enum { CLIENTS = 12 };
    pthread_t threads[CLIENTS];
    int statuses[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, same_key, &statuses[i]), 0);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(statuses[i], 201);
    }
    assert_int_equal(frame_ask(&frame, "GET", "/counts", frame.cookie, NULL), 200);
    assert_true(frame_has(&frame, "{\"count\":1}"));
}

static void test_refusals_and_failures(void **state) {
    (void)state;
    assert_int_equal(post("/plain", NULL, "{}"), 201);
    assert_int_equal(post("/plain", NULL, "{refuse}"), 409);
    assert_true(frame_has(&frame, "\"code\":\"nothing_owed\""));
    assert_int_equal(post("/plain", NULL, "{unavailable}"), 503);
    assert_true(frame_has(&frame, "\"code\":\"busy\""));
    assert_true(frame_has(&frame, "Retry-After: 1"));
    assert_int_equal(post("/plain", NULL, "{corrupt}"), 500);
    assert_true(frame_has(&frame, "\"code\":\"internal\""));
    assert_false(frame_has(&frame, "secret detail")); /* for the log only */
    assert_int_equal(post("/plain", NULL, "{}"), 201);
    assert_true(frame_has(&frame, "{\"count\":2}"));
    assert_int_equal(frame_ask(&frame, "POST", "/work", "", "{}"), 201);
    assert_true(frame_has(&frame, "{\"count\":3}"));
}

static void test_versions_and_cache(void **state) {
    (void)state;
    assert_int_equal(frame_ask(&frame, "GET", "/counts", frame.cookie, NULL), 200);
    assert_true(frame_has(&frame, "ETag: \"0\""));
    assert_true(frame_has(&frame, "Cache-Control: private, no-cache"));
    char headers[400];
    snprintf(headers, sizeof headers, "%sIf-None-Match: \"0\"\r\n", frame.cookie);
    assert_int_equal(frame_ask(&frame, "GET", "/counts", headers, NULL), 304);
    assert_false(frame_has(&frame, "count"));
    assert_int_equal(post("/plain", NULL, "{}"), 201);
    assert_true(frame_has(&frame, "Cache-Control: no-store"));
    assert_int_equal(frame_ask(&frame, "GET", "/counts", headers, NULL), 200);
}

static void test_limits(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(frame_ask(&frame, "POST", "/login", "", "{}"), 204);
    assert_true(frame_has(&frame, "RateLimit: \"address-slow\";r=0"));
    assert_int_equal(frame_ask(&frame, "POST", "/login", "", "{}"), 429);
    assert_true(frame_has(&frame, "\"code\":\"rate_limited\""));
    assert_true(frame_has(&frame, "Retry-After: "));
    assert_true(frame_has(&frame, "RateLimit-Policy: \"address-slow\";q=20;w=120"));
    /* what is not slow still works, and providers are not counted */
    assert_int_equal(frame_ask(&frame, "GET", "/counts", frame.cookie, NULL), 200);
    for (int i = 0; i < 25; i++)
        assert_int_equal(frame_ask(&frame, "POST", "/notify", "", "{}"), 204);
    assert_int_equal(frame_ask(&frame, "GET", "/bounded", "", NULL), 204);
    assert_int_equal(frame_ask(&frame, "GET", "/bounded", "", NULL), 204);
    assert_int_equal(frame_ask(&frame, "GET", "/bounded", "", NULL), 429);
    /* a session is counted by itself: 120 at once */
    int limited = 0;
    for (int i = 0; i < 200; i++)
        limited += frame_ask(&frame, "GET", "/counts", frame.cookie, NULL) == 429;
    assert_true(limited > 20);
}

static void test_what_is_not_routed(void **state) {
    (void)state;
    assert_int_equal(frame_ask(&frame, "GET", "/nothing", "", NULL), 404);
    assert_true(frame_has(&frame, "\"code\":\"not_found\""));
    assert_int_equal(frame_ask(&frame, "DELETE", "/counts", "", NULL), 405);
    assert_true(frame_has(&frame, "\"code\":\"method_not_allowed\""));
    assert_true(frame_has(&frame, "Allow: GET, HEAD, POST"));
    assert_true(frame_has(&frame, "\"instance\":\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_may_call, setup, teardown),
        cmocka_unit_test_setup_teardown(test_done_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_done_once_at_the_same_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refusals_and_failures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_versions_and_cache, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup_limited, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_not_routed, setup, teardown),
    };
    return cmocka_run_group_tests_name("frame_calls", tests, NULL, NULL);
}
