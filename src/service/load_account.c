/* load_account.c: a customer's own account. Exports what load_account.h declares. */
#include "service/load_account.h"

#include "service/find_or_create_customer.h"

static enum status load_existing(struct tx *tx, int64_t customer_id, struct customer *customer) {
    bool found;
    enum status status = customer_load(tx, customer_id, customer, &found);
    if (status == STATUS_OK && !found)
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND, "no such customer");
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
    struct customer_counts counts = {0};
    if (status == STATUS_OK)
        status = customer_counts_load(tx, customer_id, &counts);
    account->credit_balance = counts.credit_balance;
    account->unread_messages = counts.unread_messages;
    account->unread_notices = counts.unread_notices;
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
