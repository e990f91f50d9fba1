/*
 * import_orders.c: orders from a file, all or nothing. See import_orders.h.
 */
#include "service/import_orders.h"

#include "base/check.h"
#include "service/find_or_create_customer.h"
#include "store/shop.h"

#include <string.h>

enum column {
    COLUMN_SHOP,
    COLUMN_ORDER_NO,
    COLUMN_PHONE,
    COLUMN_NAME,
    COLUMN_GOODS,
    COLUMN_QUANTITY,
    COLUMN_AMOUNT,
    COLUMN_PRODUCT,
};
enum { COLUMN_COUNT = COLUMN_PRODUCT + 1, NAME_BYTES_MAX = 96, GOODS_BYTES_MAX = 384 };

static const char *const column_names[COLUMN_COUNT] = {"shop_code", "shop_order_no", "phone",
    "customer_name", "goods", "quantity", "amount_yuan", "product_code"};

/* Where each column stands in this file; -1: absent. */
struct layout {
    int32_t at[COLUMN_COUNT];
};

static void add_problem(struct import_orders *import, struct import_problem problem) {
    if (import->problem_count < IMPORT_PROBLEMS_MAX) {
        import->problems[import->problem_count] = problem;
    }
    import->problem_count++;
}

static void cell_problem(struct import_orders *import, const struct layout *layout, int64_t line,
    enum column column, const char *zh, const char *en) {
    add_problem(import,
        (struct import_problem){line, layout->at[column] + 1, column_names[column], zh, en});
}

/* The header row: every column known and once, none that is needed missing. */
static bool read_header(
    const struct csv_reader *reader, struct import_orders *import, struct layout *layout) {
    size_t before = import->problem_count;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        layout->at[i] = -1;
    }
    for (int32_t i = 0; i < reader->count; i++) {
        int found = -1;
        for (int c = 0; c < COLUMN_COUNT; c++) {
            found = strcmp(reader->fields[i].text, column_names[c]) == 0 ? c : found;
        }
        struct import_problem problem = {reader->record_line, i + 1, reader->fields[i].text,
            "不认识的列名，应为 docs/import.md 所列之一", "an unknown column; see docs/import.md"};
        if (found >= 0 && layout->at[found] >= 0) {
            problem.reason_zh = "列名重复";
            problem.reason_en = "the column stands there twice";
        }
        if (found < 0 || layout->at[found] >= 0) {
            add_problem(import, problem);
        } else {
            layout->at[found] = i;
        }
    }
    for (int c = 0; c < COLUMN_COUNT; c++) {
        if (layout->at[c] < 0 && c != COLUMN_NAME) {
            add_problem(import, (struct import_problem){reader->record_line, 0, column_names[c],
                                    "缺少这一列", "the column is missing"});
        }
    }
    return import->problem_count == before;
}

static bool order_number_is_valid(const char *text) {
    size_t length = strlen(text);
    return length >= 1 && length <= 64 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
               length;
}

/* A whole number from 1 to 9999; 0 when it is anything else. */
static int32_t read_quantity(const char *text) {
    int32_t value = 0;
    size_t length = strlen(text);
    if (length < 1 || length > 4 || strspn(text, "0123456789") != length) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool has_control(const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            return true;
        }
    }
    return false;
}

static void check_texts(
    struct import_orders *import, const struct layout *layout, const struct import_row *row) {
    if (row->shop_code[0] == '\0') {
        cell_problem(import, layout, row->line, COLUMN_SHOP, "不能为空", "must not be empty");
    }
    if (!order_number_is_valid(row->shop_order_no)) {
        cell_problem(import, layout, row->line, COLUMN_ORDER_NO,
            "应为 1 至 64 位字母、数字、下划线或连字符", "1 to 64 letters, digits, _ or -");
    }
    if (!phone_is_valid(row->phone)) {
        cell_problem(import, layout, row->line, COLUMN_PHONE,
            "应为 11 位大陆手机号（表格软件可能改成了科学计数法）",
            "an 11-digit mobile number (a spreadsheet may have turned it into 1.38E+10)");
    }
    if (row->name != NULL && (strlen(row->name) > NAME_BYTES_MAX || has_control(row->name))) {
        cell_problem(import, layout, row->line, COLUMN_NAME, "姓名太长或含有控制字符",
            "too long, or has control characters");
    }
    const char *goods = row->goods.name;
    if (goods[0] == '\0' || strlen(goods) > GOODS_BYTES_MAX || has_control(goods)) {
        cell_problem(import, layout, row->line, COLUMN_GOODS, "应为 1 至 128 个字，不能换行",
            "1 to 128 characters without line breaks");
    }
    if (row->product_code[0] == '\0') {
        cell_problem(import, layout, row->line, COLUMN_PRODUCT, "不能为空", "must not be empty");
    }
}

static void read_row(
    const struct csv_reader *reader, const struct layout *layout, struct import_orders *import) {
    struct import_row *row = &import->rows[import->row_count];
    const char *cells[COLUMN_COUNT] = {NULL};
    for (int c = 0; c < COLUMN_COUNT; c++) {
        cells[c] = layout->at[c] < 0 ? "" : reader->fields[layout->at[c]].text;
    }
    *row = (struct import_row){
        .line = reader->record_line,
        .shop_code = cells[COLUMN_SHOP],
        .shop_order_no = cells[COLUMN_ORDER_NO],
        .phone = cells[COLUMN_PHONE],
        .name = cells[COLUMN_NAME][0] == '\0' ? NULL : cells[COLUMN_NAME],
        .goods = {cells[COLUMN_GOODS], read_quantity(cells[COLUMN_QUANTITY]), MONEY_ZERO},
        .product_code = cells[COLUMN_PRODUCT],
    };
    check_texts(import, layout, row);
    if (row->goods.quantity == 0) {
        cell_problem(import, layout, row->line, COLUMN_QUANTITY, "应为 1 至 9999 的整数",
            "a whole number from 1 to 9999");
    }
    const char *amount = cells[COLUMN_AMOUNT];
    if (!money_from_yuan(amount, strlen(amount), &row->goods.amount) ||
        !money_is_positive(row->goods.amount)) {
        cell_problem(import, layout, row->line, COLUMN_AMOUNT,
            "应为大于 0 的元，最多两位小数，不带符号和千分位，如 3999.00",
            "yuan above 0 with at most two decimals and no separators, such as 3999.00");
    }
    import->row_count++;
}

/* The same number twice in one file is one too many, even when the rows are alike. */
static void check_duplicates(struct import_orders *import, const struct layout *layout) {
    size_t slots = 64;
    while (slots < import->row_count * 2) {
        slots *= 2;
    }
    const struct import_row **table = ARENA_ARRAY(import->arena, slots, const struct import_row *);
    for (size_t i = 0; i < import->row_count; i++) {
        const struct import_row *row = &import->rows[i];
        uint64_t hash = UINT64_C(14695981039346656037);
        for (const char *at = row->shop_order_no; *at != '\0'; at++) {
            hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
        }
        size_t slot = (size_t)(hash % slots);
        while (
            table[slot] != NULL && (strcmp(table[slot]->shop_order_no, row->shop_order_no) != 0 ||
                                       strcmp(table[slot]->shop_code, row->shop_code) != 0)) {
            slot = (slot + 1) % slots;
        }
        if (table[slot] != NULL) {
            cell_problem(import, layout, row->line, COLUMN_ORDER_NO,
                arena_printf(
                    import->arena, "与第 %lld 行的订单号重复", (long long)table[slot]->line),
                arena_printf(import->arena, "the same number as on line %lld",
                    (long long)table[slot]->line));
        } else {
            table[slot] = row;
        }
    }
}

static void verdict_problem(
    struct import_orders *import, const struct csv_reader *reader, enum csv_verdict verdict) {
    add_problem(import, (struct import_problem){reader->record_line, reader->column, "",
                            csv_verdict_zh(verdict), csv_verdict_en(verdict)});
}

void read_import(struct arena *arena, struct bytes file, struct import_orders *import) {
    *import = (struct import_orders){.arena = arena};
    import->problems = ARENA_ARRAY(arena, IMPORT_PROBLEMS_MAX, struct import_problem);
    struct csv_reader reader = csv_start(arena, file);
    struct layout layout;
    enum csv_verdict verdict = csv_next(&reader);
    if (verdict == CSV_END) {
        add_problem(import,
            (struct import_problem){1, 0, "", "文件是空的，至少要有表头", "the file is empty"});
        return;
    }
    if (verdict != CSV_RECORD) {
        verdict_problem(import, &reader, verdict);
        return;
    }
    if (!read_header(&reader, import, &layout)) {
        return;
    }
    int32_t width = reader.count;
    size_t room = 0;
    while ((verdict = csv_next(&reader)) == CSV_RECORD) {
        if (import->row_count == IMPORT_ROWS_MAX) {
            add_problem(import,
                (struct import_problem){reader.record_line, 0, "", "行数超过 50000，请分成几个文件",
                    "more than 50000 rows; split the file"});
            return;
        }
        if (reader.count != width) {
            add_problem(import, (struct import_problem){reader.record_line, 0, "",
                                    "列数与表头不一致", "not as many columns as the header has"});
            continue;
        }
        if (import->row_count == room) {
            size_t more = room == 0 ? 256 : room * 2;
            struct import_row *rows = ARENA_ARRAY(arena, more, struct import_row);
            if (room > 0) {
                memcpy(rows, import->rows, room * sizeof *rows);
            }
            import->rows = rows;
            room = more;
        }
        read_row(&reader, &layout, import);
    }
    if (verdict != CSV_END) {
        verdict_problem(import, &reader, verdict);
        return;
    }
    check_duplicates(import, &layout);
}

/* What a refusal of create_order means for the person who made the file. */
static struct import_problem refusal_problem(
    const struct import_row *row, enum create_order_outcome outcome) {
    struct import_problem problem = {.line = row->line, .column_name = ""};
    switch (outcome) {
    case CREATE_ORDER_OK:
        break;
    case CREATE_ORDER_NUMBER_TAKEN:
        problem.column_name = column_names[COLUMN_ORDER_NO];
        problem.reason_zh = "这个订单号已有内容不同的订单";
        problem.reason_en = "the shop has another order under this number";
        break;
    case CREATE_ORDER_GOODS_SUM_MISMATCH:
        problem.column_name = column_names[COLUMN_AMOUNT];
        problem.reason_zh = "金额与商品不符";
        problem.reason_en = "the amount does not fit the goods";
        break;
    case CREATE_ORDER_PRODUCT_NOT_FOUND:
        problem.column_name = column_names[COLUMN_PRODUCT];
        problem.reason_zh = "没有这个分期产品，或已停售";
        problem.reason_en = "no such product, or not sold any more";
        break;
    case CREATE_ORDER_AMOUNT_OUT_OF_RANGE:
        problem.column_name = column_names[COLUMN_AMOUNT];
        problem.reason_zh = "金额不在产品允许的范围内";
        problem.reason_en = "outside what the product takes";
        break;
    case CREATE_ORDER_PHONE_INVALID:
        problem.column_name = column_names[COLUMN_PHONE];
        problem.reason_zh = "手机号无效";
        problem.reason_en = "not a mobile number";
        break;
    case CREATE_ORDER_RETURN_URL_INVALID:
        problem.reason_zh = "返回地址无效";
        problem.reason_en = "not an address to return to";
        break;
    }
    return problem;
}

static enum status import_row(struct tx *tx, struct moment moment, const struct vault *vault,
    struct import_orders *import, const struct import_row *row) {
    struct shop *shop;
    enum status status = shop_by_code(tx, row->shop_code, &shop);
    if (status != STATUS_OK) {
        return status;
    }
    if (shop == NULL) {
        add_problem(import, (struct import_problem){row->line, 0, column_names[COLUMN_SHOP],
                                "没有这个商户", "no such shop"});
        return STATUS_OK;
    }
    struct create_order command = {
        .vault = vault,
        .shop_id = shop->shop_id,
        .shop_order_no = row->shop_order_no,
        .phone = row->phone,
        .name = row->name,
        .lines = &row->goods,
        .line_count = 1,
        .amount = row->goods.amount,
        .product_code = row->product_code,
    };
    struct create_order_answer answer;
    status = create_order(tx, moment, &command, &answer);
    if (status != STATUS_OK) {
        return status;
    }
    if (answer.outcome != CREATE_ORDER_OK) {
        add_problem(import, refusal_problem(row, answer.outcome));
    } else if (answer.repeated) {
        import->unchanged_count++;
    } else {
        import->created_count++;
    }
    return STATUS_OK;
}

enum status import_orders(
    struct tx *tx, struct moment moment, const struct vault *vault, struct import_orders *import) {
    import->problem_count = 0;
    import->created_count = import->unchanged_count = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < import->row_count && status == STATUS_OK; i++) {
        status = import_row(tx, moment, vault, import, &import->rows[i]);
    }
    return status;
}
