/* session_token.c: what a session's cookie holds. Exports what session_token.h declares. */
#include "codec/session_token.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = 8 + 8 + SESSION_SECRET_SIZE };
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

bool session_token_read(const char *text, struct session_token *token) {
    uint8_t bytes[TOKEN_BYTES];
    size_t length = 0;
    const char *end = NULL;
    size_t text_length = strlen(text);
    if (text_length != SESSION_TOKEN_TEXT_SIZE - 1 ||
        sodium_base642bin(bytes, sizeof bytes, text, text_length, NULL, &length, &end,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != TOKEN_BYTES || end != text + text_length)
        return false;
    token->owner_id = take_number(bytes);
    token->session_id = take_number(bytes + 8);
    memcpy(token->secret, bytes + 16, SESSION_SECRET_SIZE);
    sodium_memzero(bytes, sizeof bytes);
    return token->owner_id > 0 && token->session_id > 0;
}

static void keyed_hash(const struct session_token *token, const char *use, uint8_t hash[32]) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, token->secret, sizeof token->secret);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)use, strlen(use));
    crypto_auth_hmacsha256_final(&state, hash);
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
