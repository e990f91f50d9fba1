/*
 * test_vectors.c: the sandbox's own cryptography against published figures (tests/vectors/channel,
 * sources in the files): the same figures as Fenqi's codec, by another implementation.
 */
#include "../unit/cmocka_include.h"
#include "../unit/vector_file.h"

#include "sandbox/card_wire.h"
#include "sandbox/crypto.h"
#include "sandbox/test_cards.h"

#include <string.h>

static EVP_PKEY *current_key;

/* A record without a key has that of the record before. */
static void take_key(const struct vector *vector) {
    const char *pem = vector_text(vector, "key");
    if (pem == NULL)
        return;
    EVP_PKEY_free(current_key);
    current_key = key_from_public_pem(pem);
    if (current_key == NULL) {
        SANDBOX_CERTIFICATE certificate = certificate_from_pem(pem);
        assert_non_null(certificate);
        current_key = X509_get_pubkey(certificate);
    }
    assert_non_null(current_key);
}

static void check_sha256(const struct vector *vector) {
    take_key(vector);
    const char *message = vector_text(vector, "message");
    struct bytes text =
        message != NULL ? bytes_of_text(message) : vector_bytes(vector, "message_hex");
    struct bytes signature = vector_text(vector, "signature_hex") != NULL
                                 ? vector_bytes(vector, "signature_hex")
                                 : vector_bytes(vector, "signature_base64");
    bool expected = strcmp(vector_text(vector, "expected"), "valid") == 0;
    if (rsa_verify(current_key, DIGEST_SHA256, text, signature) != expected)
        fail_msg("%s", vector_text(vector, "id"));
}

static void test_rsa_sha256(void **state) {
    (void)state;
    assert_in_range(vector_file_each("channel/rsa_sha256_verify.txt", check_sha256), 160, 400);
}

static void check_gcm(const struct vector *vector) {
    struct bytes key = vector_bytes(vector, "key_hex");
    struct bytes nonce = vector_bytes(vector, "nonce_hex");
    struct bytes aad = vector_bytes(vector, "aad_hex");
    struct bytes sealed = vector_bytes(vector, "sealed_hex");
    struct bytes plain;
    bool expected = strcmp(vector_text(vector, "expected"), "valid") == 0;
    if (nonce.length != 12)
        return; /* the providers' protocols know no other */
    if (gcm_open(vector->arena, key, nonce, aad, sealed, &plain) != expected)
        fail_msg("%s", vector_text(vector, "id"));
    if (!expected)
        return;
    struct bytes wanted = vector_bytes(vector, "plain_hex");
    assert_true(bytes_equal(plain, wanted));
    assert_true(bytes_equal(gcm_seal(vector->arena, key, nonce, aad, wanted), sealed));
}

static void test_gcm(void **state) {
    (void)state;
    assert_in_range(vector_file_each("channel/aes_gcm.txt", check_gcm), 35, 200);
}

static int card_records;

static void check_card(const struct vector *vector) {
    struct arena *arena = vector->arena;
    take_key(vector);
    if (vector_text(vector, "message") != NULL) {
        struct fields fields;
        struct bytes message = bytes_of_text(vector_text(vector, "message"));
        char *hash = digest_hex(arena, DIGEST_SHA1, message);
        assert_string_equal(hash, vector_text(vector, "sha1"));
        assert_true(rsa_verify(
            current_key, DIGEST_SHA1, bytes_of_text(hash), vector_bytes(vector, "signature_hex")));
        /* The same through the message's fields, in any order and with empty ones between. */
        assert_true(fields_read(arena, message, false, &fields));
        struct field first = fields.at[0];
        fields.at[0] = fields.at[3];
        fields.at[3] = first;
        fields_set(&fields, "req_reserved1", "");
        fields_set(&fields, "signature", vector_text(vector, "signature_hex"));
        assert_string_equal(card_signed_text(arena, &fields), vector_text(vector, "message"));
        assert_true(card_verify(arena, current_key, &fields));
        fields_set(&fields, "txn_type", "08");
        assert_false(card_verify(arena, current_key, &fields));
        card_records++;
    }
    if (vector_text(vector, "aes_key") != NULL) {
        const char *key = vector_text(vector, "aes_key");
        const char *sealed = vector_text(vector, "sealed_hex");
        assert_string_equal(card_seal(arena, key, vector_text(vector, "plain")), sealed);
        assert_string_equal(card_open(arena, key, sealed), vector_text(vector, "plain"));
        card_records++;
    }
}

static void test_card(void **state) {
    (void)state;
    vector_file_each("channel/card_wire.txt", check_card);
    assert_in_range(card_records, 2, 100);
}

static void check_notice(const struct vector *vector) {
    struct arena *arena = vector->arena;
    SANDBOX_CERTIFICATE certificate = certificate_from_pem(vector_text(vector, "certificate"));
    SANDBOX_KEY key = X509_get_pubkey(certificate);
    struct bytes signature;
    const char *text = vector_text(vector, "signature");
    assert_true(base64_decode(arena, text, strlen(text), &signature));
    char *message = arena_printf(arena, "%s\n%s\n%s\n", vector_text(vector, "timestamp"),
        vector_text(vector, "nonce"), vector_text(vector, "body"));
    assert_true(rsa_verify(key, DIGEST_SHA256, bytes_of_text(message), signature));
    assert_string_equal(certificate_serial(arena, certificate), vector_text(vector, "serial"));
}

static void test_notice(void **state) {
    (void)state;
    assert_int_equal(vector_file_each("channel/wechat_notice.txt", check_notice), 1);
}

static void test_round_trips(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(65536);
    SANDBOX_KEY key = key_make();
    char aes_key[17];
    char *envelope = card_envelope(arena, key, "0123456789abcdef");
    assert_true(card_envelope_open(arena, key, envelope, aes_key));
    assert_string_equal(aes_key, "0123456789abcdef");
    envelope[0] = envelope[0] == '0' ? '1' : '0';
    assert_false(card_envelope_open(arena, key, envelope, aes_key));
    for (size_t length = 0; length < 700; length += 35) {
        uint8_t plain[700];
        struct bytes opened;
        memset(plain, 'p', sizeof plain);
        struct bytes message = {plain, length};
        struct bytes sealed = rsa_private_blocks(arena, key, message);
        if (length > 0) {
            assert_true(rsa_public_blocks(arena, key, sealed, &opened));
            assert_true(bytes_equal(opened, message));
        }
    }
    static const char *const broken[] = {"", "A", "AAA", "A===", "AA=A", "AAAA=", "A AA", "=AAA"};
    struct bytes out;
    for (size_t i = 1; i < sizeof broken / sizeof broken[0]; i++)
        assert_false(base64_decode(arena, broken[i], strlen(broken[i]), &out));
    assert_null(card_open(arena, "0123456789abcdef", "00112233"));
    assert_null(card_open(arena, "0123456789abcdef", "zz"));
}

static void test_cards_are_valid(void **state) {
    (void)state;
    const struct test_card *card;
    size_t count = 0;
    while ((card = test_card_at(count)) != NULL) {
        assert_true(card_number_valid(card->number));
        assert_ptr_equal(test_card_of(card->number), card);
        count++;
    }
    assert_int_equal(count, 15);
    assert_false(card_number_valid("6299990000000008"));
    assert_false(card_number_valid("629999000000000a"));
    assert_false(card_number_valid("0"));
    assert_ptr_equal(test_card_of("6222020000000000"), test_card_at(0));
}

static void test_forms(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(8192);
    struct fields fields;
    assert_true(fields_read(arena, bytes_of_text("a=1&b=%E6%9C%9F+x&&c"), true, &fields));
    assert_int_equal(fields.count, 3);
    assert_string_equal(fields_text(&fields, "b"), "期 x");
    assert_string_equal(fields_text(&fields, "c"), "");
    assert_string_equal(fields_text(&fields, "d"), "");
    assert_false(fields_read(arena, bytes_of_text("a=1&a=2"), true, &fields));
    assert_false(fields_read(arena, bytes_of_text("a=%"), true, &fields));
    assert_false(fields_read(arena, bytes_of_text("a=%4"), true, &fields));
    assert_false(fields_read(arena, bytes_of_text("a=%zz"), true, &fields));
    assert_false(fields_read(arena, bytes_of_text("a=%00"), true, &fields));
    assert_true(fields_read(arena, bytes_of_text("a=%41"), true, &fields));
    assert_string_equal(fields_text(&fields, "a"), "A");
    int64_t number;
    assert_true(integer_read("0123", &number));
    assert_false(integer_read("-1", &number));
    assert_false(integer_read("+1", &number));
    assert_false(integer_read("1.0", &number));
    assert_false(integer_read("9999999999999999999", &number));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rsa_sha256),
        cmocka_unit_test(test_gcm),
        cmocka_unit_test(test_card),
        cmocka_unit_test(test_notice),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_cards_are_valid),
        cmocka_unit_test(test_forms),
    };
    int failed = cmocka_run_group_tests_name("sandbox_vectors", tests, NULL, NULL);
    EVP_PKEY_free(current_key);
    return failed;
}
