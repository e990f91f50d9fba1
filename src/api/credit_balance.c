/* credit_balance.c: the customer's own money goes back to its source. Exports
 * credit_balance_routes. */
#include "api/decode.h"
#include "api/payments.h"
#include "api/resources.h"
#include "base/check.h"
#include "service/refund_credit.h"

struct credit_state {
    struct refund_credit command;
    struct refund_credit_answer answer;
    struct payment_view *view;
};

static enum status refund_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct credit_state *state = call->state;
    enum status status = refund_credit(tx, moment, &state->command, &state->answer);
    if (status != STATUS_OK)
        return status;
    if (state->answer.outcome != REFUND_CREDIT_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    return load_payment_view(
        tx, moment, call->customer_id, state->answer.refund->payment_id, &state->view);
}

static enum problem_code problem_of(enum refund_credit_outcome outcome) {
    switch (outcome) {
    case REFUND_CREDIT_OK:
        return PROBLEM_NONE;
    case REFUND_CREDIT_AMOUNT_INVALID:
        return PROBLEM_AMOUNT_INVALID;
    case REFUND_CREDIT_BALANCE_INSUFFICIENT:
        return PROBLEM_BALANCE_INSUFFICIENT;
    case REFUND_CREDIT_NOT_POSSIBLE:
        return PROBLEM_CREDIT_REFUND_NOT_POSSIBLE;
    case REFUND_CREDIT_CHANNEL_UNAVAILABLE:
        return PROBLEM_CHANNEL_UNAVAILABLE;
    }
    check(false);
    return PROBLEM_NONE;
}

static void refund_answer(struct call *call) {
    const struct credit_state *state = call->state;
    answer_created_payment(call, problem_of(state->answer.outcome), state->view);
}

static void post_refund(struct call *call) {
    struct credit_state *state = ARENA_NEW(call->arena, struct credit_state);
    call->state = state;
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->command = (struct refund_credit){
        .customer_id = call->customer_id,
        .rails = call->api->rails,
        .amount = decode_money(&body, "amount_fen", 1, MONEY_MAX_FEN),
    };
    if (decode_end(&body))
        call_write(call, call->customer_id, refund_unit, refund_answer);
}

const struct api_route credit_balance_routes[] = {
    {HTTP_POST, "/credit-balance/refunds", post_refund, API_CUSTOMER, .idempotent = true},
    API_ROUTES_END,
};
