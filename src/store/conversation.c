/* conversation.c: a customer's chat with staff. Exports what conversation.h declares. */
#include "store/conversation.h"

#include "base/check.h"
#include "store/statement.h"

#include <string.h>

const char *conversation_state_name(enum conversation_state state) {
    switch (state) {
    case CONVERSATION_NONE:
        return "none";
    case CONVERSATION_WAITING:
        return "waiting";
    case CONVERSATION_ASSIGNED:
        return "assigned";
    case CONVERSATION_CLOSED:
        return "closed";
    }
    check(false);
    return "";
}

const char *chat_sender_name(enum chat_sender sender) {
    switch (sender) {
    case CHAT_CUSTOMER:
        return "customer";
    case CHAT_STAFF:
        return "staff";
    case CHAT_SYSTEM:
        return "system";
    }
    check(false);
    return "";
}

static bool state_from_name(const char *name, enum conversation_state *state) {
    for (int candidate = CONVERSATION_NONE; candidate <= CONVERSATION_CLOSED; candidate++)
        if (name != NULL &&
            strcmp(name, conversation_state_name((enum conversation_state)candidate)) == 0) {
            *state = (enum conversation_state)candidate;
            return true;
        }
    return false;
}

/* Reads the columns from `first` on; false when the state is unknown. */
static bool read_conversation(struct statement *statement, int first, int64_t customer_id,
    struct conversation *conversation) {
    *conversation = (struct conversation){
        .customer_id = customer_id,
        .waiting_since = {statement_integer(statement, first + 1)},
        .staff_id = statement_integer(statement, first + 2),
        .order_id = statement_integer(statement, first + 3),
        .last_number = statement_integer(statement, first + 4),
        .read_by_customer = statement_integer(statement, first + 5),
        .read_by_staff = statement_integer(statement, first + 6),
        .updated_at = statement_instant(statement, first + 7),
    };
    return state_from_name(statement_text(statement, first), &conversation->state);
}

static enum status end_checked(struct tx *tx, struct statement *statement, bool sound) {
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !sound)
        status =
            fault_set(tx_fault(tx), STATUS_CORRUPT, "conversation: an unknown state or sender");
    return status;
}

enum status conversation_load(
    struct tx *tx, int64_t customer_id, struct conversation *conversation) {
    struct statement *statement = statement_start(tx, QUERY_CONVERSATION_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    *conversation = (struct conversation){.customer_id = customer_id};
    bool sound = true;
    if (statement_step(statement))
        sound = read_conversation(statement, 0, customer_id, conversation);
    return end_checked(tx, statement, sound);
}

enum status conversation_save(struct tx *tx, const struct conversation *conversation) {
    struct statement *statement = statement_start(tx, QUERY_CONVERSATION_SAVE);
    statement_bind_integer(statement, 1, conversation->customer_id);
    statement_bind_text(statement, 2, conversation_state_name(conversation->state));
    statement_bind_integer(statement, 3, conversation->waiting_since.us);
    statement_bind_integer(statement, 4, conversation->staff_id);
    statement_bind_integer(statement, 5, conversation->order_id);
    statement_bind_integer(statement, 6, conversation->last_number);
    statement_bind_integer(statement, 7, conversation->read_by_customer);
    statement_bind_integer(statement, 8, conversation->read_by_staff);
    statement_bind_instant(statement, 9, conversation->updated_at);
    return statement_run(statement);
}

static enum status read_list(struct tx *tx, struct statement *statement, size_t limit,
    struct conversation **conversations, size_t *count) {
    *conversations = ARENA_ARRAY(tx_arena(tx), limit, struct conversation);
    *count = 0;
    bool sound = true;
    while (*count < limit && statement_step(statement)) {
        sound = read_conversation(
                    statement, 1, statement_integer(statement, 0), &(*conversations)[*count]) &&
                sound;
        (*count)++;
    }
    return end_checked(tx, statement, sound);
}

enum status conversation_list(struct tx *tx, struct instant before, int64_t before_customer_id,
    size_t limit, struct conversation **conversations, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONVERSATION_LIST);
    statement_bind_instant(statement, 1, before);
    statement_bind_integer(statement, 2, before_customer_id);
    statement_bind_integer(statement, 3, (int64_t)limit);
    return read_list(tx, statement, limit, conversations, count);
}

enum status conversation_list_waiting(
    struct tx *tx, size_t limit, struct conversation **conversations, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONVERSATION_LIST_WAITING);
    statement_bind_integer(statement, 1, (int64_t)limit);
    return read_list(tx, statement, limit, conversations, count);
}

enum status conversation_count_waiting(
    struct tx *tx, struct instant since, int64_t *waiting, int64_t *before) {
    struct statement *statement = statement_start(tx, QUERY_CONVERSATION_COUNT_WAITING);
    statement_bind_integer(statement, 1, since.us);
    bool row = statement_step(statement);
    *waiting = row ? statement_integer(statement, 0) : 0;
    *before = row ? statement_integer(statement, 1) : 0;
    return statement_end(statement);
}

enum status chat_message_insert(struct tx *tx, const struct chat_message *message) {
    struct statement *statement = statement_start(tx, QUERY_CHAT_MESSAGE_INSERT);
    statement_bind_integer(statement, 1, message->customer_id);
    statement_bind_integer(statement, 2, message->number);
    statement_bind_text(statement, 3, message->client_id);
    statement_bind_text(statement, 4, chat_sender_name(message->sender));
    statement_bind_integer(statement, 5, message->staff_id);
    statement_bind_boolean(statement, 6, message->note);
    statement_bind_bytes(statement, 7, message->text_sealed);
    statement_bind_integer(statement, 8, message->order_id);
    statement_bind_instant(statement, 9, message->sent_at);
    return statement_run(statement);
}

static bool read_message(
    struct statement *statement, int64_t customer_id, struct chat_message *message) {
    *message = (struct chat_message){
        .customer_id = customer_id,
        .number = statement_integer(statement, 0),
        .client_id = statement_text(statement, 1),
        .staff_id = statement_integer(statement, 3),
        .note = statement_boolean(statement, 4),
        .text_sealed = statement_bytes(statement, 5),
        .order_id = statement_integer(statement, 6),
        .sent_at = statement_instant(statement, 7),
    };
    const char *sender = statement_text(statement, 2);
    for (int candidate = CHAT_CUSTOMER; candidate <= CHAT_SYSTEM; candidate++)
        if (sender != NULL && strcmp(sender, chat_sender_name((enum chat_sender)candidate)) == 0) {
            message->sender = (enum chat_sender)candidate;
            return true;
        }
    return false;
}

enum status chat_message_find_client(struct tx *tx, int64_t customer_id, enum chat_sender sender,
    const char *client_id, struct chat_message *message, bool *found) {
    struct statement *statement = statement_start(tx, QUERY_CHAT_MESSAGE_FIND_CLIENT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_text(statement, 2, chat_sender_name(sender));
    statement_bind_text(statement, 3, client_id);
    *found = statement_step(statement);
    bool sound = !*found || read_message(statement, customer_id, message);
    return end_checked(tx, statement, sound);
}

static enum status list_messages(struct tx *tx, enum query query, int64_t customer_id, int64_t from,
    size_t limit, struct chat_message **messages, size_t *count) {
    struct statement *statement = statement_start(tx, query);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, from);
    statement_bind_integer(statement, 3, (int64_t)limit);
    *messages = ARENA_ARRAY(tx_arena(tx), limit, struct chat_message);
    *count = 0;
    bool sound = true;
    while (*count < limit && statement_step(statement)) {
        sound = read_message(statement, customer_id, &(*messages)[*count]) && sound;
        (*count)++;
    }
    return end_checked(tx, statement, sound);
}

enum status chat_message_list_after(struct tx *tx, int64_t customer_id, int64_t after, size_t limit,
    struct chat_message **messages, size_t *count) {
    return list_messages(
        tx, QUERY_CHAT_MESSAGE_LIST_AFTER, customer_id, after, limit, messages, count);
}

enum status chat_message_list_before(struct tx *tx, int64_t customer_id, int64_t before,
    size_t limit, struct chat_message **messages, size_t *count) {
    enum status status = list_messages(
        tx, QUERY_CHAT_MESSAGE_LIST_BEFORE, customer_id, before, limit, messages, count);
    for (size_t low = 0, high = *count; low + 1 < high; low++, high--) {
        struct chat_message swapped = (*messages)[low];
        (*messages)[low] = (*messages)[high - 1];
        (*messages)[high - 1] = swapped;
    }
    return status;
}

enum status chat_message_count_after(
    struct tx *tx, int64_t customer_id, int64_t after, enum chat_sender sender, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CHAT_MESSAGE_COUNT_AFTER);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, after);
    statement_bind_text(statement, 3, chat_sender_name(sender));
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}
