/*
 * account.c: register, log in and out, sessions, password, name. Exports account_routes.
 *
 * argon2id runs on a worker, between a read and a unit (service/log_in.h says why).
 */
#include "api/code_sender.h"
#include "api/decode.h"
#include "api/device.h"
#include "api/resources.h"
#include "base/check.h"
#include "codec/password.h"
#include "service/authenticate.h"
#include "service/find_or_create_customer.h"
#include "service/load_account.h"
#include "service/log_in.h"
#include "store/store.h"

#include <string.h>

#define CUSTOMER_COOKIE "fenqi_session"

/* What the log-in calls carry through read, worker and unit. */
struct account_state {
    const char *phone;
    const char *code;
    const char *password;
    const char *name;
    bool accepted_terms;
    enum code_purpose purpose;
    struct send_code_answer sent;
    struct password_check stored;
    bool password_right;
    const char *password_hash; /* of the new password */
    struct log_in_answer logged_in;
    enum set_password_outcome set_outcome;
    struct account account;
};

static struct account_state *new_state(struct call *call) {
    struct account_state *state = ARENA_NEW(call->arena, struct account_state);
    call->state = state;
    return state;
}

/* The phone of a body; a problem of its own when it is no mobile number. */
static bool take_phone(struct decoder *body, struct account_state *state) {
    state->phone = decode_text(body, "phone", 1, 20);
    if (!body->failed && !phone_is_valid(state->phone))
        decode_problem(body, "phone", PROBLEM_PHONE_INVALID);
    return !body->failed;
}

/* ---- the account itself ---- */

static void write_account(struct call *call, int status, const struct account *account) {
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_id(&json, "customer_id", account->customer_id);
    json_string(&json, "name", account->name);
    json_string(&json, "phone_masked", account->phone_masked);
    json_boolean(&json, "has_password", account->has_password);
    json_string(&json, "csrf_token", call_csrf_token(call));
    json_instant(&json, "registered_at", account->registered_at);
    json_money(&json, "credit_balance_fen", account->credit_balance);
    json_integer(&json, "unread_messages", account->unread_messages);
    json_integer(&json, "unread_notices", account->unread_notices);
    json_close(&json);
    call_json(call, status, &json);
}

static enum status account_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct account_state *state = call->state;
    return load_account(tx, call->api->vault, call->customer_id, &state->account);
}

static void account_answer(struct call *call) {
    const struct account_state *state = call->state;
    write_account(call, 200, &state->account);
}

static void get_account(struct call *call) {
    new_state(call);
    call_read(call, account_unit, account_answer);
}

/* ---- codes ---- */

static enum status code_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct account_state *state = call->state;
    return send_code(tx, moment, call->api->vault, state->phone, state->purpose, &state->sent);
}

static void code_answer(struct call *call) {
    const struct account_state *state = call->state;
    struct problem_value wait = {
        "seconds", arena_printf(call->arena, "%d", (int)state->sent.resend_after_s)};
    switch (state->sent.outcome) {
    case SEND_CODE_TOO_SOON:
        call_problem_values(call, PROBLEM_CODE_TOO_SOON, NULL, &wait, 1);
        return;
    case SEND_CODE_LIMIT_REACHED:
        call_problem(call, PROBLEM_CODE_LIMIT_REACHED, NULL);
        return;
    case SEND_CODE_OK:
        break;
    }
    const struct code_sender *sender = call->api->code_sender;
    sender->send(sender->context, state->phone, code_purpose_name(state->purpose), state->sent.code,
        call->now, state->sent.expires_at);
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_integer(&json, "resend_after_s", state->sent.resend_after_s);
    json_instant(&json, "expires_at", state->sent.expires_at);
    json_integer(&json, "code_length", CODE_DIGITS);
    json_close(&json);
    call_json(call, 202, &json);
}

static void post_code(struct call *call) {
    static const char *const purposes[] = {"login", "register", "set_password", NULL};
    struct account_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    take_phone(&body, state);
    int purpose = decode_choice(&body, "purpose", purposes);
    if (!decode_end(&body))
        return;
    state->purpose = (enum code_purpose)purpose;
    call_write(call, STORE_NO_KEY, code_unit, code_answer);
}

/* ---- log in and register ---- */

static enum problem_code problem_of(enum log_in_outcome outcome) {
    switch (outcome) {
    case LOG_IN_OK:
        return PROBLEM_NONE;
    case LOG_IN_TERMS_NOT_ACCEPTED:
        return PROBLEM_TERMS_NOT_ACCEPTED;
    case LOG_IN_CODE_EXPIRED:
        return PROBLEM_CODE_EXPIRED;
    case LOG_IN_CODE_LOCKED:
        return PROBLEM_CODE_LOCKED;
    case LOG_IN_CODE_WRONG:
        return PROBLEM_CODE_WRONG;
    case LOG_IN_ACCOUNT_EXISTS:
        return PROBLEM_ACCOUNT_EXISTS;
    case LOG_IN_ACCOUNT_NOT_FOUND:
        return PROBLEM_ACCOUNT_NOT_FOUND;
    case LOG_IN_LOCKED:
        return PROBLEM_LOGIN_LOCKED;
    case LOG_IN_PASSWORD_WRONG:
        return PROBLEM_PASSWORD_WRONG;
    }
    check(false);
    return PROBLEM_NONE;
}

/* Loads the account for the answer, once somebody is logged in. */
static enum status load_after(struct tx *tx, struct call *call, struct account_state *state) {
    if (state->logged_in.outcome != LOG_IN_OK)
        return STATUS_OK;
    return load_account(tx, call->api->vault, state->logged_in.customer_id, &state->account);
}

static enum status log_in_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct account_state *state = call->state;
    struct log_in command = {
        .phone = state->phone,
        .code = state->code,
        .password_right = state->password_right,
        .place = login_place_of(call),
    };
    enum status status = log_in(tx, moment, call->api->vault, &command, &state->logged_in);
    return status == STATUS_OK ? load_after(tx, call, state) : status;
}

static enum status register_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct account_state *state = call->state;
    struct register_customer command = {
        .phone = state->phone,
        .code = state->code,
        .password_hash = state->password_hash,
        .name = state->name,
        .accepted_terms = state->accepted_terms,
        .place = login_place_of(call),
    };
    enum status status =
        register_customer(tx, moment, call->api->vault, &command, &state->logged_in);
    return status == STATUS_OK ? load_after(tx, call, state) : status;
}

static void logged_in_answer(struct call *call) {
    struct account_state *state = call->state;
    enum problem_code problem = problem_of(state->logged_in.outcome);
    if (problem != PROBLEM_NONE) {
        call_problem(call, problem, NULL);
        return;
    }
    char cookie[SESSION_TOKEN_TEXT_SIZE];
    session_token_write(&state->logged_in.token, cookie);
    call_cookie(call, CUSTOMER_COOKIE, arena_text(call->arena, cookie), CUSTOMER_SESSION_S, "Lax");
    char csrf[CSRF_TOKEN_TEXT_SIZE];
    call->csrf_token = arena_text(call->arena, session_token_csrf(&state->logged_in.token, csrf));
    write_account(call, 201, &state->account);
}

static enum status check_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct account_state *state = call->state;
    return load_password_check(tx, moment.now, call->api->vault, state->phone, &state->stored);
}

static void verify_work(struct call *call) {
    struct account_state *state = call->state;
    /* A locked account is not worth the time; its answer is the same whatever was typed. */
    state->password_right =
        !state->stored.locked && password_verify(state->password, state->stored.password_hash);
}

static void write_log_in(struct call *call) {
    const struct account_state *state = call->state;
    call_write(call, state->stored.customer_id, log_in_unit, logged_in_answer);
}

static void checked_answer(struct call *call) {
    const struct account_state *state = call->state;
    if (state->code != NULL)
        write_log_in(call);
    else
        call_work(call, verify_work, write_log_in);
}

static void post_session(struct call *call) {
    struct account_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    take_phone(&body, state);
    state->code = decode_text_or_null(&body, "code", 6, 6);
    state->password = decode_text_or_null(&body, "password", 1, PASSWORD_LENGTH_MAX);
    if (!body.failed && state->code == NULL && state->password == NULL)
        decode_problem(&body, "code", PROBLEM_FIELD_MISSING);
    if (!body.failed && state->code != NULL && state->password != NULL)
        decode_problem(&body, "password", PROBLEM_FIELD_INVALID);
    if (!decode_end(&body))
        return;
    call_read(call, check_unit, checked_answer);
}

/* Hashes the new password, when one was given. */
static void hash_work(struct call *call) {
    struct account_state *state = call->state;
    char hash[PASSWORD_HASH_SIZE];
    if (state->password != NULL && password_hash(state->password, PASSWORD_COST_INTERACTIVE, hash))
        state->password_hash = arena_text(call->arena, hash);
}

static void write_register(struct call *call) {
    const struct account_state *state = call->state;
    if (state->password != NULL && state->password_hash == NULL) {
        call_problem(call, PROBLEM_BUSY, NULL);
        return;
    }
    call_write(call, STORE_NO_KEY, register_unit, logged_in_answer);
}

static void post_register(struct call *call) {
    struct account_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    take_phone(&body, state);
    state->code = decode_text(&body, "code", 6, 6);
    state->password =
        decode_text_or_null(&body, "password", PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX);
    state->name = decode_text_or_null(&body, "name", 1, 64);
    state->accepted_terms = decode_boolean(&body, "accepted_terms");
    if (!body.failed && state->password != NULL && password_is_weak(state->password, state->phone))
        decode_problem(&body, "password", PROBLEM_PASSWORD_WEAK);
    if (!decode_end(&body))
        return;
    if (state->password != NULL)
        call_work(call, hash_work, write_register);
    else
        write_register(call);
}

/* ---- password and name ---- */

static enum problem_code problem_of_set(enum set_password_outcome outcome) {
    switch (outcome) {
    case SET_PASSWORD_OK:
        return PROBLEM_NONE;
    case SET_PASSWORD_CODE_EXPIRED:
        return PROBLEM_CODE_EXPIRED;
    case SET_PASSWORD_CODE_LOCKED:
        return PROBLEM_CODE_LOCKED;
    case SET_PASSWORD_CODE_WRONG:
        return PROBLEM_CODE_WRONG;
    case SET_PASSWORD_WRONG:
        return PROBLEM_PASSWORD_WRONG;
    }
    check(false);
    return PROBLEM_NONE;
}

static enum status set_password_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct account_state *state = call->state;
    struct set_password command = {
        .customer_id = call->customer_id,
        .session_id = call->session_id,
        .code = state->code,
        .current_right = state->password_right,
        .password_hash = state->password_hash,
    };
    return set_password(tx, moment, call->api->vault, &command, &state->set_outcome);
}

static void set_password_answer(struct call *call) {
    const struct account_state *state = call->state;
    enum problem_code problem = problem_of_set(state->set_outcome);
    if (problem != PROBLEM_NONE)
        call_problem(call, problem, NULL);
    else
        call_no_content(call);
}

/* state->name holds the current password here: it is verified, and the new one hashed. */
static void set_password_work(struct call *call) {
    struct account_state *state = call->state;
    if (state->code == NULL)
        state->password_right = password_verify(state->name, state->stored.password_hash);
    if (state->code != NULL || state->password_right)
        hash_work(call);
}

static void write_set_password(struct call *call) {
    call_write(call, call->customer_id, set_password_unit, set_password_answer);
}

static enum status own_hash_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct account_state *state = call->state;
    struct customer customer;
    bool found;
    enum status status = customer_load(tx, call->customer_id, &customer, &found);
    if (status == STATUS_OK && found)
        state->stored.password_hash = customer.password_hash;
    return status;
}

static void own_hash_answer(struct call *call) {
    call_work(call, set_password_work, write_set_password);
}

static void put_password(struct call *call) {
    struct account_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->password = decode_text(&body, "password", PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX);
    state->name = decode_text_or_null(&body, "current_password", 1, PASSWORD_LENGTH_MAX);
    state->code = decode_text_or_null(&body, "code", 6, 6);
    if (!body.failed && (state->name == NULL) == (state->code == NULL))
        decode_problem(&body, "current_password",
            state->code == NULL ? PROBLEM_FIELD_MISSING : PROBLEM_FIELD_INVALID);
    if (!body.failed && password_is_weak(state->password, NULL))
        decode_problem(&body, "password", PROBLEM_PASSWORD_WEAK);
    if (!decode_end(&body))
        return;
    call_read(call, own_hash_unit, own_hash_answer);
}

static enum status name_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    struct account_state *state = call->state;
    enum status status = change_name(tx, moment, call->api->vault, call->customer_id, state->name);
    return status == STATUS_OK ? account_unit(tx, moment, call, fault) : status;
}

static void put_name(struct call *call) {
    struct account_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->name = decode_text(&body, "name", 1, 64);
    if (!decode_end(&body))
        return;
    call_write(call, call->customer_id, name_unit, account_answer);
}

const struct api_route account_routes[] = {
    {HTTP_POST, "/account/codes", post_code, API_PUBLIC, .rate = API_RATE_SLOW, .no_csrf = true},
    {HTTP_POST, "/account/register", post_register, API_PUBLIC, .rate = API_RATE_SLOW,
        .no_csrf = true},
    {HTTP_POST, "/account/sessions", post_session, API_PUBLIC, .rate = API_RATE_SLOW,
        .no_csrf = true},
    {HTTP_GET, "/account", get_account, API_CUSTOMER},
    {HTTP_PUT, "/account/password", put_password, API_CUSTOMER, .rate = API_RATE_SLOW},
    {HTTP_PUT, "/account/name", put_name, API_CUSTOMER},
    API_ROUTES_END,
};
