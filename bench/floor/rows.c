/* rows.c: the rows that one repayment of the product wrote. See rows.h. */
#include "rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_MOST = 1 << 18, COUNT_FROM = 1000000, UNIQUE_DIGITS = 16 };

static int index_of(const char *word, const char *const *names, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(word, names[i]) == 0)
            return i;
    return -1;
}

static bool read_hex(const char *text, struct row_column *column) {
    size_t length = strlen(text);
    column->length = length / 2;
    column->bytes = malloc(column->length + 1);
    if (column->bytes == NULL || length % 2 != 0)
        return false;
    for (size_t i = 0; i < column->length; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        char *end;
        column->bytes[i] = (uint8_t)strtoul(pair, &end, 16);
        if (*end != '\0')
            return false;
    }
    return true;
}

static bool read_role(const char *word, struct row_column *column) {
    static const char *const names[] = {
        "same", "customer", "order", "contract", "fresh", "count", "unique"};
    char plain[ROW_NAME_MOST];
    snprintf(plain, sizeof plain, "%s", word);
    if (strncmp(word, "fresh", 5) == 0 || strncmp(word, "count", 5) == 0) {
        column->fresh = word[5] - '0';
        plain[5] = '\0';
    }
    int role = index_of(plain, names, sizeof names / sizeof names[0]);
    column->role = (enum row_role)role;
    return role >= 0 && column->fresh >= 0 && column->fresh < FRESH_MOST;
}

/* "col NAME TYPE KEY ROLE VALUE" */
static bool read_column(char *line, struct row *row) {
    static const char *const types[] = {"long", "int", "text", "bytes"};
    if (row->column_count == ROW_COLUMNS_MOST)
        return false;
    struct row_column *column = &row->columns[row->column_count++];
    char *words[5];
    for (int i = 0; i < 5; i++)
        if ((words[i] = strsep(&line, " ")) == NULL)
            return false;
    snprintf(column->name, sizeof column->name, "%s", words[0]);
    int type = index_of(words[1], types, 4);
    column->type = (enum row_type)type;
    column->key = strcmp(words[2], "1") == 0;
    column->null = strcmp(words[4], "-") == 0;
    if (type < 0 || !read_role(words[3], column))
        return false;
    if (column->null)
        return true;
    if (column->type == ROW_TEXT || column->type == ROW_BYTES)
        return read_hex(words[4], column);
    char *end;
    column->integer = strtoll(words[4], &end, 10);
    return *end == '\0';
}

static bool read_row(char *line, struct rows *rows) {
    if (rows->count == ROWS_MOST)
        return false;
    struct row *row = &rows->items[rows->count++];
    const char *kind = strsep(&line, " ");
    if (line == NULL)
        return false;
    row->insert = strcmp(kind, "insert") == 0;
    snprintf(row->table, sizeof row->table, "%s", line);
    return true;
}

bool rows_read(const char *path, struct rows *rows) {
    FILE *file = fopen(path, "re");
    char *line = malloc(LINE_MOST);
    bool good = file != NULL && line != NULL;
    while (good && fgets(line, LINE_MOST, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "row ", 4) == 0)
            good = read_row(line + 4, rows);
        else
            good = strncmp(line, "col ", 4) == 0 && rows->count > 0 &&
                   read_column(line + 4, &rows->items[rows->count - 1]);
    }
    if (file != NULL)
        fclose(file);
    free(line);
    if (!good || rows->count == 0)
        fprintf(stderr, "%s: not the rows of a repayment\n", path);
    return good && rows->count > 0;
}

bool row_is_looked_up(const struct row *row) {
    for (int i = 0; i < row->column_count; i++)
        if (row->columns[i].key && row->columns[i].type == ROW_TEXT)
            return row->insert;
    return false;
}

int64_t row_integer(const struct row_column *column, const struct subject *subject) {
    switch (column->role) {
    case ROW_CUSTOMER:
        return subject->customer_id;
    case ROW_ORDER:
        return subject->order_id;
    case ROW_CONTRACT:
        return subject->contract_id;
    case ROW_FRESH:
        return INT64_C(4000000000000000000) + subject->number * FRESH_MOST + column->fresh;
    case ROW_COUNT:
        return COUNT_FROM + subject->number * FRESH_MOST + column->fresh;
    case ROW_SAME:
    case ROW_UNIQUE:
        break;
    }
    return column->integer;
}

const uint8_t *row_bytes(
    const struct row_column *column, const struct subject *subject, uint8_t *room) {
    if (column->role != ROW_UNIQUE || column->length < UNIQUE_DIGITS || column->length > 250)
        return column->bytes;
    char digits[UNIQUE_DIGITS + 1];
    snprintf(digits, sizeof digits, "%016" PRIx64, (uint64_t)subject->number);
    memcpy(room, column->bytes, column->length);
    memcpy(room + column->length - UNIQUE_DIGITS, digits, UNIQUE_DIGITS);
    return room;
}

bool subjects_read(const char *path, struct subjects *subjects) {
    FILE *file = fopen(path, "re");
    char line[1024];
    size_t room = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (subjects->count == room) {
            room = room == 0 ? 4096 : 2 * room;
            subjects->items = realloc(subjects->items, room * sizeof subjects->items[0]);
            if (subjects->items == NULL)
                return false;
        }
        char *at = line;
        for (int i = 0; i < 3; i++)
            strsep(&at, "\t");
        struct subject *subject = &subjects->items[subjects->count];
        *subject = (struct subject){0};
        if (at != NULL && sscanf(at, "%" SCNd64 "\t%" SCNd64 "\t%" SCNd64, &subject->customer_id,
                              &subject->order_id, &subject->contract_id) == 3)
            subjects->count++;
    }
    if (file != NULL)
        fclose(file);
    if (subjects->count == 0)
        fprintf(stderr, "%s: no customers\n", path);
    return subjects->count > 0;
}

uint64_t bare_random(uint64_t *state) {
    uint64_t value = *state += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}
