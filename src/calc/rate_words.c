/* rate_words.c: rates with their labels. Exports what rate_words.h declares. */
#include "calc/rate_words.h"

#include "base/check.h"

#include <string.h>

const char *const rate_label_names[RATE_LABEL_COUNT] = {"irr_nominal", "irr_effective", "simple",
    "european_aprc", "regulation_z_apr", "irr", "irr_nominal_a_year", "irr_effective_a_year",
    "xirr"};

static const struct {
    const char *zh;
    const char *en;
} words[RATE_LABEL_COUNT] = {
    {"年化利率（单利：月内部收益率 × 12）", "annual rate: monthly internal rate of return × 12"},
    {"年化利率（复利：月内部收益率按 12 个月复利）",
        "effective annual rate: monthly internal rate of return compounded"},
    {"年化成本（成本 ÷ 各期占用本金之和 × 12）",
        "cost over the sum of the balances in use × 12 months"},
    {"年化综合成本（欧盟指令，按实际日期）", "APRC of the European directives, by actual days"},
    {"年化利率（Regulation Z 精算法，按实际日期）",
        "APR of Regulation Z, actuarial method, by actual days"},
    {"每期内部收益率", "internal rate of return of one period"},
    {"每期内部收益率 × 一年的期数", "internal rate of return × periods a year"},
    {"每期内部收益率按一年的期数复利", "internal rate of return compounded over a year"},
    {"内部收益率（天数 ÷ 365，复利）", "internal rate of return, days / 365, compounded"},
};

enum { DECIMAL_TEXT_SIZE = 32 };

/* digits / 10^decimals without zeros at its end. */
static void decimal_text(int64_t digits, int32_t decimals, char text[DECIMAL_TEXT_SIZE]) {
    char *end = text + DECIMAL_TEXT_SIZE - 1;
    char *at = end;
    uint64_t rest = digits < 0 ? (uint64_t)0 - (uint64_t)digits : (uint64_t)digits;
    *at = '\0';
    bool written = false;
    for (int32_t i = 0; i < decimals; i++, rest /= 10) {
        written = written || rest % 10 != 0;
        if (written)
            *--at = (char)('0' + rest % 10);
    }
    if (written)
        *--at = '.';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (digits < 0)
        *--at = '-';
    memmove(text, at, (size_t)(end - at) + 1);
}

void write_decimal(struct json *json, const char *name, struct real value, int32_t decimals) {
    char text[DECIMAL_TEXT_SIZE];
    int64_t digits;
    if (!real_to_decimal(value, decimals, ROUND_HALF_UP, &digits)) {
        json_null(json, name);
        return;
    }
    decimal_text(digits, decimals, text);
    json_string(json, name, text);
}

static void write_percent(struct json *json, struct real value) {
    char text[DECIMAL_TEXT_SIZE + 1];
    int64_t digits;
    if (!real_to_decimal(value, 9, ROUND_HALF_UP, &digits)) {
        json_null(json, "percent");
        return;
    }
    decimal_text(digits, 7, text);
    size_t length = strlen(text);
    text[length] = '%';
    json_string_n(json, "percent", text, length + 1);
}

void write_labelled_rate(struct json *json, enum rate_label label, bool found, struct real value) {
    check((unsigned)label < RATE_LABEL_COUNT);
    json_open(json, NULL, '{');
    json_string(json, "rate", rate_label_names[label]);
    json_string(json, "zh", words[label].zh);
    json_string(json, "en", words[label].en);
    if (found) {
        write_percent(json, value);
        write_decimal(json, "decimal", value, 15);
    } else {
        json_null(json, "percent");
        json_null(json, "decimal");
    }
    json_close(json);
}
