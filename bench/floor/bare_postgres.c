/*
 * bare_postgres.c: the program `bare_postgres`: repayments as nothing but rows, as arrays.
 *
 *     bare_postgres URL CUSTOMERS ROWS CONNECTIONS BATCH MILLISECONDS
 *
 * Each connection has a thread and a share of the customers. A batch reads and locks by key the
 * rows that its repayments change and looks the idempotency keys up, one statement a table; then
 * writes the rows that repayments of the product wrote (rows.h), again one statement a table with
 * arrays through UNNEST, and commits. The database is a copy of a portfolio and is used up.
 */
#include "gauge.h"
#include "rows.h"

#include <arpa/inet.h>
#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 8192, CONNECTIONS_MOST = 16, BATCH_MOST = 256 };

/* A growing array in the binary form of the protocol. */
struct array {
    char *at;
    size_t length, room;
};

struct worker {
    pthread_t thread;
    PGconn *connection;
    int index;
    uint64_t random;
    int64_t made;
    struct subject batch[BATCH_MOST];
    struct array arrays[ROW_COLUMNS_MOST];
    struct samples commits;
};

static struct rows rows;
static struct subjects subjects;
static int connection_count, batch_size;
static int64_t length_us, first_number;
static struct worker workers[CONNECTIONS_MOST];

static _Noreturn void fail(const struct worker *worker, const char *what) {
    fprintf(stderr, "bare_postgres: %s: %s\n", what, PQerrorMessage(worker->connection));
    exit(1);
}

/* ---- statements ---- */

static void add(char *text, const char *more) {
    strncat(text, more, TEXT_MOST - strlen(text) - 1);
}

static const char *array_type(enum row_type type) {
    static const char *const names[] = {"bigint", "integer", "text", "bytea"};
    return names[type];
}

/* "UNNEST($1::bigint[], ...) AS u (a, ...)" over the key's columns or all. */
static void add_unnest(char *text, const struct row *row, bool key_only) {
    char names[TEXT_MOST] = "", term[ROW_NAME_MOST + 32];
    int number = 0;
    add(text, "UNNEST(");
    for (int i = 0; i < row->column_count; i++) {
        const struct row_column *column = &row->columns[i];
        if (key_only && !column->key)
            continue;
        const char *comma = number == 0 ? "" : ", ";
        snprintf(term, sizeof term, "%s$%d::%s[]", comma, number + 1, array_type(column->type));
        add(text, term);
        snprintf(term, sizeof term, "%s%s", comma, column->name);
        add(names, term);
        number++;
    }
    add(text, ") AS u (");
    add(text, names);
    add(text, ")");
}

static void add_match(char *text, const struct row *row) {
    char term[2 * ROW_NAME_MOST + 32];
    const char *word = "";
    for (int i = 0; i < row->column_count; i++)
        if (row->columns[i].key) {
            snprintf(term, sizeof term, "%st.%s = u.%s", word, row->columns[i].name,
                row->columns[i].name);
            add(text, term);
            word = " AND ";
        }
}

static void write_read(char *text, const struct row *row) {
    snprintf(text, TEXT_MOST, "SELECT t.* FROM ");
    add_unnest(text, row, true);
    char term[ROW_NAME_MOST + 16];
    snprintf(term, sizeof term, " JOIN %s t ON ", row->table);
    add(text, term);
    add_match(text, row);
    if (!row->insert)
        add(text, " FOR UPDATE OF t");
}

static void write_write(char *text, const struct row *row) {
    char names[TEXT_MOST] = "", term[2 * ROW_NAME_MOST + 32];
    const char *comma = "";
    for (int i = 0; i < row->column_count; i++) {
        const char *name = row->columns[i].name;
        if (!row->insert && row->columns[i].key)
            continue;
        if (row->insert)
            snprintf(term, sizeof term, "%s%s", comma, name);
        else
            snprintf(term, sizeof term, "%s%s = u.%s", comma, name, name);
        add(names, term);
        comma = ", ";
    }
    if (row->insert)
        snprintf(text, TEXT_MOST, "INSERT INTO %s (%s) SELECT * FROM ", row->table, names);
    else
        snprintf(text, TEXT_MOST, "UPDATE %s t SET %s FROM ", row->table, names);
    add_unnest(text, row, false);
    if (!row->insert) {
        add(text, " WHERE ");
        add_match(text, row);
    }
}

static bool is_read(const struct row *row) {
    return !row->insert || row_is_looked_up(row);
}

static void prepare(const struct worker *worker) {
    char text[TEXT_MOST], name[16];
    for (int i = 0; i < rows.count; i++)
        for (int writing = is_read(&rows.items[i]) ? 0 : 1; writing < 2; writing++) {
            snprintf(name, sizeof name, "%c%d", writing != 0 ? 'w' : 'r', i);
            if (writing != 0)
                write_write(text, &rows.items[i]);
            else
                write_read(text, &rows.items[i]);
            PGresult *result = PQprepare(worker->connection, name, text, 0, NULL);
            if (PQresultStatus(result) != PGRES_COMMAND_OK)
                fail(worker, text);
            PQclear(result);
        }
}

/* ---- arrays ---- */

static void put(struct array *array, const void *bytes, size_t count) {
    if (array->length + count > array->room) {
        array->room = 2 * (array->length + count) + 4096;
        array->at = realloc(array->at, array->room);
        if (array->at == NULL)
            abort();
    }
    memcpy(array->at + array->length, bytes, count);
    array->length += count;
}

static void put_word(struct array *array, int32_t value) {
    uint32_t word = htonl((uint32_t)value);
    put(array, &word, sizeof word);
}

static void put_element(
    struct array *array, const struct row_column *column, const struct subject *subject) {
    uint8_t room[256];
    if (column->null) {
        put_word(array, -1);
    } else if (column->type == ROW_LONG) {
        uint64_t value = htobe64((uint64_t)row_integer(column, subject));
        put_word(array, 8);
        put(array, &value, sizeof value);
    } else if (column->type == ROW_INT) {
        put_word(array, 4);
        put_word(array, (int32_t)row_integer(column, subject));
    } else {
        put_word(array, (int32_t)column->length);
        put(array, row_bytes(column, subject, room), column->length);
    }
}

static void fill(struct worker *worker, struct array *array, const struct row_column *column) {
    static const int32_t types[] = {20, 23, 25, 17};
    array->length = 0;
    put_word(array, 1); /* one dimension */
    put_word(array, column->null);
    put_word(array, types[column->type]);
    put_word(array, batch_size);
    put_word(array, 1);
    for (int i = 0; i < batch_size; i++)
        put_element(array, column, &worker->batch[i]);
}

static void send_arrays(
    struct worker *worker, const char *name, const struct row *row, bool key_only) {
    const char *values[ROW_COLUMNS_MOST];
    int lengths[ROW_COLUMNS_MOST], formats[ROW_COLUMNS_MOST], count = 0;
    for (int i = 0; i < row->column_count; i++) {
        if (key_only && !row->columns[i].key)
            continue;
        fill(worker, &worker->arrays[count], &row->columns[i]);
        values[count] = worker->arrays[count].at;
        lengths[count] = (int)worker->arrays[count].length;
        formats[count++] = 1;
    }
    if (PQsendQueryPrepared(worker->connection, name, count, values, lengths, formats, 1) != 1)
        fail(worker, name);
}

/* ---- batches ---- */

static void send_plain(struct worker *worker, const char *text) {
    if (PQsendQueryParams(worker->connection, text, 0, NULL, NULL, NULL, NULL, 1) != 1)
        fail(worker, text);
}

/* Ends a stretch of the pipeline and reads all its answers. */
static void finish(struct worker *worker) {
    if (PQpipelineSync(worker->connection) != 1)
        fail(worker, "sync");
    for (;;) {
        PGresult *result = PQgetResult(worker->connection);
        if (result == NULL)
            continue; /* the end of one statement's answers */
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED)
            fail(worker, PQresultErrorMessage(result));
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            return;
    }
}

/* Different customers of the worker's share, so that no row is changed twice in a statement. */
static void choose(struct worker *worker) {
    size_t share = subjects.count / (size_t)connection_count;
    size_t stride = share / (size_t)batch_size;
    if (stride == 0) {
        fprintf(stderr, "bare_postgres: too few customers\n");
        exit(1);
    }
    for (int i = 0; i < batch_size; i++) {
        size_t at = (size_t)i * stride + bare_random(&worker->random) % stride;
        worker->batch[i] = subjects.items[at * (size_t)connection_count + (size_t)worker->index];
        worker->batch[i].number = first_number + worker->made++ * connection_count + worker->index;
    }
}

static void run_batch(struct worker *worker) {
    char name[16];
    choose(worker);
    send_plain(worker, "BEGIN");
    for (int i = 0; i < rows.count; i++)
        if (is_read(&rows.items[i])) {
            snprintf(name, sizeof name, "r%d", i);
            send_arrays(worker, name, &rows.items[i], true);
        }
    finish(worker);
    for (int i = 0; i < rows.count; i++) {
        snprintf(name, sizeof name, "w%d", i);
        send_arrays(worker, name, &rows.items[i], false);
    }
    send_plain(worker, "COMMIT");
    finish(worker);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    int64_t began = bare_now_us(), now = began;
    while (now - began < length_us) {
        run_batch(worker);
        int64_t after = bare_now_us();
        samples_add(&worker->commits, after - now);
        now = after;
    }
    return NULL;
}

static void start(struct worker *worker, const char *url, int index) {
    worker->index = index;
    worker->random = (uint64_t)index + 1;
    worker->connection = PQconnectdb(url);
    if (PQstatus(worker->connection) != CONNECTION_OK)
        fail(worker, "connecting");
    prepare(worker);
    if (PQenterPipelineMode(worker->connection) != 1)
        fail(worker, "pipeline mode");
}

int main(int argc, char **argv) {
    if (argc != 7 || !subjects_read(argv[2], &subjects) || !rows_read(argv[3], &rows))
        return 2;
    connection_count = (int)strtol(argv[4], NULL, 10);
    batch_size = (int)strtol(argv[5], NULL, 10);
    length_us = strtoll(argv[6], NULL, 10) * 1000;
    if (connection_count < 1 || connection_count > CONNECTIONS_MOST || batch_size < 1 ||
        batch_size > BATCH_MOST)
        return 2;
    /* numbers of another run on the same database are others */
    first_number = (bare_now_us() / 1000) % 100000 * 1000 + 1;
    for (int i = 0; i < connection_count; i++)
        start(&workers[i], argv[1], i);
    int64_t began = bare_now_us();
    for (int i = 0; i < connection_count; i++)
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    static struct samples commits;
    int64_t made = 0;
    for (int i = 0; i < connection_count; i++) {
        pthread_join(workers[i].thread, NULL);
        made += workers[i].made;
        samples_join(&commits, &workers[i].commits);
        PQfinish(workers[i].connection);
    }
    bare_print(&commits, made, (double)(bare_now_us() - began) / 1e6, 0);
    return 0;
}
