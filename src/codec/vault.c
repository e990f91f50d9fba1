/* vault.c: sealing under derived keys. Exports what vault.h declares. */
#include "codec/vault.h"

#include "base/builder.h"
#include "base/check.h"

#include <sodium.h>
#include <string.h>

_Static_assert(VAULT_NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(
    VAULT_OVERHEAD == VAULT_NONCE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "overhead");
_Static_assert(VAULT_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(VAULT_MAC_SIZE == crypto_auth_hmacsha256_BYTES, "mac");
_Static_assert(VAULT_KEY_SIZE == crypto_kdf_KEYBYTES, "master key");

bool vault_library_start(void) {
    return sodium_init() >= 0;
}

static void derive(const struct vault *vault, enum vault_use use, uint8_t key[VAULT_KEY_SIZE]) {
    check(crypto_kdf_derive_from_key(
              key, VAULT_KEY_SIZE, (uint64_t)use, "fenqi-v1", vault->master_key) == 0);
}

void vault_mac(const struct vault *vault, enum vault_use use, struct bytes message,
    uint8_t mac[VAULT_MAC_SIZE]) {
    uint8_t key[VAULT_KEY_SIZE];
    derive(vault, use, key);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, sizeof key);
    crypto_auth_hmacsha256_update(&state, message.at, message.length);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(key, sizeof key);
}

_Static_assert(SIGNATURE_SIZE == crypto_sign_BYTES, "signature");
_Static_assert(PUBLIC_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "public key");
_Static_assert(VAULT_KEY_SIZE == crypto_sign_SEEDBYTES, "seed");

void vault_sign(const struct vault *vault, enum vault_use use, struct bytes message,
    uint8_t signature[SIGNATURE_SIZE], uint8_t public_key[PUBLIC_KEY_SIZE]) {
    uint8_t seed[VAULT_KEY_SIZE], secret[crypto_sign_SECRETKEYBYTES];
    derive(vault, use, seed);
    check(crypto_sign_seed_keypair(public_key, secret, seed) == 0);
    check(crypto_sign_detached(signature, NULL, message.at, message.length, secret) == 0);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
}

bool signature_is_genuine(const uint8_t signature[SIGNATURE_SIZE],
    const uint8_t public_key[PUBLIC_KEY_SIZE], struct bytes message) {
    return crypto_sign_verify_detached(signature, message.at, message.length, public_key) == 0;
}

/* The place that a sealed value is bound to: label, NUL, id in decimal. */
static struct bytes place_of(struct arena *arena, const char *label, int64_t id) {
    struct builder place = builder_start(arena, 64);
    builder_add_n(&place, label, strlen(label) + 1);
    builder_add_integer(&place, id);
    return builder_bytes(&place);
}

static struct bytes seal(const uint8_t key[VAULT_KEY_SIZE], const char *label, int64_t id,
    const uint8_t nonce[VAULT_NONCE_SIZE], struct bytes plain, struct arena *arena) {
    struct bytes place = place_of(arena, label, id);
    uint8_t *out = arena_allocate(arena, plain.length + VAULT_OVERHEAD);
    memcpy(out, nonce, VAULT_NONCE_SIZE);
    unsigned long long length = 0;
    check(crypto_aead_xchacha20poly1305_ietf_encrypt(out + VAULT_NONCE_SIZE, &length, plain.at,
              plain.length, place.at, place.length, NULL, nonce, key) == 0);
    return (struct bytes){out, VAULT_NONCE_SIZE + (size_t)length};
}

static bool open_sealed(const uint8_t key[VAULT_KEY_SIZE], const char *label, int64_t id,
    struct bytes sealed, struct arena *arena, struct bytes *plain) {
    if (sealed.length < VAULT_OVERHEAD)
        return false;
    struct bytes place = place_of(arena, label, id);
    /* One byte more, so that a text can be read as a NUL-terminated one. */
    uint8_t *out = arena_allocate(arena, sealed.length - VAULT_OVERHEAD + 1);
    unsigned long long length = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &length, NULL, sealed.at + VAULT_NONCE_SIZE,
            sealed.length - VAULT_NONCE_SIZE, place.at, place.length, sealed.at, key) != 0)
        return false;
    *plain = (struct bytes){out, (size_t)length};
    return true;
}

struct bytes vault_seal(const struct vault *vault, enum vault_use use, const char *label,
    int64_t id, const uint8_t nonce[VAULT_NONCE_SIZE], struct bytes plain, struct arena *arena) {
    uint8_t key[VAULT_KEY_SIZE];
    derive(vault, use, key);
    struct bytes sealed = seal(key, label, id, nonce, plain, arena);
    sodium_memzero(key, sizeof key);
    return sealed;
}

bool vault_open(const struct vault *vault, enum vault_use use, const char *label, int64_t id,
    struct bytes sealed, struct arena *arena, struct bytes *plain) {
    uint8_t key[VAULT_KEY_SIZE];
    derive(vault, use, key);
    bool opened = open_sealed(key, label, id, sealed, arena, plain);
    sodium_memzero(key, sizeof key);
    return opened;
}

struct bytes vault_seal_key(const struct vault *vault, int64_t customer_id,
    const struct customer_key *key, const uint8_t nonce[VAULT_NONCE_SIZE], struct arena *arena) {
    return vault_seal(vault, VAULT_CUSTOMER_KEYS, "customer.key", customer_id, nonce,
        (struct bytes){key->bytes, sizeof key->bytes}, arena);
}

bool vault_open_key(
    const struct vault *vault, int64_t customer_id, struct bytes sealed, struct customer_key *key) {
    FENQI_ARENA arena = arena_create(256);
    struct bytes plain;
    if (!vault_open(
            vault, VAULT_CUSTOMER_KEYS, "customer.key", customer_id, sealed, arena, &plain) ||
        plain.length != sizeof key->bytes)
        return false;
    memcpy(key->bytes, plain.at, sizeof key->bytes);
    sodium_memzero((void *)(uintptr_t)plain.at, plain.length);
    return true;
}

struct bytes customer_seal(const struct customer_key *key, const char *label, int64_t id,
    const uint8_t nonce[VAULT_NONCE_SIZE], struct bytes plain, struct arena *arena) {
    return seal(key->bytes, label, id, nonce, plain, arena);
}

bool customer_open(const struct customer_key *key, const char *label, int64_t id,
    struct bytes sealed, struct arena *arena, struct bytes *plain) {
    return open_sealed(key->bytes, label, id, sealed, arena, plain);
}

struct bytes customer_seal_text(const struct customer_key *key, const char *label, int64_t id,
    const uint8_t nonce[VAULT_NONCE_SIZE], const char *text, struct arena *arena) {
    return customer_seal(key, label, id, nonce, bytes_of_text(text), arena);
}

char *customer_open_text(const struct customer_key *key, const char *label, int64_t id,
    struct bytes sealed, struct arena *arena) {
    struct bytes plain;
    if (!customer_open(key, label, id, sealed, arena, &plain))
        return NULL;
    return (char *)(uintptr_t)plain.at;
}
