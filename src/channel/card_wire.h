/*
 * card_wire.h: how the card acquirer's agreement-pay messages are built, signed and sealed.
 * Exports: struct card_fields and its functions, card_signed_text(), card_envelope_*(),
 * card_seal(), card_open().
 *
 * A message is a flat list of k=v. It is signed over its non-empty fields but `signature`, sorted
 * by name and joined by '&': the lower-case hex of the SHA-1 of that text is the message of a
 * SHA1withRSA signature, written as hex. Sensitive fields are sealed with an AES-128 key of the
 * message's own (key = initial vector, zero padding, base 64 before, hex after); the key travels in
 * `dgtl_envlp`.
 */
#ifndef FENQI_CHANNEL_CARD_WIRE_H
#define FENQI_CHANNEL_CARD_WIRE_H

#include "channel/config.h"
#include "channel/exchange.h"

enum { CARD_FIELDS_MAX = 48, CARD_AES_KEY_SIZE = 16 };

struct card_field {
    const char *name, *value;
};

struct card_fields {
    struct arena *arena;
    size_t count;
    struct card_field fields[CARD_FIELDS_MAX];
};

/* Adds a field; an empty or NULL value is left out, as the signature wants it. */
void card_add(struct card_fields *fields, const char *name, const char *value);

/* A field's value, or "" when absent. */
const char *card_value(const struct card_fields *fields, const char *name);

/* Non-empty fields but `signature`, sorted by name, k=v joined by '&'. */
char *card_signed_text(const struct card_fields *fields);

/* Adds `signature`. */
enum status card_sign(
    struct card_fields *fields, const struct rsa_key *key, struct fault *fault) FENQI_MUST_USE;

/* Whether `signature` is the key's over the other fields. */
bool card_verify(const struct card_fields *fields, const struct rsa_key *key);

/* The body of a form POST: sorted, percent-encoded. */
struct bytes card_form(const struct card_fields *fields);

/*
 * Reads k=v&k=v; `encoded` when the values are percent-encoded (forms), not so in the acquirer's
 * own answers. False on a name twice, too many fields, a part without '=', bad encoding.
 */
bool card_read(struct card_fields *fields, struct bytes text, bool encoded);

/* The envelope of an AES key: RSA over base 64 of "01|KEY", in hex. The key is 16 characters. */
enum status card_envelope_write(struct arena *arena, const struct rsa_key *key, const char *aes_key,
    const char **envelope, struct fault *fault) FENQI_MUST_USE;
bool card_envelope_read(
    struct arena *arena, const struct rsa_key *key, const char *envelope, const char **aes_key);

/* Hex of AES of base 64 of the text, and back. */
const char *card_seal(struct arena *arena, const char *aes_key, const char *text);
bool card_open(struct arena *arena, const char *aes_key, const char *sealed, const char **text);

#endif
