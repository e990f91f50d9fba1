/* idempotency.c: idempotency keys. Exports what idempotency.h declares. */
#include "store/idempotency.h"

#include "base/check.h"
#include "store/statement.h"

static struct bytes hash_of(const struct idempotency *request) {
    return (struct bytes){request->body_hash, SHA256_SIZE};
}

static enum status load(
    struct tx *tx, struct idempotency *request, enum idempotency_outcome *outcome) {
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_LOAD);
    statement_bind_integer(statement, 1, request->scope_id);
    statement_bind_integer(statement, 2, request->scope);
    statement_bind_text(statement, 3, request->key);
    bool found = statement_step(statement);
    struct bytes body_hash = statement_bytes(statement, 0);
    bool answered = found && !statement_is_null(statement, 1);
    request->answer_status = statement_integer32(statement, 1);
    request->answer_body = statement_text(statement, 2);
    enum status status = statement_end(statement);
    if (status != STATUS_OK)
        return status;
    if (!found) /* somebody deleted it between the two statements */
        return fault_set(tx_fault(tx), STATUS_CONFLICT, "idempotency key vanished");
    if (!bytes_equal(body_hash, hash_of(request)))
        *outcome = IDEMPOTENCY_MISMATCH;
    else if (!answered)
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "idempotency key without an answer");
    return STATUS_OK;
}

enum status idempotency_reserve(struct tx *tx, struct idempotency *request, struct instant now,
    enum idempotency_outcome *outcome) {
    int64_t inserted;
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_RESERVE);
    statement_bind_integer(statement, 1, request->scope_id);
    statement_bind_integer(statement, 2, request->scope);
    statement_bind_text(statement, 3, request->key);
    statement_bind_bytes(statement, 4, hash_of(request));
    statement_bind_instant(statement, 5, now);
    enum status status = statement_run_changed(statement, &inserted);
    *outcome = inserted == 1 ? IDEMPOTENCY_NEW : IDEMPOTENCY_REPEATED;
    if (status != STATUS_OK || inserted == 1)
        return status;
    return load(tx, request, outcome);
}

enum status idempotency_save_answer(
    struct tx *tx, const struct idempotency *request, int answer_status, const char *body) {
    int64_t changed;
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_SAVE_ANSWER);
    statement_bind_integer(statement, 1, request->scope_id);
    statement_bind_integer(statement, 2, request->scope);
    statement_bind_text(statement, 3, request->key);
    statement_bind_integer(statement, 4, answer_status);
    statement_bind_text(statement, 5, body);
    enum status status = statement_run_changed(statement, &changed);
    check(status != STATUS_OK || changed == 1); /* reserved earlier in this unit */
    return status;
}

enum status idempotency_delete_before(struct tx *tx, struct instant before, int64_t *deleted) {
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_DELETE_BEFORE);
    statement_bind_instant(statement, 1, before);
    return statement_run_changed(statement, deleted);
}
