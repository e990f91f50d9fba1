/*
 * customer_file.h: what stands beside a customer's orders on a screen, read by one statement.
 * Exports: struct customer_file, customer_file_load(); internal to src/store: payment_of_row().
 */
#ifndef FENQI_STORE_CUSTOMER_FILE_H
#define FENQI_STORE_CUSTOMER_FILE_H

#include "store/autopay.h"
#include "store/extension_request.h"
#include "store/funding_source.h"
#include "store/payment.h"

struct statement;

struct customer_file {
    /* on their way, the latest automatic debit, all of the one order; newest first */
    size_t payment_count;
    struct payment *payments;
    /* all, removed ones included, in order of their ids; without what is sealed, and no hash */
    size_t source_count;
    struct funding_source *sources;
    /* newest first */
    size_t request_count;
    struct extension_request *requests;
    struct autopay autopay;
    struct money credit_balance;
    int64_t unread_notices, unread_messages;
};

/* order_id 0: of no order in particular. */
enum status customer_file_load(struct tx *tx, int64_t customer_id, int64_t order_id,
    struct customer_file *file) FENQI_MUST_USE;

/* A payment of a row with the columns of the payment's queries first. */
enum status payment_of_row(
    struct tx *tx, struct statement *statement, struct payment *payment) FENQI_MUST_USE;

#endif
