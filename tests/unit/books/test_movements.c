/* test_movements.c: the engine's movements are the first posting rules of the ledger, in order. */
#include "../cmocka_include.h"

#include "engine/movement.h"
#include "ledger/posting.h"

static void test_movements_are_the_first_rules(void **state) {
    (void)state;
    assert_in_range(MOVEMENT_COUNT, 1, POSTING_RULE_COUNT);
    for (int i = 0; i < MOVEMENT_COUNT; i++)
        assert_string_equal(
            movement_name((enum movement)i), posting_row((enum posting_rule)i)->name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_movements_are_the_first_rules),
    };
    return cmocka_run_group_tests_name("books", tests, NULL, NULL);
}
