/* chat_event.c: the events of a conversation. Exports what chat_event.h declares of events, and
 * write_chat_line(). */
#include "service/chat_event.h"

#include "base/public_number.h"
#include "store/event_log.h"

static void write_order(struct json *json, int64_t customer_id, int64_t order_id) {
    char number[PUBLIC_NUMBER_SIZE];
    json_string(json, "order_id",
        order_id == 0 ? NULL : public_number_write(PUBLIC_ORDER, customer_id, order_id, number));
}

void write_chat_line(
    struct json *json, const char *name, const struct chat_line *line, bool for_staff) {
    json_open(json, name, '{');
    json_integer(json, "number", line->number);
    json_string(json, "client_id", line->client_id);
    json_string(json, "from", chat_sender_name(line->sender));
    if (!for_staff) {
        json_string(json, "staff_name", line->staff_name);
    } else if (line->staff_id == 0) {
        json_null(json, "staff");
    } else {
        json_open(json, "staff", '{');
        json_id(json, "staff_id", line->staff_id);
        json_string(json, "name", line->staff_name == NULL ? "" : line->staff_name);
        json_close(json);
    }
    json_string(json, "text", line->text);
    if (for_staff)
        json_boolean(json, "note", line->note);
    write_order(json, line->customer_id, line->order_id);
    json_instant(json, "sent_at", line->sent_at);
    json_close(json);
}

/* The finished object without its outer braces, as event_log.h wants a payload. */
static char *payload_of(struct tx *tx, struct json *json) {
    json_close(json);
    char *text = json_text(json);
    size_t length = json->builder.length;
    return arena_text_n(tx_arena(tx), text + 1, length - 2);
}

static struct json start_payload(struct tx *tx) {
    struct json json = json_start(tx_arena(tx));
    json_open(&json, NULL, '{');
    return json;
}

enum status tell_chat_line(struct tx *tx, struct moment moment, const struct chat_line *line) {
    enum status status;
    if (line->note) { /* its number is taken, and nothing else is for the customer */
        status =
            event_log_put(tx, moment.now, line->customer_id, line->number, EVENT_LOG_SILENT, "");
    } else {
        struct json json = start_payload(tx);
        write_chat_line(&json, "message", line, false);
        status = event_log_put(
            tx, moment.now, line->customer_id, line->number, "m", payload_of(tx, &json));
    }
    if (status != STATUS_OK)
        return status;
    struct json json = start_payload(tx);
    json_id(&json, "customer_id", line->customer_id);
    write_chat_line(&json, "message", line, true);
    return event_log_append(tx, moment.now, EVENT_LOG_STAFF, "m", payload_of(tx, &json));
}

enum status tell_chat_state(struct tx *tx, struct moment moment,
    const struct conversation *conversation, const char *staff_name, const char *kind) {
    struct chat_queue queue;
    enum status status = load_chat_queue(tx, conversation, &queue);
    if (status != STATUS_OK)
        return status;
    struct json json = start_payload(tx);
    json_open(&json, "chat", '{');
    json_string(&json, "state", conversation_state_name(conversation->state));
    if (queue.position > 0) {
        json_integer(&json, "queue_position", queue.position);
        json_integer(&json, "estimate_s", queue.estimate_s);
    } else {
        json_null(&json, "queue_position");
        json_null(&json, "estimate_s");
    }
    json_string(
        &json, "staff_name", conversation->state == CONVERSATION_ASSIGNED ? staff_name : NULL);
    json_close(&json);
    status =
        event_log_append(tx, moment.now, conversation->customer_id, kind, payload_of(tx, &json));
    if (status != STATUS_OK)
        return status;
    json = start_payload(tx);
    json_id(&json, "customer_id", conversation->customer_id);
    return event_log_append(tx, moment.now, EVENT_LOG_STAFF, kind, payload_of(tx, &json));
}

enum status tell_chat_read(
    struct tx *tx, struct moment moment, int64_t customer_id, enum chat_sender by, int64_t number) {
    for (int log = 0; log < 2; log++) {
        struct json json = start_payload(tx);
        if (log == 1)
            json_id(&json, "customer_id", customer_id);
        json_open(&json, "read", '{');
        json_string(&json, "by", chat_sender_name(by));
        json_integer(&json, "number", number);
        json_close(&json);
        enum status status = event_log_append(tx, moment.now,
            log == 0 ? customer_id : EVENT_LOG_STAFF, "read", payload_of(tx, &json));
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
