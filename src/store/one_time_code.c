/* one_time_code.c: one-time codes. Exports what one_time_code.h declares. */
#include "store/one_time_code.h"

#include "store/statement.h"

enum status one_time_code_load(struct tx *tx, struct bytes phone_hash, const char *purpose,
    struct one_time_code *code, bool *found) {
    struct statement *statement = statement_start(tx, QUERY_ONE_TIME_CODE_LOAD);
    statement_bind_bytes(statement, 1, phone_hash);
    statement_bind_text(statement, 2, purpose);
    *found = statement_step(statement);
    if (*found)
        *code = (struct one_time_code){
            .phone_hash = phone_hash,
            .purpose = purpose,
            .code_hash = statement_bytes(statement, 0),
            .sent_at = statement_instant(statement, 1),
            .expires_at = statement_instant(statement, 2),
            .attempts = statement_integer32(statement, 3),
            .sent_day = statement_day(statement, 4),
            .sent_count = statement_integer32(statement, 5),
        };
    return statement_end(statement);
}

enum status one_time_code_save(struct tx *tx, const struct one_time_code *code) {
    struct statement *statement = statement_start(tx, QUERY_ONE_TIME_CODE_SAVE);
    statement_bind_bytes(statement, 1, code->phone_hash);
    statement_bind_text(statement, 2, code->purpose);
    statement_bind_bytes(statement, 3, code->code_hash);
    statement_bind_instant(statement, 4, code->sent_at);
    statement_bind_instant(statement, 5, code->expires_at);
    statement_bind_integer(statement, 6, code->attempts);
    statement_bind_day(statement, 7, code->sent_day);
    statement_bind_integer(statement, 8, code->sent_count);
    return statement_run(statement);
}
