/*
 * aes.c: AES-GCM and AES-128-CBC with zero padding over OpenSSL's EVP interface.
 */
#include "codec/aes.h"

#include "base/check.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

static void free_cipher(EVP_CIPHER_CTX **context) {
    EVP_CIPHER_CTX_free(*context);
}
#define OWNED_CONTEXT __attribute__((cleanup(free_cipher))) EVP_CIPHER_CTX *

static const EVP_CIPHER *gcm_of(size_t key_length) {
    if (key_length == 32)
        return EVP_aes_256_gcm();
    return key_length == 16 ? EVP_aes_128_gcm() : NULL;
}

/* Where EVP wants a pointer even for no bytes at all. */
static const uint8_t nothing[1];

static const uint8_t *pointer_of(struct bytes bytes) {
    return bytes.length ? bytes.at : nothing;
}

struct bytes aes_gcm_seal(struct arena *arena, struct bytes key, struct bytes nonce,
    struct bytes aad, struct bytes plain) {
    const EVP_CIPHER *cipher = gcm_of(key.length);
    check(cipher && nonce.length == AES_GCM_NONCE_SIZE);
    check(plain.length < INT_MAX - AES_GCM_TAG_SIZE && aad.length < INT_MAX);
    OWNED_CONTEXT context = EVP_CIPHER_CTX_new();
    check(context);
    uint8_t *out = arena_allocate(arena, plain.length + AES_GCM_TAG_SIZE);
    int written = 0, last = 0, ignored = 0;
    check(EVP_EncryptInit_ex(context, cipher, NULL, key.at, nonce.at) == 1);
    if (aad.length)
        check(EVP_EncryptUpdate(context, NULL, &ignored, aad.at, (int)aad.length) == 1);
    check(EVP_EncryptUpdate(context, out, &written, pointer_of(plain), (int)plain.length) == 1);
    check(EVP_EncryptFinal_ex(context, out + written, &last) == 1);
    check(EVP_CIPHER_CTX_ctrl(
              context, EVP_CTRL_GCM_GET_TAG, AES_GCM_TAG_SIZE, out + plain.length) == 1);
    return (struct bytes){out, plain.length + AES_GCM_TAG_SIZE};
}

bool aes_gcm_open(struct arena *arena, struct bytes key, struct bytes nonce, struct bytes aad,
    struct bytes sealed, struct bytes *plain) {
    const EVP_CIPHER *cipher = gcm_of(key.length);
    if (!cipher || nonce.length != AES_GCM_NONCE_SIZE || sealed.length < AES_GCM_TAG_SIZE ||
        sealed.length > INT_MAX || aad.length > INT_MAX)
        return false;
    size_t length = sealed.length - AES_GCM_TAG_SIZE;
    uint8_t tag[AES_GCM_TAG_SIZE];
    memcpy(tag, sealed.at + length, sizeof tag);
    OWNED_CONTEXT context = EVP_CIPHER_CTX_new();
    check(context);
    uint8_t *out = arena_allocate(arena, length + 1);
    int written = 0, last = 0, ignored = 0;
    bool good = EVP_DecryptInit_ex(context, cipher, NULL, key.at, nonce.at) == 1;
    if (good && aad.length)
        good = EVP_DecryptUpdate(context, NULL, &ignored, aad.at, (int)aad.length) == 1;
    good = good && EVP_DecryptUpdate(context, out, &written, sealed.at, (int)length) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, AES_GCM_TAG_SIZE, tag) == 1 &&
           EVP_DecryptFinal_ex(context, out + written, &last) == 1;
    ERR_clear_error();
    if (good)
        *plain = (struct bytes){out, length};
    return good;
}

static bool cbc(
    bool encrypting, struct bytes key, struct bytes vector, struct bytes in, uint8_t *out) {
    OWNED_CONTEXT context = EVP_CIPHER_CTX_new();
    check(context);
    int written = 0, last = 0;
    bool good =
        EVP_CipherInit_ex(context, EVP_aes_128_cbc(), NULL, key.at, vector.at, encrypting) == 1 &&
        EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
        EVP_CipherUpdate(context, out, &written, pointer_of(in), (int)in.length) == 1 &&
        EVP_CipherFinal_ex(context, out + written, &last) == 1;
    ERR_clear_error();
    return good;
}

struct bytes aes_cbc_zero_encrypt(
    struct arena *arena, struct bytes key, struct bytes vector, struct bytes plain) {
    check(key.length == AES_BLOCK_SIZE_BYTES && vector.length == AES_BLOCK_SIZE_BYTES);
    check(plain.length < INT_MAX - 2 * AES_BLOCK_SIZE_BYTES);
    size_t blocks = (plain.length + AES_BLOCK_SIZE_BYTES - 1) / AES_BLOCK_SIZE_BYTES;
    size_t length = blocks * AES_BLOCK_SIZE_BYTES;
    uint8_t *padded = arena_allocate(arena, length + 1);
    if (plain.length)
        memcpy(padded, plain.at, plain.length);
    uint8_t *out = arena_allocate(arena, length + AES_BLOCK_SIZE_BYTES);
    check(cbc(true, key, vector, (struct bytes){padded, length}, out));
    return (struct bytes){out, length};
}

bool aes_cbc_zero_decrypt(struct arena *arena, struct bytes key, struct bytes vector,
    struct bytes cipher, struct bytes *plain) {
    if (key.length != AES_BLOCK_SIZE_BYTES || vector.length != AES_BLOCK_SIZE_BYTES ||
        cipher.length % AES_BLOCK_SIZE_BYTES != 0 || cipher.length > INT_MAX)
        return false;
    uint8_t *out = arena_allocate(arena, cipher.length + AES_BLOCK_SIZE_BYTES);
    if (!cbc(false, key, vector, cipher, out))
        return false;
    size_t length = cipher.length;
    while (length > 0 && out[length - 1] == 0)
        length--;
    *plain = (struct bytes){out, length};
    return true;
}
