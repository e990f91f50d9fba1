/*
 * extension_request.c: customers' requests for more time. See extension_request.h.
 */
#include "store/extension_request.h"

#include "store/statement.h"

#include <string.h>

static void read_request(struct statement *statement, struct extension_request *request) {
    request->customer_id = statement_integer(statement, 0);
    request->request_id = statement_integer(statement, 1);
    request->order_id = statement_integer(statement, 2);
    request->contract_id = statement_integer(statement, 3);
    request->instalment_number = statement_integer32(statement, 4);
    request->days = statement_integer32(statement, 5);
    request->cost = statement_money(statement, 6);
    request->reason = statement_text(statement, 7);
    request->state = (enum extension_request_state)statement_integer32(statement, 8);
    request->created_at = statement_instant(statement, 9);
    request->answer_by = statement_instant(statement, 10);
    request->decided_at = statement_instant(statement, 11);
    request->decided_by = statement_integer(statement, 12);
    request->note = statement_text(statement, 13);
}

/* Reads all rows of a started statement into an array in the arena. */
static enum status read_all(struct tx *tx, struct statement *statement,
    struct extension_request **requests, size_t *count) {
    size_t room = 8;
    *requests = ARENA_ARRAY(tx_arena(tx), room, struct extension_request);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct extension_request *more =
                ARENA_ARRAY(tx_arena(tx), room * 2, struct extension_request);
            memcpy(more, *requests, room * sizeof **requests);
            *requests = more;
            room *= 2;
        }
        read_request(statement, &(*requests)[(*count)++]);
    }
    return statement_end(statement);
}

enum status extension_request_insert(struct tx *tx, const struct extension_request *request) {
    struct statement *statement = statement_start(tx, QUERY_EXTENSION_REQUEST_INSERT);
    statement_bind_integer(statement, 1, request->customer_id);
    statement_bind_integer(statement, 2, request->request_id);
    statement_bind_integer(statement, 3, request->order_id);
    statement_bind_integer(statement, 4, request->contract_id);
    statement_bind_integer(statement, 5, request->instalment_number);
    statement_bind_integer(statement, 6, request->days);
    statement_bind_money(statement, 7, request->cost);
    statement_bind_text(statement, 8, request->reason);
    statement_bind_integer(statement, 9, request->state);
    statement_bind_instant(statement, 10, request->created_at);
    statement_bind_instant(statement, 11, request->answer_by);
    statement_bind_instant(statement, 12, request->decided_at);
    statement_bind_integer(statement, 13, request->decided_by);
    statement_bind_text(statement, 14, request->note);
    return statement_run(statement);
}

enum status extension_request_decide(
    struct tx *tx, const struct extension_request *request, bool *decided) {
    struct statement *statement = statement_start(tx, QUERY_EXTENSION_REQUEST_DECIDE);
    statement_bind_integer(statement, 1, request->customer_id);
    statement_bind_integer(statement, 2, request->request_id);
    statement_bind_integer(statement, 3, request->state);
    statement_bind_instant(statement, 4, request->decided_at);
    statement_bind_integer(statement, 5, request->decided_by);
    statement_bind_text(statement, 6, request->note);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    *decided = changed == 1;
    return status;
}

enum status extension_request_load(
    struct tx *tx, int64_t customer_id, int64_t request_id, struct extension_request **request) {
    struct statement *statement = statement_start(tx, QUERY_EXTENSION_REQUEST_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, request_id);
    *request = NULL;
    if (statement_step(statement)) {
        *request = ARENA_NEW(tx_arena(tx), struct extension_request);
        read_request(statement, *request);
    }
    return statement_end(statement);
}

enum status extension_request_of_customer(
    struct tx *tx, int64_t customer_id, struct extension_request **requests, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_EXTENSION_REQUEST_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    return read_all(tx, statement, requests, count);
}

enum status extension_request_by_state(struct tx *tx, enum extension_request_state state,
    struct instant after_created, int64_t after_id, int32_t limit,
    struct extension_request **requests, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_EXTENSION_REQUEST_BY_STATE);
    statement_bind_integer(statement, 1, state);
    statement_bind_integer(statement, 2, after_created.us);
    statement_bind_integer(statement, 3, after_id);
    statement_bind_integer(statement, 4, limit);
    return read_all(tx, statement, requests, count);
}

enum status extension_request_count(
    struct tx *tx, enum extension_request_state state, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_EXTENSION_REQUEST_COUNT);
    statement_bind_integer(statement, 1, state);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}
