/* take_payment.c: a customer pays. See take_payment.h. */
#include "service/take_payment.h"

#include "base/check.h"
#include "store/credit_balance.h"
#include "store/event_log.h"
#include "store/funding_source.h"

static enum take_payment_outcome of_plan(enum plan_outcome outcome) {
    switch (outcome) {
    case PLAN_OK:
        return TAKE_PAYMENT_OK;
    case PLAN_ORDER_NOT_FOUND:
        return TAKE_PAYMENT_ORDER_NOT_FOUND;
    case PLAN_NOTHING_OWED:
        return TAKE_PAYMENT_NOTHING_OWED;
    case PLAN_NOTHING_TO_SETTLE:
        return TAKE_PAYMENT_NOTHING_TO_SETTLE;
    case PLAN_AMOUNT_INVALID:
        return TAKE_PAYMENT_AMOUNT_INVALID;
    case PLAN_AMOUNT_TOO_SMALL:
        return TAKE_PAYMENT_AMOUNT_TOO_SMALL;
    case PLAN_AMOUNT_TOO_LARGE:
        return TAKE_PAYMENT_AMOUNT_TOO_LARGE;
    }
    check(false);
    return TAKE_PAYMENT_OK;
}

static bool over_limit(struct money amount, struct money limit) {
    return money_is_positive(limit) && money_compare(amount, limit) > 0;
}

/* The checks that belong to the method, in the documented order. */
static enum status check_method(struct tx *tx, const struct take_payment *command,
    struct money amount, struct funding_source **card_source, enum take_payment_outcome *outcome) {
    bool card = command->method == PAY_BY_BANK_CARD;
    bool wechat = command->method == PAY_BY_WECHAT_NATIVE || command->method == PAY_BY_WECHAT_H5;
    struct funding_source *source = NULL;
    struct money balance = MONEY_ZERO;
    enum status status = STATUS_OK;
    if (card)
        status = funding_source_load(tx, command->customer_id, command->funding_source_id, &source);
    if (status == STATUS_OK && command->method == PAY_BY_CREDIT_BALANCE)
        status = credit_balance_load(tx, command->customer_id, &balance);
    if (status != STATUS_OK)
        return status;
    *card_source = source;
    bool removed = source && source->state == FUNDING_SOURCE_REMOVED;
    if (card && (!source || removed))
        *outcome = TAKE_PAYMENT_FUNDING_SOURCE_NOT_FOUND;
    else if (card && (source->state != FUNDING_SOURCE_ACTIVE ||
                         source->mode != (int32_t)command->rails.mode))
        *outcome = TAKE_PAYMENT_FUNDING_SOURCE_UNUSABLE;
    else if (card && (over_limit(amount, source->single_limit) ||
                         over_limit(amount, channel_capability(CHANNEL_CARD).single_limit)))
        *outcome = TAKE_PAYMENT_LIMIT_EXCEEDED;
    else if (command->method == PAY_BY_CREDIT_BALANCE && money_compare(balance, amount) < 0)
        *outcome = TAKE_PAYMENT_BALANCE_INSUFFICIENT;
    else if ((card && !command->rails.card) || (wechat && !command->rails.wechat))
        *outcome = TAKE_PAYMENT_CHANNEL_UNAVAILABLE;
    return STATUS_OK;
}

static enum status check_all(struct tx *tx, struct moment moment,
    const struct take_payment *command, struct payment_plan *plan, struct funding_source **source,
    struct take_payment_answer *answer) {
    enum status status = plan_payment(tx, moment, command->customer_id, &command->purpose, plan);
    if (status != STATUS_OK)
        return status;
    answer->outcome = of_plan(plan->outcome);
    answer->amount = plan->amount;
    if (answer->outcome != TAKE_PAYMENT_OK)
        return STATUS_OK;
    if (money_compare(plan->amount, command->expected) != 0) {
        answer->outcome = TAKE_PAYMENT_AMOUNT_CHANGED;
        return STATUS_OK;
    }
    bool collected;
    status = is_being_collected(tx, command->customer_id, plan, &collected);
    if (status == STATUS_OK && collected)
        answer->outcome = TAKE_PAYMENT_IN_PROGRESS;
    else if (status == STATUS_OK)
        status = check_method(tx, command, plan->amount, source, &answer->outcome);
    return status;
}

enum status take_payment(struct tx *tx, struct moment moment, const struct take_payment *command,
    struct take_payment_answer *answer) {
    *answer = (struct take_payment_answer){.outcome = TAKE_PAYMENT_OK};
    struct payment_plan plan;
    struct funding_source *source = NULL;
    enum status status = check_all(tx, moment, command, &plan, &source, answer);
    if (status != STATUS_OK || answer->outcome != TAKE_PAYMENT_OK)
        return status;
    struct new_payment made = {
        .customer_id = command->customer_id,
        .entry = PAYMENT_ENTRY_PAYMENT,
        .initiator = INITIATOR_CUSTOMER,
        .purpose = &command->purpose,
        .method = command->method,
        .funding_source_id = command->method == PAY_BY_BANK_CARD ? command->funding_source_id : 0,
        .mode = command->rails.mode,
        .customer_ip = command->customer_ip,
        .return_url = command->return_url,
    };
    status = begin_payment(tx, moment, &made, &plan, &answer->payment);
    if (status == STATUS_OK)
        answer->view = planned_payment_view(tx, moment, answer->payment, &plan, source);
    return status;
}

void take_payment_foresee(struct tx *tx, const struct take_payment *command) {
    int64_t customer_id = command->customer_id;
    stored_contract_foresee_all(tx, customer_id);
    for (size_t i = 0; i < command->purpose.order_count; i++)
        order_foresee(tx, customer_id, command->purpose.order_ids[i]);
    live_collection_foresee(tx, customer_id);
    if (command->method == PAY_BY_CREDIT_BALANCE)
        credit_balance_foresee(tx, customer_id);
    if (command->method == PAY_BY_BANK_CARD)
        funding_source_foresee(tx, customer_id, command->funding_source_id);
    event_log_foresee(tx, customer_id);
}
