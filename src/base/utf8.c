/* utf8.c: see utf8.h. */
#include "base/utf8.h"

size_t utf8_length(const unsigned char *at, size_t left) {
    unsigned char c = at[0];
    if (c < 0x80)
        return 1;
    size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || left < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (c == 0xe0 && at[1] < 0xa0) || (c == 0xf0 && at[1] < 0x90);
    bool surrogate = c == 0xed && at[1] > 0x9f;
    bool too_large = c == 0xf4 && at[1] > 0x8f;
    return overlong || surrogate || too_large ? 0 : length;
}

bool utf8_is_valid(const char *text, size_t length) {
    const unsigned char *at = (const unsigned char *)text;
    while (length > 0) {
        size_t character = utf8_length(at, length);
        if (character == 0)
            return false;
        at += character;
        length -= character;
    }
    return true;
}
