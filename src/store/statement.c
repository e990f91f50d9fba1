/* statement.c: prepared queries, checked and with a sticky failure. Exports statement.h. */
#include "store/statement.h"

#include "base/check.h"
#include "store/lane.h"
#include "store/query_table.h"
#include "store/tx.h"

struct statement {
    struct tx *tx;
    enum query query;
    const struct query_text *text;
    struct value *values;
    struct cursor *cursor; /* NULL until the first step has run it */
    uint64_t bound;        /* bit n-1: $n has a value */
    enum status status;
    bool stepped;
    bool on_row;
};

_Static_assert(QUERY_PARAMETER_MAX < 64, "struct statement marks parameters in 64 bits");

struct statement *statement_start(struct tx *tx, enum query query) {
    struct statement *statement = ARENA_NEW(tx->arena, struct statement);
    statement->tx = tx;
    statement->query = query;
    statement->text = query_text(query);
    statement->values =
        ARENA_ARRAY(tx->arena, (size_t)statement->text->parameter_count, struct value);
    tx->open_statements++;
    tx->statements++;
    return statement;
}

static enum status fail(
    struct statement *statement, enum status status, const char *why, int place) {
    if (statement->status == STATUS_OK)
        statement->status = fault_set(
            &statement->tx->fault, status, "%s: %s %d", statement->text->name, why, place);
    return statement->status;
}

/* The place of a parameter's value; marks it as bound. */
static struct value *place_of(struct statement *statement, int number) {
    check(number >= 1 && number <= statement->text->parameter_count);
    uint64_t bit = UINT64_C(1) << (number - 1);
    check((statement->bound & bit) == 0);
    check(!statement->stepped);
    statement->bound |= bit;
    return &statement->values[number - 1];
}

void statement_bind_null(struct statement *statement, int number) {
    *place_of(statement, number) = (struct value){.kind = VALUE_NULL};
}

void statement_bind_integer(struct statement *statement, int number, int64_t value) {
    *place_of(statement, number) = (struct value){.kind = VALUE_INTEGER, .integer = value};
}

void statement_bind_boolean(struct statement *statement, int number, bool value) {
    statement_bind_integer(statement, number, value ? 1 : 0);
}

/* Length of the UTF-8 character at `at`, 0 when it is none (overlong, surrogate, cut, too large).
 */
static size_t utf8_length(const unsigned char *at) {
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

static bool is_utf8(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        size_t length = utf8_length(at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

void statement_bind_text(struct statement *statement, int number, const char *text) {
    if (text == NULL) {
        statement_bind_null(statement, number);
        return;
    }
    struct value *place = place_of(statement, number);
    *place = (struct value){.kind = VALUE_TEXT, .bytes = bytes_of_text(text)};
    if (!is_utf8(text))
        fail(statement, STATUS_INVALID, "not UTF-8: parameter", number);
}

void statement_bind_bytes(struct statement *statement, int number, struct bytes bytes) {
    *place_of(statement, number) =
        (struct value){.kind = bytes.at == NULL ? VALUE_NULL : VALUE_BYTES, .bytes = bytes};
}

void statement_bind_money(struct statement *statement, int number, struct money value) {
    check(money_in_range(value.fen));
    statement_bind_integer(statement, number, value.fen);
}

void statement_bind_rate(struct statement *statement, int number, struct rate value) {
    statement_bind_integer(statement, number, value.per_billion);
}

void statement_bind_day(struct statement *statement, int number, struct day value) {
    if (day_is_none(value))
        statement_bind_null(statement, number);
    else
        statement_bind_integer(statement, number, value.number);
}

void statement_bind_instant(struct statement *statement, int number, struct instant value) {
    if (value.us == 0)
        statement_bind_null(statement, number);
    else
        statement_bind_integer(statement, number, value.us);
}

/* Runs the query: through the lane of a unit that runs together with others, or by itself. */
static enum status run(struct statement *statement) {
    struct tx *tx = statement->tx;
    tx->wrote = tx->wrote || statement->text->kind != QUERY_READS;
    if (tx->lane != NULL)
        return lane_ask(
            tx->lane, statement->query, statement->values, &statement->cursor, &tx->fault);
    return tx->driver->cursor_open(
        tx->connection, statement->query, statement->values, &statement->cursor, &tx->fault);
}

bool statement_step(struct statement *statement) {
    check(statement->bound == (UINT64_C(1) << statement->text->parameter_count) - 1);
    check(!statement->stepped || statement->on_row || statement->status != STATUS_OK);
    if (!statement->stepped && statement->status == STATUS_OK)
        statement->status = run(statement);
    statement->stepped = true;
    statement->on_row = false;
    if (statement->status == STATUS_OK)
        statement->status = statement->tx->driver->step(
            statement->cursor, &statement->on_row, &statement->tx->fault);
    return statement->on_row;
}

/* The kind of the current row's column; VALUE_NULL after a failure or without a row. */
static enum value_kind kind_of(struct statement *statement, int column) {
    if (!statement->on_row || statement->status != STATUS_OK)
        return VALUE_NULL;
    const struct driver *driver = statement->tx->driver;
    check(column >= 0 && column < driver->column_count(statement->cursor));
    return driver->column_kind(statement->cursor, column);
}

/* Whether the column holds a value of `kind`; neither that nor NULL is a failure. */
static bool holds(struct statement *statement, int column, enum value_kind kind) {
    enum value_kind found = kind_of(statement, column);
    if (found != kind && found != VALUE_NULL)
        fail(statement, STATUS_CORRUPT, "wrong type in column", column);
    return found == kind;
}

bool statement_is_null(struct statement *statement, int column) {
    return kind_of(statement, column) == VALUE_NULL;
}

int64_t statement_integer(struct statement *statement, int column) {
    if (!holds(statement, column, VALUE_INTEGER))
        return 0;
    return statement->tx->driver->column_integer(statement->cursor, column);
}

int32_t statement_integer32(struct statement *statement, int column) {
    int64_t value = statement_integer(statement, column);
    if (value >= INT32_MIN && value <= INT32_MAX)
        return (int32_t)value;
    fail(statement, STATUS_CORRUPT, "number out of range in column", column);
    return 0;
}

bool statement_boolean(struct statement *statement, int column) {
    int64_t value = statement_integer(statement, column);
    if (value != 0 && value != 1)
        fail(statement, STATUS_CORRUPT, "neither 0 nor 1 in column", column);
    return value == 1;
}

char *statement_text(struct statement *statement, int column) {
    if (!holds(statement, column, VALUE_TEXT))
        return NULL;
    struct bytes bytes = statement->tx->driver->column_bytes(statement->cursor, column);
    return arena_text_n(statement->tx->arena, (const char *)bytes.at, bytes.length);
}

struct bytes statement_bytes(struct statement *statement, int column) {
    if (!holds(statement, column, VALUE_BYTES))
        return (struct bytes){NULL, 0};
    return arena_bytes(
        statement->tx->arena, statement->tx->driver->column_bytes(statement->cursor, column));
}

struct money statement_money(struct statement *statement, int column) {
    int64_t fen = statement_integer(statement, column);
    if (money_in_range(fen))
        return (struct money){fen};
    fail(statement, STATUS_CORRUPT, "no amount of money in column", column);
    return MONEY_ZERO;
}

struct rate statement_rate(struct statement *statement, int column) {
    return (struct rate){statement_integer(statement, column)};
}

struct day statement_day(struct statement *statement, int column) {
    if (statement_is_null(statement, column))
        return DAY_NONE;
    return (struct day){statement_integer32(statement, column)};
}

struct instant statement_instant(struct statement *statement, int column) {
    return (struct instant){statement_integer(statement, column)};
}

enum status statement_end(struct statement *statement) {
    if (statement->cursor != NULL)
        statement->tx->driver->cursor_close(statement->cursor);
    statement->cursor = NULL;
    statement->tx->open_statements--;
    check(statement->tx->open_statements >= 0);
    if (statement->tx->broken == STATUS_OK)
        statement->tx->broken = statement->status;
    return statement->status;
}

void statement_foresee(struct statement *statement) {
    struct tx *tx = statement->tx;
    check(statement->text->kind == QUERY_READS && !statement->stepped);
    if (tx->lane != NULL && statement->status == STATUS_OK && tx->broken == STATUS_OK)
        lane_foresee(tx->lane, statement->query, statement->values);
    tx->open_statements--;
    tx->statements--; /* counted where it is asked */
}

enum status statement_run(struct statement *statement) {
    bool later = statement->tx->lane != NULL && statement->text->kind != QUERY_READS &&
                 statement->text->kind != QUERY_ANSWERS && statement->status == STATUS_OK;
    if (!later)
        return statement_run_changed(statement, NULL);
    check(statement->bound == (UINT64_C(1) << statement->text->parameter_count) - 1);
    statement->status =
        lane_write(statement->tx->lane, statement->query, statement->values, &statement->tx->fault);
    return statement_end(statement);
}

enum status statement_run_changed(struct statement *statement, int64_t *changed) {
    bool row = statement_step(statement);
    check(!row);
    if (changed != NULL)
        *changed =
            statement->status == STATUS_OK ? statement->tx->driver->changed(statement->cursor) : 0;
    return statement_end(statement);
}
