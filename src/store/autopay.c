/* autopay.c: automatic repayment. See autopay.h. */
#include "store/autopay.h"

#include "store/statement.h"

#include <string.h>

enum status autopay_load(struct tx *tx, int64_t customer_id, struct autopay *autopay) {
    *autopay = (struct autopay){.sources = ""};
    struct statement *statement = statement_start(tx, QUERY_AUTOPAY_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    if (statement_step(statement)) {
        autopay->version = statement_integer(statement, 0);
        autopay->enabled = statement_boolean(statement, 1);
        autopay->sources = statement_text(statement, 2);
        autopay->consent_version = statement_text(statement, 3);
        autopay->consent_at = statement_instant(statement, 4);
        autopay->mandate_id = statement_integer(statement, 5);
    }
    return statement_end(statement);
}

enum status autopay_save(struct tx *tx, int64_t customer_id, const struct autopay *autopay) {
    struct statement *statement = statement_start(tx, QUERY_AUTOPAY_SAVE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, autopay->version);
    statement_bind_boolean(statement, 3, autopay->enabled);
    statement_bind_text(statement, 4, autopay->sources);
    statement_bind_text(statement, 5, autopay->consent_version);
    statement_bind_instant(statement, 6, autopay->consent_at);
    statement_bind_integer(statement, 7, autopay->mandate_id);
    return statement_run(statement);
}

enum status mandate_insert(struct tx *tx, const struct mandate *mandate) {
    struct statement *statement = statement_start(tx, QUERY_MANDATE_INSERT);
    statement_bind_integer(statement, 1, mandate->customer_id);
    statement_bind_integer(statement, 2, mandate->mandate_id);
    statement_bind_boolean(statement, 3, mandate->enabled);
    statement_bind_text(statement, 4, mandate->sources);
    statement_bind_text(statement, 5, mandate->consent_version);
    statement_bind_text(statement, 6, mandate->consent_text);
    statement_bind_integer(statement, 7, mandate->mode);
    statement_bind_instant(statement, 8, mandate->created_at);
    return statement_run(statement);
}

enum status autopay_test_save(struct tx *tx, int64_t customer_id, const struct autopay_test *test) {
    struct statement *statement = statement_start(tx, QUERY_AUTOPAY_TEST_SAVE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, test->funding_source_id);
    statement_bind_integer(statement, 3, test->state);
    statement_bind_instant(statement, 4, test->at);
    statement_bind_integer(statement, 5, test->failure);
    return statement_run(statement);
}

enum status autopay_test_list(
    struct tx *tx, int64_t customer_id, struct autopay_test **tests, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_AUTOPAY_TEST_LIST);
    statement_bind_integer(statement, 1, customer_id);
    size_t room = 8;
    *tests = ARENA_ARRAY(tx_arena(tx), room, struct autopay_test);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct autopay_test *more = ARENA_ARRAY(tx_arena(tx), room * 2, struct autopay_test);
            memcpy(more, *tests, room * sizeof **tests);
            *tests = more;
            room *= 2;
        }
        (*tests)[(*count)++] = (struct autopay_test){
            .funding_source_id = statement_integer(statement, 0),
            .state = (enum autopay_test_state)statement_integer32(statement, 1),
            .at = statement_instant(statement, 2),
            .failure = statement_integer32(statement, 3),
        };
    }
    return statement_end(statement);
}

enum status autopay_attempt_take(struct tx *tx, int64_t customer_id, int64_t contract_id,
    const struct autopay_attempt *attempt, bool *taken) {
    struct statement *statement = statement_start(tx, QUERY_AUTOPAY_ATTEMPT_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    statement_bind_day(statement, 3, attempt->day);
    statement_bind_integer(statement, 4, attempt->run);
    statement_bind_integer(statement, 5, attempt->position);
    statement_bind_integer(statement, 6, attempt->payment_id);
    statement_bind_money(statement, 7, attempt->amount);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    *taken = changed == 1;
    return status;
}

enum status autopay_attempt_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct day from, struct autopay_attempt **attempts, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_AUTOPAY_ATTEMPT_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, contract_id);
    statement_bind_day(statement, 3, from);
    size_t room = 8;
    *attempts = ARENA_ARRAY(tx_arena(tx), room, struct autopay_attempt);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct autopay_attempt *more =
                ARENA_ARRAY(tx_arena(tx), room * 2, struct autopay_attempt);
            memcpy(more, *attempts, room * sizeof **attempts);
            *attempts = more;
            room *= 2;
        }
        (*attempts)[(*count)++] = (struct autopay_attempt){
            .day = statement_day(statement, 0),
            .run = statement_integer32(statement, 1),
            .position = statement_integer32(statement, 2),
            .payment_id = statement_integer(statement, 3),
            .amount = statement_money(statement, 4),
        };
    }
    return statement_end(statement);
}
