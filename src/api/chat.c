/* chat.c: a customer's chat with staff. Exports chat_routes, write_chat_hours(). */
#include "api/chat.h"

#include "api/decode.h"
#include "api/events.h"
#include "api/resources.h"
#include "base/public_number.h"
#include "store/event_log.h"
#include "store/staff.h"

struct chat_state {
    struct conversation conversation;
    struct chat_queue queue;
    const char *staff_name;
    struct chat_window window;
    struct chat_line *lines;
    size_t count;
    bool earlier;
    int64_t unread;
    int64_t last_number;
    struct send_chat_message command;
    struct send_chat_answer sent;
    int64_t read_number;
};

static struct chat_state *new_state(struct call *call) {
    struct chat_state *state = ARENA_NEW(call->arena, struct chat_state);
    call->state = state;
    return state;
}

void write_chat_hours(struct json *json, const char *name, struct instant now) {
    struct chat_hours hours = chat_hours(now);
    json_open(json, name, '{');
    json_boolean(json, "open_now", hours.open_now);
    json_instant(json, "opens_at", hours.opens_at);
    json_instant(json, "closes_at", hours.closes_at);
    json_string(json, "text_zh",
        hours.open_now ? "人工客服 每日 09:00–21:00"
                       : "现在是非服务时间，人工客服 09:00 上线，您可以先留言");
    json_string(json, "text_en",
        hours.open_now
            ? "A person answers daily 09:00–21:00 (Beijing time)"
            : "Closed now; a person answers from 09:00 (Beijing time). Leave a message.");
    json_close(json);
}

static enum status load_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct chat_state *state = call->state;
    enum status status = conversation_load(tx, call->customer_id, &state->conversation);
    if (status == STATUS_OK)
        status = load_chat_queue(tx, &state->conversation, &state->queue);
    if (status == STATUS_OK)
        status = load_chat_lines(tx, call->api->vault, call->customer_id, state->window, false,
            &state->lines, &state->count, &state->earlier);
    if (status == STATUS_OK)
        status = chat_message_count_after(tx, call->customer_id,
            state->conversation.read_by_customer, CHAT_CUSTOMER, &state->unread);
    if (status == STATUS_OK)
        status = event_log_last(tx, call->customer_id, &state->last_number);
    if (status == STATUS_OK && state->conversation.staff_id != 0) {
        struct staff staff;
        bool found;
        status = staff_load(tx, state->conversation.staff_id, &staff, &found);
        state->staff_name = status == STATUS_OK && found ? staff.name : NULL;
    }
    return status;
}

static void load_answer(struct call *call) {
    const struct chat_state *state = call->state;
    const struct conversation *conversation = &state->conversation;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "state", conversation_state_name(conversation->state));
    if (state->queue.position > 0) {
        json_integer(&json, "queue_position", state->queue.position);
        json_integer(&json, "estimate_s", state->queue.estimate_s);
    } else {
        json_null(&json, "queue_position");
        json_null(&json, "estimate_s");
    }
    json_string(&json, "staff_name",
        conversation->state == CONVERSATION_ASSIGNED ? state->staff_name : NULL);
    write_chat_hours(&json, "hours", call->now);
    json_open(&json, "messages", '[');
    for (size_t i = 0; i < state->count; i++)
        write_chat_line(&json, NULL, &state->lines[i], false);
    json_close(&json);
    json_boolean(&json, "has_earlier", state->earlier);
    json_integer(&json, "read_by_customer", conversation->read_by_customer);
    json_integer(&json, "read_by_staff", conversation->read_by_staff);
    json_integer(&json, "unread", state->unread);
    json_integer(&json, "last_number", state->last_number);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_chat(struct call *call) {
    static const char *const known[] = {"after", "before", NULL};
    struct chat_state *state = new_state(call);
    int64_t after;
    if (!call_query_known(call, known) ||
        !call_query_integer(call, "after", 0, MONEY_MAX_FEN, -1, &after) ||
        !call_query_integer(call, "before", 1, MONEY_MAX_FEN, 0, &state->window.before))
        return;
    state->window.latest = after < 0 && state->window.before == 0;
    state->window.after = after < 0 ? 0 : after;
    call_read(call, load_unit, load_answer);
}

static enum status send_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct chat_state *state = call->state;
    enum status status =
        send_chat_message(tx, moment, call->api->vault, &state->command, &state->sent);
    if (status == STATUS_OK && state->sent.outcome != SEND_CHAT_OK)
        tx_refuse(tx);
    return status;
}

static void send_answer(struct call *call) {
    const struct chat_state *state = call->state;
    switch (state->sent.outcome) {
    case SEND_CHAT_CONFLICT:
        call_problem(call, PROBLEM_MESSAGE_CONFLICT, "client_id");
        return;
    case SEND_CHAT_OK:
        break;
    }
    struct json json = json_start(call->arena);
    write_chat_line(&json, NULL, &state->sent.line, false);
    call_json(call, 201, &json);
}

static void post_message(struct call *call) {
    struct chat_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->command = (struct send_chat_message){
        .customer_id = call->customer_id,
        .sender = CHAT_CUSTOMER,
        .client_id = decode_text(&body, "client_id", 8, 64),
        .text = decode_text(&body, "text", 1, 8000),
    };
    struct public_number order = {0};
    if (decode_has(&body, "order_id") && decode_number(&body, "order_id", PUBLIC_ORDER, &order)) {
        if (order.customer_id != call->customer_id)
            decode_problem(&body, "order_id", PROBLEM_ORDER_NOT_FOUND);
        state->command.order_id = order.id;
    }
    if (!decode_end(&body))
        return;
    call_write(call, call->customer_id, send_unit, send_answer);
}

static enum status read_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    const struct chat_state *state = call->state;
    return mark_chat_read(tx, moment, call->customer_id, CHAT_CUSTOMER, state->read_number);
}

static void post_read(struct call *call) {
    struct chat_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->read_number = decode_integer(&body, "number", 0, MONEY_MAX_FEN);
    if (!decode_end(&body))
        return;
    call_write(call, call->customer_id, read_unit, call_no_content);
}

/* Typing is told to the screens that are open now and stored nowhere. */
static void post_typing(struct call *call) {
    if (!call_known(call))
        return;
    event_hub_whisper(call->api->events, EVENT_LOG_STAFF, "t",
        arena_printf(call->arena, "\"customer_id\":\"%lld\",\"typing\":{\"by\":\"customer\"}",
            (long long)call->customer_id));
    call_no_content(call);
}

const struct api_route chat_routes[] = {
    {HTTP_GET, "/chat", get_chat, API_CUSTOMER},
    {HTTP_POST, "/chat/messages", post_message, API_CUSTOMER},
    {HTTP_POST, "/chat/read", post_read, API_CUSTOMER},
    {HTTP_POST, "/chat/typing", post_typing, API_CUSTOMER},
    API_ROUTES_END,
};
