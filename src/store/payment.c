/*
 * payment.c: payments and their steps. See payment.h; what they pay is in payment_allocation.c.
 */
#include "store/payment.h"

#include "base/check.h"
#include "store/statement.h"

#include <string.h>

bool payment_is_final(enum payment_state state) {
    switch (state) {
    case PAYMENT_CREATED:
    case PAYMENT_SUBMITTED:
    case PAYMENT_UNKNOWN:
        return false;
    case PAYMENT_SUCCEEDED:
    case PAYMENT_FAILED:
    case PAYMENT_CANCELLED:
        return true;
    }
    check(false);
    return true;
}

static void read_payment(struct statement *statement, struct payment *payment) {
    payment->customer_id = statement_integer(statement, 0);
    payment->payment_id = statement_integer(statement, 1);
    payment->entry = (enum payment_entry)statement_integer32(statement, 2);
    payment->state = (enum payment_state)statement_integer32(statement, 3);
    payment->initiator = (enum payment_initiator)statement_integer32(statement, 5);
    payment->purpose = (enum payment_purpose)statement_integer32(statement, 6);
    payment->purpose_orders = statement_text(statement, 7);
    payment->purpose_amount = statement_money(statement, 8);
    payment->method = (enum payment_method)statement_integer32(statement, 9);
    payment->funding_source_id = statement_integer(statement, 10);
    payment->channel = statement_integer32(statement, 11);
    payment->mode = statement_integer32(statement, 12);
    payment->amount = statement_money(statement, 13);
    payment->business_date = statement_day(statement, 14);
    payment->created_at = statement_instant(statement, 15);
    payment->submitted_at = statement_instant(statement, 16);
    payment->finished_at = statement_instant(statement, 17);
    payment->customer_ip = statement_text(statement, 18);
    payment->return_url = statement_text(statement, 19);
    payment->action_url = statement_text(statement, 20);
    payment->action_expires_at = statement_instant(statement, 21);
    payment->failure = statement_integer32(statement, 22);
    payment->provider_code = statement_text(statement, 23);
    payment->transaction_id = statement_text(statement, 24);
    payment->excess = statement_money(statement, 25);
    payment->original_payment_id = statement_integer(statement, 26);
    payment->refunded = statement_money(statement, 27);
    payment->cancel_requested = statement_boolean(statement, 28);
    payment->resend = statement_boolean(statement, 29);
    payment->run = statement_integer32(statement, 30);
    payment->position = statement_integer32(statement, 31);
    payment->step_count = statement_integer32(statement, 32);
}

static enum status read_payments(
    struct tx *tx, struct statement *statement, struct payment **payments, size_t *count) {
    size_t room = 8;
    *payments = ARENA_ARRAY(tx_arena(tx), room, struct payment);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct payment *more = ARENA_ARRAY(tx_arena(tx), room * 2, struct payment);
            memcpy(more, *payments, room * sizeof **payments);
            *payments = more;
            room *= 2;
        }
        read_payment(statement, &(*payments)[(*count)++]);
    }
    return statement_end(statement);
}

enum status payment_insert(struct tx *tx, const struct payment *payment) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_INSERT);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    statement_bind_integer(statement, 3, payment->entry);
    statement_bind_integer(statement, 4, payment->state);
    statement_bind_boolean(statement, 5, !payment_is_final(payment->state));
    statement_bind_integer(statement, 6, payment->initiator);
    statement_bind_integer(statement, 7, payment->purpose);
    statement_bind_text(statement, 8, payment->purpose_orders ? payment->purpose_orders : "");
    statement_bind_money(statement, 9, payment->purpose_amount);
    statement_bind_integer(statement, 10, payment->method);
    statement_bind_integer(statement, 11, payment->funding_source_id);
    statement_bind_integer(statement, 12, payment->channel);
    statement_bind_integer(statement, 13, payment->mode);
    statement_bind_money(statement, 14, payment->amount);
    statement_bind_day(statement, 15, payment->business_date);
    statement_bind_instant(statement, 16, payment->created_at);
    statement_bind_instant(statement, 17, payment->submitted_at);
    statement_bind_instant(statement, 18, payment->finished_at);
    statement_bind_text(statement, 19, payment->customer_ip);
    statement_bind_text(statement, 20, payment->return_url);
    statement_bind_text(statement, 21, payment->action_url);
    statement_bind_instant(statement, 22, payment->action_expires_at);
    statement_bind_integer(statement, 23, payment->failure);
    statement_bind_text(statement, 24, payment->provider_code);
    statement_bind_text(statement, 25, payment->transaction_id);
    statement_bind_money(statement, 26, payment->excess);
    statement_bind_integer(statement, 27, payment->original_payment_id);
    statement_bind_money(statement, 28, payment->refunded);
    statement_bind_boolean(statement, 29, payment->cancel_requested);
    statement_bind_boolean(statement, 30, payment->resend);
    statement_bind_integer(statement, 31, payment->run);
    statement_bind_integer(statement, 32, payment->position);
    statement_bind_integer(statement, 33, payment->step_count);
    return statement_run(statement);
}

enum status payment_save(struct tx *tx, const struct payment *payment) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_SAVE);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    statement_bind_integer(statement, 3, payment->state);
    statement_bind_boolean(statement, 4, !payment_is_final(payment->state));
    statement_bind_instant(statement, 5, payment->submitted_at);
    statement_bind_instant(statement, 6, payment->finished_at);
    statement_bind_text(statement, 7, payment->customer_ip);
    statement_bind_text(statement, 8, payment->action_url);
    statement_bind_instant(statement, 9, payment->action_expires_at);
    statement_bind_integer(statement, 10, payment->failure);
    statement_bind_text(statement, 11, payment->provider_code);
    statement_bind_text(statement, 12, payment->transaction_id);
    statement_bind_money(statement, 13, payment->excess);
    statement_bind_money(statement, 14, payment->refunded);
    statement_bind_boolean(statement, 15, payment->cancel_requested);
    statement_bind_boolean(statement, 16, payment->resend);
    statement_bind_integer(statement, 17, payment->step_count);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    if (status == STATUS_OK && changed != 1)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT,
            "payment %lld is not there, or has ended in another state",
            (long long)payment->payment_id);
    return status;
}

enum status payment_load(
    struct tx *tx, int64_t customer_id, int64_t payment_id, struct payment **payment) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    *payment = NULL;
    if (statement_step(statement)) {
        *payment = ARENA_NEW(tx_arena(tx), struct payment);
        read_payment(statement, *payment);
    }
    return statement_end(statement);
}

enum status payment_page(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t entry,
    int64_t before_id, int32_t limit, struct payment **payments, size_t *count) {
    struct statement *statement =
        statement_start(tx, order_id ? QUERY_PAYMENT_PAGE_OF_ORDER : QUERY_PAYMENT_PAGE);
    int next = 1;
    statement_bind_integer(statement, next++, customer_id);
    if (order_id)
        statement_bind_integer(statement, next++, order_id);
    statement_bind_integer(statement, next++, before_id);
    statement_bind_integer(statement, next++, limit);
    statement_bind_integer(statement, next++, entry);
    return read_payments(tx, statement, payments, count);
}

enum status payment_live(
    struct tx *tx, int64_t customer_id, struct payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_LIVE_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    return read_payments(tx, statement, payments, count);
}

enum status payment_walk(struct tx *tx, int64_t customer_id, int64_t payment_id, int32_t limit,
    struct payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_WALK);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    statement_bind_integer(statement, 3, limit);
    return read_payments(tx, statement, payments, count);
}

enum status payment_count_live_autopay(struct tx *tx, struct day day, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_COUNT_LIVE);
    statement_bind_integer(statement, 1, PAYMENT_ENTRY_AUTOPAY);
    statement_bind_day(statement, 2, day);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status payment_step_add(
    struct tx *tx, struct payment *payment, struct instant at, const char *code) {
    payment->step_count++;
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_STEP_INSERT);
    statement_bind_integer(statement, 1, payment->customer_id);
    statement_bind_integer(statement, 2, payment->payment_id);
    statement_bind_integer(statement, 3, payment->step_count);
    statement_bind_instant(statement, 4, at);
    statement_bind_integer(statement, 5, payment->state);
    statement_bind_text(statement, 6, code);
    return statement_run(statement);
}

enum status payment_step_list(struct tx *tx, int64_t customer_id, int64_t payment_id,
    struct payment_step **steps, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_STEP_LIST);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    size_t room = 8;
    *steps = ARENA_ARRAY(tx_arena(tx), room, struct payment_step);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct payment_step *more = ARENA_ARRAY(tx_arena(tx), room * 2, struct payment_step);
            memcpy(more, *steps, room * sizeof **steps);
            *steps = more;
            room *= 2;
        }
        (*steps)[(*count)++] = (struct payment_step){statement_instant(statement, 0),
            (enum payment_state)statement_integer32(statement, 1), statement_text(statement, 2)};
    }
    return statement_end(statement);
}
