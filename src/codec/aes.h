/*
 * aes.h: AES as the payment providers' protocols want it (OpenSSL). Exports: aes_gcm_seal(),
 * aes_gcm_open(), aes_cbc_zero_encrypt(), aes_cbc_zero_decrypt().
 *
 * What Fenqi itself keeps sealed uses libsodium (codec/seal.h); this is for wire formats only.
 */
#ifndef FENQI_CODEC_AES_H
#define FENQI_CODEC_AES_H

#include "base/arena.h"

enum { AES_GCM_TAG_SIZE = 16, AES_GCM_NONCE_SIZE = 12, AES_BLOCK_SIZE_BYTES = 16 };

/* ciphertext ‖ 16-byte tag. The key is 16 or 32 bytes; the nonce 12; aad may be empty. */
struct bytes aes_gcm_seal(struct arena *arena, struct bytes key, struct bytes nonce,
    struct bytes aad, struct bytes plain);

/* The reverse; false when key or nonce has a wrong size, or the tag does not fit. */
bool aes_gcm_open(struct arena *arena, struct bytes key, struct bytes nonce, struct bytes aad,
    struct bytes sealed, struct bytes *plain);

/*
 * AES-128-CBC with zero padding: the plain bytes are filled with zero bytes to a multiple of 16
 * (nothing is added when they already are one). The card acquirer's data is base64 text, so that
 * the zeros can be told from it. Key and initial vector are 16 bytes.
 */
struct bytes aes_cbc_zero_encrypt(
    struct arena *arena, struct bytes key, struct bytes vector, struct bytes plain);

/* The reverse, trailing zero bytes taken off; false when sizes are wrong. */
bool aes_cbc_zero_decrypt(struct arena *arena, struct bytes key, struct bytes vector,
    struct bytes cipher, struct bytes *plain);

#endif
