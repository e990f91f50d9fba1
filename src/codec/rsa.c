/*
 * rsa.c: RSA PKCS#1 v1.5 over OpenSSL's EVP interface.
 *
 * Every function makes its own context, so that a key can be used from many threads at once, and
 * empties OpenSSL's error queue after a failure, so that an old error never shows up in a new
 * place.
 */
#include "codec/rsa.h"

#include "base/check.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { RSA_BITS_LEAST = 2048 };

struct rsa_key {
    EVP_PKEY *pkey;
};

static void free_bio(BIO **bio) {
    BIO_free(*bio);
}
static void free_x509(X509 **certificate) {
    X509_free(*certificate);
}
static void free_digest(EVP_MD_CTX **context) {
    EVP_MD_CTX_free(*context);
}
static void free_context(EVP_PKEY_CTX **context) {
    EVP_PKEY_CTX_free(*context);
}
#define OWNED(function) __attribute__((cleanup(function)))

static enum status failed(struct fault *fault, enum status status, const char *what) {
    /* Only OpenSSL's reason goes out: it names a rule, never data. */
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    enum status result =
        fault_set(fault, status, "%s: %s", what, reason ? reason : "no reason given");
    ERR_clear_error();
    return result;
}

static BIO *reader(struct bytes pem) {
    check(pem.length <= INT_MAX);
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.length);
    check(bio);
    return bio;
}

static struct rsa_key *wrap(EVP_PKEY *pkey) {
    struct rsa_key *key = malloc(sizeof *key);
    check(key);
    key->pkey = pkey;
    return key;
}

static enum status adopt(EVP_PKEY *pkey, struct rsa_key **out, struct fault *fault) {
    if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA || EVP_PKEY_get_bits(pkey) < RSA_BITS_LEAST) {
        EVP_PKEY_free(pkey);
        return fault_set(
            fault, STATUS_INVALID, "not an RSA key of %d bits or more", RSA_BITS_LEAST);
    }
    *out = wrap(pkey);
    return STATUS_OK;
}

/* Never asks for a passphrase on a terminal: an encrypted key is simply unreadable here. */
static int no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

enum status rsa_read_private(struct bytes pem, struct rsa_key **out, struct fault *fault) {
    OWNED(free_bio) BIO *bio = reader(pem);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    if (!pkey)
        return failed(fault, STATUS_INVALID, "private key");
    return adopt(pkey, out, fault);
}

static X509 *read_certificate(struct bytes pem) {
    OWNED(free_bio) BIO *bio = reader(pem);
    return PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
}

enum status rsa_read_public(struct bytes pem, struct rsa_key **out, struct fault *fault) {
    OWNED(free_bio) BIO *bio = reader(pem);
    EVP_PKEY *pkey = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
    if (!pkey) {
        OWNED(free_x509) X509 *certificate = read_certificate(pem);
        if (certificate)
            pkey = X509_get_pubkey(certificate);
    }
    if (!pkey)
        return failed(fault, STATUS_INVALID, "public key or certificate");
    ERR_clear_error();
    return adopt(pkey, out, fault);
}

enum status rsa_generate(struct rsa_key **out, struct fault *fault) {
    EVP_PKEY *pkey = EVP_RSA_gen(RSA_BITS_LEAST);
    if (!pkey)
        return failed(fault, STATUS_IO, "generate a key");
    *out = wrap(pkey);
    return STATUS_OK;
}

static struct bytes taken_from(BIO *bio, struct arena *arena) {
    char *at = NULL;
    long length = BIO_get_mem_data(bio, &at);
    check(length >= 0);
    return arena_bytes(arena, (struct bytes){(const uint8_t *)at, (size_t)length});
}

enum status rsa_write_pem(const struct rsa_key *key, bool private_half, struct arena *arena,
    struct bytes *pem, struct fault *fault) {
    OWNED(free_bio) BIO *bio = BIO_new(BIO_s_mem());
    check(bio);
    int done = private_half ? PEM_write_bio_PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL)
                            : PEM_write_bio_PUBKEY(bio, key->pkey);
    if (done != 1)
        return failed(fault, STATUS_IO, "write a key");
    *pem = taken_from(bio, arena);
    return STATUS_OK;
}

void rsa_free(struct rsa_key *key) {
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

void rsa_cleanup(struct rsa_key **key) {
    rsa_free(*key);
}

enum status rsa_certificate_serial(
    struct bytes pem, struct arena *arena, const char **serial, struct fault *fault) {
    OWNED(free_x509) X509 *certificate = read_certificate(pem);
    if (!certificate)
        return failed(fault, STATUS_INVALID, "certificate");
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    check(number);
    char *text = BN_bn2hex(number);
    check(text);
    *serial = arena_text(arena, text);
    OPENSSL_free(text);
    BN_free(number);
    return STATUS_OK;
}

static bool fill_certificate(X509 *certificate, EVP_PKEY *pkey, const char *serial_hex) {
    BIGNUM *number = NULL;
    if (!BN_hex2bn(&number, serial_hex))
        return false;
    bool serial_set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    X509_NAME *name = X509_get_subject_name(certificate);
    static const unsigned char common_name[] = "Fenqi sandbox";
    const long ten_years_s = 3650L * 86400L;
    return serial_set && X509_set_version(certificate, X509_VERSION_3) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), 0) &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), ten_years_s) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 &&
           X509_set_pubkey(certificate, pkey) == 1 &&
           X509_sign(certificate, pkey, EVP_sha256()) > 0;
}

enum status rsa_self_signed(const struct rsa_key *key, const char *serial_hex, struct arena *arena,
    struct bytes *pem, struct fault *fault) {
    OWNED(free_x509) X509 *certificate = X509_new();
    check(certificate);
    if (!fill_certificate(certificate, key->pkey, serial_hex))
        return failed(fault, STATUS_IO, "make a certificate");
    OWNED(free_bio) BIO *bio = BIO_new(BIO_s_mem());
    check(bio);
    if (PEM_write_bio_X509(bio, certificate) != 1)
        return failed(fault, STATUS_IO, "write a certificate");
    *pem = taken_from(bio, arena);
    return STATUS_OK;
}

static const EVP_MD *digest_of(enum rsa_digest digest) {
    switch (digest) {
    case RSA_SHA1:
        return EVP_sha1();
    case RSA_SHA256:
        return EVP_sha256();
    }
    check(false);
    return NULL;
}

enum status rsa_sign(const struct rsa_key *key, enum rsa_digest digest, struct bytes message,
    struct arena *arena, struct bytes *signature, struct fault *fault) {
    OWNED(free_digest) EVP_MD_CTX *context = EVP_MD_CTX_new();
    check(context);
    size_t length = (size_t)EVP_PKEY_get_size(key->pkey);
    uint8_t *at = arena_allocate(arena, length);
    if (EVP_DigestSignInit(context, NULL, digest_of(digest), NULL, key->pkey) != 1 ||
        EVP_DigestSign(context, at, &length, message.at, message.length) != 1)
        return failed(fault, STATUS_IO, "sign");
    *signature = (struct bytes){at, length};
    return STATUS_OK;
}

bool rsa_verify(const struct rsa_key *key, enum rsa_digest digest, struct bytes message,
    struct bytes signature) {
    OWNED(free_digest) EVP_MD_CTX *context = EVP_MD_CTX_new();
    check(context);
    bool good =
        EVP_DigestVerifyInit(context, NULL, digest_of(digest), NULL, key->pkey) == 1 &&
        EVP_DigestVerify(context, signature.at, signature.length, message.at, message.length) == 1;
    ERR_clear_error();
    return good;
}

enum status rsa_encrypt(const struct rsa_key *key, struct bytes plain, struct arena *arena,
    struct bytes *cipher, struct fault *fault) {
    OWNED(free_context) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);
    check(context);
    size_t length = (size_t)EVP_PKEY_get_size(key->pkey);
    uint8_t *at = arena_allocate(arena, length);
    if (EVP_PKEY_encrypt_init(context) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_encrypt(context, at, &length, plain.at, plain.length) != 1)
        return failed(fault, STATUS_IO, "encrypt");
    *cipher = (struct bytes){at, length};
    return STATUS_OK;
}

bool rsa_decrypt(
    const struct rsa_key *key, struct bytes cipher, struct arena *arena, struct bytes *plain) {
    OWNED(free_context) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);
    check(context);
    size_t length = (size_t)EVP_PKEY_get_size(key->pkey);
    uint8_t *at = arena_allocate(arena, length);
    bool good = EVP_PKEY_decrypt_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                EVP_PKEY_decrypt(context, at, &length, cipher.at, cipher.length) == 1;
    ERR_clear_error();
    if (good)
        *plain = (struct bytes){at, length};
    return good;
}

enum { PKCS1_OVERHEAD = 11 };

enum status rsa_seal_private(const struct rsa_key *key, struct bytes plain, struct arena *arena,
    struct bytes *sealed, struct fault *fault) {
    size_t size = (size_t)EVP_PKEY_get_size(key->pkey), most = size - PKCS1_OVERHEAD;
    size_t blocks = (plain.length + most - 1) / most;
    uint8_t *at = arena_allocate(arena, blocks * size + 1);
    OWNED(free_context) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);
    check(context);
    if (EVP_PKEY_sign_init(context) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1)
        return failed(fault, STATUS_IO, "seal with the private key");
    for (size_t i = 0; i < blocks; i++) {
        size_t from = i * most, take = plain.length - from < most ? plain.length - from : most;
        size_t length = size;
        if (EVP_PKEY_sign(context, at + i * size, &length, plain.at + from, take) != 1)
            return failed(fault, STATUS_IO, "seal with the private key");
        check(length == size);
    }
    *sealed = (struct bytes){at, blocks * size};
    return STATUS_OK;
}

bool rsa_open_public(
    const struct rsa_key *key, struct bytes sealed, struct arena *arena, struct bytes *plain) {
    size_t size = (size_t)EVP_PKEY_get_size(key->pkey);
    if (sealed.length == 0 || sealed.length % size != 0)
        return false;
    uint8_t *at = arena_allocate(arena, sealed.length + 1);
    size_t total = 0;
    OWNED(free_context) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);
    check(context);
    bool good = EVP_PKEY_verify_recover_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    for (size_t from = 0; good && from < sealed.length; from += size) {
        size_t length = size;
        uint8_t *block = arena_allocate(arena, size);
        good = EVP_PKEY_verify_recover(context, block, &length, sealed.at + from, size) == 1;
        if (good) {
            memcpy(at + total, block, length);
            total += length;
        }
    }
    ERR_clear_error();
    if (good)
        *plain = (struct bytes){at, total};
    return good;
}
