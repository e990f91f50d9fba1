/*
 * public_number.c: outside numbers. Exports what public_number.h declares.
 *
 * The check character is ISO 7064 style, modulus 37 over 36 (the pure recursive system "MOD 37,36"
 * uses the same recurrence), computed over base-36 values of the characters.
 */
#include "base/public_number.h"

#include "base/check.h"

#include <string.h>

static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char base36[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
enum { FIELD = 13 };

static void put_field(char *at, int64_t value) {
    check(value >= 0);
    for (int i = FIELD - 1; i >= 0; i--) {
        at[i] = base32[value & 31];
        value >>= 5;
    }
}

static bool take_field(const char *at, int64_t *out) {
    uint64_t value = 0;
    for (int i = 0; i < FIELD; i++) {
        const char *digit = at[i] == '\0' ? NULL : strchr(base32, at[i]);
        if (digit == NULL || value >> 58 != 0)
            return false;
        value = value << 5 | (uint64_t)(digit - base32);
    }
    *out = (int64_t)value;
    return true;
}

/* ISO 7064 MOD 37,36 over the first length - 1 characters. */
static char check_character(const char *text) {
    int product = 36;
    for (int i = 0; i < PUBLIC_NUMBER_LENGTH - 1; i++) {
        const char *digit = strchr(base36, text[i]);
        check(digit != NULL);
        int sum = (product + (int)(digit - base36)) % 36;
        product = (sum == 0 ? 36 : sum) * 2 % 37;
    }
    return base36[(37 - product) % 36];
}

char *public_number_write(
    enum public_number_kind kind, int64_t customer_id, int64_t id, char text[PUBLIC_NUMBER_SIZE]) {
    text[0] = (char)kind;
    put_field(text + 1, customer_id);
    put_field(text + 1 + FIELD, id);
    text[PUBLIC_NUMBER_LENGTH - 1] = check_character(text);
    text[PUBLIC_NUMBER_LENGTH] = '\0';
    return text;
}

bool public_number_read(const char *text, enum public_number_kind kind, struct public_number *out) {
    struct public_number read = {.kind = kind};
    if (strlen(text) != PUBLIC_NUMBER_LENGTH || text[0] != (char)kind ||
        !take_field(text + 1, &read.customer_id) || !take_field(text + 1 + FIELD, &read.id) ||
        check_character(text) != text[PUBLIC_NUMBER_LENGTH - 1])
        return false;
    *out = read;
    return true;
}
