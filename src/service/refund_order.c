/*
 * refund_order.c: a shop gives money back for goods. See refund_order.h.
 */
#include "service/refund_order.h"

#include "base/check.h"
#include "service/apply_contract_event.h"
#include "service/record_goods_refund.h"
#include "service/send_notice.h"
#include "service/tell_shop.h"

/* The part of the update that went by `movement`. */
static struct money moved(const struct contract_update *update, enum movement movement) {
    for (int32_t i = 0; i < update->movement_count; i++) {
        if (update->movements[i].movement == movement) {
            return update->movements[i].amount;
        }
    }
    return MONEY_ZERO;
}

static enum status tell_refund(struct tx *tx, struct moment moment, const struct order *order,
    const struct goods_refund *refund, const struct live_contract *contract) {
    char amount[MONEY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = order->title,
        .amount = money_to_yuan(refund->amount, amount),
        .order_id = order->order_id,
    };
    enum status status =
        send_notice(tx, moment, order->customer_id, MESSAGE_REFUND_RECEIVED, &parameters);
    if (status != STATUS_OK) {
        return status;
    }
    return tell_shop(tx, moment, SHOP_ORDER_REFUNDED, order, &contract->terms, &contract->state);
}

static enum status apply_refund(struct tx *tx, struct moment moment,
    const struct refund_order *command, struct order *order, struct live_contract *contract,
    struct refund_order_answer *answer) {
    struct contract_event event = {
        .kind = EVENT_MERCHANT_REFUNDED, .day = moment.business_date, .amount = command->amount};
    int64_t refund_id = tx_new_id(tx, moment.now);
    struct applied_event *applied;
    enum status status = apply_contract_event(tx, moment, contract, event, refund_id, &applied);
    if (status != STATUS_OK) {
        return status;
    }
    if (applied->outcome == APPLY_REFUSED && applied->refusal == CONTRACT_REFUND_TOO_LARGE) {
        answer->outcome = REFUND_ORDER_TOO_LARGE;
        return STATUS_OK;
    }
    check(applied->outcome == APPLY_OK);
    struct goods_refund *refund = ARENA_NEW(tx_arena(tx), struct goods_refund);
    *refund = (struct goods_refund){
        .customer_id = order->customer_id,
        .refund_id = refund_id,
        .order_id = order->order_id,
        .contract_id = order->contract_id,
        .shop_refund_no = command->shop_refund_no,
        .amount = command->amount,
        .to_debt = moved(applied->update, MOVEMENT_PRINCIPAL_REFUNDED),
        .to_customer = applied->update->surplus,
        .reason = command->reason,
        .refunded_on = moment.business_date,
        .created_at = moment.now,
    };
    order->refunded = money_add(order->refunded, command->amount);
    status = goods_refund_insert(tx, refund);
    if (status == STATUS_OK) {
        status = record_goods_refund(tx, moment, refund, &applied->event);
    }
    if (status == STATUS_OK) {
        status = order_save(tx, order);
    }
    if (status == STATUS_OK) {
        answer->refund = refund;
        status = tell_refund(tx, moment, order, refund, contract);
    }
    return status;
}

enum status refund_order(struct tx *tx, struct moment moment, const struct refund_order *command,
    struct refund_order_answer *answer) {
    *answer = (struct refund_order_answer){.outcome = REFUND_ORDER_NOT_FOUND};
    struct shop_order_place *place;
    enum status status = shop_order_find(tx, command->shop_id, command->shop_order_no, &place);
    if (status != STATUS_OK || place == NULL) {
        return status;
    }
    struct order *order;
    status = order_load(tx, place->customer_id, place->order_id, &order);
    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    answer->outcome = REFUND_ORDER_OK;
    struct goods_refund *before;
    status = goods_refund_by_number(
        tx, order->customer_id, order->order_id, command->shop_refund_no, &before);
    if (status != STATUS_OK) {
        return status;
    }
    if (before != NULL) {
        answer->repeated = true;
        answer->refund = before;
        if (money_compare(before->amount, command->amount) != 0) {
            *answer = (struct refund_order_answer){.outcome = REFUND_ORDER_NUMBER_TAKEN};
        }
        return STATUS_OK;
    }
    if (order->state != ORDER_ACCEPTED) {
        answer->outcome = REFUND_ORDER_NOT_POSSIBLE;
        return STATUS_OK;
    }
    struct money all = money_add(order->refunded, command->amount);
    if (money_compare(all, order->amount) > 0) {
        answer->outcome = REFUND_ORDER_TOO_LARGE;
        return STATUS_OK;
    }
    struct live_contract *contract;
    status = load_contract(tx, order->customer_id, order->contract_id, &contract);
    if (status != STATUS_OK) {
        return status;
    }
    check(contract != NULL);
    return apply_refund(tx, moment, command, order, contract, answer);
}
