/* sealed_stream.c: see sealed_stream.h. */
#include "codec/sealed_stream.h"

#include "base/check.h"

#include <sodium.h>
#include <string.h>

/* Where things stand in the preamble. */
enum {
    AT_FORMAT = 8,
    AT_KIND = 9,
    AT_LOCK = 16, /* passphrase: salt, passes, KiB of memory; recipient: the sealed key */
    AT_PASSES = AT_LOCK + 16,
    AT_MEMORY = AT_PASSES + 4,
    AT_NONCE = 96,
};

enum { PASSES = 3, MEMORY_KIB = 64 * 1024, PASSES_MAX = 100, MEMORY_KIB_MAX = 1024 * 1024 };

static const uint8_t mark[8] = {'F', 'E', 'N', 'Q', 'I', 'B', 'A', 'K'};

_Static_assert(
    sizeof(crypto_secretstream_xchacha20poly1305_state) <= sizeof((struct sealed_stream){0}.state),
    "state");
_Static_assert(SEALED_KEY_SIZE == crypto_secretstream_xchacha20poly1305_KEYBYTES, "key");
_Static_assert(SEALED_OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES, "overhead");
_Static_assert(
    AT_NONCE + crypto_secretstream_xchacha20poly1305_HEADERBYTES == SEALED_PREAMBLE, "nonce");
_Static_assert(AT_LOCK + crypto_box_SEALBYTES + SEALED_KEY_SIZE == AT_NONCE, "sealed key");
_Static_assert(AT_PASSES == AT_LOCK + crypto_pwhash_SALTBYTES, "salt");
_Static_assert(SEALED_KEY_SIZE == crypto_box_PUBLICKEYBYTES, "public key");
_Static_assert(SEALED_KEY_SIZE == crypto_box_SECRETKEYBYTES, "secret key");

static void put_number(uint8_t *at, uint32_t number) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(number >> 8 * i);
}

static uint32_t number_at(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void start_preamble(uint8_t preamble[SEALED_PREAMBLE], enum sealed_kind kind) {
    memset(preamble, 0, SEALED_PREAMBLE);
    memcpy(preamble, mark, sizeof mark);
    preamble[AT_FORMAT] = SEALED_FORMAT;
    preamble[AT_KIND] = (uint8_t)kind;
}

enum sealed_kind sealed_kind_of(const uint8_t preamble[SEALED_PREAMBLE]) {
    if (memcmp(preamble, mark, sizeof mark) != 0 || preamble[AT_FORMAT] == 0)
        return SEALED_NOTHING;
    if (preamble[AT_FORMAT] > SEALED_FORMAT)
        return SEALED_NEWER;
    uint8_t kind = preamble[AT_KIND];
    return kind == SEALED_PASSPHRASE || kind == SEALED_RECIPIENT ? (enum sealed_kind)kind
                                                                 : SEALED_NOTHING;
}

static bool derive(
    const uint8_t preamble[SEALED_PREAMBLE], struct bytes passphrase, struct sealed_key *key) {
    uint32_t passes = number_at(preamble + AT_PASSES), memory = number_at(preamble + AT_MEMORY);
    if (passes < 1 || passes > PASSES_MAX || memory < 8 || memory > MEMORY_KIB_MAX)
        return false;
    return crypto_pwhash(key->bytes, sizeof key->bytes, (const char *)passphrase.at,
               passphrase.length, preamble + AT_LOCK, passes, (size_t)memory * 1024,
               crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool seal_for_passphrase(
    uint8_t preamble[SEALED_PREAMBLE], struct bytes passphrase, struct sealed_key *key) {
    start_preamble(preamble, SEALED_PASSPHRASE);
    randombytes_buf(preamble + AT_LOCK, crypto_pwhash_SALTBYTES);
    put_number(preamble + AT_PASSES, PASSES);
    put_number(preamble + AT_MEMORY, MEMORY_KIB);
    return derive(preamble, passphrase, key);
}

void seal_for_recipient(uint8_t preamble[SEALED_PREAMBLE],
    const uint8_t public_key[SEALED_KEY_SIZE], struct sealed_key *key) {
    start_preamble(preamble, SEALED_RECIPIENT);
    crypto_secretstream_xchacha20poly1305_keygen(key->bytes);
    check(crypto_box_seal(preamble + AT_LOCK, key->bytes, sizeof key->bytes, public_key) == 0);
}

bool unseal_by_passphrase(
    const uint8_t preamble[SEALED_PREAMBLE], struct bytes passphrase, struct sealed_key *key) {
    return sealed_kind_of(preamble) == SEALED_PASSPHRASE && derive(preamble, passphrase, key);
}

void sealed_identity(const uint8_t secret[SEALED_KEY_SIZE], uint8_t public_key[SEALED_KEY_SIZE]) {
    check(crypto_scalarmult_base(public_key, secret) == 0);
}

bool unseal_by_identity(const uint8_t preamble[SEALED_PREAMBLE],
    const uint8_t secret[SEALED_KEY_SIZE], struct sealed_key *key) {
    uint8_t public_key[SEALED_KEY_SIZE];
    if (sealed_kind_of(preamble) != SEALED_RECIPIENT)
        return false;
    sealed_identity(secret, public_key);
    return crypto_box_seal_open(key->bytes, preamble + AT_LOCK,
               crypto_box_SEALBYTES + SEALED_KEY_SIZE, public_key, secret) == 0;
}

static crypto_secretstream_xchacha20poly1305_state *state_of(struct sealed_stream *stream) {
    return (crypto_secretstream_xchacha20poly1305_state *)(void *)stream->state;
}

void sealed_write_start(
    struct sealed_stream *stream, uint8_t preamble[SEALED_PREAMBLE], const struct sealed_key *key) {
    check(crypto_secretstream_xchacha20poly1305_init_push(
              state_of(stream), preamble + AT_NONCE, key->bytes) == 0);
    memcpy(stream->preamble, preamble, SEALED_PREAMBLE);
    stream->begun = false;
}

/* What a piece is bound to besides its place: the first one to the preamble. */
static struct bytes bound_to(struct sealed_stream *stream) {
    struct bytes bound = {stream->preamble, stream->begun ? 0 : SEALED_PREAMBLE};
    stream->begun = true;
    return bound;
}

void sealed_push(
    struct sealed_stream *stream, const uint8_t *plain, size_t length, bool last, uint8_t *out) {
    check(length == SEALED_PIECE || (last && length < SEALED_PIECE));
    struct bytes bound = bound_to(stream);
    check(crypto_secretstream_xchacha20poly1305_push(state_of(stream), out, NULL, plain, length,
              bound.at, bound.length,
              last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                   : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE) == 0);
}

bool sealed_read_start(struct sealed_stream *stream, const uint8_t preamble[SEALED_PREAMBLE],
    const struct sealed_key *key) {
    memcpy(stream->preamble, preamble, SEALED_PREAMBLE);
    stream->begun = false;
    return crypto_secretstream_xchacha20poly1305_init_pull(
               state_of(stream), preamble + AT_NONCE, key->bytes) == 0;
}

bool sealed_pull(
    struct sealed_stream *stream, const uint8_t *sealed, size_t length, uint8_t *out, bool *last) {
    uint8_t tag = 0;
    struct bytes bound = bound_to(stream);
    if (length < SEALED_OVERHEAD ||
        crypto_secretstream_xchacha20poly1305_pull(
            state_of(stream), out, NULL, &tag, sealed, length, bound.at, bound.length) != 0)
        return false;
    *last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return *last || length == SEALED_PIECE + SEALED_OVERHEAD;
}
