/* outbox.c: work for the outside, under leases. Exports what outbox.h declares. */
#include "store/outbox.h"

#include "store/statement.h"

/* Values of outbox.state. Stored facts: never renumber. */
enum { STATE_WAITING = 0, STATE_DONE = 1, STATE_GIVEN_UP = 2 };

enum status outbox_insert(struct tx *tx, const struct outbox_item *item, struct instant now) {
    struct statement *statement = statement_start(tx, QUERY_OUTBOX_INSERT);
    statement_bind_integer(statement, 1, item->customer_id);
    statement_bind_integer(statement, 2, item->outbox_id);
    statement_bind_integer(statement, 3, item->lane);
    statement_bind_text(statement, 4, item->kind);
    statement_bind_bytes(
        statement, 5, item->payload.at == NULL ? bytes_of_text("") : item->payload);
    statement_bind_integer(statement, 6, now.us);
    statement_bind_integer(statement, 7, item->next_try_at.us);
    return statement_run(statement);
}

/* The due items, not yet leased. */
static enum status list_due(struct tx *tx, enum outbox_lane lane, struct instant now, int32_t limit,
    struct outbox_batch *batch) {
    batch->items = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct outbox_item);
    batch->count = 0;
    struct statement *statement = statement_start(tx, QUERY_OUTBOX_DUE);
    statement_bind_integer(statement, 1, lane);
    statement_bind_integer(statement, 2, now.us);
    statement_bind_integer(statement, 3, limit);
    while (statement_step(statement)) {
        struct outbox_item *item = &batch->items[batch->count++];
        item->customer_id = statement_integer(statement, 0);
        item->outbox_id = statement_integer(statement, 1);
        item->lane = lane;
        item->kind = statement_text(statement, 2);
        item->payload = statement_bytes(statement, 3);
        item->attempts = statement_integer32(statement, 4);
        item->created_at = statement_instant(statement, 5);
        item->last_error = statement_text(statement, 6);
    }
    return statement_end(statement);
}

/* Takes one listed item unless another worker has. */
static enum status lease(
    struct tx *tx, struct outbox_item *item, struct instant until, bool *taken) {
    int64_t changed;
    struct statement *statement = statement_start(tx, QUERY_OUTBOX_LEASE);
    statement_bind_integer(statement, 1, item->customer_id);
    statement_bind_integer(statement, 2, item->outbox_id);
    statement_bind_integer(statement, 3, item->attempts);
    statement_bind_integer(statement, 4, until.us);
    enum status status = statement_run_changed(statement, &changed);
    item->attempts++;
    item->next_try_at = until;
    *taken = changed == 1;
    return status;
}

enum status outbox_take(struct tx *tx, enum outbox_lane lane, struct instant now, int32_t lease_s,
    int32_t limit, struct outbox_batch *batch) {
    struct outbox_batch due;
    enum status status = list_due(tx, lane, now, limit, &due);
    *batch = (struct outbox_batch){.items = due.items};
    struct instant until = instant_add_seconds(now, lease_s);
    for (size_t i = 0; status == STATUS_OK && i < due.count; i++) {
        bool taken;
        status = lease(tx, &due.items[i], until, &taken);
        if (taken)
            batch->items[batch->count++] = due.items[i];
    }
    return status;
}

/* Ends the lease in one of the ways that the header names. */
static enum status end_lease(struct tx *tx, const struct outbox_item *item, int state,
    struct instant next_try_at, const char *error, bool *still_ours) {
    int64_t changed;
    struct statement *statement = statement_start(tx, QUERY_OUTBOX_END_LEASE);
    statement_bind_integer(statement, 1, item->customer_id);
    statement_bind_integer(statement, 2, item->outbox_id);
    statement_bind_integer(statement, 3, item->attempts);
    statement_bind_integer(statement, 4, state);
    statement_bind_integer(statement, 5, next_try_at.us);
    statement_bind_text(statement, 6, error);
    enum status status = statement_run_changed(statement, &changed);
    *still_ours = changed == 1;
    return status;
}

enum status outbox_finish(struct tx *tx, const struct outbox_item *item, bool *still_ours) {
    return end_lease(tx, item, STATE_DONE, item->next_try_at, NULL, still_ours);
}

enum status outbox_retry(struct tx *tx, const struct outbox_item *item, struct instant at,
    const char *error, bool *still_ours) {
    return end_lease(tx, item, STATE_WAITING, at, error, still_ours);
}

enum status outbox_give_up(
    struct tx *tx, const struct outbox_item *item, const char *error, bool *still_ours) {
    return end_lease(tx, item, STATE_GIVEN_UP, item->next_try_at, error, still_ours);
}

enum status outbox_next_due(struct tx *tx, enum outbox_lane lane, struct instant *at) {
    struct statement *statement = statement_start(tx, QUERY_OUTBOX_NEXT_DUE);
    statement_bind_integer(statement, 1, lane);
    *at = (struct instant){0};
    if (statement_step(statement))
        *at = statement_instant(statement, 0);
    return statement_end(statement);
}

enum status outbox_release(
    struct tx *tx, enum outbox_lane lane, struct instant now, int32_t within_s) {
    struct statement *statement = statement_start(tx, QUERY_OUTBOX_RELEASE);
    statement_bind_integer(statement, 1, lane);
    statement_bind_instant(statement, 2, now);
    statement_bind_instant(statement, 3, instant_add_seconds(now, within_s));
    return statement_run(statement);
}
