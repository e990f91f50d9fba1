/* test_secrets.c: the vault, passwords, session tokens, random texts and bytes as text. */
#include "../cmocka_include.h"

#include "codec/password.h"
#include "codec/session_token.h"
#include "codec/text_bytes.h"
#include "codec/token.h"
#include "codec/vault.h"

#include <sodium.h>
#include <string.h>

static struct bytes text_of(const char *text) {
    return bytes_of_text(text);
}

static void test_bytes_as_text(void **state) {
    (void)state;
    /* RFC 4648 section 10 */
    static const char *const rows[][4] = {
        {"", "", "", ""},
        {"f", "Zg==", "Zg", "66"},
        {"fo", "Zm8=", "Zm8", "666f"},
        {"foo", "Zm9v", "Zm9v", "666f6f"},
        {"foob", "Zm9vYg==", "Zm9vYg", "666f6f62"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
        {"\xfb\xff\xbf", "+/+/", "-_-_", "fbffbf"},
    };
    FENQI_ARENA arena = arena_create(4096);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes plain = text_of(rows[i][0]), back;
        assert_string_equal(base64_write(arena, plain), rows[i][1]);
        assert_string_equal(base64url_write(arena, plain), rows[i][2]);
        assert_string_equal(hex_write(arena, plain), rows[i][3]);
        assert_true(base64_read(arena, text_of(rows[i][1]), &back) && bytes_equal(back, plain));
        assert_true(base64url_read(arena, text_of(rows[i][2]), &back) && bytes_equal(back, plain));
        assert_true(hex_read(arena, text_of(rows[i][3]), &back) && bytes_equal(back, plain));
    }
    struct bytes back;
    static const char *const wrong64[] = {"Zg=", "Zg", "Zg==\n", "Z g==", "Zh==", "Zg===", "-_-_"};
    for (size_t i = 0; i < sizeof wrong64 / sizeof wrong64[0]; i++)
        assert_false(base64_read(arena, text_of(wrong64[i]), &back));
    static const char *const wrong_url[] = {"Zg==", "Zh", "Z", "+/+/", "Zg "};
    for (size_t i = 0; i < sizeof wrong_url / sizeof wrong_url[0]; i++)
        assert_false(base64url_read(arena, text_of(wrong_url[i]), &back));
    static const char *const wrong_hex[] = {"6", "6g", "66 6f", "0x66"};
    for (size_t i = 0; i < sizeof wrong_hex / sizeof wrong_hex[0]; i++)
        assert_false(hex_read(arena, text_of(wrong_hex[i]), &back));
    assert_true(hex_read(arena, text_of("FbfF"), &back) && back.at[0] == 0xfb);
}

static void test_tokens_come_from_the_randomness_given(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    uint8_t random[TOKEN_RANDOM_SIZE] = {0};
    assert_string_equal(token_write(arena, random), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    random[23] = 1;
    assert_string_equal(token_write(arena, random), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB");
    assert_string_equal(
        token_digits(arena, (const uint8_t[8]){0, 0, 0, 0, 0, 0, 0, 7}, 6), "000007");
    assert_string_equal(
        token_digits(arena, (const uint8_t[8]){0, 0, 0, 0, 0, 0x98, 0x96, 0x80}, 4), "0000");
    assert_string_equal(
        token_digits(arena, (const uint8_t[8]){255, 255, 255, 255, 255, 255, 255, 255}, 9),
        "709551615"); /* 2^64 - 1 = 18446744073709551615 */
}

static void test_passwords(void **state) {
    (void)state;
    char hash[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];
    assert_true(password_hash("correct horse 电池", PASSWORD_COST_LEAST, hash));
    assert_true(password_hash("correct horse 电池", PASSWORD_COST_LEAST, other));
    assert_int_equal(strncmp(hash, "$argon2id$", 10), 0);
    assert_string_not_equal(hash, other); /* salted */
    assert_true(password_verify("correct horse 电池", hash));
    assert_false(password_verify("correct horse 电 池", hash));
    assert_false(password_verify("", hash));
    assert_false(password_verify("correct horse 电池", "$argon2id$v=19$m=8,t=1,p=1$AAAA"));
    assert_false(password_verify("correct horse 电池", NULL));
    static const char *const weak[] = {
        "", "1234567", "12345678", "87654321", "aaaaaaaa", "password", "13800138000"};
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
        assert_true(password_is_weak(weak[i], "13800138000"));
    assert_false(password_is_weak("correct horse", "13800138000"));
}

static void test_the_vault_opens_only_in_the_right_place(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    assert_true(vault_library_start());
    struct vault vault = {{1, 2, 3}}, other_vault = {{1, 2, 4}};
    uint8_t nonce[VAULT_NONCE_SIZE] = {9};
    struct bytes plain = text_of("whsec_1"), back;
    struct bytes sealed = vault_seal(&vault, VAULT_OPERATOR, "shop.key", 7, nonce, plain, arena);
    assert_int_equal(sealed.length, plain.length + VAULT_OVERHEAD);
    assert_true(vault_open(&vault, VAULT_OPERATOR, "shop.key", 7, sealed, arena, &back));
    assert_true(bytes_equal(back, plain));
    assert_false(vault_open(&other_vault, VAULT_OPERATOR, "shop.key", 7, sealed, arena, &back));
    assert_false(vault_open(&vault, VAULT_CURSOR, "shop.key", 7, sealed, arena, &back));
    assert_false(vault_open(&vault, VAULT_OPERATOR, "shop.kez", 7, sealed, arena, &back));
    assert_false(vault_open(&vault, VAULT_OPERATOR, "shop.key", 8, sealed, arena, &back));
    for (size_t length = 0; length < sealed.length; length++) {
        struct bytes cut = {sealed.at, length};
        assert_false(vault_open(&vault, VAULT_OPERATOR, "shop.key", 7, cut, arena, &back));
    }
    for (size_t bit = 0; bit < sealed.length * 8; bit++) {
        struct bytes copy = arena_bytes(arena, sealed);
        ((uint8_t *)(uintptr_t)copy.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(vault_open(&vault, VAULT_OPERATOR, "shop.key", 7, copy, arena, &back));
    }
}

static void test_a_customers_key_opens_only_what_is_theirs(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(4096);
    struct vault vault = {{1}};
    uint8_t nonce[VAULT_NONCE_SIZE] = {9};
    struct customer_key key = {{5}}, back = {{0}};
    struct bytes sealed_key = vault_seal_key(&vault, 40, &key, nonce, arena);
    assert_true(vault_open_key(&vault, 40, sealed_key, &back));
    assert_memory_equal(back.bytes, key.bytes, VAULT_KEY_SIZE);
    assert_false(vault_open_key(&vault, 41, sealed_key, &back));

    struct bytes name = customer_seal_text(&key, "customer.name", 40, nonce, "王小明", arena);
    assert_string_equal(customer_open_text(&key, "customer.name", 40, name, arena), "王小明");
    assert_null(customer_open_text(&key, "customer.phone", 40, name, arena));
    assert_null(customer_open_text(&key, "customer.name", 41, name, arena));
    struct customer_key destroyed = {{0}};
    assert_null(customer_open_text(&destroyed, "customer.name", 40, name, arena));
}

static void test_keyed_hashes_differ_by_key_and_use(void **state) {
    (void)state;
    struct vault vault = {{1}}, other = {{2}};
    uint8_t a[VAULT_MAC_SIZE], b[VAULT_MAC_SIZE];
    vault_mac(&vault, VAULT_PHONE_DIRECTORY, text_of("13800138000"), a);
    vault_mac(&vault, VAULT_PHONE_DIRECTORY, text_of("13800138000"), b);
    assert_memory_equal(a, b, VAULT_MAC_SIZE);
    vault_mac(&vault, VAULT_ONE_TIME_CODE, text_of("13800138000"), b);
    assert_memory_not_equal(a, b, VAULT_MAC_SIZE);
    vault_mac(&other, VAULT_PHONE_DIRECTORY, text_of("13800138000"), b);
    assert_memory_not_equal(a, b, VAULT_MAC_SIZE);
    vault_mac(&vault, VAULT_PHONE_DIRECTORY, text_of("13800138001"), b);
    assert_memory_not_equal(a, b, VAULT_MAC_SIZE);
}

static void test_session_tokens(void **state) {
    (void)state;
    struct session_token token = {.owner_id = 77, .session_id = INT64_MAX, .secret = {1, 2, 3}};
    struct session_token back;
    char text[SESSION_TOKEN_TEXT_SIZE], csrf[CSRF_TOKEN_TEXT_SIZE];
    uint8_t hash[SESSION_HASH_SIZE];
    session_token_hash(&token, hash);
    assert_true(session_token_read(session_token_write(&token, text), &back));
    assert_true(back.owner_id == 77 && back.session_id == INT64_MAX);
    assert_true(session_token_matches(&back, hash, sizeof hash));
    assert_false(session_token_matches(&back, hash, sizeof hash - 1));
    assert_true(session_token_csrf_matches(&back, session_token_csrf(&token, csrf)));
    assert_false(session_token_csrf_matches(&back, NULL));
    assert_false(session_token_csrf_matches(&back, ""));
    back.secret[31] ^= 1;
    assert_false(session_token_matches(&back, hash, sizeof hash));
    assert_false(session_token_csrf_matches(&back, csrf));

    assert_false(session_token_read("", &back));
    text[10] = '+';
    assert_false(session_token_read(text, &back));
    text[10] = '\0';
    assert_false(session_token_read(text, &back));
    token.owner_id = -1;
    assert_false(session_token_read(session_token_write(&token, text), &back));
}

/* The cookie is read and keyed by code of our own: held against the library's. */
static void test_session_tokens_as_the_library_has_them(void **state) {
    (void)state;
    for (int round = 0; round < 200; round++) {
        uint8_t bytes[48];
        randombytes_buf(bytes, sizeof bytes);
        bytes[0] &= 0x7f;
        bytes[8] &= 0x7f;
        char text[SESSION_TOKEN_TEXT_SIZE];
        sodium_bin2base64(
            text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        struct session_token token;
        assert_true(session_token_read(text, &token));
        assert_memory_equal(token.secret, bytes + 16, SESSION_SECRET_SIZE);
        uint8_t hash[SESSION_HASH_SIZE];
        uint8_t theirs[crypto_auth_hmacsha256_BYTES];
        session_token_hash(&token, hash);
        crypto_auth_hmacsha256_state hmac;
        crypto_auth_hmacsha256_init(&hmac, token.secret, sizeof token.secret);
        crypto_auth_hmacsha256_update(&hmac, (const unsigned char *)"fenqi session", 13);
        crypto_auth_hmacsha256_final(&hmac, theirs);
        assert_memory_equal(hash, theirs, sizeof hash);
        size_t place = (size_t)round % 64;
        for (int c = 1; c < 256; c++) {
            char changed[SESSION_TOKEN_TEXT_SIZE];
            memcpy(changed, text, sizeof text);
            changed[place] = (char)c;
            size_t length = 0;
            bool good = sodium_base642bin(bytes, sizeof bytes, changed, 64, NULL, &length, NULL,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                        length == sizeof bytes && (bytes[0] | bytes[8]) < 0x80 &&
                        c < 128; /* the library takes some byte of these for a letter */
            assert_int_equal(session_token_read(changed, &token), good);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_as_text),
        cmocka_unit_test(test_tokens_come_from_the_randomness_given),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_the_vault_opens_only_in_the_right_place),
        cmocka_unit_test(test_a_customers_key_opens_only_what_is_theirs),
        cmocka_unit_test(test_keyed_hashes_differ_by_key_and_use),
        cmocka_unit_test(test_session_tokens),
        cmocka_unit_test(test_session_tokens_as_the_library_has_them),
    };
    return cmocka_run_group_tests_name("codec_secrets", tests, NULL, NULL);
}
