/*
 * card_wire.h: the acquirer's messages: forms, signature, digital envelope, sealed fields, codes.
 * Exports struct card_call and its functions.
 *
 * Signature: RSA over SHA1 of the lower-case hexadecimal SHA1 of `k=v&k=v` of all non-empty fields
 * but `signature`, sorted by name. Envelope: hexadecimal RSA encryption of base64("01|" AES key).
 * Sealed field: lower-case hexadecimal AES-128-CBC (key = IV, zero padding) of base64(text).
 */
#ifndef FENQI_SANDBOX_CARD_WIRE_H
#define FENQI_SANDBOX_CARD_WIRE_H

#include "sandbox/sandbox.h"

/* A verified request and the answer being written. */
struct card_call {
    struct sandbox *sandbox;
    const struct request *request;
    struct arena *arena;
    struct fields in;
    struct fields out;
    char aes_key[17]; /* "" when the request had no envelope */
    int64_t delay_ms;
};

/* The text that is signed. */
char *card_signed_text(struct arena *arena, const struct fields *fields);
char *card_sign(struct arena *arena, EVP_PKEY *key, const struct fields *fields);
bool card_verify(struct arena *arena, EVP_PKEY *key, const struct fields *fields);

/* `k=v&k=v`, values as they are (answers) or URL-encoded (notifications). */
char *card_form(struct arena *arena, const struct fields *fields, bool encode);

char *card_envelope(struct arena *arena, EVP_PKEY *key, const char *aes_key);
bool card_envelope_open(struct arena *arena, EVP_PKEY *key, const char *envelope, char out[17]);

char *card_seal(struct arena *arena, const char *aes_key, const char *text);
/* NULL when the field is not such a text. */
char *card_open(struct arena *arena, const char *aes_key, const char *sealed);

/* The request's sealed field in plain; NULL when absent or unreadable. */
const char *card_sealed_field(struct card_call *call, const char *name);

/* Seals `text` into the answer under a fresh key for the merchant. */
void card_put_sealed(struct card_call *call, const char *name, const char *text);

/* Sets resp_code, biz_resp_code and biz_resp_msg. */
void card_result(struct card_call *call, const char *resp_code, const char *biz_resp_code);

/* Reads form, merchant, envelope and signature. False when `out` holds a refusal already. */
bool card_read(struct card_call *call);

/* Signs and writes the answer. */
void card_write(struct card_call *call, struct answer *answer);

/* The Chinese message of a biz_resp_code. */
const char *card_message(const char *biz_resp_code);

#endif
