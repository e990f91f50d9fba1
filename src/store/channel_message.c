/* channel_message.c: raw notifications. Exports what channel_message.h declares. */
#include "store/channel_message.h"

#include "store/statement.h"

enum status channel_message_insert(
    struct tx *tx, const struct channel_message *message, bool *fresh) {
    int64_t inserted;
    struct statement *statement = statement_start(tx, QUERY_CHANNEL_MESSAGE_INSERT);
    statement_bind_integer(statement, 1, message->customer_id);
    statement_bind_integer(statement, 2, message->message_id);
    statement_bind_text(statement, 3, message->channel);
    statement_bind_text(statement, 4, message->kind);
    statement_bind_text(statement, 5, message->dedupe_key);
    statement_bind_integer(statement, 6, message->subject_id);
    statement_bind_integer(statement, 7, message->received_at.us);
    statement_bind_bytes(
        statement, 8, message->body.at == NULL ? bytes_of_text("") : message->body);
    enum status status = statement_run_changed(statement, &inserted);
    *fresh = inserted == 1;
    return status;
}

enum status channel_message_of_subject(struct tx *tx, int64_t customer_id, int64_t subject_id,
    int32_t limit, struct channel_message_list *list) {
    list->items = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct channel_message);
    list->count = 0;
    struct statement *statement = statement_start(tx, QUERY_CHANNEL_MESSAGE_OF_SUBJECT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, subject_id);
    statement_bind_integer(statement, 3, limit);
    while (statement_step(statement)) {
        struct channel_message *message = &list->items[list->count++];
        message->customer_id = customer_id;
        message->subject_id = subject_id;
        message->message_id = statement_integer(statement, 0);
        message->channel = statement_text(statement, 1);
        message->kind = statement_text(statement, 2);
        message->dedupe_key = statement_text(statement, 3);
        message->received_at = statement_instant(statement, 4);
        message->body = statement_bytes(statement, 5);
    }
    return statement_end(statement);
}
