/* test_ledger.c: chart, posting rules, entries, their bytes, the trial balance. */
#include "../cmocka_include.h"

#include "ledger/trial_balance.h"

#include <string.h>

static void test_chart(void **state) {
    (void)state;
    for (int i = 0; i < ACCOUNT_COUNT; i++) {
        enum account account;
        assert_true(account_by_code(account_row((enum account)i)->code, &account));
        assert_int_equal(account, i);
    }
    enum account account = ACCOUNT_BANK;
    assert_false(account_by_code("120", &account));
    assert_false(account_by_code("12011", &account));
    assert_false(account_by_code("", &account));
    assert_int_equal(account, ACCOUNT_BANK);
    assert_true(account_is_debit(ACCOUNT_PRINCIPAL_RECEIVABLE));
    assert_true(account_is_debit(ACCOUNT_CHANNEL_FEES));
    assert_false(account_is_debit(ACCOUNT_CUSTOMER_CREDIT));
    assert_false(account_is_debit(ACCOUNT_INTEREST_INCOME));
}

static void test_post_both_ways(void **state) {
    (void)state;
    struct entry entry;
    entry_begin(&entry, 7, 1, day_from_civil(2026, 2, 15));
    assert_false(entry_balanced(&entry));
    entry_post(&entry, POSTING_RECEIVED_FROM_CHANNEL, money_fen(88849));
    entry_post(&entry, POSTING_INTEREST_PAID, MONEY_ZERO);
    assert_int_equal(entry.line_count, 2);
    entry_post(&entry, POSTING_PRINCIPAL_PAID, money_fen(-5));
    assert_true(entry_balanced(&entry));
    assert_int_equal(entry_net(&entry, ACCOUNT_CHANNEL_RECEIVABLE).fen, 88849);
    assert_int_equal(entry_net(&entry, ACCOUNT_PAYMENT_CLEARING).fen, -88849 - 5);
    assert_int_equal(entry_net(&entry, ACCOUNT_PRINCIPAL_RECEIVABLE).fen, 5);
    entry.lines[0].amount.fen++;
    assert_false(entry_balanced(&entry));
    entry.lines[0].amount.fen = -1;
    entry.lines[1].amount.fen = -1;
    assert_false(entry_balanced(&entry));
}

static void test_bytes_are_fixed(void **state) {
    (void)state;
    struct entry entry;
    entry_begin(&entry, 258, 3, day_from_civil(1970, 1, 2));
    entry_post(&entry, POSTING_PRINCIPAL_PAID, money_fen(513));
    uint8_t bytes[ENTRY_BYTES_MAX];
    static const uint8_t expected[] = {1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0,
        1, 0, 2, '1', '2', '9', '9', 'D', 0, 0, 0, 0, 0, 0, 2, 1, '1', '2', '0', '1', 'C', 0, 0, 0,
        0, 0, 0, 2, 1};
    assert_int_equal(entry_bytes(&entry, bytes, sizeof bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
}

static void test_every_rule_fits_one_entry(void **state) {
    (void)state;
    struct entry entry;
    struct trial_balance balance = {0};
    entry_begin(&entry, 1, 1, day_from_civil(2026, 1, 1));
    for (int i = 0; i < POSTING_RULE_COUNT; i++)
        entry_post(&entry, (enum posting_rule)i, money_fen(i + 1));
    assert_true(entry_balanced(&entry));
    uint8_t bytes[ENTRY_BYTES_MAX];
    assert_true(entry_bytes(&entry, bytes, sizeof bytes) <= sizeof bytes);
    trial_balance_add(&balance, &entry);
    assert_true(trial_balance_is_even(&balance));
    for (int i = 0; i < ACCOUNT_COUNT; i++)
        assert_int_equal(trial_balance_net(&balance, (enum account)i).fen,
            entry_net(&entry, (enum account)i).fen);
    trial_balance_add_sums(&balance, ACCOUNT_BANK, money_fen(1), MONEY_ZERO);
    assert_false(trial_balance_is_even(&balance));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chart),
        cmocka_unit_test(test_post_both_ways),
        cmocka_unit_test(test_bytes_are_fixed),
        cmocka_unit_test(test_every_rule_fits_one_entry),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
