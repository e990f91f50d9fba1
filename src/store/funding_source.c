/* funding_source.c: bank cards. See funding_source.h. */
#include "store/funding_source.h"

#include "store/statement.h"

#include <string.h>

static void read_source(struct statement *statement, struct funding_source *source) {
    source->customer_id = statement_integer(statement, 0);
    source->funding_source_id = statement_integer(statement, 1);
    source->state = (enum funding_source_state)statement_integer32(statement, 2);
    source->mode = statement_integer32(statement, 3);
    source->bank_code = statement_text(statement, 4);
    source->tail = statement_text(statement, 5);
    source->card_hash = statement_bytes(statement, 6);
    source->card_sealed = statement_bytes(statement, 7);
    source->phone_masked = statement_text(statement, 8);
    source->bind_ref_sealed = statement_bytes(statement, 9);
    source->protocol_sealed = statement_bytes(statement, 10);
    source->bind_state = (enum bind_state)statement_integer32(statement, 11);
    source->failure = statement_integer32(statement, 12);
    source->wrong_codes = statement_integer32(statement, 13);
    source->code_sent_at = statement_instant(statement, 14);
    source->created_at = statement_instant(statement, 15);
    source->bound_at = statement_instant(statement, 16);
    source->removed_at = statement_instant(statement, 17);
    source->single_limit = statement_money(statement, 18);
    source->daily_limit = statement_money(statement, 19);
}

enum status funding_source_insert(struct tx *tx, const struct funding_source *source) {
    struct statement *statement = statement_start(tx, QUERY_FUNDING_SOURCE_INSERT);
    statement_bind_integer(statement, 1, source->customer_id);
    statement_bind_integer(statement, 2, source->funding_source_id);
    statement_bind_integer(statement, 3, source->state);
    statement_bind_integer(statement, 4, source->mode);
    statement_bind_text(statement, 5, source->bank_code);
    statement_bind_text(statement, 6, source->tail);
    statement_bind_bytes(statement, 7, source->card_hash);
    statement_bind_bytes(statement, 8, source->card_sealed);
    statement_bind_text(statement, 9, source->phone_masked);
    statement_bind_bytes(statement, 10, source->bind_ref_sealed);
    statement_bind_bytes(statement, 11, source->protocol_sealed);
    statement_bind_integer(statement, 12, source->bind_state);
    statement_bind_integer(statement, 13, source->failure);
    statement_bind_integer(statement, 14, source->wrong_codes);
    statement_bind_integer(statement, 15, source->code_sent_at.us);
    statement_bind_instant(statement, 16, source->created_at);
    statement_bind_instant(statement, 17, source->bound_at);
    statement_bind_instant(statement, 18, source->removed_at);
    statement_bind_money(statement, 19, source->single_limit);
    statement_bind_money(statement, 20, source->daily_limit);
    return statement_run(statement);
}

enum status funding_source_save(struct tx *tx, const struct funding_source *source) {
    struct statement *statement = statement_start(tx, QUERY_FUNDING_SOURCE_SAVE);
    statement_bind_integer(statement, 1, source->customer_id);
    statement_bind_integer(statement, 2, source->funding_source_id);
    statement_bind_integer(statement, 3, source->state);
    statement_bind_text(statement, 4, source->bank_code);
    statement_bind_bytes(statement, 5, source->card_sealed);
    statement_bind_text(statement, 6, source->phone_masked);
    statement_bind_bytes(statement, 7, source->bind_ref_sealed);
    statement_bind_bytes(statement, 8, source->protocol_sealed);
    statement_bind_integer(statement, 9, source->bind_state);
    statement_bind_integer(statement, 10, source->failure);
    statement_bind_integer(statement, 11, source->wrong_codes);
    statement_bind_integer(statement, 12, source->code_sent_at.us);
    statement_bind_instant(statement, 13, source->bound_at);
    statement_bind_instant(statement, 14, source->removed_at);
    statement_bind_money(statement, 15, source->single_limit);
    statement_bind_money(statement, 16, source->daily_limit);
    return statement_run(statement);
}

static struct statement *start_load(struct tx *tx, int64_t customer_id, int64_t funding_source_id) {
    struct statement *statement = statement_start(tx, QUERY_FUNDING_SOURCE_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, funding_source_id);
    return statement;
}

void funding_source_foresee(struct tx *tx, int64_t customer_id, int64_t funding_source_id) {
    statement_foresee(start_load(tx, customer_id, funding_source_id));
}

enum status funding_source_load(
    struct tx *tx, int64_t customer_id, int64_t funding_source_id, struct funding_source **source) {
    struct statement *statement = start_load(tx, customer_id, funding_source_id);
    *source = NULL;
    if (statement_step(statement)) {
        *source = ARENA_NEW(tx_arena(tx), struct funding_source);
        read_source(statement, *source);
    }
    return statement_end(statement);
}

enum status funding_source_list(
    struct tx *tx, int64_t customer_id, struct funding_source **sources, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_FUNDING_SOURCE_LIST);
    statement_bind_integer(statement, 1, customer_id);
    size_t room = 8;
    *sources = ARENA_ARRAY(tx_arena(tx), room, struct funding_source);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct funding_source *more =
                ARENA_ARRAY(tx_arena(tx), room * 2, struct funding_source);
            memcpy(more, *sources, room * sizeof **sources);
            *sources = more;
            room *= 2;
        }
        read_source(statement, &(*sources)[(*count)++]);
    }
    return statement_end(statement);
}
