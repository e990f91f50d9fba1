/* archive.c: see archive.h. */
#include "cli/archive.h"

#include "base/check.h"
#include "cli/archive_head.h"
#include "cli/archive_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LENGTH_SIZE = 4 };

static enum status io_fault(struct fault *fault, const char *what, const char *path) {
    return fault_set(fault,
        errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? STATUS_FULL : STATUS_IO,
        "cannot %s %s: %s", what, path, strerror(errno));
}

static enum status write_all(
    int fd, const char *path, const uint8_t *at, size_t length, struct fault *fault) {
    while (length > 0) {
        ssize_t written = write(fd, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return io_fault(fault, "write", path);
        at += written;
        length -= (size_t)written;
    }
    return STATUS_OK;
}

/* As many bytes as there are, up to `length`. */
static enum status read_some(
    int fd, const char *path, uint8_t *at, size_t length, size_t *got, struct fault *fault) {
    *got = 0;
    while (*got < length) {
        ssize_t part = read(fd, at + *got, length - *got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return io_fault(fault, "read", path);
        if (part == 0)
            break;
        *got += (size_t)part;
    }
    return STATUS_OK;
}

/* ---- writing ---- */

static enum status flush(struct archive_writer *writer, bool last, struct fault *fault) {
    uint8_t *sealed = malloc(SEALED_PIECE + SEALED_OVERHEAD);
    check(sealed != NULL);
    sealed_push(&writer->stream, writer->piece, writer->used, last, sealed);
    size_t length = writer->used + SEALED_OVERHEAD;
    enum status status = write_all(writer->fd, writer->path, sealed, length, fault);
    writer->written += (int64_t)length;
    writer->used = 0;
    free(sealed);
    return status;
}

enum status archive_write_start(struct archive_writer *writer, const char *path,
    const struct archive_key *key, const struct archive_head *head, struct arena *arena,
    struct fault *fault) {
    *writer = (struct archive_writer){.path = path, .fd = -1};
    enum status status = archive_seal(key, writer->preamble, &writer->key, arena, fault);
    if (status != STATUS_OK)
        return status;
    unlink(path); /* what an interrupted backup left */
    writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (writer->fd < 0)
        return io_fault(fault, "make", path);
    writer->piece = malloc(SEALED_PIECE);
    check(writer->piece != NULL);
    sealed_write_start(&writer->stream, writer->preamble, &writer->key);
    struct bytes text = bytes_of_text(archive_head_write(head, arena));
    uint8_t length[LENGTH_SIZE];
    check(text.length <= ARCHIVE_HEAD_MAX);
    for (int i = 0; i < LENGTH_SIZE; i++)
        length[i] = (uint8_t)(text.length >> 8 * i);
    writer->written = SEALED_PREAMBLE;
    status = write_all(writer->fd, path, writer->preamble, SEALED_PREAMBLE, fault);
    if (status == STATUS_OK)
        status = archive_write(writer, (struct bytes){length, sizeof length}, fault);
    if (status == STATUS_OK)
        status = archive_write(writer, text, fault);
    if (status != STATUS_OK)
        archive_write_close(writer, true);
    return status;
}

enum status archive_write(struct archive_writer *writer, struct bytes bytes, struct fault *fault) {
    enum status status = STATUS_OK;
    while (status == STATUS_OK && bytes.length > 0) {
        if (writer->used == SEALED_PIECE)
            status = flush(writer, false, fault);
        size_t part = SEALED_PIECE - writer->used;
        if (part > bytes.length)
            part = bytes.length;
        memcpy(writer->piece + writer->used, bytes.at, part);
        writer->used += part;
        bytes = (struct bytes){bytes.at + part, bytes.length - part};
    }
    return status;
}

enum status archive_write_file(
    struct archive_writer *writer, const char *path, int64_t bytes, struct fault *fault) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_fault(fault, "read", path);
    uint8_t *buffer = malloc(SEALED_PIECE);
    check(buffer != NULL);
    enum status status = STATUS_OK;
    size_t got = 1;
    while (status == STATUS_OK && got > 0) {
        status = read_some(fd, path, buffer, SEALED_PIECE, &got, fault);
        bytes -= (int64_t)got;
        if (status == STATUS_OK && bytes < 0)
            break;
        if (status == STATUS_OK)
            status = archive_write(writer, (struct bytes){buffer, got}, fault);
    }
    free(buffer);
    close(fd);
    if (status == STATUS_OK && bytes != 0)
        status = fault_set(fault, STATUS_CONFLICT, "%s changed while it was read", path);
    return status;
}

enum status archive_write_end(struct archive_writer *writer, struct fault *fault) {
    enum status status = flush(writer, true, fault);
    if (status == STATUS_OK && fsync(writer->fd) != 0)
        status = io_fault(fault, "sync", writer->path);
    if (close(writer->fd) != 0 && status == STATUS_OK)
        status = io_fault(fault, "close", writer->path);
    writer->fd = -1;
    return status;
}

void archive_write_close(struct archive_writer *writer, bool remove) {
    if (writer->fd >= 0)
        close(writer->fd);
    writer->fd = -1;
    if (remove && writer->piece != NULL)
        unlink(writer->path);
    free(writer->piece);
    writer->piece = NULL;
    explicit_bzero(&writer->key, sizeof writer->key);
    explicit_bzero(&writer->stream, sizeof writer->stream);
}

/* ---- reading ---- */

/* Opens the next piece; what follows the last one is no part of a backup. */
static enum status next_piece(struct archive_reader *reader, struct fault *fault) {
    size_t got;
    if (reader->last)
        return fault_set(fault, STATUS_CORRUPT, "%s ends before what it lists", reader->path);
    enum status status = read_some(
        reader->fd, reader->path, reader->sealed, SEALED_PIECE + SEALED_OVERHEAD, &got, fault);
    if (status != STATUS_OK)
        return status;
    if (got == 0)
        return fault_set(fault, STATUS_CORRUPT, "%s is cut off after %lld bytes", reader->path,
            (long long)reader->read);
    if (!sealed_pull(&reader->stream, reader->sealed, got, reader->piece, &reader->last)) {
        if (reader->first)
            return fault_set(fault, STATUS_DENIED,
                "this key does not open %s (or its beginning is damaged)", reader->path);
        return fault_set(fault, STATUS_CORRUPT, "%s is damaged or cut off after %lld bytes",
            reader->path, (long long)reader->read);
    }
    reader->first = false;
    reader->read += (int64_t)got;
    reader->at = 0;
    reader->length = got - SEALED_OVERHEAD;
    return STATUS_OK;
}

enum status archive_read(
    struct archive_reader *reader, uint8_t *out, size_t length, struct fault *fault) {
    while (length > 0) {
        if (reader->at == reader->length) {
            enum status status = next_piece(reader, fault);
            if (status != STATUS_OK)
                return status;
        }
        size_t part = reader->length - reader->at;
        if (part > length)
            part = length;
        memcpy(out, reader->piece + reader->at, part);
        reader->at += part;
        out += part;
        length -= part;
    }
    return STATUS_OK;
}

static enum status read_head(
    struct archive_reader *reader, struct arena *arena, struct fault *fault) {
    uint8_t size[LENGTH_SIZE];
    size_t length = 0;
    enum status status = archive_read(reader, size, sizeof size, fault);
    if (status != STATUS_OK)
        return status;
    for (int i = 0; i < LENGTH_SIZE; i++)
        length |= (size_t)size[i] << 8 * i;
    if (length > ARCHIVE_HEAD_MAX)
        return fault_set(fault, STATUS_CORRUPT, "%s has no head", reader->path);
    uint8_t *text = arena_allocate(arena, length + 1);
    status = archive_read(reader, text, length, fault);
    if (status == STATUS_OK)
        status = archive_head_read((struct bytes){text, length}, &reader->head, arena, fault);
    return status;
}

/* The preamble, then the key that belongs to it. */
static enum status find_key(struct archive_reader *reader, const struct archive_key *key,
    const struct sealed_key *known, struct arena *arena, struct fault *fault) {
    uint8_t preamble[SEALED_PREAMBLE];
    size_t got;
    struct sealed_key own = {{0}};
    enum status status =
        read_some(reader->fd, reader->path, preamble, sizeof preamble, &got, fault);
    if (status == STATUS_OK && got < sizeof preamble)
        status = fault_set(fault, STATUS_INVALID, "%s is no backup of Fenqi", reader->path);
    if (status == STATUS_OK && known == NULL)
        status = archive_unseal(key, preamble, reader->path, &own, arena, fault);
    if (status == STATUS_OK &&
        !sealed_read_start(&reader->stream, preamble, known == NULL ? &own : known))
        status = fault_set(fault, STATUS_CORRUPT, "the beginning of %s is damaged", reader->path);
    explicit_bzero(&own, sizeof own);
    reader->read = SEALED_PREAMBLE;
    return status;
}

enum status archive_read_start(struct archive_reader *reader, const char *path,
    const struct archive_key *key, const struct sealed_key *known, struct arena *arena,
    struct fault *fault) {
    *reader = (struct archive_reader){.path = path, .first = true};
    reader->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0)
        return fault_set(fault, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
            "cannot read %s: %s", path, strerror(errno));
    reader->sealed = malloc(SEALED_PIECE + SEALED_OVERHEAD);
    reader->piece = malloc(SEALED_PIECE);
    check(reader->sealed != NULL && reader->piece != NULL);
    enum status status = find_key(reader, key, known, arena, fault);
    if (status == STATUS_OK)
        status = read_head(reader, arena, fault);
    if (status != STATUS_OK)
        archive_read_close(reader);
    return status;
}

enum status archive_read_file(
    struct archive_reader *reader, const char *path, int64_t bytes, struct fault *fault) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fault_set(fault, errno == EEXIST ? STATUS_CONFLICT : STATUS_IO, "cannot make %s: %s",
            path, strerror(errno));
    uint8_t *buffer = malloc(SEALED_PIECE);
    check(buffer != NULL);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && bytes > 0) {
        size_t part = bytes < SEALED_PIECE ? (size_t)bytes : SEALED_PIECE;
        status = archive_read(reader, buffer, part, fault);
        if (status == STATUS_OK)
            status = write_all(fd, path, buffer, part, fault);
        bytes -= (int64_t)part;
    }
    free(buffer);
    if (status == STATUS_OK && fsync(fd) != 0)
        status = io_fault(fault, "sync", path);
    close(fd);
    if (status != STATUS_OK)
        unlink(path);
    return status;
}

enum status archive_read_end(struct archive_reader *reader, struct fault *fault) {
    uint8_t more;
    size_t got = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && reader->at == reader->length && !reader->last)
        status = next_piece(reader, fault);
    if (status == STATUS_OK)
        status = read_some(reader->fd, reader->path, &more, 1, &got, fault);
    if (status == STATUS_OK && (got > 0 || reader->at < reader->length))
        status = fault_set(fault, STATUS_CORRUPT, "%s has more bytes than it lists", reader->path);
    return status;
}

void archive_read_close(struct archive_reader *reader) {
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = -1;
    free(reader->sealed);
    free(reader->piece);
    reader->sealed = reader->piece = NULL;
    explicit_bzero(&reader->stream, sizeof reader->stream);
}
