/* test_rsa.c: signatures of providers' documents and SDK tests, forged ones, and round trips. */
#include "../cmocka_include.h"
#include "../vector_file.h"

#include "codec/rsa.h"

#include <string.h>

static struct rsa_key *current;

static void check_signature(const struct vector *vector) {
    const char *pem = vector_text(vector, "key");
    if (pem) {
        rsa_free(current);
        current = NULL;
        assert_int_equal(rsa_read_public(bytes_of_text(pem), &current, NULL), STATUS_OK);
    }
    bool hex = vector_text(vector, "message_hex") != NULL;
    struct bytes message = vector_bytes(vector, hex ? "message_hex" : "message");
    struct bytes signature = vector_bytes(vector, hex ? "signature_hex" : "signature_base64");
    bool expected = strcmp(vector_text(vector, "expected"), "valid") == 0;
    if (rsa_verify(current, RSA_SHA256, message, signature) != expected)
        fail_msg("%s", vector_text(vector, "id"));
}

static void test_vectors(void **state) {
    (void)state;
    assert_int_equal(vector_file_each("channel/rsa_sha256_verify.txt", check_signature), 169);
    rsa_free(current);
    current = NULL;
}

static void test_round_trip(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(8192);
    FENQI_RSA_KEY key = NULL;
    FENQI_RSA_KEY read_private = NULL;
    FENQI_RSA_KEY read_public = NULL;
    FENQI_RSA_KEY other = NULL;
    struct bytes private_pem, public_pem, signature, message = bytes_of_text("还款 888.49");
    assert_int_equal(rsa_generate(&key, NULL), STATUS_OK);
    assert_int_equal(rsa_generate(&other, NULL), STATUS_OK);
    assert_int_equal(rsa_write_pem(key, true, arena, &private_pem, NULL), STATUS_OK);
    assert_int_equal(rsa_write_pem(key, false, arena, &public_pem, NULL), STATUS_OK);
    assert_int_equal(rsa_read_private(private_pem, &read_private, NULL), STATUS_OK);
    assert_int_equal(rsa_read_public(public_pem, &read_public, NULL), STATUS_OK);
    for (enum rsa_digest digest = RSA_SHA1; digest <= RSA_SHA256; digest++) {
        assert_int_equal(
            rsa_sign(read_private, digest, message, arena, &signature, NULL), STATUS_OK);
        assert_true(rsa_verify(read_public, digest, message, signature));
        assert_false(rsa_verify(other, digest, message, signature));
        assert_false(rsa_verify(read_public, digest, bytes_of_text("还款 888.48"), signature));
        struct bytes cut = {signature.at, signature.length - 1};
        assert_false(rsa_verify(read_public, digest, message, cut));
    }
    struct bytes cipher, plain;
    assert_int_equal(rsa_encrypt(read_public, message, arena, &cipher, NULL), STATUS_OK);
    assert_true(rsa_decrypt(read_private, cipher, arena, &plain));
    assert_true(bytes_equal(plain, message));
}

static void test_private_blocks(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(8192);
    FENQI_RSA_KEY key = NULL;
    FENQI_RSA_KEY other = NULL;
    assert_int_equal(rsa_generate(&key, NULL), STATUS_OK);
    assert_int_equal(rsa_generate(&other, NULL), STATUS_OK);
    /* One block, exactly one block, two blocks. */
    static const size_t lengths[] = {1, 245, 246, 600};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint8_t *text = arena_allocate(arena, lengths[i]);
        memset(text, 'a', lengths[i]);
        struct bytes message = {text, lengths[i]}, sealed, plain;
        assert_int_equal(rsa_seal_private(key, message, arena, &sealed, NULL), STATUS_OK);
        assert_int_equal(sealed.length, (lengths[i] + 244) / 245 * 256);
        assert_true(rsa_open_public(key, sealed, arena, &plain));
        assert_true(bytes_equal(plain, message));
        assert_false(rsa_open_public(other, sealed, arena, &plain));
        sealed.length--;
        assert_false(rsa_open_public(key, sealed, arena, &plain));
    }
}

static void test_certificates(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(8192);
    FENQI_RSA_KEY key = NULL;
    FENQI_RSA_KEY of_certificate = NULL;
    struct bytes pem, signature, message = bytes_of_text("x");
    const char *serial;
    assert_int_equal(rsa_generate(&key, NULL), STATUS_OK);
    assert_int_equal(rsa_self_signed(key, "4A1B2C3D4E5F", arena, &pem, NULL), STATUS_OK);
    assert_int_equal(rsa_certificate_serial(pem, arena, &serial, NULL), STATUS_OK);
    assert_string_equal(serial, "4A1B2C3D4E5F");
    assert_int_equal(rsa_read_public(pem, &of_certificate, NULL), STATUS_OK);
    assert_int_equal(rsa_sign(key, RSA_SHA256, message, arena, &signature, NULL), STATUS_OK);
    assert_true(rsa_verify(of_certificate, RSA_SHA256, message, signature));
}

static void test_bad_keys_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct rsa_key *key = NULL;
        struct fault fault;
        assert_int_equal(rsa_read_public(bytes_of_text(texts[i]), &key, &fault), STATUS_INVALID);
        assert_int_equal(rsa_read_private(bytes_of_text(texts[i]), &key, &fault), STATUS_INVALID);
        assert_null(key);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_private_blocks),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_bad_keys_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
