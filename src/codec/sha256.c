/*
 * sha256.c: SHA-256 of bytes, by libsodium. See sha256.h.
 */
#include "codec/sha256.h"

#include <sodium.h>

void sha256(struct bytes message, uint8_t digest[SHA256_SIZE]) {
    crypto_hash_sha256(digest, message.at, message.length);
}

void sha256_two(struct bytes first, struct bytes second, uint8_t digest[SHA256_SIZE]) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, first.at, first.length);
    crypto_hash_sha256_update(&state, second.at, second.length);
    crypto_hash_sha256_final(&state, digest);
}

char *sha256_hex(struct arena *arena, struct bytes message) {
    uint8_t digest[SHA256_SIZE];
    sha256(message, digest);
    char *text = arena_allocate(arena, SHA256_HEX_SIZE);
    sodium_bin2hex(text, SHA256_HEX_SIZE, digest, SHA256_SIZE);
    return text;
}
