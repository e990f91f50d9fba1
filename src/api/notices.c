/* notices.c: messages to a customer. Exports notice_routes, notice_write(). */
#include "api/notices.h"

#include "api/resources.h"
#include "base/public_number.h"

#include <errno.h>
#include <stdlib.h>

struct notices_state {
    int64_t before;
    int64_t limit;
    struct notice *notices;
    size_t count;
    int64_t unread;
};

static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct notices_state *state = call->state;
    enum status status = notice_list(tx, call->customer_id, state->before, (size_t)state->limit + 1,
        &state->notices, &state->count);
    if (status == STATUS_OK)
        status = notice_count_unread(tx, call->customer_id, &state->unread);
    return status;
}

static void write_number(struct json *json, const char *name, enum public_number_kind kind,
    int64_t customer_id, int64_t id) {
    char number[PUBLIC_NUMBER_SIZE];
    json_string(json, name, id == 0 ? NULL : public_number_write(kind, customer_id, id, number));
}

void notice_write(struct json *json, const struct notice *notice) {
    json_open(json, NULL, '{');
    json_id(json, "notice_id", notice->notice_id);
    json_string(json, "kind", notice->kind);
    json_string(json, "title_zh", notice->title_zh);
    json_string(json, "title_en", notice->title_en);
    json_string(json, "body_zh", notice->body_zh);
    json_string(json, "body_en", notice->body_en);
    json_instant(json, "created_at", notice->created_at);
    json_boolean(json, "read", notice->read_at.us != 0);
    write_number(json, "order_id", PUBLIC_ORDER, notice->customer_id, notice->order_id);
    write_number(json, "payment_id", PUBLIC_PAYMENT, notice->customer_id, notice->payment_id);
    json_string(json, "target", notice->target);
    json_close(json);
}

static void list_answer(struct call *call) {
    const struct notices_state *state = call->state;
    size_t shown = state->count;
    bool more = shown > (size_t)state->limit;
    if (more)
        shown--;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < shown; i++)
        notice_write(&json, &state->notices[i]);
    json_close(&json);
    if (more)
        json_id(&json, "next_cursor", state->notices[shown - 1].notice_id);
    else
        json_null(&json, "next_cursor");
    json_integer(&json, "unread", state->unread);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_notices(struct call *call) {
    static const char *const known[] = {"cursor", "limit", NULL};
    struct notices_state *state = ARENA_NEW(call->arena, struct notices_state);
    call->state = state;
    state->before = INT64_MAX;
    const char *cursor = call_query(call, "cursor");
    if (cursor != NULL) {
        char *end;
        errno = 0;
        state->before = strtoll(cursor, &end, 10);
        if (errno != 0 || *end != '\0' || state->before <= 0) {
            call_problem(call, PROBLEM_FIELD_INVALID, "cursor");
            return;
        }
    }
    if (!call_query_known(call, known) ||
        !call_query_integer(call, "limit", 1, 100, 20, &state->limit))
        return;
    call_read(call, list_unit, list_answer);
}

static enum status read_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    return notice_mark_read(tx, call->customer_id, moment.now);
}

static void post_read(struct call *call) {
    call_write(call, call->customer_id, read_unit, call_no_content);
}

const struct api_route notice_routes[] = {
    {HTTP_GET, "/notices", get_notices, API_CUSTOMER},
    {HTTP_POST, "/notices/read", post_read, API_CUSTOMER},
    API_ROUTES_END,
};
