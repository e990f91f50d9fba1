/* movement.c: the names of movements. Exports what movement.h declares. */
#include "engine/movement.h"

#include "base/check.h"

const char *movement_name(enum movement movement) {
    static const char *const names[MOVEMENT_COUNT] = {
        [MOVEMENT_PRINCIPAL_LENT] = "principal_lent",
        [MOVEMENT_INTEREST_RECOGNISED] = "interest_recognised",
        [MOVEMENT_FEE_RECOGNISED] = "fee_recognised",
        [MOVEMENT_RECEIVED_FROM_CHANNEL] = "received_from_channel",
        [MOVEMENT_RECEIVED_FROM_CREDIT] = "received_from_credit",
        [MOVEMENT_PRINCIPAL_PAID] = "principal_paid",
        [MOVEMENT_INTEREST_PAID] = "interest_paid",
        [MOVEMENT_FEE_PAID] = "fee_paid",
        [MOVEMENT_PENALTY_PAID] = "penalty_paid",
        [MOVEMENT_OVERPAID] = "overpaid",
        [MOVEMENT_PRINCIPAL_REFUNDED] = "principal_refunded",
        [MOVEMENT_REFUND_TO_CUSTOMER] = "refund_to_customer",
        [MOVEMENT_COST_REBATED] = "cost_rebated",
    };
    check((unsigned)movement < MOVEMENT_COUNT);
    return names[movement];
}
