/* session_token.c: what a session's cookie holds. Exports what session_token.h declares. */
#include "codec/session_token.h"

#include "codec/sha256.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = 8 + 8 + SESSION_SECRET_SIZE, HMAC_BLOCK = 64 };
_Static_assert(TOKEN_BYTES % 3 == 0, "whole groups of base64url");
_Static_assert((int)SESSION_SECRET_SIZE <= (int)HMAC_BLOCK, "a longer key would be hashed first");
_Static_assert(SESSION_TOKEN_TEXT_SIZE ==
                   sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
    "token text");
_Static_assert(
    CSRF_TOKEN_TEXT_SIZE == sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
    "csrf text");

static void put_number(uint8_t *at, int64_t value) {
    for (int i = 7; i >= 0; i--) {
        at[i] = (uint8_t)(value & 255);
        value >>= 8;
    }
}

static int64_t take_number(const uint8_t *at) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

char *session_token_write(const struct session_token *token, char text[SESSION_TOKEN_TEXT_SIZE]) {
    uint8_t bytes[TOKEN_BYTES];
    put_number(bytes, token->owner_id);
    put_number(bytes + 8, token->session_id);
    memcpy(bytes + 16, token->secret, SESSION_SECRET_SIZE);
    sodium_bin2base64(text, SESSION_TOKEN_TEXT_SIZE, bytes, sizeof bytes,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return text;
}

/*
 * The value of a character of base64url, 64 and more for any other. Ranges and no table: what the
 * cookie's secret is made of decides about no address in memory.
 */
static uint32_t value_of(unsigned char c) {
    uint32_t upper = (uint32_t)(c - 'A') < 26 ? (uint32_t)(c - 'A') + 1 : 0;
    uint32_t lower = (uint32_t)(c - 'a') < 26 ? (uint32_t)(c - 'a') + 27 : 0;
    uint32_t digit = (uint32_t)(c - '0') < 10 ? (uint32_t)(c - '0') + 53 : 0;
    uint32_t other = c == '-' ? 63 : c == '_' ? 64 : 0;
    return (upper | lower | digit | other) - 1;
}

/* Sixteen groups of four characters, three bytes each; false when a character is none of it. */
static bool read_bytes(const char *text, uint8_t bytes[TOKEN_BYTES]) {
    uint32_t wrong = 0;
    for (size_t i = 0; i < TOKEN_BYTES / 3; i++) {
        uint32_t group = 0;
        for (size_t j = 0; j < 4; j++) {
            uint32_t value = value_of((unsigned char)text[i * 4 + j]);
            wrong |= value >> 6;
            group = group << 6 | (value & 63);
        }
        bytes[i * 3] = (uint8_t)(group >> 16);
        bytes[i * 3 + 1] = (uint8_t)(group >> 8 & 255);
        bytes[i * 3 + 2] = (uint8_t)(group & 255);
    }
    return wrong == 0;
}

bool session_token_read(const char *text, struct session_token *token) {
    uint8_t bytes[TOKEN_BYTES];
    if (strlen(text) != SESSION_TOKEN_TEXT_SIZE - 1 || !read_bytes(text, bytes))
        return false;
    token->owner_id = take_number(bytes);
    token->session_id = take_number(bytes + 8);
    memcpy(token->secret, bytes + 16, SESSION_SECRET_SIZE);
    sodium_memzero(bytes, sizeof bytes);
    return token->owner_id > 0 && token->session_id > 0;
}

/* HMAC-SHA-256 (RFC 2104) of `use` under the secret, which is shorter than a block of 64 bytes. */
static void keyed_hash(const struct session_token *token, const char *use, uint8_t hash[32]) {
    uint8_t inner[HMAC_BLOCK];
    uint8_t outer[HMAC_BLOCK];
    for (size_t i = 0; i < HMAC_BLOCK; i++) {
        uint8_t key = i < sizeof token->secret ? token->secret[i] : 0;
        inner[i] = key ^ 0x36;
        outer[i] = key ^ 0x5c;
    }
    uint8_t digest[SHA256_SIZE];
    sha256_two((struct bytes){inner, sizeof inner}, bytes_of_text(use), digest);
    sha256_two((struct bytes){outer, sizeof outer}, (struct bytes){digest, sizeof digest}, hash);
    sodium_memzero(inner, sizeof inner);
    sodium_memzero(outer, sizeof outer);
}

void session_token_hash(const struct session_token *token, uint8_t hash[SESSION_HASH_SIZE]) {
    keyed_hash(token, "fenqi session", hash);
}

bool session_token_matches(
    const struct session_token *token, const uint8_t *hash, uint64_t length) {
    uint8_t own[SESSION_HASH_SIZE];
    session_token_hash(token, own);
    return length == sizeof own && sodium_memcmp(own, hash, sizeof own) == 0;
}

char *session_token_csrf(const struct session_token *token, char text[CSRF_TOKEN_TEXT_SIZE]) {
    uint8_t hash[32];
    keyed_hash(token, "fenqi csrf", hash);
    return sodium_bin2base64(
        text, CSRF_TOKEN_TEXT_SIZE, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool session_token_csrf_matches(const struct session_token *token, const char *header) {
    char own[CSRF_TOKEN_TEXT_SIZE];
    session_token_csrf(token, own);
    return header != NULL && strlen(header) == CSRF_TOKEN_TEXT_SIZE - 1 &&
           sodium_memcmp(own, header, CSRF_TOKEN_TEXT_SIZE - 1) == 0;
}
