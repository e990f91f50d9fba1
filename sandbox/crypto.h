/*
 * crypto.h: the ciphers and signatures of the providers' protocols, over OpenSSL. Exports base64
 * and hexadecimal, RSA signatures and envelopes, AES-GCM, AES-CBC with zero padding, key and
 * certificate making.
 *
 * Written apart from Fenqi's own codec on purpose: two implementations that agree on the wire are
 * evidence, one implementation that agrees with itself is not. Results live in the caller's arena.
 */
#ifndef FENQI_SANDBOX_CRYPTO_H
#define FENQI_SANDBOX_CRYPTO_H

#include "base/arena.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum digest { DIGEST_SHA1, DIGEST_SHA256 };

void key_cleanup(EVP_PKEY **key);
void certificate_cleanup(X509 **certificate);
#define SANDBOX_KEY __attribute__((cleanup(key_cleanup))) EVP_PKEY *
#define SANDBOX_CERTIFICATE __attribute__((cleanup(certificate_cleanup))) X509 *

/* Standard base64 with padding. */
char *base64_encode(struct arena *arena, struct bytes plain);
/* False when `text` is not exactly one padded base64 text. */
bool base64_decode(struct arena *arena, const char *text, size_t length, struct bytes *out);
/* Lower case. */
char *hex_encode(struct arena *arena, struct bytes plain);
/* Either case; false on an odd length or a strange character. */
bool hex_decode(struct arena *arena, const char *text, size_t length, struct bytes *out);

/* Fills `buffer` with unpredictable bytes. */
void random_fill(void *buffer, size_t size);
/* `length` characters of [0-9A-Za-z], unpredictable. */
char *random_text(struct arena *arena, size_t length);

/* Lower-case hexadecimal digest. */
char *digest_hex(struct arena *arena, enum digest digest, struct bytes message);

/* RSA PKCS#1 v1.5 signature over `message`. */
struct bytes rsa_sign(struct arena *arena, EVP_PKEY *key, enum digest digest, struct bytes message);
bool rsa_verify(EVP_PKEY *key, enum digest digest, struct bytes message, struct bytes signature);

/* PKCS#1 v1.5 encryption of one block to the holder of `key`. `plain` must fit the key. */
struct bytes rsa_seal(struct arena *arena, EVP_PKEY *key, struct bytes plain);
/* False when the block is not of this key or the padding is wrong. */
bool rsa_open(struct arena *arena, EVP_PKEY *key, struct bytes sealed, struct bytes *out);

/*
 * "Encryption by the private key": PKCS#1 type 1 blocks of key length - 11 bytes, as the acquirer's
 * refund interface wants them. Anybody with the public half reads it; it proves who wrote it.
 */
struct bytes rsa_private_blocks(struct arena *arena, EVP_PKEY *key, struct bytes plain);
bool rsa_public_blocks(struct arena *arena, EVP_PKEY *key, struct bytes sealed, struct bytes *out);

/* AES-GCM (128 or 256 by the key's length, 12-byte nonce): ciphertext followed by the 16-byte tag.
 */
struct bytes gcm_seal(struct arena *arena, struct bytes key, struct bytes nonce, struct bytes aad,
    struct bytes plain);
bool gcm_open(struct arena *arena, struct bytes key, struct bytes nonce, struct bytes aad,
    struct bytes sealed, struct bytes *out);

/* AES-128-CBC with key = IV, filled up with zero bytes to the block (none when it is full). */
struct bytes cbc_zero_seal(struct arena *arena, const char key[16], struct bytes plain);
/* Trailing zero bytes are dropped: the plaintext is base64 and has none of its own. */
bool cbc_zero_open(struct arena *arena, const char key[16], struct bytes sealed, struct bytes *out);

/* A new RSA-2048 key. */
EVP_PKEY *key_make(void);
/* A self-signed certificate for `key`, valid from `from_seconds` (Unix time) for ten years. */
X509 *certificate_make(
    EVP_PKEY *key, const char *organisation, const char *name, int64_t from_seconds);
/* The serial number in upper-case hexadecimal, 40 digits. */
char *certificate_serial(struct arena *arena, const X509 *certificate);

char *key_private_pem(struct arena *arena, EVP_PKEY *key);
char *key_public_pem(struct arena *arena, EVP_PKEY *key);
char *certificate_pem(struct arena *arena, X509 *certificate);
/* NULL when the text is not such a PEM. */
EVP_PKEY *key_from_private_pem(const char *pem);
EVP_PKEY *key_from_public_pem(const char *pem);
X509 *certificate_from_pem(const char *pem);

#endif
