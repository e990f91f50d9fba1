/* settle_payment.c: what a channel says of a payment becomes true. See settle_payment.h. */
#include "service/settle_payment.h"

#include "base/check.h"
#include "ledger/entry.h"
#include "service/collect_due.h"
#include "service/tell_payment.h"
#include "store/credit_balance.h"
#include "store/funding_source.h"
#include "store/journal.h"

#include <string.h>

/* What was loaded already when a part settles; the rest is loaded then. */
struct settling {
    struct payment *payment;
    const struct payment_plan *plan; /* NULL: through a channel, begun in another unit */
    struct payment_about *about;     /* NULL until somebody is told of it */
};

/* Ends a payment: times, instalments free, personal data gone, history. */
static enum status finish(struct tx *tx, struct moment moment, struct payment *payment,
    enum payment_state state, const char *code) {
    payment->state = state;
    payment->finished_at = moment.now;
    payment->customer_ip = NULL;
    payment->action_url = NULL;
    payment->resend = false;
    payment_step_add(tx_arena(tx), payment, moment.now, code);
    enum status status = payment_save(tx, payment);
    if (status == STATUS_OK && payment->channel != CHANNEL_CREDIT_BALANCE)
        status = live_collection_release(tx, payment->customer_id, payment->payment_id);
    return status == STATUS_OK ? payment_changed(tx, moment, payment) : status;
}

static enum status move_on(struct tx *tx, struct moment moment, struct payment *payment,
    enum payment_state state, const char *code) {
    payment->state = state;
    payment_step_add(tx_arena(tx), payment, moment.now, code);
    enum status status = payment_save(tx, payment);
    return status == STATUS_OK ? payment_changed(tx, moment, payment) : status;
}

/* Tells the customer; what the payment is about is loaded at most once. */
static enum status tell(struct tx *tx, struct moment moment, struct settling *settling,
    enum message message, struct money amount) {
    if (settling->about == NULL) {
        enum status status = load_payment_about(tx, settling->payment, &settling->about);
        if (status != STATUS_OK)
            return status;
    }
    return tell_payment_about(
        tx, moment, settling->payment, settling->about, message, amount, NULL);
}

/* Money that belongs to the customer and to no contract: in at the channel, out to the balance. */
static enum status credit_money(
    struct tx *tx, struct moment moment, struct settling *settling, struct money amount) {
    const struct payment *payment = settling->payment;
    struct entry *entry = ARENA_NEW(tx_arena(tx), struct entry);
    entry_begin(entry, 0, 0, moment.business_date);
    entry_post(entry, POSTING_UNMATCHED_RECEIVED, amount);
    entry_post(entry, POSTING_UNMATCHED_TO_CREDIT, amount);
    enum status status =
        credit_account_post(tx, payment->customer_id, entry, payment->payment_id, moment.now);
    if (status == STATUS_OK)
        status = tell(tx, moment, settling, MESSAGE_CREDIT_BALANCE_ADDED, amount);
    return status;
}

/* The part's contract: the plan's own where there is one. */
static enum status find_contract(struct tx *tx, const struct settling *settling,
    const struct payment_part *part, struct live_contract **contract) {
    const struct payment_plan *plan = settling->plan;
    for (size_t i = 0; plan != NULL && i < plan->part_count; i++) {
        *contract = plan->parts[i].contract;
        if ((*contract)->stored->contract_id == part->contract_id)
            return STATUS_OK;
    }
    enum status status =
        load_contract(tx, settling->payment->customer_id, part->contract_id, contract);
    check(status != STATUS_OK || *contract);
    return status;
}

/* Books one part; what the engine does not take is added to *loose. */
static enum status settle_part(struct tx *tx, struct moment moment, struct settling *settling,
    struct payment_part *part, struct money *loose) {
    struct payment *payment = settling->payment;
    struct live_contract *contract;
    enum status status = find_contract(tx, settling, part, &contract);
    if (status != STATUS_OK)
        return status;
    bool credit = payment->channel == CHANNEL_CREDIT_BALANCE;
    struct contract_event event = {
        .kind = EVENT_PAYMENT_SETTLED,
        .day = payment->business_date,
        .amount = part->amount,
        .target = (enum payment_target)part->target,
        .source = credit ? SOURCE_CREDIT_BALANCE : SOURCE_CHANNEL,
    };
    struct applied_event *applied;
    status = apply_contract_event(tx, moment, contract, event, payment->payment_id, &applied);
    if (status != STATUS_OK)
        return status;
    if (applied->outcome != APPLY_OK && credit)
        return fault_set(tx_fault(tx), STATUS_CORRUPT,
            "a payment from the credit balance does not fit its contract (%d)", applied->outcome);
    if (applied->outcome != APPLY_OK) {
        *loose = money_add(*loose, part->amount);
        return STATUS_OK;
    }
    payment->excess = money_add(payment->excess, applied->update->surplus);
    part->event_sequence = (int32_t)applied->event.sequence;
    allocate_part(tx_arena(tx), contract->stored, &contract->state, applied->update,
        &payment->allocations, &payment->allocation_count);
    return STATUS_OK;
}

static enum status succeed(struct tx *tx, struct moment moment, struct settling *settling,
    const struct channel_answer *answer) {
    struct payment *payment = settling->payment;
    struct money loose = MONEY_ZERO;
    enum status status = STATUS_OK;
    /* What was really paid takes the place of the plan. */
    payment->allocations = NULL;
    payment->allocation_count = 0;
    for (size_t i = 0; status == STATUS_OK && i < payment->part_count; i++)
        status = settle_part(tx, moment, settling, &payment->parts[i], &loose);
    if (status == STATUS_OK && money_is_positive(payment->excess))
        status = tell(tx, moment, settling, MESSAGE_CREDIT_BALANCE_ADDED, payment->excess);
    if (status == STATUS_OK && money_is_positive(loose)) {
        status = credit_money(tx, moment, settling, loose);
        payment->excess = money_add(payment->excess, loose);
    }
    payment->failure = CHANNEL_FAILURE_NONE;
    payment->transaction_id = arena_text(tx_arena(tx), answer->transaction_id);
    payment->provider_code = arena_text(tx_arena(tx), answer->provider_code);
    if (status == STATUS_OK)
        status = finish(tx, moment, payment, PAYMENT_SUCCEEDED, "succeeded");
    if (status == STATUS_OK)
        status = tell(tx, moment, settling, MESSAGE_PAYMENT_SUCCEEDED, payment->amount);
    return status;
}

/* A source that will never pay again must not be tried again. */
static enum status retire_source(
    struct tx *tx, const struct payment *payment, enum channel_failure failure) {
    bool dead = failure == CHANNEL_FAILURE_CARD_DEAD || failure == CHANNEL_FAILURE_MANDATE_GONE;
    if (!dead || payment->method != PAY_BY_BANK_CARD)
        return STATUS_OK;
    struct funding_source *source;
    enum status status =
        funding_source_load(tx, payment->customer_id, payment->funding_source_id, &source);
    if (status != STATUS_OK || !source || source->state != FUNDING_SOURCE_ACTIVE)
        return status;
    source->state = FUNDING_SOURCE_UNUSABLE;
    source->failure = failure;
    return funding_source_save(tx, source);
}

static enum status fail(struct tx *tx, struct moment moment, struct payment *payment,
    const struct channel_answer *answer) {
    bool closed = answer->failure == CHANNEL_FAILURE_EXPIRED ||
                  answer->failure == CHANNEL_FAILURE_CUSTOMER_CANCELLED;
    payment->failure = answer->failure;
    payment->provider_code = arena_text(tx_arena(tx), answer->provider_code);
    if (payment->cancel_requested && closed) {
        payment->failure = CHANNEL_FAILURE_NONE;
        return finish(tx, moment, payment, PAYMENT_CANCELLED, "cancelled");
    }
    enum status status = finish(tx, moment, payment, PAYMENT_FAILED, "failed");
    if (status == STATUS_OK)
        status = retire_source(tx, payment, answer->failure);
    if (status != STATUS_OK)
        return status;
    if (payment->entry == PAYMENT_ENTRY_AUTOPAY)
        return collect_after_failure(tx, moment, payment);
    /* An order that nobody paid is no news to the customer, who left it. */
    return closed
               ? STATUS_OK
               : tell_payment(tx, moment, payment, MESSAGE_PAYMENT_FAILED, payment->amount, NULL);
}

static enum status wait(struct tx *tx, struct moment moment, struct payment *payment,
    const struct channel_answer *answer, enum settle_outcome *outcome) {
    bool fresh_action =
        *answer->action_url &&
        (!payment->action_url || strcmp(payment->action_url, answer->action_url) != 0);
    if (fresh_action)
        payment->action_url = arena_text(tx_arena(tx), answer->action_url);
    /* The order stands, but its address was lost on the way: the same order again tells it again.
     */
    bool lost_action = payment->channel == CHANNEL_WECHAT && !payment->action_url;
    if (lost_action) {
        payment->resend = true;
        return payment_save(tx, payment);
    }
    bool seen_after_all = payment->resend; /* an earlier answer had said that it was absent */
    payment->resend = false;
    if (payment->state == PAYMENT_SUBMITTED && !fresh_action && seen_after_all)
        return payment_save(tx, payment);
    if (payment->state == PAYMENT_SUBMITTED && !fresh_action) {
        *outcome = SETTLE_NO_CHANGE;
        return STATUS_OK;
    }
    return move_on(tx, moment, payment, PAYMENT_SUBMITTED, fresh_action ? "waiting" : "sent");
}

static enum status doubt(
    struct tx *tx, struct moment moment, struct payment *payment, enum settle_outcome *outcome) {
    if (payment->state == PAYMENT_UNKNOWN) {
        *outcome = SETTLE_NO_CHANGE;
        return STATUS_OK;
    }
    bool told = payment_has_step(payment, "unknown");
    enum status status = move_on(tx, moment, payment, PAYMENT_UNKNOWN, "unknown");
    if (status == STATUS_OK && !told) /* one notice, however often the channel changes its mind */
        status = tell_payment(tx, moment, payment, MESSAGE_PAYMENT_UNKNOWN, payment->amount, NULL);
    return status;
}

/* The channel never saw the number. An order that nobody can pay any more simply ends. */
static enum status absent(struct tx *tx, struct moment moment, struct payment *payment) {
    bool over = payment->cancel_requested ||
                (payment->action_expires_at.us != 0 &&
                    instant_compare(moment.now, payment->action_expires_at) > 0);
    if (over) {
        struct channel_answer expired = {.state = CHANNEL_FAILED,
            .failure = CHANNEL_FAILURE_EXPIRED,
            .provider_code = "",
            .transaction_id = ""};
        return fail(tx, moment, payment, &expired);
    }
    payment->resend = true;
    return payment_save(tx, payment);
}

static enum status after_the_end(struct tx *tx, struct moment moment, struct payment *payment,
    const struct channel_answer *answer, enum settle_outcome *outcome) {
    *outcome = SETTLE_NO_CHANGE;
    bool booked = payment->state == PAYMENT_SUCCEEDED || money_is_positive(payment->excess);
    if (answer->state != CHANNEL_SUCCEEDED || booked)
        return STATUS_OK;
    *outcome = SETTLE_LATE_MONEY;
    payment->excess = answer->amount;
    payment->transaction_id = arena_text(tx_arena(tx), answer->transaction_id);
    payment_step_add(tx_arena(tx), payment, moment.now, "late_money");
    struct settling settling = {.payment = payment};
    enum status status = credit_money(tx, moment, &settling, answer->amount);
    return status == STATUS_OK ? payment_save(tx, payment) : status;
}

enum status settle_payment(struct tx *tx, struct moment moment, struct payment *payment,
    const struct channel_answer *answer, enum settle_outcome *outcome) {
    *outcome = SETTLE_APPLIED;
    if (answer->state == CHANNEL_SUCCEEDED && money_compare(answer->amount, payment->amount) != 0) {
        *outcome = SETTLE_WRONG_AMOUNT;
        return STATUS_OK;
    }
    if (payment_is_final(payment->state))
        return after_the_end(tx, moment, payment, answer, outcome);
    struct settling settling = {.payment = payment};
    switch (answer->state) {
    case CHANNEL_ACCEPTED:
    case CHANNEL_PROCESSING:
        return wait(tx, moment, payment, answer, outcome);
    case CHANNEL_SUCCEEDED:
        return succeed(tx, moment, &settling, answer);
    case CHANNEL_FAILED:
        return fail(tx, moment, payment, answer);
    case CHANNEL_UNKNOWN:
        return doubt(tx, moment, payment, outcome);
    case CHANNEL_ABSENT:
        return absent(tx, moment, payment);
    }
    check(false);
    return STATUS_OK;
}

enum status settle_from_credit(
    struct tx *tx, struct moment moment, struct payment *payment, const struct payment_plan *plan) {
    struct channel_answer answer = {.state = CHANNEL_SUCCEEDED,
        .amount = payment->amount,
        .provider_code = "",
        .transaction_id = ""};
    struct settling settling = {
        .payment = payment, .plan = plan, .about = planned_payment_about(tx, plan)};
    return succeed(tx, moment, &settling, &answer);
}
