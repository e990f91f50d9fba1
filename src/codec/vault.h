/*
 * vault.h: the keys under which personal data and secrets stand. Exports: struct vault, struct
 * customer_key, vault_mac(), vault_sign(), signature_is_genuine(), vault_seal(), vault_open(),
 * vault_seal_key(), vault_open_key(), customer_seal(), customer_open(), customer_seal_text(),
 * customer_open_text().
 *
 * One 32-byte master key per installation. From it come, by keyed hashing, one key a use; under it
 * are sealed the keys of the customers, and under a customer's key everything that tells who the
 * person is. Destroying a customer's sealed key erases the person (PIPL art 47) while the books
 * still verify.
 *
 * Sealing is XChaCha20-Poly1305 (libsodium): 24 bytes of nonce given by the caller, then the
 * ciphertext with its 16-byte tag. What is sealed is bound to its place by `label` and an id, so
 * that a value moved to another row does not open.
 */
#ifndef FENQI_CODEC_VAULT_H
#define FENQI_CODEC_VAULT_H

#include "base/arena.h"

enum { VAULT_KEY_SIZE = 32, VAULT_MAC_SIZE = 32, VAULT_NONCE_SIZE = 24, VAULT_OVERHEAD = 24 + 16 };

struct vault {
    uint8_t master_key[VAULT_KEY_SIZE];
};

struct customer_key {
    uint8_t bytes[VAULT_KEY_SIZE];
};

/* What a key derived from the master key is for. The numbers are stored facts: never reorder. */
enum vault_use {
    VAULT_PHONE_DIRECTORY = 1, /* phone number → row of phone_directory */
    VAULT_ONE_TIME_CODE = 2,   /* one-time code → its stored hash */
    VAULT_RECEIPT = 3,         /* receipt → the short proof in its QR code */
    VAULT_CUSTOMER_KEYS = 4,   /* seals customers' keys */
    VAULT_OPERATOR = 5,        /* seals the operator's own secrets: webhook keys, TOTP seeds */
    VAULT_API_KEY = 6,         /* a shop's API key → its row */
    VAULT_CURSOR = 7,          /* signs page cursors */
    VAULT_BOOKS = 8,           /* signs each day's books (Ed25519) */
};

/* Must be called once before anything else of the codec room; false when libsodium cannot start. */
bool vault_library_start(void);

/* HMAC of `message` under the key derived for `use`. */
void vault_mac(const struct vault *vault, enum vault_use use, struct bytes message,
    uint8_t mac[VAULT_MAC_SIZE]);

enum { SIGNATURE_SIZE = 64, PUBLIC_KEY_SIZE = 32 };

/* Ed25519 by the key pair that comes from the key of `use`; anybody can check it. */
void vault_sign(const struct vault *vault, enum vault_use use, struct bytes message,
    uint8_t signature[SIGNATURE_SIZE], uint8_t public_key[PUBLIC_KEY_SIZE]);
bool signature_is_genuine(const uint8_t signature[SIGNATURE_SIZE],
    const uint8_t public_key[PUBLIC_KEY_SIZE], struct bytes message);

/* Seals an operator's secret under the key of `use`; `label` and `id` name the place it stands in.
 */
struct bytes vault_seal(const struct vault *vault, enum vault_use use, const char *label,
    int64_t id, const uint8_t nonce[VAULT_NONCE_SIZE], struct bytes plain, struct arena *arena);

/* Opens what vault_seal() made; false when key, place or bytes are wrong. */
bool vault_open(const struct vault *vault, enum vault_use use, const char *label, int64_t id,
    struct bytes sealed, struct arena *arena, struct bytes *plain);

/* A customer's key, sealed for the column customer.key_sealed. */
struct bytes vault_seal_key(const struct vault *vault, int64_t customer_id,
    const struct customer_key *key, const uint8_t nonce[VAULT_NONCE_SIZE], struct arena *arena);
bool vault_open_key(
    const struct vault *vault, int64_t customer_id, struct bytes sealed, struct customer_key *key);

/* A value of the customer's own; `label` is the column's name, `id` the row's id. */
struct bytes customer_seal(const struct customer_key *key, const char *label, int64_t id,
    const uint8_t nonce[VAULT_NONCE_SIZE], struct bytes plain, struct arena *arena);
bool customer_open(const struct customer_key *key, const char *label, int64_t id,
    struct bytes sealed, struct arena *arena, struct bytes *plain);

/* The same for NUL-terminated texts; open gives NULL when key, place or bytes are wrong. */
struct bytes customer_seal_text(const struct customer_key *key, const char *label, int64_t id,
    const uint8_t nonce[VAULT_NONCE_SIZE], const char *text, struct arena *arena);
char *customer_open_text(const struct customer_key *key, const char *label, int64_t id,
    struct bytes sealed, struct arena *arena);

#endif
