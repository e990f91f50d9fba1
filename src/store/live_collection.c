/* live_collection.c: the wall against collecting twice. See payment.h. */
#include "store/payment.h"
#include "store/statement.h"

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
        *collections = arena_grow(tx_arena(tx), *collections, *count, &room, sizeof **collections);
        (*collections)[(*count)++] = (struct live_collection){
            .contract_id = statement_integer(statement, 0),
            .instalment = statement_integer32(statement, 1),
            .payment_id = statement_integer(statement, 2),
            .customer_id = statement_integer(statement, 3),
        };
    }
    return statement_end(statement);
}

static struct statement *start_list(struct tx *tx, int64_t customer_id) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_LIST);
    statement_bind_integer(statement, 1, customer_id);
    return statement;
}

enum status live_collection_list(
    struct tx *tx, int64_t customer_id, struct live_collection **collections, size_t *count) {
    return read_collections(tx, start_list(tx, customer_id), collections, count);
}

void live_collection_foresee(struct tx *tx, int64_t customer_id) {
    statement_foresee(start_list(tx, customer_id));
}

enum status live_collection_of_range(struct tx *tx, struct customer_range range,
    struct live_collection **collections, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_OF_RANGE);
    customer_range_bind(statement, range);
    return read_collections(tx, statement, collections, count);
}

enum status live_collection_release(struct tx *tx, int64_t customer_id, int64_t payment_id) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_RELEASE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    return statement_run(statement);
}
