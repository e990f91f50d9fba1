/* begin_payment.c: writes a new payment down with its plan. See begin_payment.h. */
#include "service/begin_payment.h"

#include "base/check.h"
#include "service/bell.h"
#include "service/settle_payment.h"
#include "service/tell_payment.h"
#include "store/outbox.h"

/* The address of an H5 cashier works for five minutes; so long lives its order. */
enum { H5_LIFETIME_S = 300 };

struct payment_rails payment_rails_of(const struct channels *channels) {
    return (struct payment_rails){
        .mode = channels_mode(channels),
        .card = channels_has(channels, CHANNEL_CARD),
        .wechat = channels_has(channels, CHANNEL_WECHAT),
    };
}

enum status is_being_collected(
    struct tx *tx, int64_t customer_id, const struct payment_plan *plan, bool *collected) {
    struct live_collection *live;
    size_t count;
    *collected = false;
    enum status status = live_collection_list(tx, customer_id, &live, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        for (size_t j = 0; j < plan->allocation_count; j++)
            if (live[i].contract_id == plan->allocations[j].contract_id &&
                live[i].instalment == plan->allocations[j].instalment)
                *collected = true;
    return status;
}

static enum channel_kind channel_of(enum payment_method method) {
    switch (method) {
    case PAY_BY_BANK_CARD:
        return CHANNEL_CARD;
    case PAY_BY_WECHAT_NATIVE:
    case PAY_BY_WECHAT_H5:
        return CHANNEL_WECHAT;
    case PAY_BY_CREDIT_BALANCE:
    case PAY_BY_NOTHING:
        return CHANNEL_CREDIT_BALANCE;
    }
    check(false);
    return CHANNEL_CREDIT_BALANCE;
}

/* Of the plan what pays something: the payment's parts, and what they are to pay. */
static void take_plan(
    struct arena *arena, struct payment *payment, const struct payment_plan *plan) {
    payment->parts = ARENA_ARRAY(arena, plan->part_count + 1, struct payment_part);
    for (size_t i = 0; i < plan->part_count; i++) {
        const struct planned_part *planned = &plan->parts[i];
        if (!money_is_positive(planned->amount))
            continue;
        payment->parts[payment->part_count++] = (struct payment_part){
            .contract_id = planned->contract->stored->contract_id,
            .order_id = planned->contract->stored->order_id,
            .amount = planned->amount,
            .target = planned->target,
        };
    }
    payment->allocations = plan->allocations;
    payment->allocation_count = plan->allocation_count;
}

static enum status take_instalments(struct tx *tx, const struct payment *payment) {
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < payment->allocation_count; i++) {
        const struct payment_allocation *allocation = &payment->allocations[i];
        struct live_collection live = {
            allocation->contract_id, allocation->instalment, payment->payment_id};
        status = live_collection_take(tx, payment->customer_id, &live);
    }
    return status;
}

static enum status leave_for_worker(
    struct tx *tx, struct moment moment, const struct payment *payment) {
    struct outbox_item item = {
        .customer_id = payment->customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_CHANNEL,
        .kind = OUTBOX_KIND_PAYMENT,
        .payload =
            bytes_of_text(arena_printf(tx_arena(tx), "%lld", (long long)payment->payment_id)),
        .next_try_at = moment.now,
    };
    bell_on_commit(tx, BELL_CHANNEL);
    return outbox_insert(tx, &item, moment.now);
}

/* The payment as it begins, in memory. */
static struct payment *make_payment(struct tx *tx, struct moment moment,
    const struct new_payment *command, const struct payment_plan *plan) {
    struct arena *arena = tx_arena(tx);
    struct payment *made = ARENA_NEW(arena, struct payment);
    enum channel_kind channel = channel_of(command->method);
    int32_t lifetime_s = channel_capability(channel).order_lifetime_s;
    if (command->method == PAY_BY_WECHAT_H5)
        lifetime_s = H5_LIFETIME_S;
    *made = (struct payment){
        .customer_id = command->customer_id,
        .payment_id = tx_new_id(tx, moment.now),
        .entry = command->entry,
        .state = PAYMENT_CREATED,
        .initiator = command->initiator,
        .purpose = command->purpose->kind,
        .purpose_orders =
            purpose_orders_write(arena, command->purpose->order_ids, command->purpose->order_count),
        .purpose_amount = command->purpose->amount,
        .method = command->method,
        .funding_source_id = command->funding_source_id,
        .channel = channel,
        .mode = command->mode,
        .amount = plan->amount,
        .business_date = moment.business_date,
        .created_at = moment.now,
        .customer_ip = command->customer_ip,
        .return_url = command->return_url,
        .run = command->run,
        .position = command->position,
    };
    if (lifetime_s)
        made->action_expires_at = instant_add_seconds(moment.now, lifetime_s);
    take_plan(arena, made, plan);
    payment_step_add(arena, made, moment.now, "created");
    return made;
}

enum status begin_payment(struct tx *tx, struct moment moment, const struct new_payment *command,
    const struct payment_plan *plan, struct payment **payment) {
    check(money_is_positive(plan->amount));
    struct payment *made = *payment = make_payment(tx, moment, command, plan);
    if (made->channel == CHANNEL_CREDIT_BALANCE)
        return settle_from_credit(tx, moment, made, plan);
    enum status status = payment_save(tx, made);
    if (status == STATUS_OK)
        status = take_instalments(tx, made);
    if (status == STATUS_OK)
        status = leave_for_worker(tx, moment, made);
    return status == STATUS_OK ? payment_changed(tx, moment, made) : status;
}
