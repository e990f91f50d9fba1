/*
 * archive_key.h: the key files of backups. Exports: archive_key_check(), archive_seal(),
 * archive_unseal(), archive_identity_read(), ARCHIVE_PUBLIC_MARK, ARCHIVE_SECRET_MARK.
 */
#ifndef FENQI_CLI_ARCHIVE_KEY_H
#define FENQI_CLI_ARCHIVE_KEY_H

#include "cli/archive.h"

/* What stands before the hexadecimal key in a key file. */
#define ARCHIVE_PUBLIC_MARK "fenqi-backup-public-key "
#define ARCHIVE_SECRET_MARK "fenqi-backup-secret-key "

/* A key of `mark` in a file of one line; a secret one must not be readable by others. */
enum status archive_identity_read(const char *path, const char *mark, uint8_t key[SEALED_KEY_SIZE],
    struct arena *arena, struct fault *fault) FENQI_MUST_USE;

/* Makes preamble and key for writing. */
enum status archive_seal(const struct archive_key *key, uint8_t preamble[SEALED_PREAMBLE],
    struct sealed_key *out, struct arena *arena, struct fault *fault) FENQI_MUST_USE;

/* The key that belongs to a preamble. */
enum status archive_unseal(const struct archive_key *key, const uint8_t preamble[SEALED_PREAMBLE],
    const char *path, struct sealed_key *out, struct arena *arena,
    struct fault *fault) FENQI_MUST_USE;

#endif
