/* payment_words.c: names and texts of payments. See payment_words.h. */
#include "service/payment_words.h"

#include "base/check.h"
#include "channel/channel.h"

#include <string.h>

const char *const payment_purpose_names[] = {
    "due", "overdue", "order", "all_orders", "amount", "settle", NULL};
const char *const payment_method_names[] = {
    "bank_card", "wechat_native", "wechat_h5", "credit_balance", NULL};
const char *const payment_entry_names[] = {"payment", "autopay", "refund", NULL};

const char *payment_state_name(enum payment_state state) {
    switch (state) {
    case PAYMENT_CREATED:
        return "created";
    case PAYMENT_SUBMITTED:
        return "submitted";
    case PAYMENT_SUCCEEDED:
        return "succeeded";
    case PAYMENT_FAILED:
        return "failed";
    case PAYMENT_UNKNOWN:
        return "unknown";
    case PAYMENT_CANCELLED:
        return "cancelled";
    }
    check(false);
    return "";
}

const char *payment_entry_name(enum payment_entry entry) {
    check(entry >= PAYMENT_ENTRY_PAYMENT && entry <= PAYMENT_ENTRY_REFUND);
    return payment_entry_names[entry - 1];
}

const char *payment_initiator_name(enum payment_initiator initiator) {
    switch (initiator) {
    case INITIATOR_CUSTOMER:
        return "customer";
    case INITIATOR_AUTOPAY:
        return "autopay";
    case INITIATOR_STAFF:
        return "staff";
    case INITIATOR_SHOP:
        return "shop";
    case INITIATOR_SYSTEM:
        return "system";
    }
    check(false);
    return "";
}

const char *payment_purpose_name(enum payment_purpose purpose) {
    check(purpose >= PURPOSE_DUE && purpose <= PURPOSE_SETTLE);
    return payment_purpose_names[purpose - 1];
}

const char *payment_method_name(enum payment_method method) {
    check(method >= PAY_BY_BANK_CARD && method <= PAY_BY_CREDIT_BALANCE);
    return payment_method_names[method - 1];
}

struct words payment_reason_words(const struct payment *payment) {
    if (payment->entry == PAYMENT_ENTRY_REFUND && payment->failure != CHANNEL_FAILURE_NONE)
        return (struct words){"支付渠道没有接受退回，钱已回到您的余额。",
            "The provider did not take the refund; the money is back in your credit balance."};
    enum channel_failure failure = (enum channel_failure)payment->failure;
    return (struct words){channel_failure_text_zh(failure), channel_failure_text_en(failure)};
}

struct words payment_next_words(const struct payment *payment) {
    switch ((enum channel_failure)payment->failure) {
    case CHANNEL_FAILURE_NONE:
        return (struct words){"", ""};
    case CHANNEL_FAILURE_NO_MONEY:
        return (struct words){"存入足够的钱后再试，或换一种方式还款。",
            "Put money on the card and try again, or pay another way."};
    case CHANNEL_FAILURE_CARD_DEAD:
    case CHANNEL_FAILURE_MANDATE_GONE:
    case CHANNEL_FAILURE_IDENTITY:
    case CHANNEL_FAILURE_UNSUPPORTED:
        return (struct words){"请重新绑定一张可用的银行卡，或用微信支付。",
            "Bind a working card, or use WeChat Pay."};
    case CHANNEL_FAILURE_LIMIT:
        return (struct words){
            "可以分几次还，或换一种方式还款。", "Pay in several parts, or pay another way."};
    case CHANNEL_FAILURE_GATEWAY:
    case CHANNEL_FAILURE_CUSTOMER_CANCELLED:
    case CHANNEL_FAILURE_EXPIRED:
    case CHANNEL_FAILURE_CODE_WRONG:
    case CHANNEL_FAILURE_CODE_EXPIRED:
        return (struct words){"可以现在再试一次。", "You can try again now."};
    case CHANNEL_FAILURE_REJECTED:
        return (struct words){
            "请联系发卡行，或换一种方式还款。", "Ask your bank, or pay another way."};
    }
    check(false);
    return (struct words){"", ""};
}

struct words payment_step_words(const struct payment *payment, const struct payment_step *step) {
    static const struct {
        const char *code, *zh, *en;
    } table[] = {
        {"created", "已提交还款请求", "Payment requested"},
        {"sent", "已发送给支付渠道", "Sent to the payment provider"},
        {"waiting", "等待您付款", "Waiting for you to pay"},
        {"unknown", "结果尚未确认，正在向渠道查询，不会重复扣款",
            "The result is not known yet; we are asking the provider and will not charge twice"},
        {"resent", "渠道没有收到，用同一单号重新发送",
            "The provider never received it; sent again under the same number"},
        {"cancel_requested", "您要求取消，正在关闭订单",
            "You asked to cancel; the order is being closed"},
        {"cancelled", "已取消，没有扣款", "Cancelled; nothing was taken"},
        {"succeeded", "付款成功，已入账", "Paid and booked"},
        {"given_back", "已原路退回", "Given back the way it came"},
        {"refunded", "商户已退款，分期计划已调整", "Refunded by the shop; the plan was adjusted"},
        {"late_money", "渠道后来到账，款项已转入您的余额",
            "The money arrived afterwards; it is in your credit balance"},
        {"wrong_amount", "渠道报告的金额不符，正在人工核对",
            "The provider names another amount; staff are checking"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].code, step->code) == 0)
            return (struct words){table[i].zh, table[i].en};
    return payment_reason_words(payment);
}
