/* hmac.c: HMAC-SHA256 over libsodium. */
#include "codec/hmac.h"

#include <sodium.h>

void hmac_sha256(struct bytes key, struct bytes message, uint8_t mac[HMAC_SHA256_SIZE]) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.at, key.length);
    crypto_auth_hmacsha256_update(&state, message.at, message.length);
    crypto_auth_hmacsha256_final(&state, mac);
}
