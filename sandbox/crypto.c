/* crypto.c: ciphers and signatures over OpenSSL. Exports what crypto.h declares. */
#include "sandbox/crypto.h"

#include "base/check.h"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

enum { GCM_TAG = 16, AES_BLOCK = 16, RSA_OVERHEAD = 11, SERIAL_BYTES = 20 };

void key_cleanup(EVP_PKEY **key) {
    EVP_PKEY_free(*key);
}

void certificate_cleanup(X509 **certificate) {
    X509_free(*certificate);
}

static void context_cleanup(EVP_PKEY_CTX **context) {
    EVP_PKEY_CTX_free(*context);
}

static void cipher_cleanup(EVP_CIPHER_CTX **context) {
    EVP_CIPHER_CTX_free(*context);
}

static void digest_cleanup(EVP_MD_CTX **context) {
    EVP_MD_CTX_free(*context);
}

static void bio_cleanup(BIO **bio) {
    BIO_free(*bio);
}

#define CONTEXT __attribute__((cleanup(context_cleanup))) EVP_PKEY_CTX *
#define CIPHER __attribute__((cleanup(cipher_cleanup))) EVP_CIPHER_CTX *
#define DIGEST __attribute__((cleanup(digest_cleanup))) EVP_MD_CTX *
#define MEMORY __attribute__((cleanup(bio_cleanup))) BIO *

static const EVP_MD *digest_of(enum digest digest) {
    switch (digest) {
    case DIGEST_SHA1:
        return EVP_sha1();
    case DIGEST_SHA256:
        return EVP_sha256();
    }
    check(false);
    return NULL;
}

char *base64_encode(struct arena *arena, struct bytes plain) {
    check(plain.length < INT32_MAX / 2);
    char *text = arena_allocate(arena, (plain.length + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)text, plain.at, (int)plain.length);
    return text;
}

bool base64_decode(struct arena *arena, const char *text, size_t length, struct bytes *out) {
    if (length % 4 != 0 || length > INT32_MAX / 2)
        return false;
    size_t padding = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
        if (letter && padding > 0)
            return false;
        if (!letter && (c != '=' || i + 2 < length))
            return false;
        padding += letter ? 0 : 1;
    }
    uint8_t *plain = arena_allocate(arena, length / 4 * 3 + 1);
    int decoded = EVP_DecodeBlock(plain, (const unsigned char *)text, (int)length);
    if (decoded < 0)
        return false;
    *out = (struct bytes){plain, (size_t)decoded - padding};
    return true;
}

char *hex_encode(struct arena *arena, struct bytes plain) {
    static const char digits[] = "0123456789abcdef";
    char *text = arena_allocate(arena, plain.length * 2 + 1);
    for (size_t i = 0; i < plain.length; i++) {
        text[2 * i] = digits[plain.at[i] >> 4];
        text[2 * i + 1] = digits[plain.at[i] & 15];
    }
    return text;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(struct arena *arena, const char *text, size_t length, struct bytes *out) {
    if (length % 2 != 0)
        return false;
    uint8_t *plain = arena_allocate(arena, length / 2 + 1);
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_value(text[i]);
        int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        plain[i / 2] = (uint8_t)(high * 16 + low);
    }
    *out = (struct bytes){plain, length / 2};
    return true;
}

void random_fill(void *buffer, size_t size) {
    check(size < INT32_MAX && RAND_bytes(buffer, (int)size) == 1);
}

char *random_text(struct arena *arena, size_t length) {
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char *text = arena_allocate(arena, length + 1);
    for (size_t i = 0; i < length;) {
        uint8_t byte;
        random_fill(&byte, 1);
        if (byte < 62 * 4)
            text[i++] = letters[byte % 62];
    }
    return text;
}

char *digest_hex(struct arena *arena, enum digest digest, struct bytes message) {
    uint8_t value[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    check(EVP_Digest(message.at, message.length, value, &length, digest_of(digest), NULL) == 1);
    return hex_encode(arena, (struct bytes){value, length});
}

struct bytes rsa_sign(
    struct arena *arena, EVP_PKEY *key, enum digest digest, struct bytes message) {
    DIGEST context = EVP_MD_CTX_new();
    size_t length = (size_t)EVP_PKEY_get_size(key);
    uint8_t *signature = arena_allocate(arena, length);
    check(context != NULL);
    check(EVP_DigestSignInit(context, NULL, digest_of(digest), NULL, key) == 1);
    check(EVP_DigestSign(context, signature, &length, message.at, message.length) == 1);
    return (struct bytes){signature, length};
}

bool rsa_verify(EVP_PKEY *key, enum digest digest, struct bytes message, struct bytes signature) {
    DIGEST context = EVP_MD_CTX_new();
    check(context != NULL);
    check(EVP_DigestVerifyInit(context, NULL, digest_of(digest), NULL, key) == 1);
    return EVP_DigestVerify(context, signature.at, signature.length, message.at, message.length) ==
           1;
}

struct bytes rsa_seal(struct arena *arena, EVP_PKEY *key, struct bytes plain) {
    CONTEXT context = EVP_PKEY_CTX_new(key, NULL);
    size_t length = (size_t)EVP_PKEY_get_size(key);
    uint8_t *sealed = arena_allocate(arena, length);
    check(context != NULL && EVP_PKEY_encrypt_init(context) == 1);
    check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    check(EVP_PKEY_encrypt(context, sealed, &length, plain.at, plain.length) == 1);
    return (struct bytes){sealed, length};
}

bool rsa_open(struct arena *arena, EVP_PKEY *key, struct bytes sealed, struct bytes *out) {
    CONTEXT context = EVP_PKEY_CTX_new(key, NULL);
    size_t length = (size_t)EVP_PKEY_get_size(key);
    uint8_t *plain = arena_allocate(arena, length);
    check(context != NULL && EVP_PKEY_decrypt_init(context) == 1);
    check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    if (EVP_PKEY_decrypt(context, plain, &length, sealed.at, sealed.length) != 1)
        return false;
    *out = (struct bytes){plain, length};
    return true;
}

struct bytes rsa_private_blocks(struct arena *arena, EVP_PKEY *key, struct bytes plain) {
    CONTEXT context = EVP_PKEY_CTX_new(key, NULL);
    check(context != NULL && EVP_PKEY_sign_init(context) == 1);
    check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    size_t block = (size_t)EVP_PKEY_get_size(key);
    size_t step = block - RSA_OVERHEAD;
    size_t count = (plain.length + step - 1) / step;
    uint8_t *sealed = arena_allocate(arena, count * block + 1);
    for (size_t i = 0; i < count; i++) {
        size_t left = plain.length - i * step;
        size_t length = block;
        check(EVP_PKEY_sign(context, sealed + i * block, &length, plain.at + i * step,
                  left < step ? left : step) == 1);
        check(length == block);
    }
    return (struct bytes){sealed, count * block};
}

bool rsa_public_blocks(struct arena *arena, EVP_PKEY *key, struct bytes sealed, struct bytes *out) {
    CONTEXT context = EVP_PKEY_CTX_new(key, NULL);
    check(context != NULL && EVP_PKEY_verify_recover_init(context) == 1);
    check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    size_t block = (size_t)EVP_PKEY_get_size(key);
    if (sealed.length == 0 || sealed.length % block != 0)
        return false;
    uint8_t *plain = arena_allocate(arena, sealed.length + 1);
    size_t total = 0;
    for (size_t at = 0; at < sealed.length; at += block) {
        size_t length = block;
        if (EVP_PKEY_verify_recover(context, plain + total, &length, sealed.at + at, block) != 1)
            return false;
        total += length;
    }
    *out = (struct bytes){plain, total};
    return true;
}

static const EVP_CIPHER *gcm_cipher(size_t key_length) {
    check(key_length == 16 || key_length == 32);
    return key_length == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
}

struct bytes gcm_seal(struct arena *arena, struct bytes key, struct bytes nonce, struct bytes aad,
    struct bytes plain) {
    CIPHER context = EVP_CIPHER_CTX_new();
    uint8_t *sealed = arena_allocate(arena, plain.length + GCM_TAG);
    int length = 0;
    check(context != NULL && nonce.length == 12 && plain.length < INT32_MAX);
    check(EVP_EncryptInit_ex(context, gcm_cipher(key.length), NULL, key.at, nonce.at) == 1);
    check(EVP_EncryptUpdate(context, NULL, &length, aad.at, (int)aad.length) == 1);
    check(EVP_EncryptUpdate(context, sealed, &length, plain.at, (int)plain.length) == 1);
    check(EVP_EncryptFinal_ex(context, sealed + length, &length) == 1);
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, GCM_TAG, sealed + plain.length) == 1);
    return (struct bytes){sealed, plain.length + GCM_TAG};
}

bool gcm_open(struct arena *arena, struct bytes key, struct bytes nonce, struct bytes aad,
    struct bytes sealed, struct bytes *out) {
    if (sealed.length < GCM_TAG || nonce.length != 12 || sealed.length > INT32_MAX)
        return false;
    CIPHER context = EVP_CIPHER_CTX_new();
    size_t plain_length = sealed.length - GCM_TAG;
    uint8_t *plain = arena_allocate(arena, plain_length + 1);
    uint8_t tag[GCM_TAG];
    memcpy(tag, sealed.at + plain_length, GCM_TAG);
    int length = 0;
    check(context != NULL);
    check(EVP_DecryptInit_ex(context, gcm_cipher(key.length), NULL, key.at, nonce.at) == 1);
    check(EVP_DecryptUpdate(context, NULL, &length, aad.at, (int)aad.length) == 1);
    check(EVP_DecryptUpdate(context, plain, &length, sealed.at, (int)plain_length) == 1);
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, GCM_TAG, tag) == 1);
    if (EVP_DecryptFinal_ex(context, plain + length, &length) != 1)
        return false;
    *out = (struct bytes){plain, plain_length};
    return true;
}

struct bytes cbc_zero_seal(struct arena *arena, const char key[16], struct bytes plain) {
    CIPHER context = EVP_CIPHER_CTX_new();
    size_t padded = (plain.length + AES_BLOCK - 1) / AES_BLOCK * AES_BLOCK;
    uint8_t *input = arena_allocate(arena, padded + 1);
    uint8_t *sealed = arena_allocate(arena, padded + AES_BLOCK);
    const uint8_t *secret = (const uint8_t *)key;
    int length = 0;
    if (plain.length > 0)
        memcpy(input, plain.at, plain.length);
    check(context != NULL && padded < INT32_MAX);
    check(EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), NULL, secret, secret) == 1);
    check(EVP_CIPHER_CTX_set_padding(context, 0) == 1);
    check(EVP_EncryptUpdate(context, sealed, &length, input, (int)padded) == 1);
    check((size_t)length == padded);
    return (struct bytes){sealed, padded};
}

bool cbc_zero_open(
    struct arena *arena, const char key[16], struct bytes sealed, struct bytes *out) {
    if (sealed.length == 0 || sealed.length % AES_BLOCK != 0 || sealed.length > INT32_MAX)
        return false;
    CIPHER context = EVP_CIPHER_CTX_new();
    uint8_t *plain = arena_allocate(arena, sealed.length + AES_BLOCK);
    const uint8_t *secret = (const uint8_t *)key;
    int length = 0;
    check(context != NULL);
    check(EVP_DecryptInit_ex(context, EVP_aes_128_cbc(), NULL, secret, secret) == 1);
    check(EVP_CIPHER_CTX_set_padding(context, 0) == 1);
    check(EVP_DecryptUpdate(context, plain, &length, sealed.at, (int)sealed.length) == 1);
    size_t end = (size_t)length;
    while (end > 0 && plain[end - 1] == 0)
        end--;
    *out = (struct bytes){plain, end};
    return true;
}

EVP_PKEY *key_make(void) {
    EVP_PKEY *key = EVP_RSA_gen(2048);
    check(key != NULL);
    return key;
}

X509 *certificate_make(
    EVP_PKEY *key, const char *organisation, const char *name, int64_t from_seconds) {
    X509 *certificate = X509_new();
    check(certificate != NULL && X509_set_version(certificate, 2) == 1);
    uint8_t serial[SERIAL_BYTES];
    random_fill(serial, sizeof serial);
    /* Positive and full length, so that it always prints as forty digits. */
    serial[0] = (uint8_t)((serial[0] & 0x3f) | 0x40);
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    check(number != NULL);
    check(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL);
    BN_free(number);
    time_t from = (time_t)from_seconds;
    check(X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, &from) != NULL);
    check(X509_time_adj_ex(X509_getm_notAfter(certificate), 3650, 0, &from) != NULL);
    X509_NAME *subject = X509_get_subject_name(certificate);
    check(X509_NAME_add_entry_by_txt(
              subject, "C", MBSTRING_UTF8, (const uint8_t *)"CN", -1, -1, 0) == 1);
    check(X509_NAME_add_entry_by_txt(
              subject, "O", MBSTRING_UTF8, (const uint8_t *)organisation, -1, -1, 0) == 1);
    check(X509_NAME_add_entry_by_txt(
              subject, "CN", MBSTRING_UTF8, (const uint8_t *)name, -1, -1, 0) == 1);
    check(X509_set_issuer_name(certificate, subject) == 1);
    check(X509_set_pubkey(certificate, key) == 1);
    check(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

char *certificate_serial(struct arena *arena, const X509 *certificate) {
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    check(number != NULL);
    char *hex = BN_bn2hex(number);
    check(hex != NULL);
    char *text = arena_text(arena, hex);
    OPENSSL_free(hex);
    BN_free(number);
    return text;
}

/* The text written to a memory stream. */
static char *stream_text(struct arena *arena, BIO *stream) {
    char *at = NULL;
    long length = BIO_get_mem_data(stream, &at);
    check(length > 0);
    return arena_text_n(arena, at, (size_t)length);
}

char *key_private_pem(struct arena *arena, EVP_PKEY *key) {
    MEMORY stream = BIO_new(BIO_s_mem());
    check(stream != NULL);
    check(PEM_write_bio_PKCS8PrivateKey(stream, key, NULL, NULL, 0, NULL, NULL) == 1);
    return stream_text(arena, stream);
}

char *key_public_pem(struct arena *arena, EVP_PKEY *key) {
    MEMORY stream = BIO_new(BIO_s_mem());
    check(stream != NULL && PEM_write_bio_PUBKEY(stream, key) == 1);
    return stream_text(arena, stream);
}

char *certificate_pem(struct arena *arena, X509 *certificate) {
    MEMORY stream = BIO_new(BIO_s_mem());
    check(stream != NULL && PEM_write_bio_X509(stream, certificate) == 1);
    return stream_text(arena, stream);
}

EVP_PKEY *key_from_private_pem(const char *pem) {
    MEMORY stream = BIO_new_mem_buf(pem, -1);
    return stream == NULL ? NULL : PEM_read_bio_PrivateKey(stream, NULL, NULL, NULL);
}

EVP_PKEY *key_from_public_pem(const char *pem) {
    MEMORY stream = BIO_new_mem_buf(pem, -1);
    return stream == NULL ? NULL : PEM_read_bio_PUBKEY(stream, NULL, NULL, NULL);
}

X509 *certificate_from_pem(const char *pem) {
    MEMORY stream = BIO_new_mem_buf(pem, -1);
    return stream == NULL ? NULL : PEM_read_bio_X509(stream, NULL, NULL, NULL);
}
