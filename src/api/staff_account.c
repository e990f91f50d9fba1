/* staff_account.c: the operator's people log in and out. Exports staff_account_routes. */
#include "api/resources.h"

#include "api/decode.h"
#include "base/check.h"
#include "codec/password.h"
#include "service/authenticate.h"
#include "service/staff_log_in.h"
#include "store/session.h"

#define STAFF_COOKIE "fenqi_staff"

struct staff_state {
    const char *login;
    const char *password;
    const char *totp;
    struct staff_check stored;
    bool password_right;
    struct staff_log_in_answer logged_in;
    struct staff staff;
    struct day business_date;
};

static struct staff_state *new_state(struct call *call) {
    struct staff_state *state = ARENA_NEW(call->arena, struct staff_state);
    call->state = state;
    return state;
}

static void write_me(struct call *call, int status, const struct staff *staff) {
    const struct staff_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_id(&json, "staff_id", staff->staff_id);
    json_string(&json, "login", staff->login);
    json_string(&json, "name", staff->name);
    json_string(&json, "role", staff_role_name(staff->role));
    json_string(&json, "csrf_token", call_csrf_token(call));
    json_day(&json, "business_date", state->business_date);
    json_close(&json);
    call_json(call, status, &json);
}

static enum status check_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct staff_state *state = call->state;
    return load_staff_check(tx, state->login, &state->stored);
}

static void verify_work(struct call *call) {
    struct staff_state *state = call->state;
    state->password_right = password_verify(state->password, state->stored.password_hash);
}

static enum status log_in_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct staff_state *state = call->state;
    state->business_date = moment.business_date;
    struct staff_log_in command = {
        .login = state->login, .password_right = state->password_right, .totp = state->totp};
    return staff_log_in(tx, moment, call->api->vault, &command, &state->logged_in);
}

static void log_in_answer(struct call *call) {
    struct staff_state *state = call->state;
    switch (state->logged_in.outcome) {
    case STAFF_LOG_IN_LOCKED:
        call_problem(call, PROBLEM_LOGIN_LOCKED, NULL);
        return;
    case STAFF_LOG_IN_WRONG:
        call_problem(call, PROBLEM_LOGIN_WRONG, NULL);
        return;
    case STAFF_LOG_IN_TOTP_REQUIRED:
        call_problem(call, PROBLEM_TOTP_REQUIRED, "totp");
        return;
    case STAFF_LOG_IN_OK:
        break;
    }
    char cookie[SESSION_TOKEN_TEXT_SIZE];
    session_token_write(&state->logged_in.token, cookie);
    call_cookie(call, STAFF_COOKIE, arena_text(call->arena, cookie), STAFF_SESSION_S, "Strict");
    char csrf[CSRF_TOKEN_TEXT_SIZE];
    call->csrf_token = arena_text(call->arena, session_token_csrf(&state->logged_in.token, csrf));
    write_me(call, 201, &state->logged_in.staff);
}

static void write_log_in(struct call *call) {
    call_write(call, STORE_NO_KEY, log_in_unit, log_in_answer);
}

static void checked(struct call *call) {
    call_work(call, verify_work, write_log_in);
}

static void post_session(struct call *call) {
    struct staff_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->login = decode_text(&body, "login", 1, 64);
    state->password = decode_text(&body, "password", 1, PASSWORD_LENGTH_MAX);
    state->totp = decode_text_or_null(&body, "totp", 6, 6);
    if (!decode_end(&body))
        return;
    call_read(call, check_unit, checked);
}

static enum status me_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct staff_state *state = call->state;
    state->business_date = moment.business_date;
    bool found;
    enum status status = staff_load(tx, call->staff_id, &state->staff, &found);
    check(status != STATUS_OK || found);
    return status;
}

static void me_answer(struct call *call) {
    const struct staff_state *state = call->state;
    write_me(call, 200, &state->staff);
}

static void get_me(struct call *call) {
    new_state(call);
    call_read(call, me_unit, me_answer);
}

static enum status log_out_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    return staff_session_delete(tx, call->staff_id, call->session_id);
}

static void log_out_answer(struct call *call) {
    call_cookie(call, STAFF_COOKIE, "", 0, "Strict");
    call_no_content(call);
}

static void log_out(struct call *call) {
    if (!call_known(call))
        return; /* the record wants the name */
    call_audit(call, "staff_logged_out", 0, call->staff_name);
    call_write(call, STORE_NO_KEY, log_out_unit, log_out_answer);
}

const struct api_route staff_account_routes[] = {
    {HTTP_POST, "/staff/sessions", post_session, API_PUBLIC, .rate = API_RATE_SLOW,
        .no_csrf = true},
    {HTTP_DELETE, "/staff/sessions/current", log_out, API_STAFF},
    {HTTP_GET, "/staff/me", get_me, API_STAFF},
    API_ROUTES_END,
};
