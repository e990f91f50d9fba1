/* notice.c: messages to customers. Exports what notice.h declares. */
#include "store/notice.h"

#include "store/statement.h"

enum status notice_insert(struct tx *tx, const struct notice *notice) {
    struct statement *statement = statement_start(tx, QUERY_NOTICE_INSERT);
    statement_bind_integer(statement, 1, notice->customer_id);
    statement_bind_integer(statement, 2, notice->notice_id);
    statement_bind_text(statement, 3, notice->kind);
    statement_bind_text(statement, 4, notice->title_zh);
    statement_bind_text(statement, 5, notice->title_en);
    statement_bind_text(statement, 6, notice->body_zh);
    statement_bind_text(statement, 7, notice->body_en);
    statement_bind_text(statement, 8, notice->target);
    statement_bind_integer(statement, 9, notice->order_id);
    statement_bind_integer(statement, 10, notice->payment_id);
    statement_bind_instant(statement, 11, notice->created_at);
    return statement_run(statement);
}

enum status notice_list(struct tx *tx, int64_t customer_id, int64_t before_id, size_t limit,
    struct notice **notices, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_NOTICE_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, before_id);
    statement_bind_integer(statement, 3, (int64_t)limit);
    *notices = ARENA_ARRAY(tx_arena(tx), limit, struct notice);
    *count = 0;
    while (*count < limit && statement_step(statement))
        (*notices)[(*count)++] = (struct notice){
            .customer_id = customer_id,
            .notice_id = statement_integer(statement, 0),
            .kind = statement_text(statement, 1),
            .title_zh = statement_text(statement, 2),
            .title_en = statement_text(statement, 3),
            .body_zh = statement_text(statement, 4),
            .body_en = statement_text(statement, 5),
            .target = statement_text(statement, 6),
            .order_id = statement_integer(statement, 7),
            .payment_id = statement_integer(statement, 8),
            .created_at = statement_instant(statement, 9),
            .read_at = {statement_integer(statement, 10)},
        };
    return statement_end(statement);
}

enum status notice_count_unread(struct tx *tx, int64_t customer_id, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_NOTICE_COUNT_UNREAD);
    statement_bind_integer(statement, 1, customer_id);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status notice_mark_read(struct tx *tx, int64_t customer_id, struct instant now) {
    struct statement *statement = statement_start(tx, QUERY_NOTICE_MARK_READ);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_instant(statement, 2, now);
    return statement_run(statement);
}
