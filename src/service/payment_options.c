/* payment_options.c: what a payment could be made with. Exports what payment_options.h declares. */
#include "service/payment_options.h"

#include "store/credit_balance.h"

static struct words with_amount(
    struct arena *arena, const char *zh, const char *en, struct money amount) {
    char yuan[MONEY_TEXT_SIZE];
    money_to_yuan(amount, yuan);
    return (struct words){
        arena_printf(arena, "%s ¥%s", zh, yuan), arena_printf(arena, "%s ¥%s", en, yuan)};
}

static struct payment_option card_option(struct arena *arena, const struct funding_source *source,
    struct payment_rails rails, struct money amount) {
    struct payment_option option = {
        .method = PAY_BY_BANK_CARD,
        .funding_source_id = source->funding_source_id,
        .label = source_words(arena, source),
        .usable = true,
    };
    bool limited = money_is_positive(source->single_limit);
    if (limited)
        option.hint = with_amount(arena, "单笔限额", "At most, each time,", source->single_limit);
    if (!rails.card || source->mode != (int32_t)rails.mode)
        option.reason = (struct words){"银行卡渠道暂时不可用", "Cards cannot be charged just now"};
    else if (source->state != FUNDING_SOURCE_ACTIVE)
        option.reason = (struct words){"这张卡暂时不能扣款，请换一张或重新绑定",
            "This card cannot be charged; use another or bind it again"};
    else if (limited && money_compare(amount, source->single_limit) > 0)
        option.reason = (struct words){"超过单笔限额，可分次还款", "Above its limit; pay in parts"};
    option.usable = option.reason.zh == NULL;
    return option;
}

static struct payment_option wechat_option(
    enum payment_method method, struct arena *arena, struct payment_rails rails) {
    struct payment_option option = {
        .method = method, .label = method_words(arena, method, NULL), .usable = rails.wechat};
    if (!rails.wechat)
        option.reason =
            (struct words){"微信支付暂时不可用", "WeChat Pay is not available just now"};
    else if (method == PAY_BY_WECHAT_NATIVE)
        option.hint = (struct words){"用另一台手机扫码", "Scan with another phone"};
    return option;
}

static struct payment_option balance_option(
    struct arena *arena, struct money balance, struct money amount) {
    struct payment_option option = {
        .method = PAY_BY_CREDIT_BALANCE,
        .label = method_words(arena, PAY_BY_CREDIT_BALANCE, NULL),
        .hint = with_amount(arena, "余额", "Balance", balance),
        .usable = money_compare(balance, amount) >= 0 && money_is_positive(balance),
    };
    if (!option.usable)
        option.reason =
            money_is_zero(balance)
                ? (struct words){"没有余额", "There is nothing in it"}
                : (struct words){"余额不足，可先部分还款", "Not enough; pay a part first"};
    return option;
}

/* Moves the usable ones to the front, keeping the order otherwise. */
static void usable_first(struct payment_option *options, size_t count) {
    size_t front = 0;
    for (size_t i = 0; i < count; i++) {
        if (!options[i].usable)
            continue;
        struct payment_option option = options[i];
        for (size_t j = i; j > front; j--)
            options[j] = options[j - 1];
        options[front++] = option;
    }
}

enum status list_payment_options(struct tx *tx, int64_t customer_id, struct payment_rails rails,
    struct money amount, struct payment_option options[PAYMENT_OPTIONS_MAX], size_t *count) {
    struct arena *arena = tx_arena(tx);
    struct funding_source *sources;
    size_t source_count;
    *count = 0;
    enum status status = funding_source_list(tx, customer_id, &sources, &source_count);
    struct money balance = MONEY_ZERO;
    if (status == STATUS_OK)
        status = credit_balance_load(tx, customer_id, &balance);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < source_count && *count + 3 < PAYMENT_OPTIONS_MAX; i++)
        if (sources[i].state == FUNDING_SOURCE_ACTIVE ||
            sources[i].state == FUNDING_SOURCE_UNUSABLE)
            options[(*count)++] = card_option(arena, &sources[i], rails, amount);
    options[(*count)++] = wechat_option(PAY_BY_WECHAT_H5, arena, rails);
    options[(*count)++] = wechat_option(PAY_BY_WECHAT_NATIVE, arena, rails);
    options[(*count)++] = balance_option(arena, balance, amount);
    usable_first(options, *count);
    return STATUS_OK;
}
