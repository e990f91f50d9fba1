/* test_encoding.c: byte strings that encoding never makes are refused. */
#include "../cmocka_include.h"

#include "engine/encoding.h"
#include "plan.h"

#include <string.h>

static const struct contract_event event = {
    .kind = EVENT_PAYMENT_SETTLED,
    .sequence = 2,
    .day = {20500},
    .amount = {88849},
    .target = TARGET_DUE,
};

/* Version, kind, event kind, sequence …: the bytes are a format that stored contracts rely on. */
static void test_bytes_are_fixed(void **state) {
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    static const uint8_t expected[] = {4, 0x8A, 0x01, 2, 4, 0xA8, 0xC0, 2, 0xA2, 0xEC, 0x0A, 2, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assert_int_equal(contract_event_encode(&event, bytes, sizeof bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
}

static void test_other_bytes_are_refused(void **state) {
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    struct contract_event back;
    struct terms terms;
    size_t length = contract_event_encode(&event, bytes, sizeof bytes);
    assert_true(contract_event_decode(bytes, length, &back));
    for (size_t shorter = 0; shorter < length; shorter++)
        assert_false(contract_event_decode(bytes, shorter, &back));
    bytes[length] = 0;
    assert_false(contract_event_decode(bytes, length + 1, &back));
    assert_false(terms_decode(bytes, length, &terms));
    bytes[0] = 2; /* version 1 */
    assert_false(contract_event_decode(bytes, length, &back));
    bytes[0] = 4;
    bytes[3] = 2 * EVENT_KIND_COUNT;
    assert_false(contract_event_decode(bytes, length, &back));
}

/* The same number in two groups, of which the last is empty. */
static void test_long_form_is_refused(void **state) {
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    uint8_t longer[EVENT_BYTES_MAX + 1];
    struct contract_event back;
    size_t length = contract_event_encode(&event, bytes, sizeof bytes);
    memcpy(longer, bytes, 4);
    longer[4] = bytes[4] | 0x80;
    longer[5] = 0;
    memcpy(longer + 6, bytes + 5, length - 5);
    assert_false(contract_event_decode(longer, length + 1, &back));
}

static void test_no_room(void **state) {
    (void)state;
    uint8_t bytes[EVENT_BYTES_MAX];
    size_t length = contract_event_encode(&event, bytes, sizeof bytes);
    for (size_t room = 0; room < length; room++)
        assert_int_equal(contract_event_encode(&event, bytes, room), 0);
    struct contract_state state_of_none;
    contract_new(&state_of_none);
    length = contract_state_encode(&state_of_none, bytes, sizeof bytes);
    assert_true(length > 0);
    for (size_t room = 0; room < length; room++)
        assert_int_equal(contract_state_encode(&state_of_none, bytes, room), 0);
}

/* Sixty instalments with large figures everywhere still fit the room that is promised. */
static void test_the_largest_state_fits(void **state) {
    (void)state;
    static struct contract_state most;
    static struct contract_state back;
    static uint8_t bytes[STATE_BYTES_MAX];
    contract_new(&most);
    most.instalment_count = INSTALMENTS_MAX;
    for (int i = 0; i < INSTALMENTS_MAX; i++) {
        struct instalment *part = &most.instalments[i];
        part->scheduled_day = part->due_day = part->settled_day = part->penalty_mark_day = DAY_NONE;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            part->charged[c] = part->paid[c] = part->waived[c] = money_fen(MONEY_MAX_FEN);
        part->late_fee = part->extension_fee = money_fen(MONEY_MAX_FEN);
        part->penalty_base_days = part->penalty_mark_base_days = INT64_MAX;
        part->overdue_allowance = ((int128)INT64_MAX << 62);
    }
    size_t length = contract_state_encode(&most, bytes, sizeof bytes);
    assert_in_range(length, 1, sizeof bytes);
    assert_true(contract_state_decode(bytes, length, &back));
    assert_true(back.instalments[59].overdue_allowance == most.instalments[59].overdue_allowance);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_fixed),
        cmocka_unit_test(test_other_bytes_are_refused),
        cmocka_unit_test(test_long_form_is_refused),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_the_largest_state_fits),
    };
    return cmocka_run_group_tests_name("engine_encoding", tests, NULL, NULL);
}
