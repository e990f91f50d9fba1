/*
 * bare_sqlite.c: the program `bare_sqlite`: repayments as nothing but rows, on one thread.
 *
 *     bare_sqlite DATABASE CUSTOMERS ROWS BATCH MILLISECONDS
 *
 * For each repayment it reads by key the rows that one changes, looks the idempotency key up, and
 * writes the rows that one repayment of the product wrote (rows.h); BATCH of them in a transaction,
 * fully durable (WAL, synchronous = FULL) and with the product's sizes of cache and log. The
 * database is a copy of a portfolio and is used up.
 */
#include "gauge.h"
#include "rows.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 8192 };

struct bare {
    sqlite3 *database;
    struct rows rows;
    struct subjects subjects;
    sqlite3_stmt *reads[ROWS_MOST]; /* NULL: not read */
    sqlite3_stmt *writes[ROWS_MOST];
    sqlite3_stmt *begin, *commit;
    int64_t batch, made;
    uint64_t random;
    struct samples commits;
};

static _Noreturn void fail(const struct bare *bare, const char *what) {
    fprintf(stderr, "bare_sqlite: %s: %s\n", what, sqlite3_errmsg(bare->database));
    exit(1);
}

static sqlite3_stmt *prepare(const struct bare *bare, const char *text) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(bare->database, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK)
        fail(bare, text);
    return statement;
}

static void add(char *text, const char *more) {
    strncat(text, more, TEXT_MOST - strlen(text) - 1);
}

/* " WHERE a = ?1 AND b = ?2", numbered by the columns' places. */
static void add_key(char *text, const struct row *row) {
    const char *word = " WHERE ";
    for (int i = 0; i < row->column_count; i++) {
        char term[ROW_NAME_MOST + 24];
        if (!row->columns[i].key)
            continue;
        snprintf(term, sizeof term, "%s%s = ?%d", word, row->columns[i].name, i + 1);
        add(text, term);
        word = " AND ";
    }
}

static sqlite3_stmt *prepare_read(const struct bare *bare, const struct row *row) {
    char text[TEXT_MOST];
    if (row->insert && !row_is_looked_up(row))
        return NULL;
    snprintf(text, sizeof text, "SELECT * FROM %s", row->table);
    add_key(text, row);
    return prepare(bare, text);
}

static sqlite3_stmt *prepare_write(const struct bare *bare, const struct row *row) {
    char text[TEXT_MOST], values[TEXT_MOST] = "", term[ROW_NAME_MOST + 24];
    snprintf(text, sizeof text, row->insert ? "INSERT INTO %s (" : "UPDATE %s SET ", row->table);
    const char *comma = "";
    for (int i = 0; i < row->column_count; i++) {
        if (!row->insert && row->columns[i].key)
            continue;
        snprintf(term, sizeof term, row->insert ? "%s%s" : "%s%s = ?%d", comma,
            row->columns[i].name, i + 1);
        add(text, term);
        snprintf(term, sizeof term, "%s?%d", comma, i + 1);
        add(values, term);
        comma = ", ";
    }
    if (row->insert) {
        add(text, ") VALUES (");
        add(text, values);
        add(text, ")");
    } else {
        add_key(text, row);
    }
    return prepare(bare, text);
}

static void bind(
    sqlite3_stmt *statement, const struct row *row, const struct subject *subject, bool key_only) {
    static uint8_t rooms[ROW_COLUMNS_MOST][256];
    for (int i = 0; i < row->column_count; i++) {
        const struct row_column *column = &row->columns[i];
        if (key_only && !column->key)
            continue;
        if (column->null)
            sqlite3_bind_null(statement, i + 1);
        else if (column->type == ROW_LONG || column->type == ROW_INT)
            sqlite3_bind_int64(statement, i + 1, row_integer(column, subject));
        else if (column->type == ROW_TEXT)
            sqlite3_bind_text(statement, i + 1, (const char *)row_bytes(column, subject, rooms[i]),
                (int)column->length, SQLITE_STATIC);
        else
            sqlite3_bind_blob(statement, i + 1, row_bytes(column, subject, rooms[i]),
                (int)column->length, SQLITE_STATIC);
    }
}

static void run(const struct bare *bare, sqlite3_stmt *statement, const char *what) {
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++)
            (void)sqlite3_column_blob(statement, i);
    if (step != SQLITE_DONE)
        fail(bare, what);
    sqlite3_reset(statement);
}

static void repay(struct bare *bare) {
    struct subject subject =
        bare->subjects.items[bare_random(&bare->random) % bare->subjects.count];
    subject.number = ++bare->made;
    for (int i = 0; i < bare->rows.count; i++)
        if (bare->reads[i] != NULL) {
            bind(bare->reads[i], &bare->rows.items[i], &subject, true);
            run(bare, bare->reads[i], "reading");
        }
    for (int i = 0; i < bare->rows.count; i++) {
        bind(bare->writes[i], &bare->rows.items[i], &subject, false);
        run(bare, bare->writes[i], bare->rows.items[i].table);
    }
}

static void open_database(struct bare *bare, const char *path) {
    if (sqlite3_open_v2(path, &bare->database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(bare->database,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
            "PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 268435456",
            NULL, NULL, NULL) != SQLITE_OK)
        fail(bare, path);
    for (int i = 0; i < bare->rows.count; i++) {
        bare->reads[i] = prepare_read(bare, &bare->rows.items[i]);
        bare->writes[i] = prepare_write(bare, &bare->rows.items[i]);
    }
    bare->begin = prepare(bare, "BEGIN IMMEDIATE");
    bare->commit = prepare(bare, "COMMIT");
}

int main(int argc, char **argv) {
    static struct bare bare = {.random = 7};
    if (argc != 6 || !subjects_read(argv[2], &bare.subjects) || !rows_read(argv[3], &bare.rows))
        return 2;
    bare.batch = strtoll(argv[4], NULL, 10);
    int64_t length_us = strtoll(argv[5], NULL, 10) * 1000;
    /* numbers of another run on the same database are others */
    bare.made = (bare_now_us() / 1000) % 100000 * 1000;
    int64_t first = bare.made;
    open_database(&bare, argv[1]);
    int64_t bytes = bare_bytes_written();
    int64_t began = bare_now_us(), now = began;
    while (now - began < length_us) {
        run(&bare, bare.begin, "begin");
        for (int64_t i = 0; i < bare.batch; i++)
            repay(&bare);
        run(&bare, bare.commit, "commit");
        int64_t after = bare_now_us();
        samples_add(&bare.commits, after - now);
        now = after;
    }
    double seconds = (double)(now - began) / 1e6;
    bare_print(&bare.commits, bare.made - first, seconds, bare_bytes_written() - bytes);
    return 0;
}
