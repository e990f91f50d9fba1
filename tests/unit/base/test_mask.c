/* test_mask.c: nothing more of a person is shown than the masks say. */
#include "../cmocka_include.h"

#include "base/mask.h"

static void test_masks(void **state) {
    (void)state;
    static const struct {
        char *(*mask)(const char *, char *);
        const char *in;
        const char *out;
    } rows[] = {
        {mask_phone, "13800000001", "138****0001"},
        {mask_phone, "1380000000", "****"},
        {mask_phone, "+8613800000001", "****"},
        {mask_name, "王小明", "*小明"},
        {mask_name, "欧阳", "*阳"},
        {mask_name, "王", "****"},
        {mask_name, "Ann Lee", "A** L**"},
        {mask_name, "", "****"},
        {mask_card, "6222021234566621", "6621"},
        {mask_card, "6222", "****"},
        {mask_card, "622202123456662x", "****"},
        {mask_identity, "11010519491231002X", "1****************X"},
        {mask_identity, "110105", "****"},
        {mask_address, "203.0.113.7", "203.0.113.*"},
        {mask_address, "2001:db8::1", "2001:db8:*"},
        {mask_address, "", "****"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[MASK_SIZE];
        assert_string_equal(rows[i].mask(rows[i].in, out), rows[i].out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_masks)};
    return cmocka_run_group_tests_name("base_mask", tests, NULL, NULL);
}
