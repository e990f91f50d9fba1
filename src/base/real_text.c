/*
 * real_text.c: decimal numbers to struct real and back. Exports real_from_text() and
 * real_to_decimal() of real.h.
 */
#include "base/check.h"
#include "base/real.h"

enum { DECIMALS_MAX = 18, SNAP_BITS = 40 };

struct digits {
    int128 value;
    int32_t count;   /* without leading zeros */
    int32_t seen;    /* with them */
    int32_t decimal; /* after the point */
};

/* Digits and at most one point from `at`; returns where they end. */
static size_t read_digits(const char *text, size_t length, size_t at, struct digits *digits) {
    bool point = false;
    for (; at < length; at++) {
        char c = text[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digits->seen++;
        digits->decimal += point;
        digits->count += digits->count > 0 || c != '0';
        if (digits->count > REAL_DIGITS_MAX)
            break;
        digits->value = digits->value * 10 + (c - '0');
    }
    return at;
}

static bool read_power(const char *text, size_t length, size_t at, int32_t *power) {
    bool negative = at < length && text[at] == '-';
    if (at < length && (text[at] == '-' || text[at] == '+'))
        at++;
    if (at == length || length - at > 3)
        return false;
    int32_t value = 0;
    for (; at < length; at++) {
        if (text[at] < '0' || text[at] > '9')
            return false;
        value = value * 10 + (text[at] - '0');
    }
    *power = negative ? -value : value;
    return true;
}

/* digits × 10^power: the digits are exact in two halves of at most 18 places. */
static struct real assemble(int128 value, int32_t power) {
    const int64_t half = INT64_C(1000000000000000000);
    struct real sum =
        real_add(real_multiply(real_from_int((int64_t)(value / half)), real_from_int(half)),
            real_from_int((int64_t)(value % half)));
    struct real ten = real_power_int(real_from_int(10), power < 0 ? -power : power);
    return power < 0 ? real_divide(sum, ten) : real_multiply(sum, ten);
}

bool real_from_text(const char *text, size_t length, struct real *out) {
    bool negative = length > 0 && text[0] == '-';
    struct digits digits = {0};
    size_t at = read_digits(text, length, negative, &digits);
    if (digits.seen == 0 || digits.count > REAL_DIGITS_MAX)
        return false;
    int32_t power = 0;
    if (at < length &&
        ((text[at] != 'e' && text[at] != 'E') || !read_power(text, length, at + 1, &power)))
        return false;
    power -= digits.decimal;
    if (power > REAL_TEN_POWER_MAX || power < -REAL_TEN_POWER_MAX)
        return false;
    struct real value = assemble(digits.value, power);
    *out = negative ? real_negate(value) : value;
    return true;
}

/* The nearest multiple of one half when `value` lies within 2^-SNAP_BITS of it. */
static struct real snap(struct real value) {
    struct real twice = real_scale(value, 1);
    struct real nearest = real_from_int(real_floor(real_add(twice, real_from_ratio(1, 2))));
    struct real off = real_absolute(real_subtract(twice, nearest));
    bool near = real_compare(off, real_scale(real_from_int(1), 1 - SNAP_BITS)) <= 0;
    return near ? real_scale(nearest, -1) : value;
}

bool real_to_decimal(struct real value, int32_t decimals, enum rounding mode, int64_t *out) {
    check(decimals >= 0 && decimals <= DECIMALS_MAX);
    struct real scaled = real_multiply(value, real_power_int(real_from_int(10), decimals));
    if (!real_fits_int(real_scale(scaled, 2)))
        return false;
    scaled = snap(scaled);
    /* four units of a quarter decide every mode: whole, below the half, the half, above it */
    int64_t whole = real_floor(scaled);
    struct real rest = real_subtract(scaled, real_from_int(whole));
    int half = real_compare(rest, real_from_ratio(1, 2));
    int64_t quarter = real_sign(rest) == 0 ? 0 : 2 + half;
    *out = divide_rounded((int128)whole * 4 + quarter, 4, mode);
    return true;
}
