/*
 * tell_contract.c: who is told when a contract closes. See tell_contract.h.
 */
#include "service/tell_contract.h"

#include "service/send_notice.h"
#include "service/tell_shop.h"
#include "store/extension_request.h"

static bool has_crossing(const struct contract_update *update, enum crossing_kind kind) {
    for (int32_t i = 0; i < update->crossing_count; i++) {
        if (update->crossings[i].kind == kind) {
            return true;
        }
    }
    return false;
}

/* Ends waiting requests about a contract that needs no more time. */
static enum status withdraw_requests(
    struct tx *tx, struct moment moment, const struct stored_contract *stored) {
    struct extension_request *requests;
    size_t count;
    enum status status = extension_request_of_customer(tx, stored->customer_id, &requests, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct extension_request *request = &requests[i];
        if (request->contract_id == stored->contract_id && request->state == EXTENSION_WAITING) {
            bool decided;
            request->state = EXTENSION_WITHDRAWN;
            request->decided_at = moment.now;
            status = extension_request_decide(tx, request, &decided);
        }
    }
    return status;
}

enum status tell_contract(struct tx *tx, struct moment moment, const struct live_contract *contract,
    const struct contract_update *update) {
    bool settled = has_crossing(update, CROSSING_CONTRACT_SETTLED);
    bool refunded = has_crossing(update, CROSSING_CONTRACT_REFUNDED);
    if (!settled && !refunded) {
        return STATUS_OK;
    }
    const struct stored_contract *stored = contract->stored;
    enum status status = withdraw_requests(tx, moment, stored);
    if (status != STATUS_OK || refunded) {
        return status;
    }
    struct order *order;
    status = order_load(tx, stored->customer_id, stored->order_id, &order);
    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    char day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = order->title,
        .date = day_to_text(contract->state.closed_day, day),
        .order_id = order->order_id,
    };
    status = send_notice(tx, moment, stored->customer_id, MESSAGE_CONTRACT_SETTLED, &parameters);
    if (status != STATUS_OK) {
        return status;
    }
    return tell_shop(tx, moment, SHOP_ORDER_SETTLED, order, &contract->terms, &contract->state);
}
