/* chat.c: a customer and staff talk. Exports what chat.h declares, but for reading and writing out.
 */
#include "service/chat.h"

#include "base/check.h"
#include "service/chat_event.h"
#include "service/find_or_create_customer.h"
#include "store/event_log.h"

#include <string.h>

static const char text_label[] = "chat.text";

/* The customer's own key. */
static enum status load_key(
    struct tx *tx, const struct vault *vault, int64_t customer_id, struct customer_key *key) {
    struct customer customer;
    bool found;
    enum status status = customer_load(tx, customer_id, &customer, &found);
    if (status == STATUS_OK && !found)
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND, "chat: no such customer");
    if (status == STATUS_OK)
        status = customer_key_open(tx, vault, &customer, key);
    return status;
}

enum status chat_line_open(struct tx *tx, const struct customer_key *key,
    const struct chat_message *message, struct chat_line *line) {
    *line = (struct chat_line){
        .customer_id = message->customer_id,
        .number = message->number,
        .client_id = message->client_id,
        .sender = message->sender,
        .staff_id = message->staff_id,
        .note = message->note,
        .order_id = message->order_id,
        .sent_at = message->sent_at,
        .text = customer_open_text(
            key, text_label, message->number, message->text_sealed, tx_arena(tx)),
    };
    if (line->text == NULL)
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "a chat text does not open");
    return STATUS_OK;
}

enum status load_chat_key(
    struct tx *tx, const struct vault *vault, int64_t customer_id, struct customer_key *key) {
    return load_key(tx, vault, customer_id, key);
}

/* Whether this client_id was used before; then the answer is the message that it stands for. */
static enum status find_repeated(struct tx *tx, const struct customer_key *key,
    const struct send_chat_message *command, struct send_chat_answer *answer, bool *repeated) {
    struct chat_message earlier;
    enum status status = chat_message_find_client(
        tx, command->customer_id, command->sender, command->client_id, &earlier, repeated);
    if (status != STATUS_OK || !*repeated)
        return status;
    status = chat_line_open(tx, key, &earlier, &answer->line);
    if (status != STATUS_OK)
        return status;
    bool same = strcmp(answer->line.text, command->text) == 0 &&
                answer->line.note == command->note && answer->line.staff_id == command->staff_id;
    answer->line.staff_name = command->staff_name;
    answer->outcome = same ? SEND_CHAT_OK : SEND_CHAT_CONFLICT;
    return STATUS_OK;
}

/* What a message does to the conversation; true when its state changed. */
static bool advance(struct conversation *conversation, const struct chat_line *line) {
    conversation->updated_at = line->sent_at;
    conversation->last_number = line->number;
    if (line->order_id != 0)
        conversation->order_id = line->order_id;
    if (line->note)
        return false;
    bool idle =
        conversation->state == CONVERSATION_NONE || conversation->state == CONVERSATION_CLOSED;
    if (line->sender == CHAT_CUSTOMER) {
        conversation->read_by_customer = line->number;
        if (!idle)
            return false;
        conversation->state = CONVERSATION_WAITING;
        conversation->waiting_since = line->sent_at;
        conversation->staff_id = 0;
        return true;
    }
    if (line->sender == CHAT_SYSTEM)
        return false;
    conversation->read_by_staff = line->number;
    if (conversation->state == CONVERSATION_ASSIGNED)
        return false;
    conversation->state = CONVERSATION_ASSIGNED;
    conversation->waiting_since = (struct instant){0};
    conversation->staff_id = line->staff_id;
    return true;
}

static enum status store_line(
    struct tx *tx, const struct customer_key *key, const struct chat_line *line) {
    uint8_t nonce[VAULT_NONCE_SIZE];
    tx_random(tx, nonce, sizeof nonce);
    return chat_message_insert(tx, &(struct chat_message){
                                       .customer_id = line->customer_id,
                                       .number = line->number,
                                       .client_id = line->client_id,
                                       .sender = line->sender,
                                       .staff_id = line->staff_id,
                                       .note = line->note,
                                       .text_sealed = customer_seal_text(key, text_label,
                                           line->number, nonce, line->text, tx_arena(tx)),
                                       .order_id = line->order_id,
                                       .sent_at = line->sent_at,
                                   });
}

static enum status add_line(
    struct tx *tx, struct moment moment, const struct customer_key *key, struct chat_line *line) {
    struct conversation conversation;
    enum status status = conversation_load(tx, line->customer_id, &conversation);
    if (status == STATUS_OK)
        status = event_log_take(tx, line->customer_id, &line->number);
    if (status == STATUS_OK)
        status = store_line(tx, key, line);
    if (status != STATUS_OK)
        return status;
    bool changed = advance(&conversation, line);
    status = conversation_save(tx, &conversation);
    if (status == STATUS_OK)
        status = tell_chat_line(tx, moment, line);
    if (status == STATUS_OK && changed)
        status = tell_chat_state(tx, moment, &conversation, line->staff_name, "state");
    return status;
}

enum status send_chat_message(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct send_chat_message *command, struct send_chat_answer *answer) {
    check(command->sender != CHAT_SYSTEM);
    check(!command->note || command->sender == CHAT_STAFF);
    *answer = (struct send_chat_answer){.outcome = SEND_CHAT_OK};
    struct customer_key key;
    enum status status = load_key(tx, vault, command->customer_id, &key);
    bool repeated = false;
    if (status == STATUS_OK)
        status = find_repeated(tx, &key, command, answer, &repeated);
    if (status != STATUS_OK || repeated)
        return status;
    answer->line = (struct chat_line){
        .customer_id = command->customer_id,
        .client_id = command->client_id,
        .sender = command->sender,
        .staff_id = command->staff_id,
        .staff_name = command->staff_name,
        .text = command->text,
        .note = command->note,
        .order_id = command->order_id,
        .sent_at = moment.now,
    };
    return add_line(tx, moment, &key, &answer->line);
}

enum status mark_chat_read(
    struct tx *tx, struct moment moment, int64_t customer_id, enum chat_sender by, int64_t number) {
    struct conversation conversation;
    enum status status = conversation_load(tx, customer_id, &conversation);
    if (status != STATUS_OK || conversation.state == CONVERSATION_NONE)
        return status;
    int64_t *mark = by == CHAT_STAFF ? &conversation.read_by_staff : &conversation.read_by_customer;
    int64_t reached = number < conversation.last_number ? number : conversation.last_number;
    if (reached <= *mark)
        return STATUS_OK;
    *mark = reached;
    status = conversation_save(tx, &conversation);
    if (status == STATUS_OK)
        status = tell_chat_read(tx, moment, customer_id, by, reached);
    return status;
}

enum status assign_conversation(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t staff_id, const char *staff_name, bool *found) {
    struct conversation conversation;
    enum status status = conversation_load(tx, customer_id, &conversation);
    *found = status == STATUS_OK && conversation.state != CONVERSATION_NONE;
    if (!*found)
        return status;
    conversation.staff_id = staff_id;
    conversation.updated_at = moment.now;
    if (staff_id == 0) {
        if (conversation.state != CONVERSATION_WAITING)
            conversation.waiting_since = moment.now;
        conversation.state = CONVERSATION_WAITING;
    } else {
        conversation.state = CONVERSATION_ASSIGNED;
        conversation.waiting_since = (struct instant){0};
    }
    status = conversation_save(tx, &conversation);
    if (status == STATUS_OK)
        status = tell_chat_state(tx, moment, &conversation, staff_name, "assign");
    return status;
}

enum status close_conversation(
    struct tx *tx, struct moment moment, int64_t customer_id, bool *found) {
    struct conversation conversation;
    enum status status = conversation_load(tx, customer_id, &conversation);
    *found = status == STATUS_OK && conversation.state != CONVERSATION_NONE;
    if (!*found || conversation.state == CONVERSATION_CLOSED)
        return status;
    conversation.state = CONVERSATION_CLOSED;
    conversation.waiting_since = (struct instant){0};
    conversation.updated_at = moment.now;
    status = conversation_save(tx, &conversation);
    if (status == STATUS_OK)
        status = tell_chat_state(tx, moment, &conversation, NULL, "state");
    return status;
}
