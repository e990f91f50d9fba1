/*
 * rows.h: the rows that one repayment of the product wrote, for bare programs that write the same.
 * Exports: struct row_column, struct row, struct rows, struct subject, rows_read(), row_value(),
 * struct subjects, subjects_read(), subject_pick().
 *
 * The file comes from tools/dev/measure/rows.py, which compares a database before and after one
 * repayment. A line "row insert|update TABLE" begins a row, then come its columns:
 *     col NAME long|int|text|bytes KEY ROLE VALUE
 * KEY is 1 for columns of the primary key; VALUE is decimal, hex bytes, or - for NULL. ROLE says
 * what stands there in another repayment: the same value, the id of its customer, order or
 * contract, a new id (fresh0, fresh1 ...), a new count (count0 ...), or a text unlike all others.
 */
#ifndef FENQI_BENCH_ROWS_H
#define FENQI_BENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROW_COLUMNS_MOST = 48, ROWS_MOST = 24, ROW_NAME_MOST = 48, FRESH_MOST = 8 };

enum row_type { ROW_LONG, ROW_INT, ROW_TEXT, ROW_BYTES };
enum row_role { ROW_SAME, ROW_CUSTOMER, ROW_ORDER, ROW_CONTRACT, ROW_FRESH, ROW_COUNT, ROW_UNIQUE };

struct row_column {
    char name[ROW_NAME_MOST];
    enum row_type type;
    bool key;
    enum row_role role;
    int fresh; /* which of the new ids or counts */
    bool null;
    int64_t integer;
    uint8_t *bytes; /* of text and bytes */
    size_t length;
};

struct row {
    bool insert; /* else update by the key */
    char table[ROW_NAME_MOST];
    struct row_column columns[ROW_COLUMNS_MOST];
    int column_count;
};

struct rows {
    struct row items[ROWS_MOST];
    int count;
};

/* Whose repayment, and what is new in it. */
struct subject {
    int64_t customer_id, order_id, contract_id;
    int64_t number; /* of the repayment, from 1 */
};

/* False, with a line on standard error, when the file is not as above. */
bool rows_read(const char *path, struct rows *rows);

/* Whether a look-up by key comes before the insert: the key holds a text, as idempotency's does. */
bool row_is_looked_up(const struct row *row);

/* What stands in the column in the subject's repayment. The bytes of a text live until the next
 * call with the same `room` of at least 256 bytes. */
int64_t row_integer(const struct row_column *column, const struct subject *subject);
const uint8_t *row_bytes(
    const struct row_column *column, const struct subject *subject, uint8_t *room);

struct subjects {
    struct subject *items;
    size_t count;
};

/* Columns 4 to 6 of the file of bench/portfolio. */
bool subjects_read(const char *path, struct subjects *subjects);

/* SplitMix64. */
uint64_t bare_random(uint64_t *state);

#endif
