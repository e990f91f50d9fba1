/* source_words.c: names of methods and funding sources. See source_words.h. */
#include "service/source_words.h"

#include "base/check.h"

#include <string.h>

static const struct bank {
    const char *code, *zh, *en, *bins; /* first six digits of its debit cards, some */
} banks[] = {
    {"ICBC", "工商银行", "ICBC", "622202 622203 622208 621226 620058"},
    {"ABC", "农业银行", "Agricultural Bank", "622848 622845 621282 103000"},
    {"BOC", "中国银行", "Bank of China", "621660 621661 621785 456351 601382"},
    {"CCB", "建设银行", "China Construction Bank", "621700 622700 436742 621284"},
    {"BCOM", "交通银行", "Bank of Communications", "622260 622262 405512 601428"},
    {"CMB", "招商银行", "China Merchants Bank", "622580 622588 621483 621485 622609"},
    {"PSBC", "邮储银行", "Postal Savings Bank", "622188 621799 620062 621096"},
    {"CEB", "光大银行", "China Everbright Bank", "622660 622662 621490"},
    {"CIB", "兴业银行", "Industrial Bank", "622908 622909 438588"},
    {"CITIC", "中信银行", "China CITIC Bank", "622690 622691 433670 621771"},
    {"CMBC", "民生银行", "China Minsheng Bank", "622622 622615 621691 415599"},
    {"SPDB", "浦发银行", "SPD Bank", "622521 622522 621352 622518"},
    {"PAB", "平安银行", "Ping An Bank", "622155 622156 621626 622298"},
    {"HXB", "华夏银行", "Hua Xia Bank", "622630 622631 621222"},
    {"TEST", "测试银行", "Test Bank", ""}, /* the acquirer's test cards */
    {"GDB", "广发银行", "China Guangfa Bank", "622568 621462 520152"},
};

static const struct bank *find_bank(const char *code) {
    for (size_t i = 0; i < sizeof banks / sizeof banks[0]; i++)
        if (strcmp(banks[i].code, code) == 0)
            return &banks[i];
    return NULL;
}

struct words bank_words(const char *bank_code) {
    const struct bank *bank = find_bank(bank_code);
    return bank ? (struct words){bank->zh, bank->en} : (struct words){"银行", "Bank"};
}

const char *bank_of_card(const char *card_number) {
    char six[7];
    if (strlen(card_number) < 6)
        return "";
    memcpy(six, card_number, 6);
    six[6] = '\0';
    for (size_t i = 0; i < sizeof banks / sizeof banks[0]; i++)
        if (strstr(banks[i].bins, six))
            return banks[i].code;
    return "";
}

struct words source_words(struct arena *arena, const struct funding_source *source) {
    if (!source)
        return (struct words){"账户余额", "Credit balance"};
    struct words bank = bank_words(source->bank_code);
    return (struct words){
        arena_printf(arena, "%s储蓄卡 尾号%s", bank.zh, source->tail),
        arena_printf(arena, "%s debit card ending %s", bank.en, source->tail),
    };
}

struct words method_words(
    struct arena *arena, enum payment_method method, const struct funding_source *source) {
    switch (method) {
    case PAY_BY_BANK_CARD:
        return source ? source_words(arena, source) : (struct words){"银行卡", "Bank card"};
    case PAY_BY_WECHAT_NATIVE:
        return (struct words){"微信支付（扫码）", "WeChat Pay (scan)"};
    case PAY_BY_WECHAT_H5:
        return (struct words){"微信支付", "WeChat Pay"};
    case PAY_BY_CREDIT_BALANCE:
        return (struct words){"账户余额", "Credit balance"};
    case PAY_BY_NOTHING:
        return (struct words){"商户退款", "Refund by the shop"};
    }
    check(false);
    return (struct words){"", ""};
}
