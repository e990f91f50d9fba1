/*
 * postgres_exchange.c: many statements in one round trip, by libpq's pipeline mode. Exports
 * postgres_exchange().
 *
 * BEGIN, the locks, the requests and COMMIT are sent in a row, ended by one Sync; the server skips
 * what follows a failure. A request of one row runs the query as it is; a request of more runs the
 * form that takes an array a parameter (query_table.h), whose rows are given back to the cursors
 * by the place that comes with each.
 */
#include "store/postgres_own.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { BINARY = 1 };

static bool is_many(const struct request *request) {
    return request->row_count > 1;
}

static enum status prepare_lock(struct connection *connection, struct fault *fault) {
    if (connection->options->pooled || connection->lock_prepared)
        return STATUS_OK;
    PGresult *result =
        PQprepare(connection->server, POSTGRES_LOCK_NAME, postgres_lock_text, 0, NULL);
    connection->lock_prepared = PQresultStatus(result) == PGRES_COMMAND_OK;
    enum status status = STATUS_OK;
    if (!connection->lock_prepared)
        status = postgres_report(connection, result, "lock", fault);
    PQclear(result);
    return status;
}

/* Every statement of the exchange is prepared beforehand, outside the pipeline. */
static enum status prepare_all(
    struct connection *connection, const struct exchange *exchange, struct fault *fault) {
    enum status status = exchange->begin ? prepare_lock(connection, fault) : STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < exchange->request_count; i++) {
        const struct request *request = &exchange->requests[i];
        status = postgres_prepare(connection, request->query, is_many(request), fault);
    }
    return status;
}

/* ---- sending: 1 when libpq took it, as libpq says ---- */

static int send_text(struct connection *connection, const char *text) {
    return PQsendQueryParams(connection->server, text, 0, NULL, NULL, NULL, NULL, 0);
}

static int send_lock(struct connection *connection, const int64_t *keys, size_t count) {
    size_t room = count * POSTGRES_KEY_SIZE + 3;
    char *text = malloc(room);
    check(text != NULL);
    postgres_write_keys(text, room, keys, count);
    const char *const values[] = {text};
    int sent = connection->options->pooled ? PQsendQueryParams(connection->server,
                                                 postgres_lock_text, 1, NULL, values, NULL, NULL, 0)
                                           : PQsendQueryPrepared(connection->server,
                                                 POSTGRES_LOCK_NAME, 1, values, NULL, NULL, 0);
    free(text);
    return sent;
}

static int send_request(struct connection *connection, const struct request *request) {
    const struct query_text *text = query_text(request->query);
    char many_name[POSTGRES_NAME_SIZE];
    const char *name = text->name;
    struct parameters parameters;
    if (is_many(request)) {
        check(text->postgres_many != NULL);
        name = postgres_many_name(request->query, many_name);
        postgres_put_rows(connection, request, text->parameter_count, &parameters);
    } else {
        postgres_put_row(connection, request->rows[0], text->parameter_count, &parameters);
    }
    if (connection->options->pooled)
        return PQsendQueryParams(connection->server,
            postgres_unnamed(connection, request->query, is_many(request)), text->parameter_count,
            NULL, parameters.values, parameters.lengths, parameters.formats, BINARY);
    return PQsendQueryPrepared(connection->server, name, text->parameter_count, parameters.values,
        parameters.lengths, parameters.formats, BINARY);
}

static int send_all(struct connection *connection, const struct exchange *exchange) {
    int sent = PQenterPipelineMode(connection->server);
    if (sent == 1 && exchange->begin)
        sent = send_text(connection, "BEGIN");
    if (sent == 1 && exchange->begin && connection->options->pooled) {
        char settings[POSTGRES_SETTINGS_SIZE];
        sent = send_text(connection, postgres_local_settings(connection, settings));
    }
    if (sent == 1 && exchange->begin)
        sent = send_lock(connection, exchange->keys, exchange->key_count);
    for (size_t i = 0; sent == 1 && i < exchange->request_count; i++)
        sent = send_request(connection, &exchange->requests[i]);
    if (sent == 1 && exchange->commit)
        sent = send_text(connection, "COMMIT");
    return sent == 1 ? PQpipelineSync(connection->server) : sent;
}

/* ---- taking the answers ---- */

/* The result of the next statement sent; NULL when the connection is gone. */
static PGresult *take(struct connection *connection) {
    PGresult *result = PQgetResult(connection->server);
    if (result == NULL)
        return NULL;
    ExecStatusType got = PQresultStatus(result);
    PGresult *end = got == PGRES_PIPELINE_SYNC ? NULL : PQgetResult(connection->server);
    PQclear(end); /* the NULL that ends a statement's results */
    return result;
}

static bool is_good(const PGresult *result) {
    ExecStatusType got = PQresultStatus(result);
    return got == PGRES_COMMAND_OK || got == PGRES_TUPLES_OK;
}

/* Keeps the first failure; what the server skipped after it is none of its own. */
static void note_failure(
    struct connection *connection, const PGresult *result, const char *what, struct fault *fault) {
    if (fault->status == STATUS_OK)
        postgres_report(connection, result, what, fault);
}

static void take_plain(struct connection *connection, const char *what, struct fault *fault) {
    PGresult *result = take(connection);
    if (!is_good(result))
        note_failure(connection, result, what, fault);
    PQclear(result);
}

static void take_lock(struct connection *connection, struct fault *fault) {
    PGresult *result = take(connection);
    if (is_good(result))
        snprintf(connection->xid, sizeof connection->xid, "%s", PQgetvalue(result, 0, 0));
    else
        note_failure(connection, result, "lock", fault);
    PQclear(result);
}

/* The place, counted from 0, of the row's own parameters; the first column of the row. */
static size_t place_of(const PGresult *result, int row) {
    const unsigned char *at = (const unsigned char *)PQgetvalue(result, row, 0);
    uint64_t place = 0;
    for (int i = 0; i < PQgetlength(result, row, 0); i++)
        place = place << 8 | at[i];
    return (size_t)place - 1;
}

/* A cursor for each row of parameters over its own rows of the result. */
static void share_rows(
    struct connection *connection, const struct request *request, PGresult *result) {
    struct shared_result *shared = calloc(1, sizeof *shared);
    check(shared != NULL);
    shared->at = result;
    if (!is_many(request)) {
        request->cursors[0] = postgres_cursor_over(connection, shared, 0, PQntuples(result), 0);
        return;
    }
    int row = 0, count = PQntuples(result);
    for (size_t i = 0; i < request->row_count; i++) {
        int first = row;
        while (row < count && place_of(result, row) == i)
            row++;
        request->cursors[i] = postgres_cursor_over(connection, shared, first, row, 1);
    }
    check(row == count); /* rows come place by place: gen_queries.py keeps the order */
}

static void take_request(
    struct connection *connection, const struct request *request, struct fault *fault) {
    PGresult *result = take(connection);
    if (!is_good(result) || fault->status != STATUS_OK) {
        note_failure(connection, result, query_text(request->query)->name, fault);
        PQclear(result);
    } else if (request->cursors != NULL) {
        share_rows(connection, request, result);
    } else {
        PQclear(result);
    }
}

static void take_all(
    struct connection *connection, const struct exchange *exchange, struct fault *fault) {
    if (exchange->begin) {
        take_plain(connection, "BEGIN", fault);
        if (connection->options->pooled)
            take_plain(connection, "settings", fault);
        take_lock(connection, fault);
    }
    for (size_t i = 0; i < exchange->request_count; i++)
        take_request(connection, &exchange->requests[i], fault);
}

/* Closes what was handed out before a later request failed. */
static void close_cursors(const struct exchange *exchange) {
    for (size_t i = 0; i < exchange->request_count; i++) {
        const struct request *request = &exchange->requests[i];
        for (size_t j = 0; request->cursors != NULL && j < request->row_count; j++) {
            if (request->cursors[j] != NULL)
                postgres_cursor_close(request->cursors[j]);
            request->cursors[j] = NULL;
        }
    }
}

enum status postgres_exchange(
    struct connection *connection, const struct exchange *exchange, struct fault *fault) {
    *fault = (struct fault){.status = STATUS_OK};
    if (exchange->begin)
        connection->xid[0] = '\0';
    if (prepare_all(connection, exchange, fault) != STATUS_OK)
        return fault->status;
    if (send_all(connection, exchange) != 1)
        return exchange->commit ? postgres_judge_commit(connection, NULL, fault)
                                : postgres_report(connection, NULL, "send", fault);
    take_all(connection, exchange, fault);
    /* what became of a commit can be asked only after the pipeline has ended */
    PGresult *committed = exchange->commit ? take(connection) : NULL;
    PQclear(PQgetResult(connection->server)); /* the Sync */
    int ended = PQexitPipelineMode(connection->server);
    bool lost = PQstatus(connection->server) != CONNECTION_OK;
    /* a connection that went away at any answer may have brought the commit through */
    if (exchange->commit && (lost || fault->status == STATUS_OK)) {
        *fault = (struct fault){.status = STATUS_OK};
        postgres_judge_commit(connection, committed, fault);
    } else if (ended != 1 && fault->status == STATUS_OK) {
        postgres_report(connection, NULL, "exchange", fault);
    }
    PQclear(committed);
    if (fault->status != STATUS_OK)
        close_cursors(exchange);
    return fault->status;
}
