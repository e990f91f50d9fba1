/* staff_chat.c: the staff's side of conversations. Exports staff_chat_routes. */
#include "api/chat.h"

#include "api/decode.h"
#include "api/events.h"
#include "api/resources.h"
#include "api/staff_customer.h"
#include "base/public_number.h"
#include "store/customer.h"
#include "store/event_log.h"
#include "store/staff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum inbox_filter { INBOX_ALL, INBOX_MINE, INBOX_WAITING, INBOX_UNREAD, INBOX_CLOSED };
static const char *const filter_names[] = {"all", "mine", "waiting", "unread", "closed", NULL};
enum { INBOX_SCAN = 500, INBOX_TEXT_MAX = 8000 };

/* A conversation with what the inbox shows of it. */
struct inbox_row {
    struct conversation conversation;
    struct customer customer;
    struct customer_position position;
    const char *staff_name;
    struct chat_line last;
    bool has_last;
    int64_t unread;
};

struct inbox_state {
    enum inbox_filter filter;
    int64_t limit;
    struct instant before;
    int64_t before_customer_id;
    struct inbox_row *rows;
    size_t count;
    bool more;
    int64_t waiting;
    int64_t unread;

    int64_t customer_id; /* of one conversation */
    struct inbox_row row;
    bool found;
    struct chat_window window;
    struct chat_line *lines;
    size_t line_count;
    bool earlier;
    int64_t last_number;
    struct staff_customer customer;

    struct send_chat_message command;
    struct send_chat_answer sent;
    int64_t staff_id;
    bool staff_found;
    int64_t number;
};

static struct inbox_state *new_state(struct call *call) {
    struct inbox_state *state = ARENA_NEW(call->arena, struct inbox_state);
    call->state = state;
    return state;
}

static bool take_customer(struct call *call, struct inbox_state *state) {
    return take_staff_customer(call, PROBLEM_CONVERSATION_NOT_FOUND, &state->customer_id);
}

/* ---- one row of the inbox ---- */

static enum status load_last_line(struct tx *tx, struct call *call, struct inbox_row *row) {
    struct chat_line *lines;
    size_t count;
    bool earlier;
    struct chat_window window = {.before = row->conversation.last_number + 1};
    enum status status = load_chat_lines(tx, call->api->vault, row->conversation.customer_id,
        window, true, &lines, &count, &earlier);
    row->has_last = status == STATUS_OK && count > 0;
    if (row->has_last)
        row->last = lines[count - 1];
    return status;
}

static enum status load_row(
    struct tx *tx, struct moment moment, struct call *call, struct inbox_row *row) {
    int64_t customer_id = row->conversation.customer_id;
    bool found;
    enum status status = customer_load(tx, customer_id, &row->customer, &found);
    if (status == STATUS_OK && !found)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "a conversation without its customer");
    if (status == STATUS_OK)
        status = load_customer_position(tx, moment, customer_id, &row->position);
    if (status == STATUS_OK)
        status = load_last_line(tx, call, row);
    if (status == STATUS_OK)
        status = chat_message_count_after(
            tx, customer_id, row->conversation.read_by_staff, CHAT_STAFF, &row->unread);
    if (status == STATUS_OK && row->conversation.staff_id != 0) {
        struct staff staff;
        status = staff_load(tx, row->conversation.staff_id, &staff, &found);
        row->staff_name = status == STATUS_OK && found ? staff.name : "";
    }
    return status;
}

static void write_row(struct json *json, const char *name, const struct inbox_row *row) {
    const struct conversation *conversation = &row->conversation;
    json_open(json, name, '{');
    json_id(json, "customer_id", conversation->customer_id);
    json_string(
        json, "name_masked", row->customer.name_masked == NULL ? "" : row->customer.name_masked);
    json_string(json, "phone_masked", row->customer.phone_masked);
    json_string(json, "state", conversation_state_name(conversation->state));
    if (conversation->staff_id == 0) {
        json_null(json, "assigned_to");
    } else {
        json_open(json, "assigned_to", '{');
        json_id(json, "staff_id", conversation->staff_id);
        json_string(json, "name", row->staff_name);
        json_close(json);
    }
    if (row->has_last)
        write_chat_line(json, "last_message", &row->last, true);
    else
        json_null(json, "last_message");
    json_integer(json, "unread", row->unread);
    json_instant(json, "waiting_since", conversation->waiting_since);
    json_money(json, "overdue_fen", row->position.overdue);
    char number[PUBLIC_NUMBER_SIZE];
    json_string(json, "order_id",
        conversation->order_id == 0 ? NULL
                                    : public_number_write(PUBLIC_ORDER, conversation->customer_id,
                                          conversation->order_id, number));
    json_close(json);
}

/* ---- the inbox ---- */

static bool is_wanted(
    const struct inbox_state *state, const struct call *call, const struct inbox_row *row) {
    switch (state->filter) {
    case INBOX_ALL:
        return true;
    case INBOX_MINE:
        return row->conversation.staff_id == call->staff_id &&
               row->conversation.state == CONVERSATION_ASSIGNED;
    case INBOX_WAITING:
        return row->conversation.state == CONVERSATION_WAITING;
    case INBOX_UNREAD:
        return row->unread > 0;
    case INBOX_CLOSED:
        return row->conversation.state == CONVERSATION_CLOSED;
    }
    return false;
}

/*
 * Walks the conversations from the latest changed and keeps the wanted ones; waiting ones come by
 * their own index, the longest waiting first.
 */
static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct inbox_state *state = call->state;
    struct conversation *conversations;
    size_t found = 0;
    enum status status = state->filter == INBOX_WAITING
                             ? conversation_list_waiting(tx, INBOX_SCAN, &conversations, &found)
                             : conversation_list(tx, state->before, state->before_customer_id,
                                   INBOX_SCAN, &conversations, &found);
    state->rows = ARENA_ARRAY(call->arena, (size_t)state->limit + 1, struct inbox_row);
    state->count = 0;
    state->unread = 0;
    for (size_t i = 0; status == STATUS_OK && i < found; i++) {
        struct inbox_row row = {.conversation = conversations[i]};
        status = load_row(tx, moment, call, &row);
        if (status != STATUS_OK || !is_wanted(state, call, &row))
            continue;
        state->unread += row.unread;
        state->more = state->count == (size_t)state->limit;
        if (state->more)
            break;
        state->rows[state->count++] = row;
    }
    int64_t before;
    if (status == STATUS_OK)
        status = conversation_count_waiting(tx, moment.now, &state->waiting, &before);
    return status;
}

static void list_answer(struct call *call) {
    const struct inbox_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < state->count; i++)
        write_row(&json, NULL, &state->rows[i]);
    json_close(&json);
    /* The waiting ones are not paged: who waits longest is served first. */
    if (state->more && state->filter != INBOX_WAITING) {
        const struct conversation *last = &state->rows[state->count - 1].conversation;
        json_string(&json, "next_cursor",
            arena_printf(call->arena, "%lld-%lld", (long long)last->updated_at.us,
                (long long)last->customer_id));
    } else {
        json_null(&json, "next_cursor");
    }
    json_integer(&json, "waiting", state->waiting);
    json_integer(&json, "unread", state->unread);
    json_close(&json);
    call_json(call, 200, &json);
}

static bool take_cursor(struct call *call, struct inbox_state *state) {
    state->before = (struct instant){INT64_MAX};
    state->before_customer_id = INT64_MAX;
    const char *cursor = call_query(call, "cursor");
    if (cursor == NULL)
        return true;
    long long us;
    long long customer_id;
    char rest;
    if (sscanf(cursor, "%19lld-%19lld%c", &us, &customer_id, &rest) != 2) {
        call_problem(call, PROBLEM_FIELD_INVALID, "cursor");
        return false;
    }
    state->before.us = us;
    state->before_customer_id = customer_id;
    return true;
}

static void get_inbox(struct call *call) {
    static const char *const known[] = {"filter", "cursor", "limit", NULL};
    struct inbox_state *state = new_state(call);
    if (!call_query_known(call, known) ||
        !call_query_integer(call, "limit", 1, 100, 20, &state->limit) || !take_cursor(call, state))
        return;
    const char *filter = call_query(call, "filter");
    for (size_t i = 0; filter != NULL && strcmp(filter, filter_names[i]) != 0;) {
        state->filter = (enum inbox_filter)++ i;
        if (filter_names[i] == NULL) {
            call_problem(call, PROBLEM_FIELD_INVALID, "filter");
            return;
        }
    }
    call_read(call, list_unit, list_answer);
}

/* ---- one conversation ---- */

static enum status load_own_row(
    struct tx *tx, struct moment moment, struct call *call, struct inbox_state *state) {
    enum status status = conversation_load(tx, state->customer_id, &state->row.conversation);
    state->found = status == STATUS_OK && state->row.conversation.state != CONVERSATION_NONE;
    return state->found ? load_row(tx, moment, call, &state->row) : status;
}

static enum status show_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct inbox_state *state = call->state;
    enum status status = load_own_row(tx, moment, call, state);
    if (status != STATUS_OK || !state->found) {
        tx_refuse(tx);
        return status;
    }
    status = load_chat_lines(tx, call->api->vault, state->customer_id, state->window, true,
        &state->lines, &state->line_count, &state->earlier);
    if (status == STATUS_OK)
        status = event_log_last(tx, EVENT_LOG_STAFF, &state->last_number);
    if (status == STATUS_OK)
        status =
            load_staff_customer(tx, moment, state->customer_id, &state->customer, &state->found);
    return status;
}

static void show_answer(struct call *call) {
    const struct inbox_state *state = call->state;
    if (!state->found) {
        call_problem(call, PROBLEM_CONVERSATION_NOT_FOUND, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    write_row(&json, "summary", &state->row);
    json_open(&json, "messages", '[');
    for (size_t i = 0; i < state->line_count; i++)
        write_chat_line(&json, NULL, &state->lines[i], true);
    json_close(&json);
    json_boolean(&json, "has_earlier", state->earlier);
    json_integer(&json, "read_by_customer", state->row.conversation.read_by_customer);
    json_integer(&json, "read_by_staff", state->row.conversation.read_by_staff);
    json_integer(&json, "last_number", state->last_number);
    write_staff_customer(&json, "customer", &state->customer);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_conversation(struct call *call) {
    static const char *const known[] = {"before", NULL};
    struct inbox_state *state = new_state(call);
    if (!take_customer(call, state) || !call_query_known(call, known) ||
        !call_query_integer(call, "before", 1, MONEY_MAX_FEN, 0, &state->window.before))
        return;
    state->window.latest = state->window.before == 0;
    call_audit(call, "conversation_viewed", state->customer_id, "conversation");
    call_write(call, state->customer_id, show_unit, show_answer);
}

/* ---- messages ---- */

static enum status send_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct inbox_state *state = call->state;
    struct staff staff;
    bool found;
    enum status status = staff_load(tx, call->staff_id, &staff, &found);
    if (status == STATUS_OK) {
        struct customer customer;
        state->command.staff_name = found ? staff.name : "";
        status = customer_load(tx, state->customer_id, &customer, &state->found);
    }
    if (status != STATUS_OK || !state->found) {
        tx_refuse(tx);
        return status;
    }
    status = send_chat_message(tx, moment, call->api->vault, &state->command, &state->sent);
    if (status == STATUS_OK && state->sent.outcome != SEND_CHAT_OK)
        tx_refuse(tx);
    return status;
}

static void send_answer(struct call *call) {
    const struct inbox_state *state = call->state;
    if (!state->found) {
        call_problem(call, PROBLEM_CUSTOMER_NOT_FOUND, NULL);
        return;
    }
    switch (state->sent.outcome) {
    case SEND_CHAT_CONFLICT:
        call_problem(call, PROBLEM_MESSAGE_CONFLICT, "client_id");
        return;
    case SEND_CHAT_OK:
        break;
    }
    struct json json = json_start(call->arena);
    write_chat_line(&json, NULL, &state->sent.line, true);
    call_json(call, 201, &json);
}

static void post_message(struct call *call) {
    struct inbox_state *state = new_state(call);
    struct decoder body;
    if (!take_customer(call, state) || !call_body(call, &body))
        return;
    state->command = (struct send_chat_message){
        .customer_id = state->customer_id,
        .sender = CHAT_STAFF,
        .staff_id = call->staff_id,
        .client_id = decode_text(&body, "client_id", 8, 64),
        .text = decode_text(&body, "text", 1, INBOX_TEXT_MAX),
        .note = decode_boolean(&body, "note"),
    };
    struct public_number order = {0};
    if (decode_has(&body, "order_id") && decode_number(&body, "order_id", PUBLIC_ORDER, &order)) {
        if (order.customer_id != state->customer_id)
            decode_problem(&body, "order_id", PROBLEM_ORDER_NOT_FOUND);
        state->command.order_id = order.id;
    }
    if (!decode_end(&body))
        return;
    call_audit(
        call, state->command.note ? "note_written" : "message_sent", state->customer_id, "chat");
    call_write(call, state->customer_id, send_unit, send_answer);
}

/* ---- assign, close, read ---- */

static void summary_answer(struct call *call) {
    const struct inbox_state *state = call->state;
    if (!state->staff_found) {
        call_problem(call, PROBLEM_STAFF_NOT_FOUND, "staff_id");
        return;
    }
    if (!state->found) {
        call_problem(call, PROBLEM_CONVERSATION_NOT_FOUND, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    write_row(&json, NULL, &state->row);
    call_json(call, 200, &json);
}

static enum status assign_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct inbox_state *state = call->state;
    struct staff staff = {0};
    enum status status = STATUS_OK;
    state->staff_found = true;
    if (state->staff_id != 0)
        status = staff_load(tx, state->staff_id, &staff, &state->staff_found);
    if (status == STATUS_OK && state->staff_found)
        status = assign_conversation(
            tx, moment, state->customer_id, state->staff_id, staff.name, &state->found);
    if (status == STATUS_OK && state->staff_found && state->found)
        return load_own_row(tx, moment, call, state);
    tx_refuse(tx);
    return status;
}

static void post_assign(struct call *call) {
    struct inbox_state *state = new_state(call);
    struct decoder body;
    if (!take_customer(call, state) || !call_body(call, &body))
        return;
    const char *staff = decode_text_or_null(&body, "staff_id", 1, 20);
    if (!decode_end(&body))
        return;
    char *end = NULL;
    state->staff_id = staff == NULL ? 0 : strtoll(staff, &end, 10);
    if (staff != NULL && (*end != '\0' || state->staff_id <= 0)) {
        call_problem(call, PROBLEM_STAFF_NOT_FOUND, "staff_id");
        return;
    }
    call_audit(call, "conversation_assigned", state->customer_id,
        state->staff_id == 0 ? "queue"
                             : arena_printf(call->arena, "staff %lld", (long long)state->staff_id));
    call_write(call, state->customer_id, assign_unit, summary_answer);
}

static enum status close_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct inbox_state *state = call->state;
    state->staff_found = true;
    enum status status = close_conversation(tx, moment, state->customer_id, &state->found);
    if (status == STATUS_OK && state->found)
        return load_own_row(tx, moment, call, state);
    tx_refuse(tx);
    return status;
}

static void post_close(struct call *call) {
    struct inbox_state *state = new_state(call);
    if (!take_customer(call, state))
        return;
    call_audit(call, "conversation_closed", state->customer_id, "conversation");
    call_write(call, state->customer_id, close_unit, summary_answer);
}

static enum status read_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    const struct inbox_state *state = call->state;
    return mark_chat_read(tx, moment, state->customer_id, CHAT_STAFF, state->number);
}

static void post_read(struct call *call) {
    struct inbox_state *state = new_state(call);
    struct decoder body;
    if (!take_customer(call, state) || !call_body(call, &body))
        return;
    state->number = decode_integer(&body, "number", 0, MONEY_MAX_FEN);
    if (!decode_end(&body))
        return;
    call_audit(call, "messages_read", state->customer_id,
        arena_printf(call->arena, "up to %lld", (long long)state->number));
    call_write(call, state->customer_id, read_unit, call_no_content);
}

static void post_typing(struct call *call) {
    struct inbox_state *state = new_state(call);
    if (!take_customer(call, state) || !call_known(call))
        return;
    event_hub_whisper(call->api->events, state->customer_id, "t", "\"typing\":{\"by\":\"staff\"}");
    call_no_content(call);
}

const struct api_route staff_chat_routes[] = {
    {HTTP_GET, "/staff/conversations", get_inbox, API_STAFF},
    {HTTP_GET, "/staff/conversations/{customer_id}", get_conversation, API_STAFF},
    {HTTP_POST, "/staff/conversations/{customer_id}/messages", post_message, API_STAFF},
    {HTTP_POST, "/staff/conversations/{customer_id}/assign", post_assign, API_STAFF},
    {HTTP_POST, "/staff/conversations/{customer_id}/close", post_close, API_STAFF},
    {HTTP_POST, "/staff/conversations/{customer_id}/read", post_read, API_STAFF},
    {HTTP_POST, "/staff/conversations/{customer_id}/typing", post_typing, API_STAFF},
    API_ROUTES_END,
};
