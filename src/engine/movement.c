/* movement.c: the names of movements. Exports what movement.h declares. */
#include "engine/movement.h"

#include "base/check.h"

const char *movement_name(enum movement movement) {
    static const char *const names[MOVEMENT_COUNT] = {
        [MOVEMENT_PRINCIPAL_LENT] = "principal_lent",
        [MOVEMENT_INTEREST_RECOGNISED] = "interest_recognised",
        [MOVEMENT_FEE_RECOGNISED] = "fee_recognised",
        [MOVEMENT_INTEREST_SUBSIDISED] = "interest_subsidised",
        [MOVEMENT_RECEIVED_FROM_CHANNEL] = "received_from_channel",
        [MOVEMENT_RECEIVED_FROM_CREDIT] = "received_from_credit",
        [MOVEMENT_RECEIVED_AS_GOODWILL] = "received_as_goodwill",
        [MOVEMENT_RECEIVED_FROM_SHOP] = "received_from_shop",
        [MOVEMENT_INTEREST_GIVEN_BACK] = "interest_given_back",
        [MOVEMENT_CHARGE_GIVEN_BACK] = "charge_given_back",
        [MOVEMENT_PRINCIPAL_PAID] = "principal_paid",
        [MOVEMENT_INTEREST_PAID] = "interest_paid",
        [MOVEMENT_FEE_PAID] = "fee_paid",
        [MOVEMENT_PENALTY_PAID] = "penalty_paid",
        [MOVEMENT_RECOVERED] = "recovered",
        [MOVEMENT_OVERPAID] = "overpaid",
        [MOVEMENT_PRINCIPAL_CHARGED_BACK] = "principal_charged_back",
        [MOVEMENT_INTEREST_CHARGED_BACK] = "interest_charged_back",
        [MOVEMENT_FEE_CHARGED_BACK] = "fee_charged_back",
        [MOVEMENT_PENALTY_CHARGED_BACK] = "penalty_charged_back",
        [MOVEMENT_PRINCIPAL_REFUNDED] = "principal_refunded",
        [MOVEMENT_REFUND_TO_CUSTOMER] = "refund_to_customer",
        [MOVEMENT_COST_REBATED] = "cost_rebated",
        [MOVEMENT_PRINCIPAL_CHARGED_OFF] = "principal_charged_off",
        [MOVEMENT_INTEREST_CHARGED_OFF] = "interest_charged_off",
        [MOVEMENT_FEE_CHARGED_OFF] = "fee_charged_off",
        [MOVEMENT_PRINCIPAL_SOLD] = "principal_sold",
        [MOVEMENT_INTEREST_SOLD] = "interest_sold",
        [MOVEMENT_FEE_SOLD] = "fee_sold",
        [MOVEMENT_SALE_PRICE] = "sale_price",
    };
    check((unsigned)movement < MOVEMENT_COUNT);
    return names[movement];
}
