/*
 * text_bytes.c: hexadecimal and base 64 over libsodium, whose versions take the same time for every
 * value, so that they may be used on secrets.
 */
#include "codec/text_bytes.h"

#include <sodium.h>

char *hex_write(struct arena *arena, struct bytes bytes) {
    size_t room = bytes.length * 2 + 1;
    char *out = arena_allocate(arena, room);
    return sodium_bin2hex(out, room, bytes.at, bytes.length);
}

bool hex_read(struct arena *arena, struct bytes text, struct bytes *out) {
    if (text.length % 2 != 0)
        return false;
    size_t room = text.length / 2;
    uint8_t *at = arena_allocate(arena, room + 1);
    size_t length = 0;
    const char *end = NULL;
    if (sodium_hex2bin(at, room, (const char *)text.at, text.length, NULL, &length, &end) != 0 ||
        end != (const char *)text.at + text.length)
        return false;
    *out = (struct bytes){at, length};
    return true;
}

char *base64_write(struct arena *arena, struct bytes bytes) {
    size_t room = sodium_base64_ENCODED_LEN(bytes.length, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_allocate(arena, room);
    return sodium_bin2base64(out, room, bytes.at, bytes.length, sodium_base64_VARIANT_ORIGINAL);
}

bool base64_read(struct arena *arena, struct bytes text, struct bytes *out) {
    size_t room = text.length / 4 * 3 + 3;
    uint8_t *at = arena_allocate(arena, room);
    size_t length = 0;
    const char *end = NULL;
    if (sodium_base642bin(at, room, (const char *)text.at, text.length, NULL, &length, &end,
            sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != (const char *)text.at + text.length)
        return false;
    *out = (struct bytes){at, length};
    return true;
}
