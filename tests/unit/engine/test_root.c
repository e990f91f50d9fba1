/* test_root.c: the search for a change of sign on functions that no cash flows have. */
#include "../real_claims.h"

#include "engine/root.h"

static struct balance of(struct real value) {
    return (struct balance){value, real_from_int(1)};
}

/* Jumps from -1 to 1 at the number in `context`, so it is never near zero. */
static struct balance jump(const void *context, struct real x) {
    const struct real *at = context;
    return of(real_from_int(real_compare(x, *at) < 0 ? -1 : 1));
}

static struct balance less(const void *context, struct real x) {
    return of(real_subtract(x, *(const struct real *)context));
}

static struct balance one(const void *context, struct real x) {
    (void)context;
    (void)x;
    return of(real_from_int(1));
}

static void test_jump_is_enclosed(void **state) {
    (void)state;
    static const char *const places[] = {"0.3", "-7.1", "1e-30", "39.9"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct real at = real(places[i]);
        struct real root;
        assert_true(root_find(jump, &at, REAL_ZERO, real_from_int(40), &root));
        struct real off = real_absolute(real_subtract(root, at));
        struct real size = real_absolute(at);
        if (real_compare(size, real_scale(real_from_int(1), -60)) < 0)
            size = real_scale(real_from_int(1), -60);
        assert_true(real_compare(off, real_scale(size, -109)) <= 0);
    }
}

static void test_zero_where_it_is_looked_at(void **state) {
    (void)state;
    struct real at = real_from_ratio(1, 64); /* the first step of the search */
    struct real root;
    assert_true(root_find(less, &at, REAL_ZERO, real_from_int(40), &root));
    assert_int_equal(real_compare(root, at), 0);
    assert_true(root_find(less, &at, at, real_from_int(40), &root));
    assert_int_equal(real_compare(root, at), 0);
}

static void test_beyond_the_limit_is_not_found(void **state) {
    (void)state;
    struct real at = real_from_int(50);
    struct real root = REAL_ZERO;
    assert_false(root_find(less, &at, REAL_ZERO, real_from_int(40), &root));
    assert_false(root_find(one, NULL, REAL_ZERO, real_from_int(40), &root));
    assert_int_equal(real_sign(root), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jump_is_enclosed),
        cmocka_unit_test(test_zero_where_it_is_looked_at),
        cmocka_unit_test(test_beyond_the_limit_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
