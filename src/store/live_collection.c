/* live_collection.c: the wall against collecting twice. See payment.h. */
#include "store/payment.h"
#include "store/statement.h"

#include <string.h>

/* Makes room for one more in an array of the arena. */
static void *grown(struct tx *tx, void *array, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return array;
    *room = *room ? *room * 2 : 8;
    void *more = arena_array(tx_arena(tx), *room, size);
    if (count)
        memcpy(more, array, count * size);
    return more;
}

enum status live_collection_take(
    struct tx *tx, int64_t customer_id, const struct live_collection *collection) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, collection->contract_id);
    statement_bind_integer(statement, 3, collection->instalment);
    statement_bind_integer(statement, 4, collection->payment_id);
    return statement_run(statement);
}

static enum status read_collections(struct tx *tx, struct statement *statement,
    struct live_collection **collections, size_t *count) {
    size_t room = 0;
    *collections = NULL;
    *count = 0;
    while (statement_step(statement)) {
        *collections = grown(tx, *collections, *count, &room, sizeof **collections);
        (*collections)[(*count)++] = (struct live_collection){
            .contract_id = statement_integer(statement, 0),
            .instalment = statement_integer32(statement, 1),
            .payment_id = statement_integer(statement, 2),
        };
    }
    return statement_end(statement);
}

enum status live_collection_list(
    struct tx *tx, int64_t customer_id, struct live_collection **collections, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_LIST);
    statement_bind_integer(statement, 1, customer_id);
    return read_collections(tx, statement, collections, count);
}

enum status live_collection_astray(
    struct tx *tx, int32_t limit, struct live_collection **collections, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_ASTRAY);
    statement_bind_integer(statement, 1, limit);
    return read_collections(tx, statement, collections, count);
}

enum status live_collection_count(
    struct tx *tx, int64_t customer_id, int64_t payment_id, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_COUNT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status live_collection_release(struct tx *tx, int64_t customer_id, int64_t payment_id) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_RELEASE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    return statement_run(statement);
}
