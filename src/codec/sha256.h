/*
 * sha256.h: SHA-256 of bytes, for cost tables, request bodies and the journal's chains. Exports:
 * SHA256_SIZE, sha256(), sha256_two(), sha256_hex().
 */
#ifndef FENQI_CODEC_SHA256_H
#define FENQI_CODEC_SHA256_H

#include "base/arena.h"

enum { SHA256_SIZE = 32, SHA256_HEX_SIZE = 65 };

void sha256(struct bytes message, uint8_t digest[SHA256_SIZE]);

/* Of `first` followed by `second`: the step of a hash chain. */
void sha256_two(struct bytes first, struct bytes second, uint8_t digest[SHA256_SIZE]);

/* The digest in 64 lower-case hexadecimal characters, in `arena`. */
char *sha256_hex(struct arena *arena, struct bytes message);

#endif
