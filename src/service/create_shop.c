/* create_shop.c: a shop joins. Exports what create_shop.h declares. */
#include "service/create_shop.h"

#include "codec/sha256.h"
#include "codec/text_bytes.h"

enum { SECRET_SIZE = 24 };

enum status create_shop(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct new_shop *command, struct shop_secrets *secrets, bool *taken) {
    struct arena *arena = tx_arena(tx);
    struct shop *before;
    enum status status = shop_by_code(tx, command->code, &before);
    *taken = status == STATUS_OK && before != NULL;
    if (status != STATUS_OK || *taken)
        return status;
    uint8_t key[SECRET_SIZE];
    uint8_t secret[SECRET_SIZE];
    uint8_t nonce[VAULT_NONCE_SIZE];
    tx_random(tx, key, sizeof key);
    tx_random(tx, secret, sizeof secret);
    tx_random(tx, nonce, sizeof nonce);
    struct bytes secret_bytes = {secret, sizeof secret};
    struct shop shop = {
        .shop_id = tx_new_id(tx, moment.now),
        .code = command->code,
        .name = command->name,
        .webhook_url = command->webhook_url,
        .created_at = moment.now,
    };
    shop.webhook_secret = vault_seal(
        vault, VAULT_OPERATOR, "shop.webhook_secret", shop.shop_id, nonce, secret_bytes, arena);
    *secrets = (struct shop_secrets){
        .shop_id = shop.shop_id,
        .api_key = arena_printf(
            arena, "%s%s", command->key_prefix, hex_write(arena, (struct bytes){key, sizeof key})),
        .webhook_secret = arena_printf(arena, "whsec_%s", base64_write(arena, secret_bytes)),
    };
    status = shop_insert(tx, &shop);
    if (status == STATUS_OK)
        status = shop_key_insert(
            tx, sha256_hex(arena, bytes_of_text(secrets->api_key)), shop.shop_id, moment.now);
    return status;
}
