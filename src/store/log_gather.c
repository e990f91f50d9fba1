/*
 * log_gather.c: a log file whose adjoining writes are gathered. Exports log_gather.h.
 *
 * The methods of the open file are replaced by a copy in which those that touch its bytes are ours.
 * The copy begins the struct that holds what was gathered, so that a file leads to it.
 */
#include "store/log_gather.h"

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* SQLite's file of Unix takes the lower 17 bits of an amount at a time: hence the pieces. */
enum { GATHERED_MOST = 1024 * 1024, PIECE_MOST = 64 * 1024, THROUGH_AFTER_SYNC = 2 };

struct gather {
    sqlite3_io_methods methods; /* first: what file->pMethods points to */
    const sqlite3_io_methods *real;
    sqlite3_int64 offset; /* of the gathered bytes in the file */
    size_t length;
    int through; /* writes that are not kept */
    char bytes[GATHERED_MOST];
};

static struct gather *gather_of(sqlite3_file *file) {
    return (struct gather *)(void *)(uintptr_t)file->pMethods;
}

/* Writes what was gathered. It is dropped when that fails: SQLite then gives the transaction up. */
static int write_out(sqlite3_file *file) {
    struct gather *gather = gather_of(file);
    if (gather->length == 0)
        return SQLITE_OK;
    size_t length = gather->length;
    gather->length = 0;
    int code = SQLITE_OK;
    for (size_t at = 0; at < length && code == SQLITE_OK; at += PIECE_MOST) {
        size_t piece = length - at < PIECE_MOST ? length - at : PIECE_MOST;
        code = gather->real->xWrite(
            file, gather->bytes + at, (int)piece, gather->offset + (sqlite3_int64)at);
    }
    return code;
}

static int gather_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset) {
    struct gather *gather = gather_of(file);
    size_t length = (size_t)amount;
    bool adjoins = offset == gather->offset + (sqlite3_int64)gather->length;
    if (!adjoins || gather->length + length > GATHERED_MOST) {
        int code = write_out(file);
        if (code != SQLITE_OK)
            return code;
    }
    bool kept = gather->through == 0 && length <= GATHERED_MOST;
    gather->through -= gather->through > 0 ? 1 : 0;
    if (!kept)
        return gather->real->xWrite(file, bytes, amount, offset);
    if (gather->length == 0)
        gather->offset = offset;
    memcpy(gather->bytes + gather->length, bytes, length);
    gather->length += length;
    return SQLITE_OK;
}

static int gather_read(sqlite3_file *file, void *bytes, int amount, sqlite3_int64 offset) {
    struct gather *gather = gather_of(file);
    bool apart = offset >= gather->offset + (sqlite3_int64)gather->length ||
                 offset + amount <= gather->offset;
    int code = apart ? SQLITE_OK : write_out(file);
    return code == SQLITE_OK ? gather->real->xRead(file, bytes, amount, offset) : code;
}

static int gather_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = write_out(file);
    return code == SQLITE_OK ? gather_of(file)->real->xTruncate(file, size) : code;
}

/*
 * Where a disk may damage what lies beside the bytes written, SQLite fills the log up to the end of
 * the sector with one more frame, syncs in the middle of that frame, and publishes it: its rest, a
 * part of the head and the page at most, must not wait here.
 */
static int gather_sync(sqlite3_file *file, int flags) {
    int code = write_out(file);
    gather_of(file)->through = THROUGH_AFTER_SYNC;
    return code == SQLITE_OK ? gather_of(file)->real->xSync(file, flags) : code;
}

static int gather_size(sqlite3_file *file, sqlite3_int64 *size) {
    int code = write_out(file);
    return code == SQLITE_OK ? gather_of(file)->real->xFileSize(file, size) : code;
}

/* What was never synced was never committed. */
static int gather_close(sqlite3_file *file) {
    struct gather *gather = gather_of(file);
    write_out(file);
    file->pMethods = gather->real;
    int code = gather->real->xClose(file);
    free(gather);
    return code;
}

void log_gather_install(sqlite3 *database) {
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(database, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (code != SQLITE_OK || file == NULL || file->pMethods == NULL)
        return;
    struct gather *gather = calloc(1, sizeof *gather);
    check(gather != NULL);
    gather->real = file->pMethods;
    gather->methods = *file->pMethods;
    gather->methods.xClose = gather_close;
    gather->methods.xRead = gather_read;
    gather->methods.xWrite = gather_write;
    gather->methods.xTruncate = gather_truncate;
    gather->methods.xSync = gather_sync;
    gather->methods.xFileSize = gather_size;
    file->pMethods = &gather->methods;
}
