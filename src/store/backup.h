/*
 * backup.h: a whole database as one file, and back. Exports: struct backup_facts, backup_progress,
 * backup_kind(), backup_take(), backup_check(), backup_count(), backup_place(), backup_put().
 *
 * A copy is taken beside a running server and is the database of one moment. For SQLite it is a
 * database file (the online backup of the library, page by page under one snapshot); for PostgreSQL
 * the custom format of pg_dump, run as a child under an exported snapshot. None of these functions
 * needs an open store; they speak to the database by a connection of their own.
 */
#ifndef FENQI_STORE_BACKUP_H
#define FENQI_STORE_BACKUP_H

#include "base/arena.h"
#include "base/day.h"

/* What a database holds, to be compared after a way that it went. */
struct backup_facts {
    int64_t migration; /* the newest that it had */
    struct day business_date;
    int64_t customers;
    int64_t contracts;
    int64_t payments;
    int64_t entries; /* of the journal */
};

/* Told now and then; `total` is 0 when nobody knows. */
typedef void (*backup_progress)(void *context, const char *what, int64_t done, int64_t total);

/* "sqlite" or "postgres"; NULL, with a text in `fault`, when the URL names neither. */
const char *backup_kind(const char *database, struct fault *fault);

/*
 * Writes a copy of `database` to the new file `path` and what it holds to *facts. Errors: NOT_FOUND
 * (no such database, or an empty one), FULL, IO, UNAVAILABLE (server, pg_dump not installed).
 */
enum status backup_take(const char *database, const char *path, struct backup_facts *facts,
    backup_progress progress, void *context, struct fault *fault) FENQI_MUST_USE;

/*
 * Reads all of a copy of that kind and says what it holds: every page and index of an SQLite file;
 * every table of a dump (its facts have no business date and no migration: the rows are counted,
 * not read). CORRUPT when it is not whole.
 */
enum status backup_check(const char *kind, const char *path, struct backup_facts *facts,
    struct fault *fault) FENQI_MUST_USE;

/* What a database holds now. */
enum status backup_count(
    const char *database, struct backup_facts *facts, struct fault *fault) FENQI_MUST_USE;

/*
 * Looks whether a copy may be put there: CONFLICT when something is there already. With `aside`
 * (SQLite only) what is there is moved aside under that ending instead; UNAVAILABLE when somebody
 * has it open. *path: where the copy must be written to be put by backup_put(), in `arena`;
 * `folder` is used when the database itself is no file.
 */
enum status backup_place(const char *database, const char *folder, const char *aside,
    struct arena *arena, const char **path, struct fault *fault) FENQI_MUST_USE;

/* Makes the checked copy at the path of backup_place() the database; durable when STATUS_OK. */
enum status backup_put(const char *database, const char *path, struct fault *fault) FENQI_MUST_USE;

#endif
