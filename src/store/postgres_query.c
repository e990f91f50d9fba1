/*
 * postgres_query.c: prepared queries, their parameters and cursors over their rows. Exports what
 * postgres_own.h declares of them.
 *
 * Parameters of one row go as text (numbers) or in binary (texts, bytes); parameters of many rows
 * as binary arrays. Results come in binary.
 */
#include "store/postgres_own.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Type numbers of pg_type that our statements give or take; they never change. */
enum pg_type {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
};

enum { NUMBER_TEXT_SIZE = 24, BINARY = 1, ARRAY_HEAD_SIZE = 20 };

struct cursor {
    struct connection *connection;
    enum query query;
    const struct value *values;   /* of a query that has not run yet */
    struct shared_result *result; /* NULL until it has run */
    int first;                    /* of its rows in the result */
    int row;                      /* the row that step() stands on */
    int end;
    int first_column;
    struct cursor *next_idle;
};

/* ---- parameters ---- */

static char *buffer_of(struct connection *connection, size_t size) {
    if (connection->buffer_room < size) {
        connection->buffer = realloc(connection->buffer, size * 2);
        check(connection->buffer != NULL);
        connection->buffer_room = size * 2;
    }
    return connection->buffer;
}

void postgres_put_row(struct connection *connection, const struct value *values, int count,
    struct parameters *parameters) {
    char *number = buffer_of(connection, (size_t)count * NUMBER_TEXT_SIZE);
    for (int i = 0; i < count; i++, number += NUMBER_TEXT_SIZE) {
        const struct value *value = &values[i];
        parameters->values[i] = NULL;
        parameters->lengths[i] = 0;
        parameters->formats[i] = 0;
        if (value->kind == VALUE_INTEGER) {
            snprintf(number, NUMBER_TEXT_SIZE, "%" PRId64, value->integer);
            parameters->values[i] = number;
        } else if (value->kind != VALUE_NULL) {
            check(value->bytes.length <= INT32_MAX);
            parameters->values[i] = (const char *)value->bytes.at;
            parameters->lengths[i] = (int)value->bytes.length;
            parameters->formats[i] = BINARY;
        }
    }
}

static char *put_int32(char *at, int32_t value) {
    uint32_t big = htonl((uint32_t)value);
    memcpy(at, &big, sizeof big);
    return at + sizeof big;
}

static size_t value_size(const struct value *value) {
    size_t size = 4;
    if (value->kind == VALUE_INTEGER)
        size += 8;
    else if (value->kind != VALUE_NULL)
        size += value->bytes.length;
    return size;
}

static char *put_value(char *at, const struct value *value) {
    if (value->kind == VALUE_NULL)
        return put_int32(at, -1);
    if (value->kind == VALUE_INTEGER) {
        uint64_t number = (uint64_t)value->integer;
        at = put_int32(put_int32(at, 8), (int32_t)(uint32_t)(number >> 32));
        return put_int32(at, (int32_t)(uint32_t)number);
    }
    at = put_int32(at, (int32_t)value->bytes.length);
    memcpy(at, value->bytes.at, value->bytes.length);
    return at + value->bytes.length;
}

/* The type of the values of one parameter; rows where it is NULL say nothing. */
static int32_t element_type(const struct request *request, int parameter) {
    for (size_t i = 0; i < request->row_count; i++) {
        switch (request->rows[i][parameter].kind) {
        case VALUE_INTEGER:
            return TYPE_INT8;
        case VALUE_TEXT:
            return TYPE_TEXT;
        case VALUE_BYTES:
            return TYPE_BYTEA;
        case VALUE_NULL:
        case VALUE_OTHER:
            break;
        }
    }
    return 0;
}

/* PostgreSQL's binary form of an array: dimensions, has NULLs, type, length, first index. */
static char *put_array(char *at, const struct request *request, int parameter, int32_t type) {
    at = put_int32(put_int32(put_int32(at, 1), 1), type);
    at = put_int32(put_int32(at, (int32_t)request->row_count), 1);
    for (size_t i = 0; i < request->row_count; i++)
        at = put_value(at, &request->rows[i][parameter]);
    return at;
}

/* "{NULL,NULL}": the text form tells no type, so that the statement's own holds. */
static char *put_nulls(char *at, size_t count) {
    for (size_t i = 0; i < count; i++) {
        memcpy(at, i == 0 ? "{NULL" : ",NULL", 5);
        at += 5;
    }
    memcpy(at, "}", 2);
    return at + 2;
}

void postgres_put_rows(struct connection *connection, const struct request *request, int count,
    struct parameters *parameters) {
    size_t size = 0;
    for (size_t row = 0; row < request->row_count; row++)
        for (int i = 0; i < count; i++)
            size += value_size(&request->rows[row][i]);
    /* an array of NULLs is 5 bytes a row in text where 4 were counted */
    size += (size_t)count * (ARRAY_HEAD_SIZE + 2 + request->row_count);
    check(size <= INT32_MAX);
    char *at = buffer_of(connection, size);
    for (int i = 0; i < count; i++) {
        int32_t type = element_type(request, i);
        char *start = at;
        at = type == 0 ? put_nulls(at, request->row_count) : put_array(at, request, i, type);
        parameters->values[i] = start;
        parameters->lengths[i] = (int)(at - start);
        parameters->formats[i] = type == 0 ? 0 : BINARY;
    }
}

/* ---- preparing ---- */

const char *postgres_many_name(enum query query, char name[POSTGRES_NAME_SIZE]) {
    snprintf(name, POSTGRES_NAME_SIZE, "%s_many", query_text(query)->name);
    return name;
}

static enum status prepare(
    struct connection *connection, const char *name, const char *text, struct fault *fault) {
    PGresult *result = PQprepare(connection->server, name, text, 0, NULL);
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = postgres_report(connection, result, name, fault);
    PQclear(result);
    return status;
}

static const char *array_of(Oid type) {
    switch (type) { /* foreign value: numbers of pg_type */
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BPCHAR:
    case TYPE_NAME:
        return "text[]";
    case TYPE_BYTEA:
        return "bytea[]";
    default: /* foreign value: whole numbers of every width */
        return "bigint[]";
    }
}

/* Asks the server for the types of the parameters, once a connection and query. */
static enum status learn_types(
    struct connection *connection, enum query query, struct fault *fault) {
    struct prepared *prepared = &connection->prepared[query];
    const struct query_text *text = query_text(query);
    if (prepared->rows != NULL)
        return STATUS_OK;
    bool pooled = connection->options->pooled;
    PGresult *result = PQdescribePrepared(connection->server, pooled ? "" : text->name);
    enum status status = STATUS_OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = postgres_report(connection, result, text->name, fault);
    } else {
        size_t room = (size_t)text->parameter_count * 40 + 1, length = 0;
        prepared->rows = calloc(1, room);
        check(prepared->rows != NULL);
        for (int i = 0; i < text->parameter_count; i++)
            length +=
                (size_t)snprintf(prepared->rows + length, room - length, "%sunnest($%d::%s) AS p%d",
                    i == 0 ? "" : ", ", i + 1, array_of(PQparamtype(result, i)), i + 1);
    }
    PQclear(result);
    return status;
}

static enum status prepare_many(
    struct connection *connection, enum query query, struct fault *fault) {
    static const char hole[] = "{rows}";
    enum status status = learn_types(connection, query, fault);
    if (status != STATUS_OK)
        return status;
    const char *text = query_text(query)->postgres_many;
    const char *rows = connection->prepared[query].rows;
    const char *at = strstr(text, hole);
    check(at != NULL);
    size_t room = strlen(text) + strlen(rows) + 1;
    char *whole = malloc(room);
    check(whole != NULL);
    snprintf(whole, room, "%.*s%s%s", (int)(at - text), text, rows, at + strlen(hole));
    char name[POSTGRES_NAME_SIZE];
    if (connection->options->pooled) {
        connection->prepared[query].many_text = whole;
        return STATUS_OK;
    }
    status = prepare(connection, postgres_many_name(query, name), whole, fault);
    free(whole);
    connection->prepared[query].many = status == STATUS_OK;
    return status;
}

/*
 * Nothing is prepared by name; the types of the form for many rows are asked for once, inside a
 * transaction, because only there both questions meet the same session.
 */
static enum status prepare_pooled(
    struct connection *connection, enum query query, bool many, struct fault *fault) {
    if (!many || connection->prepared[query].many_text != NULL)
        return STATUS_OK;
    bool own = PQtransactionStatus(connection->server) == PQTRANS_IDLE;
    enum status status = own ? postgres_run_text(connection, "BEGIN", fault) : STATUS_OK;
    if (status == STATUS_OK)
        status = prepare(connection, "", query_text(query)->postgres, fault);
    if (status == STATUS_OK)
        status = prepare_many(connection, query, fault);
    if (own && PQtransactionStatus(connection->server) != PQTRANS_IDLE)
        PQclear(PQexec(connection->server, "ROLLBACK"));
    return status;
}

const char *postgres_unnamed(const struct connection *connection, enum query query, bool many) {
    const char *text = many ? connection->prepared[query].many_text : query_text(query)->postgres;
    check(text != NULL);
    return text;
}

enum status postgres_prepare(
    struct connection *connection, enum query query, bool many, struct fault *fault) {
    struct prepared *prepared = &connection->prepared[query];
    const struct query_text *text = query_text(query);
    if (connection->options->pooled)
        return prepare_pooled(connection, query, many, fault);
    if (!prepared->one) {
        enum status status = prepare(connection, text->name, text->postgres, fault);
        prepared->one = status == STATUS_OK;
        if (status != STATUS_OK)
            return status;
    }
    return !many || prepared->many ? STATUS_OK : prepare_many(connection, query, fault);
}

void postgres_forget_queries(struct connection *connection) {
    while (connection->idle_cursors != NULL) {
        struct cursor *cursor = connection->idle_cursors;
        connection->idle_cursors = cursor->next_idle;
        free(cursor);
    }
    for (int i = 0; i < QUERY_COUNT; i++) {
        free(connection->prepared[i].rows);
        free(connection->prepared[i].many_text);
    }
    free(connection->buffer);
}

/* ---- cursors ---- */

static struct cursor *new_cursor(struct connection *connection) {
    struct cursor *cursor = connection->idle_cursors;
    if (cursor == NULL)
        cursor = malloc(sizeof *cursor);
    else
        connection->idle_cursors = cursor->next_idle;
    check(cursor != NULL);
    *cursor = (struct cursor){.connection = connection};
    return cursor;
}

struct cursor *postgres_cursor_over(struct connection *connection, struct shared_result *result,
    int row, int end, int first_column) {
    struct cursor *cursor = new_cursor(connection);
    cursor->result = result;
    cursor->first = row;
    cursor->row = row - 1;
    cursor->end = end;
    cursor->first_column = first_column;
    result->uses++;
    return cursor;
}

struct cursor *postgres_cursor_again(struct cursor *cursor) {
    return postgres_cursor_over(
        cursor->connection, cursor->result, cursor->first, cursor->end, cursor->first_column);
}

enum status postgres_cursor_open(struct connection *connection, enum query query,
    const struct value *values, struct cursor **out, struct fault *fault) {
    enum status status = postgres_prepare(connection, query, false, fault);
    if (status != STATUS_OK)
        return status;
    *out = new_cursor(connection);
    (*out)->query = query;
    (*out)->values = values;
    return STATUS_OK;
}

static enum status execute(struct cursor *cursor, struct fault *fault) {
    struct connection *connection = cursor->connection;
    const struct query_text *text = query_text(cursor->query);
    struct parameters parameters;
    postgres_put_row(connection, cursor->values, text->parameter_count, &parameters);
    PGresult *result =
        connection->options->pooled
            ? PQexecParams(connection->server, text->postgres, text->parameter_count, NULL,
                  parameters.values, parameters.lengths, parameters.formats, BINARY)
            : PQexecPrepared(connection->server, text->name, text->parameter_count,
                  parameters.values, parameters.lengths, parameters.formats, BINARY);
    ExecStatusType got = PQresultStatus(result);
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK) {
        enum status status = postgres_report(connection, result, text->name, fault);
        PQclear(result);
        return status;
    }
    cursor->result = malloc(sizeof *cursor->result);
    check(cursor->result != NULL);
    *cursor->result = (struct shared_result){result, 1};
    cursor->row = -1;
    cursor->end = PQntuples(result);
    return STATUS_OK;
}

enum status postgres_step(struct cursor *cursor, bool *row, struct fault *fault) {
    *row = false;
    if (cursor->result == NULL) {
        enum status status = execute(cursor, fault);
        if (status != STATUS_OK)
            return status;
    }
    cursor->row++;
    *row = cursor->row < cursor->end;
    return STATUS_OK;
}

int postgres_column_count(struct cursor *cursor) {
    return PQnfields(cursor->result->at) - cursor->first_column;
}

enum value_kind postgres_column_kind(struct cursor *cursor, int column) {
    const PGresult *result = cursor->result->at;
    column += cursor->first_column;
    if (PQgetisnull(result, cursor->row, column) != 0)
        return VALUE_NULL;
    switch (PQftype(result, column)) { /* foreign value: numbers of pg_type */
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return VALUE_INTEGER;
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BPCHAR:
    case TYPE_NAME:
        return VALUE_TEXT;
    case TYPE_BYTEA:
        return VALUE_BYTES;
    default: /* foreign value: numeric and the rest, which no statement of ours may give */
        return VALUE_OTHER;
    }
}

/* Text or bytes as they are; numbers of any width, big-endian. */
struct bytes postgres_column_bytes(struct cursor *cursor, int column) {
    column += cursor->first_column;
    return (struct bytes){(const uint8_t *)PQgetvalue(cursor->result->at, cursor->row, column),
        (size_t)PQgetlength(cursor->result->at, cursor->row, column)};
}

int64_t postgres_column_integer(struct cursor *cursor, int column) {
    struct bytes bytes = postgres_column_bytes(cursor, column);
    uint64_t value = bytes.length > 0 && bytes.at[0] >= 0x80 ? UINT64_MAX : 0; /* the sign */
    for (size_t i = 0; i < bytes.length; i++)
        value = value << 8 | bytes.at[i];
    return (int64_t)value;
}

int64_t postgres_changed(struct cursor *cursor) {
    return strtoll(PQcmdTuples(cursor->result->at), NULL, 10);
}

void postgres_cursor_close(struct cursor *cursor) {
    if (cursor->result != NULL && --cursor->result->uses == 0) {
        PQclear(cursor->result->at);
        free(cursor->result);
    }
    cursor->next_idle = cursor->connection->idle_cursors;
    cursor->connection->idle_cursors = cursor;
}
