/*
 * archive.h: the file of a backup: a sealed stream (codec/sealed_stream.h) of a head and of files.
 * Exports: struct archive_head, struct archive_key, struct archive_writer and
 * archive_write_*(), struct archive_reader and archive_read_*().
 *
 * In the stream: four bytes, the length of the head; the head, a JSON document; then the bytes of
 * each file that the head lists, in that order, and nothing more.
 */
#ifndef FENQI_CLI_ARCHIVE_H
#define FENQI_CLI_ARCHIVE_H

#include "cli/cli.h"
#include "codec/sealed_stream.h"
#include "store/backup.h"

#include <sys/types.h>

enum { ARCHIVE_FILES_MAX = 64, ARCHIVE_HEAD_MAX = 64 * 1024, ARCHIVE_NAME_MAX = 100 };

struct archive_file {
    const char *name; /* without a folder; "database" is the copy of the database */
    int64_t bytes;
};

/* What a backup says of itself. */
struct archive_head {
    const char *program;  /* the version that made it */
    const char *database; /* backup_kind() */
    const char *taken_at; /* RFC 3339 */
    struct backup_facts facts;
    struct archive_file files[ARCHIVE_FILES_MAX];
    size_t file_count;
};

/* How the stream is sealed or opened; exactly one is given. */
struct archive_key {
    const char *passphrase_file;
    const char *recipient; /* file of a public key, for writing */
    const char *identity;  /* file of its secret key, for reading */
};

/* ---- writing ---- */

struct archive_writer {
    const char *path;
    int fd;
    struct sealed_key key;
    struct sealed_stream stream;
    uint8_t preamble[SEALED_PREAMBLE];
    uint8_t *piece; /* not sealed yet */
    size_t used;
    int64_t written;
};

/* Makes the new file `path` (0600) and writes the head. Nothing is left behind after a failure. */
enum status archive_write_start(struct archive_writer *writer, const char *path,
    const struct archive_key *key, const struct archive_head *head, struct arena *arena,
    struct fault *fault) FENQI_MUST_USE;
enum status archive_write(
    struct archive_writer *writer, struct bytes bytes, struct fault *fault) FENQI_MUST_USE;
/* All of a file, which must have `bytes` bytes. */
enum status archive_write_file(struct archive_writer *writer, const char *path, int64_t bytes,
    struct fault *fault) FENQI_MUST_USE;
/* Seals the last piece and makes it durable; the file is closed, the key is kept for checking. */
enum status archive_write_end(struct archive_writer *writer, struct fault *fault) FENQI_MUST_USE;
/* Closes, wipes the key; with `remove` the file goes. */
void archive_write_close(struct archive_writer *writer, bool remove);

/* ---- reading ---- */

struct archive_reader {
    const char *path;
    int fd;
    struct sealed_stream stream;
    uint8_t *sealed, *piece;
    size_t at, length; /* what is left of the open piece */
    int64_t read;      /* bytes of the file */
    bool last, first;
    struct archive_head head;
};

/*
 * Opens a backup and reads its head. Errors: NOT_FOUND, IO; INVALID when it is no backup, of a
 * later format, or sealed in another way than `key`; DENIED when the key does not open it; CORRUPT.
 * `known` is the key of who has just written it, or NULL.
 */
enum status archive_read_start(struct archive_reader *reader, const char *path,
    const struct archive_key *key, const struct sealed_key *known, struct arena *arena,
    struct fault *fault) FENQI_MUST_USE;
/* Exactly `length` bytes. CORRUPT when changed or cut off. */
enum status archive_read(
    struct archive_reader *reader, uint8_t *out, size_t length, struct fault *fault) FENQI_MUST_USE;
/* The next `bytes` bytes as the new file `path` (0600, synced); removed again after a failure. */
enum status archive_read_file(struct archive_reader *reader, const char *path, int64_t bytes,
    struct fault *fault) FENQI_MUST_USE;
/* Nothing may be left in the stream. */
enum status archive_read_end(struct archive_reader *reader, struct fault *fault) FENQI_MUST_USE;
void archive_read_close(struct archive_reader *reader);

#endif
