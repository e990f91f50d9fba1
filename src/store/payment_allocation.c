/*
 * payment_allocation.c: what payments are meant for and what they pay; the live collections. See
 * payment.h.
 */
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

enum status payment_part_insert(
    struct tx *tx, const struct payment *payment, const struct payment_part *part) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_PART_INSERT);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    statement_bind_integer(statement, 3, part->position);
    statement_bind_integer(statement, 4, part->contract_id);
    statement_bind_integer(statement, 5, part->order_id);
    statement_bind_money(statement, 6, part->amount);
    statement_bind_integer(statement, 7, part->target);
    statement_bind_integer(statement, 8, part->event_sequence);
    return statement_run(statement);
}

enum status payment_part_save(
    struct tx *tx, const struct payment *payment, const struct payment_part *part) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_PART_SAVE);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    statement_bind_integer(statement, 3, part->position);
    statement_bind_integer(statement, 4, part->event_sequence);
    return statement_run(statement);
}

static enum status read_parts(
    struct tx *tx, struct statement *statement, struct payment_part **parts, size_t *count) {
    size_t room = 0;
    *parts = NULL;
    *count = 0;
    while (statement_step(statement)) {
        *parts = grown(tx, *parts, *count, &room, sizeof **parts);
        (*parts)[(*count)++] = (struct payment_part){
            .position = statement_integer32(statement, 0),
            .contract_id = statement_integer(statement, 1),
            .order_id = statement_integer(statement, 2),
            .amount = statement_money(statement, 3),
            .target = statement_integer32(statement, 4),
            .event_sequence = statement_integer32(statement, 5),
        };
    }
    return statement_end(statement);
}

enum status payment_part_list(struct tx *tx, int64_t customer_id, int64_t payment_id,
    struct payment_part **parts, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_PART_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    return read_parts(tx, statement, parts, count);
}

enum status payment_part_of_contract(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct payment_part **parts, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_PART_OF_CONTRACT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    return read_parts(tx, statement, parts, count);
}

enum status payment_allocation_insert(
    struct tx *tx, const struct payment *payment, const struct payment_allocation *allocation) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_ALLOCATION_INSERT);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    statement_bind_integer(statement, 3, allocation->contract_id);
    statement_bind_integer(statement, 4, allocation->instalment);
    statement_bind_integer(statement, 5, allocation->order_id);
    statement_bind_day(statement, 6, allocation->due_day);
    statement_bind_money(statement, 7, allocation->principal);
    statement_bind_money(statement, 8, allocation->interest);
    statement_bind_money(statement, 9, allocation->fee);
    statement_bind_money(statement, 10, allocation->penalty);
    statement_bind_money(statement, 11, allocation->left_after);
    return statement_run(statement);
}

enum status payment_allocation_clear(struct tx *tx, const struct payment *payment) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_ALLOCATION_CLEAR);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    return statement_run(statement);
}

enum status payment_allocation_list(struct tx *tx, int64_t customer_id, int64_t payment_id,
    struct payment_allocation **allocations, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_ALLOCATION_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    size_t room = 0;
    *allocations = NULL;
    *count = 0;
    while (statement_step(statement)) {
        *allocations = grown(tx, *allocations, *count, &room, sizeof **allocations);
        (*allocations)[(*count)++] = (struct payment_allocation){
            .contract_id = statement_integer(statement, 0),
            .instalment = statement_integer32(statement, 1),
            .order_id = statement_integer(statement, 2),
            .due_day = statement_day(statement, 3),
            .principal = statement_money(statement, 4),
            .interest = statement_money(statement, 5),
            .fee = statement_money(statement, 6),
            .penalty = statement_money(statement, 7),
            .left_after = statement_money(statement, 8),
        };
    }
    return statement_end(statement);
}

enum status instalment_payment_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct instalment_payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_ALLOCATION_OF_CONTRACT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    size_t room = 0;
    *payments = NULL;
    *count = 0;
    while (statement_step(statement)) {
        *payments = grown(tx, *payments, *count, &room, sizeof **payments);
        (*payments)[(*count)++] = (struct instalment_payment){
            .instalment = statement_integer32(statement, 0),
            .payment_id = statement_integer(statement, 1),
            .day = statement_day(statement, 2),
            .amount = statement_money(statement, 3),
        };
    }
    return statement_end(statement);
}

enum status live_collection_take(
    struct tx *tx, int64_t customer_id, const struct live_collection *collection, bool *taken) {
    struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, collection->contract_id);
    statement_bind_integer(statement, 3, collection->instalment);
    statement_bind_integer(statement, 4, collection->payment_id);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    *taken = changed == 1;
    return status;
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
    struct live_collection *collections;
    size_t count;
    enum status status = live_collection_list(tx, customer_id, &collections, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (collections[i].payment_id != payment_id)
            continue;
        struct statement *statement = statement_start(tx, QUERY_LIVE_COLLECTION_RELEASE);
        statement_bind_integer(statement, 1, customer_id);
        statement_bind_integer(statement, 2, collections[i].contract_id);
        statement_bind_integer(statement, 3, collections[i].instalment);
        statement_bind_integer(statement, 4, payment_id);
        status = statement_run(statement);
    }
    return status;
}
