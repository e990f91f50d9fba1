/* token.c: random texts. Exports what token.h declares. */
#include "codec/token.h"

#include "base/check.h"

#include <sodium.h>
#include <string.h>

static const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

char *base64url_write(struct arena *arena, struct bytes bytes) {
    size_t room = sodium_base64_ENCODED_LEN(bytes.length, variant);
    return sodium_bin2base64(arena_allocate(arena, room), room, bytes.at, bytes.length, variant);
}

bool base64url_read(struct arena *arena, struct bytes text, struct bytes *out) {
    size_t room = text.length / 4 * 3 + 3, length = 0;
    uint8_t *at = arena_allocate(arena, room);
    const char *end = NULL;
    const char *start = (const char *)text.at;
    if (sodium_base642bin(at, room, start, text.length, NULL, &length, &end, variant) != 0 ||
        end != start + text.length)
        return false;
    *out = (struct bytes){at, length};
    return true;
}

char *token_write(struct arena *arena, const uint8_t random[TOKEN_RANDOM_SIZE]) {
    char *text = base64url_write(arena, (struct bytes){random, TOKEN_RANDOM_SIZE});
    check(strlen(text) == TOKEN_LENGTH);
    return text;
}

char *token_digits(struct arena *arena, const uint8_t random[8], int count) {
    check(count >= 1 && count <= 9);
    uint64_t number = 0, modulus = 1;
    for (int i = 0; i < 8; i++)
        number = number << 8 | random[i];
    for (int i = 0; i < count; i++)
        modulus *= 10;
    return arena_printf(arena, "%0*llu", count, (unsigned long long)(number % modulus));
}
