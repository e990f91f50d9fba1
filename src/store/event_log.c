/* event_log.c: numbered events of a user. Exports what event_log.h declares. */
#include "store/event_log.h"

#include "store/statement.h"
#include "store/store_internal.h"
#include "store/tx.h"

/* Who is to be told once the unit is durable. */
struct told_user {
    struct store *store;
    int64_t user_id;
};

static void tell(void *argument) {
    const struct told_user *told = argument;
    const struct store_options *options = &told->store->options;
    options->event_told(options->event_told_context, told->user_id);
}

static void tell_after_commit(struct tx *tx, int64_t user_id) {
    if (tx->store->options.event_told == NULL)
        return;
    struct told_user *told = ARENA_NEW(tx->lasting, struct told_user);
    *told = (struct told_user){tx->store, user_id};
    tx_on_commit(tx, tell, told);
}

/* How far this unit has numbered a log that it alone appends to. */
struct log_place {
    int64_t user_id;
    int64_t number;
    struct log_place *next;
};

/* The next number of a log that units of many customers append to: a counter, locked until commit.
 */
static enum status take_shared(struct tx *tx, int64_t user_id, int64_t *number) {
    struct statement *statement = statement_start(tx, QUERY_EVENT_LOG_NEXT);
    statement_bind_integer(statement, 1, user_id);
    *number = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status event_log_take(struct tx *tx, int64_t user_id, int64_t *number) {
    if (user_id == EVENT_LOG_STAFF)
        return take_shared(tx, user_id, number);
    struct log_place *place = tx->log_places;
    while (place != NULL && place->user_id != user_id)
        place = place->next;
    if (place == NULL) {
        place = ARENA_NEW(tx_arena(tx), struct log_place);
        *place = (struct log_place){.user_id = user_id, .next = tx->log_places};
        enum status status = event_log_last(tx, user_id, &place->number);
        if (status != STATUS_OK)
            return status;
        tx->log_places = place;
    }
    *number = ++place->number;
    return STATUS_OK;
}

enum status event_log_put(struct tx *tx, struct instant now, int64_t user_id, int64_t number,
    const char *kind, const char *payload) {
    struct statement *statement = statement_start(tx, QUERY_EVENT_LOG_INSERT);
    statement_bind_integer(statement, 1, user_id);
    statement_bind_integer(statement, 2, number);
    statement_bind_text(statement, 3, kind);
    statement_bind_text(statement, 4, payload);
    statement_bind_instant(statement, 5, now);
    tell_after_commit(tx, user_id);
    return statement_run(statement);
}

enum status event_log_append(
    struct tx *tx, struct instant now, int64_t user_id, const char *kind, const char *payload) {
    int64_t number;
    enum status status = event_log_take(tx, user_id, &number);
    if (status != STATUS_OK)
        return status;
    return event_log_put(tx, now, user_id, number, kind, payload);
}

enum status event_log_read(struct tx *tx, int64_t user_id, int64_t after, size_t limit,
    struct log_event **events, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_EVENT_LOG_READ);
    statement_bind_integer(statement, 1, user_id);
    statement_bind_integer(statement, 2, after);
    statement_bind_integer(statement, 3, (int64_t)limit);
    *events = ARENA_ARRAY(tx_arena(tx), limit, struct log_event);
    *count = 0;
    while (*count < limit && statement_step(statement))
        (*events)[(*count)++] = (struct log_event){
            .number = statement_integer(statement, 0),
            .kind = statement_text(statement, 1),
            .payload = statement_text(statement, 2),
        };
    return statement_end(statement);
}

static struct statement *start_end(struct tx *tx, enum query query, int64_t user_id) {
    struct statement *statement = statement_start(tx, query);
    statement_bind_integer(statement, 1, user_id);
    return statement;
}

static enum status read_end(struct tx *tx, enum query query, int64_t user_id, int64_t *number) {
    struct statement *statement = start_end(tx, query, user_id);
    *number = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

void event_log_foresee(struct tx *tx, int64_t customer_id) {
    statement_foresee(start_end(tx, QUERY_EVENT_LOG_LAST, customer_id));
}

enum status event_log_last(struct tx *tx, int64_t user_id, int64_t *number) {
    return read_end(tx, QUERY_EVENT_LOG_LAST, user_id, number);
}

enum status event_log_first(struct tx *tx, int64_t user_id, int64_t *number) {
    return read_end(tx, QUERY_EVENT_LOG_FIRST, user_id, number);
}

enum status event_log_page(struct tx *tx, int64_t user_id, int64_t number, int32_t limit,
    struct log_row **rows, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_EVENT_LOG_WALK);
    statement_bind_integer(statement, 1, user_id);
    statement_bind_integer(statement, 2, number);
    statement_bind_integer(statement, 3, limit);
    *rows = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct log_row);
    *count = 0;
    while (*count < (size_t)limit && statement_step(statement))
        (*rows)[(*count)++] = (struct log_row){
            .user_id = statement_integer(statement, 0),
            .number = statement_integer(statement, 1),
            .created_at = statement_instant(statement, 2),
        };
    return statement_end(statement);
}

enum status event_log_forget(struct tx *tx, int64_t user_id, int64_t number) {
    struct statement *statement = statement_start(tx, QUERY_EVENT_LOG_DELETE);
    statement_bind_integer(statement, 1, user_id);
    statement_bind_integer(statement, 2, number);
    return statement_run(statement);
}
