/*
 * customer_file.c: what stands beside a customer's orders. Exports what customer_file.h declares.
 *
 * One statement gives rows of four kinds (sql/queries/customer_file.sql). Their columns are those
 * of a payment; the other kinds lie in columns of the same type, as the functions here read them.
 */
#include "store/customer_file.h"

#include "store/payment_detail.h"
#include "store/statement.h"
#include "store/tx.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_KIND = 33 };
enum kind { KIND_PAYMENT = 1, KIND_SOURCE = 2, KIND_REQUEST = 3, KIND_SETTINGS = 4 };

static void read_source(struct statement *statement, struct funding_source *source) {
    *source = (struct funding_source){
        .customer_id = statement_integer(statement, 0),
        .funding_source_id = statement_integer(statement, 1),
        .state = (enum funding_source_state)statement_integer32(statement, 2),
        .mode = statement_integer32(statement, 3),
        .bind_state = (enum bind_state)statement_integer32(statement, 4),
        .failure = statement_integer32(statement, 5),
        .wrong_codes = statement_integer32(statement, 6),
        .bank_code = statement_text(statement, 7),
        .single_limit = statement_money(statement, 8),
        .daily_limit = statement_money(statement, 13),
        .created_at = statement_instant(statement, 15),
        .bound_at = statement_instant(statement, 16),
        .removed_at = statement_instant(statement, 17),
        .tail = statement_text(statement, 18),
        .phone_masked = statement_text(statement, 19),
        .code_sent_at = statement_instant(statement, 21),
    };
}

static void read_request(struct statement *statement, struct extension_request *request) {
    *request = (struct extension_request){
        .customer_id = statement_integer(statement, 0),
        .request_id = statement_integer(statement, 1),
        .state = (enum extension_request_state)statement_integer32(statement, 2),
        .instalment_number = statement_integer32(statement, 3),
        .days = statement_integer32(statement, 4),
        .reason = statement_text(statement, 7),
        .cost = statement_money(statement, 8),
        .order_id = statement_integer(statement, 10),
        .created_at = statement_instant(statement, 15),
        .answer_by = statement_instant(statement, 16),
        .decided_at = statement_instant(statement, 17),
        .note = statement_text(statement, 18),
        .contract_id = statement_integer(statement, 25),
        .decided_by = statement_integer(statement, 26),
    };
}

static void read_settings(struct statement *statement, struct customer_file *file) {
    if (!statement_is_null(statement, 1))
        file->autopay = (struct autopay){
            .version = statement_integer(statement, 1),
            .enabled = statement_boolean(statement, 2),
            .sources = statement_text(statement, 7),
            .consent_at = statement_instant(statement, 15),
            .consent_version = statement_text(statement, 18),
            .mandate_id = statement_integer(statement, 25),
        };
    file->credit_balance = statement_money(statement, 8);
    file->unread_notices = statement_integer(statement, 10);
    file->unread_messages = statement_integer(statement, 13);
}

static enum status read_row(
    struct tx *tx, struct statement *statement, struct customer_file *file) {
    switch ((enum kind)statement_integer32(statement, COLUMN_KIND)) {
    case KIND_PAYMENT:
        file->payments =
            tx_grown(tx, file->payments, file->payment_count, sizeof file->payments[0]);
        return payment_of_row(tx, statement, &file->payments[file->payment_count++]);
    case KIND_SOURCE:
        file->sources = tx_grown(tx, file->sources, file->source_count, sizeof file->sources[0]);
        read_source(statement, &file->sources[file->source_count++]);
        return STATUS_OK;
    case KIND_REQUEST:
        file->requests =
            tx_grown(tx, file->requests, file->request_count, sizeof file->requests[0]);
        read_request(statement, &file->requests[file->request_count++]);
        return STATUS_OK;
    case KIND_SETTINGS:
        read_settings(statement, file);
        return STATUS_OK;
    }
    return fault_set(tx_fault(tx), STATUS_CORRUPT, "customer_file: a row of no kind");
}

static int falling(int64_t left, int64_t right) {
    return left == right ? 0 : left > right ? -1 : 1;
}

static int payments_newest_first(const void *left, const void *right) {
    return falling(
        ((const struct payment *)left)->payment_id, ((const struct payment *)right)->payment_id);
}

static int requests_newest_first(const void *left, const void *right) {
    return falling(((const struct extension_request *)left)->request_id,
        ((const struct extension_request *)right)->request_id);
}

enum status customer_file_load(
    struct tx *tx, int64_t customer_id, int64_t order_id, struct customer_file *file) {
    *file = (struct customer_file){.autopay = {.sources = ""}};
    struct statement *statement = statement_start(tx, QUERY_CUSTOMER_FILE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_text(statement, 2,
        order_id == 0 ? ""
                      : arena_printf(tx_arena(tx), "%%\"" PAYMENT_DETAIL_ORDER "\":%lld,%%",
                            (long long)order_id));
    enum status read = STATUS_OK;
    while (statement_step(statement)) {
        enum status one = read_row(tx, statement, file);
        read = read == STATUS_OK ? one : read;
    }
    enum status status = statement_end(statement);
    if (status != STATUS_OK || read != STATUS_OK)
        return status != STATUS_OK ? status : read;
    if (file->payment_count > 0)
        qsort(file->payments, file->payment_count, sizeof file->payments[0], payments_newest_first);
    if (file->request_count > 0)
        qsort(file->requests, file->request_count, sizeof file->requests[0], requests_newest_first);
    return STATUS_OK;
}
