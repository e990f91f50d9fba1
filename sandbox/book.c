/* book.c: the durable book. Exports what book.h declares. */
#include "sandbox/book.h"

#include "base/check.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MAX = 128, BUSY_TIMEOUT_MS = 5000 };

struct book {
    sqlite3 *database;
    size_t statement_count;
    struct {
        const char *sql; /* compared by address: statements are literals */
        sqlite3_stmt *statement;
    } statements[STATEMENTS_MAX];
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS sequence(name TEXT PRIMARY KEY, last INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS trade("
    " channel TEXT NOT NULL, out_no TEXT NOT NULL, provider_no TEXT NOT NULL, kind TEXT NOT NULL,"
    " amount_fen INTEGER NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, fingerprint TEXT NOT"
    " NULL, description TEXT NOT NULL, attach TEXT NOT NULL, notify_url TEXT NOT NULL,"
    " payer TEXT NOT NULL, card_number TEXT NOT NULL, handle TEXT NOT NULL,"
    " refunded_fen INTEGER NOT NULL DEFAULT 0, created_us INTEGER NOT NULL,"
    " expires_us INTEGER NOT NULL, due_us INTEGER NOT NULL, due_code TEXT NOT NULL,"
    " done_us INTEGER NOT NULL, queries INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(channel, out_no)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX IF NOT EXISTS trade_provider ON trade(provider_no);"
    "CREATE INDEX IF NOT EXISTS trade_handle ON trade(handle);"
    "CREATE INDEX IF NOT EXISTS trade_due ON trade(due_us) WHERE due_us > 0;"
    "CREATE INDEX IF NOT EXISTS trade_created ON trade(created_us);"
    "CREATE TABLE IF NOT EXISTS refund("
    " channel TEXT NOT NULL, refund_no TEXT NOT NULL, provider_no TEXT NOT NULL,"
    " out_no TEXT NOT NULL, amount_fen INTEGER NOT NULL, state TEXT NOT NULL,"
    " fingerprint TEXT NOT NULL, reason TEXT NOT NULL, notify_url TEXT NOT NULL,"
    " created_us INTEGER NOT NULL, due_us INTEGER NOT NULL, due_state TEXT NOT NULL,"
    " done_us INTEGER NOT NULL, PRIMARY KEY(channel, refund_no)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS refund_trade ON refund(channel, out_no);"
    "CREATE INDEX IF NOT EXISTS refund_due ON refund(due_us) WHERE due_us > 0;"
    "CREATE TABLE IF NOT EXISTS movement("
    " id INTEGER PRIMARY KEY, channel TEXT NOT NULL, kind TEXT NOT NULL, out_no TEXT NOT NULL,"
    " refund_no TEXT NOT NULL, card_number TEXT NOT NULL, amount_fen INTEGER NOT NULL,"
    " at_us INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS account("
    " card_number TEXT PRIMARY KEY, balance_fen INTEGER NOT NULL, attempts INTEGER NOT NULL"
    " DEFAULT 0) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS binding("
    " unique_code TEXT PRIMARY KEY, kind TEXT NOT NULL, user_id TEXT NOT NULL,"
    " card_number TEXT NOT NULL, name TEXT NOT NULL, mobile TEXT NOT NULL, sms_code TEXT NOT NULL,"
    " state TEXT NOT NULL, payload TEXT NOT NULL, created_us INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS agreement("
    " protocol_no TEXT PRIMARY KEY, user_id TEXT NOT NULL, card_number TEXT NOT NULL,"
    " name TEXT NOT NULL, mobile TEXT NOT NULL, state TEXT NOT NULL, created_us INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS agreement_user ON agreement(user_id);"
    "CREATE INDEX IF NOT EXISTS agreement_card ON agreement(card_number);"
    "CREATE TABLE IF NOT EXISTS sms("
    " id INTEGER PRIMARY KEY, mobile TEXT NOT NULL, code TEXT NOT NULL, purpose TEXT NOT NULL,"
    " created_us INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS notification("
    " id INTEGER PRIMARY KEY, channel TEXT NOT NULL, event TEXT NOT NULL, event_id TEXT NOT NULL,"
    " out_no TEXT NOT NULL, refund_no TEXT NOT NULL, url TEXT NOT NULL, payload TEXT NOT NULL,"
    " forge TEXT NOT NULL, state TEXT NOT NULL, next_us INTEGER NOT NULL, tries INTEGER NOT NULL,"
    " last_status INTEGER NOT NULL, created_us INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS notification_next ON notification(next_us) WHERE state IN"
    " ('waiting', 'held');"
    "CREATE INDEX IF NOT EXISTS notification_trade ON notification(out_no, id);"
    "CREATE TABLE IF NOT EXISTS fault("
    " id INTEGER PRIMARY KEY, channel TEXT NOT NULL, operation TEXT NOT NULL, kind TEXT NOT NULL,"
    " remaining INTEGER NOT NULL, per_million INTEGER NOT NULL, delay_ms INTEGER NOT NULL,"
    " code TEXT NOT NULL, outcome TEXT NOT NULL, match TEXT NOT NULL, hits INTEGER NOT NULL);";

enum status book_open(struct book **out, const char *path, struct fault *fault) {
    struct book *book = calloc(1, sizeof *book);
    check(book != NULL);
    if (sqlite3_open_v2(path, &book->database,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(book->database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL,
            NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(book->database, schema, NULL, NULL, NULL) != SQLITE_OK) {
        fault_set(fault, STATUS_IO, "book %s: %s", path, sqlite3_errmsg(book->database));
        book_close(book);
        return STATUS_IO;
    }
    sqlite3_busy_timeout(book->database, BUSY_TIMEOUT_MS);
    *out = book;
    return STATUS_OK;
}

void book_close(struct book *book) {
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->statement_count; i++)
        sqlite3_finalize(book->statements[i].statement);
    sqlite3_close(book->database);
    free(book);
}

/* The prepared statement of a literal. */
static sqlite3_stmt *prepare(struct book *book, const char *sql) {
    for (size_t i = 0; i < book->statement_count; i++) {
        if (book->statements[i].sql == sql)
            return book->statements[i].statement;
    }
    check(book->statement_count < STATEMENTS_MAX);
    sqlite3_stmt *statement = NULL;
    check(sqlite3_prepare_v3(
              book->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) == SQLITE_OK);
    book->statements[book->statement_count].sql = sql;
    book->statements[book->statement_count++].statement = statement;
    return statement;
}

static void bind(sqlite3_stmt *statement, const char *types, va_list arguments) {
    check((int)strlen(types) == sqlite3_bind_parameter_count(statement));
    for (int i = 0; types[i] != '\0'; i++) {
        check(types[i] == 't' || types[i] == 'i');
        if (types[i] == 't') {
            const char *text = va_arg(arguments, const char *);
            check(sqlite3_bind_text(statement, i + 1, text, -1, SQLITE_TRANSIENT) == SQLITE_OK);
        } else {
            check(sqlite3_bind_int64(statement, i + 1, va_arg(arguments, int64_t)) == SQLITE_OK);
        }
    }
}

void book_begin(struct book *book) {
    book_run(book, "BEGIN", "");
}

void book_commit(struct book *book) {
    book_run(book, "COMMIT", "");
}

int64_t book_run(struct book *book, const char *sql, const char *types, ...) {
    sqlite3_stmt *statement = prepare(book, sql);
    va_list arguments;
    va_start(arguments, types);
    bind(statement, types, arguments);
    va_end(arguments);
    int result = sqlite3_step(statement);
    while (result == SQLITE_ROW)
        result = sqlite3_step(statement);
    check(result == SQLITE_DONE);
    sqlite3_reset(statement);
    return sqlite3_changes64(book->database);
}

/* The current row's texts, copied. */
static struct row copy_row(struct arena *arena, sqlite3_stmt *statement) {
    int count = sqlite3_column_count(statement);
    const char **column = ARENA_ARRAY(arena, (size_t)count + 1, const char *);
    for (int i = 0; i < count; i++) {
        const char *text = (const char *)sqlite3_column_text(statement, i);
        column[i] = arena_text(arena, text == NULL ? "" : text);
    }
    return (struct row){column};
}

struct rows book_rows(
    struct book *book, struct arena *arena, const char *sql, const char *types, ...) {
    sqlite3_stmt *statement = prepare(book, sql);
    va_list arguments;
    va_start(arguments, types);
    bind(statement, types, arguments);
    va_end(arguments);
    struct rows rows = {0, NULL};
    size_t room = 0;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (rows.count == room) {
            size_t larger = room == 0 ? 4 : room * 2;
            struct row *moved = ARENA_ARRAY(arena, larger, struct row);
            if (rows.count > 0)
                memcpy(moved, rows.at, rows.count * sizeof *moved);
            rows.at = moved;
            room = larger;
        }
        rows.at[rows.count++] = copy_row(arena, statement);
    }
    check(result == SQLITE_DONE);
    sqlite3_reset(statement);
    return rows;
}

int64_t row_integer(struct row row, size_t column) {
    return strtoll(row.column[column], NULL, 10);
}

int64_t book_next(struct book *book, const char *sequence) {
    struct arena *arena = arena_create(512);
    struct rows rows = book_rows(book, arena,
        "INSERT INTO sequence(name, last) VALUES (?1, 1)"
        " ON CONFLICT(name) DO UPDATE SET last = last + 1 RETURNING last",
        "t", sequence);
    check(rows.count == 1);
    int64_t number = row_integer(rows.at[0], 0);
    arena_destroy(arena);
    return number;
}
