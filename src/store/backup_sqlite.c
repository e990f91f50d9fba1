/*
 * backup_sqlite.c: an SQLite database as one file, and back. Exports backup_sqlite.
 *
 * The source is read under one read transaction, so that the copy is the database of one commit
 * while the server goes on writing; the write-ahead log cannot start anew before the copy is done.
 */
#include "store/backup_own.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGES_A_STEP = 256, WAIT_MS = 10000 };

static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
enum { PART_COUNT = sizeof parts / sizeof parts[0] };

static void close_database(sqlite3 **database) {
    sqlite3_close(*database);
}
#define FENQI_SQLITE __attribute__((cleanup(close_database))) sqlite3 *

static enum status report(sqlite3 *database, int code, const char *what, struct fault *fault) {
    enum status status = STATUS_IO;
    int primary = code & 0xff;
    if (primary == SQLITE_FULL || sqlite3_system_errno(database) == ENOSPC)
        status = STATUS_FULL;
    else if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR)
        status = STATUS_CORRUPT;
    else if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        status = STATUS_UNAVAILABLE;
    else if (primary == SQLITE_READONLY || primary == SQLITE_PERM)
        status = STATUS_DENIED;
    return fault_set(fault, status, "%s: %s", what, sqlite3_errmsg(database));
}

static enum status open_database(
    const char *address, int flags, sqlite3 **database, struct fault *fault) {
    int code =
        sqlite3_open_v2(address, database, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(*database, WAIT_MS);
        return STATUS_OK;
    }
    if ((code & 0xff) == SQLITE_CANTOPEN && sqlite3_system_errno(*database) == ENOENT)
        return fault_set(fault, STATUS_NOT_FOUND, "there is no database %s", address);
    return report(*database, code, address, fault);
}

static enum status run(sqlite3 *database, const char *text, struct fault *fault) {
    int code = sqlite3_exec(database, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : report(database, code, text, fault);
}

static enum status read_facts(sqlite3 *database, struct backup_facts *facts, struct fault *fault) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database, backup_facts_query, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum status status = STATUS_OK;
    if (code != SQLITE_ROW) {
        status = report(database, code, "what the database holds", fault);
    } else {
        const char *day = (const char *)sqlite3_column_text(statement, 1);
        *facts = (struct backup_facts){.migration = sqlite3_column_int64(statement, 0),
            .business_date = DAY_NONE,
            .customers = sqlite3_column_int64(statement, 2),
            .contracts = sqlite3_column_int64(statement, 3),
            .payments = sqlite3_column_int64(statement, 4),
            .entries = sqlite3_column_int64(statement, 5)};
        if (day != NULL && !day_from_text(day, strlen(day), &facts->business_date))
            status = fault_set(fault, STATUS_CORRUPT, "the business date is no day");
    }
    sqlite3_finalize(statement);
    return status;
}

static enum status copy_pages(sqlite3 *source, sqlite3 *target, backup_progress progress,
    void *context, struct fault *fault) {
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (backup == NULL)
        return report(target, sqlite3_extended_errcode(target), "copy", fault);
    int code;
    do {
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        int64_t total = sqlite3_backup_pagecount(backup);
        progress(context, "copy", total - sqlite3_backup_remaining(backup), total);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(20);
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    enum status status = code == SQLITE_DONE
                             ? STATUS_OK
                             : fault_set(fault,
                                   (code & 0xff) == SQLITE_FULL      ? STATUS_FULL
                                   : (code & 0xff) == SQLITE_CORRUPT ? STATUS_CORRUPT
                                                                     : STATUS_IO,
                                   "copy: %s", sqlite3_errstr(code));
    sqlite3_backup_finish(backup);
    return status;
}

static enum status take(const char *address, const char *path, struct backup_facts *facts,
    backup_progress progress, void *context, struct fault *fault) {
    FENQI_SQLITE source = NULL;
    FENQI_SQLITE target = NULL;
    enum status status = open_database(address, SQLITE_OPEN_READWRITE, &source, fault);
    if (status == STATUS_OK)
        status = open_database(path,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE, &target, fault);
    if (status == STATUS_OK) /* what reads it next makes it durable, or does not need it to be */
        status = run(target, "PRAGMA synchronous=OFF", fault);
    if (status == STATUS_OK)
        status = run(source, "BEGIN", fault);
    if (status == STATUS_OK)
        status = read_facts(source, facts, fault); /* takes the snapshot that is copied */
    if (status == STATUS_OK && facts->migration == 0)
        status = fault_set(fault, STATUS_NOT_FOUND, "%s is no database of Fenqi", address);
    if (status == STATUS_OK)
        status = copy_pages(source, target, progress, context, fault);
    return status;
}

/* The first complaint of a check that says "ok" when there is none. */
static enum status check_by(sqlite3 *database, const char *pragma, struct fault *fault) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database, pragma, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    enum status status = STATUS_OK;
    if (code != SQLITE_ROW)
        status = fault_set(fault, STATUS_CORRUPT, "the copy: %s", sqlite3_errmsg(database));
    else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0)
        status = fault_set(
            fault, STATUS_CORRUPT, "the copy: %s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return status;
}

static enum status check_copy(const char *path, struct backup_facts *facts, struct fault *fault) {
    FENQI_SQLITE database = NULL;
    enum status status = open_database(path, SQLITE_OPEN_READWRITE, &database, fault);
    if (status == STATUS_OK)
        status = check_by(database, "PRAGMA integrity_check(1)", fault);
    return status == STATUS_OK ? read_facts(database, facts, fault) : status;
}

static enum status count(const char *address, struct backup_facts *facts, struct fault *fault) {
    FENQI_SQLITE database = NULL;
    enum status status = open_database(address, SQLITE_OPEN_READWRITE, &database, fault);
    return status == STATUS_OK ? read_facts(database, facts, fault) : status;
}

/* Only who is alone can leave the write-ahead log; what it held is in the file afterwards. */
static enum status demand_alone(const char *address, struct fault *fault) {
    FENQI_SQLITE database = NULL;
    if (open_database(address, SQLITE_OPEN_READWRITE, &database, fault) != STATUS_OK)
        return fault->status;
    sqlite3_busy_timeout(database, 0);
    int code = sqlite3_exec(database, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        return fault_set(fault, STATUS_UNAVAILABLE, "%s is in use: stop the server first", address);
    return STATUS_OK; /* a damaged one is moved aside as it is */
}

static enum status place(const char *address, const char *folder, const char *aside,
    struct arena *arena, const char **path, struct fault *fault) {
    (void)folder;
    bool there = false;
    if (strncmp(address, "file:", 5) == 0)
        return fault_set(fault, STATUS_INVALID, "restore needs sqlite:PATH, not a file: address");
    for (int i = 0; i < PART_COUNT; i++)
        there = there || access(arena_printf(arena, "%s%s", address, parts[i]), F_OK) == 0;
    *path = arena_printf(arena, "%s.restoring", address);
    if (!there)
        return STATUS_OK;
    if (aside == NULL)
        return fault_set(fault, STATUS_CONFLICT, "%s is there already", address);
    enum status status = access(address, F_OK) == 0 ? demand_alone(address, fault) : STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < PART_COUNT; i++) {
        const char *from = arena_printf(arena, "%s%s", address, parts[i]);
        const char *to = arena_printf(arena, "%s.%s%s", address, aside, parts[i]);
        if (rename(from, to) != 0 && errno != ENOENT)
            status = fault_set(fault, STATUS_IO, "cannot move %s aside: %s", from, strerror(errno));
    }
    return status;
}

static enum status sync_path(const char *path, int flags, struct fault *fault) {
    int fd = open(path, flags | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    return synced ? STATUS_OK
                  : fault_set(fault, STATUS_IO, "cannot sync %s: %s", path, strerror(error));
}

static enum status put(const char *address, const char *path, struct fault *fault) {
    FENQI_ARENA arena = arena_create(1024);
    const char *slash = strrchr(address, '/');
    const char *folder =
        slash == NULL ? "." : arena_text_n(arena, address, (size_t)(slash - address) + 1);
    enum status status = sync_path(path, O_RDWR, fault);
    if (status == STATUS_OK && link(path, address) != 0) /* never over another file */
        status = fault_set(fault, errno == EEXIST ? STATUS_CONFLICT : STATUS_IO,
            "cannot make %s: %s", address, strerror(errno));
    if (status == STATUS_OK && unlink(path) != 0)
        status = fault_set(fault, STATUS_IO, "cannot remove %s: %s", path, strerror(errno));
    return status == STATUS_OK ? sync_path(folder, O_RDONLY | O_DIRECTORY, fault) : status;
}

const struct backup_way backup_sqlite = {.kind = "sqlite",
    .take = take,
    .inspect = check_copy,
    .count = count,
    .place = place,
    .put = put};
