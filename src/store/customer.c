/* customer.c: customers and their phone numbers. Exports what customer.h declares. */
#include "store/customer.h"

#include "store/statement.h"

enum status customer_load(
    struct tx *tx, int64_t customer_id, struct customer *customer, bool *found) {
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    *found = statement_step(statement);
    if (*found)
        *customer = (struct customer){
            .customer_id = customer_id,
            .created_at = statement_instant(statement, 0),
            .key_sealed = statement_bytes(statement, 1),
            .phone_sealed = statement_bytes(statement, 2),
            .phone_masked = statement_text(statement, 3),
            .name_sealed = statement_bytes(statement, 4),
            .name_masked = statement_text(statement, 5),
            .password_hash = statement_text(statement, 6),
            .failed_logins = statement_integer32(statement, 7),
            .locked_until = {statement_integer(statement, 8)},
            .terms_version = statement_text(statement, 9),
            .terms_accepted_at = {statement_integer(statement, 10)},
        };
    return statement_end(statement);
}

enum status customer_counts_load(
    struct tx *tx, int64_t customer_id, struct customer_counts *counts) {
    *counts = (struct customer_counts){0};
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_COUNTS);
    statement_bind_integer(statement, 1, customer_id);
    if (statement_step(statement))
        *counts = (struct customer_counts){.credit_balance = statement_money(statement, 0),
            .unread_messages = statement_integer(statement, 1),
            .unread_notices = statement_integer(statement, 2)};
    return statement_end(statement);
}

enum status customer_insert(struct tx *tx, const struct customer *customer) {
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_INSERT);
    statement_bind_integer(statement, 1, customer->customer_id);
    statement_bind_instant(statement, 2, customer->created_at);
    statement_bind_bytes(statement, 3, customer->key_sealed);
    statement_bind_bytes(statement, 4, customer->phone_sealed);
    statement_bind_text(statement, 5, customer->phone_masked);
    statement_bind_bytes(statement, 6, customer->name_sealed);
    statement_bind_text(statement, 7, customer->name_masked);
    statement_bind_text(statement, 8, customer->password_hash);
    statement_bind_integer(statement, 9, customer->failed_logins);
    statement_bind_integer(statement, 10, customer->locked_until.us);
    statement_bind_text(statement, 11, customer->terms_version);
    statement_bind_integer(statement, 12, customer->terms_accepted_at.us);
    return statement_run(statement);
}

enum status customer_save(struct tx *tx, const struct customer *customer) {
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_SAVE);
    statement_bind_integer(statement, 1, customer->customer_id);
    statement_bind_bytes(statement, 2, customer->name_sealed);
    statement_bind_text(statement, 3, customer->name_masked);
    statement_bind_text(statement, 4, customer->password_hash);
    statement_bind_integer(statement, 5, customer->failed_logins);
    statement_bind_integer(statement, 6, customer->locked_until.us);
    statement_bind_text(statement, 7, customer->terms_version);
    statement_bind_integer(statement, 8, customer->terms_accepted_at.us);
    return statement_run(statement);
}

enum status phone_directory_find(struct tx *tx, struct bytes phone_hash, int64_t *customer_id) {
    struct statement *statement = statement_start(tx, QUERY_PHONE_DIRECTORY_FIND);
    statement_bind_bytes(statement, 1, phone_hash);
    *customer_id = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status phone_directory_insert(struct tx *tx, struct bytes phone_hash, int64_t customer_id) {
    struct statement *statement = statement_start(tx, QUERY_PHONE_DIRECTORY_INSERT);
    statement_bind_bytes(statement, 1, phone_hash);
    statement_bind_integer(statement, 2, customer_id);
    return statement_run(statement);
}
