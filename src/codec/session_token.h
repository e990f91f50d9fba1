/*
 * session_token.h: what a session's cookie holds. Exports: struct session_token and its functions.
 *
 * The cookie names its row (owner and session id, so that it is found by primary key on its shard)
 * and carries a secret of which only a hash is stored. The CSRF token is a keyed hash under that
 * secret: it needs no storage and dies with the session.
 */
#ifndef FENQI_CODEC_SESSION_TOKEN_H
#define FENQI_CODEC_SESSION_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_SECRET_SIZE = 32,
    SESSION_HASH_SIZE = 32,
    SESSION_TOKEN_TEXT_SIZE = 65, /* 48 bytes in base64url, and NUL */
    CSRF_TOKEN_TEXT_SIZE = 44,    /* 32 bytes in base64url without padding, and NUL */
};

struct session_token {
    int64_t owner_id; /* customer_id or staff_id */
    int64_t session_id;
    uint8_t secret[SESSION_SECRET_SIZE]; /* random */
};

/* Writes the cookie's value into text; returns text. */
char *session_token_write(const struct session_token *token, char text[SESSION_TOKEN_TEXT_SIZE]);

/* Reads a cookie's value; false when it is not one of ours by form. */
bool session_token_read(const char *text, struct session_token *token);

/* The hash that is stored. */
void session_token_hash(const struct session_token *token, uint8_t hash[SESSION_HASH_SIZE]);

/* Whether the stored hash is this token's, in constant time. */
bool session_token_matches(const struct session_token *token, const uint8_t *hash, uint64_t length);

/* Writes the CSRF token that belongs to the session; returns text. */
char *session_token_csrf(const struct session_token *token, char text[CSRF_TOKEN_TEXT_SIZE]);

/* Constant-time comparison of a header with the session's CSRF token; NULL never matches. */
bool session_token_csrf_matches(const struct session_token *token, const char *header);

#endif
