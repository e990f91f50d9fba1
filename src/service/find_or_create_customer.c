/* find_or_create_customer.c: customers by phone. Exports what its header declares. */
#include "service/find_or_create_customer.h"

#include "base/check.h"
#include "base/mask.h"

#include <string.h>

static const char phone_label[] = "customer.phone";
static const char name_label[] = "customer.name";

bool phone_is_valid(const char *phone) {
    if (strlen(phone) != 11 || phone[0] != '1' || phone[1] < '3')
        return false;
    for (size_t i = 0; i < 11; i++)
        if (phone[i] < '0' || phone[i] > '9')
            return false;
    return true;
}

struct bytes phone_hash(const struct vault *vault, const char *phone, struct arena *arena) {
    check(phone_is_valid(phone));
    uint8_t *mac = arena_allocate(arena, VAULT_MAC_SIZE);
    vault_mac(vault, VAULT_PHONE_DIRECTORY, bytes_of_text(phone), mac);
    return (struct bytes){mac, VAULT_MAC_SIZE};
}

enum status find_customer(
    struct tx *tx, const struct vault *vault, const char *phone, int64_t *customer_id) {
    return phone_directory_find(tx, phone_hash(vault, phone, tx_arena(tx)), customer_id);
}

static enum status load_existing(struct tx *tx, int64_t customer_id, struct customer *customer) {
    bool found;
    enum status status = customer_load(tx, customer_id, customer, &found);
    if (status == STATUS_OK && !found)
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "phone_directory names a missing customer");
    return status;
}

static enum status create(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, const char *name, struct customer *customer) {
    struct arena *arena = tx_arena(tx);
    int64_t customer_id = tx_new_id(tx, moment.now);
    struct customer_key key;
    tx_random(tx, key.bytes, sizeof key.bytes);
    uint8_t nonce[VAULT_NONCE_SIZE];
    tx_random(tx, nonce, sizeof nonce);
    char masked[MASK_SIZE];
    *customer = (struct customer){
        .customer_id = customer_id,
        .created_at = moment.now,
        .key_sealed = vault_seal_key(vault, customer_id, &key, nonce, arena),
        .phone_masked = arena_text(arena, mask_phone(phone, masked)),
    };
    tx_random(tx, nonce, sizeof nonce);
    customer->phone_sealed =
        customer_seal_text(&key, phone_label, customer_id, nonce, phone, arena);
    enum status status = STATUS_OK;
    if (name != NULL)
        status = customer_set_name(tx, vault, name, customer);
    if (status == STATUS_OK)
        status = customer_insert(tx, customer);
    if (status == STATUS_OK)
        status = phone_directory_insert(tx, phone_hash(vault, phone, arena), customer_id);
    return status;
}

enum status find_or_create_customer(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, const char *name, struct customer *customer) {
    int64_t customer_id;
    enum status status = find_customer(tx, vault, phone, &customer_id);
    if (status != STATUS_OK)
        return status;
    if (customer_id != 0)
        return load_existing(tx, customer_id, customer);
    return create(tx, moment, vault, phone, name, customer);
}

enum status customer_key_open(struct tx *tx, const struct vault *vault,
    const struct customer *customer, struct customer_key *key) {
    if (!vault_open_key(vault, customer->customer_id, customer->key_sealed, key))
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "a customer's key does not open");
    return STATUS_OK;
}

enum status customer_set_name(
    struct tx *tx, const struct vault *vault, const char *name, struct customer *customer) {
    struct customer_key key;
    enum status status = customer_key_open(tx, vault, customer, &key);
    if (status != STATUS_OK)
        return status;
    uint8_t nonce[VAULT_NONCE_SIZE];
    tx_random(tx, nonce, sizeof nonce);
    char masked[MASK_SIZE];
    customer->name_sealed =
        customer_seal_text(&key, name_label, customer->customer_id, nonce, name, tx_arena(tx));
    customer->name_masked = arena_text(tx_arena(tx), mask_name(name, masked));
    return STATUS_OK;
}

static enum status open_text(struct tx *tx, const struct vault *vault,
    const struct customer *customer, const char *label, struct bytes sealed, char **text) {
    *text = NULL;
    if (sealed.at == NULL)
        return STATUS_OK;
    struct customer_key key;
    enum status status = customer_key_open(tx, vault, customer, &key);
    if (status != STATUS_OK)
        return status;
    *text = customer_open_text(&key, label, customer->customer_id, sealed, tx_arena(tx));
    if (*text == NULL)
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "%s does not open", label);
    return STATUS_OK;
}

enum status customer_open_name(
    struct tx *tx, const struct vault *vault, const struct customer *customer, char **name) {
    return open_text(tx, vault, customer, name_label, customer->name_sealed, name);
}

enum status customer_open_phone(
    struct tx *tx, const struct vault *vault, const struct customer *customer, char **phone) {
    return open_text(tx, vault, customer, phone_label, customer->phone_sealed, phone);
}
