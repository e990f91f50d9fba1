/*
 * test_webhook_sender.c: signatures after the example of the Standard Webhooks reference libraries,
 * and the plan of tries.
 */
#include "../cmocka_include.h"

#include "codec/hmac.h"
#include "codec/text_bytes.h"
#include "job/webhook_sender.h"

/* https://github.com/standard-webhooks/standard-webhooks, tests of its libraries. */
static void test_published_signature(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(1024);
    struct bytes secret;
    assert_true(base64_read(arena, bytes_of_text("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), &secret));
    assert_string_equal(webhook_signature(arena, secret, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                            "1614265330", bytes_of_text("{\"test\": 2432232314}")),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void test_every_part_is_signed(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(1024);
    struct bytes secret = bytes_of_text("secret"), body = bytes_of_text("{}");
    const char *right = webhook_signature(arena, secret, "msg_1", "100", body);
    assert_string_not_equal(
        webhook_signature(arena, bytes_of_text("Secret"), "msg_1", "100", body), right);
    assert_string_not_equal(webhook_signature(arena, secret, "msg_2", "100", body), right);
    assert_string_not_equal(webhook_signature(arena, secret, "msg_1", "101", body), right);
    assert_string_not_equal(
        webhook_signature(arena, secret, "msg_1", "100", bytes_of_text("{ }")), right);
}

/* RFC 4231, case 2. */
static void test_hmac(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(1024);
    uint8_t mac[HMAC_SHA256_SIZE];
    hmac_sha256(bytes_of_text("Jefe"), bytes_of_text("what do ya want for nothing?"), mac);
    assert_string_equal(hex_write(arena, (struct bytes){mac, sizeof mac}),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void test_tries_grow_and_end(void **state) {
    (void)state;
    int32_t before = 0;
    for (int32_t attempts = 1; attempts <= 10; attempts++) {
        assert_true(webhook_delay_s(attempts) > before);
        before = webhook_delay_s(attempts);
    }
    assert_int_equal(webhook_delay_s(11), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_signature),
        cmocka_unit_test(test_every_part_is_signed),
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_tries_grow_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
