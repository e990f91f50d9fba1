/* test_cards.c: the table of cards and banks. Exports what test_cards.h declares. */
#include "sandbox/test_cards.h"

#include <string.h>

#define RANGE "62999900"

static const struct test_card cards[] = {
    {.number = "6299990000000009",
        .behaviour = "0000",
        .meaning = "普通卡，余额充足 ordinary card, plenty of money",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000010008",
        .behaviour = "0001",
        .meaning = "余额不足 never enough money",
        .balance_fen = 0,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000020007",
        .behaviour = "0002",
        .meaning = "已冻结 frozen card",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "BF00237",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000030006",
        .behaviour = "0003",
        .meaning = "应答慢，5 秒 slow, five seconds",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = "",
        .pay_delay_ms = 5000},
    {.number = "6299990000040005",
        .behaviour = "0004",
        .meaning = "先处理中，3 秒后成功 unknown, success after 3 s",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "BF00115",
        .final_code = "0000"},
    {.number = "6299990000050004",
        .behaviour = "0005",
        .meaning = "先处理中，3 秒后失败 unknown, failure after 3 s",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "BF00113",
        .final_code = "BF00108"},
    {.number = "6299990000060003",
        .behaviour = "0006",
        .meaning = "单笔限额 500 元 at most 500 yuan at once",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = "",
        .single_limit_fen = 50000},
    {.number = "6299990000070002",
        .behaviour = "0007",
        .meaning = "卡已过期 expired card",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "BF00102",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000080001",
        .behaviour = "0008",
        .meaning = "绑卡失败：姓名有误 binding fails, wrong name",
        .balance_fen = 100000000,
        .bind_code = "BF00345",
        .pay_code = "",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000090000",
        .behaviour = "0009",
        .meaning = "余额只有 100 元 only 100 yuan",
        .balance_fen = 10000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000100007",
        .behaviour = "0010",
        .meaning = "已挂失 lost card",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "BF00141",
        .unknown_code = "",
        .final_code = ""},
    {.number = "6299990000110006",
        .behaviour = "0011",
        .meaning = "首次查询失败 unknown, first query FF, then success",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "BF00202",
        .final_code = "0000",
        .failed_queries = 1},
    {.number = "6299990000120005",
        .behaviour = "0012",
        .meaning = "单日限额 1000 元 at most 1000 yuan a day",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = "",
        .day_limit_fen = 100000},
    {.number = "6299990000130004",
        .behaviour = "0013",
        .meaning = "第一次余额不足，之后成功 no money once, then enough",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "",
        .unknown_code = "",
        .final_code = "",
        .refused_first = 1},
    {.number = "6299990000140003",
        .behaviour = "0014",
        .meaning = "用户已解约 agreement cancelled at the bank",
        .balance_fen = 100000000,
        .bind_code = "",
        .pay_code = "BF00134",
        .unknown_code = "",
        .final_code = ""},
};

static const struct bank banks[] = {
    {"622848", "ABC", "中国农业银行"},
    {"621700", "CCB", "中国建设银行"},
    {"622202", "ICBC", "中国工商银行"},
    {"621660", "BOC", "中国银行"},
    {"622588", "CMB", "招商银行"},
    {"622262", "BCOM", "交通银行"},
    {"621098", "PSBC", "中国邮政储蓄银行"},
    {"622690", "CITIC", "中信银行"},
    {"622155", "PAB", "平安银行"},
    {"629999", "TEST", "沙箱测试银行"},
};
static const struct bank other_bank = {"", "OTHER", "沙箱其他银行"};

const struct test_card *test_card_of(const char *number) {
    if (strlen(number) == 16 && strncmp(number, RANGE, strlen(RANGE)) == 0) {
        for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
            if (strncmp(number + strlen(RANGE), cards[i].behaviour, 4) == 0)
                return &cards[i];
        }
    }
    return &cards[0];
}

const struct test_card *test_card_at(size_t index) {
    return index < sizeof cards / sizeof cards[0] ? &cards[index] : NULL;
}

bool card_number_valid(const char *number) {
    size_t length = strlen(number);
    int sum = 0;
    if (length < 13 || length > 19 || strspn(number, "0123456789") != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        int digit = number[length - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit > 4 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

const struct bank *bank_of_card(const char *number) {
    for (size_t i = 0; i < sizeof banks / sizeof banks[0]; i++) {
        if (strncmp(number, banks[i].prefix, 6) == 0)
            return &banks[i];
    }
    return &other_bank;
}
