/*
 * stored_contract.c: contracts and their facts. See
 * stored_contract.h.
 */
#include "store/stored_contract.h"

#include "store/statement.h"

#include <string.h>

static void read_contract(struct statement *statement, struct stored_contract *contract) {
    contract->customer_id = statement_integer(statement, 0);
    contract->contract_id = statement_integer(statement, 1);
    contract->order_id = statement_integer(statement, 2);
    contract->terms = statement_bytes(statement, 3);
    contract->accepted_items = statement_integer32(statement, 4);
    contract->accepted_cost = statement_money(statement, 5);
    contract->activated_on = statement_day(statement, 6);
    contract->state = statement_bytes(statement, 7);
    contract->event_count = statement_integer32(statement, 8);
    contract->last_event_day = statement_day(statement, 9);
    contract->status = statement_integer32(statement, 10);
    contract->next_action_day = statement_day(statement, 11);
    contract->principal_left = statement_money(statement, 12);
    contract->left = statement_money(statement, 13);
    contract->oldest_unpaid_day = statement_day(statement, 14);
    journal_end_read(statement, 15, &contract->journal_end);
}

/* Reads all rows of a started statement into an array in the arena. */
static enum status read_contracts(
    struct tx *tx, struct statement *statement, struct stored_contract **contracts, size_t *count) {
    size_t room = 8;
    *contracts = ARENA_ARRAY(tx_arena(tx), room, struct stored_contract);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct stored_contract *more =
                ARENA_ARRAY(tx_arena(tx), room * 2, struct stored_contract);
            memcpy(more, *contracts, room * sizeof **contracts);
            *contracts = more;
            room *= 2;
        }
        read_contract(statement, &(*contracts)[(*count)++]);
    }
    return statement_end(statement);
}

enum status stored_contract_insert(struct tx *tx, const struct stored_contract *contract) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_INSERT);
    statement_bind_integer(statement, 1, contract->customer_id);
    statement_bind_integer(statement, 2, contract->contract_id);
    statement_bind_integer(statement, 3, contract->order_id);
    statement_bind_bytes(statement, 4, contract->terms);
    statement_bind_integer(statement, 5, contract->accepted_items);
    statement_bind_money(statement, 6, contract->accepted_cost);
    statement_bind_day(statement, 7, contract->activated_on);
    statement_bind_bytes(statement, 8, contract->state);
    statement_bind_integer(statement, 9, contract->event_count);
    statement_bind_day(statement, 10, contract->last_event_day);
    statement_bind_integer(statement, 11, contract->status);
    statement_bind_day(statement, 12, contract->next_action_day);
    statement_bind_money(statement, 13, contract->principal_left);
    statement_bind_money(statement, 14, contract->left);
    statement_bind_day(statement, 15, contract->oldest_unpaid_day);
    journal_end_bind(statement, 16, &contract->journal_end);
    return statement_run(statement);
}

enum status stored_contract_save(struct tx *tx, const struct stored_contract *contract) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_SAVE);
    statement_bind_integer(statement, 1, contract->customer_id);
    statement_bind_integer(statement, 2, contract->contract_id);
    statement_bind_bytes(statement, 3, contract->state);
    statement_bind_integer(statement, 4, contract->event_count);
    statement_bind_day(statement, 5, contract->last_event_day);
    statement_bind_integer(statement, 6, contract->status);
    statement_bind_day(statement, 7, contract->next_action_day);
    statement_bind_money(statement, 8, contract->principal_left);
    statement_bind_money(statement, 9, contract->left);
    statement_bind_day(statement, 10, contract->oldest_unpaid_day);
    journal_end_bind(statement, 11, &contract->journal_end);
    return statement_run(statement);
}

enum status stored_contract_load(
    struct tx *tx, int64_t customer_id, int64_t contract_id, struct stored_contract **contract) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    *contract = NULL;
    if (statement_step(statement)) {
        *contract = ARENA_NEW(tx_arena(tx), struct stored_contract);
        read_contract(statement, *contract);
    }
    return statement_end(statement);
}

static struct statement *start_of_customer(struct tx *tx, int64_t customer_id) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    return statement;
}

enum status stored_contract_of_customer(
    struct tx *tx, int64_t customer_id, struct stored_contract **contracts, size_t *count) {
    return read_contracts(tx, start_of_customer(tx, customer_id), contracts, count);
}

void stored_contract_foresee_all(struct tx *tx, int64_t customer_id) {
    statement_foresee(start_of_customer(tx, customer_id));
}

enum status stored_contract_with_action(struct tx *tx, struct day day, struct action_place place,
    int32_t limit, struct stored_contract **contracts, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_WITH_ACTION);
    statement_bind_day(statement, 1, day);
    statement_bind_day(statement, 2, place.day);
    statement_bind_integer(statement, 3, place.customer_id);
    statement_bind_integer(statement, 4, place.contract_id);
    statement_bind_integer(statement, 5, limit);
    return read_contracts(tx, statement, contracts, count);
}

enum status stored_contract_of_range(
    struct tx *tx, struct customer_range range, struct stored_contract **contracts, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_OF_RANGE);
    customer_range_bind(statement, range);
    return read_contracts(tx, statement, contracts, count);
}

enum status stored_event_insert(struct tx *tx, const struct stored_event *event) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_EVENT_INSERT);
    statement_bind_integer(statement, 1, event->customer_id);
    statement_bind_integer(statement, 2, event->contract_id);
    statement_bind_integer(statement, 3, event->sequence);
    statement_bind_integer(statement, 4, event->kind);
    statement_bind_day(statement, 5, event->day);
    statement_bind_instant(statement, 6, event->recorded_at);
    statement_bind_bytes(statement, 7, event->body);
    return statement_run(statement);
}

/* Reads all rows of a started statement whose columns of an event begin at `column`. */
static enum status read_events(struct tx *tx, struct statement *statement, int column,
    struct stored_event **events, size_t *count) {
    size_t room = 16;
    *events = ARENA_ARRAY(tx_arena(tx), room, struct stored_event);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct stored_event *more = ARENA_ARRAY(tx_arena(tx), room * 2, struct stored_event);
            memcpy(more, *events, room * sizeof **events);
            *events = more;
            room *= 2;
        }
        struct stored_event *event = &(*events)[(*count)++];
        event->sequence = statement_integer32(statement, column);
        event->kind = statement_integer32(statement, column + 1);
        event->day = statement_day(statement, column + 2);
        event->recorded_at = statement_instant(statement, column + 3);
        event->body = statement_bytes(statement, column + 4);
        if (column == 0)
            continue;
        event->customer_id = statement_integer(statement, 0);
        event->contract_id = statement_integer(statement, 1);
    }
    return statement_end(statement);
}

enum status stored_event_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct stored_event **events, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_EVENT_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    enum status status = read_events(tx, statement, 0, events, count);
    for (size_t i = 0; i < *count; i++) {
        (*events)[i].customer_id = customer_id;
        (*events)[i].contract_id = contract_id;
    }
    return status;
}

enum status stored_event_of_range(
    struct tx *tx, struct customer_range range, struct stored_event **events, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_CONTRACT_EVENT_OF_RANGE);
    customer_range_bind(statement, range);
    return read_events(tx, statement, 2, events, count);
}

enum status cost_table_insert(struct tx *tx, int64_t customer_id, int64_t contract_id,
    const struct accepted_cost_table *table) {
    struct statement *statement = statement_start(tx, QUERY_COST_TABLE_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    statement_bind_text(statement, 3, table->table_json);
    statement_bind_text(statement, 4, table->table_hash);
    statement_bind_integer(statement, 5, table->read_ms);
    statement_bind_instant(statement, 6, table->accepted_at);
    statement_bind_text(statement, 7, table->consent_version);
    return statement_run(statement);
}

enum status cost_table_load(
    struct tx *tx, int64_t customer_id, int64_t contract_id, struct accepted_cost_table **table) {
    struct statement *statement = statement_start(tx, QUERY_COST_TABLE_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    *table = NULL;
    if (statement_step(statement)) {
        *table = ARENA_NEW(tx_arena(tx), struct accepted_cost_table);
        (*table)->table_json = statement_text(statement, 0);
        (*table)->table_hash = statement_text(statement, 1);
        (*table)->read_ms = statement_integer(statement, 2);
        (*table)->accepted_at = statement_instant(statement, 3);
        (*table)->consent_version = statement_text(statement, 4);
    }
    return statement_end(statement);
}
