/* audit.c: the audit trail. Exports what audit.h declares. */
#include "store/audit.h"

#include "store/statement.h"

enum status audit_insert(struct tx *tx, const struct audit_record *record) {
    int64_t audit_id = record->audit_id != 0 ? record->audit_id : tx_new_id(tx, record->created_at);
    struct statement *statement = statement_start(tx, QUERY_AUDIT_INSERT);
    statement_bind_integer(statement, 1, record->customer_id);
    statement_bind_integer(statement, 2, audit_id);
    statement_bind_integer(statement, 3, record->actor_kind);
    statement_bind_integer(statement, 4, record->actor_id);
    statement_bind_text(statement, 5, record->action);
    statement_bind_text(statement, 6, record->subject);
    statement_bind_text(statement, 7, record->detail);
    statement_bind_integer(statement, 8, record->created_at.us);
    return statement_run(statement);
}

enum status audit_of_customer(
    struct tx *tx, int64_t customer_id, int64_t before, int32_t limit, struct audit_list *list) {
    list->items = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct audit_record);
    list->count = 0;
    struct statement *statement = statement_start(tx, QUERY_AUDIT_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, before == 0 ? INT64_MAX : before);
    statement_bind_integer(statement, 3, limit);
    while (statement_step(statement)) {
        struct audit_record *record = &list->items[list->count++];
        record->customer_id = customer_id;
        record->audit_id = statement_integer(statement, 0);
        record->actor_kind = (enum actor_kind)statement_integer32(statement, 1);
        record->actor_id = statement_integer(statement, 2);
        record->action = statement_text(statement, 3);
        record->subject = statement_text(statement, 4);
        record->detail = statement_text(statement, 5);
        record->created_at = statement_instant(statement, 6);
    }
    return statement_end(statement);
}
