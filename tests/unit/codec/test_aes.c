/* test_aes.c: AES-GCM of SDK tests and Wycheproof, AES-CBC with zero padding. */
#include "../cmocka_include.h"
#include "../vector_file.h"

#include "codec/aes.h"

#include <string.h>

static void check_gcm(const struct vector *vector) {
    struct arena *arena = vector->arena;
    struct bytes key = vector_bytes(vector, "key_hex"), nonce = vector_bytes(vector, "nonce_hex");
    struct bytes aad = vector_bytes(vector, "aad_hex"), plain = vector_bytes(vector, "plain_hex");
    struct bytes sealed = vector_bytes(vector, "sealed_hex"), out;
    bool expected = strcmp(vector_text(vector, "expected"), "valid") == 0;
    if (aes_gcm_open(arena, key, nonce, aad, sealed, &out) != expected)
        fail_msg("%s opens %s", vector_text(vector, "id"), expected ? "not" : "wrongly");
    if (!expected)
        return;
    assert_true(bytes_equal(out, plain));
    assert_true(bytes_equal(aes_gcm_seal(arena, key, nonce, aad, plain), sealed));
}

static void test_gcm_vectors(void **state) {
    (void)state;
    assert_int_equal(vector_file_each("channel/aes_gcm.txt", check_gcm), 37);
}

static void test_gcm_every_bit(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(65536);
    struct bytes key = bytes_of_text("0123456789abcdefghijklmnopqrstuv");
    struct bytes nonce = bytes_of_text("fdasflkja484"), aad = bytes_of_text("transaction"), out;
    struct bytes sealed = aes_gcm_seal(arena, key, nonce, aad, bytes_of_text("{\"total\":88849}"));
    for (size_t bit = 0; bit < sealed.length * 8; bit++) {
        struct bytes forged = arena_bytes(arena, sealed);
        ((uint8_t *)(uintptr_t)forged.at)[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_false(aes_gcm_open(arena, key, nonce, aad, forged, &out));
    }
    for (size_t length = 0; length < sealed.length; length++)
        assert_false(aes_gcm_open(arena, key, nonce, aad, (struct bytes){sealed.at, length}, &out));
    assert_false(aes_gcm_open(arena, key, nonce, bytes_of_text("refund"), sealed, &out));
    assert_false(aes_gcm_open(arena, bytes_of_text("short"), nonce, aad, sealed, &out));
}

static void test_cbc_zero(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(8192);
    struct bytes key = bytes_of_text("4f66405c4f66405c"), out;
    static const char *const texts[] = {
        "", "a", "fifteen bytes..", "sixteen bytes...", "seventeen bytes.."};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bytes cipher = aes_cbc_zero_encrypt(arena, key, key, bytes_of_text(texts[i]));
        assert_int_equal(cipher.length, (strlen(texts[i]) + 15) / 16 * 16);
        assert_true(aes_cbc_zero_decrypt(arena, key, key, cipher, &out));
        assert_true(bytes_equal(out, bytes_of_text(texts[i])));
    }
    assert_false(aes_cbc_zero_decrypt(arena, key, key, bytes_of_text("not a block"), &out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gcm_vectors),
        cmocka_unit_test(test_gcm_every_bit),
        cmocka_unit_test(test_cbc_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
