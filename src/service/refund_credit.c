/* refund_credit.c: the credit balance goes back to its source. See refund_credit.h. */
#include "service/refund_credit.h"

#include "base/check.h"
#include "base/public_number.h"
#include "ledger/entry.h"
#include "service/bell.h"
#include "service/channel_task.h"
#include "service/tell_payment.h"
#include "store/credit_balance.h"
#include "store/journal.h"

#include <stdlib.h>

enum { PAGE = 50 };

/* Whether the customer's money came: by success, or after the end (then it is all excess). */
static bool was_received(const struct payment *payment) {
    return payment->state == PAYMENT_SUCCEEDED ||
           (payment_is_final(payment->state) && money_is_positive(payment->excess));
}

/* The newest payment received through a channel of which so much is left to give back. */
static enum status find_origin(
    struct tx *tx, const struct refund_credit *command, struct payment **origin) {
    int64_t before = INT64_MAX;
    *origin = NULL;
    for (;;) {
        struct payment *page;
        size_t count;
        enum status status =
            payment_page(tx, command->customer_id, 0, 0, before, PAGE, &page, &count);
        if (status != STATUS_OK)
            return status;
        for (size_t i = 0; i < count; i++) {
            bool by_channel = page[i].channel == CHANNEL_CARD || page[i].channel == CHANNEL_WECHAT;
            if (page[i].entry == PAYMENT_ENTRY_REFUND || !was_received(&page[i]) || !by_channel ||
                page[i].mode != (int32_t)command->rails.mode ||
                money_compare(money_subtract(page[i].amount, page[i].refunded), command->amount) <
                    0)
                continue;
            *origin = &page[i];
            return STATUS_OK;
        }
        if (count < PAGE)
            return STATUS_OK;
        before = page[count - 1].payment_id;
    }
}

/* Posts by `rule`, which moves the balance or not; `amount` negative takes a refund back that was
 * refused. */
static enum status post(struct tx *tx, struct moment moment, const struct payment *refund,
    enum posting_rule rule, struct money amount) {
    struct entry *entry = ARENA_NEW(tx_arena(tx), struct entry);
    entry_begin(entry, 0, 0, moment.business_date);
    entry_post(entry, rule, amount);
    return credit_account_post(tx, refund->customer_id, entry, refund->payment_id, moment.now);
}

static enum status begin_refund(struct tx *tx, struct moment moment,
    const struct refund_credit *command, struct payment *origin, struct payment **refund) {
    struct payment *made = *refund = ARENA_NEW(tx_arena(tx), struct payment);
    *made = (struct payment){
        .customer_id = command->customer_id,
        .payment_id = tx_new_id(tx, moment.now),
        .entry = PAYMENT_ENTRY_REFUND,
        .state = PAYMENT_CREATED,
        .initiator = INITIATOR_CUSTOMER,
        .purpose = PURPOSE_NONE,
        .purpose_orders = "",
        .method = origin->method,
        .funding_source_id = origin->funding_source_id,
        .channel = origin->channel,
        .mode = origin->mode,
        .amount = command->amount,
        .business_date = moment.business_date,
        .created_at = moment.now,
        .original_payment_id = origin->payment_id,
    };
    origin->refunded = money_add(origin->refunded, command->amount);
    struct outbox_item item = {
        .customer_id = made->customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_CHANNEL,
        .kind = OUTBOX_KIND_REFUND,
        .payload = bytes_of_text(arena_printf(tx_arena(tx), "%lld", (long long)made->payment_id)),
        .next_try_at = moment.now,
    };
    payment_step_add(tx_arena(tx), made, moment.now, "created");
    enum status status = payment_save(tx, made);
    if (status == STATUS_OK)
        status = payment_save(tx, origin);
    if (status == STATUS_OK)
        status = post(tx, moment, made, POSTING_CREDIT_REFUND_STARTED, made->amount);
    if (status == STATUS_OK)
        status = outbox_insert(tx, &item, moment.now);
    bell_on_commit(tx, BELL_CHANNEL);
    return status == STATUS_OK ? payment_changed(tx, moment, made) : status;
}

enum status refund_credit(struct tx *tx, struct moment moment, const struct refund_credit *command,
    struct refund_credit_answer *answer) {
    *answer = (struct refund_credit_answer){.outcome = REFUND_CREDIT_OK};
    struct money balance;
    struct payment *origin = NULL;
    enum status status = credit_balance_load(tx, command->customer_id, &balance);
    if (status == STATUS_OK && money_is_positive(command->amount))
        status = find_origin(tx, command, &origin);
    if (status != STATUS_OK)
        return status;
    if (!money_is_positive(command->amount))
        answer->outcome = REFUND_CREDIT_AMOUNT_INVALID;
    else if (money_compare(balance, command->amount) < 0)
        answer->outcome = REFUND_CREDIT_BALANCE_INSUFFICIENT;
    else if (!origin)
        answer->outcome = REFUND_CREDIT_NOT_POSSIBLE;
    else if (!(origin->channel == CHANNEL_CARD ? command->rails.card : command->rails.wechat))
        answer->outcome = REFUND_CREDIT_CHANNEL_UNAVAILABLE;
    if (answer->outcome != REFUND_CREDIT_OK)
        return STATUS_OK;
    return begin_refund(tx, moment, command, origin, &answer->refund);
}

static enum status load_refund(
    struct tx *tx, const struct outbox_item *item, struct payment **refund) {
    const char *text =
        arena_text_n(tx_arena(tx), (const char *)item->payload.at, item->payload.length);
    enum status status = payment_load(tx, item->customer_id, strtoll(text, NULL, 10), refund);
    if (status == STATUS_OK && !*refund)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "an outbox item without its refund");
    return status;
}

static const char *number_of(struct tx *tx, int64_t customer_id, int64_t payment_id) {
    char text[PUBLIC_NUMBER_SIZE];
    return arena_text(
        tx_arena(tx), public_number_write(PUBLIC_PAYMENT, customer_id, payment_id, text));
}

enum status prepare_refund(struct tx *tx, struct moment moment, const struct outbox_item *item,
    struct channel_task *task) {
    struct payment *refund, *origin;
    bool ours;
    enum status status = load_refund(tx, item, &refund);
    if (status == STATUS_OK && payment_is_final(refund->state))
        return outbox_finish(tx, item, &ours);
    if (status == STATUS_OK)
        status = payment_load(tx, item->customer_id, refund->original_payment_id, &origin);
    if (status != STATUS_OK)
        return status;
    check(origin);
    bool send = refund->state == PAYMENT_CREATED || refund->resend;
    task->needed = true;
    task->request = (struct channel_request){
        .kind = (enum channel_kind)refund->channel,
        .mode = (enum channel_mode)refund->mode,
        .operation = send ? CHANNEL_REFUND : CHANNEL_REFUND_QUERY,
        .number = number_of(tx, refund->customer_id, refund->payment_id),
        .original_number = number_of(tx, origin->customer_id, origin->payment_id),
        .number_at = refund->created_at,
        .amount = refund->amount,
        .original_amount = origin->amount,
        .description = "余额退回",
    };
    if (!send)
        return STATUS_OK;
    refund->state = PAYMENT_SUBMITTED;
    refund->submitted_at = moment.now;
    refund->resend = false;
    payment_step_add(tx_arena(tx), refund, moment.now, "sent");
    return payment_save(tx, refund);
}

static enum status end_refund(struct tx *tx, struct moment moment, struct payment *refund,
    const struct channel_answer *answer) {
    bool done = answer->state == CHANNEL_SUCCEEDED;
    struct payment *origin;
    refund->state = done ? PAYMENT_SUCCEEDED : PAYMENT_FAILED;
    refund->finished_at = moment.now;
    refund->failure = done ? CHANNEL_FAILURE_NONE : answer->failure;
    refund->transaction_id = arena_text(tx_arena(tx), answer->transaction_id);
    refund->provider_code = arena_text(tx_arena(tx), answer->provider_code);
    payment_step_add(tx_arena(tx), refund, moment.now, done ? "given_back" : "failed");
    enum status status = payment_save(tx, refund);
    if (status == STATUS_OK && done)
        status = post(tx, moment, refund, POSTING_CREDIT_REFUND_DONE, refund->amount);
    if (status == STATUS_OK && !done) {
        status = payment_load(tx, refund->customer_id, refund->original_payment_id, &origin);
        if (status == STATUS_OK) {
            origin->refunded = money_subtract(origin->refunded, refund->amount);
            status = payment_save(tx, origin);
        }
        if (status == STATUS_OK)
            status = post(
                tx, moment, refund, POSTING_CREDIT_REFUND_STARTED, money_negate(refund->amount));
    }
    return status == STATUS_OK ? payment_changed(tx, moment, refund) : status;
}

enum status finish_refund(struct tx *tx, struct moment moment, const struct outbox_item *item,
    const struct channel_answer *answer) {
    struct payment *refund;
    bool ours;
    enum status status = load_refund(tx, item, &refund);
    if (status != STATUS_OK)
        return status;
    if (payment_is_final(refund->state))
        return outbox_finish(tx, item, &ours);
    if (answer->state == CHANNEL_SUCCEEDED || answer->state == CHANNEL_FAILED) {
        status = end_refund(tx, moment, refund, answer);
        return status == STATUS_OK ? outbox_finish(tx, item, &ours) : status;
    }
    refund->resend = answer->state == CHANNEL_ABSENT;
    status = payment_save(tx, refund);
    return status == STATUS_OK
               ? outbox_retry(tx, item,
                     instant_add_seconds(moment.now, channel_retry_delay_s(item->attempts)), NULL,
                     &ours)
               : status;
}
