/* real_claims.h: struct real in tests. Exports: real(), assert_near(), random_real(). */
#ifndef FENQI_TESTS_REAL_CLAIMS_H
#define FENQI_TESTS_REAL_CLAIMS_H

#include "cmocka_include.h"

#include "base/real.h"

#include <string.h>

static inline struct real real(const char *text) {
    struct real out;
    assert_true(real_from_text(text, strlen(text), &out));
    return out;
}

/* |a - b| <= 2^-bits × the larger of them, or both are nearly 0. */
static inline bool real_near(struct real a, struct real b, int32_t bits) {
    struct real off = real_absolute(real_subtract(a, b));
    struct real size = real_absolute(real_compare(a, b) > 0 ? a : b);
    struct real other = real_absolute(real_compare(a, b) > 0 ? b : a);
    size = real_compare(size, other) > 0 ? size : other;
    return real_compare(off, real_scale(size, -bits)) <= 0;
}

#define assert_near(a, b, bits) assert_true(real_near(a, b, bits))

/* A repeatable sequence of 64-bit numbers (splitmix). */
static inline uint64_t next_random(uint64_t *seed) {
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A number of either sign whose size is within 2^±bits. */
static inline struct real random_real(uint64_t *seed, int32_t bits) {
    int64_t mantissa = (int64_t)(next_random(seed) | 1);
    int32_t shift = (int32_t)(next_random(seed) % (uint64_t)(2 * bits)) - bits;
    return real_scale(
        real_multiply(real_from_int(mantissa), real_from_int((int64_t)(next_random(seed) >> 1))),
        shift - 126);
}

#endif
