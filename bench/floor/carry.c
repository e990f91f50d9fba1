/*
 * carry.c: the program `carry SQLITE-FILE POSTGRES-URL`: copies every table of a portfolio into a
 * PostgreSQL database of the same schema, which is emptied first. Knows no table by name but the
 * record of migrations, which stays.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS_MOST = 64, BUFFER_BYTES = 1 << 20, ROW_MOST = 1 << 19, NAME_MOST = 64 };

struct carry {
    sqlite3 *from;
    PGconn *to;
    char *buffer;
    size_t filled;
    bool narrow[COLUMNS_MOST]; /* four bytes over there, else eight */
    int64_t rows;
};

static bool fail(struct carry *carry, const char *what) {
    fprintf(stderr, "carry: %s: %s%s\n", what, sqlite3_errmsg(carry->from),
        carry->to == NULL ? "" : PQerrorMessage(carry->to));
    return false;
}

static bool command(struct carry *carry, const char *text, ExecStatusType wanted) {
    PGresult *result = PQexec(carry->to, text);
    bool good = PQresultStatus(result) == wanted;
    PQclear(result);
    return good ? true : fail(carry, text);
}

static bool flush(struct carry *carry) {
    bool good = PQputCopyData(carry->to, carry->buffer, (int)carry->filled) == 1;
    carry->filled = 0;
    return good ? true : fail(carry, "sending");
}

static void put(struct carry *carry, const void *bytes, size_t count) {
    memcpy(carry->buffer + carry->filled, bytes, count);
    carry->filled += count;
}

static void put_length(struct carry *carry, int32_t length) {
    uint32_t word = htonl((uint32_t)length);
    put(carry, &word, sizeof word);
}

static void put_value(struct carry *carry, sqlite3_stmt *row, int column) {
    if (sqlite3_column_type(row, column) == SQLITE_NULL) {
        put_length(carry, -1);
    } else if (sqlite3_column_type(row, column) == SQLITE_INTEGER) {
        int64_t value = sqlite3_column_int64(row, column);
        uint64_t wide = htobe64((uint64_t)value);
        uint32_t narrow = htonl((uint32_t)value);
        put_length(carry, carry->narrow[column] ? 4 : 8);
        put(carry, carry->narrow[column] ? (void *)&narrow : (void *)&wide,
            carry->narrow[column] ? 4 : 8);
    } else {
        const void *bytes = sqlite3_column_blob(row, column);
        int length = sqlite3_column_bytes(row, column);
        put_length(carry, length);
        if (length > 0)
            put(carry, bytes, (size_t)length);
    }
}

static bool put_row(struct carry *carry, sqlite3_stmt *row, int columns) {
    size_t size = 2;
    for (int i = 0; i < columns; i++) {
        int type = sqlite3_column_type(row, i); /* asking an integer for its bytes changes it */
        bool sized = type == SQLITE_TEXT || type == SQLITE_BLOB;
        size += 12 + (sized ? (size_t)sqlite3_column_bytes(row, i) : 0);
    }
    if (size > ROW_MOST)
        return fail(carry, "a row is too long");
    if (carry->filled + size > BUFFER_BYTES && !flush(carry))
        return false;
    uint16_t count = htons((uint16_t)columns);
    put(carry, &count, sizeof count);
    for (int i = 0; i < columns; i++)
        put_value(carry, row, i);
    carry->rows++;
    return true;
}

/* "a, b": the columns in their order here. */
static bool write_names(sqlite3_stmt *rows, char *text, size_t room) {
    size_t at = 0;
    for (int i = 0; i < sqlite3_column_count(rows) && at < room; i++)
        at += (size_t)snprintf(
            text + at, room - at, "%s%s", i == 0 ? "" : ", ", sqlite3_column_name(rows, i));
    return at < room;
}

/* How wide the integers are over there. */
static bool ask_widths(struct carry *carry, const char *table, const char *names) {
    enum { OID_INT4 = 23 };
    char text[COLUMNS_MOST * NAME_MOST];
    snprintf(text, sizeof text, "SELECT %s FROM %s LIMIT 0", names, table);
    PGresult *result = PQexec(carry->to, text);
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
    for (int i = 0; good && i < PQnfields(result); i++)
        carry->narrow[i] = PQftype(result, i) == OID_INT4;
    PQclear(result);
    return good ? true : fail(carry, text);
}

static bool carry_rows(struct carry *carry, sqlite3_stmt *rows, const char *table) {
    char names[COLUMNS_MOST * NAME_MOST - 2 * NAME_MOST], text[COLUMNS_MOST * NAME_MOST];
    int columns = sqlite3_column_count(rows);
    if (columns > COLUMNS_MOST || !write_names(rows, names, sizeof names))
        return fail(carry, "too many columns");
    snprintf(text, sizeof text, "COPY %s (%s) FROM STDIN (FORMAT binary)", table, names);
    if (!ask_widths(carry, table, names) || !command(carry, text, PGRES_COPY_IN))
        return false;
    static const char head[19] = "PGCOPY\n\377\r\n";
    carry->filled = 0;
    put(carry, head, sizeof head);
    int step;
    bool good = true;
    while (good && (step = sqlite3_step(rows)) == SQLITE_ROW)
        good = put_row(carry, rows, columns);
    uint16_t end = 0xFFFF;
    put(carry, &end, sizeof end);
    good = good && step == SQLITE_DONE && flush(carry) && PQputCopyEnd(carry->to, NULL) == 1;
    PGresult *result = PQgetResult(carry->to);
    good = good && PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    while ((result = PQgetResult(carry->to)) != NULL)
        PQclear(result);
    return good ? true : fail(carry, table);
}

static bool carry_table(struct carry *carry, const char *table) {
    char text[2 * NAME_MOST + 32];
    snprintf(text, sizeof text, "TRUNCATE %s", table);
    if (!command(carry, text, PGRES_COMMAND_OK))
        return false;
    snprintf(text, sizeof text, "SELECT * FROM %s", table);
    sqlite3_stmt *rows;
    if (sqlite3_prepare_v2(carry->from, text, -1, &rows, NULL) != SQLITE_OK)
        return fail(carry, text);
    bool good = carry_rows(carry, rows, table);
    sqlite3_finalize(rows);
    return good;
}

static bool carry_all(struct carry *carry) {
    sqlite3_stmt *tables;
    if (sqlite3_prepare_v2(carry->from,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name <> 'schema_migration' ORDER BY name",
            -1, &tables, NULL) != SQLITE_OK)
        return fail(carry, "listing the tables");
    bool good = true;
    while (good && sqlite3_step(tables) == SQLITE_ROW)
        good = carry_table(carry, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    return good && command(carry, "VACUUM (ANALYZE)", PGRES_COMMAND_OK) &&
           command(carry, "CHECKPOINT", PGRES_COMMAND_OK);
}

int main(int argc, char **argv) {
    static struct carry carry;
    if (argc != 3) {
        fprintf(stderr, "carry SQLITE-FILE POSTGRES-URL\n");
        return 1;
    }
    bool good = sqlite3_open_v2(argv[1], &carry.from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    carry.to = PQconnectdb(argv[2]);
    carry.buffer = malloc(BUFFER_BYTES + 64);
    good = good && carry.buffer != NULL && PQstatus(carry.to) == CONNECTION_OK
               ? carry_all(&carry)
               : fail(&carry, "opening");
    PQfinish(carry.to);
    sqlite3_close(carry.from);
    free(carry.buffer);
    if (good)
        printf("%lld rows\n", (long long)carry.rows);
    return good ? 0 : 1;
}
