/* payment.c: payments, one row each. See payment.h; its detail is encoded in payment_detail.c. */
#include "store/payment.h"

#include "base/check.h"
#include "store/customer_file.h"
#include "store/payment_detail.h"
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

/* False when its detail does not decode. */
static bool read_payment(struct tx *tx, struct statement *statement, struct payment *payment) {
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
    payment->stored_state = payment->state;
    const char *detail = statement_text(statement, 32);
    return detail != NULL && payment_detail_read(tx_arena(tx), detail, payment);
}

static enum status unreadable(struct tx *tx, const struct payment *payment) {
    return fault_set(tx_fault(tx), STATUS_CORRUPT, "the detail of payment %lld does not decode",
        (long long)payment->payment_id);
}

enum status payment_of_row(struct tx *tx, struct statement *statement, struct payment *payment) {
    return read_payment(tx, statement, payment) ? STATUS_OK : unreadable(tx, payment);
}

static enum status read_all(
    struct tx *tx, struct statement *statement, struct payment **payments, size_t *count) {
    size_t room = 0;
    *payments = NULL;
    *count = 0;
    while (statement_step(statement)) {
        *payments = arena_grow(tx_arena(tx), *payments, *count, &room, sizeof **payments);
        struct payment *payment = &(*payments)[(*count)++];
        *payment = (struct payment){0};
        payment->damaged = !read_payment(tx, statement, payment);
    }
    return statement_end(statement);
}

static enum status read_payments(
    struct tx *tx, struct statement *statement, struct payment **payments, size_t *count) {
    enum status status = read_all(tx, statement, payments, count);
    for (size_t i = 0; status == STATUS_OK && i < *count; i++)
        if ((*payments)[i].damaged)
            status = unreadable(tx, &(*payments)[i]);
    return status;
}

void payment_step_add(
    struct arena *arena, struct payment *payment, struct instant at, const char *code) {
    struct payment_step *steps = ARENA_ARRAY(arena, payment->step_count + 1, struct payment_step);
    if (payment->step_count > 0)
        memcpy(steps, payment->steps, payment->step_count * sizeof *steps);
    steps[payment->step_count++] = (struct payment_step){at, payment->state, code};
    payment->steps = steps;
}

bool payment_has_step(const struct payment *payment, const char *code) {
    for (size_t i = 0; i < payment->step_count; i++)
        if (strcmp(payment->steps[i].code, code) == 0)
            return true;
    return false;
}

static enum status insert(struct tx *tx, const struct payment *payment) {
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
    statement_bind_text(statement, 33, payment_detail_write(tx_arena(tx), payment));
    return statement_run(statement);
}

static enum status update(struct tx *tx, const struct payment *payment) {
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
    statement_bind_text(statement, 17, payment_detail_write(tx_arena(tx), payment));
    return statement_run(statement);
}

enum status payment_save(struct tx *tx, struct payment *payment) {
    bool fresh = payment->stored_state == 0;
    if (!fresh && payment_is_final(payment->stored_state) &&
        payment->state != payment->stored_state)
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "payment %lld has ended in another state",
            (long long)payment->payment_id);
    payment->stored_state = payment->state;
    return fresh ? insert(tx, payment) : update(tx, payment);
}

enum status payment_load(
    struct tx *tx, int64_t customer_id, int64_t payment_id, struct payment **payment) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_LOAD);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, payment_id);
    *payment = NULL;
    bool readable = true;
    if (statement_step(statement)) {
        *payment = ARENA_NEW(tx_arena(tx), struct payment);
        readable = read_payment(tx, statement, *payment);
    }
    enum status status = statement_end(statement);
    return status == STATUS_OK && !readable ? unreadable(tx, *payment) : status;
}

/* What is written in the detail of a payment that is about `id`; any detail when it is 0. */
static const char *about(struct tx *tx, const char *member, int64_t id) {
    return id == 0 ? "%" : arena_printf(tx_arena(tx), "%%\"%s\":%lld,%%", member, (long long)id);
}

enum status payment_page(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t entry,
    int64_t before_id, int32_t limit, struct payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_PAGE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, before_id);
    statement_bind_integer(statement, 3, limit);
    statement_bind_integer(statement, 4, entry);
    statement_bind_text(statement, 5, about(tx, PAYMENT_DETAIL_ORDER, order_id));
    return read_payments(tx, statement, payments, count);
}

enum status payment_of_contract(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_text(statement, 2, about(tx, PAYMENT_DETAIL_CONTRACT, contract_id));
    return read_payments(tx, statement, payments, count);
}

enum status payment_live(
    struct tx *tx, int64_t customer_id, struct payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_LIVE_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    return read_payments(tx, statement, payments, count);
}

enum status payment_of_range(
    struct tx *tx, struct customer_range range, struct payment **payments, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_OF_RANGE);
    customer_range_bind(statement, range);
    return read_all(tx, statement, payments, count);
}

enum status payment_count_live_autopay(struct tx *tx, struct day day, int64_t *count) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_COUNT_LIVE);
    statement_bind_day(statement, 1, day);
    *count = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status payment_automatic_of_day(
    struct tx *tx, struct day day, struct automatic_payments *payments) {
    struct statement *statement = statement_start(tx, QUERY_PAYMENT_AUTOMATIC_OF_DAY);
    statement_bind_day(statement, 1, day);
    *payments = (struct automatic_payments){0};
    if (statement_step(statement))
        *payments = (struct automatic_payments){
            .credit = statement_integer(statement, 0),
            .credit_fen = statement_integer(statement, 1),
            .collected = statement_integer(statement, 2),
            .collected_fen = statement_integer(statement, 3),
            .failed = statement_integer(statement, 4),
            .failed_fen = statement_integer(statement, 5),
            .waiting = statement_integer(statement, 6),
            .waiting_fen = statement_integer(statement, 7),
        };
    return statement_end(statement);
}

enum status instalment_payment_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct instalment_payment **paid, size_t *count) {
    struct payment *payments;
    size_t payment_count, most = 0;
    *count = 0;
    enum status status =
        payment_of_contract(tx, customer_id, contract_id, &payments, &payment_count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < payment_count; i++)
        most += payments[i].allocation_count;
    *paid = ARENA_ARRAY(tx_arena(tx), most + 1, struct instalment_payment);
    for (size_t i = 0; i < payment_count; i++)
        for (size_t j = 0; j < payments[i].allocation_count; j++) {
            const struct payment_allocation *line = &payments[i].allocations[j];
            if (payments[i].state != PAYMENT_SUCCEEDED || line->contract_id != contract_id)
                continue;
            (*paid)[(*count)++] = (struct instalment_payment){
                .instalment = line->instalment,
                .payment_id = payments[i].payment_id,
                .day = payments[i].business_date,
                .amount = money_add(money_add(line->principal, line->interest),
                    money_add(line->fee, line->penalty)),
            };
        }
    return STATUS_OK;
}
