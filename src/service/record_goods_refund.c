/* record_goods_refund.c: a shop's refund among the customer's records. See record_goods_refund.h.
 */
#include "service/record_goods_refund.h"

#include "channel/channel.h"
#include "service/tell_payment.h"

enum status record_goods_refund(struct tx *tx, struct moment moment,
    const struct goods_refund *refund, const struct contract_event *event) {
    struct payment *record = ARENA_NEW(tx_arena(tx), struct payment);
    *record = (struct payment){
        .customer_id = refund->customer_id,
        .payment_id = refund->refund_id,
        .entry = PAYMENT_ENTRY_REFUND,
        .state = PAYMENT_SUCCEEDED,
        .initiator = INITIATOR_SHOP,
        .purpose = PURPOSE_NONE,
        .purpose_orders = "",
        .method = PAY_BY_NOTHING,
        .channel = CHANNEL_CREDIT_BALANCE,
        .mode = CHANNEL_MODE_TEST, /* no rail is used */
        .amount = refund->amount,
        .business_date = refund->refunded_on,
        .created_at = moment.now,
        .finished_at = moment.now,
        .excess = refund->to_customer,
    };
    struct payment_part part = {
        .contract_id = refund->contract_id,
        .order_id = refund->order_id,
        .amount = refund->amount,
        .event_sequence = (int32_t)event->sequence,
    };
    record->parts = &part;
    record->part_count = 1;
    payment_step_add(tx_arena(tx), record, moment.now, "refunded");
    enum status status = payment_save(tx, record);
    return status == STATUS_OK ? payment_changed(tx, moment, record) : status;
}
