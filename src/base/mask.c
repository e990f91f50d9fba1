/* mask.c: what may be shown of personal data. Exports what mask.h declares. */
#include "base/mask.h"

#include "base/check.h"

#include <stdbool.h>
#include <string.h>

static const char hidden[] = "****";

static bool all_digits(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static char *hide_all(char out[MASK_SIZE]) {
    memcpy(out, hidden, sizeof hidden);
    return out;
}

char *mask_phone(const char *phone, char out[MASK_SIZE]) {
    if (strlen(phone) != 11 || !all_digits(phone, 11))
        return hide_all(out);
    memcpy(out, phone, 3);
    memcpy(out + 3, "****", 4);
    memcpy(out + 7, phone + 7, 5);
    return out;
}

/* Bytes of the UTF-8 character that starts with `first`; the text is known to be valid. */
static size_t character_length(char first) {
    unsigned char c = (unsigned char)first;
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Latin names keep the first letter of each word. */
static char *mask_latin(const char *name, char out[MASK_SIZE]) {
    size_t length = 0;
    bool word_start = true;
    for (; *name != '\0' && length + 4 < MASK_SIZE; name++) {
        if (*name == ' ') {
            word_start = true;
            continue;
        }
        if (!word_start)
            continue;
        if (length > 0)
            out[length++] = ' ';
        out[length++] = *name;
        out[length++] = '*';
        out[length++] = '*';
        word_start = false;
    }
    out[length] = '\0';
    return length == 0 ? hide_all(out) : out;
}

char *mask_name(const char *name, char out[MASK_SIZE]) {
    size_t length = strlen(name);
    if (length == 0 || length >= MASK_SIZE)
        return hide_all(out);
    if ((unsigned char)name[0] < 0x80)
        return mask_latin(name, out);
    size_t first = character_length(name[0]);
    if (first >= length)
        return hide_all(out);
    out[0] = '*';
    memcpy(out + 1, name + first, length - first + 1);
    return out;
}

char *mask_card(const char *card_number, char out[MASK_SIZE]) {
    size_t length = strlen(card_number);
    if (length < 12 || length > 19 || !all_digits(card_number, length))
        return hide_all(out);
    memcpy(out, card_number + length - 4, 5);
    return out;
}

char *mask_identity(const char *identity_number, char out[MASK_SIZE]) {
    size_t length = strlen(identity_number);
    if (length != 18)
        return hide_all(out);
    memset(out, '*', length);
    out[0] = identity_number[0];
    out[length - 1] = identity_number[length - 1];
    out[length] = '\0';
    return out;
}

char *mask_address(const char *address, char out[MASK_SIZE]) {
    size_t length = strlen(address);
    if (length == 0 || length + 2 >= MASK_SIZE)
        return hide_all(out);
    memcpy(out, address, length + 1);
    char *cut = strrchr(out, '.');
    if (cut == NULL) {
        /* An IPv6 address keeps its first two groups, the size of a provider's allocation. */
        cut = strchr(out, ':');
        if (cut != NULL && strchr(cut + 1, ':') != NULL)
            cut = strchr(cut + 1, ':');
    }
    if (cut == NULL)
        return hide_all(out);
    check(cut + 2 < out + MASK_SIZE);
    cut[1] = '*';
    cut[2] = '\0';
    return out;
}
