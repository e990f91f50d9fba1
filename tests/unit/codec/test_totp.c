/* test_totp.c: the codes of RFC 6238 appendix B (SHA-1), their last six digits; sealed values. */
#include "../cmocka_include.h"

#include "codec/session_token.h"
#include "codec/totp.h"
#include "codec/vault.h"

#include <string.h>

static void test_rfc_6238(void **state) {
    (void)state;
    static const uint8_t seed[] = "12345678901234567890";
    static const struct {
        int64_t second;
        const char *code;
    } rows[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[TOTP_TEXT_SIZE];
        assert_string_equal(
            totp_code((struct bytes){seed, 20}, rows[i].second / TOTP_STEP_S, text), rows[i].code);
    }
}

static void test_sealed_values_open_only_in_their_place(void **state) {
    (void)state;
    assert_true(vault_library_start());
    FENQI_ARENA arena = arena_create(1024);
    struct customer_key key = {{1}};
    struct customer_key other = {{2}};
    uint8_t nonce[VAULT_NONCE_SIZE] = {9};
    struct bytes sealed = customer_seal_text(&key, "customer.name", 5, nonce, "王小明", arena);
    assert_string_equal(customer_open_text(&key, "customer.name", 5, sealed, arena), "王小明");
    assert_null(customer_open_text(&key, "customer.name", 6, sealed, arena));
    assert_null(customer_open_text(&key, "customer.phone", 5, sealed, arena));
    assert_null(customer_open_text(&other, "customer.name", 5, sealed, arena));
    for (size_t i = 0; i < sealed.length; i++) {
        struct bytes torn = arena_bytes(arena, sealed);
        uint8_t *bytes = (uint8_t *)(uintptr_t)torn.at;
        bytes[i] ^= 1;
        assert_null(customer_open_text(&key, "customer.name", 5, torn, arena));
        assert_null(
            customer_open_text(&key, "customer.name", 5, (struct bytes){sealed.at, i}, arena));
    }
}

static void test_csrf_belongs_to_one_session(void **state) {
    (void)state;
    struct session_token token = {.owner_id = 1, .session_id = 2, .secret = {3}};
    struct session_token other = {.owner_id = 1, .session_id = 2, .secret = {4}};
    char csrf[CSRF_TOKEN_TEXT_SIZE];
    session_token_csrf(&token, csrf);
    assert_true(session_token_csrf_matches(&token, csrf));
    assert_false(session_token_csrf_matches(&other, csrf));
    assert_false(session_token_csrf_matches(&token, NULL));
    assert_false(session_token_csrf_matches(&token, ""));
    char text[SESSION_TOKEN_TEXT_SIZE];
    struct session_token back;
    assert_true(session_token_read(session_token_write(&token, text), &back));
    assert_memory_equal(&back, &token, sizeof back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_6238),
        cmocka_unit_test(test_sealed_values_open_only_in_their_place),
        cmocka_unit_test(test_csrf_belongs_to_one_session),
    };
    return cmocka_run_group_tests_name("codec_totp", tests, NULL, NULL);
}
