/*
 * book.h: the sandbox's own durable book, one SQLite file. Exports struct book, struct rows and
 * functions to run statements.
 *
 * Every answered request is one committed transaction (WAL, synchronous=FULL), so that kill -9
 * loses nothing that was answered. Table `movement` is the account of what moved: append-only, and
 * the thing that tests compare Fenqi's journal with.
 *
 * A failing statement is a bug or a dead disk; neither can be answered in a provider's protocol, so
 * the process ends (check), and starting it again finds the last committed state.
 */
#ifndef FENQI_SANDBOX_BOOK_H
#define FENQI_SANDBOX_BOOK_H

#include "base/arena.h"

struct book;

/* Column texts; SQL NULL is "". */
struct row {
    const char *const *column;
};

struct rows {
    size_t count;
    struct row *at;
};

/* Opens or makes the file. */
enum status book_open(struct book **out, const char *path, struct fault *fault);
void book_close(struct book *book);

void book_begin(struct book *book);
void book_commit(struct book *book);

/*
 * Runs one statement. `types` has a letter for each parameter: t text (const char *), i integer
 * (int64_t). Returns the number of rows changed.
 */
int64_t book_run(struct book *book, const char *sql, const char *types, ...);

/* Runs a query; all rows, in the arena. */
struct rows book_rows(
    struct book *book, struct arena *arena, const char *sql, const char *types, ...);

/* A column as an integer ("" is 0). */
int64_t row_integer(struct row row, size_t column);

/* The next number of a named sequence, starting at 1. */
int64_t book_next(struct book *book, const char *sequence);

#endif
