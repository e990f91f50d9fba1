/* load_account.c: a customer's own account. Exports what load_account.h declares. */
#include "service/load_account.h"

#include "service/find_or_create_customer.h"
#include "store/conversation.h"
#include "store/credit_balance.h"
#include "store/notice.h"

static enum status load_existing(struct tx *tx, int64_t customer_id, struct customer *customer) {
    bool found;
    enum status status = customer_load(tx, customer_id, customer, &found);
    if (status == STATUS_OK && !found)
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND, "no such customer");
    return status;
}

static enum status count_unread(struct tx *tx, int64_t customer_id, struct account *account) {
    struct conversation conversation;
    enum status status = conversation_load(tx, customer_id, &conversation);
    if (status == STATUS_OK)
        status = chat_message_count_after(tx, customer_id, conversation.read_by_customer,
            CHAT_CUSTOMER, &account->unread_messages);
    if (status == STATUS_OK)
        status = notice_count_unread(tx, customer_id, &account->unread_notices);
    return status;
}

enum status load_account(
    struct tx *tx, const struct vault *vault, int64_t customer_id, struct account *account) {
    struct customer customer;
    enum status status = load_existing(tx, customer_id, &customer);
    if (status != STATUS_OK)
        return status;
    *account = (struct account){
        .customer_id = customer_id,
        .phone_masked = customer.phone_masked,
        .has_password = customer.password_hash != NULL,
        .registered_at = customer.created_at,
    };
    char *name;
    status = customer_open_name(tx, vault, &customer, &name);
    account->name = name;
    if (status == STATUS_OK)
        status = credit_balance_load(tx, customer_id, &account->credit_balance);
    if (status == STATUS_OK)
        status = count_unread(tx, customer_id, account);
    return status;
}

enum status change_name(struct tx *tx, struct moment moment, const struct vault *vault,
    int64_t customer_id, const char *name) {
    (void)moment;
    struct customer customer;
    enum status status = load_existing(tx, customer_id, &customer);
    if (status == STATUS_OK)
        status = customer_set_name(tx, vault, name, &customer);
    if (status == STATUS_OK)
        status = customer_save(tx, &customer);
    return status;
}
