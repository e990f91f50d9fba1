/*
 * card_wire.c: the card acquirer's flat messages. Vectors: tests/vectors/channel.
 */
#include "channel/card_wire.h"

#include "base/builder.h"
#include "base/check.h"
#include "codec/aes.h"
#include "codec/sha1.h"
#include "codec/text_bytes.h"

#include <stdlib.h>
#include <string.h>

void card_add(struct card_fields *fields, const char *name, const char *value) {
    if (!value || !*value)
        return;
    check(fields->count < CARD_FIELDS_MAX);
    fields->fields[fields->count++] = (struct card_field){name, value};
}

const char *card_value(const struct card_fields *fields, const char *name) {
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->fields[i].name, name) == 0)
            return fields->fields[i].value;
    return "";
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct card_field *)a)->name, ((const struct card_field *)b)->name);
}

static struct card_fields sorted(const struct card_fields *fields) {
    struct card_fields copy = *fields;
    qsort(copy.fields, copy.count, sizeof copy.fields[0], by_name);
    return copy;
}

char *card_signed_text(const struct card_fields *fields) {
    struct card_fields in_order = sorted(fields);
    struct builder text = builder_start(fields->arena, 512);
    for (size_t i = 0; i < in_order.count; i++) {
        const struct card_field *field = &in_order.fields[i];
        if (!*field->value || strcmp(field->name, "signature") == 0)
            continue;
        builder_printf(&text, "%s%s=", text.length ? "&" : "", field->name);
        builder_add(&text, field->value);
    }
    return builder_text(&text);
}

enum status card_sign(struct card_fields *fields, const struct rsa_key *key, struct fault *fault) {
    char *digest = sha1_hex(fields->arena, bytes_of_text(card_signed_text(fields)));
    struct bytes signature;
    enum status status =
        rsa_sign(key, RSA_SHA1, bytes_of_text(digest), fields->arena, &signature, fault);
    if (status == STATUS_OK)
        card_add(fields, "signature", hex_write(fields->arena, signature));
    return status;
}

bool card_verify(const struct card_fields *fields, const struct rsa_key *key) {
    struct bytes signature;
    const char *hex = card_value(fields, "signature");
    if (!*hex || !hex_read(fields->arena, bytes_of_text(hex), &signature))
        return false;
    char *digest = sha1_hex(fields->arena, bytes_of_text(card_signed_text(fields)));
    return rsa_verify(key, RSA_SHA1, bytes_of_text(digest), signature);
}

static void add_encoded(struct builder *out, const char *text) {
    static const char unreserved[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(unreserved, *text))
            builder_add_character(out, *text);
        else
            builder_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

struct bytes card_form(const struct card_fields *fields) {
    struct card_fields in_order = sorted(fields);
    struct builder form = builder_start(fields->arena, 1024);
    for (size_t i = 0; i < in_order.count; i++) {
        builder_printf(&form, "%s%s=", i ? "&" : "", in_order.fields[i].name);
        add_encoded(&form, in_order.fields[i].value);
    }
    return builder_bytes(&form);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes percent-encoding and '+' in place; false when malformed or a NUL comes out. */
static bool decode(char *text) {
    char *out = text;
    for (char *in = text; *in; in++) {
        char c = *in;
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = hex_digit(in[1]), low = high < 0 ? -1 : hex_digit(in[2]);
            if (low < 0 || (high == 0 && low == 0))
                return false;
            c = (char)(high * 16 + low);
            in += 2;
        }
        *out++ = c;
    }
    *out = '\0';
    return true;
}

bool card_read(struct card_fields *fields, struct bytes text, bool encoded) {
    fields->count = 0;
    if (memchr(text.at ? text.at : (const uint8_t *)"", 0, text.length))
        return false;
    char *rest = arena_text_n(fields->arena, (const char *)text.at, text.length), *part;
    while ((part = strsep(&rest, "&"))) {
        if (!*part && !rest)
            break;
        char *equals = strchr(part, '=');
        if (!equals || equals == part || fields->count == CARD_FIELDS_MAX)
            return false;
        *equals = '\0';
        if (encoded && (!decode(part) || !decode(equals + 1)))
            return false;
        for (size_t i = 0; i < fields->count; i++)
            if (strcmp(fields->fields[i].name, part) == 0)
                return false;
        fields->fields[fields->count++] = (struct card_field){part, equals + 1};
    }
    return fields->count > 0;
}

enum status card_envelope_write(struct arena *arena, const struct rsa_key *key, const char *aes_key,
    const char **envelope, struct fault *fault) {
    check(strlen(aes_key) == CARD_AES_KEY_SIZE);
    const char *text = arena_printf(arena, "01|%s", aes_key);
    struct bytes cipher;
    enum status status = rsa_encrypt(
        key, bytes_of_text(base64_write(arena, bytes_of_text(text))), arena, &cipher, fault);
    if (status == STATUS_OK)
        *envelope = hex_write(arena, cipher);
    return status;
}

bool card_envelope_read(
    struct arena *arena, const struct rsa_key *key, const char *envelope, const char **aes_key) {
    struct bytes cipher, encoded, text;
    if (!*envelope || !hex_read(arena, bytes_of_text(envelope), &cipher) ||
        !rsa_decrypt(key, cipher, arena, &encoded) || !base64_read(arena, encoded, &text))
        return false;
    if (text.length != CARD_AES_KEY_SIZE + 3 || memcmp(text.at, "01|", 3) != 0)
        return false;
    *aes_key = arena_text_n(arena, (const char *)text.at + 3, CARD_AES_KEY_SIZE);
    return strlen(*aes_key) == CARD_AES_KEY_SIZE;
}

const char *card_seal(struct arena *arena, const char *aes_key, const char *text) {
    struct bytes key = bytes_of_text(aes_key);
    const char *encoded = base64_write(arena, bytes_of_text(text));
    return hex_write(arena, aes_cbc_zero_encrypt(arena, key, key, bytes_of_text(encoded)));
}

bool card_open(struct arena *arena, const char *aes_key, const char *sealed, const char **text) {
    struct bytes key = bytes_of_text(aes_key), cipher, encoded, plain;
    if (!hex_read(arena, bytes_of_text(sealed), &cipher) ||
        !aes_cbc_zero_decrypt(arena, key, key, cipher, &encoded) ||
        !base64_read(arena, encoded, &plain) || memchr(plain.at, 0, plain.length))
        return false;
    *text = arena_text_n(arena, (const char *)plain.at, plain.length);
    return true;
}
