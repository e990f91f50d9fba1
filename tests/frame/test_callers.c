/*
 * test_callers.c: a claim of who calls is held against the database in the same snapshot or unit as
 * the work, whatever was found out before; a session that has ended does and learns nothing more.
 */
#include "frame_fixture.h"

#include "api/decode.h"
#include "codec/session_token.h"
#include "store/session.h"
#include "store/setting.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CUSTOMER = 1234567, STAFF = 31 };

static struct frame frame;
static char staff_cookie[200], staff_csrf[100];
static atomic_int units, acts; /* how often a resource's own code ran */

/* ---- routes that tell whether they ran ---- */

static enum status note_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)tx;
    (void)fault;
    call->state = ARENA_NEW(call->arena, struct day);
    *(struct day *)call->state = moment.business_date;
    atomic_fetch_add(&units, 1);
    return STATUS_OK;
}

static void note_answer(struct call *call) {
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_day(&json, "today", *(struct day *)call->state);
    json_id(&json, "customer", call->customer_id);
    json_string(&json, "staff", call->staff_name);
    json_close(&json);
    call_json(call, 200, &json);
}

static void read_it(struct call *call) {
    call_read(call, note_unit, note_answer);
}

static void write_it(struct call *call) {
    struct decoder body;
    if (!call_body(call, &body))
        return;
    decode_integer(&body, "number", 1, 9);
    if (!decode_end(&body))
        return;
    if (call->route->caller == API_STAFF)
        call_audits_itself(call);
    call_write(call, call->customer_id, note_unit, note_answer);
}

static void act(struct call *call) {
    if (!call_known(call))
        return;
    atomic_fetch_add(&acts, 1);
    call_no_content(call);
}

static void tell_nothing(struct call *call) {
    call_problem(call, PROBLEM_ORDER_NOT_FOUND, NULL);
}

static void work_it(struct call *call) {
    (void)call;
    atomic_fetch_add(&acts, 1);
}

static void worked(struct call *call) {
    call_write(call, call->customer_id, note_unit, note_answer);
}

static void work(struct call *call) {
    call_work(call, work_it, worked);
}

static const struct api_route routes[] = {
    {HTTP_GET, "/read", read_it, API_CUSTOMER},
    {HTTP_POST, "/write", write_it, API_CUSTOMER},
    {HTTP_POST, "/once", write_it, API_CUSTOMER, .idempotent = true},
    {HTTP_POST, "/act", act, API_CUSTOMER},
    {HTTP_POST, "/work", work, API_CUSTOMER},
    {HTTP_GET, "/missing", tell_nothing, API_CUSTOMER},
    {HTTP_GET, "/public", read_it, API_PUBLIC},
    {HTTP_GET, "/staff", read_it, API_STAFF},
    {HTTP_POST, "/staff/act", act, API_STAFF, .roles = STAFF_ROLE(STAFF_REVIEWER)},
    {HTTP_POST, "/staff/write", write_it, API_STAFF, .roles = STAFF_ROLE(STAFF_REVIEWER)},
    API_ROUTES_END,
};

/* ---- callers ---- */

static enum status insert_staff(struct tx *tx, void *context) {
    const struct session_token *token = context;
    uint8_t hash[SESSION_HASH_SIZE];
    session_token_hash(token, hash);
    struct staff staff = {.staff_id = STAFF,
        .login = "wang",
        .name = "王敏",
        .role = STAFF_AGENT,
        .password_hash = "x"};
    struct session session = {.owner_id = STAFF,
        .session_id = token->session_id,
        .secret_hash = {hash, sizeof hash},
        .created_at = tx_now(tx),
        .expires_at = instant_add_seconds(tx_now(tx), 3600)};
    enum status status = staff_insert(tx, &staff);
    return status == STATUS_OK ? staff_session_insert(tx, &session) : status;
}

static void must(int64_t key, unit_function run, void *context) {
    struct fault fault = {0};
    if (store_run(frame.api.store, key, NULL, run, context, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

static void log_in_staff(void) {
    struct session_token token = {.owner_id = STAFF, .session_id = 77};
    memset(token.secret, 9, sizeof token.secret);
    must(STORE_NO_KEY, insert_staff, &token);
    char text[SESSION_TOKEN_TEXT_SIZE], csrf[CSRF_TOKEN_TEXT_SIZE];
    snprintf(staff_cookie, sizeof staff_cookie, "Cookie: fenqi_staff=%s\r\n",
        session_token_write(&token, text));
    snprintf(
        staff_csrf, sizeof staff_csrf, "X-CSRF-Token: %s\r\n", session_token_csrf(&token, csrf));
}

static enum status end_session(struct tx *tx, void *context) {
    bool deleted;
    (void)context;
    return session_delete(tx, CUSTOMER, CUSTOMER + 1, &deleted);
}

static enum status end_staff_session(struct tx *tx, void *context) {
    (void)context;
    return staff_session_delete(tx, STAFF, 77);
}

static enum status move_date(struct tx *tx, void *context) {
    (void)context;
    return setting_save_business_date(tx, day_from_civil(2026, 11, 23));
}

static int setup(void **state) {
    (void)state;
    frame_start(&frame, routes, 0);
    frame_log_in(&frame, CUSTOMER);
    log_in_staff();
    atomic_store(&units, 0);
    atomic_store(&acts, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    frame_stop(&frame);
    return 0;
}

static int get(const char *path, const char *cookie) {
    return frame_ask(&frame, "GET", path, cookie, NULL);
}

static int post(const char *path, const char *cookie, const char *csrf, const char *body) {
    char headers[400];
    snprintf(headers, sizeof headers, "%s%s", cookie, csrf);
    return frame_ask(&frame, "POST", path, headers, body);
}

static struct store_counters counted(void) {
    return store_counters(frame.api.store);
}

static void assert_code(const char *code) {
    char text[80];
    snprintf(text, sizeof text, "\"code\":\"%s\"", code);
    if (!frame_has(&frame, text))
        fail_msg("not %s: %s", code, frame.answer);
}

/* ---- the tests ---- */

static void test_one_transaction_a_call(void **state) {
    (void)state;
    struct store_counters before = counted();
    assert_int_equal(get("/read", frame.cookie), 200);
    struct store_counters after = counted();
    assert_int_equal(after.reads - before.reads, 1);
    assert_int_equal(after.read_statements - before.read_statements, 1); /* session and date */
    assert_int_equal(after.units - before.units, 0);
    before = after;
    assert_int_equal(post("/write", frame.cookie, frame.csrf, "{\"number\":1}"), 200);
    assert_true(frame_has(&frame, "\"customer\":\"1234567\""));
    after = counted();
    assert_int_equal(after.reads - before.reads, 0);
    assert_int_equal(after.units - before.units, 1);
    before = after;
    assert_int_equal(get("/staff", staff_cookie), 200);
    assert_true(frame_has(&frame, "\"staff\":\"王敏\""));
    after = counted();
    assert_int_equal(after.reads - before.reads, 1);
    assert_int_equal(after.read_statements - before.read_statements, 1);
    before = after;
    /* who names nobody costs nothing */
    assert_int_equal(get("/read", ""), 401);
    assert_int_equal(get("/missing", "Cookie: fenqi_session=abc\r\n"), 401);
    after = counted();
    assert_int_equal(after.reads - before.reads, 0);
}

static void test_the_date_is_today_s(void **state) {
    (void)state;
    assert_int_equal(get("/read", frame.cookie), 200);
    assert_true(frame_has(&frame, "\"today\":\"2026-11-22\""));
    must(STORE_NO_KEY, move_date, NULL);
    assert_int_equal(get("/read", frame.cookie), 200);
    assert_true(frame_has(&frame, "\"today\":\"2026-11-23\""));
    assert_int_equal(get("/public", ""), 200);
    assert_true(frame_has(&frame, "\"today\":\"2026-11-23\""));
    assert_int_equal(post("/write", frame.cookie, frame.csrf, "{\"number\":1}"), 200);
    assert_true(frame_has(&frame, "\"today\":\"2026-11-23\""));
}

static void test_ended_session_learns_nothing(void **state) {
    (void)state;
    assert_int_equal(get("/missing", frame.cookie), 404);
    assert_int_equal(post("/write", frame.cookie, frame.csrf, "{\"number\":10}"), 400);
    assert_true(frame_has(&frame, "\"field\":\"number\""));
    assert_int_equal(post("/write", frame.cookie, "", "{\"number\":1}"), 403);
    assert_int_equal(post("/once", frame.cookie, frame.csrf, "{\"number\":1}"), 400);
    assert_int_equal(post("/act", frame.cookie, frame.csrf, "{}"), 204);
    assert_int_equal(post("/work", frame.cookie, frame.csrf, "{}"), 200);
    assert_int_equal(atomic_load(&acts), 2);
    assert_int_equal(atomic_load(&units), 1);
    assert_int_equal(get("/public", frame.cookie), 200);
    assert_true(frame_has(&frame, "\"customer\":\"1234567\""));
    must(CUSTOMER, end_session, NULL);
    const struct {
        const char *method, *path, *csrf, *body;
    } calls[] = {{"GET", "/read", "", NULL}, {"GET", "/missing", "", NULL},
        {"POST", "/write", frame.csrf, "{\"number\":1}"},
        {"POST", "/write", frame.csrf, "{\"number\":10}"}, {"POST", "/write", frame.csrf, "{"},
        {"POST", "/write", "", "{\"number\":1}"}, {"POST", "/once", frame.csrf, "{\"number\":1}"},
        {"POST", "/act", frame.csrf, "{}"}, {"POST", "/work", frame.csrf, "{}"}};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char headers[400];
        snprintf(headers, sizeof headers, "%s%s", frame.cookie, calls[i].csrf);
        assert_int_equal(
            frame_ask(&frame, calls[i].method, calls[i].path, headers, calls[i].body), 401);
        assert_code("not_logged_in");
    }
    assert_int_equal(atomic_load(&acts), 2);
    assert_int_equal(atomic_load(&units), 2); /* the public one */
    assert_int_equal(get("/public", frame.cookie), 200);
    assert_true(frame_has(&frame, "\"customer\":\"0\""));
}

static void test_role_before_the_rest(void **state) {
    (void)state;
    assert_int_equal(post("/staff/write", staff_cookie, "", "{\"number\":10}"), 403);
    assert_code("csrf_invalid");
    assert_int_equal(post("/staff/write", staff_cookie, staff_csrf, "{\"number\":10}"), 403);
    assert_code("role_not_allowed");
    assert_int_equal(post("/staff/write", staff_cookie, staff_csrf, "{\"number\":1}"), 403);
    assert_code("role_not_allowed");
    assert_int_equal(post("/staff/act", staff_cookie, staff_csrf, "{}"), 403);
    assert_int_equal(atomic_load(&acts), 0);
    assert_int_equal(atomic_load(&units), 0);
    must(STORE_NO_KEY, end_staff_session, NULL);
    assert_int_equal(post("/staff/write", staff_cookie, staff_csrf, "{\"number\":1}"), 401);
    assert_int_equal(get("/staff", staff_cookie), 401);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_transaction_a_call, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_date_is_today_s, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ended_session_learns_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_role_before_the_rest, setup, teardown),
    };
    return cmocka_run_group_tests_name("frame_callers", tests, NULL, NULL);
}
