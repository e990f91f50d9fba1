/*
 * kind_crypto.c: ciphers, authentication codes, signatures and one-time codes of src/codec held
 * against published vectors. Exports: kind_crypto.
 *
 *     function NAME
 *     FIELD VALUE      *_hex and *_base64 are bytes; elsewhere \n and \\ stand for themselves
 *     expected …       valid, invalid, or the value itself
 *
 * Functions that the product has no use for (the SM family, SHA-256 and SHA-512 codes, …) are
 * not in src/codec and so not expressible.
 */
#include "kind.h"

#include "base/check.h"
#include "codec/aes.h"
#include "codec/hmac.h"
#include "codec/rsa.h"
#include "codec/text_bytes.h"
#include "codec/totp.h"

#include <stdlib.h>
#include <string.h>

static const struct vector_line *line_of(const struct vector_case *one, const char *word) {
    int32_t from = 0;
    return vector_find(one, word, &from);
}

static struct bytes unescaped(struct arena *arena, const char *text) {
    char *out = arena_allocate(arena, strlen(text) + 1), *to = out;
    for (; *text; text++) {
        if (*text == '\\' && text[1])
            *to++ = *++text == 'n' ? '\n' : *text;
        else
            *to++ = *text;
    }
    return (struct bytes){(const uint8_t *)out, (size_t)(to - out)};
}

/* The field NAME_hex, NAME_base64 or NAME; false when there is none or it is malformed. */
static bool field(const struct vector_case *one, const char *name, struct bytes *out) {
    const struct vector_line *line;
    if ((line = line_of(one, arena_printf(one->arena, "%s_hex", name))))
        return hex_read(one->arena, bytes_of_text(line->rest), out);
    if ((line = line_of(one, arena_printf(one->arena, "%s_base64", name))))
        return base64_read(one->arena, bytes_of_text(line->rest), out);
    if (!(line = line_of(one, name)))
        return false;
    *out = unescaped(one->arena, line->rest);
    return true;
}

static struct bytes must(const struct vector_case *one, const char *name) {
    struct bytes out = {0};
    check(field(one, name, &out));
    return out;
}

static int64_t number(const struct vector_case *one, const char *name) {
    const struct vector_line *line = line_of(one, name);
    check(line);
    return strtoll(line->rest, NULL, 10);
}

static void verdict(const struct vector_case *one, struct tally *tally, bool as_published) {
    if (as_published)
        vector_reproduced(tally);
    else
        vector_wrong(tally, line_of(one, "expected"), "not as published");
}

static bool published_valid(const struct vector_case *one) {
    return strcmp(line_of(one, "expected")->rest, "valid") == 0;
}

static void run_aes_gcm(const struct vector_case *one, struct tally *tally) {
    const struct bytes key = must(one, "key"), nonce = must(one, "nonce"), aad = must(one, "aad");
    const struct bytes sealed = must(one, "sealed"), plain = must(one, "plain");
    if (nonce.length != AES_GCM_NONCE_SIZE) {
        vector_not_expressible(tally, 1, "AES-GCM: nonces have 12 bytes");
        return;
    }
    struct bytes opened;
    const bool open = aes_gcm_open(one->arena, key, nonce, aad, sealed, &opened);
    if (!published_valid(one)) {
        verdict(one, tally, !open);
        return;
    }
    const struct bytes again = aes_gcm_seal(one->arena, key, nonce, aad, plain);
    verdict(one, tally, open && bytes_equal(opened, plain) && bytes_equal(again, sealed));
}

static void run_hmac(const struct vector_case *one, struct tally *tally) {
    uint8_t mac[HMAC_SHA256_SIZE];
    const struct bytes tag = must(one, "tag");
    hmac_sha256(must(one, "key"), must(one, "message"), mac);
    const bool same =
        tag.length <= sizeof mac && tag.length > 0 && memcmp(mac, tag.at, tag.length) == 0;
    verdict(one, tally, same == published_valid(one));
}

static void run_rsa(const struct vector_case *one, struct tally *tally) {
    FENQI_RSA_KEY key = NULL;
    struct fault fault = {0};
    if (rsa_read_public(must(one, "key"), &key, &fault) != STATUS_OK) {
        vector_wrong(tally, line_of(one, "key"), "the key is not read");
        return;
    }
    const bool valid = rsa_verify(key, RSA_SHA256, must(one, "message"), must(one, "signature"));
    verdict(one, tally, valid == published_valid(one));
}

static void run_totp(const struct vector_case *one, struct tally *tally) {
    char text[TOTP_TEXT_SIZE];
    const char *expected = line_of(one, "expected")->rest;
    if (number(one, "step") != TOTP_STEP_S) {
        vector_not_expressible(tally, 1, "one-time codes: steps have 30 seconds");
        return;
    }
    /* A longer code ends in the digits of a shorter one: both are remainders of one number. */
    const size_t length = strlen(expected);
    check(length >= TOTP_DIGITS);
    totp_code(must(one, "seed"), number(one, "time") / TOTP_STEP_S, text);
    verdict(one, tally, strcmp(text, expected + length - TOTP_DIGITS) == 0);
}

struct function {
    const char *name;
    void (*run)(const struct vector_case *one, struct tally *tally);
};

static const struct function functions[] = {
    {"aes-gcm", run_aes_gcm},
    {"hmac-sha256", run_hmac},
    {"rsa-sha256-verify", run_rsa},
    {"totp-sha1", run_totp},
};

static void run(const struct vector_case *one, struct tally *tally) {
    const struct vector_line *name = line_of(one, "function");
    check(name && line_of(one, "expected"));
    if (strcmp(line_of(one, "expected")->rest, "acceptable") == 0) {
        vector_not_expressible(tally, 1, "either answer is published as right");
        return;
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(functions[i].name, name->rest) == 0) {
            functions[i].run(one, tally);
            return;
        }
    }
    vector_not_expressible(tally, 1, arena_printf(one->arena, "%s: no such function", name->rest));
}

const struct vector_kind kind_crypto = {"crypto", run};
