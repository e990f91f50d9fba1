/*
 * sealed_stream.h: a long stream of bytes, sealed piece by piece. Exports: struct sealed_key,
 * struct sealed_stream, enum sealed_kind, seal_for_passphrase(), seal_for_recipient(),
 * sealed_kind_of(), unseal_by_passphrase(), unseal_by_identity(), sealed_identity(),
 * sealed_write_start(), sealed_push(), sealed_read_start(), sealed_pull().
 *
 * The stream begins with a preamble in the clear: a mark, the number of the format, how the key of
 * the stream is found, and the nonce. The key is either drawn from a passphrase (argon2id) or is
 * random and sealed to somebody's public key (X25519), so that who writes cannot read later. Then
 * come pieces under XChaCha20-Poly1305 (libsodium's secretstream): each but the last holds
 * SEALED_PIECE bytes, the last says that it is the last, and the first is bound to the preamble.
 * What was cut off, put in another order or changed by one bit does not open.
 */
#ifndef FENQI_CODEC_SEALED_STREAM_H
#define FENQI_CODEC_SEALED_STREAM_H

#include "base/arena.h"

enum {
    SEALED_FORMAT = 1,
    SEALED_PREAMBLE = 120,
    SEALED_PIECE = 64 * 1024,
    SEALED_OVERHEAD = 17, /* of each piece */
    SEALED_KEY_SIZE = 32,
};

/* The key of one stream. Wipe it after use. */
struct sealed_key {
    uint8_t bytes[SEALED_KEY_SIZE];
};

struct sealed_stream {
    uint8_t state[64]; /* libsodium's */
    uint8_t preamble[SEALED_PREAMBLE];
    bool begun; /* the first piece went through */
};

enum sealed_kind {
    SEALED_NOTHING, /* not such a stream */
    SEALED_NEWER,   /* of a later format */
    SEALED_PASSPHRASE,
    SEALED_RECIPIENT,
};

/* Makes a preamble and the key that belongs to it. False: no memory for argon2id (64 MB). */
bool seal_for_passphrase(
    uint8_t preamble[SEALED_PREAMBLE], struct bytes passphrase, struct sealed_key *key);
void seal_for_recipient(uint8_t preamble[SEALED_PREAMBLE],
    const uint8_t public_key[SEALED_KEY_SIZE], struct sealed_key *key);

enum sealed_kind sealed_kind_of(const uint8_t preamble[SEALED_PREAMBLE]);

/* The key of a stream of that kind. A wrong passphrase shows at the first piece only. */
bool unseal_by_passphrase(
    const uint8_t preamble[SEALED_PREAMBLE], struct bytes passphrase, struct sealed_key *key);
bool unseal_by_identity(const uint8_t preamble[SEALED_PREAMBLE],
    const uint8_t secret[SEALED_KEY_SIZE], struct sealed_key *key);

/* The public key of a secret one (32 random bytes). */
void sealed_identity(const uint8_t secret[SEALED_KEY_SIZE], uint8_t public_key[SEALED_KEY_SIZE]);

/* Completes the preamble with the stream's nonce: write it out first. */
void sealed_write_start(
    struct sealed_stream *stream, uint8_t preamble[SEALED_PREAMBLE], const struct sealed_key *key);

/* Seals `length` bytes (SEALED_PIECE unless it is the last piece) into length + SEALED_OVERHEAD. */
void sealed_push(
    struct sealed_stream *stream, const uint8_t *plain, size_t length, bool last, uint8_t *out);

/* False: the preamble is no such stream's. */
bool sealed_read_start(struct sealed_stream *stream, const uint8_t preamble[SEALED_PREAMBLE],
    const struct sealed_key *key);

/* Opens a piece of `length` bytes into length - SEALED_OVERHEAD; false: wrong key or changed. */
bool sealed_pull(
    struct sealed_stream *stream, const uint8_t *sealed, size_t length, uint8_t *out, bool *last);

#endif
