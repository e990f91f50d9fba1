/*
 * password.h: passwords, hashed by argon2id (libsodium). Exports: struct password_cost,
 * password_hash(), password_verify(), password_is_weak().
 *
 * Hashing takes tens of milliseconds and megabytes on purpose (RFC 9106): call it on a worker
 * thread.
 */
#ifndef FENQI_CODEC_PASSWORD_H
#define FENQI_CODEC_PASSWORD_H

#include <stdbool.h>
#include <stdint.h>

enum { PASSWORD_HASH_SIZE = 128, PASSWORD_LENGTH_MIN = 8, PASSWORD_LENGTH_MAX = 128 };

/* What one hash costs. */
struct password_cost {
    uint64_t passes;
    uint64_t memory_bytes;
};

/* libsodium's "interactive": 2 passes over 64 MiB. */
#define PASSWORD_COST_INTERACTIVE ((struct password_cost){2, UINT64_C(64) << 20})

/* For generated demo data only: the smallest that libsodium takes. */
#define PASSWORD_COST_LEAST ((struct password_cost){1, UINT64_C(8) << 10})

/* Writes a self-describing hash text. False when memory runs out. */
bool password_hash(const char *password, struct password_cost cost, char hash[PASSWORD_HASH_SIZE]);

/*
 * Whether the password has that hash. A NULL hash is never right but takes as long as a wrong
 * password, so that the time does not tell who has one.
 */
bool password_verify(const char *password, const char *hash);

/*
 * Whether a password is refused: shorter than 8 characters, one character repeated, a plain run of
 * digits, or the phone number itself. NIST SP 800-63B asks for a length and a list of the obvious,
 * not for kinds of characters.
 */
bool password_is_weak(const char *password, const char *phone);

#endif
