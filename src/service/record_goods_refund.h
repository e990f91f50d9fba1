/*
 * record_goods_refund.h: a shop's refund among the customer's records. Exports:
 * record_goods_refund().
 */
#ifndef FENQI_SERVICE_RECORD_GOODS_REFUND_H
#define FENQI_SERVICE_RECORD_GOODS_REFUND_H

#include "service/apply_contract_event.h"
#include "store/goods_refund.h"

/*
 * Writes the refund down as a finished payment row of entry "refund" under the refund's own id: no
 * money moves here, the contract's event has booked it (less debt, the rest to the credit balance).
 */
enum status record_goods_refund(struct tx *tx, struct moment moment,
    const struct goods_refund *refund, const struct contract_event *event) FENQI_MUST_USE;

#endif
