/* archive_key.c: see archive_key.h. */
#include "cli/archive_key.h"

#include "codec/text_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, PASSPHRASE_MIN = 12 };

/* The one line of a small file, without its newline. */
static enum status read_line(
    const char *path, bool secret, struct arena *arena, struct bytes *line, struct fault *fault) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
            "cannot read %s: %s", path, strerror(errno));
    struct stat found;
    bool known = fstat(fd, &found) == 0;
    uint8_t *text = arena_allocate(arena, LINE_SIZE);
    ssize_t length = read(fd, text, LINE_SIZE);
    close(fd);
    if (!known || length < 0)
        return fault_set(fault, STATUS_IO, "cannot read %s", path);
    if (secret && (found.st_mode & 077) != 0)
        return fault_set(fault, STATUS_DENIED, "%s may be read by others: chmod 600 it", path);
    if (length > 0 && text[length - 1] == '\n')
        length--;
    if (length == 0 || length == LINE_SIZE || memchr(text, '\n', (size_t)length) != NULL)
        return fault_set(fault, STATUS_INVALID, "%s must hold one line", path);
    *line = (struct bytes){text, (size_t)length};
    return STATUS_OK;
}

static enum status read_passphrase(
    const char *path, struct arena *arena, struct bytes *passphrase, struct fault *fault) {
    enum status status = read_line(path, true, arena, passphrase, fault);
    if (status == STATUS_OK && passphrase->length < PASSPHRASE_MIN)
        status = fault_set(fault, STATUS_INVALID, "the passphrase in %s is shorter than %d bytes",
            path, PASSPHRASE_MIN);
    return status;
}

enum status archive_identity_read(const char *path, const char *mark, uint8_t key[SEALED_KEY_SIZE],
    struct arena *arena, struct fault *fault) {
    struct bytes line, bytes = {NULL, 0};
    bool secret = strcmp(mark, ARCHIVE_SECRET_MARK) == 0;
    enum status status = read_line(path, secret, arena, &line, fault);
    if (status != STATUS_OK)
        return status;
    size_t before = strlen(mark);
    bool shaped = line.length == before + 2 * SEALED_KEY_SIZE &&
                  memcmp(line.at, mark, before) == 0 &&
                  hex_read(arena, (struct bytes){line.at + before, line.length - before}, &bytes);
    if (!shaped)
        return fault_set(fault, STATUS_INVALID, "%s is no %.*s of fenqi backup key", path,
            (int)before - 1, mark);
    memcpy(key, bytes.at, SEALED_KEY_SIZE);
    return STATUS_OK;
}

enum status archive_seal(const struct archive_key *key, uint8_t preamble[SEALED_PREAMBLE],
    struct sealed_key *out, struct arena *arena, struct fault *fault) {
    if (key->recipient != NULL) {
        uint8_t public_key[SEALED_KEY_SIZE];
        enum status status =
            archive_identity_read(key->recipient, ARCHIVE_PUBLIC_MARK, public_key, arena, fault);
        if (status == STATUS_OK)
            seal_for_recipient(preamble, public_key, out);
        return status;
    }
    struct bytes passphrase;
    enum status status = read_passphrase(key->passphrase_file, arena, &passphrase, fault);
    if (status == STATUS_OK && !seal_for_passphrase(preamble, passphrase, out))
        status = fault_set(fault, STATUS_UNAVAILABLE, "no memory to derive a key");
    return status;
}

enum status archive_unseal(const struct archive_key *key, const uint8_t preamble[SEALED_PREAMBLE],
    const char *path, struct sealed_key *out, struct arena *arena, struct fault *fault) {
    enum sealed_kind kind = sealed_kind_of(preamble);
    if (kind == SEALED_NOTHING)
        return fault_set(fault, STATUS_INVALID, "%s is no backup of Fenqi", path);
    if (kind == SEALED_NEWER)
        return fault_set(fault, STATUS_INVALID,
            "%s was made by a newer fenqi, in a format that this one does not know", path);
    if (kind == SEALED_RECIPIENT) {
        uint8_t secret[SEALED_KEY_SIZE];
        if (key->identity == NULL)
            return fault_set(fault, STATUS_INVALID,
                "%s is sealed to a public key: --identity FILE opens it", path);
        enum status status =
            archive_identity_read(key->identity, ARCHIVE_SECRET_MARK, secret, arena, fault);
        if (status == STATUS_OK && !unseal_by_identity(preamble, secret, out))
            status = fault_set(fault, STATUS_DENIED, "%s does not open %s", key->identity, path);
        explicit_bzero(secret, sizeof secret);
        return status;
    }
    if (key->passphrase_file == NULL)
        return fault_set(fault, STATUS_INVALID,
            "%s is sealed by a passphrase: --passphrase-file FILE opens it", path);
    struct bytes passphrase;
    enum status status = read_passphrase(key->passphrase_file, arena, &passphrase, fault);
    if (status == STATUS_OK && !unseal_by_passphrase(preamble, passphrase, out))
        status = fault_set(fault, STATUS_CORRUPT, "the beginning of %s is damaged", path);
    return status;
}
