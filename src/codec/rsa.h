/*
 * rsa.h: RSA with PKCS#1 v1.5, as the payment providers' protocols want it (OpenSSL). Exports:
 * struct rsa_key and reading, signing, verifying, encrypting, decrypting with it.
 *
 * A key is read once and shared by threads. No function here logs or puts key material in a fault.
 */
#ifndef FENQI_CODEC_RSA_H
#define FENQI_CODEC_RSA_H

#include "base/arena.h"

struct rsa_key;

enum rsa_digest { RSA_SHA1, RSA_SHA256 };

/* Reads "PRIVATE KEY" or "RSA PRIVATE KEY" (unencrypted PEM). 2048 bits at least. */
enum status rsa_read_private(
    struct bytes pem, struct rsa_key **out, struct fault *fault) FENQI_MUST_USE;

/* Reads "PUBLIC KEY" or the key of a "CERTIFICATE" (PEM). 2048 bits at least. */
enum status rsa_read_public(
    struct bytes pem, struct rsa_key **out, struct fault *fault) FENQI_MUST_USE;

/* A new 2048-bit pair: tests and the sandbox's first start. */
enum status rsa_generate(struct rsa_key **out, struct fault *fault) FENQI_MUST_USE;

/* PEM of the private ("PRIVATE KEY") or public ("PUBLIC KEY") half. */
enum status rsa_write_pem(const struct rsa_key *key, bool private_half, struct arena *arena,
    struct bytes *pem, struct fault *fault) FENQI_MUST_USE;

void rsa_free(struct rsa_key *key);
void rsa_cleanup(struct rsa_key **key);
#define FENQI_RSA_KEY __attribute__((cleanup(rsa_cleanup))) struct rsa_key *

/* The serial number of a certificate (PEM) in upper-case hexadecimal, as providers name it. */
enum status rsa_certificate_serial(
    struct bytes pem, struct arena *arena, const char **serial, struct fault *fault) FENQI_MUST_USE;

/*
 * A certificate in PEM for a key, signed by itself, with the serial number given as hexadecimal:
 * tests and the sandbox, whose "platform certificate" is one.
 */
enum status rsa_self_signed(const struct rsa_key *key, const char *serial_hex, struct arena *arena,
    struct bytes *pem, struct fault *fault) FENQI_MUST_USE;

enum status rsa_sign(const struct rsa_key *key, enum rsa_digest digest, struct bytes message,
    struct arena *arena, struct bytes *signature, struct fault *fault) FENQI_MUST_USE;

/* Whether `signature` is the key's over `message`. Any malformation is simply false. */
bool rsa_verify(const struct rsa_key *key, enum rsa_digest digest, struct bytes message,
    struct bytes signature);

/* Encryption with the public half, PKCS#1 v1.5 padding. */
enum status rsa_encrypt(const struct rsa_key *key, struct bytes plain, struct arena *arena,
    struct bytes *cipher, struct fault *fault) FENQI_MUST_USE;

/* Decryption with the private half; false when the bytes are not a message for this key. */
bool rsa_decrypt(
    const struct rsa_key *key, struct bytes cipher, struct arena *arena, struct bytes *plain);

/*
 * "Private-key encryption" (PKCS#1 type 1 without a digest) in blocks as large as the key allows,
 * and its reverse with the public half: the envelope of the card acquirer's refund interface. It
 * hides nothing; it proves who wrote it.
 */
enum status rsa_seal_private(const struct rsa_key *key, struct bytes plain, struct arena *arena,
    struct bytes *sealed, struct fault *fault) FENQI_MUST_USE;
bool rsa_open_public(
    const struct rsa_key *key, struct bytes sealed, struct arena *arena, struct bytes *plain);

#endif
