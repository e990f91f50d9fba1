/*
 * stand_in.c: plays the payment channels while the demo's past is made. See stand_in.h.
 */
#include "demo/stand_in.h"

enum { NO_MONEY_PERCENT = 6 };

static void fail(struct channel_answer *answer, enum channel_failure failure) {
    answer->state = CHANNEL_FAILED;
    answer->failure = failure;
    answer->reason_zh = channel_failure_text_zh(failure);
    answer->reason_en = channel_failure_text_en(failure);
}

static void succeed(struct arena *arena, struct dice *dice, const struct channel_request *request,
    struct instant now, struct channel_answer *answer) {
    answer->state = CHANNEL_SUCCEEDED;
    answer->amount = request->amount;
    answer->moved_at = now;
    answer->transaction_id =
        arena_printf(arena, "42%020llu", (unsigned long long)(dice_next(dice) >> 4));
}

void stand_in_perform(struct arena *arena, struct dice *dice, const struct channel_request *request,
    struct instant now, struct channel_answer *answer) {
    *answer = (struct channel_answer){
        .state = CHANNEL_SUCCEEDED,
        .provider_code = "",
        .provider_text = "",
        .reason_zh = "",
        .reason_en = "",
        .action_url = "",
        .transaction_id = "",
        .bind_ref = "",
        .protocol_no = "",
        .bank_code = "",
    };
    switch (request->operation) {
    case CHANNEL_ORDER_NATIVE:
    case CHANNEL_ORDER_H5:
        answer->state = CHANNEL_ACCEPTED;
        answer->action_url = arena_printf(arena, "weixin://wxpay/bizpayurl?pr=%s", request->number);
        answer->action_expires_at = instant_add_seconds(now, 7200);
        return;
    case CHANNEL_DEBIT:
        if (dice_chance(dice, NO_MONEY_PERCENT)) {
            fail(answer, CHANNEL_FAILURE_NO_MONEY);
        } else {
            succeed(arena, dice, request, now, answer);
        }
        return;
    case CHANNEL_QUERY:
    case CHANNEL_REFUND:
    case CHANNEL_REFUND_QUERY:
        succeed(arena, dice, request, now, answer);
        return;
    case CHANNEL_BIND_START:
        answer->state = CHANNEL_ACCEPTED;
        answer->bind_ref = arena_printf(arena, "B%s", request->number);
        return;
    case CHANNEL_BIND_CONFIRM:
    case CHANNEL_BIND_QUERY:
        answer->protocol_no =
            arena_printf(arena, "12%018llu", (unsigned long long)(dice_next(dice) >> 8));
        answer->bank_code = "";
        return;
    case CHANNEL_CLOSE:
    case CHANNEL_UNBIND:
        return;
    }
}
