/*
 * token.h: random texts that outsiders carry: checkout links, API keys, one-time codes. Exports:
 * token_write(), token_digits(), base64url_write(), base64url_read().
 *
 * The randomness is given (tx_random()), so that tests and the demo repeat; what is stored is a
 * hash, never the token.
 */
#ifndef FENQI_CODEC_TOKEN_H
#define FENQI_CODEC_TOKEN_H

#include "base/arena.h"

enum { TOKEN_RANDOM_SIZE = 24, TOKEN_LENGTH = 32 };

/* 32 characters of base64url from 24 random bytes (192 bits), NUL-terminated. */
char *token_write(struct arena *arena, const uint8_t random[TOKEN_RANDOM_SIZE]);

/*
 * `count` (1..9) decimal digits from 8 random bytes, NUL-terminated. The bias, 10^9 / 2^64, is
 * beyond measuring.
 */
char *token_digits(struct arena *arena, const uint8_t random[8], int count);

/* RFC 4648 base64url without padding, NUL-terminated. */
char *base64url_write(struct arena *arena, struct bytes bytes);

/* Strict: no padding, no other letters, no stray bits; false otherwise. */
bool base64url_read(struct arena *arena, struct bytes text, struct bytes *out);

#endif
