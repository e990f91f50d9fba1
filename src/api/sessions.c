/* sessions.c: where a customer is logged in. Exports session_routes. */
#include "api/resources.h"

#include "store/session.h"

#include <errno.h>
#include <stdlib.h>

struct sessions_state {
    struct session *sessions;
    size_t count;
    int64_t session_id; /* to end */
    bool deleted;
};

static struct sessions_state *new_state(struct call *call) {
    struct sessions_state *state = ARENA_NEW(call->arena, struct sessions_state);
    call->state = state;
    return state;
}

static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct sessions_state *state = call->state;
    return session_list(tx, call->customer_id, moment.now, &state->sessions, &state->count);
}

static void list_answer(struct call *call) {
    const struct sessions_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < state->count; i++) {
        const struct session *session = &state->sessions[i];
        json_open(&json, NULL, '{');
        json_id(&json, "session_id", session->session_id);
        json_boolean(&json, "current", session->session_id == call->session_id);
        json_string(&json, "device", session->device);
        json_string(&json, "address_masked", session->address_masked);
        json_instant(&json, "created_at", session->created_at);
        json_instant(&json, "last_seen_at", session->last_seen_at);
        json_close(&json);
    }
    json_close(&json);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_sessions(struct call *call) {
    new_state(call);
    call_read(call, list_unit, list_answer);
}

static enum status delete_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct sessions_state *state = call->state;
    return session_delete(tx, call->customer_id, state->session_id, &state->deleted);
}

static void delete_answer(struct call *call) {
    const struct sessions_state *state = call->state;
    if (!state->deleted) {
        call_problem(call, PROBLEM_SESSION_NOT_FOUND, NULL);
        return;
    }
    if (state->session_id == call->session_id)
        call_cookie(call, "fenqi_session", "", 0, "Lax");
    call_no_content(call);
}

static void delete_session(struct call *call) {
    const char *text = call_parameter(call, "session_id");
    char *end;
    errno = 0;
    long long id = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || id <= 0) {
        call_problem(call, PROBLEM_SESSION_NOT_FOUND, NULL);
        return;
    }
    new_state(call)->session_id = id;
    call_write(call, call->customer_id, delete_unit, delete_answer);
}

static void log_out(struct call *call) {
    new_state(call)->session_id = call->session_id;
    call_write(call, call->customer_id, delete_unit, delete_answer);
}

const struct api_route session_routes[] = {
    {HTTP_GET, "/account/sessions", get_sessions, API_CUSTOMER},
    {HTTP_DELETE, "/account/sessions/current", log_out, API_CUSTOMER},
    {HTTP_DELETE, "/account/sessions/{session_id}", delete_session, API_CUSTOMER},
    API_ROUTES_END,
};
