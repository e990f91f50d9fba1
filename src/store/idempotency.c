/* idempotency.c: idempotency keys. Exports what idempotency.h declares. */
#include "store/idempotency.h"

#include "store/statement.h"

static struct bytes hash_of(const struct idempotency *request) {
    return (struct bytes){request->body_hash, SHA256_SIZE};
}

static struct statement *start_load(struct tx *tx, const struct idempotency *request) {
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_LOAD);
    statement_bind_integer(statement, 1, request->scope_id);
    statement_bind_integer(statement, 2, request->scope);
    statement_bind_text(statement, 3, request->key);
    return statement;
}

void idempotency_foresee(struct tx *tx, const struct idempotency *request) {
    statement_foresee(start_load(tx, request));
}

enum status idempotency_find(
    struct tx *tx, struct idempotency *request, enum idempotency_outcome *outcome) {
    struct statement *statement = start_load(tx, request);
    *outcome = IDEMPOTENCY_NEW;
    if (statement_step(statement)) {
        bool same = bytes_equal(statement_bytes(statement, 0), hash_of(request));
        *outcome = same ? IDEMPOTENCY_REPEATED : IDEMPOTENCY_MISMATCH;
        request->answer_status = statement_integer32(statement, 1);
        request->answer_body = statement_text(statement, 2);
    }
    return statement_end(statement);
}

enum status idempotency_save(struct tx *tx, const struct idempotency *request, struct instant now,
    int answer_status, const char *body) {
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_INSERT);
    statement_bind_integer(statement, 1, request->scope_id);
    statement_bind_integer(statement, 2, request->scope);
    statement_bind_text(statement, 3, request->key);
    statement_bind_bytes(statement, 4, hash_of(request));
    statement_bind_instant(statement, 5, now);
    statement_bind_integer(statement, 6, answer_status);
    statement_bind_text(statement, 7, body);
    return statement_run(statement);
}

static void bind_place(
    struct statement *statement, int first, const struct idempotency_place *place) {
    statement_bind_integer(statement, first, place->scope_id);
    statement_bind_integer(statement, first + 1, place->scope);
    statement_bind_text(statement, first + 2, place->key);
}

enum status idempotency_walk(struct tx *tx, struct idempotency_place *at, struct instant before,
    int32_t limit, int32_t *count, int32_t *old) {
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_WALK);
    bind_place(statement, 1, at);
    statement_bind_integer(statement, 4, limit);
    *count = *old = 0;
    while (statement_step(statement)) {
        at->scope_id = statement_integer(statement, 0);
        at->scope = statement_integer32(statement, 1);
        at->key = statement_text(statement, 2);
        *old += instant_compare(statement_instant(statement, 3), before) < 0;
        ++*count;
    }
    return statement_end(statement);
}

enum status idempotency_forget(struct tx *tx, const struct idempotency_place *after,
    const struct idempotency_place *last, struct instant before, int64_t *deleted) {
    struct statement *statement = statement_start(tx, QUERY_IDEMPOTENCY_FORGET);
    bind_place(statement, 1, after);
    bind_place(statement, 4, last);
    statement_bind_instant(statement, 7, before);
    return statement_run_changed(statement, deleted);
}
