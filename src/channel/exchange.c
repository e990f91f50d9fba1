/*
 * exchange.c: small parts that the protocols share, and the words for each class of failure.
 */
#include "channel/exchange.h"

#include "base/check.h"

#include <strings.h>

const char *header_value(const struct channel_header *headers, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(headers[i].name, name) == 0)
            return headers[i].value;
    return NULL;
}

void exchange_header(struct exchange *exchange, const char *name, const char *value) {
    check(exchange->header_count < EXCHANGE_HEADERS_MAX);
    exchange->headers[exchange->header_count++] = (struct channel_header){name, value};
}

struct channel_answer channel_answer_of(enum channel_state state) {
    return (struct channel_answer){
        .state = state,
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
}

struct channel_answer channel_answer_unknown(const char *code, const char *text) {
    struct channel_answer answer = channel_answer_of(CHANNEL_UNKNOWN);
    answer.provider_code = code;
    answer.provider_text = text;
    return answer;
}

struct channel_answer channel_answer_failed(
    enum channel_failure failure, const char *code, const char *text) {
    struct channel_answer answer = channel_answer_of(CHANNEL_FAILED);
    answer.failure = failure;
    answer.provider_code = code;
    answer.provider_text = text;
    answer.reason_zh = channel_failure_text_zh(failure);
    answer.reason_en = channel_failure_text_en(failure);
    return answer;
}

struct failure_words {
    const char *name, *zh, *en;
    const char *short_zh, *short_en; /* inside a sentence of somebody else's */
};

static const struct failure_words *words_of(enum channel_failure failure) {
    static const struct failure_words words[] = {
        [CHANNEL_FAILURE_NONE] = {"none", "", "", "", ""},
        [CHANNEL_FAILURE_NO_MONEY] = {"no_money", "银行卡余额不足，没有扣款。",
            "The card does not hold enough money; nothing was taken.", "银行卡余额不足",
            "not enough money on the card"},
        [CHANNEL_FAILURE_CARD_DEAD] = {"card_dead",
            "银行卡已挂失、注销、冻结或过期，没有扣款。请更换银行卡。",
            "The card is lost, closed, frozen or expired; nothing was taken. Please use another "
            "card.",
            "银行卡已挂失、注销、冻结或过期", "the card is lost, closed, frozen or expired"},
        [CHANNEL_FAILURE_LIMIT] = {"limit", "超过银行或支付渠道的限额，没有扣款。",
            "Over a limit of the bank or the payment provider; nothing was taken.",
            "超过银行或支付渠道的限额", "over a limit of the bank or the provider"},
        [CHANNEL_FAILURE_GATEWAY] = {"gateway", "支付渠道暂时不可用，没有扣款。请稍后再试。",
            "The payment provider is not available for the moment; nothing was taken. Try again "
            "later.",
            "支付渠道暂时不可用", "the payment provider is not available"},
        [CHANNEL_FAILURE_CUSTOMER_CANCELLED] = {"customer_cancelled",
            "您取消了这笔还款，没有扣款。", "You cancelled this payment; nothing was taken.",
            "您取消了这笔还款", "you cancelled it"},
        [CHANNEL_FAILURE_REJECTED] = {"rejected",
            "银行或支付渠道拒绝了这笔交易，没有扣款。请联系发卡行或更换还款方式。",
            "The bank or the payment provider refused; nothing was taken. Ask your bank or pay "
            "another way.",
            "银行或支付渠道拒绝了这笔交易", "the bank or the provider refused"},
        [CHANNEL_FAILURE_MANDATE_GONE] = {"mandate_gone",
            "这张卡的代扣授权已失效，没有扣款。请重新绑定银行卡。",
            "The mandate of this card has ended; nothing was taken. Please bind the card again.",
            "这张卡的代扣授权已失效", "the mandate of this card has ended"},
        [CHANNEL_FAILURE_EXPIRED] = {"expired", "没有在有效时间内付款，订单已关闭，没有扣款。",
            "It was not paid in time and was closed; nothing was taken.", "没有在有效时间内付款",
            "not paid in time"},
        [CHANNEL_FAILURE_IDENTITY] = {"identity", "姓名、身份证号或手机号与银行预留信息不符。",
            "Name, identity number or phone differ from what the bank has on record.",
            "姓名、身份证号或手机号与银行预留信息不符",
            "name, identity or phone differ from the bank's"},
        [CHANNEL_FAILURE_CODE_WRONG] = {"code_wrong", "短信验证码不正确。",
            "The SMS code is wrong.", "短信验证码不正确", "the SMS code is wrong"},
        [CHANNEL_FAILURE_CODE_EXPIRED] = {"code_expired", "短信验证码已失效，请重新获取。",
            "The SMS code has expired; ask for a new one.", "短信验证码已失效",
            "the SMS code has expired"},
        [CHANNEL_FAILURE_UNSUPPORTED] = {"unsupported", "暂不支持这家银行或这种卡。",
            "This bank or kind of card is not supported.", "暂不支持这家银行或这种卡",
            "this bank or card is not supported"},
    };
    check((size_t)failure < sizeof words / sizeof words[0] && words[failure].name);
    return &words[failure];
}

const char *channel_failure_name(enum channel_failure failure) {
    return words_of(failure)->name;
}
const char *channel_failure_text_zh(enum channel_failure failure) {
    return words_of(failure)->zh;
}
const char *channel_failure_text_en(enum channel_failure failure) {
    return words_of(failure)->en;
}
const char *channel_failure_short_zh(enum channel_failure failure) {
    return words_of(failure)->short_zh;
}
const char *channel_failure_short_en(enum channel_failure failure) {
    return words_of(failure)->short_en;
}
