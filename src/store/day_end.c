/* day_end.c: progress of the day-end. See day_end.h. */
#include "store/day_end.h"

#include "base/check.h"
#include "store/statement.h"

enum status day_end_save(struct tx *tx, const struct day_end_record *record) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_SAVE);
    statement_bind_day(statement, 1, record->day);
    statement_bind_integer(statement, 2, record->state);
    statement_bind_instant(statement, 3, record->started_at);
    statement_bind_instant(statement, 4, record->finished_at);
    statement_bind_integer(statement, 5, record->contract_count);
    statement_bind_integer(statement, 6, record->collection_count);
    statement_bind_text(statement, 7, record->message);
    return statement_run(statement);
}

enum status day_end_list(
    struct tx *tx, int32_t limit, struct day_end_record **records, size_t *count) {
    check(limit > 0);
    struct statement *statement = statement_start(tx, QUERY_DAY_END_LIST);
    statement_bind_integer(statement, 1, limit);
    statement_bind_integer(statement, 2, INT32_MAX); /* any day: lets the index give the order */
    *records = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct day_end_record);
    *count = 0;
    while (statement_step(statement) && *count < (size_t)limit)
        (*records)[(*count)++] = (struct day_end_record){
            .day = statement_day(statement, 0),
            .state = (enum day_end_state)statement_integer32(statement, 1),
            .started_at = statement_instant(statement, 2),
            .finished_at = statement_instant(statement, 3),
            .contract_count = statement_integer(statement, 4),
            .collection_count = statement_integer(statement, 5),
            .message = statement_text(statement, 6),
        };
    return statement_end(statement);
}
