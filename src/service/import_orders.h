/*
 * import_orders.h: orders from a file, all or nothing. Exports: struct import_row,
 * struct import_problem, struct import_orders, struct import_answer, read_import(),
 * import_orders().
 *
 * The columns stand in docs/import.md. Reading judges each row by itself; importing runs
 * create_order for each in one transaction. One bad row, and nothing is kept. A row that was
 * imported before, unchanged, is left as it is.
 */
#ifndef FENQI_SERVICE_IMPORT_ORDERS_H
#define FENQI_SERVICE_IMPORT_ORDERS_H

#include "codec/csv_read.h"
#include "service/create_order.h"

enum { IMPORT_ROWS_MAX = 50000, IMPORT_PROBLEMS_MAX = 100 };

/* What is wrong with a row; line and column as an editor counts them. */
struct import_problem {
    int64_t line;
    int32_t column;          /* 0: the row as a whole */
    const char *column_name; /* "" for the row as a whole */
    const char *reason_zh, *reason_en;
};

struct import_row {
    int64_t line;
    const char *shop_code;
    const char *shop_order_no;
    const char *phone;
    const char *name; /* NULL: not given */
    struct order_line goods;
    const char *product_code;
};

struct import_orders {
    struct arena *arena;
    struct import_row *rows;
    size_t row_count;
    struct import_problem *problems; /* the first IMPORT_PROBLEMS_MAX */
    size_t problem_count;            /* all of them */
    /* filled by import_orders() */
    int64_t created_count, unchanged_count;
};

/* Reads the whole file; problems say what cannot be understood. */
void read_import(struct arena *arena, struct bytes file, struct import_orders *import);

/*
 * Creates the orders of a file read without problems. When a row is refused its problem is added
 * and the caller must refuse the transaction: problem_count says so.
 */
enum status import_orders(struct tx *tx, struct moment moment, const struct vault *vault,
    struct import_orders *import) FENQI_MUST_USE;

#endif
